from __future__ import annotations

import gzip
import hashlib
import io
import json
import sqlite3
import stat
import tarfile
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from qa.backup import MANIFEST, SCHEMA, back_up, restore
from qa.doctor import examine
from qa.errors import ConfigError, NothingThere, QAError, UsageError
from qa.export import lines
from qa.library import FILE, Library
from qa.types import Document
from tests.unit.test_intake import Lengths, bad, desk
from vectorstore.index import Index


@pytest.fixture
def library(tmp_path: Path) -> Library:
    home = tmp_path / "from"
    opened = Library(home, create=True)
    counter = desk(opened, Index(home / "index", Lengths(), "memory"))
    counter.add([Document("The crane is closed.", "/a", title="Crane"), Document("Trams run.", "/b")])
    counter.add([Document("The crane is open.", "/a", title="Crane")])
    (home / "qa.toml").write_text("passages = 5\n")
    (home / "index.collection").write_text("not taken along")
    return opened


def quiet(_: str) -> None:
    """Says nothing."""


def members(file: Path) -> dict[str, bytes]:
    if file.suffix == ".zip":
        with zipfile.ZipFile(file) as packed:
            return {name: packed.read(name) for name in packed.namelist()}
    with tarfile.open(file) as tar:
        return {one.name: content.read() for one in tar if (content := tar.extractfile(one))}


def packed(file: Path, parts: dict[str, bytes]) -> Path:
    with tarfile.open(file, "w:gz") as tar:
        for name, content in parts.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return file


def described(**parts: bytes) -> bytes:
    """A manifest that is true of these parts, with the dots of their names written ``_``."""
    told = {
        name.replace("_", "."): {"bytes": len(part), "sha256": hashlib.sha256(part).hexdigest()} for name, part in parts.items()
    }
    return json.dumps({"schema": SCHEMA, "articles": 1, "versions": 1, "members": told}).encode()


@pytest.mark.parametrize("name", ["copy.tar.gz", "copy.zip", "copy"])
def test_a_backup_is_one_private_file_and_puts_the_same_library_back(library: Library, tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    made = back_up(library, file)
    assert (made.articles, made.versions, made.settings) == (2, 3, True)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert set(members(file)) == {MANIFEST, FILE, "qa.toml"}
    assert {path.name for path in tmp_path.iterdir()} == {"from", name}
    home = tmp_path / "to"
    assert restore(file, home, 1, quiet) == made
    assert {stat.S_IMODE((home / one).stat().st_mode) for one in (FILE, "qa.toml")} == {0o600}
    assert (home / "qa.toml").read_text() == "passages = 5\n"
    with closing(Library(home, create=True)) as other:
        assert list(lines(other)) == list(lines(library))


def test_what_was_restored_is_whole_once_anyone_writes_even_beside_an_old_index(library: Library, tmp_path: Path) -> None:
    back_up(library, tmp_path / "b")
    home = tmp_path / "to"
    index = Index(home / "index", Lengths(), "memory")
    with closing(Library(home, create=True)) as old:
        desk(old, index).add([Document("Another library stood here, of one article.", "/z")])
    for path in home.glob(f"{FILE}*"):
        path.unlink()
    restore(tmp_path / "b", home, 1, quiet)
    with closing(Library(home, create=True)) as other:
        assert bad(examine(lambda: other, index.ids, other.path.parent)) == {"index"}
        desk(other, index).add([Document("Buses run.", "/c")])
        assert not bad(examine(lambda: other, index.ids, other.path.parent))


def test_a_file_that_is_there_is_replaced_only_by_force(library: Library, tmp_path: Path) -> None:
    (tmp_path / "b").write_text("mine")
    with pytest.raises(UsageError, match="already"):
        back_up(library, tmp_path / "b")
    assert (tmp_path / "b").read_text() == "mine"
    back_up(library, tmp_path / "b", force=True)
    assert FILE in members(tmp_path / "b")


def test_where_there_is_no_library_nothing_is_written(tmp_path: Path) -> None:
    with pytest.raises(NothingThere):
        back_up(Library(tmp_path / "none"), tmp_path / "b")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("left", [FILE, f"{FILE}-wal"])
def test_a_home_with_a_library_or_with_its_log_is_left_alone(library: Library, tmp_path: Path, left: str) -> None:
    back_up(library, tmp_path / "b")
    home = tmp_path / "to"
    home.mkdir()
    (home / left).write_text("mine")
    with pytest.raises(UsageError, match="already"):
        restore(tmp_path / "b", home, 1, quiet)
    assert [path.name for path in home.iterdir()] == [left]


def test_settings_that_are_there_stay(library: Library, tmp_path: Path) -> None:
    back_up(library, tmp_path / "b")
    home = tmp_path / "to"
    home.mkdir()
    (home / "qa.toml").write_text("passages = 9\n")
    assert not restore(tmp_path / "b", home, 1, quiet).settings
    assert (home / "qa.toml").read_text() == "passages = 9\n"


def flipped(file: Path) -> None:
    parts = members(file)
    parts[FILE] = parts[FILE][:-1] + bytes([parts[FILE][-1] ^ 1])
    packed(file, parts)


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-2000])


