"""How well articles are taken out of web pages: python bench/pages.py DATA.

DATA is a folder with gold.jsonl (``id``, ``url``, ``text``, ``html``: the name of its page in the folder html, gzipped or not;
optional ``published``). Text is measured as the Article Extraction Benchmark (Scrapinghub) does it: runs of four words as bags,
precision and recall of each page, their means over the pages, and the F1 of the means; beside it the same of single words. Where
no date is given, the day in a page's address is the gold one, and the reader does not get to see it there. Trafilatura as it
comes is measured beside.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from io import BytesIO
from pathlib import Path

import trafilatura

from qa.ingest.types import Place, Unreadable
from qa.ingest.webpage import read
from qa.types import Document

FIELDS = ("title", "author", "source", "url", "published", "updated", "language", "section", "credit")
MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
DAY = re.compile(rf"/(20\d\d)[/-]?(0[1-9]|1[0-2]|{'|'.join(MONTHS)})[/-]?([0-2]\d|3[01])(?=[/-])")


def extracted(content: bytes) -> Document:
    """What the product makes of a page; an empty article where it finds none."""
    try:
        (found,) = read(BytesIO(content), Place("page", len(content)))
    except Unreadable:
        return Document("", "page")
    assert isinstance(found, Document)
    return found


def as_it_comes(content: bytes) -> Document:
    """What trafilatura makes of it with its own settings."""
    found = trafilatura.bare_extraction(content, include_comments=False, with_metadata=True)
    told = found.as_dict() if found else {}
    day = (told.get("date") or "")[:10] or None
    fields = {name: told.get(name) for name in ("author", "url", "language")}
    return Document(
        told.get("text") or "", "page", title=told.get("title") or "", source=told.get("sitename"), published=day, **fields
    )


def overlap(found: str, gold: str, run: int) -> tuple[float, float]:
    """Precision and recall of the runs of ``run`` words, as bags."""
    one, two = (
        Counter(zip(*(words[at:] for at in range(run)), strict=False))
        for words in (re.findall(r"\w+", text) for text in (found, gold))
    )
    both = (one & two).total()
    return (both / one.total() if one else float(not two)), (both / two.total() if two else 1.0)


def f1(pairs: list[tuple[float, float]]) -> float:
    """Of the means of precision and recall."""
    precision, recall = (sum(column) / len(pairs) for column in zip(*pairs, strict=True))
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def rows(data: Path) -> Iterator[tuple[dict[str, str], bytes]]:
    """Each page's gold and its bytes."""
    for line in (data / "gold.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        content = (data / "html" / Path(row["html"]).name).read_bytes()
        yield row, gzip.decompress(content) if row["html"].endswith(".gz") else content


def day_of(row: dict[str, str]) -> str | None:
    """The day of publication, as given or as the page's address has it."""
    found = DAY.search(row["url"])
    if row.get("published") or found is None:
        return row.get("published")
    year, month, day = found.groups()
    number = MONTHS.index(month) + 1 if month in MONTHS else int(month)
    return f"{year}-{number:02}-{day}"


def judged(published: str | None, gold: str | None) -> str:
    """``right``; ``zone``: the day before or after, which another time zone makes of it; ``wrong``, ``none``, ``no gold``."""
    if gold is None or not published:
        return "no gold" if gold is None else "none"
    days = abs((date.fromisoformat(published[:10]) - date.fromisoformat(gold[:10])).days)
    return "right" if days == 0 else "zone" if days == 1 and len(published) > 10 else "wrong"


def without_address(content: bytes, row: dict[str, str]) -> bytes:
    """The page with the day of its own address cut out of it, so that no reader takes the date from there."""
    found = DAY.search(row["url"])
    return content.replace(found.group().encode(), b"/") if found else content


def measured(name: str, reader: Callable[[bytes], Document], data: Path, show: bool) -> None:
    """Prints what one reader makes of all pages."""
    runs: dict[int, list[tuple[float, float]]] = {4: [], 1: []}
    dates: Counter[str] = Counter()
    filled: Counter[str] = Counter()
    began = time.process_time()
    for row, content in rows(data):
        found = reader(without_address(content, row))
        for run, pairs in runs.items():
            pairs.append(overlap(found.text, row["text"], run))
        verdict = judged(found.published, gold := day_of(row))
        dates[verdict] += 1
        filled.update(field for field in FIELDS if getattr(found, field))
        if show:
            told = {field: getattr(found, field) for field in FIELDS if getattr(found, field)}
            text = "{:.2f} {:.2f}".format(*runs[4][-1])
            print(row["id"], text, "date", verdict, gold or "", json.dumps(told, ensure_ascii=False))
    taken = (time.process_time() - began) / len(runs[4])
    print(f"{name}: text F1 {f1(runs[4]):.4f} (runs of four words), {f1(runs[1]):.4f} (words); {taken * 1000:.0f} ms a page")
    print(f"  dates {dict(dates)}; stated on pages: {', '.join(f'{field} {filled[field]}' for field in FIELDS)}")


def main() -> None:
    """Both readers."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("data", type=Path)
    parser.add_argument("--show", action="store_true", help="also each page")
    options = parser.parse_args()
    measured("groundwire", extracted, options.data, options.show)
    measured("trafilatura", as_it_comes, options.data, False)


if __name__ == "__main__":
    main()
