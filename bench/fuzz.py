"""Throws changed files at every reader: whatever the bytes, articles or a reason must come out, within five seconds.

python bench/fuzz.py --number 10000 --readers .pdf .zip --save FOLDER

Seeds are small files of every kind, made by hand. Each input is one of them with bytes flipped, cut, repeated, set to extremes,
or spliced with another seed; members of ZIP files and text inside packed streams are changed before they are packed, too.
Anything but an article, a Skipped or an Unreadable is a crash: it is saved and told, and the exit code is 1.
"""

from __future__ import annotations

import argparse
import gzip
import io
import random
import signal
import sys
import time
import traceback
import warnings
import zipfile
from collections import Counter
from pathlib import Path
from pkgutil import resolve_name
from types import FrameType

sys.path.insert(0, str(Path(__file__).parent.parent))

from qa.ingest import BY_SUFFIX
from qa.ingest.types import Place, Skipped, Unreadable
from tests.unit.test_ingest_anything import SEEDS

SECONDS = 5
LIMIT = 1_000_000
TOKENS = (
    b"\0" * 4,
    b"\xff" * 4,
    b"\x7f\xff\xff\xff",
    b"-1",
    b"99999999999",
    b"<",
    b">",
    b"&a;",
    b'"',
    b"\r\n",
    b"\n\n",
    b"%s",
    b"../",
    b"[" * 50,
)


class TooSlow(BaseException):
    """Raised by the alarm; no reader catches it."""


def changed(seed: bytes, dice: random.Random, others: list[bytes]) -> bytes:
    """``seed`` with up to eight changes."""
    if dice.random() < 0.4:
        seed = _inside(seed, dice, others)
    content = bytearray(seed)
    for _ in range(dice.randint(0, 8)):
        at = dice.randrange(len(content) + 1)
        kind = dice.randrange(6)
        if kind == 0 and content:
            content[at % len(content)] ^= 1 << dice.randrange(8)
        elif kind == 1:
            del content[at : at + dice.randint(1, 40)]
        elif kind == 2:
            content[at:at] = content[at : at + dice.randint(1, 60)] * dice.randint(1, 30)
        elif kind == 3:
            content[at : at + dice.randint(0, 6)] = dice.choice(TOKENS)
        elif kind == 4:
            other = dice.choice(others)
            start = dice.randrange(len(other))
            content[at:at] = other[start : start + dice.randint(1, 200)]
        else:
            content[at : at + 4] = dice.randbytes(4)
    return bytes(content[:LIMIT])


def _inside(seed: bytes, dice: random.Random, others: list[bytes]) -> bytes:
    """The same container with changed contents: what is behind a checksum is reached no other way."""
    if seed.startswith(b"\x1f\x8b"):
        return gzip.compress(changed(gzip.decompress(seed), dice, others), 1)
    if not seed.startswith(b"PK"):
        return seed
    box = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(seed)) as old,
        zipfile.ZipFile(box, "w", zipfile.ZIP_DEFLATED) as new,
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")
        for info in old.infolist():
            content = old.read(info)
            new.writestr(info.filename, changed(content, dice, others) if dice.random() < 0.5 else content)
    return box.getvalue()


def outcome(suffix: str, content: bytes) -> str:
    """What came out: ``article``, ``skipped`` or ``unreadable``. Raises what else the reader does, TooSlow after five seconds."""
    place = Place("fuzz", LIMIT, "fuzz", len(content), readers=BY_SUFFIX)
    found = "nothing"
    signal.alarm(SECONDS)
    try:
        for item in resolve_name(BY_SUFFIX[suffix])(io.BytesIO(content), place):
            found = "skipped" if isinstance(item, Skipped) else "article"
            if isinstance(item, Skipped):
                assert item.reason
            else:
                assert item.text.strip()
                item.text.encode()
    except Unreadable:
        found = "unreadable"
    finally:
        signal.alarm(0)
    return found


def _alarm(_number: int, _frame: FrameType | None) -> None:
    raise TooSlow


def main() -> int:
    """Runs what was asked for; 1 where anything crashed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--number", type=int, default=10_000, help="inputs in all")
    parser.add_argument("--seconds", type=float, default=float("inf"), help="stop after this long")
    parser.add_argument("--readers", nargs="*", default=sorted(SEEDS), help="suffixes")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--save", type=Path, default=Path("fuzz-crashes"))
    asked = parser.parse_args()
    signal.signal(signal.SIGALRM, _alarm)
    for suffix in asked.readers:  # imports are not part of anybody's five seconds
        list(resolve_name(BY_SUFFIX[suffix])(io.BytesIO(SEEDS[suffix]), Place("fuzz", LIMIT, "fuzz", readers=BY_SUFFIX)))
    others, counts, slowest, began = list(SEEDS.values()), Counter[tuple[str, str]](), 0.0, time.monotonic()
    crashes: Counter[str] = Counter()
    for number in range(asked.number):
        if time.monotonic() - began > asked.seconds:
            break
        suffix = asked.readers[number % len(asked.readers)]
        content = changed(SEEDS[suffix], random.Random(f"{asked.seed}:{number}"), others)
        start = time.monotonic()
        try:
            counts[suffix, outcome(suffix, content)] += 1
        except (Exception, TooSlow) as error:  # noqa: BLE001 - a crash of any kind is what is looked for
            counts[suffix, "CRASH"] += 1
            where = traceback.extract_tb(error.__traceback__)[-1]
            key = f"{suffix} {type(error).__name__} {error} ({where.filename.rpartition('/')[2]}:{where.lineno})"
            crashes[key] += 1
            if crashes[key] == 1:
                asked.save.mkdir(parents=True, exist_ok=True)
                (asked.save / f"{asked.seed}-{number}{suffix}").write_bytes(content)
                print(f"crash in {number}: {key}", flush=True)
        slowest = max(slowest, time.monotonic() - start)
    columns = ("article", "skipped", "unreadable", "nothing", "CRASH")
    print(f"{'':9}" + "".join(f"{name:>12}" for name in columns))
    for suffix in asked.readers:
        print(f"{suffix:9}" + "".join(f"{counts[suffix, name]:>12,}" for name in columns))
    print(f"{counts.total():,} inputs in {time.monotonic() - began:.0f} s, slowest {slowest:.2f} s, {crashes.total()} crashes")
    return 1 if crashes else 0


if __name__ == "__main__":
    sys.exit(main())
