"""A model as reader: asked of one sentence at a time whether it answers, and believed as far as it hesitates.

A small model that is to choose among many numbered sentences names the first ones; asked yes or no about each it can tell. The
probability is that of a first token that says yes, among those that say yes or no.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from prompts import Prompt
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

    picked: tuple[int, ...]
    """Positions of those that answer among the numbered ones, best first; none where none does."""
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
        sentences = followed(passages)
        chances: dict[int, float] = {}
        usage = Usage()
        for at in judged.order[:READ]:
            reply = self._model.reply(
                self.prompt.render(question=" ".join(question.split()), **told(*sentences[at])), max_tokens=1, logprobs=True
            )
            usage = usage + reply.usage
            chance = yes(reply)
            if chance is None:
                return None
            chances[at] = chance
        order = sorted(chances, key=lambda at: -chances[at])
        picked = tuple(at for at in order[:KEPT] if chances[at] >= SURE)
        return Read(picked, max(chances.values(), default=0.0), usage)


def told(sentence: Sentence, before: Sentence | None) -> dict[str, str]:
    """The values for a prompt about one sentence; ``before`` is a dash where there is none."""
    return {
        "article": heading(sentence.article),
        "before": plain(before.text) if before else "-",
        "sentence": plain(sentence.text),
    }


def followed(passages: Sequence[Passage]) -> list[tuple[Sentence, Sentence | None]]:
    """Each numbered sentence with the one before it in its passage, if any."""
    pairs: list[tuple[Sentence, Sentence | None]] = []
    for passage in passages:
        before = None
        for span in passage.sentences:
            sentence = Sentence(passage.article, span)
            pairs.append((sentence, before))
            before = sentence
    return pairs


def yes(reply: Reply) -> float | None:
    """The probability of yes among the first token's alternatives that say yes or no; None where there are none."""
    shares = {"yes": 0.0, "no": 0.0}
    for token, logarithm in reply.first:
        word = token.strip().strip("\"'*.,").casefold()
        if word in shares:
            shares[word] += math.exp(logarithm)
    total = sum(shares.values())
    return shares["yes"] / total if total else None
