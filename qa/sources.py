"""Where articles were read from, to be read again, and what the web's servers said of their pages."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from qa.ingest.types import Entry, Seen
from qa.types import Document

_KEPT = ("origin", "title", "source", "url", "author", "published", "updated", "language", "section", "credit")


@dataclass(frozen=True, slots=True)
class Source:
    """A file, a folder or an address that was added."""

    name: str
    """The absolute path, or the address."""
    checked: str
    """When it was last read: ISO 8601, UTC."""
    status: str
    """``read``, or why it could not be."""


class Sources:
    """The two tables of the library's file, and the memory of ``qa.ingest.web``."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def all(self) -> list[Source]:
        """Every source, by name."""
        rows = self._connection.execute("SELECT name, checked, status FROM sources ORDER BY name")
        return [Source(*row) for row in rows]

    def keep(self, sources: Iterable[Source], learned: Mapping[str, Seen]) -> None:
        """Notes, inside ``Library.writing()``, how sources were found and what is to be remembered of addresses."""
        self._connection.executemany(
            "INSERT OR REPLACE INTO sources VALUES (?, ?, ?)", [(one.name, one.checked, one.status) for one in sources]
        )
        self._connection.executemany(
            "INSERT OR REPLACE INTO fetched VALUES (?, ?, ?, ?, ?)",
            [(url, seen.origin, seen.etag, seen.modified, _written(seen.entries)) for url, seen in learned.items()],
        )

    def restore(self, source: Source) -> int:
        """Notes, inside ``Library.writing()``, a source of another library: 1 where it was not remembered here, else 0."""
        values = [source.name, source.checked, source.status]
        return self._connection.execute("INSERT OR IGNORE INTO sources VALUES (?, ?, ?)", values).rowcount

    def seen(self, url: str) -> Seen | None:
        """What is remembered of ``url``; nothing where its article was removed since."""
        query = "SELECT origin, etag, modified, entries FROM fetched WHERE url = ?"
        row = self._connection.execute(query, [url]).fetchone()
        if row is None or (row[3] is None and not self.has(row[0])):
            return None
        origin, etag, modified, entries = row
        return Seen(origin, etag, modified, None if entries is None else tuple(map(_read, json.loads(entries))))

    def has(self, origin: str) -> bool:
        """Whether there is an article from there."""
        return article_at(self._connection, origin) is not None


def article_at(connection: sqlite3.Connection, origin: str) -> str | None:
    """The id of the article that was read from ``origin``, where it has no id of its own maker's."""
    row = connection.execute("SELECT id FROM articles WHERE identity = ?", [f"at:{origin}"]).fetchone()
    return None if row is None else str(row[0])


def _written(entries: tuple[Entry, ...] | None) -> str | None:
    if entries is None:
        return None
    rows = [(one.link, one.whole, one.stamp, *(getattr(one.told, name) for name in _KEPT)) for one in entries]
    return json.dumps(rows, ensure_ascii=False)


def _read(row: Sequence[Any]) -> Entry:
    link, whole, stamp, *told = row
    return Entry(Document(text="", **dict(zip(_KEPT, told, strict=True))), link, whole, stamp)
