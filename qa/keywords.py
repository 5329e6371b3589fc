"""Words in the library: which chunks hold them, how common they are, and which chunks a filter lets through."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate

from qa.errors import UsageError
from qa.text import words

STOP = frozenset(
    "a an the this that these those and or but nor if of in on at to for from by with without as into about between over after "
    "before during is are was were be been being am do does did done has have had having will would shall should can could may "
    "might must not no i me my we us our you your he him his she her it its they them their who whom whose which what when where "
    "why how than then so such there here also too very just any some all more most other s t d ll re ve".split()
)
"""Words that say nothing of what a question is about."""
_QUERY_WORDS = 12
_READ_WORDS = 300
"""Words of a question that are looked up at most: one may be as long as a file."""
ROWS = 20_000
"""Matches that a search without a filter scores, a microsecond each; where there are more, the commonest words are left out."""


@dataclass(frozen=True, slots=True)
class Filters:
    """Which articles may answer. Dates are ISO 8601 days, both inclusive; names match anywhere, whatever their case."""

    since: str | None = None
    until: str | None = None
    source: str | None = None
    author: str | None = None

    def __bool__(self) -> bool:
        return any((self.since, self.until, self.source, self.author))

    def told(self) -> str:
        """The filters as they are written on the command line."""
        given = {"--since": self.since, "--until": self.until, "--source": self.source, "--author": self.author}
        return " ".join(f"{flag} {value}" for flag, value in given.items() if value)


EVERYTHING = Filters()
"""No filter at all; a selection of it still leaves out what is no longer current, which has no chunks."""


def narrowed(since: str | None = None, until: str | None = None, source: str | None = None, author: str | None = None) -> Filters:
    """The filters as a person writes them; a date may be a year, a month or a day. Raises UsageError for what is no date."""
    return Filters(_day(since, "--since"), _day(until, "--until"), source, author)


def _day(given: str | None, flag: str) -> str | None:
    """``2023``, ``2023-04`` or ``2023-04-05`` as the first day that it means, or for ``--until`` the last."""
    if given is None:
        return None
    try:
        first = date.fromisoformat({4: f"{given}-01-01", 7: f"{given}-01"}.get(len(given), given)).isoformat()
    except ValueError:
        raise UsageError(
            f"{flag} {given!r} is not a date", f"write it as 2023-04-05, 2023-04 or 2023: {flag} 2023-04-05"
        ) from None
    last = {4: f"{given}-12-31", 7: f"{given}-31"}.get(len(given), first)
    return first if flag == "--since" else last


class Selection:
    """The chunks that pass some filters: the ``vectorstore.types.Filter`` of this library."""

    def __init__(self, connection: sqlite3.Connection, filters: Filters) -> None:
        """Nothing is read until it is asked. An article without a date passes no date filter."""
        self._connection = connection
        connection.create_function("folded", 1, lambda text: (text or "").casefold(), deterministic=True)
        tests = {
            "substr(v.published, 1, 10) >= ?": filters.since,
            "substr(v.published, 1, 10) <= ?": filters.until,
            "instr(folded(v.source), ?) > 0": filters.source and filters.source.casefold(),
            "instr(folded(v.author), ?) > 0": filters.author and filters.author.casefold(),
        }
        used = {test: value for test, value in tests.items() if value}
        self.values = list(used.values())
        passing = f"SELECT v.key FROM articles a JOIN versions v ON v.key = a.current WHERE {' AND '.join(used)}"
        self.sql = f"version_key IN ({passing})" if used else "1"  # only current versions have chunks

    def count(self) -> int:
        """How many chunks pass."""
        (number,) = self._connection.execute(f"SELECT count(*) FROM chunks WHERE {self.sql}", self.values).fetchone()
        return int(number)

    def ids(self) -> list[str]:
        """The ids of all that pass."""
        return [id for (id,) in self._connection.execute(f"SELECT id || '-' || mark FROM chunks WHERE {self.sql}", self.values)]

    def keep(self, ids: Collection[str]) -> set[str]:
        """Those of ``ids`` that pass; ids of old versions and of removed articles never do."""
        rows = ", ".join(str(int(id.partition("-")[0])) for id in ids)
        query = f"SELECT id || '-' || mark FROM chunks WHERE id IN ({rows}) AND {self.sql}"
        return {id for (id,) in self._connection.execute(query, self.values)} & set(ids)


class Keywords:
    """The FTS5 index: Porter stems, accents dropped; the title counts as words of each chunk."""

    def __init__(self, connection: sqlite3.Connection, rows: int = ROWS) -> None:
        """``rows`` matches are scored in a search without a filter, or those of the rarest word where it alone has more."""
        self._connection = connection
        self._rows = rows
        self._frequencies: dict[str, int] = {}
        self._generation = -1

    def search(self, question: str, k: int, selection: Selection | None = None) -> list[tuple[str, float]]:
        """Up to ``k`` chunk ids with their BM25 score, best (highest) first."""
        match = self._match(question, None if selection else self._rows)
        if not match:
            return []
        where = f"AND +rowid IN (SELECT id FROM chunks WHERE {selection.sql})" if selection else ""
        query = (
            "SELECT c.id || '-' || c.mark, score FROM (SELECT rowid AS row, -bm25(keywords, 0.5, 1.0) AS score FROM keywords "
            f"WHERE keywords MATCH ? {where} ORDER BY score DESC LIMIT ?) JOIN chunks c ON c.id = row ORDER BY score DESC"
        )
        return list(self._connection.execute(query, [match, *(selection.values if selection else []), k]))

    def _match(self, question: str, most: int | None) -> str:
        """The rarest content words of the question, any of which may match; all its words where it has no content words.

        Beyond the rarest, words are taken as long as all their chunks together are at most ``most``.
        """
        asked = list(dict.fromkeys(words(question)))[:_READ_WORDS]
        content = [word for word in asked if word not in STOP] or asked
        counts = dict(zip(content, self.document_frequency(content), strict=True))
        known = sorted((word for word in content if counts[word]), key=counts.__getitem__)
        rows = accumulate(counts[word] for word in known[:_QUERY_WORDS])
        return " OR ".join(
            f'"{word}"' for at, (word, sum) in enumerate(zip(known, rows, strict=False)) if most is None or not at or sum <= most
        )

    def document_frequency(self, asked: Sequence[str]) -> list[int]:
        """In how many chunks each word, or one of its inflections, stands."""
        (generation,) = self._connection.execute("SELECT value FROM facts WHERE name = 'generation'").fetchone()
        if generation != self._generation:
            self._frequencies, self._generation = {}, generation
        query = "SELECT count(*) FROM keywords WHERE keywords MATCH ?"
        for word in set(asked) - self._frequencies.keys():
            quoted = word.replace('"', "").replace("\0", "")
            (number,) = self._connection.execute(query, [f'"{quoted}"']).fetchone() if quoted else (0,)
            self._frequencies[word] = number
        return [self._frequencies[word] for word in asked]

    def chunk_count(self) -> int:
        """How many chunks there are."""
        (number,) = self._connection.execute("SELECT count(*) FROM chunks").fetchone()
        return int(number)
