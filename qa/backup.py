"""A library as one file, copied while others write, and put back from it.

The index is left out, for it follows from the texts: the copy bears the order to make it anew.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any

from qa.config import FILE as SETTINGS
from qa.errors import NothingThere, QAError, UsageError
from qa.files import private
from qa.ledger import Ledger
from qa.library import FILE as LIBRARY
from qa.library import Library
from qa.lock import writing_alone

SCHEMA = "groundwire/backup/1"
MANIFEST = "manifest.json"
_LIMIT = 100_000
"""Bytes that a manifest may have."""
_PIECE = 1_000_000
_DAMAGE: tuple[type[Exception], ...] = (
    *(tarfile.TarError, zipfile.BadZipFile, zlib.error, EOFError, RuntimeError),
    *(ValueError, LookupError, TypeError, AttributeError, ArithmeticError),
)
"""What reading a file that is no backup, or no longer one, raises."""


@dataclass(frozen=True, slots=True)
class Backup:
    """What is in a backup."""

    articles: int
    versions: int
    settings: bool
    """Whether it has, or brought, a ``qa.toml``."""


def back_up(library: Library, target: Path, *, force: bool = False) -> Backup:
    """Writes one state of the library and its settings to ``target``: a zip where it ends in .zip, else a packed tar.

    The user's alone, and under its name once it is whole. Raises NothingThere where there is no library, UsageError for a name
    that no file can have and for a file that is there already and not to be replaced (``force``), QAError where it cannot be
    written.
    """
    if not library.path.exists():
        raise NothingThere(f"there is no library in {library.path.parent}", "qa add FILE begins one")
    if target.is_dir():
        raise UsageError(f"{target} is a folder", f"name a file in it: qa backup {target / 'groundwire.tar.gz'}")
    if not target.parent.is_dir():
        raise UsageError(f"there is no folder {target.parent}", "make it first, or name another file")
    if target.exists() and not force:
        raise UsageError(f"{target} is there already", "name another file, or replace it with --force")
    try:
        return _made(library, target)
    except (OSError, sqlite3.OperationalError) as error:
        why = error.strerror if isinstance(error, OSError) else error
        hint = "make room on the disk, see who may write to that folder, or name another file"
        raise QAError(f"{target} cannot be written: {why}", hint) from error


def _made(library: Library, target: Path) -> Backup:
    with private(), TemporaryDirectory(prefix=f".{target.name}.", dir=target.parent) as made:
        folder = Path(made)
        counts = _copied(library, folder / LIBRARY)
        with suppress(FileNotFoundError):
            (folder / SETTINGS).write_bytes(library.path.with_name(SETTINGS).read_bytes())
        members = {path.name: {"bytes": path.stat().st_size, "sha256": _digest(path)} for path in sorted(folder.iterdir())}
        manifest = {"schema": SCHEMA, "articles": counts[0], "versions": counts[1], "members": members}
        (folder / MANIFEST).write_text(json.dumps(manifest, indent=1), encoding="utf-8")
        archive = folder / "archive"
        _pack(folder, [MANIFEST, *members], archive, zipped=target.suffix.lower() == ".zip")
        archive.replace(target)
    return Backup(*counts, SETTINGS in members)


def _copied(library: Library, path: Path) -> tuple[int, int]:
    """Copies the library, whoever writes to it, and gives the numbers of its articles and versions."""
    with closing(sqlite3.connect(path, isolation_level=None)) as copy:
        library.connection.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")
        Ledger(copy).order_rebuild()
        articles, versions = copy.execute("SELECT (SELECT count(*) FROM articles), (SELECT count(*) FROM versions)").fetchone()
    return int(articles), int(versions)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _pack(folder: Path, names: list[str], archive: Path, *, zipped: bool) -> None:
    with archive.open("wb") as raw:
        if zipped:
            with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as zip:
                for name in names:
                    zip.write(folder / name, name)
        else:
            with tarfile.open(fileobj=raw, mode="w:gz", compresslevel=6) as tar:
                for name in names:
                    tar.add(folder / name, name)
        raw.flush()
        os.fsync(raw.fileno())


def restore(file: Path, home: Path, wait: float, tell: Callable[[str], None]) -> Backup:
    """Puts a backup into a home without a library; settings that are there stay. The index is still to be made.

    ``wait`` and ``tell`` are as for ``writing_alone``. Raises UsageError for a home with a library and for a file that is no
    whole backup, ConfigError for a library of a newer schema, and leaves the home as it was.
    """
    _refuse_library(home)
    new = not home.exists()
    with private(), ExitStack() as undone:
        if new:
            undone.callback(_unmade, home)
        home.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=".restore.", dir=home) as made:
            folder = Path(made)
            _unpack(file, folder)
            articles, versions = _tried(file, folder)
            with writing_alone(home, wait, tell):
                _refuse_library(home)
                brought = (folder / SETTINGS).exists() and not (home / SETTINGS).exists()
                for name in [SETTINGS, LIBRARY] if brought else [LIBRARY]:
                    (folder / name).replace(home / name)
        undone.pop_all()
    return Backup(articles, versions, brought)


def _unmade(home: Path) -> None:
    """Takes the folder away again, if nothing came of it."""
    with suppress(OSError):
        home.rmdir()


def _refuse_library(home: Path) -> None:
    if (home / LIBRARY).exists() or (home / f"{LIBRARY}-wal").exists():  # another file's log would be written into this one
        raise UsageError(f"there is a library in {home} already", "choose another home with --home, or move that one away")


def _unpack(file: Path, folder: Path) -> None:
    """The members that the manifest names, each held to it, and no others."""
    with _damage_told(file), closing(_members(file)) as members:
        name, stream = next(members, (None, None))
        if name != MANIFEST or stream is None:
            raise ValueError("it does not begin with a manifest")
        manifest = json.loads(stream.read(_LIMIT))
        if manifest["schema"] != SCHEMA or not {LIBRARY} <= manifest["members"].keys() <= {LIBRARY, SETTINGS}:
            raise ValueError("its manifest is another")
        named: dict[str, dict[str, Any]] = dict(manifest["members"])
        if sum(int(one["bytes"]) for one in named.values()) > shutil.disk_usage(folder).free:
            raise QAError(f"{file} needs more room than there is on the disk", "make room, or choose another home with --home")
        for name, stream in members:
            said = named.pop(name)
            _write(stream, folder / name, int(said["bytes"]), str(said["sha256"]))
        if named:
            raise ValueError(f"it lacks {', '.join(named)}")


def _write(stream: IO[bytes], path: Path, size: int, sha256: str) -> None:
    digest = hashlib.sha256()
    with path.open("xb") as out:
        while piece := stream.read(_PIECE):
            size -= len(piece)
            if size < 0:
                break
            digest.update(piece)
            out.write(piece)
        out.flush()
        os.fsync(out.fileno())
    if size or digest.hexdigest() != sha256:
        raise ValueError(f"{path.name} is not what its sha256 says")


def _members(file: Path) -> Generator[tuple[str, IO[bytes]], None, None]:
    """The regular files of a zip or a packed tar, in order."""
    if zipfile.is_zipfile(file):
        with zipfile.ZipFile(file) as packed:
            for info in packed.infolist():
                with packed.open(info) as stream:
                    yield info.filename, stream
        return
    with tarfile.open(file, "r|gz") as tar:
        for member in tar:
            content = tar.extractfile(member) if member.isreg() else None
            if content is None:
                raise ValueError(f"{member.name!r:.80} is no file")
            yield member.name, content


def _tried(file: Path, folder: Path) -> tuple[int, int]:
    """Opens what was unpacked, which brings it to the newest schema, and counts it."""
    with _damage_told(file, sqlite3.DatabaseError), closing(Library(folder)) as library:
        (verdict,) = library.connection.execute("PRAGMA quick_check(1)").fetchone()
        if verdict != "ok":
            raise ValueError(verdict)
        (versions,) = library.connection.execute("SELECT count(*) FROM versions").fetchone()
        return library.count(), int(versions)


@contextmanager
def _damage_told(file: Path, *more: type[Exception]) -> Iterator[None]:
    try:
        yield
    except (*_DAMAGE, *more) as error:
        raise UsageError(f"{file} is no whole backup: {error}", "use another backup") from error
