"""One question, one answer: retrieve, draft, resolve, and say honestly where it ended."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from qa.cite import Resolver, Scrutiny
from qa.draft.interface import Draft, DraftClaim, Drafter, Streams, drafts
from qa.errors import QAError, Unwritten
from qa.keywords import EVERYTHING, Filters, Selection
from qa.library import Library
from qa.retrieve import Nearest, passages
from qa.text import words
from qa.types import NOTHING, Answer, Claim, Dropped, Passage, Usage

if TYPE_CHECKING:
    from qa.support.second import Second

NOT_FOUND = "Not found in these articles"
MOST_WORDS = 300
"""A longer question is put to nobody: most likely it is a text that was pasted by mistake."""


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


@runtime_checkable
class Checks(Protocol):
    """A drafter whose claims are judged by a model, too."""

    @property
    def second(self) -> Second:
        """Whoever is asked about each claim."""


class Undrafted(Unwritten):
    """The drafter failed; what was found for it, and what it had proven by then, is still there."""

    def __init__(self, error: QAError, passages: Sequence[Passage], answer: Answer | None) -> None:
        super().__init__(error)
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

    Not answered, the answer says why (``reason``) and what is missing (``message``). ``strict`` drops each claim that is less
    than supported. ``told`` is given the answer so far each time another claim is proven. Seconds are told for ``retrieve``, for
    ``draft`` (until the first claim is proven) and for the ``rest``, if there is any. Raises Undrafted where the drafter fails.
    """
    return answer(read(question, library, nearest, limit=limit, filters=filters), drafter, strict=strict, told=told)


def read(question: str, library: Library, nearest: Nearest, *, limit: int, filters: Filters = EVERYTHING) -> Reading:
    """The passages to answer from.

    An empty library, filters that leave nothing, a question without a word and one of over MOST_WORDS have none.
    """
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


def answer(
    reading: Reading,
    drafter: Drafter,
    *,
    strict: bool = False,
    told: Callable[[Answer], None] = lambda _: None,
    before: Usage = NOTHING,
) -> Answer:
    """What ``drafter`` makes of the reading, each claim proven as it comes; one without passages never reaches it.

    ``before`` is what the question itself took, and counts as the answer's.
    """
    seconds = {"retrieve": reading.seconds}
    if not reading.passages:
        return _refusal(reading, drafter, seconds, before)
    proof = _Proof(reading, drafter, strict, before)
    so_far: Answer | None = None
    began, first = time.perf_counter(), 0.0
    try:
        for draft in drafts(drafter, reading.question, reading.passages):
            for _ in proof.more(draft):
                first = first or time.perf_counter() - began
                so_far = proof.answer({**seconds, "draft": first})
                told(so_far)
    except QAError as error:
        raise Undrafted(error, reading.passages, so_far) from error
    whole = time.perf_counter() - began
    parts = {"draft": first, "rest": whole - first} if first and isinstance(drafter, Streams) else {"draft": whole}
    return proof.answer({**seconds, **parts})


class _Proof:
    """Takes a draft as it grows, and each of its claims once."""

    def __init__(self, reading: Reading, drafter: Drafter, strict: bool, before: Usage) -> None:
        self._before = before
        self._reading = reading
        self._drafter = drafter
        self._strict = strict
        self._taken: dict[DraftClaim, Claim | Dropped] = {}

    def more(self, draft: Draft) -> Iterator[Claim]:
        """The claims that are new in ``draft`` and proven."""
        if not self._taken:
            scrutiny = Scrutiny(second=self._drafter.second if isinstance(self._drafter, Checks) else None)
            self._resolver = Resolver(draft.sentences, self._reading.question, scrutiny, strict=self._strict)
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
        found = (claims, tuple(self._resolver.citations), dropped, reason, message)
        usage = self._before + draft.usage + self._resolver.usage
        made = (draft.confidence, drafter.name, drafter.prompt, usage, seconds)
        return Answer(self._reading.question, *found, *made, self._reading.passages)


def _barred(question: str, library: Library, filters: Filters) -> tuple[str, str] | None:
    """Why the question need not be put to anything."""
    if not (asked := words(question)):
        return "nothing_relevant", "The question has no words."
    if len(asked) > MOST_WORDS:
        return "nothing_relevant", f"The question has {len(asked):,} words; ask it in {MOST_WORDS} or fewer."
    if not library.count():
        return "empty_library", "The library is empty: there are no articles to answer from."
    if filters and not Selection(library.connection, filters).count():
        return "filtered_out", f"No article passes {filters.told()}."
    return None


def _refusal(reading: Reading, drafter: Drafter, seconds: dict[str, float], before: Usage) -> Answer:
    reason, message = reading.reason, reading.message
    return Answer(reading.question, (), (), (), reason, message, 0.0, drafter.name, drafter.prompt, before, seconds)
