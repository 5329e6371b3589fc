"""The published JSON Schemas (draft 2020-12) of the records in ``qa.render.data``. Records may hold more than is named here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from qa.errors import UsageError
from qa.render import schema_reports
from qa.render.data import ANSWER, SUMMARY, Record
from qa.render.fields import digest, head, known, many, number, record, share, text, text_or_null, variant, version

REASONS: Final = ("empty_library", "nothing_relevant", "not_in_articles", "filtered_out")
"""Why a question was not answered."""


def schema(name: str) -> Record:
    """The schema of a record in ``NAMES``. Raises UsageError for another name."""
    make = _SCHEMAS.get(name)
    if make is None:
        raise UsageError(f"there is no schema called {name!r}", f"choose one of {', '.join(_SCHEMAS)}")
    return make()


def _answer() -> Record:
    fields: Record = {
        "schema": {"const": ANSWER, "description": "Names the shape of this record."},
        "question": text("The question as it was asked."),
        "answered": {"type": "boolean", "description": "Whether there is at least one claim."},
        "reason": {"enum": [*REASONS, None], "description": "Why there is no answer; null when there is one."},
        "message": text_or_null("In words, what is missing; null when answered."),
        **_proven(),
        "confidence": share("Probability that the articles answer the question and the first claim does so."),
        **_made(),
    }
    unanswered: Record = {"claims": {"maxItems": 0}, "reason": {"enum": list(REASONS)}, "message": {"type": "string"}}
    answered: Record = {"claims": {"minItems": 1}, "citations": {"minItems": 1}, "reason": {"const": None}}
    return {
        **head("answer", ANSWER, "A question and its answer, every claim with the words it rests on."),
        **record(fields),
        "if": {"properties": {"answered": {"const": True}}},
        "then": {"properties": answered},
        "else": {"properties": unanswered},
    }


def _summary() -> Record:
    fields: Record = {
        "schema": {"const": SUMMARY, "description": "Names the shape of this record."},
        "about": text("The topic, or the title of the one article."),
        "article_ids": many({"type": "string"}, "The articles that were summarized."),
        "message": text_or_null("In words, why there is no summary; null when there is one."),
        **_proven(),
        **_made(),
    }
    said = "The sentences that say the most of one article or topic, each with its place."
    return {**head("summary", SUMMARY, said), **record(fields)}


def _passages() -> Record:
    passage: Record = {
        "article_id": text("The article the passage stands in."),
        "start": number("Its first code point in the article's text."),
        "end": number("One past its last code point."),
        "text": text("Its words: the article's text from start to end."),
        "score": {"type": "number", "description": "Only the order means anything: higher is nearer."},
        **known(),
    }
    fields: Record = {
        "query": text("What was searched for."),
        "passages": many(record(passage), "What was found, best first."),
    }
    return {**head("passages", "groundwire/passages/1", "Passages found by a search."), **record(fields)}


def _articles() -> Record:
    article: Record = {
        "id": text("Names the article."),
        **known(),
        "author": text_or_null("Who wrote it, as stated."),
        "updated": text_or_null("ISO 8601 date or date-time of its last change, as stated."),
        "language": text_or_null("As stated, a BCP 47 tag."),
        "section": text_or_null("The part of the outlet it stood in, as stated."),
        "credit": text_or_null("The agency or other outlet that it says it came from."),
        "pages": {"type": ["integer", "null"], "minimum": 1, "description": "How many pages it has; null where it has none."},
        "origin": text("The path or address it was read from."),
        "chars": number("Length of its text in code points."),
        "version": version(),
        "sha256": digest("Of its text in UTF-8."),
    }
    fields: Record = {"articles": many(record(article), "Newest first.")}
    return {**head("articles", "groundwire/articles/1", "The articles of a library."), **record(fields)}


def _proven() -> Record:
    claim: Record = {
        "text": text("One sentence."),
        "citations": many({"type": "integer", "minimum": 1}, "Numbers of the citations that back it.", least=1),
        "support": {"enum": ["supported", "partly", "unsupported"], "description": "Whether the cited words support the claim."},
        "why": text("What they do not support, in words; empty where they support all of it."),
    }
    lost: Record = {"text": text("The sentence that was proposed."), "why": text("Why it is not shown.")}
    return {
        "claims": many(record(claim), "What is said: an answer's best first, a summary's in reading order."),
        "citations": many(record(_citation()), "Words found in the articles, numbered in the order in which claims use them."),
        "dropped": many(record(lost), "What a drafter proposed and could not be shown."),
    }


def _citation() -> Record:
    return {
        "number": {"type": "integer", "minimum": 1, "description": "What claims call this citation."},
        "article_id": text("The article the words stand in."),
        "article_sha256": digest("Of that version's text in UTF-8."),
        "version": version(),
        **known(),
        "author": text_or_null("Who wrote the article, as stated."),
        "updated": text_or_null("ISO 8601 date or date-time of its last change, as stated."),
        "page": {
            "type": ["integer", "null"],
            "minimum": 1,
            "description": "Where it begins; null where there are no pages.",
        },
        "start": number("First code point of the quote in the version's text."),
        "end": number("One past its last code point."),
        "quote": text("The article's own words: its text from start to end."),
        "prefix": text("Up to 32 code points before the quote."),
        "suffix": text("Up to 32 code points after it."),
        "verdict": {
            "enum": ["exact", "folded"],
            "description": "How the proposed words were found: as they stand, or but for case, spacing and typography.",
        },
        "notes": many(record(_note()), "What its editors noted on the article: corrections, updates."),
        "origin": text_or_null("The article that this one is a copy of, or itself; null where no copies are known."),
        "copies": many({"type": "string"}, "Copies of the article that say the same."),
        "differences": many(record(variant()), "What copies of the article say that differs in a figure, date, name or not."),
    }


def _note() -> Record:
    return {
        "start": number("Its first code point in the version's text."),
        "end": number("One past its last code point."),
        "quote": text("The note: the article's text from start to end."),
        "kind": {"enum": ["correction", "editor", "update"], "description": "What kind of note it is."},
    }


def _made() -> Record:
    tokens: Record = {
        "input_tokens": number("Tokens sent to a model."),
        "output_tokens": number("Tokens it sent back."),
    }
    seconds: Record = {
        "type": "object",
        "additionalProperties": {"type": "number", "minimum": 0},
        "description": "Seconds that each step took.",
    }
    return {
        "model": text("Who drafted."),
        "prompt": text_or_null("Fingerprint of the prompt; null where there is none."),
        "usage": {**record(tokens), "description": "What a model was sent and sent back."},
        "seconds": seconds,
    }


_SCHEMAS: Final[dict[str, Callable[[], Record]]] = {
    "answer": _answer,
    "summary": _summary,
    "passages": _passages,
    "articles": _articles,
    **schema_reports.SCHEMAS,
}
NAMES: Final = tuple(_SCHEMAS)
"""Records with a published schema."""