def lacking(file: Path) -> None:
    packed(file, {name: part for name, part in members(file).items() if name != FILE})


def longer(file: Path) -> None:
    packed(file, {name: part + b"\0" * (name == FILE) for name, part in members(file).items()})


def climbing(file: Path) -> None:
    parts = members(file)
    packed(file, {MANIFEST: parts[MANIFEST], "../outside": b"x", **parts})


def named_by_its_manifest(file: Path) -> None:
    path = "../outside"
    manifest = json.loads(members(file)[MANIFEST])
    manifest["members"][path] = {"bytes": 1, "sha256": hashlib.sha256(b"x").hexdigest()}
    packed(file, {**members(file), MANIFEST: json.dumps(manifest).encode(), path: b"x"})


def linked(file: Path) -> None:
    manifest = members(file)[MANIFEST]
    packed(file, {MANIFEST: manifest})
    with tarfile.open(file, "w:gz") as tar:
        head, link = tarfile.TarInfo(MANIFEST), tarfile.TarInfo(FILE)
        head.size = len(manifest)
        link.type, link.linkname = tarfile.SYMTYPE, "../from/library.sqlite3"
        tar.addfile(head, io.BytesIO(manifest))
        tar.addfile(link)


def no_database(file: Path) -> None:
    content = b"no database, and its manifest says so" * 99
    packed(file, {MANIFEST: described(library_sqlite3=content), FILE: content})


def emptied(file: Path) -> None:
    file.write_bytes(b"")


def something_else(file: Path) -> None:
    file.write_bytes(gzip.compress(b"an old letter"))


def a_list(file: Path) -> None:
    packed(file, {MANIFEST: b"[1]"})


def negative(file: Path) -> None:
    manifest = json.loads(members(file)[MANIFEST])
    manifest["members"][FILE]["bytes"] = -2
    packed(file, {**members(file), MANIFEST: json.dumps(manifest).encode()})


DAMAGES = (
    *(flipped, cut, lacking, longer, climbing, named_by_its_manifest),
    *(linked, no_database, emptied, something_else, a_list, negative),
)


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_backup_is_refused_and_nothing_written(
    library: Library, tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    file = tmp_path / "b"
    back_up(library, file)
    damage(file)
    before = {path.name for path in tmp_path.iterdir()}
    with pytest.raises(UsageError, match="no whole backup"):
        restore(file, tmp_path / "to", 1, quiet)
    assert {path.name for path in tmp_path.iterdir()} == before
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError):
        restore(file, tmp_path / "empty", 1, quiet)
    assert not list((tmp_path / "empty").iterdir())


def test_a_damaged_zip_is_refused_too(library: Library, tmp_path: Path) -> None:
    file = tmp_path / "b.zip"
    back_up(library, file)
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 255
    file.write_bytes(content)
    with pytest.raises(UsageError, match="no whole backup"):
        restore(file, tmp_path / "to", 1, quiet)
    assert not (tmp_path / "to").exists()


def test_more_than_the_disk_holds_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    manifest = {"schema": SCHEMA, "members": {FILE: {"bytes": 1 << 60, "sha256": ""}}}
    file = packed(tmp_path / "b", {MANIFEST: json.dumps(manifest).encode(), FILE: b""})
    with pytest.raises(QAError, match="more room"):
        restore(file, tmp_path / "to", 1, quiet)


def test_a_backup_from_a_newer_program_is_refused_with_its_reason(library: Library, tmp_path: Path) -> None:
    back_up(library, tmp_path / "b")
    newer = tmp_path / "newer.sqlite3"
    newer.write_bytes(members(tmp_path / "b")[FILE])
    with closing(sqlite3.connect(newer)) as connection:
        connection.execute("PRAGMA user_version = 999")
    file = packed(tmp_path / "b", {MANIFEST: described(library_sqlite3=newer.read_bytes()), FILE: newer.read_bytes()})
    with pytest.raises(ConfigError, match="newer Groundwire"):
        restore(file, tmp_path / "to", 1, quiet)
    assert not (tmp_path / "to").exists()


def test_a_backup_that_cannot_be_written_is_told_by_the_name_that_was_given(library: Library, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=f"no folder {tmp_path / 'none'}$"):
        back_up(library, tmp_path / "none" / "b.zip")
    for force in (False, True):
        with pytest.raises(UsageError, match="is a folder") as raised:
            back_up(library, tmp_path, force=force)
        assert str(tmp_path / "groundwire.tar.gz") in raised.value.hint
    name = "b" * 250  # which leaves no room for the name it has meanwhile
    with pytest.raises(QAError, match=f"^{tmp_path / name} cannot be written: ") as failed:
        back_up(library, tmp_path / name)
    assert "another file" in failed.value.hint
    assert [path.name for path in tmp_path.iterdir()] == ["from"]
