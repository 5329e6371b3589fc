"""The files inside a document that is itself a ZIP file, read from memory; all together no more than one article may be."""

from __future__ import annotations

import lzma
import struct
import zipfile
import zlib
from io import BytesIO
from typing import BinaryIO

from qa.ingest.types import Place, Unreadable, over, whole

FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    OSError,
    ValueError,
    LookupError,
    NotImplementedError,
    RuntimeError,
    OverflowError,
    AttributeError,
)
"""What a broken or hostile ZIP file makes its reader raise; RuntimeError is also a password's absence."""
_STEP = 1 << 16
_ENCRYPTED = 0x1


class Parts:
    """A ZIP file's parts by their names."""

    def __init__(self, stream: BinaryIO, place: Place) -> None:
        """Raises Unreadable for what is empty, over the limit or no ZIP file."""
        content = whole(stream, place)
        if not content:
            raise Unreadable("empty")
        self._left = self._limit = place.limit
        try:
            self._box = zipfile.ZipFile(BytesIO(content))
        except FAULTS as error:
            raise Unreadable("damaged, or of another kind: it cannot be unpacked") from error

    def __contains__(self, name: str) -> bool:
        return name in self._box.NameToInfo

    def read(self, name: str) -> bytes:
        """The part's bytes, unpacked. Raises Unreadable where it is missing, damaged, locked, or all read is over the limit."""
        info = self._box.NameToInfo.get(name)
        if info is None:
            raise Unreadable(f"damaged: it has no {name}")
        self._left -= info.file_size
        if self._left < 0:
            raise Unreadable(f"unpacked it is {over(self._limit)}")
        return unpacked(self._box, info)


def unpacked(box: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """One member's bytes, never more than it declares. Raises Unreadable where it is damaged or locked."""
    if info.flag_bits & _ENCRYPTED:
        raise Unreadable("locked with a password")
    try:
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):  # a few of their bytes unpack to half a gigabyte
            raise Unreadable("packed in a way that is not read")
        content = bytearray()
        with box.open(info) as part:  # which box.read unpacks before it cuts to the size declared
            while more := part.read(_STEP):
                content += more
        return bytes(content)
    except FAULTS as error:
        raise Unreadable("damaged: it cannot be unpacked") from error
