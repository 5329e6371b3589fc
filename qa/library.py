"""The truth: one SQLite file with the articles, every version of their text, sentences, chunks and keywords.

The vector index is a cache of it. ``stale`` and ``indexed`` say how far the cache has followed, so that whoever writes next
can finish what a killed process began.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from qa.chunk import Count, chunks, context, mark
from qa.errors import NothingThere, UsageError
from qa.files import private
from qa.removed import Removed
from qa.rows import HEADER, TOLD, article_of, damaged, identity_of, packed, sha256_of, told_by, unpacked
from qa.schema import connect
from qa.shingles import Shingles
from qa.text import sentences
from qa.types import Article, Document
from vectorstore.types import Span

FILE = "library.sqlite3"
_TOLD = ", ".join(f"v.{name}" for name in TOLD)
_CURRENT = "articles a JOIN versions v ON v.key = a.current"
_BYTES = "CAST(coalesce(t.text, '') AS BLOB) FROM versions v LEFT JOIN texts t ON t.sha256 = v.sha256"
"""What an article that is removed had, whatever became of it: a damaged or lost text must not keep it here."""
_ID_LIMIT = 200


class Library:
    """Articles and their versions. One instance a thread; several processes may share a file."""

    def __init__(self, home: Path, *, create: bool = False, tell: Callable[[str], None] = lambda _: None) -> None:
        """Opens the library in the folder ``home``; without ``create`` a missing one is empty and makes no file, and one that
        may not be written to is read as it stands. ``tell`` is given what was done to a file from before.

        Raises ConfigError for a schema that this program cannot use, sqlite3.DatabaseError for a damaged file, and without
        ``create`` NothingThere for one that is gone while its index is still there.
        """
        self.path = home / FILE
        with private():
            if create:
                home.mkdir(parents=True, exist_ok=True)
            self.connection = connect(self.path, create=create, tell=tell)

    def forget(self) -> None:
        """After a removal, outside ``writing()``: takes the words themselves out of the file and its log."""
        self.connection.execute("INSERT INTO keywords (keywords) VALUES ('optimize')")
        self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Lets go of the file."""
        self.connection.close()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One transaction: all of the block or nothing of it. Readers learn of it by ``generation``."""
        self.connection.execute("BEGIN IMMEDIATE")
        with ExitStack() as undone:
            undone.callback(self.connection.execute, "ROLLBACK")
            yield
            self.connection.execute("UPDATE facts SET value = value + 1 WHERE name = 'generation'")
            undone.pop_all()
        self.connection.execute("COMMIT")

    def generation(self) -> int:
        """Grows with each write, by whichever process."""
        (value,) = self.connection.execute("SELECT value FROM facts WHERE name = 'generation'").fetchone()
        return int(value)

    # Articles

    def count(self) -> int:
        """How many articles there are."""
        (number,) = self.connection.execute("SELECT count(*) FROM articles").fetchone()
        return int(number)

    def headers(self) -> list[tuple[Article, int]]:
        """Every current article without its text, and its length in code points; newest first, undated ones last."""
        order = "ORDER BY v.published IS NULL, v.published DESC, v.key DESC"
        rows = self.connection.execute(f"SELECT {HEADER}, v.chars FROM {_CURRENT} {order}")
        return [(article_of(row[:-1], ""), row[-1]) for row in rows]

    def article(self, id: str, version: int | None = None) -> Article:
        """An article with its text, its current version or the one asked for. ``id`` may be a unique beginning, or an origin.

        Raises NothingThere, also where the text is lost.
        """
        found = self.resolve(id)
        which = "v.key = a.current" if version is None else "v.article_id = a.id AND v.version = ?"
        tables = f"articles a JOIN versions v ON {which} JOIN texts t ON t.sha256 = v.sha256"
        values = [found] if version is None else [version, found]
        row = self.connection.execute(f"SELECT {HEADER}, t.text FROM {tables} WHERE a.id = ?", values).fetchone()
        if row is None:
            what = f"article {found} has no version {version}" if version else f"the text of article {found} is lost"
            raise NothingThere(what, f"see: qa show {found} --versions, and qa doctor")
        return article_of(row[:-1], row[-1])

    def resolve(self, id: str) -> str:
        """The whole id of an article, whatever became of its text, as for ``article``. Raises NothingThere."""
        exact = self.connection.execute("SELECT id FROM articles WHERE id = ?", [id]).fetchone()
        if exact:
            return str(exact[0])
        queries = (
            (f"SELECT a.id FROM {_CURRENT} WHERE v.origin IN (?, ?) OR v.url = ? LIMIT 2", [id, os.path.realpath(id), id]),
            ("SELECT id FROM articles WHERE substr(id, 1, length(?)) = ? AND ? != '' LIMIT 2", [id, id, id]),
        )
        for query, values in queries:
            rows = self.connection.execute(query, values).fetchall()
            if len(rows) == 1:
                return str(rows[0][0])
            if rows:
                raise NothingThere(f"several articles match {id!r}", "give the whole id; qa list shows them")
        raise NothingThere(f"there is no article {id!r}", "qa list shows the articles there are")

    def sentences(self, article: Article) -> list[Span]:
        """The sentences of that version, in order."""
        query = "SELECT sentences FROM versions WHERE article_id = ? AND version = ?"
        (blob,) = self.connection.execute(query, [article.id, article.version]).fetchone()
        return unpacked(blob)

    def places(self, ids: Collection[str]) -> dict[str, tuple[Article, Span]]:
        """For each chunk id that is current: its article with the whole text, one object an article, and the chunk's place."""
        rows = ", ".join(str(int(id.partition("-")[0])) for id in ids)
        query = (
            f"SELECT c.id || '-' || c.mark, c.start, c.end, v.key, {HEADER} "
            f"FROM chunks c JOIN versions v ON v.key = c.version_key JOIN texts t ON t.sha256 = v.sha256 WHERE c.id IN ({rows})"
        )
        found: dict[str, tuple[Article, Span]] = {}
        articles: dict[int, Article] = {}
        for id, start, end, key, *meta in self.connection.execute(query).fetchall():
            if key not in articles:
                (text,) = self.connection.execute("SELECT text FROM texts WHERE sha256 = ?", [meta[2]]).fetchone()
                articles[key] = article_of(meta, text)
            found[id] = articles[key], Span(start, end)
        return {id: found[id] for id in ids if id in found}

    # Writing

    def unchanged(self, document: Document) -> str | None:
        """The article's id where the library already has this document as it is."""
        query = f"SELECT v.article_id, v.sha256, {_TOLD} FROM {_CURRENT} WHERE a.identity = ?"
        row = self.connection.execute(query, [identity_of(document)]).fetchone()
        return row[0] if row and row[1] == sha256_of(document.text) and tuple(row[2:]) == told_by(document) else None

    def put(self, document: Document, count: Count) -> tuple[str, str]:
        """Takes in an article, inside ``writing()``: its id, and ``added``, ``updated`` or ``unchanged``.

        ``count`` measures tokens for the chunks; an unchanged article never calls it. Raises UsageError for an id or a text
        that no file could hold.
        """
        digest = sha256_of(document.text)
        identity = identity_of(document)
        row = self.connection.execute("SELECT id, current FROM articles WHERE identity = ?", [identity]).fetchone()
        if row is None:
            id = document.id if document.id is not None else self._mint(document)
            self._check_id(id)
            if self.connection.execute("SELECT 1 FROM articles WHERE id = ?", [id]).fetchone():
                raise UsageError(f"the id {id!r} is taken by an article read without an id", f"qa remove {id}, then add again")
            self.connection.execute("INSERT INTO articles VALUES (?, ?, 0)", [id, identity])
            Removed(self.connection).back(identity)
            self._new_version(id, 1, document, digest, count)
            return id, "added"
        return row[0], self._change(row[0], row[1], document, digest, count)

    def _change(self, id: str, key: int, document: Document, digest: str, count: Count) -> str:
        meta = told_by(document)
        query = f"SELECT v.version, v.sha256, {_TOLD} FROM versions v WHERE v.key = ?"
        version, sha256, *old = self.connection.execute(query, [key]).fetchone()
        if sha256 != digest:
            self._drop_chunks(key)
            self._new_version(id, version + 1, document, digest, count)
            return "updated"
        if tuple(old) == meta:
            return "unchanged"
        before = dict(zip(TOLD, old, strict=True))
        recut = (before["title"], before["published"]) != (document.title, document.published)
        if recut:
            self._drop_chunks(key)
        change = ", ".join(f"{name} = ?" for name in TOLD)
        self.connection.execute(f"UPDATE versions SET {change} WHERE key = ?", [*meta, key])
        if recut:
            blob = self.connection.execute("SELECT sentences FROM versions WHERE key = ?", [key]).fetchone()[0]
            self._add_chunks(key, id, document, unpacked(blob), count)
        return "updated"

    def restore(self, id: str, identity: str, versions: Sequence[tuple[Document, str]], have: int, count: Count) -> None:
        """Takes in the versions of an article that come after the first ``have``, which are here, inside ``writing()``.

        Each stands with the moment it was added. Raises UsageError for an id that no article can have.
        """
        self._check_id(id)
        self.connection.execute("INSERT OR IGNORE INTO articles VALUES (?, ?, 0)", [id, identity])
        Removed(self.connection).back(identity)
        for (key,) in self.connection.execute("SELECT current FROM articles WHERE id = ? AND current > 0", [id]).fetchall():
            self._drop_chunks(key)
        for number, (document, moment) in enumerate(versions[have:], have + 1):
            last = number == len(versions)
            self._new_version(id, number, document, sha256_of(document.text), count, moment, current=last)

    def _check_id(self, id: str) -> None:
        if not id or len(id) > _ID_LIMIT or not id.isprintable():
            raise UsageError(f"an article's id must be 1 to {_ID_LIMIT} printable characters", "give it another id")

    def _new_version(
        self, id: str, version: int, document: Document, digest: str, count: Count, moment: str = "", *, current: bool = True
    ) -> None:
        spans = sentences(document.text)
        self.connection.execute("INSERT OR REPLACE INTO texts VALUES (?, ?)", [digest, document.text])
        moment = moment or datetime.now(UTC).isoformat(timespec="seconds")
        row = [id, version, digest, len(document.text), moment, packed(spans), *told_by(document)]
        columns = ", ".join(("article_id", "version", "sha256", "chars", "added", "sentences", *TOLD))
        marks = ", ".join("?" * len(row))
        added = self.connection.execute(f"INSERT INTO versions ({columns}) VALUES ({marks})", row)
        self.connection.execute("UPDATE articles SET current = ? WHERE id = ?", [added.lastrowid, id])
        if current:
            self._add_chunks(added.lastrowid or 0, id, document, spans, count)
        Shingles(self.connection).fill(added.lastrowid or 0, document.text)

    def _add_chunks(self, key: int, id: str, document: Document, spans: Sequence[Span], count: Count) -> None:
        line = context(document.title, document.published)
        for span in chunks(document.text, spans, line, count):
            words = span.of(document.text)
            values = [key, span.start, span.end, mark(id, line, words)]
            row = self.connection.execute("INSERT INTO chunks VALUES (NULL, ?, ?, ?, ?, 0)", values).lastrowid
            self.connection.execute("INSERT INTO keywords (rowid, title, body) VALUES (?, ?, ?)", [row, document.title, words])

    def _drop_chunks(self, key: int) -> None:
        query = f"SELECT v.title, {_BYTES} WHERE v.key = ?"
        title, raw = self.connection.execute(query, [key]).fetchone()
        text = raw.decode(errors="replace")
        rows = self.connection.execute("SELECT id, mark, start, end FROM chunks WHERE version_key = ?", [key]).fetchall()
        for row, tag, start, end in rows:
            values = [row, title, text[start:end]]
            self.connection.execute("INSERT INTO keywords (keywords, rowid, title, body) VALUES ('delete', ?, ?, ?)", values)
            self.connection.execute("INSERT OR IGNORE INTO stale VALUES (?)", [f"{row}-{tag}"])
        self.connection.execute("DELETE FROM chunks WHERE version_key = ?", [key])

    def remove(self, id: str) -> str:
        """Forgets an article, its versions and the answers that quote it, inside ``writing()``; gives its whole id.

        Raises NothingThere.
        """
        found = self.resolve(id)
        keys = self.connection.execute(f"SELECT v.key, v.sha256, {_BYTES} WHERE v.article_id = ?", [found]).fetchall()
        for key, _, raw in keys:
            self._drop_chunks(key)
            Shingles(self.connection).drop(key, raw.decode(errors="replace"))
        self.connection.execute("DELETE FROM articles WHERE id = ?", [found])
        self.connection.execute("DELETE FROM versions WHERE article_id = ?", [found])
        Removed(self.connection).forget_answers(found)
        for _, digest, _ in keys:
            unused = "DELETE FROM texts WHERE sha256 = ? AND NOT EXISTS (SELECT 1 FROM versions v WHERE v.sha256 = texts.sha256)"
            self.connection.execute(unused, [digest])
        return found

    def recut(self, count: Count) -> list[str]:
        """Makes sentences, chunks, keywords and shingles of every article anew from its text, inside ``writing()``.

        Versions whose text is lost or is not what its sha256 says are left out; gives the ids of articles that have such a one.
        """
        self.connection.execute("INSERT INTO keywords (keywords) VALUES ('delete-all')")
        self.connection.execute("DELETE FROM chunks")
        self.connection.execute("DELETE FROM stale")
        torn = damaged(self.connection)
        for (key,) in self.connection.execute("SELECT current FROM articles").fetchall():
            if key not in torn:
                self.cut(key, count)
        every = self.connection.execute("SELECT v.key, CAST(t.text AS BLOB) FROM versions v JOIN texts t USING (sha256)")
        Shingles(self.connection).refill((key, raw.decode()) for key, raw in every if key not in torn)
        return list(dict.fromkeys(torn.values()))

    def cut(self, key: int, count: Count) -> None:
        """Makes sentences of a version, and the chunks and keywords that it does not have, anew, inside ``writing()``."""
        query = f"SELECT {HEADER}, t.text FROM versions v JOIN texts t ON t.sha256 = v.sha256 WHERE v.key = ?"
        *row, text = self.connection.execute(query, [key]).fetchone()
        article = article_of(row, text)
        spans = sentences(text)
        self.connection.execute("UPDATE versions SET sentences = ? WHERE key = ?", [packed(spans), key])
        document = Document(text, article.origin, title=article.title, published=article.published)
        self._add_chunks(key, article.id, document, spans, count)

    def _mint(self, document: Document) -> str:
        """A short id that a person can type: words of the origin's name or the title, and a few digits of the origin's hash."""
        name = re.sub(r"[?#].*", "", document.origin).rstrip("/").rpartition("/")[2].rpartition("\\")[2]
        words = re.sub(r"\.\w{1,8}$", "", name) if "#" not in document.origin else document.title
        slug = "-".join(re.findall(r"[a-z0-9]+", words.casefold()))[:40].strip("-") or "article"
        digest = hashlib.sha256(document.origin.encode()).hexdigest()
        for length in range(6, len(digest)):
            id = f"{slug}-{digest[:length]}"
            if not self.connection.execute("SELECT 1 FROM articles WHERE id = ?", [id]).fetchone():
                return id
        raise UsageError(f"no free id for {document.origin}", "give it an id")
