"""Sources into articles: files, folders, web pages and stdin.

A reader is one file here and one line in each table below it answers to.
"""

from __future__ import annotations

import hashlib
import re
import stat
import sys
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path, PurePosixPath
from pkgutil import resolve_name
from typing import BinaryIO, cast
from urllib.parse import unquote, urlsplit

from qa.errors import NetworkError, UsageError
from qa.ingest.folder import existing, files
from qa.ingest.types import Place, Reader, Skipped, Unreadable
from qa.types import Document

__all__ = ["LIMIT", "Skipped", "items", "read"]

LIMIT = 20_000_000
"""Bytes of one article."""

_PLAIN = "qa.ingest.plain:read"
_LINES = "qa.ingest.jsonl:read"
_JSON = "qa.ingest.jsonl:read_file"
_PAGE = "qa.ingest.webpage:read"
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
}
BY_MEDIA = {
    "text/markdown": _PLAIN,
    "application/jsonl": _LINES,
    "application/x-ndjson": _LINES,
    "application/json": _JSON,
    "text/html": _PAGE,
    "application/xhtml+xml": _PAGE,
}
_VAGUE_MEDIA = ("", "text/plain", "application/octet-stream", "binary/octet-stream")
"""What servers say of files that they do not know."""
_ARTICLES_TOO = (".pdf", ".doc", ".docx", ".odt", ".rtf", ".epub", ".rss", ".atom", ".eml", ".mht", ".mhtml")
"""No reader yet, but somebody who keeps them in a folder will miss them: told, where other files are passed over."""
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_MARKUP = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*|<!--.*?-->\s*)*<(?:!doctype html|html|head|body|article|meta)\b", re.I | re.S
)


def items(source: str) -> list[str]:
    """The things to read in ``source``, each to be given to ``read``: the files of a folder, or the one thing that it is.

    Raises NothingThere for a path that does not exist.
    """
    if source == "-" or _SCHEME.match(source):
        return [source]
    path = existing(source)
    return [str(found) for found in files(path, (*BY_SUFFIX, *_ARTICLES_TOO))] if path.is_dir() else [str(path)]


def read(source: str, stdin: BinaryIO | None = None, *, limit: int = LIMIT, fetch: bool) -> Iterator[Document | Skipped]:
    """The articles in ``source`` (a file, a folder, an http or https address, or ``-`` for stdin), and what was left out and why.

    ``limit`` is the most bytes that one article may have; without ``fetch`` no address is read. Raises NothingThere for a path
    that does not exist, NetworkError for a page that cannot be had, UsageError for an address of another kind.
    """
    names = items(source)
    return (found for name in names for found in _item(name, stdin, limit, fetch))


def _item(name: str, stdin: BinaryIO | None, limit: int, fetch: bool) -> Iterator[Document | Skipped]:
    try:
        if name == "-":
            yield from _stdin(stdin or sys.stdin.buffer, limit)
        elif _SCHEME.match(name):
            yield from _url(name, limit, fetch)
        else:
            yield from _file(Path(name), limit)
    except Unreadable as error:
        yield Skipped(_shown(name), error.reason)
    except OSError as error:
        yield Skipped(_shown(name), f"cannot be read: {(error.strerror or type(error).__name__).lower()}")


def _file(path: Path, limit: int) -> Iterator[Document | Skipped]:
    status = path.stat()
    if stat.S_ISDIR(status.st_mode):
        next(path.iterdir(), None)
        return
    if not stat.S_ISREG(status.st_mode):
        raise Unreadable("neither a file nor a folder")
    name = str(path.resolve())
    if _shown(name) != name:
        raise Unreadable("its name is not valid UTF-8; rename it")
    reader = BY_SUFFIX.get(path.suffix.lower())
    if reader is None:
        raise Unreadable(f"no reader for {path.suffix or 'a file without a suffix'}, only for {' '.join(BY_SUFFIX)}")
    with path.open("rb") as stream:
        yield from _reader(reader)(stream, Place(name, limit, path.stem, status.st_size))


def _stdin(stream: BinaryIO, limit: int) -> Iterator[Document | Skipped]:
    """What stdin holds; an article that says neither id nor address is known by its text."""
    head = stream.read(limit + 1)
    reader = _sniffed(head)
    rest = cast(BinaryIO, _Joined(head, stream)) if reader == _LINES and len(head) > limit else BytesIO(head)
    for found in _reader(reader)(rest, Place("stdin", limit)):
        if isinstance(found, Document) and found.origin == "stdin":
            yield replace(found, origin=found.url or f"stdin#{hashlib.sha256(found.text.encode()).hexdigest()[:12]}")
        else:
            yield found


def _url(url: str, limit: int, fetch: bool) -> Iterator[Document | Skipped]:
    if not url.lower().startswith(("http://", "https://")):
        raise UsageError(f"{url} is not a web address", "only http and https addresses can be read")
    if not fetch:
        raise NetworkError(f"{url} is on the network, which is not to be used", "leave out --offline, or add the page as a file")
    page = resolve_name("qa.ingest.web:fetch")(url, limit)
    path = PurePosixPath(unquote(urlsplit(page.url).path))
    reader = BY_MEDIA.get(page.media)
    if reader is None:
        if page.media not in _VAGUE_MEDIA:
            raise Unreadable(f"no reader for {page.media}")
        reader = BY_SUFFIX.get(path.suffix.lower()) or _sniffed(page.content)
    for found in _reader(reader)(BytesIO(page.content), Place(page.url, limit, path.stem, charset=page.charset)):
        yield replace(found, url=page.url) if isinstance(found, Document) and found.origin == page.url else found


def _sniffed(content: bytes) -> str:
    """The reader for bytes that nobody has named."""
    if _MARKUP.match(content):
        return _PAGE
    if resolve_name("qa.ingest.jsonl:is_lines")(content):
        return _LINES
    return _JSON if resolve_name("qa.ingest.jsonl:is_file")(content) else _PLAIN


def _reader(name: str) -> Reader:
    return cast(Reader, resolve_name(name))


def _shown(name: str) -> str:
    """``name`` as a Skipped tells it: with what is no UTF-8 in a file's name written out."""
    return "stdin" if name == "-" else name.encode("utf-8", "backslashreplace").decode("utf-8")


class _Joined:
    """Bytes that were read ahead, and the stream they came from."""

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        self._head = BytesIO(head)
        self._rest = rest

    def readline(self, size: int) -> bytes:
        """The next line, or ``size`` bytes of it."""
        line = self._head.readline(size)
        return line if line.endswith(b"\n") or len(line) >= size else line + self._rest.readline(size - len(line))

    def read(self, size: int) -> bytes:
        """The next ``size`` bytes."""
        start = self._head.read(size)
        return start + self._rest.read(size - len(start)) if len(start) < size else start
