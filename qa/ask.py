"""One question, one answer: retrieve, draft, resolve, and say honestly where it ended."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Protocol, runtime_checkable

from qa.cite import Resolver
from qa.draft.interface import Draft, DraftClaim, Drafter
from qa.errors import QAError
from qa.keywords import EVERYTHING, Filters, Selection
from qa.library import Library
from qa.retrieve import Nearest, passages
from qa.text import words
from qa.types import Answer, Claim, Dropped, Passage, Usage

NOT_FOUND = "Not found in these articles"


@runtime_checkable
class Streams(Protocol):
    """A drafter that proposes claims one after the other."""

    def draft_stream(self, question: str, passages: Sequence[Passage]) -> Iterator[Draft]:
        """The draft so far, each time it has another claim; the last is the whole."""


class Undrafted(QAError):
    """The drafter failed; what was found for it, and what it had proven by then, is still there."""

    def __init__(self, error: QAError, passages: Sequence[Passage], answer: Answer | None) -> None:
        model = "--model extractive, which asks nobody"
        super().__init__(error.message, error.hint if "--model extractive" in error.hint else f"{error.hint}, or {model}")
        self.exit_code = error.exit_code
        self.passages = tuple(passages)
        self.answer = answer
        """The claims that were proven before it failed; None where there were none."""


def ask(
    question: str,
    library: Library,
    nearest: Nearest,
    drafter: Drafter,
    *,
    limit: int,
    filters: Filters = EVERYTHING,
    strict: bool = False,
    told: Callable[[Answer], None] = lambda _: None,
) -> Answer:
    """The answer to ``question`` from the library's current articles, every claim with words that were found in one.

    An empty library, filters that leave nothing and a question without a word never reach the drafter. Not answered, the
    answer says why (``reason``) and what is missing (``message``). ``strict`` drops each claim that is less than supported.
    ``told`` is given the answer so far each time another claim is proven. Seconds are told for ``retrieve``, for ``draft`` (until
    the first claim is proven) and for the ``rest``, where there is any. Raises Undrafted where the drafter fails.
    """
    barred = _barred(question, library, filters)
    if barred:
        return _refusal(question, drafter, *barred)
    began = time.perf_counter()
    found = passages(question, library, nearest, limit=limit, filters=filters)
    seconds = {"retrieve": time.perf_counter() - began}
    if not found:
        return _refusal(
            question, drafter, "nothing_relevant", f"{NOT_FOUND}: no article shares a word with the question.", seconds
        )
    return _drafted(question, drafter, found, seconds, strict, told)


def _drafted(
    question: str,
    drafter: Drafter,
    found: Sequence[Passage],
    seconds: Mapping[str, float],
    strict: bool,
    told: Callable[[Answer], None],
) -> Answer:
    """The answer from what was found, each claim proven as it comes."""
    proof = _Proof(question, drafter, strict)
    answer: Answer | None = None
    began, first = time.perf_counter(), 0.0
    try:
        for draft in _drafts(drafter, question, found):
            for _ in proof.more(draft):
                first = first or time.perf_counter() - began
                answer = proof.answer({**seconds, "draft": first})
                told(answer)
    except QAError as error:
        raise Undrafted(error, found, answer) from error
    whole = time.perf_counter() - began
    parts = {"draft": first, "rest": whole - first} if first and isinstance(drafter, Streams) else {"draft": whole}
    return proof.answer({**seconds, **parts})


class _Proof:
    """Takes a draft as it grows, and each of its claims once."""

    def __init__(self, question: str, drafter: Drafter, strict: bool) -> None:
        self._question = question
        self._drafter = drafter
        self._strict = strict
        self._taken: dict[DraftClaim, Claim | Dropped] = {}

    def more(self, draft: Draft) -> Iterator[Claim]:
        """The claims that are new in ``draft`` and proven."""
        if not self._taken:
            self._resolver = Resolver(draft.sentences, self._question, strict=self._strict)
        self._draft = draft
        for proposed in draft.claims:
            if proposed not in self._taken:
                self._taken[proposed] = one = self._resolver.take(proposed)
                if isinstance(one, Claim):
                    yield one

    def answer(self, seconds: Mapping[str, float]) -> Answer:
        """What stands proven. What was dropped counts only where the draft still has it: a repair may have taken it back."""
        draft, drafter = self._draft, self._drafter
        claims = tuple(one for one in self._taken.values() if isinstance(one, Claim))
        dropped = tuple(one for claim, one in self._taken.items() if isinstance(one, Dropped) and claim in draft.claims)
        reason = None if claims else "not_in_articles"
        message = None if claims else f"{NOT_FOUND}: {draft.missing}" if draft.missing else f"{NOT_FOUND}."
        found = (claims, tuple(self._resolver.citations), dropped)
        return Answer(
            self._question, *found, reason, message, draft.confidence, drafter.name, drafter.prompt, draft.usage, seconds
        )


def _drafts(drafter: Drafter, question: str, found: Sequence[Passage]) -> Iterator[Draft]:
    if isinstance(drafter, Streams):
        yield from drafter.draft_stream(question, found)
    else:
        yield drafter.draft(question, found)


def _barred(question: str, library: Library, filters: Filters) -> tuple[str, str] | None:
    """Why the question need not be put to anything."""
    if not words(question):
        return "nothing_relevant", "The question has no words."
    if not library.count():
        return "empty_library", "The library is empty: there are no articles to answer from."
    if filters and not Selection(library.connection, filters).count():
        return "filtered_out", f"No article passes {filters.told()}."
    return None


def _refusal(question: str, drafter: Drafter, reason: str, message: str, seconds: dict[str, float] | None = None) -> Answer:
    return Answer(question, (), (), (), reason, message, 0.0, drafter.name, drafter.prompt, Usage(), seconds or {"retrieve": 0.0})
