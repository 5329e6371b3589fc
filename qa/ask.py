"""One question, one answer: retrieve, draft, resolve, and say honestly where it ended."""

from __future__ import annotations

import time
from dataclasses import dataclass

from qa.cite import resolve
from qa.draft.interface import Draft, Drafter
from qa.keywords import EVERYTHING, Filters, Selection
from qa.library import Library
from qa.retrieve import Nearest, passages
from qa.text import words
from qa.types import Answer, Passage, Usage

NOT_FOUND = "Not found in these articles"


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read for one question, whoever drafts from it."""

    question: str
    passages: tuple[Passage, ...]
    """Best first; none where there is nothing to put to a drafter."""
    seconds: float
    """What finding them took."""
    reason: str | None = None
    """Without passages: why, as ``Answer.reason`` has it."""
    message: str | None = None
    """Without passages: why, in words."""


def ask(
    question: str, library: Library, nearest: Nearest, drafter: Drafter, *, limit: int, filters: Filters = EVERYTHING
) -> Answer:
    """The answer to ``question`` from the library's current articles, every claim with words that were found in one.

    Not answered, the answer says why (``reason``) and what is missing (``message``). Seconds are told for ``retrieve`` and
    ``draft``.
    """
    return answer(read(question, library, nearest, limit=limit, filters=filters), drafter)


def read(question: str, library: Library, nearest: Nearest, *, limit: int, filters: Filters = EVERYTHING) -> Reading:
    """The passages to answer from. An empty library, filters that leave nothing and a question without a word have none."""
    barred = _barred(question, library, filters)
    if barred:
        return Reading(question, (), 0.0, *barred)
    began = time.perf_counter()
    found = tuple(passages(question, library, nearest, limit=limit, filters=filters))
    seconds = time.perf_counter() - began
    if not found:
        nothing = f"{NOT_FOUND}: no article shares a word with the question."
        return Reading(question, (), seconds, "nothing_relevant", nothing)
    return Reading(question, found, seconds)


def answer(reading: Reading, drafter: Drafter) -> Answer:
    """What ``drafter`` makes of the reading; one without passages never reaches it."""
    seconds = {"retrieve": reading.seconds}
    if not reading.passages:
        return _refusal(reading, drafter, seconds)
    began = time.perf_counter()
    draft = drafter.draft(reading.question, reading.passages)
    seconds["draft"] = time.perf_counter() - began
    return _answer(reading, drafter, draft, seconds)


def _barred(question: str, library: Library, filters: Filters) -> tuple[str, str] | None:
    """Why the question need not be put to anything."""
    if not words(question):
        return "nothing_relevant", "The question has no words."
    if not library.count():
        return "empty_library", "The library is empty: there are no articles to answer from."
    if filters and not Selection(library.connection, filters).count():
        return "filtered_out", f"No article passes {filters.told()}."
    return None


def _answer(reading: Reading, drafter: Drafter, draft: Draft, seconds: dict[str, float]) -> Answer:
    claims, citations, dropped = resolve(draft)
    reason = None if claims else "not_in_articles"
    message = None if claims else f"{NOT_FOUND}: {draft.missing}" if draft.missing else f"{NOT_FOUND}."
    return Answer(
        reading.question,
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
        reading.passages,
    )


def _refusal(reading: Reading, drafter: Drafter, seconds: dict[str, float]) -> Answer:
    reason, message = reading.reason, reading.message
    return Answer(reading.question, (), (), (), reason, message, 0.0, drafter.name, drafter.prompt, Usage(), seconds)
