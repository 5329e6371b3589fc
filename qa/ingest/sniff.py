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
_FEED: Final = "qa.ingest.feed:read"
_ROOTS: Final = {
    "rss": _FEED,
    "feed": _FEED,
    "CHANNEL": _FEED,
    "RDF": _FEED,
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
    if reader := _ROOTS.get(root_of(content)):
        return reader
    if resolve_name("qa.ingest.feed_json:is_feed")(content):
        return "qa.ingest.feed_json:read"
    if resolve_name("qa.ingest.jsonl:is_lines")(content):
        return "qa.ingest.jsonl:read"
    if resolve_name("qa.ingest.jsonl:is_file")(content):
        return "qa.ingest.jsonl:read_file"
    if _MESSAGE.match(content):
        return "qa.ingest.eml:read"
    return "qa.ingest.csvfile:read" if resolve_name("qa.ingest.csvfile:is_table")(content) else "qa.ingest.plain:read"


def root_of(content: bytes) -> str:
    """The name of an XML file's first element, without its namespace; empty where there is none."""
    found = _ROOT.match(content[:_HEAD].replace(b"\0", b"").lstrip(b"\xff\xfe"))
    return found.group(1).decode("ascii", "replace") if found else ""


def read_xml(stream: BinaryIO, place: Place) -> Iterator[Document | Skipped]:
    """What an XML file holds, by its first element."""
    content = whole(stream, place)
    if not content.strip():
        raise Unreadable("empty")
    return cast(Reader, resolve_name(_ROOTS.get(root_of(content), _AGENCIES)))(BytesIO(content), place)


def read_json(stream: BinaryIO, place: Place) -> Iterator[Document | Skipped]:
    """What a JSON file holds: a feed, or articles in one of the ways of ``qa.ingest.jsonl``."""
    content = whole(stream, place)
    is_feed = resolve_name("qa.ingest.feed_json:is_feed")(content)
    reader = "qa.ingest.feed_json:read" if is_feed else "qa.ingest.jsonl:read_file"
    return cast(Reader, resolve_name(reader))(BytesIO(content), place)
