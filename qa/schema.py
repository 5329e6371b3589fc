"""The library's tables, as steps that each bring an older file to the next version."""

from __future__ import annotations

import os
import sqlite3
import time
from pathlib import Path

from qa.errors import ConfigError

PATIENCE = 120.0
"""Seconds to wait for another process's write."""

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
)
"""``PRAGMA user_version`` is the number of steps a file has been through. A step that has been released is never edited."""


def connect(path: Path, *, create: bool) -> sqlite3.Connection:
    """The library's file, opened and brought to the newest schema; an empty one in memory where there is none to open.

    A file that may not be written to is read as it stands. Raises ConfigError for one that is newer than this program.
    """
    there = create or path.exists()
    mode = _mode(path) if there and not create else ""
    where = f"{path.absolute().as_uri()}{mode}" if there else ":memory:"
    connection = sqlite3.connect(where, timeout=PATIENCE, isolation_level=None, uri=there)
    if create:
        _write_ahead(connection)
    for pragma in ("synchronous = FULL", "foreign_keys = ON", "secure_delete = ON"):
        connection.execute(f"PRAGMA {pragma}")
    _migrate(connection, writable=not mode)
    return connection


def _mode(path: Path) -> str:
    """How to open a file that may not be written to; immutable only where no other process has left it a log to read."""
    if os.access(path.parent, os.W_OK) and os.access(path, os.W_OK):
        return ""
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


def _migrate(connection: sqlite3.Connection, *, writable: bool) -> None:
    """Brings the open file to the newest schema, in one transaction a step. Raises ConfigError for a file from the future."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > len(STEPS):
        raise ConfigError(
            f"this library was written by a newer Groundwire (schema {version}, this one knows {len(STEPS)})",
            "upgrade groundwire, or choose another home with --home",
        )
    while version < len(STEPS) and writable:
        connection.execute("BEGIN IMMEDIATE")
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version < len(STEPS):
            for statement in _statements(STEPS[version]):
                connection.execute(statement)
            version += 1
            connection.execute(f"PRAGMA user_version = {version}")
        connection.execute("COMMIT")


def _statements(script: str) -> list[str]:
    return [statement for statement in script.split(";") if statement.strip()]
