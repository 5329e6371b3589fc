"""Tables as text (.csv, .tsv): an article a row, its parts by the names of the columns, a row at a time."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import BinaryIO, Final

from qa.ingest.decode import codec_of, decoded, is_wide, utf8
from qa.ingest.jsonl import articles
from qa.ingest.types import Joined, Place, Skipped, Unreadable, over, whole
from qa.types import Document

_DELIMITERS: Final = ",;\t|"
_SAMPLE: Final = 1 << 16
_TEXTS: Final = frozenset({"text", "body", "content"})
_OTHER_NAMES: Final = {
    "headline": "title",
    "byline": "author",
    "authors": "author",
    "link": "url",
    "datum": "date",
    "article": "text",
    "article text": "text",
    "full text": "text",
    "date published": "published",
    "publication": "source",
}
"""What exports call our fields."""
_BESIDE: Final = frozenset({"id", "title", "url", "date", "published", "source", "author"})


def read(stream: BinaryIO, place: Place) -> Iterator[Document | Skipped]:
    """The article of each row. Raises Unreadable where the columns have no names, or none of them is the text."""
    head = stream.read(_SAMPLE)
    if not head.strip():
        raise Unreadable("empty")
    rest: BinaryIO = stream
    if is_wide(head):
        head, rest = utf8(head + whole(stream, place)), BytesIO()
    codec, guessed = codec_of(head[: head.rfind(b"\n") + 1] or head, place.charset, place.encoding)
    lines = _Lines(head, rest, codec, place)
    csv.field_size_limit(max(place.limit, csv.field_size_limit()))
    first = next(lines, "").lstrip("\ufeff")
    delimiter = _delimiter(first)
    try:
        names = columns(next(csv.reader([first], delimiter=delimiter), []))
    except csv.Error as error:
        raise Unreadable(f"not a table ({error})") from error
    yield from articles(
        _rows(csv.reader(lines, delimiter=delimiter), names, lines, {"guessed_encoding": codec} if guessed else {}), place
    )


def is_table(content: bytes) -> bool:
    """Whether the first line names columns, one of them the text and another one beside it."""
    first = content[:_SAMPLE].partition(b"\n")[0].decode("utf-8", "replace").lstrip("\ufeff").rstrip("\r")
    names = set(_known(first.split(_delimiter(first))))
    return bool(_TEXTS & names) and bool(_BESIDE & names)


def columns(written: Sequence[str]) -> list[str]:
    """The columns' names as our fields, others as they came. Raises Unreadable where none is the text, naming what there is."""
    names = _known(written)
    if not _TEXTS & set(names):
        listed = ", ".join(name for name in written[:20] if name.strip()) or "none"
        raise Unreadable(f"no column called text, body or content; its columns are {listed}")
    return names


def _known(written: Sequence[str]) -> list[str]:
    plain = [" ".join(name.strip().strip('"').replace("_", " ").lower().split()) for name in written]
    return [_OTHER_NAMES.get(name, name) for name in plain]


def _delimiter(line: str) -> str:
    return max(_DELIMITERS, key=line.count)


def _rows(
    reader: Iterator[list[str]], names: Sequence[str], lines: _Lines, noted: dict[str, str]
) -> Iterator[tuple[str, object]]:
    number = 1
    while True:
        number += 1
        lines.row = 0
        try:
            row = next(reader)
        except StopIteration:
            return
        except (csv.Error, Unreadable) as error:
            reason = error.reason if isinstance(error, Unreadable) else f"not a table from here on ({error})"
            yield f"row {number}", Unreadable(reason)
            return
        if row:
            yield f"row {number}", {**noted, **{name: value for name, value in zip(names, row, strict=False) if value}}


class _Lines(Iterator[str]):
    """A stream's lines as text; one row may take no more of them than an article may have bytes."""

    def __init__(self, head: bytes, rest: BinaryIO, codec: str, place: Place) -> None:
        self._stream, self._codec, self._limit = Joined(head, rest), codec, place.limit
        self.row = 0
        """Bytes since the row began; whoever takes rows sets it back."""

    def __next__(self) -> str:
        line = self._stream.readline(self._limit + 1)
        if not line:
            raise StopIteration
        self.row += len(line)
        if self.row > self._limit:
            raise Unreadable(over(self._limit))
        return decoded(line, self._codec)
