"""Articles as JSON: one object a line, or one file that holds an object or a list of them."""

from __future__ import annotations

import hashlib
import json
import math
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from io import BytesIO
from typing import BinaryIO, NoReturn

from qa.agencies import credit
from qa.ingest.dates import stated
from qa.ingest.decode import is_wide, text_of, utf8
from qa.ingest.language import tag
from qa.ingest.plain import FIELDS
from qa.ingest.types import Place, Skipped, Unreadable, over, whole
from qa.types import Document

_LONGEST_ID = 200
_STEP = 1 << 16
_KNOWN = ("id", "text", *(name for names in FIELDS.values() for name in names))


def read(stream: BinaryIO, place: Place) -> Iterator[Document | Skipped]:
    """The article of each line, in order. Only one line is held at a time; a line over the limit is passed over unread."""
    return articles(_lines(stream, place), place)


def read_file(stream: BinaryIO, place: Place) -> Iterator[Document | Skipped]:
    """The articles of a file that is one object or a list of objects; a file of lines is read as lines."""
    content = whole(stream, place)
    if not content.strip():
        raise Unreadable("empty")
    try:
        loaded = parsed(text_of(content))
    except Unreadable:
        if not is_lines(content):
            raise
        return read(BytesIO(content), place)
    values: list[object] = loaded if isinstance(loaded, list) else [loaded]
    return articles(((f"item {number}", value) for number, value in enumerate(values, 1)), place)


def is_lines(content: bytes) -> bool:
    """Whether this looks like JSON Lines: it begins with an object, and some line is an object with a text."""
    if not content.lstrip().startswith(b"{"):
        return False
    for line in BytesIO(content):
        try:
            value = parsed(text_of(line))
        except Unreadable:
            continue
        if isinstance(value, dict) and "text" in value:
            return True
    return False


def is_file(content: bytes) -> bool:
    """Whether this is one JSON value: an object with a text, or a list that begins with one."""
    if not content.lstrip().startswith((b"{", b"[")):
        return False
    try:
        value = parsed(text_of(content))
    except Unreadable:
        return False
    first = next(iter(value), None) if isinstance(value, list) else value
    return isinstance(first, dict) and "text" in first


def parsed(text: str) -> object:
    """The value ``text`` writes. NaN and infinite numbers, which no JSON may hold, count as null. Raises Unreadable."""
    try:
        return json.loads(text, parse_constant=lambda _: None, parse_float=_finite)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno} column {error.colno}" if error.lineno > 1 else f"column {error.colno}"
        raise Unreadable(f"not JSON ({error.msg.removesuffix(' at')} at {where})") from error
    except ValueError as error:
        raise Unreadable("a number in it has too many digits") from error
    except RecursionError as error:
        raise Unreadable("nested too deep") from error


def _finite(written: str) -> float | None:
    value = float(written)
    return value if math.isfinite(value) else None


def _lines(stream: BinaryIO, place: Place) -> Iterator[tuple[str, object]]:
    """Each line with words in it: its name, and its value or the Unreadable that says why it has none."""
    number = 0
    while line := stream.readline(place.limit + 1):
        number += 1
        if number == 1 and is_wide(line):
            stream = BytesIO(utf8(line + whole(stream, place)))
            line = stream.readline(place.limit + 1)
        if len(line) > place.limit:
            while line and not line.endswith(b"\n"):
                line = stream.readline(_STEP)
            yield f"line {number}", Unreadable(over(place.limit))
        elif line.strip():
            try:
                yield f"line {number}", parsed(text_of(line.rstrip(b"\r\n")))
            except Unreadable as error:
                yield f"line {number}", error


def articles(values: Iterable[tuple[str, object]], place: Place) -> Iterator[Document | Skipped]:
    """The article of each named value, which is an object, or the Unreadable that says why there is none."""
    seen: dict[str, str] = {}
    where = ""
    for where, value in values:
        try:
            document = _article(value, place.origin)
            key = document.origin if document.id is None else document.id
            if key in seen:
                same = f"the id {key!r}" if document.id is not None else "this text or URL"
                raise Unreadable(f"{same} was given by {seen[key]} already")
            seen[key] = where
            yield document
        except Unreadable as error:
            yield Skipped(place.origin, f"{where}: {error.reason}")
    if not where:
        raise Unreadable("empty")


def _article(value: object, origin: str) -> Document:
    if isinstance(value, Unreadable):
        raise value
    if not isinstance(value, dict):
        raise Unreadable("not an object")
    fields: dict[str, object] = dict(value)
    _storable(fields)
    text = _take(fields, "text", "body", "content")
    if not isinstance(text, str):
        raise Unreadable("no text" if text is None else "its text is not a string")
    if not text.strip():
        raise Unreadable("empty")
    given = _id(_take(fields, "id"))
    url = _words(fields, *FIELDS["url"])
    place = f"{origin}#{given if given is not None else hashlib.sha256(text.encode()).hexdigest()[:12]}"
    return Document(
        text=text,
        origin=url if given is None and url and url.startswith(("http://", "https://")) else place,
        id=given,
        title=_words(fields, *FIELDS["title"]) or "",
        source=_words(fields, *FIELDS["source"]),
        url=url,
        author=(author := _words(fields, *FIELDS["author"])),
        published=_stated(fields, stated, *FIELDS["published"]),
        updated=_stated(fields, stated, *FIELDS["updated"]),
        language=_stated(fields, tag, *FIELDS["language"]),
        section=_words(fields, *FIELDS["section"]),
        credit=_words(fields, *FIELDS["credit"]) or credit(author, text),
        extra={name: kept for name, kept in fields.items() if kept is not None or name not in _KNOWN},
    )


def _storable(fields: dict[str, object]) -> None:
    """Raises Unreadable where half a surrogate pair stands anywhere in it: UTF-8 has no bytes for one."""
    try:
        json.dumps(fields, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise Unreadable("half a surrogate pair in it, which cannot be stored") from error
    except RecursionError as error:
        raise Unreadable("nested too deep") from error


def _take(fields: dict[str, object], *names: str) -> object:
    """Takes out the first of ``names`` that has a value."""
    name = next((name for name in names if fields.get(name) is not None), "")
    return fields.pop(name, None)


def _words(fields: dict[str, object], *names: str) -> str | None:
    """Takes out the first of ``names`` that is a word, a number or a list of words; anything else stays where it is."""
    for name in names:
        value = fields.get(name)
        parts: list[object] = value if isinstance(value, list) else [value]
        if parts and all(isinstance(part, str | int | float) and not isinstance(part, bool) for part in parts):
            del fields[name]
            return ", ".join(str(part).strip() for part in parts) or None
    return None


def _stated(fields: dict[str, object], read: Callable[[str], str | None], *names: str) -> str | None:
    """Takes out the first of ``names`` that ``read`` understands; what it does not understand stays where it is."""
    for name in names:
        value = fields.get(name)
        found = read(value) if isinstance(value, str) else None
        if found:
            del fields[name]
            return found
    return None


def _id(value: object) -> str | None:
    if value is None or value == "":
        return None
    if not isinstance(value, str | int | float):
        _refuse_id("is no string and no number")
    given = value if isinstance(value, str) else json.dumps(value)
    if len(given) > _LONGEST_ID:
        _refuse_id(f"is longer than {_LONGEST_ID} characters")
    if any(unicodedata.category(letter) in ("Cc", "Zl", "Zp") for letter in given):
        _refuse_id("has control characters")
    return given


def _refuse_id(why: str) -> NoReturn:
    raise Unreadable(f"its id {why}")
