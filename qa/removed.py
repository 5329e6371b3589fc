"""What a removal takes along beside the article, and what is remembered of it: just so much that a refresh can leave it out."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable

from qa.rows import identity_of
from qa.types import Document

_QUOTING = """
    DELETE FROM asked WHERE CASE WHEN json_valid(record)
    THEN EXISTS (SELECT 1 FROM json_tree(record, '$.citations') WHERE key = 'article_id' AND atom = :id)
    ELSE instr(record, :written) END
"""


class Removed:
    """Articles that somebody took out by name, each as a digest of what identified it; written inside ``Library.writing()``."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def forget_answers(self, id: str) -> None:
        """Takes out the entries of the log that cite an article, and those that are no JSON and have its id as JSON writes it."""
        self._connection.execute(_QUOTING, {"id": id, "written": json.dumps(id, ensure_ascii=False)})

    def remember(self, ids: Iterable[str]) -> None:
        """Notes that these articles, which are still there, are not to come back by themselves."""
        for id in ids:
            (identity,) = self._connection.execute("SELECT identity FROM articles WHERE id = ?", [id]).fetchone()
            self._connection.execute("INSERT OR IGNORE INTO removed VALUES (?)", [_digest(identity)])

    def back(self, identity: str) -> None:
        """Notes that an article was taken in again."""
        self._connection.execute("DELETE FROM removed WHERE identity = ?", [_digest(identity)])

    def has(self, document: Document) -> bool:
        """Whether this article was removed, and has not been taken in since."""
        query = "SELECT 1 FROM removed WHERE identity = ?"
        return self._connection.execute(query, [_digest(identity_of(document))]).fetchone() is not None


def _digest(identity: str) -> str:
    return hashlib.sha256(identity.encode(errors="replace")).hexdigest()
