"""A second opinion: a model is asked whether cited sentences carry a claim, one request a claim, and answers with one word."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from prompts import Prompt
from qa.draft.material import material, plain, together
from qa.errors import QAError
from qa.llm.interface import ChatModel, Reply
from qa.support import RANKS
from qa.types import NOTHING, Sentence, Usage

_LONGEST = 8
"""Tokens of a reply: none of the words takes more."""
_WORD = re.compile(r"\W*(supported|partly|unsupported)\W*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the model makes of one claim."""

    verdict: str | None
    """One of qa.support.RANKS; None where it said nothing of use or could not be asked."""
    usage: Usage = NOTHING
    failed: bool = False
    """Whether it could not be asked, so that asking again at once is of no use."""


class Second:
    """One model as a judge of claims."""

    def __init__(self, model: ChatModel, prompt: Prompt, tell: Callable[[str], None] = lambda _: None) -> None:
        """``tell`` is given, once, that the model is of no use and claims are judged without it."""
        self._model = model
        self._prompt = prompt
        self._tell = tell
        self._told = False

    @property
    def prompt(self) -> str:
        """The prompt's fingerprint."""
        return self._prompt.fingerprint

    def opinion(self, claim: str, cited: Sequence[Sentence]) -> Opinion:
        """Whether the sentences ``cited`` carry the claim. Raises nothing that a model may be at fault for."""
        data = material(together(dict.fromkeys(cited)))
        asked = self._prompt.render(fence=data.fence, articles=data.articles, claim=plain(claim))
        try:
            reply = self._model.reply(asked, max_tokens=_LONGEST, logprobs=True)
        except QAError as error:
            self._once(error.message)
            return Opinion(None, failed=True)
        verdict = _verdict(reply)
        if verdict is None:
            self._once("it replied in other words than were asked for")
        return Opinion(verdict, reply.usage)

    def _once(self, why: str) -> None:
        if not self._told:
            self._told = True
            self._tell(f"no second opinion from {self._model.name}: {why}; the rules alone judge")


def _verdict(reply: Reply) -> str | None:
    """The likeliest verdict by the first token where there are probabilities, else the one word that was said."""
    shares = _shares(reply.first)
    if shares:
        return max(shares, key=lambda verdict: shares[verdict])
    found = _WORD.fullmatch(reply.text)
    return found[1].lower() if found else None


def _shares(first: Sequence[tuple[str, float]]) -> Mapping[str, float]:
    """The probability of each verdict that the first token can begin."""
    shares: dict[str, float] = {}
    for token, logarithm in first:
        begun = token.strip().strip("\"'*-").casefold()
        for verdict in RANKS:
            if begun and verdict.startswith(begun):
                shares[verdict] = shares.get(verdict, 0.0) + math.exp(logarithm)
    return shares
