"""What passes between the reader of a source and the reader of its bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING, BinaryIO, Protocol

from qa.types import Document

if TYPE_CHECKING:
    from qa.ingest.web import Web


_STEP = 1 << 16
UNFORESEEN = (ValueError, TypeError, AttributeError, LookupError, ArithmeticError, RecursionError, AssertionError)
"""What a page or a feed that nobody foresaw makes its parser raise."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something that did not become an article."""

    source: str
    """The path, URL or ``stdin`` it is in."""
    reason: str
    """In words; names the line where there are lines."""
    kind: str = field(default="", compare=False)
    """What it was, in a word, as ``PDF``."""


@dataclass(slots=True)
class Room:
    """What may still be unpacked of all that is in one file, however deep. It grows less."""

    left: int
    """Bytes."""
    members: int
    """Files."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where bytes come from, and what is known of them before they are read."""

    origin: str
    """Absolute path, URL or ``stdin``."""
    limit: int
    """Bytes. One article may have no more."""
    stem: str = ""
    """A name to make a title of where the text has none."""
    size: int | None = None
    """Bytes, where known beforehand."""
    charset: str | None = None
    """As the server declared it."""
    encoding: str | None = None
    """What the user says that plain text is in: taken at its word."""
    room: Room | None = None
    """What may still be unpacked; None where nothing has been yet."""
    depth: int = 0
    """How many archives and messages it is inside of."""
    readers: Mapping[str, str] = field(default_factory=dict)
    """For what may be inside: suffixes in lower case with the dotted names of their readers."""


@dataclass(frozen=True, slots=True)
class Ways:
    """How sources are to be read."""

    limit: int
    """Bytes of one article."""
    fetch: bool
    """Whether addresses may be read."""
    encoding: str | None
    readers: Mapping[str, str]
    web: Callable[[], Web]
    """Whoever reads addresses."""

    def place(self, origin: str, stem: str = "", size: int | None = None, charset: str | None = None) -> Place:
        """A place that is read in these ways."""
        return Place(origin, self.limit, stem, size, charset, self.encoding, readers=self.readers)


class Reader(Protocol):
    """Makes articles of bytes."""

    def __call__(self, stream: BinaryIO, place: Place, /) -> Iterator[Document | Skipped]:
        """What is in ``stream``, in order. Raises Unreadable where all of it is of no use, OSError where reading fails."""


class Unreadable(Exception):
    """Why bytes did not become an article; caught within this package and told as a Skipped."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def whole(stream: BinaryIO, place: Place) -> bytes:
    """All bytes of ``stream``. Raises Unreadable over the limit, without reading on."""
    size = place.size
    content = stream.read(place.limit + 1) if size is None or size <= place.limit else b""
    if len(content) > place.limit or (size is not None and size > place.limit):
        raise Unreadable(over(place.limit, size))
    return content


def shown(name: str) -> str:
    """``name`` as a Skipped tells it: with what is no UTF-8 in a file's name written out."""
    return "stdin" if name == "-" else name.encode("utf-8", "backslashreplace").decode("utf-8")


class Joined:
    """Bytes that were read ahead, and the stream they came from."""

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        self._head = BytesIO(head)
        self._rest = rest

    def readline(self, size: int) -> bytes:
        """The next line, or ``size`` bytes of it."""
        line = self._head.readline(size)
        return line if line.endswith(b"\n") or len(line) >= size else line + self._rest.readline(size - len(line))

    def read(self, size: int) -> bytes:
        """The next ``size`` bytes, or as many as there are."""
        part = self._head.read(size)
        while len(part) < size and (more := self._rest.read(min(size - len(part), _STEP))):
            part += more
        return part


def over(limit: int, size: int | None = None) -> str:
    """The reason for leaving out what has more than ``limit`` bytes."""
    return f"{_megabytes(size)} is over the limit of {_megabytes(limit)}" if size else f"over the limit of {_megabytes(limit)}"


def _megabytes(size: int) -> str:
    return f"{size / 1e6:.1f} MB" if size >= 100_000 else f"{size} bytes"


@dataclass(frozen=True, slots=True)
class Known(Skipped):
    """An article that is as it was when it was last read, and was not read again; ``source`` is its origin."""

    reason: str = "unchanged since it was last read"


@dataclass(frozen=True, slots=True)
class Lost(Skipped):
    """An article that its source no longer has; ``source`` is its origin."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a feed or a sitemap."""

    told: Document
    """What the entry says itself. Its text is empty where the entry has none."""
    link: str | None
    """The address of its page."""
    whole: bool = False
    """Whether the text is said to be the whole article's."""
    stamp: str | None = None
    """Changes whenever the page does, where the site promises that."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What is remembered of an address that was read."""

    origin: str
    """That of the article it became."""
    etag: str | None = None
    modified: str | None = None
    """The Last-Modified header as it was sent."""
    entries: tuple[Entry, ...] | None = None
    """What a feed or a sitemap held, without texts; None for a page."""


class Memory(Protocol):
    """What an earlier run learned of the web."""

    def seen(self, url: str, /) -> Seen | None:
        """What is remembered of ``url``; None where the article is not there (any more)."""

    def has(self, origin: str, /) -> bool:
        """Whether there is an article from there."""
