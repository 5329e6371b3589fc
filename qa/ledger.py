"""What the index has and what it still has to do, kept in the library's file."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable

from qa.chunk import context
from vectorstore.types import Chunk, Span


class Ledger:
    """The bookkeeping between the library, which is the truth, and the index, which follows."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def behind(self) -> bool:
        """Whether the index has anything left to take in or forget, or has to be made anew."""
        query = "SELECT EXISTS (SELECT 1 FROM chunks WHERE indexed = 0) OR EXISTS (SELECT 1 FROM stale)"
        (open_ends,) = self._connection.execute(query).fetchone()
        return bool(open_ends) or self.rebuilding()

    def rebuilding(self) -> bool:
        """Whether a rebuild was ordered and has not yet emptied the index."""
        return self._connection.execute("SELECT 1 FROM facts WHERE name = 'rebuilding'").fetchone() is not None

    def order_rebuild(self) -> None:
        """Notes, inside ``Library.writing()``, that the index must be emptied and made anew, by whoever writes next."""
        self._connection.execute("INSERT OR REPLACE INTO facts VALUES ('rebuilding', 1)")

    def emptied(self) -> None:
        """Notes, inside ``Library.writing()``, that it was."""
        self._connection.execute("DELETE FROM facts WHERE name = 'rebuilding'")

    def waiting(self, limit: int) -> list[Chunk]:
        """The first ``limit`` chunks whose vectors the index may not have yet."""
        query = (
            "SELECT c.id, c.mark, c.start, c.end, v.title, v.published, t.text FROM chunks c "
            "JOIN versions v ON v.key = c.version_key JOIN texts t ON t.sha256 = v.sha256 "
            "WHERE c.indexed = 0 ORDER BY c.id LIMIT ?"
        )
        return [
            Chunk(f"{row}-{tag}", Span(start, end), text[start:end], context(title, published))
            for row, tag, start, end, title, published, text in self._connection.execute(query, [limit])
        ]

    def stale(self) -> list[str]:
        """Ids that the index may still have and must forget."""
        return [id for (id,) in self._connection.execute("SELECT id FROM stale")]

    def written(self) -> bool:
        """Whether any chunk's vector was ever written."""
        return self._connection.execute("SELECT 1 FROM chunks WHERE indexed = 1 LIMIT 1").fetchone() is not None

    def lost(self) -> None:
        """Notes, inside ``Library.writing()``, that the index is no longer there: every chunk waits again."""
        self._connection.execute("UPDATE chunks SET indexed = 0")
        self._connection.execute("DELETE FROM stale")

    def disagree(self, *, missing: Collection[str], extra: Collection[str]) -> None:
        """Notes, inside ``Library.writing()``, what the index was found not to have, and what to have too much."""
        rows = [[int(id.partition("-")[0])] for id in missing]
        self._connection.executemany("UPDATE chunks SET indexed = 0 WHERE id = ?", rows)
        self._connection.executemany("INSERT OR IGNORE INTO stale VALUES (?)", [[id] for id in extra])

    def expected(self) -> set[str]:
        """Every id that the index has once nothing is waiting."""
        return {id for (id,) in self._connection.execute("SELECT id || '-' || mark FROM chunks")}

    def done(self, added: Iterable[str], removed: Iterable[str]) -> None:
        """Notes, inside ``Library.writing()``, what the index has taken in and forgotten."""
        rows = [[int(id.partition("-")[0])] for id in added]
        self._connection.executemany("UPDATE chunks SET indexed = 1 WHERE id = ?", rows)
        self._connection.executemany("DELETE FROM stale WHERE id = ?", [[id] for id in removed])
