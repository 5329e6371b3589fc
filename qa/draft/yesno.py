"""A model as reader: asked of one sentence at a time whether it answers, and believed as far as it hesitates.

A small model that is to choose among many numbered sentences names the first ones; asked yes or no about each it can tell. The
probability is that of a first token that says yes, among those that say yes or no.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from prompts import Prompt
from qa.draft.interface import numbered
from qa.draft.material import heading, plain
from qa.llm.interface import ChatModel, Reply
from qa.types import Passage, Sentence, Usage

READ = 8
"""Sentences that are asked about."""
KEPT = 3
"""Sentences that the model then writes from, at most."""
SURE = 0.5
"""Probability of yes that a sentence needs to be written from."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What can be said of the passages without asking a model."""

    order: tuple[int, ...]
    """Positions of the best sentences among the numbered ones, best first."""
    confidence: float
    """Probability that the passages answer."""


Judge = Callable[[str, Sequence[Passage]], Judged]
"""Question, passages -> what they are worth."""


@dataclass(frozen=True, slots=True)
class Read:
    """What the model makes of the sentences."""

    passages: tuple[Passage, ...]
    """Each sentence that answers, with the one before it, best first; none where none does."""
    confidence: float
    """Probability of yes for the best one."""
    usage: Usage


class Reader:
    """One model that is asked yes or no."""

    def __init__(self, model: ChatModel, prompt: Prompt) -> None:
        """``model`` is asked for the probabilities of its first token."""
        self._model = model
        self.prompt = prompt

    def read(self, question: str, passages: Sequence[Passage], judged: Judged) -> Read | None:
        """Which of the best READ sentences answer; None where the endpoint gives no probabilities. Raises as the model does."""
        sentences = numbered(passages)
        places = _places(passages)
        chances: dict[int, float] = {}
        usage = Usage()
        for at in judged.order[:READ]:
            before = sentences[at - 1] if at and places[at - 1][0] == places[at][0] else None
            reply = self._asked(question, sentences[at], before)
            usage = Usage(usage.input_tokens + reply.usage.input_tokens, usage.output_tokens + reply.usage.output_tokens)
            chance = yes(reply)
            if chance is None:
                return None
            chances[at] = chance
        order = sorted(chances, key=lambda at: -chances[at])
        kept = tuple(_narrowed(passages, places[at]) for at in order[:KEPT] if chances[at] >= SURE)
        return Read(kept, max(chances.values(), default=0.0), usage)

    def _asked(self, question: str, sentence: Sentence, before: Sentence | None) -> Reply:
        messages = self.prompt.render(
            question=" ".join(question.split()),
            article=heading(sentence.article),
            before=plain(before.text) if before else "-",
            sentence=plain(sentence.text),
        )
        return self._model.reply(messages, max_tokens=1, logprobs=True)


def yes(reply: Reply) -> float | None:
    """The probability of yes among the first token's alternatives that say yes or no; None where there are none."""
    shares = {"yes": 0.0, "no": 0.0}
    for token, logarithm in reply.first:
        word = token.strip().strip("\"'*.,").casefold()
        if word in shares:
            shares[word] += math.exp(logarithm)
    total = sum(shares.values())
    return shares["yes"] / total if total else None


def _places(passages: Sequence[Passage]) -> list[tuple[int, int]]:
    """For each numbered sentence its passage and its place in there."""
    return [(at, place) for at, passage in enumerate(passages) for place in range(len(passage.sentences))]


def _narrowed(passages: Sequence[Passage], place: tuple[int, int]) -> Passage:
    at, inside = place
    return replace(passages[at], sentences=passages[at].sentences[max(0, inside - 1) : inside + 1])
