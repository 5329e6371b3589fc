"""Sources into articles: files, folders, web pages and stdin.

A reader is one file here and one line in each table below it answers to.
"""

from __future__ import annotations

import hashlib
import re
import stat
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from io import BytesIO
from pathlib import Path, PurePosixPath
from pkgutil import resolve_name
from typing import TYPE_CHECKING, BinaryIO, cast
from urllib.parse import unquote, urlsplit

from qa.config import Settings
from qa.errors import NetworkError, UsageError
from qa.ingest.decode import known
from qa.ingest.folder import existing, files
from qa.ingest.outside import table
from qa.ingest.sniff import reader_of
from qa.ingest.types import Joined, Place, Reader, Skipped, Unreadable, Ways, shown
from qa.types import Document

if TYPE_CHECKING:
    from qa.ingest.web import Page, Web

__all__ = ["LIMIT", "Skipped", "items", "offered", "read"]

LIMIT = 20_000_000
"""Bytes of one article."""

_PLAIN = "qa.ingest.plain:read"
_LINES = "qa.ingest.jsonl:read"
_JSON = "qa.ingest.sniff:read_json"
_OBJECTS = "qa.ingest.jsonl:read_file"
_FEED = "qa.ingest.feed:read"
_JSON_FEED = "qa.ingest.feed_json:read"
_PAGE = "qa.ingest.webpage:read"
_XML = "qa.ingest.sniff:read_xml"
_AGENCY = "qa.ingest.newsml:read"
_PDF = "qa.ingest.pdf:read"
_WORD = "qa.ingest.docx:read"
_BOOK = "qa.ingest.epub:read"
_MAIL = "qa.ingest.eml:read"
_TABLE = "qa.ingest.csvfile:read"
_PARQUET = "qa.ingest.parquet:read"
_ZIP = "qa.ingest.archive:read_zip"
_TAR = "qa.ingest.archive:read_tar"
KINDS = {
    _PLAIN: "text",
    _LINES: "JSON",
    _JSON: "JSON",
    _OBJECTS: "JSON",
    _FEED: "feed",
    _JSON_FEED: "feed",
    _PAGE: "web page",
    _AGENCY: "XML",
    _PDF: "PDF",
    _WORD: "Word",
    _BOOK: "book",
    _MAIL: "e-mail",
    _TABLE: "table",
    _PARQUET: "Parquet",
    _ZIP: "archive",
    _TAR: "archive",
    _XML: "XML",
}
"""What ``qa add`` calls that which each reader reads."""
BY_SUFFIX = {
    ".txt": _PLAIN,
    ".text": _PLAIN,
    ".md": _PLAIN,
    ".markdown": _PLAIN,
    ".jsonl": _LINES,
    ".ndjson": _LINES,
    ".json": _JSON,
    ".html": _PAGE,
    ".htm": _PAGE,
    ".xhtml": _PAGE,
    ".pdf": _PDF,
    ".docx": _WORD,
    ".epub": _BOOK,
    ".eml": _MAIL,
    ".xml": _XML,
    ".rss": _FEED,
    ".atom": _FEED,
    ".nitf": _AGENCY,
    ".newsml": _AGENCY,
    ".csv": _TABLE,
    ".tsv": _TABLE,
    ".parquet": _PARQUET,
    ".zip": _ZIP,
    ".tar": _TAR,
    ".tgz": _TAR,
    ".gz": _TAR,
    ".bz2": _TAR,
    ".xz": _TAR,
}
BY_MEDIA = {
    "text/markdown": _PLAIN,
    "application/jsonl": _LINES,
    "application/x-ndjson": _LINES,
    "application/json": _JSON,
    "text/html": _PAGE,
    "application/xhtml+xml": _PAGE,
    "application/pdf": _PDF,
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": _WORD,
    "application/epub+zip": _BOOK,
    "message/rfc822": _MAIL,
    "application/xml": _XML,
    "text/xml": _XML,
    "application/rss+xml": _FEED,
    "application/atom+xml": _FEED,
    "application/rdf+xml": _FEED,
    "application/feed+json": _JSON,
    "application/vnd.iptc.g2.newsitem+xml": _AGENCY,
    "application/vnd.iptc.g2.newsmessage+xml": _AGENCY,
    "text/csv": _TABLE,
    "text/tab-separated-values": _TABLE,
    "application/vnd.apache.parquet": _PARQUET,
    "application/zip": _ZIP,
    "application/x-tar": _TAR,
    "application/gzip": _TAR,
    "application/x-gzip": _TAR,
    "application/x-bzip2": _TAR,
    "application/x-xz": _TAR,
}
_VAGUE_MEDIA = ("", "text/plain", "application/octet-stream", "binary/octet-stream")
"""What servers say of files that they do not know."""
_ARTICLES_TOO = (".doc", ".odt", ".rtf", ".mht", ".mhtml", ".msg", ".7z", ".rar")
"""No reader yet, but somebody who keeps them in a folder will miss them: told, where other files are passed over."""
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")


