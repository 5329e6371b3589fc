"""The published JSON Schemas (draft 2020-12) of the records in ``qa.render.data``. Records may hold more than is named here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from qa.errors import UsageError
from qa.render.data import ANSWER, SUMMARY, Json, Record

_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
REASONS: Final = ("empty_library", "nothing_relevant", "not_in_articles", "filtered_out")
"""Why a question was not answered."""


def schema(name: str) -> Record:
    """The schema of ``answer``, ``summary``, ``passages`` or ``articles``. Raises UsageError for another name."""
    make = _SCHEMAS.get(name)
    if make is None:
        raise UsageError(f"there is no schema called {name!r}", f"choose one of {', '.join(_SCHEMAS)}")
    return make()


def _answer() -> Record:
    fields: Record = {
        "schema": {"const": ANSWER, "description": "Names the shape of this record."},
        "question": _text("The question as it was asked."),
        "answered": {"type": "boolean", "description": "Whether there is at least one claim."},
        "reason": {"enum": [*REASONS, None], "description": "Why there is no answer; null when there is one."},
        "message": _text_or_null("In words, what is missing; null when answered."),
        **_proven(),
        "confidence": _share("Probability that the articles answer the question and the first claim does so."),
        **_made(),
    }
    unanswered: Record = {"claims": {"maxItems": 0}, "reason": {"enum": list(REASONS)}, "message": {"type": "string"}}
    answered: Record = {"claims": {"minItems": 1}, "citations": {"minItems": 1}, "reason": {"const": None}}
    return {
        **_head("answer", ANSWER, "A question and its answer, every claim with the words it rests on."),
        **_object(fields),
        "if": {"properties": {"answered": {"const": True}}},
        "then": {"properties": answered},
        "else": {"properties": unanswered},
    }


def _summary() -> Record:
    fields: Record = {
        "schema": {"const": SUMMARY, "description": "Names the shape of this record."},
        "about": _text("The topic, or the title of the one article."),
        "article_ids": _list({"type": "string"}, "The articles that were summarized."),
        "message": _text_or_null("In words, why there is no summary; null when there is one."),
        **_proven(),
        **_made(),
    }
    head = _head("summary", SUMMARY, "The sentences that say the most of one article or topic, each with its place.")
    return {**head, **_object(fields)}


def _passages() -> Record:
    passage: Record = {
        "article_id": _text("The article the passage stands in."),
        "start": _offset("Its first code point in the article's text."),
        "end": _offset("One past its last code point."),
        "text": _text("Its words: the article's text from start to end."),
        "score": {"type": "number", "description": "Only the order means anything: higher is nearer."},
        **_known(),
    }
    fields: Record = {
        "query": _text("What was searched for."),
        "passages": _list(_object(passage), "What was found, best first."),
    }
    return {**_head("passages", "groundwire/passages/1", "Passages found by a search."), **_object(fields)}


def _articles() -> Record:
    article: Record = {
        "id": _text("Names the article."),
        **_known(),
        "author": _text_or_null("Who wrote it, as stated."),
        "updated": _text_or_null("ISO 8601 date or date-time of its last change, as stated."),
        "language": _text_or_null("As stated, a BCP 47 tag."),
        "section": _text_or_null("The part of the outlet it stood in, as stated."),
        "credit": _text_or_null("The agency or other outlet that it says it came from."),
        "pages": {"type": ["integer", "null"], "minimum": 1, "description": "How many pages it has; null where it has none."},
        "origin": _text("The path or address it was read from."),
        "chars": _offset("Length of its text in code points."),
        "version": _version(),
        "sha256": _digest("Of its text in UTF-8."),
    }
    fields: Record = {"articles": _list(_object(article), "Newest first.")}
    return {**_head("articles", "groundwire/articles/1", "The articles of a library."), **_object(fields)}


def _proven() -> Record:
    claim: Record = {
        "text": _text("One sentence."),
        "citations": _list({"type": "integer", "minimum": 1}, "Numbers of the citations that back it.", least=1),
        "support": {"enum": ["supported", "partly", "unsupported"], "description": "Whether the cited words support the claim."},
        "why": _text("What they do not support, in words; empty where they support all of it."),
    }
    lost: Record = {"text": _text("The sentence that was proposed."), "why": _text("Why it is not shown.")}
    return {
        "claims": _list(_object(claim), "What is said: an answer's best first, a summary's in reading order."),
        "citations": _list(_object(_citation()), "Words found in the articles, numbered in the order in which claims use them."),
        "dropped": _list(_object(lost), "What a drafter proposed and could not be shown."),
    }


def _citation() -> Record:
    return {
        "number": {"type": "integer", "minimum": 1, "description": "What claims call this citation."},
        "article_id": _text("The article the words stand in."),
        "article_sha256": _digest("Of that version's text in UTF-8."),
        "version": _version(),
        **_known(),
        "author": _text_or_null("Who wrote the article, as stated."),
        "updated": _text_or_null("ISO 8601 date or date-time of its last change, as stated."),
        "page": {
            "type": ["integer", "null"],
            "minimum": 1,
            "description": "Where it begins; null where there are no pages.",
        },
        "start": _offset("First code point of the quote in the version's text."),
        "end": _offset("One past its last code point."),
        "quote": _text("The article's own words: its text from start to end."),
        "prefix": _text("Up to 32 code points before the quote."),
        "suffix": _text("Up to 32 code points after it."),
        "verdict": {
            "enum": ["exact", "folded"],
            "description": "How the proposed words were found: as they stand, or but for case, spacing and typography.",
        },
        "notes": _list(_object(_note()), "What its editors noted on the article: corrections, updates."),
        "origin": _text_or_null("The article that this one is a copy of, or itself; null where no copies are known."),
        "copies": _list({"type": "string"}, "Copies of the article that say the same."),
        "differences": _list(_object(_variant()), "What copies of the article say that differs in a figure, date, name or not."),
    }


def _note() -> Record:
    return {
        "start": _offset("Its first code point in the version's text."),
        "end": _offset("One past its last code point."),
        "quote": _text("The note: the article's text from start to end."),
        "kind": {"enum": ["correction", "editor", "update"], "description": "What kind of note it is."},
    }


def _variant() -> Record:
    instead: Record = {"says": _text("The copy's words."), "not": _text("The cited article's; either may be empty.")}
    return {
        "article_id": _text("The copy."),
        "version": _version(),
        "start": _offset("First code point of its sentence."),
        "end": _offset("One past its last code point."),
        "quote": _text("The copy's own words."),
        "instead": _list(_object(instead), "The words that differ."),
    }


def _known() -> Record:
    return {
        "title": _text("The article's title; empty where it has none."),
        "source": _text_or_null("The outlet."),
        "url": _text_or_null("The article's address."),
        "published": _text_or_null("ISO 8601 date or date-time as stated; null where none is, never guessed."),
    }


def _made() -> Record:
    tokens: Record = {
        "input_tokens": _offset("Tokens sent to a model."),
        "output_tokens": _offset("Tokens it sent back."),
    }
    seconds: Record = {
        "type": "object",
        "additionalProperties": {"type": "number", "minimum": 0},
        "description": "Seconds that each step took.",
    }
    return {
        "model": _text("Who drafted."),
        "prompt": _text_or_null("Fingerprint of the prompt; null where there is none."),
        "usage": {**_object(tokens), "description": "What a model was sent and sent back."},
        "seconds": seconds,
    }


def _head(name: str, record: str, description: str) -> Record:
    urn = "urn:" + record.replace("/", ":")
    return {"$schema": _DIALECT, "$id": urn, "title": f"Groundwire {name} record", "description": description}


def _object(fields: Record) -> Record:
    return {"type": "object", "properties": fields, "required": list(fields)}


def _list(items: Json, description: str, least: int = 0) -> Record:
    return {"type": "array", "items": items, "minItems": least, "description": description}


def _text(description: str) -> Record:
    return {"type": "string", "description": description}


def _text_or_null(description: str) -> Record:
    return {"type": ["string", "null"], "description": description}


def _offset(description: str) -> Record:
    return {"type": "integer", "minimum": 0, "description": description}


def _share(description: str) -> Record:
    return {"type": "number", "minimum": 0, "maximum": 1, "description": description}


def _version() -> Record:
    return {"type": "integer", "minimum": 1, "description": "Version of the article; the highest is the current one."}


def _digest(description: str) -> Record:
    return {"type": "string", "pattern": "^[0-9a-f]{64}$", "description": description}


_SCHEMAS: Final[dict[str, Callable[[], Record]]] = {
    "answer": _answer,
    "summary": _summary,
    "passages": _passages,
    "articles": _articles,
}
