"""Articles as rows of the library's tables, and back."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from array import array
from collections.abc import Sequence
from typing import Any

from qa.errors import UsageError
from qa.types import Article, Document
from vectorstore.types import Span

TOLD = ("origin", "title", "source", "url", "author", "published", "updated", "language", "section", "credit", "pages", "extra")
"""What a document tells of itself beside its text: columns of ``versions``."""
HEADER = ", ".join(f"v.{name}" for name in ("article_id", "version", "sha256", *TOLD[:-1]))
"""What ``article_of`` takes."""


def article_of(row: Sequence[Any], text: str) -> Article:
    """The article of a row of HEADER."""
    *told, pages = row
    known = dict(zip(("id", "version", "sha256", *TOLD[:-2]), told, strict=True))
    return Article(text=text, pages=tuple(json.loads(pages)) if pages else (), **known)


def told_by(document: Document) -> tuple[str | None, ...]:
    """The values of TOLD."""
    extra = json.dumps(dict(document.extra), ensure_ascii=False, sort_keys=True)
    pages = json.dumps(document.pages) if document.pages else None
    return (*(getattr(document, name) for name in TOLD[:-2]), pages, extra)


def unstorable(document: Document) -> str:
    """Why no file could hold this document: a part that is no string, half a surrogate pair, an ``extra`` that is no JSON.

    Empty for one that can be stored.
    """
    try:
        extra = json.dumps(dict(document.extra), ensure_ascii=False, allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        return f"what it has beside its text cannot be written as JSON: {error}"
    parts = {name: getattr(document, name) for name in ("text", "id", *TOLD[:-2])}
    for name, value in {**parts, "extra": extra}.items():
        if value is None and name not in ("text", "origin", "title"):
            continue
        if not isinstance(value, str):
            return f"its {name} is not a string"
        try:
            value.encode()
        except UnicodeEncodeError:
            return f"its {name} has half a surrogate pair, which no file can hold"
    return ""


def identity_of(document: Document) -> str:
    """What makes two documents the same article: the id given, else the place it was read from."""
    return f"id:{document.id}" if document.id is not None else f"at:{document.origin}"


def sha256_of(text: str) -> str:
    """What names a version: the digest of its text in UTF-8. Raises UsageError for half a surrogate pair."""
    try:
        return hashlib.sha256(text.encode()).hexdigest()
    except UnicodeEncodeError as error:
        raise UsageError("the text has half a surrogate pair, which no file can hold", "repair the text") from error


def damaged(connection: sqlite3.Connection) -> dict[int, str]:
    """The versions whose text is lost or is not what its sha256 says: their keys, each with its article's id."""
    columns = "v.key, v.article_id, v.sha256, CAST(t.text AS BLOB)"
    every = f"SELECT {columns} FROM versions v LEFT JOIN texts t USING (sha256) ORDER BY v.key"
    return {
        key: id
        for key, id, digest, raw in connection.execute(every)
        if hashlib.sha256(raw or b"").hexdigest() != digest or raw is None
    }


def packed(spans: Sequence[Span]) -> bytes:
    """Offsets as 32-bit integers, two a span."""
    return array("I", [offset for span in spans for offset in (span.start, span.end)]).tobytes()


def unpacked(blob: bytes) -> list[Span]:
    """The spans of ``packed``."""
    offsets = array("I")
    offsets.frombytes(blob)
    return [Span(start, end) for start, end in zip(offsets[::2], offsets[1::2], strict=True)]