def items(source: str, readers: Mapping[str, str] = BY_SUFFIX) -> list[str]:
    """The things to read in ``source``, each to be given to ``read``: the files of a folder, or the one thing that it is.

    Raises NothingThere for a path that does not exist.
    """
    if source == "-" or _SCHEME.match(source):
        return [source]
    path = existing(source)
    return [str(found) for found in files(path, (*readers, *_ARTICLES_TOO))] if path.is_dir() else [str(path)]


def read(
    source: str,
    stdin: BinaryIO | None = None,
    *,
    limit: int = LIMIT,
    fetch: bool,
    encoding: str | None = None,
    readers: str | None = None,
    web: Callable[[], Web] | None = None,
) -> Iterator[Document | Skipped]:
    """The articles in ``source`` (a file, a folder, an http or https address, or ``-`` for stdin), and what was left out and why.

    ``limit`` is the most bytes that one article may have; without ``fetch`` no address is read. ``encoding`` is what plain text
    is in, ``web`` opens whoever reads addresses (by default the public ones alone), ``readers`` are those from outside (see
    ``outside.table``). Raises NothingThere for a path that does not exist, NetworkError for a page that cannot be had, UsageError
    for an address of another kind, ConfigError for a reader or an encoding that is none.
    """
    ways = Ways(limit, fetch, known(encoding), table(BY_SUFFIX, readers), web or resolve_name("qa.ingest.web:Web"))
    names = items(source, ways.readers)
    return (found for name in names for found in _item(name, stdin, ways))


def offered(
    source: str, stdin: BinaryIO, settings: Settings, web: Callable[[], Web] | None = None
) -> Iterator[Document | Skipped]:
    """The same by the settings in force."""
    limit, fetch = settings.limit_mb * 1_000_000, not settings.offline
    opened = web or (lambda: cast("Web", resolve_name("qa.ingest.web:web_of")(settings)))
    return read(source, stdin, limit=limit, fetch=fetch, encoding=settings.encoding, readers=settings.readers, web=opened)


def member(content: bytes, name: str, place: Place) -> Iterator[Document | Skipped]:
    """The articles in a file that came inside another, whose ``place`` is given; nothing for a file that has no reader."""
    origin = f"{place.origin}#{name}"
    path = PurePosixPath(name)
    suffix = path.suffix.lower()
    reader = place.readers.get(suffix)
    try:
        if shown(origin) != origin:
            raise Unreadable("its name is not valid UTF-8")
        if reader is not None:
            inner = replace(place, origin=origin, stem=path.stem, size=len(content), depth=place.depth + 1, charset=None)
            yield from _read(reader, BytesIO(content), inner)
        elif suffix in _ARTICLES_TOO:
            raise Unreadable(f"no reader for {suffix}")
    except Unreadable as error:
        yield Skipped(shown(origin), error.reason, KINDS.get(reader or "", suffix))


