"""One question, one answer: retrieve, draft, resolve, and say honestly where it ended."""

from __future__ import annotations

import time

from qa.cite import resolve
from qa.draft.interface import Draft, Drafter
from qa.keywords import EVERYTHING, Filters, Selection
from qa.library import Library
from qa.retrieve import Nearest, passages
from qa.text import words
from qa.types import Answer, Usage

NOT_FOUND = "Not found in these articles"


def ask(
    question: str, library: Library, nearest: Nearest, drafter: Drafter, *, limit: int, filters: Filters = EVERYTHING
) -> Answer:
    """The answer to ``question`` from the library's current articles, every claim with words that were found in one.

    An empty library, filters that leave nothing and a question without a word never reach the drafter. Not answered, the
    answer says why (``reason``) and what is missing (``message``). Seconds are told for ``retrieve`` and ``draft``.
    """
    barred = _barred(question, library, filters)
    if barred:
        return _refusal(question, drafter, *barred)
    began = time.perf_counter()
    found = passages(question, library, nearest, limit=limit, filters=filters)
    retrieved = time.perf_counter()
    seconds = {"retrieve": retrieved - began}
    if not found:
        return _refusal(
            question, drafter, "nothing_relevant", f"{NOT_FOUND}: no article shares a word with the question.", seconds
        )
    draft = drafter.draft(question, found)
    seconds["draft"] = time.perf_counter() - retrieved
    return _answer(question, drafter, draft, seconds)


def _barred(question: str, library: Library, filters: Filters) -> tuple[str, str] | None:
    """Why the question need not be put to anything."""
    if not words(question):
        return "nothing_relevant", "The question has no words."
    if not library.count():
        return "empty_library", "The library is empty: there are no articles to answer from."
    if filters and not Selection(library.connection, filters).count():
        return "filtered_out", f"No article passes {filters.told()}."
    return None


def _answer(question: str, drafter: Drafter, draft: Draft, seconds: dict[str, float]) -> Answer:
    claims, citations, dropped = resolve(draft)
    reason = None if claims else "not_in_articles"
    message = None if claims else f"{NOT_FOUND}: {draft.missing}" if draft.missing else f"{NOT_FOUND}."
    return Answer(
        question,
        claims,
        citations,
        dropped,
        reason,
        message,
        draft.confidence,
        drafter.name,
        drafter.prompt,
        draft.usage,
        seconds,
    )


def _refusal(question: str, drafter: Drafter, reason: str, message: str, seconds: dict[str, float] | None = None) -> Answer:
    return Answer(question, (), (), (), reason, message, 0.0, drafter.name, drafter.prompt, Usage(), seconds or {"retrieve": 0.0})
