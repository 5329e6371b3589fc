"""The library's tables, as steps that each bring an older file to the next version."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable
from contextlib import ExitStack, closing
from pathlib import Path

from qa.errors import ConfigError, NothingThere
from qa.files import private

PATIENCE = 120.0
"""Seconds to wait for another process's write."""
GONE = "qa backup --restore FILE puts a backup back; qa import FILE, or qa add SOURCE, begins a new library"
COPIES = 2
"""How many copies of a library from before a migration are kept."""

STEPS = (
    """
    CREATE TABLE articles (
        id TEXT PRIMARY KEY,
        identity TEXT NOT NULL UNIQUE,
        current INTEGER NOT NULL
    );
    CREATE TABLE texts (sha256 TEXT PRIMARY KEY, text TEXT NOT NULL);
    CREATE TABLE versions (
        key INTEGER PRIMARY KEY AUTOINCREMENT,
        article_id TEXT NOT NULL REFERENCES articles (id) DEFERRABLE INITIALLY DEFERRED,
        version INTEGER NOT NULL,
        sha256 TEXT NOT NULL REFERENCES texts (sha256),
        chars INTEGER NOT NULL,
        origin TEXT NOT NULL,
        title TEXT NOT NULL,
        source TEXT, url TEXT, author TEXT, published TEXT,
        extra TEXT NOT NULL,
        added TEXT NOT NULL,
        sentences BLOB NOT NULL,
        UNIQUE (article_id, version)
    );
    CREATE INDEX versions_by_text ON versions (sha256);
    CREATE INDEX versions_by_origin ON versions (origin);
    CREATE INDEX versions_by_day ON versions (published);
    CREATE TABLE chunks (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        version_key INTEGER NOT NULL REFERENCES versions (key),
        start INTEGER NOT NULL,
        end INTEGER NOT NULL,
        mark TEXT NOT NULL,
        indexed INTEGER NOT NULL DEFAULT 0
    );
    CREATE INDEX chunks_by_version ON chunks (version_key);
    CREATE INDEX chunks_waiting ON chunks (id) WHERE indexed = 0;
    CREATE TABLE stale (id TEXT PRIMARY KEY) WITHOUT ROWID;
    CREATE TABLE facts (name TEXT PRIMARY KEY, value) WITHOUT ROWID;
    INSERT INTO facts VALUES ('generation', 0);
    CREATE VIRTUAL TABLE keywords USING fts5 (title, body, content='', tokenize='porter unicode61 remove_diacritics 2');
    """,
    """
    CREATE TABLE asked (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        moment TEXT NOT NULL,
        question TEXT NOT NULL,
        answered INTEGER NOT NULL,
        model TEXT NOT NULL,
        prompt TEXT,
        input_tokens INTEGER NOT NULL,
        output_tokens INTEGER NOT NULL,
        seconds REAL NOT NULL,
        record TEXT NOT NULL
    );
    """,
    """
    CREATE TABLE shingles (hash INTEGER NOT NULL, version INTEGER NOT NULL, PRIMARY KEY (hash, version)) WITHOUT ROWID;
    INSERT INTO facts SELECT 'shingled', 1 WHERE NOT EXISTS (SELECT 1 FROM versions);
    """,
    """
    ALTER TABLE versions ADD COLUMN updated TEXT;
    ALTER TABLE versions ADD COLUMN language TEXT;
    ALTER TABLE versions ADD COLUMN section TEXT;
    ALTER TABLE versions ADD COLUMN credit TEXT;
    ALTER TABLE versions ADD COLUMN pages TEXT;
    """,
    """
    CREATE TABLE sources (name TEXT PRIMARY KEY, checked TEXT NOT NULL, status TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE fetched (url TEXT PRIMARY KEY, origin TEXT NOT NULL, etag TEXT, modified TEXT, entries TEXT) WITHOUT ROWID;
    """,
    """
    CREATE TABLE overlaps (
        one TEXT NOT NULL, other TEXT NOT NULL, share REAL NOT NULL, why TEXT NOT NULL, PRIMARY KEY (one, other)
    ) WITHOUT ROWID;
    CREATE TABLE origins (
        article_id TEXT PRIMARY KEY, origin TEXT NOT NULL, share REAL NOT NULL, why TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX origins_by_origin ON origins (origin);
    INSERT INTO facts SELECT 'compared', 1 WHERE NOT EXISTS (SELECT 1 FROM versions);
    """,
    """
    CREATE INDEX asked_by_moment ON asked (moment);
    CREATE TABLE removed (identity TEXT PRIMARY KEY) WITHOUT ROWID;
    """,
)
"""``PRAGMA user_version`` is the number of steps a file has been through. A step that has been released is never edited."""