def _item(name: str, stdin: BinaryIO | None, ways: Ways) -> Iterator[Document | Skipped]:
    kind = ""
    try:
        if name == "-":
            yield from _stdin(stdin or sys.stdin.buffer, ways)
        elif _SCHEME.match(name):
            yield from _url(name, ways)
        else:
            suffix = Path(name).suffix.lower()
            kind = KINDS.get(ways.readers.get(suffix, ""), suffix)
            yield from _file(Path(name), ways)
    except Unreadable as error:
        yield Skipped(shown(name), error.reason, kind)
    except OSError as error:
        yield Skipped(shown(name), f"cannot be read: {(error.strerror or type(error).__name__).lower()}", kind)


def _file(path: Path, ways: Ways) -> Iterator[Document | Skipped]:
    status = path.stat()
    if stat.S_ISDIR(status.st_mode):
        next(path.iterdir(), None)
        return
    if not stat.S_ISREG(status.st_mode):
        raise Unreadable("neither a file nor a folder")
    name = str(path.resolve())
    if shown(name) != name:
        raise Unreadable("its name is not valid UTF-8; rename it")
    reader = ways.readers.get(path.suffix.lower())
    if reader is None:
        known_ones = "" if path.suffix.lower() in _ARTICLES_TOO else f", only for {' '.join(ways.readers)}"
        raise Unreadable(f"no reader for {path.suffix or 'a file without a suffix'}{known_ones}")
    with path.open("rb") as stream:
        yield from _read(reader, stream, ways.place(name, path.stem, status.st_size))


def _stdin(stream: BinaryIO, ways: Ways) -> Iterator[Document | Skipped]:
    """What stdin holds; an article that says neither id nor address is known by its text."""
    head = stream.read(ways.limit + 1)
    reader = reader_of(head)
    streamed = reader in (_LINES, _TABLE) and len(head) > ways.limit
    rest = cast(BinaryIO, Joined(head, stream)) if streamed else BytesIO(head)
    for found in _read(reader, rest, ways.place("stdin", size=len(head) if len(head) <= ways.limit else None)):
        if isinstance(found, Document) and found.origin == "stdin":
            yield replace(found, origin=found.url or f"stdin#{hashlib.sha256(found.text.encode()).hexdigest()[:12]}")
        else:
            yield found


def _url(url: str, ways: Ways) -> Iterator[Document | Skipped]:
    if not url.lower().startswith(("http://", "https://")):
        raise UsageError(f"{url} is not a web address", "only http and https addresses can be read")
    if not ways.fetch:
        raise NetworkError(f"{url} is on the network, which is not to be used", "leave out --offline, or add the page as a file")
    held = resolve_name("qa.ingest.web_read:read")
    yield from held(url, ways.web(), ways.limit, lambda page, origin: _parsed(page, origin, ways))


def _parsed(page: Page, origin: str, ways: Ways) -> Iterator[Document | Skipped]:
    """What a page holds, under an origin. Raises Unreadable for one that has no reader."""
    path = PurePosixPath(unquote(urlsplit(page.url).path))
    reader = BY_MEDIA.get(page.media)
    if reader is None:
        if page.media not in _VAGUE_MEDIA:
            raise Unreadable(f"no reader for {page.media}")
        reader = ways.readers.get(path.suffix.lower()) or reader_of(page.content)
    for found in _read(reader, BytesIO(page.content), ways.place(origin, path.stem, len(page.content), page.charset)):
        yield replace(found, url=page.url) if isinstance(found, Document) and found.origin == origin else found


def _read(reader: str, stream: BinaryIO, place: Place) -> Iterator[Document | Skipped]:
    """What a reader makes of ``stream``, each with its kind, unless it came out of something inside."""
    kind = KINDS.get(reader, place.origin.rpartition(".")[2])
    for found in cast(Reader, resolve_name(reader))(stream, place):
        yield found if found.kind else replace(found, kind=kind)
