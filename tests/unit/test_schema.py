"""Libraries of earlier versions are brought forward, and nothing that goes wrong meanwhile costs anything."""

from __future__ import annotations

import os
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from qa import schema
from qa.errors import ConfigError, NothingThere
from qa.library import FILE, Library

NEWEST = len(schema.STEPS)


def old(home: Path, steps: int) -> Path:
    """A library as a program with so many steps left it, with one article in it."""
    home.mkdir(exist_ok=True)
    path = home / FILE
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for step in schema.STEPS[:steps]:
            connection.executescript(step)
        connection.execute(f"PRAGMA user_version = {steps}")
        connection.execute("INSERT INTO texts VALUES ('e3b0', 'The crane is closed.')")
        columns = "key, article_id, version, sha256, chars, origin, title, extra, added, sentences"
        connection.execute(f"INSERT INTO versions ({columns}) VALUES (1, 'a', 1, 'e3b0', 20, '/a', 'A', '{{}}', '2024', x'')")
        connection.execute("INSERT INTO articles VALUES ('a', 'at:/a', 1)")
    return path


def version(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        (found,) = connection.execute("PRAGMA user_version").fetchone()
        return int(found)


@pytest.mark.parametrize("steps", range(1, NEWEST))
def test_an_old_library_is_brought_forward_and_a_copy_of_it_kept_and_told(tmp_path: Path, steps: int) -> None:
    path = old(tmp_path, steps)
    told: list[str] = []
    library = Library(tmp_path, tell=told.append)
    copy = path.with_name(f"{FILE}.before-{NEWEST}")
    assert library.article("a").text == "The crane is closed."
    assert (version(path), version(copy)) == (NEWEST, steps)
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert len(told) == 1
    assert str(copy) in told[0]
    Library(tmp_path, tell=told.append)
    assert len(told) == 1


def test_a_new_library_and_one_in_memory_need_no_copy(tmp_path: Path) -> None:
    told: list[str] = []
    Library(tmp_path / "none", tell=told.append)
    Library(tmp_path / "new", create=True, tell=told.append)
    assert told == []
    assert not (tmp_path / "none").exists()
    assert not list(tmp_path.glob("*/*before*"))


def test_only_the_newest_two_copies_are_kept(tmp_path: Path) -> None:
    path = old(tmp_path, 1)
    for at, name in enumerate(("before-1", "before-2", "before-10")):
        copy = path.with_name(f"{FILE}.{name}")
        copy.touch()
        os.utime(copy, (at, at))
    Library(tmp_path)
    assert {one.name for one in tmp_path.glob("*.before-*")} == {f"{FILE}.before-10", f"{FILE}.before-{NEWEST}"}


def test_what_was_written_and_not_yet_moved_from_the_log_is_in_the_copy(tmp_path: Path) -> None:
    path = old(tmp_path, 2)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA journal_mode = WAL")
        other.execute("INSERT INTO facts VALUES ('late', 7)")
        Library(tmp_path).close()
    with closing(sqlite3.connect(path.with_name(f"{FILE}.before-{NEWEST}"))) as copy:
        assert copy.execute("SELECT value FROM facts WHERE name = 'late'").fetchone() == (7,)


def test_a_migration_that_fails_leaves_the_library_as_it_was_and_says_so(tmp_path: Path) -> None:
    path = old(tmp_path, 2)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("ALTER TABLE versions ADD COLUMN credit TEXT")  # what the fourth step stumbles over, the third done
    with pytest.raises(ConfigError, match="is as it was") as raised:
        Library(tmp_path)
    assert raised.value.hint
    assert version(path) == 2
    with closing(sqlite3.connect(path)) as connection:
        assert not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'shingles'").fetchall()
        assert connection.execute("SELECT count(*) FROM articles").fetchone() == (1,)


def test_a_copy_that_cannot_be_kept_stops_the_migration(tmp_path: Path) -> None:
    path = old(tmp_path, 1)
    path.with_name(f"{FILE}.before-{NEWEST}").mkdir()
    with pytest.raises(ConfigError, match="is as it was"):
        Library(tmp_path)
    assert version(path) == 1
    assert not list(tmp_path.glob("*.partial"))


def test_an_emptied_file_where_there_was_a_library_is_damage_and_not_a_new_library(tmp_path: Path) -> None:
    (tmp_path / FILE).touch()
    Library(tmp_path, create=True).close()
    (tmp_path / FILE).write_bytes(b"")
    (tmp_path / "index").mkdir()
    for create in (False, True):
        with pytest.raises(sqlite3.DatabaseError, match="0 bytes"):
            Library(tmp_path, create=create)
    assert (tmp_path / FILE).stat().st_size == 0


def test_files_are_private_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        library = Library(tmp_path / "home", create=True)
        with library.writing():
            pass
        modes = {one.name: stat.S_IMODE(one.stat().st_mode) for one in [tmp_path / "home", *(tmp_path / "home").iterdir()]}
    finally:
        os.umask(before)
    assert modes == {"home": 0o700, FILE: 0o600, f"{FILE}-wal": 0o600, f"{FILE}-shm": 0o600}


@pytest.mark.parametrize("left", ["index", "index.written"])
def test_a_library_that_is_gone_while_its_index_is_there_is_told_with_the_way_back_and_can_be_begun_anew(
    tmp_path: Path, left: str
) -> None:
    (tmp_path / left).mkdir()
    with pytest.raises(NothingThere, match="is gone") as raised:
        Library(tmp_path)
    assert "--restore" in raised.value.hint
    assert [path.name for path in tmp_path.iterdir()] == [left]
    Library(tmp_path, create=True).close()
    assert Library(tmp_path).count() == 0


def test_a_home_that_only_readers_and_settings_have_been_in_is_an_empty_library(tmp_path: Path) -> None:
    for name in ("index.lock", "qa.toml", "write.lock"):
        (tmp_path / name).touch()
    assert Library(tmp_path).count() == 0
