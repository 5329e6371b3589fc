"""Frozen values as the plain records that scripts read, and those as JSON. The shapes are published in ``qa.render.schema``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final, TypeAlias

from qa.cite import surroundings
from qa.notes import notes
from qa.render import Look
from qa.render.safe import escaped
from qa.types import Answer, Article, Citation, Claim, Dropped, Passage, Summary, Usage, Variant

Json: TypeAlias = "Mapping[str, Json] | list[Json] | str | int | float | bool | None"
Record: TypeAlias = dict[str, Json]

ANSWER: Final = "groundwire/answer/1"
SUMMARY: Final = "groundwire/summary/1"
_DIGITS: Final = 4


def show(found: Answer | Summary, look: Look) -> str:
    """The record of an answer or a summary as one line of JSON."""
    del look
    return record_of(found)


def record_of(found: Answer | Summary) -> str:
    """The record of an answer or a summary as one line of JSON."""
    return dumps(answer_record(found) if isinstance(found, Answer) else summary_record(found))


def dumps(record: Mapping[str, object]) -> str:
    """``record`` as one line of JSON that parses to the same text and cannot drive a terminal that it is printed on.

    Raises ValueError for a number that JSON does not have.
    """
    return escaped(json.dumps(record, ensure_ascii=False, allow_nan=False))


def answer_record(answer: Answer) -> Record:
    """The record ``groundwire/answer/1``."""
    return {
        "schema": ANSWER,
        "question": answer.question,
        "answered": answer.answered,
        "reason": answer.reason,
        "message": answer.message,
        **_proven(answer),
        "confidence": round(float(answer.confidence), _DIGITS),
        **_made(answer),
    }


def summary_record(summary: Summary) -> Record:
    """The record ``groundwire/summary/1``."""
    return {
        "schema": SUMMARY,
        "about": summary.about,
        "article_ids": list(summary.article_ids),
        "message": summary.message,
        **_proven(summary),
        **_made(summary),
    }


def _proven(found: Answer | Summary) -> Record:
    return {
        "claims": [_claim(claim) for claim in found.claims],
        "citations": [citation_record(citation) for citation in found.citations],
        "dropped": [_dropped(lost) for lost in found.dropped],
    }


def _made(found: Answer | Summary) -> Record:
    return {
        "model": found.model,
        "prompt": found.prompt,
        "usage": _usage(found.usage),
        "seconds": {part: round(float(taken), _DIGITS) for part, taken in found.seconds.items()},
    }


def _claim(claim: Claim) -> Record:
    return {"text": claim.text, "citations": list(claim.citations), "support": claim.support, "why": claim.why}


def _dropped(lost: Dropped) -> Record:
    return {"text": lost.text, "why": lost.why}


def _usage(usage: Usage) -> Record:
    return {"input_tokens": usage.input_tokens, "output_tokens": usage.output_tokens}


def citation_record(citation: Citation) -> Record:
    """One citation: whose words, which version, where, and a few code points around them."""
    article, span = citation.article, citation.span
    before, after = surroundings(citation)
    return {
        "number": citation.number,
        "article_id": article.id,
        "article_sha256": article.sha256,
        "version": article.version,
        "title": article.title,
        "source": article.source,
        "url": article.url,
        "author": article.author,
        "published": article.published,
        "updated": article.updated,
        "page": article.page(span.start),
        "start": span.start,
        "end": span.end,
        "quote": citation.quote,
        "prefix": before,
        "suffix": after,
        "verdict": citation.verdict,
        "notes": notes_record(article),
        "origin": citation.origin,
        "copies": list(citation.copies),
        "differences": [variant_record(variant) for variant in citation.variants],
    }


def variant_record(variant: Variant) -> Record:
    """What a copy says otherwise, and where."""
    return {
        "article_id": variant.article.id,
        "version": variant.article.version,
        "start": variant.span.start,
        "end": variant.span.end,
        "quote": variant.quote,
        "instead": [{"says": says, "not": other} for says, other in variant.instead],
    }


def notes_record(article: Article) -> list[Json]:
    """What its editors noted on an article: places, words and kinds."""
    found = notes(article.text)
    return [{"start": one.span.start, "end": one.span.end, "quote": one.span.of(article.text), "kind": one.kind} for one in found]


def passage_record(passage: Passage) -> Record:
    """One passage of ``qa search``."""
    article = passage.article
    return {
        "article_id": article.id,
        "start": passage.span.start,
        "end": passage.span.end,
        "text": passage.text,
        "score": float(passage.score),
        "title": article.title,
        "source": article.source,
        "url": article.url,
        "published": article.published,
    }


def header_record(article: Article, chars: int) -> Record:
    """One article of ``qa list``: everything but its text, whose length in code points is ``chars``."""
    return {
        "id": article.id,
        "title": article.title,
        "source": article.source,
        "url": article.url,
        "author": article.author,
        "published": article.published,
        "updated": article.updated,
        "language": article.language,
        "section": article.section,
        "credit": article.credit,
        "pages": len(article.pages) or None,
        "origin": article.origin,
        "chars": chars,
        "version": article.version,
        "sha256": article.sha256,
    }


def article_record(article: Article) -> Record:
    """One article of ``qa show``: its header, its editors' notes and its text."""
    return {**header_record(article, len(article.text)), "notes": notes_record(article), "text": article.text}
