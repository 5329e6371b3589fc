"""The reader for bytes that nobody has named, or whose name says too little: by how they begin."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from pkgutil import resolve_name
from typing import BinaryIO, Final, cast

from qa.ingest.types import Place, Reader, Skipped, Unreadable, whole
from qa.types import Document

_MARKUP = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*|<!--.*?-->\s*)*<(?:!doctype html|html|head|body|article|meta)\b",
    re.IGNORECASE | re.DOTALL,
)
_ROOT = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?.*?\?>\s*|<!--.*?-->\s*|<!doctype[^>\[]*(?:\[.*?\]\s*)?>\s*)*<(?:[\w.-]+:)?([\w.-]+)",
    re.I | re.S,
)
_MESSAGE = re.compile(
    rb"(?:(?:received|return-path|delivered-to|from|to|subject|date|message-id|mime-version|content-type|x-[\w-]+)"
    rb":[^\n]*\n(?:[ \t][^\n]*\n)*){3}",
    re.IGNORECASE,
)
_HEAD: Final = 1 << 16
_BEGINNINGS: Final = (
    (b"%PDF-", "qa.ingest.pdf:read"),
    (b"PAR1", "qa.ingest.parquet:read"),
    (b"\x1f\x8b", "qa.ingest.archive:read_tar"),
    (b"BZh", "qa.ingest.archive:read_tar"),
    (b"\xfd7zXZ", "qa.ingest.archive:read_tar"),
)
_TAR: Final = slice(257, 262)
_IN_ZIP: Final = ((b"mimetypeapplication/epub+zip", "qa.ingest.epub:read"), (b"word/document.xml", "qa.ingest.docx:read"))
_AGENCIES: Final = "qa.ingest.newsml:read"
_ROOTS: Final = {
    "nitf": _AGENCIES,
    "newsItem": _AGENCIES,
    "newsMessage": _AGENCIES,
    "packageItem": _AGENCIES,
    "html": "qa.ingest.webpage:read",
}
"""The reader for each name of an XML file's first element."""


def reader_of(content: bytes) -> str:
    """The dotted name of the reader; plain text is for what is nothing else."""
    for beginning, reader in _BEGINNINGS:
        if content.startswith(beginning):
            return reader
    if content.startswith(b"PK\x03\x04"):
        return next((reader for sign, reader in _IN_ZIP if sign in content), "qa.ingest.archive:read_zip")
    if content[_TAR] == b"ustar":
        return "qa.ingest.archive:read_tar"
    return _of_text(content)


def _of_text(content: bytes) -> str:
    if _MARKUP.match(content[:_HEAD]):
        return "qa.ingest.webpage:read"
    root = _ROOT.match(content[:_HEAD])
    if root and (reader := _ROOTS.get(root.group(1).decode("ascii", "replace"))):
        return reader
    if resolve_name("qa.ingest.jsonl:is_lines")(content):
        return "qa.ingest.jsonl:read"
    if resolve_name("qa.ingest.jsonl:is_file")(content):
        return "qa.ingest.jsonl:read_file"
    if _MESSAGE.match(content):
        return "qa.ingest.eml:read"
    return "qa.ingest.csvfile:read" if resolve_name("qa.ingest.csvfile:is_table")(content) else "qa.ingest.plain:read"


def read_xml(stream: BinaryIO, place: Place) -> Iterator[Document | Skipped]:
    """What an XML file holds, by its first element."""
    content = whole(stream, place)
    if not content.strip():
        raise Unreadable("empty")
    found = _ROOT.match(content[:_HEAD])
    reader = _ROOTS.get(found.group(1).decode("ascii", "replace"), _AGENCIES) if found else _AGENCIES
    return cast(Reader, resolve_name(reader))(BytesIO(content), place)