def connect(path: Path, *, create: bool, tell: Callable[[str], None] = lambda _: None) -> sqlite3.Connection:
    """The library's file, opened and brought to the newest schema; an empty one in memory where there is none to open.

    A file that may not be written to, or stands on a full disk, is read as it stands. ``tell`` is given where a copy was kept.
    Raises ConfigError for one of another schema that cannot be brought to this one, sqlite3.DatabaseError for one that is
    damaged or was emptied, NothingThere for one that is gone, unless it may be made anew.
    """
    there = create or path.exists()
    if not there and gone(path):
        raise NothingThere(f"{path} is gone, and there was a library here", GONE)
    if path.exists() and not path.stat().st_size and _indexed(path):
        raise sqlite3.DatabaseError(f"{path} has 0 bytes, and there was a library here")
    mode = _mode(path) if there and not create else ""
    if create or mode or not there:
        return _opened(path if there else None, mode, tell, create=create)
    try:
        return _opened(path, "", tell)
    except sqlite3.OperationalError as error:
        if not error.sqlite_errorname.startswith("SQLITE_IOERR_SHM"):
            raise
        return _opened(path, _standing(path), tell)  # no room for the memory that readers share, so nobody else has it open


def gone(path: Path) -> bool:
    """Whether the library's file is not there, and there was one: an index was made from it."""
    return not path.exists() and _indexed(path)


def _indexed(path: Path) -> bool:
    return path.with_name("index").exists() or path.with_name("index.written").exists()


def _opened(path: Path | None, mode: str, tell: Callable[[str], None], *, create: bool = False) -> sqlite3.Connection:
    where = f"{path.absolute().as_uri()}{mode}" if path else ":memory:"
    connection = sqlite3.connect(where, timeout=PATIENCE, isolation_level=None, uri=path is not None)
    with ExitStack() as undone:
        undone.callback(connection.close)
        if create:
            _write_ahead(connection)
        for pragma in ("synchronous = FULL", "foreign_keys = ON", "secure_delete = ON"):
            connection.execute(f"PRAGMA {pragma}")
        _migrate(connection, path, tell, writable=not mode)
        undone.pop_all()
    return connection


def _mode(path: Path) -> str:
    """How to open a file: as it stands where it may not be written to."""
    return "" if os.access(path.parent, os.W_OK) and os.access(path, os.W_OK) else _standing(path)


def _standing(path: Path) -> str:
    """For reading alone; immutable only where no other process has left it a log to read."""
    log = path.with_name(f"{path.name}-wal")
    return "?mode=ro" if log.exists() and log.stat().st_size else "?immutable=1"


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Turns WAL on, once for a file. SQLite does not wait for others when it changes this, so it is tried until it works."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.02)


def _migrate(connection: sqlite3.Connection, path: Path | None, tell: Callable[[str], None], *, writable: bool) -> None:
    """Brings the open file to the newest schema in one transaction, a copy of what it was kept beside it."""
    version = _version(connection)
    newest = len(STEPS)
    if version > newest:
        raise ConfigError(
            f"this library was written by a newer Groundwire (schema {version}, this one knows {newest})",
            "upgrade groundwire, or choose another home with --home",
        )
    if version == newest:
        return
    if not writable:
        raise ConfigError(
            f"this library has schema {version}, this program needs {newest}, and the file may not be written to",
            "make the home folder writable once, or open a copy of it with --home",
        )
    connection.execute("BEGIN IMMEDIATE")
    try:
        version = _version(connection)  # another process may have been faster
        if path and 0 < version < newest:
            tell(f"the library is brought from schema {version} to {newest}; as it was it is kept in {_kept(path, newest)}")
        for step in STEPS[version:]:
            for statement in _statements(step):
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {newest}")
        connection.execute("COMMIT")
    except (sqlite3.Error, OSError) as error:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        if not version:
            raise
        raise ConfigError(
            f"the library could not be brought from schema {version} to {newest}, and is as it was: {error}",
            "make room on the disk and try again; the Groundwire that wrote it still reads it",
        ) from error


def _version(connection: sqlite3.Connection) -> int:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    return int(version)


def _kept(path: Path, newest: int) -> Path:
    """Copies the file as it is, wherever its pages are, and forgets all such copies but the newest two.

    The caller's transaction keeps other writers away meanwhile.
    """
    copy = path.with_name(f"{path.name}.before-{newest}")
    copy_of(path, copy)
    copies = sorted(path.parent.glob(f"{path.name}.before-*"), key=lambda one: one.stat().st_mtime_ns)
    for old in copies[:-COPIES]:
        old.unlink()
    return copy


def copy_of(path: Path, target: Path) -> None:
    """A consistent copy of an SQLite file that others may be writing to; whole under its name, or not there at all.

    Raises sqlite3.Error or OSError.
    """
    partial = target.with_name(f"{target.name}.partial")
    try:
        with private(), closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(partial)) as into:
            source.backup(into)
            into.execute("PRAGMA journal_mode = DELETE")
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)


def _statements(script: str) -> list[str]:
    return [statement for statement in script.split(";") if statement.strip()]
