"""The words in which ``qa.render.schema`` and ``qa.render.schema_reports`` describe records, as JSON Schema."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from qa.render.data import Json, Record

_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"


def head(name: str, named: str, description: str) -> Record:
    """What every schema begins with; ``named`` is the record's name with its number."""
    urn = "urn:" + named.replace("/", ":")
    return {"$schema": _DIALECT, "$id": urn, "title": f"Groundwire {name} record", "description": description}


def record(fields: Record) -> Record:
    """An object that has all of these fields."""
    return {"type": "object", "properties": fields, "required": list(fields)}


def many(items: Json, description: str, least: int = 0) -> Record:
    """A list of such items, ``least`` of them at least."""
    return {"type": "array", "items": items, "minItems": least, "description": description}


def text(description: str) -> Record:
    """A string."""
    return {"type": "string", "description": description}


def text_or_null(description: str) -> Record:
    """A string, or null."""
    return {"type": ["string", "null"], "description": description}


def number(description: str) -> Record:
    """A whole number from 0."""
    return {"type": "integer", "minimum": 0, "description": description}


def share(description: str) -> Record:
    """A number from 0 to 1."""
    return {"type": "number", "minimum": 0, "maximum": 1, "description": description}


def version() -> Record:
    """An article's version."""
    return {"type": "integer", "minimum": 1, "description": "Version of the article; the highest is the current one."}


def digest(description: str) -> Record:
    """A sha256."""
    return {"type": "string", "pattern": "^[0-9a-f]{64}$", "description": description}


def maybe(field: Record) -> Record:
    """The same field, or null."""
    return {**field, "type": [field["type"], "null"]}


def one_of(values: Sequence[str], description: str) -> Record:
    """One of these words."""
    return {"enum": list(values), "description": description}


def switch(description: str) -> Record:
    """True or false."""
    return {"type": "boolean", "description": description}


def variant() -> Record:
    """What a copy says otherwise."""
    instead: Record = {"says": text("The copy's words."), "not": text("The cited article's; either may be empty.")}
    return {
        "article_id": text("The copy."),
        "version": version(),
        "start": number("First code point of its sentence."),
        "end": number("One past its last code point."),
        "quote": text("The copy's own words."),
        "instead": many(record(instead), "The words that differ."),
    }


def known() -> Record:
    """What is told of an article wherever it is named."""
    return {
        "title": text("The article's title; empty where it has none."),
        "source": text_or_null("The outlet."),
        "url": text_or_null("The article's address."),
        "published": text_or_null("ISO 8601 date or date-time as stated; null where none is, never guessed."),
    }
