"""Which articles are copies under one origin, kept in the library's file.

Whether two articles overlap is a matter of their texts; a group is an origin with all that overlap it. So groups follow from the
articles alone, in whatever order they came and went, up to a bound: each is compared with the ``_CLOSEST`` that share the most
with it, and runs of words that stand in ``shingles.COMMON`` versions and more are passed over. Of very many copies of one text
some may be missed, then, and which ones depends on what was there when they came; ``Origins.refill`` compares all of them anew.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

from qa.agencies import agency
from qa.copies import LEAST, RELATED, SHORTEST, Print, overlap
from qa.shingles import Shingles

_CURRENT = (
    "SELECT a.id, v.key, v.sha256, v.chars, v.source, v.url, v.credit, v.origin, v.published, first.added FROM versions v "
    "JOIN articles a ON a.id = v.article_id AND a.current = v.key "
    "JOIN versions first ON first.article_id = a.id AND first.version = 1 WHERE "
)
_MARGIN = 0.6
"""What is shared of the hashes that are kept is an estimate; of the overlap that is needed it may fall short by so much."""
_CLOSEST = 64
"""How many articles one is compared with at most, those that share the most first."""
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Member:
    """One article of a group."""

    article_id: str
    origin: str
    """The id of the article that the others are copies of; the origin's own is itself."""
    share: float
    """Of the shorter text's runs of three words, how many the origin and this one share; 1 for the origin."""
    why: str
    """Why it is the origin, or a copy of it, in a few words."""


@dataclass(frozen=True, slots=True)
class _Told:
    """What is looked at of an article beside its words."""

    id: str
    key: int
    sha256: str
    chars: int
    source: str | None
    url: str | None
    credit: str | None
    origin: str
    published: str | None
    added: str

    def credits(self, other: _Told) -> bool:
        """Whether it says that it came from the other's outlet."""
        return bool(self.credit and other.source) and _plain(self.credit) == _plain(other.source)

    @property
    def elsewhere(self) -> bool:
        """Whether it says itself that it stood elsewhere first: by a credit, or a page by its canonical address."""
        return bool(self.credit) or ("://" in self.origin and self.url is not None and self.url != self.origin)


