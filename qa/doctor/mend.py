"""What can be made whole again is: from the texts, which are the truth, and no more of it than is torn."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from qa.doctor import place, tables
from qa.doctor.reread import Reread, restored
from qa.doctor.survey import Survey, surveyed
from qa.doctor.types import numbered
from qa.errors import QAError
from qa.intake import Desk
from qa.ledger import Ledger
from qa.library import FILE, Library
from qa.origins import Origins, agreed
from qa.rows import packed
from qa.shingles import Shingles
from qa.text import sentences
from vectorstore.interface import Unknown, Unreachable, VectorStoreError


def mend(opened: Callable[[], Desk], index_ids: Callable[[], list[str]], home: Path, reread: Reread = lambda _: ()) -> list[str]:
    """Mends library, index and home folder under the write lock, and tells what was done.

    What cannot be mended is left as it is: a text that is not its sha256 and that ``reread`` does not find again, a version that
    is missing, a database that is no longer one. Raises QAError where somebody else keeps the lock, and what writing raises.
    """
    if not (home / FILE).exists():
        return []
    try:
        desk = opened()
    except (sqlite3.Error, OSError, QAError):
        return []  # the check that follows says what is wrong and what to do
    with desk.lock():
        done = [*place.mended(home), *_database(desk.library)]
        if integrity(desk.library.connection) == "ok":
            done += [*_library(desk, reread), *_index(desk, index_ids)]
    return done


def _database(library: Library) -> list[str]:
    """SQLite's own indexes are made from its tables, and can be made again."""
    if integrity(library.connection) == "ok":
        return []
    with suppress(sqlite3.DatabaseError):
        library.connection.execute("REINDEX")
    return ["the database's own indexes made anew"] if integrity(library.connection) == "ok" else []


def integrity(connection: sqlite3.Connection) -> str:
    """SQLite's verdict, ``ok`` or the first thing that is wrong."""
    try:
        (verdict,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
    except sqlite3.DatabaseError as error:
        return str(error)
    return str(verdict)


def _library(desk: Desk, reread: Reread) -> list[str]:
    library, connection = desk.library, desk.library.connection
    sound = tables.searchable(connection)
    with library.writing():
        done = tables.mended(connection)
        found = surveyed(connection)
        if again := restored(connection, found.texts, reread):
            done += again
            found = surveyed(connection)
        done += _lengths(connection, found)
        done += _sentences(connection, found)
        done += _chunks(desk, found, sound=sound)
        done += _shingles(connection, found)
        done += _origins(connection, found)
    return done


def _text(connection: sqlite3.Connection, key: int) -> str:
    query = "SELECT t.text FROM versions v JOIN texts t ON t.sha256 = v.sha256 WHERE v.key = ?"
    return str(connection.execute(query, [key]).fetchone()[0])


def _lengths(connection: sqlite3.Connection, found: Survey) -> list[str]:
    for key in found.chars:
        connection.execute("UPDATE versions SET chars = ? WHERE key = ?", [len(_text(connection, key)), key])
    return numbered({"lengths set right": len(found.chars)})


def _sentences(connection: sqlite3.Connection, found: Survey) -> list[str]:
    for key in found.sentences:
        spans = packed(sentences(_text(connection, key)))
        connection.execute("UPDATE versions SET sentences = ? WHERE key = ?", [spans, key])
    return numbered({"sentences made anew, of versions": len(found.sentences)})


def _chunks(desk: Desk, found: Survey, *, sound: bool) -> list[str]:
    """Chunks of the articles where they are torn; keywords of all where any are: their index cannot be mended in part."""
    connection = desk.library.connection
    torn = found.chunks
    if sound and not torn and not tables.unpaired(connection):
        return []
    for key in torn:
        connection.execute("INSERT OR IGNORE INTO stale SELECT id || '-' || mark FROM chunks WHERE version_key = ?", [key])
        connection.execute("DELETE FROM chunks WHERE version_key = ?", [key])
    _keywords(connection)
    for key in torn:
        desk.library.cut(key, desk.count)
    return [*numbered({"chunks made anew, of articles": len(torn)}), "keywords made anew"]


def _keywords(connection: sqlite3.Connection) -> None:
    connection.execute("INSERT INTO keywords (keywords) VALUES ('delete-all')")
    current = "articles a JOIN versions v ON v.key = a.current JOIN texts t USING (sha256)"
    query = f"SELECT v.key, v.title, CAST(t.text AS BLOB) FROM {current}"
    for key, title, raw in connection.execute(query):
        text = raw.decode(errors="replace")
        places = connection.execute("SELECT id, start, end FROM chunks WHERE version_key = ?", [key]).fetchall()
        rows = [(id, title, text[start:end]) for id, start, end in places]
        connection.executemany("INSERT INTO keywords (rowid, title, body) VALUES (?, ?, ?)", rows)


def _shingles(connection: sqlite3.Connection, found: Survey) -> list[str]:
    """Those that a few versions lack; all of them where some are too many, or only a sample of the versions was looked at."""
    index = Shingles(connection)
    if tables.shingles(connection, found).ok:
        return []
    if found.shingles and found.compared == found.versions and index.there():
        lacking, found.shingles = found.shingles, {}
        for key in lacking:
            index.fill(key, _text(connection, key))
        if tables.shingles(connection, found).ok:
            return numbered({"word runs made anew, of versions": len(lacking)})
    every = connection.execute("SELECT v.key, CAST(t.text AS BLOB) FROM versions v JOIN texts t USING (sha256)")
    index.refill((key, raw.decode()) for key, raw in every if key not in found.texts)
    return ["word runs made anew, of every version"]


def _origins(connection: sqlite3.Connection, found: Survey) -> list[str]:
    """Who is whose copy, compared anew: which takes whole texts."""
    if found.texts or not agreed(connection):
        return []
    Origins(connection).refill()
    return ["articles compared with each other anew"]


def _index(desk: Desk, index_ids: Callable[[], list[str]]) -> list[str]:
    """Embeds what the index lacks and forgets what it has too much; one that cannot be read is made anew from the chunks."""
    library, ledger = desk.library, Ledger(desk.library.connection)
    anew = ledger.rebuilding()
    if not ledger.expected() and not ledger.behind():
        return []
    try:
        there = set(index_ids())
    except (QAError, Unknown, Unreachable):
        return []  # a setting or somebody's server: nothing here can mend it, and the check says so
    except VectorStoreError:
        desk.index().clear()
        there, anew = set(), True
    expected = ledger.expected()
    with library.writing():
        ledger.disagree(missing=expected - there, extra=there - expected)
    waiting, stale = len(expected - there), len(ledger.stale())
    desk.sync()
    if anew:
        return [f"the index made anew, chunks embedded: {waiting:,}"]
    told = {"chunks embedded that the index did not have": waiting, "vectors without a chunk forgotten": stale}
    return numbered(told)
