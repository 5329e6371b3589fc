"""Archives: ZIP, TAR and single packed files, of anything that has a reader. Members are read in memory and written nowhere.

What unpacks to a hundred times its size is a bomb, or as good as one: reading stops there, and tells. The same allowance covers
all archives within an archive.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import PurePosixPath
from stat import S_IFMT, S_ISREG
from typing import BinaryIO, Final, cast

from qa.ingest import member
from qa.ingest.folder import is_junk
from qa.ingest.parts import FAULTS, unpacked
from qa.ingest.types import Joined, Place, Room, Skipped, Unreadable, over, shown
from qa.types import Document

RATIO: Final = 100
"""Unpacked bytes for each byte of an archive; text takes ten, seldom thirty."""
MEMBERS: Final = 200_000
DEPTH: Final = 2
"""Archives within an archive."""
_HEADER: Final = 1 << 20
"""Bytes of a long name or of extended attributes in a TAR header."""
_HEADERS: Final = (tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.SOLARIS_XHDTYPE, tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK)
_PACKED: Final[Mapping[bytes, Callable[[BinaryIO], object]]] = {b"\x1f\x8b": gzip.open, b"BZ": bz2.open, b"\xfd7": lzma.open}
_MAGIC: Final = slice(257, 262)
_BLOCK: Final = 512


def read_zip(stream: BinaryIO, place: Place) -> Iterator[Document | Skipped]:
    """The articles of every member, in the archive's order. Raises Unreadable for what is no ZIP file."""
    place = _inside(place)
    room = cast(Room, place.room)
    try:
        box = zipfile.ZipFile(stream)
    except FAULTS as error:
        if not stream.seek(0) and not stream.read(1):
            raise Unreadable("empty") from error
        raise Unreadable("damaged, or of another kind: it cannot be unpacked") from error
    with box:
        for info in box.infolist():
            kind = S_IFMT(info.external_attr >> 16)
            name, plain = info.filename, not kind or S_ISREG(kind)
            if not name or info.is_dir() or _is_passed_over(name):
                continue
            _count(room, info.file_size if info.file_size <= place.limit else 0)
            try:
                _refuse(name, info.file_size, plain, place.limit)
                content = unpacked(box, info)
            except Unreadable as error:
                yield Skipped(shown(f"{place.origin}#{name}"), error.reason)
                continue
            yield from member(content, name, place)


def read_tar(stream: BinaryIO, place: Place) -> Iterator[Document | Skipped]:
    """The articles of every member of a TAR, packed or not; of another packed file, what is in it. Raises Unreadable."""
    place = _inside(place)
    start = stream.read(2)
    if not start:
        raise Unreadable("empty")
    stream.seek(0)
    opener = _PACKED.get(start)
    counted = _Counted(cast(BinaryIO, opener(stream)) if opener else stream, place)
    try:
        head = counted.read(_BLOCK)
        whole_stream = cast(BinaryIO, Joined(head, cast(BinaryIO, counted)))
        if head[_MAGIC] == b"ustar" or opener is None:
            yield from _tar(whole_stream, place)
        else:
            content = whole_stream.read(place.limit + 1)
            if len(content) > place.limit:
                raise Unreadable(f"unpacked it is {over(place.limit)}")
            yield from member(content, PurePosixPath(place.origin).stem, place)
    except (tarfile.TarError, RecursionError, *FAULTS) as error:
        raise Unreadable("damaged, or of another kind: it cannot be unpacked") from error


def _tar(stream: BinaryIO, place: Place) -> Iterator[Document | Skipped]:
    with tarfile.open(fileobj=stream, mode="r|", tarinfo=_Header) as box:
        for info in box:
            box.members = []  # type: ignore[attr-defined]  # it remembers every member, and needs none of them
            if info.isdir() or _is_passed_over(info.name):
                continue
            _count(cast(Room, place.room), 0)
            try:
                _refuse(info.name, info.size, info.isreg() and not info.issparse(), place.limit)
            except Unreadable as error:
                yield Skipped(shown(f"{place.origin}#{info.name}"), error.reason)
                continue
            content = box.extractfile(info)
            if content is not None:
                yield from member(content.read(), info.name, place)


class _Header(tarfile.TarInfo):
    """A TAR header that may not claim to be long: the library reads it whole."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str | None, errors: str) -> _Header:
        found = super().frombuf(buf, encoding or "utf-8", errors)
        if found.type in _HEADERS and found.size > _HEADER:
            raise tarfile.ReadError("a header is too long")
        return found


class _Counted(io.RawIOBase):
    """A stream of unpacked bytes that ends in Unreadable where there are too many."""

    def __init__(self, stream: BinaryIO, place: Place) -> None:
        self._stream, self._place = stream, place

    def read(self, size: int = -1) -> bytes:
        part = self._stream.read(size)
        _count(cast(Room, self._place.room), len(part), members=0)
        return part


def _inside(place: Place) -> Place:
    if place.depth > DEPTH:
        raise Unreadable(f"more than {DEPTH} archives deep in another")
    size = place.limit if place.size is None else place.size
    return place if place.room else replace(place, room=Room(max(RATIO * size, place.limit), MEMBERS))


def _count(room: Room, size: int, members: int = 1) -> None:
    room.left -= size
    room.members -= members
    if room.left < 0:
        raise Unreadable(f"it unpacks to more than {RATIO} times its size; the rest is left out")
    if room.members < 0:
        raise Unreadable(f"it has more than {MEMBERS:,} members; the rest is left out")


def _is_passed_over(name: str) -> bool:
    """Whether it is what a folder's reader passes over, too: hidden, or junk."""
    return any(part not in (".", "..") and is_junk(part, ()) for part in PurePosixPath(name.replace("\\", "/")).parts)


def _refuse(name: str, size: int, plain: bool, limit: int) -> None:
    """Raises Unreadable for what is no file, has a name that points elsewhere, or is too large."""
    if not plain:
        raise Unreadable("a link or a device, which is not followed")
    path = PurePosixPath(name.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or name[1:2] == ":":
        raise Unreadable("its name points out of the archive")
    if size > limit:
        raise Unreadable(over(limit, size))