class Origins:
    """The groups of a library's articles; written inside ``Library.writing()`` only."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def group(self, article_id: str) -> list[Member]:
        """The group of an article, the origin first, then the closest copy; empty where it has none. Lost texts are left out."""
        query = (
            "SELECT o.article_id, o.origin, o.share, o.why FROM origins mine JOIN origins o ON o.origin = mine.origin "
            "JOIN articles a ON a.id = o.article_id JOIN versions v ON v.key = a.current JOIN texts t ON t.sha256 = v.sha256 "
            "WHERE mine.article_id = ? ORDER BY o.article_id != o.origin, o.share DESC, o.article_id"
        )
        return [Member(*row) for row in self._connection.execute(query, [article_id])]

    def of_chunks(self, ids: Iterable[str]) -> dict[str, str]:
        """For each of these chunks whose article is in a group: the origin."""
        query = (
            "SELECT c.id || '-' || c.mark, o.origin FROM chunks c JOIN versions v ON v.key = c.version_key "
            "JOIN origins o ON o.article_id = v.article_id WHERE c.id IN"
        )
        return dict(self._by_some(query, [int(id.partition("-")[0]) for id in ids]))

    def follow(self, changed: Iterable[str]) -> None:
        """Brings the groups up to articles that were added, changed or removed."""
        ids = list(dict.fromkeys(changed))
        text = self._reader()
        touched = set(ids)
        for id in ids:
            before = self._neighbours(id)
            touched |= before
            pairs = [pair for other in before for pair in ((id, other), (other, id))]
            self._connection.executemany("DELETE FROM overlaps WHERE one = ? AND other = ?", pairs)
        told = self._told(ids)
        for id in ids:
            if id in told:
                rows = [(id, other, share, why) for other, share, why in self._overlapping(told[id], text)]
                both = [*rows, *((other, one, share, why) for one, other, share, why in rows)]
                self._connection.executemany("INSERT OR REPLACE INTO overlaps VALUES (?, ?, ?, ?)", both)
                touched |= {other for _, other, _, _ in rows}
        self._regroup(touched)

    def refill(self) -> None:
        """Makes all of it anew; the shingles must be there."""
        self._connection.execute("DELETE FROM overlaps")
        self._connection.execute("DELETE FROM origins")
        self.follow(id for (id,) in self._connection.execute("SELECT id FROM articles").fetchall())
        self._connection.execute("INSERT OR REPLACE INTO facts VALUES ('compared', 1)")

    def _reader(self) -> Callable[[int], Print]:
        """The text of a version as it is compared, each read once; one that is lost or damaged is like none."""

        @cache
        def read(key: int) -> Print:
            query = "SELECT CAST(t.text AS BLOB) FROM versions v JOIN texts t ON t.sha256 = v.sha256 WHERE v.key = ?"
            (raw,) = self._connection.execute(query, [key]).fetchone() or (b"",)
            return Print(raw.decode(errors="replace"))

        return read

    def _overlapping(self, one: _Told, text: Callable[[int], Print]) -> Iterator[tuple[str, float, str]]:
        """The articles that overlap with this one, by how much, and why they count as copies."""
        mine = text(one.key)
        for other in self._candidates(one, mine):
            theirs = text(other.key)
            share = overlap(mine, theirs)
            why = ["same text"] if mine.words == theirs.words else []
            why += ["same address"] if one.url and one.url == other.url else []
            why += ["credit"] if one.credits(other) or other.credits(one) else []
            if share >= (RELATED if why else LEAST):
                yield other.id, share, ", ".join(why) or "overlap"

    def _candidates(self, one: _Told, mine: Print) -> list[_Told]:
        """Articles that may overlap: those of the same text, and those that share enough of the hashes that are kept."""
        shared, telling = Shingles(self._connection).sharing(mine.words)
        equal = self._connection.execute("SELECT key FROM versions WHERE sha256 = ?", [one.sha256])
        same = {key for (key,) in equal}
        enough = RELATED * _MARGIN * SHORTEST * telling
        keys = [key for key, count in shared.items() if count >= enough] if telling else []
        found = [_Told(*row) for row in self._by_some(f"{_CURRENT}v.key IN", {*keys, *same})]
        fitting = [
            other
            for other in found
            if other.id != one.id
            and (other.key in same or shared[other.key] >= RELATED * _MARGIN * telling * min(1.0, other.chars / one.chars))
        ]
        return sorted(fitting, key=lambda other: (-shared[other.key], other.id))[:_CLOSEST]

    def _regroup(self, touched: Collection[str]) -> None:
        """Groups anew all that hang together with the articles named: the likeliest origin takes what overlaps it, and so on."""
        near: dict[str, dict[str, tuple[float, str]]] = {}
        waiting = list(touched)
        while waiting:
            if (id := waiting.pop()) not in near:
                query = "SELECT other, share, why FROM overlaps WHERE one = ?"
                near[id] = {other: (share, why) for other, share, why in self._connection.execute(query, [id])}
                waiting += near[id]
        self._connection.executemany("DELETE FROM origins WHERE article_id = ?", [[id] for id in near])
        for members in _grouped(self._told([id for id in near if near[id]]), near):
            rows = [(one.article_id, one.origin, one.share, one.why) for one in members]
            self._connection.executemany("INSERT INTO origins VALUES (?, ?, ?, ?)", rows)

    def _neighbours(self, id: str) -> set[str]:
        return {other for (other,) in self._connection.execute("SELECT other FROM overlaps WHERE one = ?", [id])}

    def _told(self, ids: Collection[str]) -> dict[str, _Told]:
        return {row[0]: _Told(*row) for row in self._by_some(f"{_CURRENT}a.id IN", ids)}

    def _by_some(self, query: str, values: Collection[object]) -> Iterator[tuple]:  # type: ignore[type-arg]
        """The rows of a query that ends in ``IN``, for many values."""
        every = list(values)
        for start in range(0, len(every), _AT_ONCE):
            some = every[start : start + _AT_ONCE]
            yield from self._connection.execute(f"{query} ({', '.join('?' * len(some))})", some).fetchall()


def _grouped(told: dict[str, _Told], near: dict[str, dict[str, tuple[float, str]]]) -> Iterator[list[Member]]:
    """The groups of two and more among articles that hang together."""
    credited = {id: any(told[other].credits(told[id]) for other in near[id]) for id in told}

    def standing(id: str) -> tuple[bool, bool, str, str, str]:
        one = told[id]
        return not credited[id], one.elsewhere, _moment(one.published), one.added, id

    left = sorted(told, key=standing)
    while left:
        first, *rest = left
        copies = [id for id in rest if id in near[first]]
        left = [id for id in rest if id not in near[first]]
        if copies:
            yield [Member(first, first, 1.0, _why(standing(first), standing(copies[0])))] + [
                Member(id, first, *near[first][id]) for id in copies
            ]


def _why(first: tuple[bool, bool, str, str, str], second: tuple[bool, bool, str, str, str]) -> str:
    """Why the first stands before the second."""
    reasons = ("credited by a copy", "the others name another place", "published first", "read first", "no older one is known")
    return next(reason for reason, mine, other in zip(reasons, first, second, strict=True) if mine != other)


def _moment(published: str | None) -> str:
    """A date or time that sorts as time does; unknown ones last, a day before its hours."""
    if published is None:
        return "~"
    try:
        moment = datetime.fromisoformat(published)
    except ValueError:
        return published
    return moment.astimezone(UTC).isoformat() if moment.tzinfo else published


def _plain(name: str | None) -> str:
    """An outlet's name as it is compared: an agency by its usual one."""
    return " ".join((agency(name or "") or name or "").casefold().split())


def agreed(connection: sqlite3.Connection) -> list[str]:
    """What does not hold of the groups, in words; empty where all does."""
    wrong = []
    if connection.execute("SELECT 1 FROM facts WHERE name = 'compared'").fetchone() is None:
        wrong.append("articles were not yet compared with each other")
    for table, column in (("overlaps", "one"), ("overlaps", "other"), ("origins", "article_id"), ("origins", "origin")):
        query = f"SELECT count(*) FROM {table} WHERE {column} NOT IN (SELECT id FROM articles)"
        (lost,) = connection.execute(query).fetchone()
        wrong += [f"{lost} rows of {table} name an article that is not there"] if lost else []
    alone = (
        "SELECT count(*) FROM origins o WHERE (o.article_id != o.origin AND NOT EXISTS "
        "(SELECT 1 FROM overlaps e WHERE e.one = o.article_id AND e.other = o.origin AND e.share = o.share))"
    )
    loose = (
        "SELECT count(DISTINCT one) FROM overlaps WHERE one NOT IN (SELECT article_id FROM origins) "
        "AND other NOT IN (SELECT article_id FROM origins)"
    )
    for query, said in ((alone, "articles are in a group that they do not overlap"), (loose, "copies are in no group")):
        (count,) = connection.execute(query).fetchone()
        wrong += [f"{count} {said}"] if count else []
    return wrong
