"""Which versions of which articles may hold a run of words: an index of hashed runs of three words, in the library's file.

Not every run is kept: of each four neighbouring ones the smallest hash is (winnowing: Schleimer, Wilkerson and Aiken, SIGMOD
2003), so that any six words in a row that an article has share one with it. In scripts without blanks every run of three
letters is kept.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from zlib import crc32

from qa.errors import ConfigError
from qa.match import UNSPACED_LETTER, plain_words

LENGTH = 3
"""Words of a shingle."""
WINDOW = 4
"""Neighbouring shingles of which the smallest is kept."""
COMMON = 256
"""A shingle that stands in so many versions tells nothing; no more of them are read."""


def hashes(run: Sequence[str]) -> list[int]:
    """The hash of each three neighbouring words, in order; 32 bits, the same on every machine."""
    words = [word.encode("utf-8", "surrogatepass") for word in run]
    return [crc32(b"\x1f".join(shingle)) for shingle in zip(*(words[at:] for at in range(LENGTH)), strict=False)]


def kept(run: Sequence[str]) -> set[int]:
    """The hashes that are kept of a whole text's words."""
    every = hashes(run)
    if not every:
        return set()
    dense = {hash for hash, word in zip(every, run, strict=False) if not word.isascii() and UNSPACED_LETTER.match(word)}
    return dense | (set(map(min, *(every[at:] for at in range(WINDOW)))) or {min(every)})


class Shingles:
    """The index over every version of every article; written inside ``Library.writing()`` only."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def fill(self, version: int, text: str) -> None:
        """Takes in the text of the version with that key."""
        rows = [(hash, version) for hash in sorted(kept(plain_words(text)))]
        self._connection.executemany("INSERT OR IGNORE INTO shingles VALUES (?, ?)", rows)

    def drop(self, version: int, text: str) -> None:
        """Forgets it again."""
        rows = [(hash, version) for hash in kept(plain_words(text))]
        self._connection.executemany("DELETE FROM shingles WHERE hash = ? AND version = ?", rows)

    def held(self, version: int, text: str) -> tuple[int, int]:
        """How many entries a version with that text should have, and how many of them are there."""
        wanted = kept(plain_words(text))
        query = "SELECT count(*) FROM json_each(?) j JOIN shingles s ON s.hash = j.value AND s.version = ?"
        (there,) = self._connection.execute(query, [json.dumps(list(wanted)), version]).fetchone()
        return len(wanted), int(there)

    def refill(self, versions: Iterable[tuple[int, str]]) -> None:
        """Makes all of it anew from keys and texts."""
        self._connection.execute("DELETE FROM shingles")
        for key, text in versions:
            self.fill(key, text)
        self._connection.execute("INSERT OR REPLACE INTO facts VALUES ('shingled', 1)")

    def there(self) -> bool:
        """Whether it was made; a library that was filled before there was such an index has none."""
        return self._connection.execute("SELECT 1 FROM facts WHERE name = 'shingled'").fetchone() is not None

    def need(self) -> None:
        """Raises ConfigError where the library was filled before there was this index."""
        if not self.there():
            raise ConfigError("this library has no index of quotations yet", "qa rebuild makes it")

    def candidates(self, run: Sequence[str], limit: int) -> list[int]:
        """Keys of the versions that share the most of the runs of three words, at most ``limit`` of them.

        Beyond the limit come all that may hold the whole run: each has every run that is kept of it whatever stands around.
        """
        kept_of_it = kept(run) if len(run) >= LENGTH + WINDOW - 1 else set()
        shared: Counter[int] = Counter()
        rarity: dict[int, float] = defaultdict(float)
        common = []
        for hash in dict.fromkeys(hashes(run)):
            found = self._having([hash])
            if len(found) == COMMON:
                common += [hash] if hash in kept_of_it else []
                continue
            for version in found:
                shared[version] += hash in kept_of_it
                rarity[version] += 1 / len(found)
        whole = len(kept_of_it) - len(common)
        ranked = sorted(rarity, key=lambda version: (-shared[version], -rarity[version], -version))
        first = [version for version in ranked if shared[version] == whole] if whole else self._having(common)
        return list(dict.fromkeys([*first, *ranked[:limit]]))

    def sharing(self, run: Sequence[str]) -> tuple[Counter[int], int]:
        """How many of the hashes kept of a whole text's words each version has, itself too, and how many of them are rare enough
        to tell anything."""
        shared: Counter[int] = Counter()
        telling = 0
        for hash in kept(run):
            found = self._having([hash])
            if len(found) < COMMON:
                telling += 1
                shared.update(found)
        return shared, telling

    def _having(self, all_of: Sequence[int]) -> list[int]:
        """Up to COMMON versions that have all of some shingles."""
        query = " INTERSECT ".join(["SELECT version FROM shingles WHERE hash = ?"] * len(all_of))
        rows = self._connection.execute(f"{query} LIMIT {COMMON}", all_of) if all_of else []
        return [version for (version,) in rows]
