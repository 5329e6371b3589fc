"""Drafters without any skill. Whoever claims to answer well has to be better than these."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence

from qa.draft.interface import Draft, DraftClaim, Reference, Statistics, numbered
from qa.draft.likeness import TokenEmbedder
from qa.draft.terms import STOP, stems
from qa.text import words
from qa.types import Passage, Sentence

_LEAD = 2
"""Sentences."""
_K1, _B = 1.2, 0.75
_HALF = 10.0
"""The BM25 score that counts as even odds."""


class _Plain:
    """Needs nothing but the passages."""

    prompt = None

    def __init__(self, tokens: TokenEmbedder, statistics: Statistics) -> None:
        del tokens, statistics


class Lead(_Plain):
    """The first two sentences of the best passage, as sure as that passage is like the question (cosine)."""

    name = "lead/1"

    def draft(self, question: str, passages: Sequence[Passage]) -> Draft:
        """Refuses only where no passage holds a sentence."""
        del question
        first = next((one for one in passages if one.sentences), None)
        if first is None:
            return Draft((), (), 0.0)
        return _drafted(numbered(passages), range(min(_LEAD, len(first.sentences))), first.similarity)


class Bm25(_Plain):
    """The one sentence whose words fit the question's best by BM25 among all that were retrieved.

    Robertson and Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond, 2009; k1 1.2, b 0.75, the inverse document
    frequency kept above 0 by adding 1 within the logarithm. A score of 10 counts as even odds.
    """

    name = "bm25/1"

    def draft(self, question: str, passages: Sequence[Passage]) -> Draft:
        """Refuses where no sentence shares a word with the question; words that say nothing of its subject do not count."""
        sentences = numbered(passages)
        scores = bm25(_asked(question), [stems(one.text) for one in sentences])
        best = max(range(len(scores)), key=scores.__getitem__, default=None)
        if best is None or not scores[best]:
            return Draft(sentences, (), 0.0, "no sentence shares a word with the question.")
        return _drafted(sentences, [best], scores[best] / (scores[best] + _HALF))


class Everything(_Plain):
    """Every sentence that was retrieved, as sure as the most alike passage is like the question (cosine)."""

    name = "everything/1"

    def draft(self, question: str, passages: Sequence[Passage]) -> Draft:
        """Refuses only where no passage holds a sentence."""
        del question
        sentences = numbered(passages)
        return _drafted(sentences, range(len(sentences)), max((one.similarity for one in passages), default=0.0))


class Nothing(_Plain):
    """Refuses, whatever is asked."""

    name = "nothing/1"

    def draft(self, question: str, passages: Sequence[Passage]) -> Draft:
        """No claim, and no confidence."""
        del question
        return Draft(numbered(passages), (), 0.0)


def bm25(asked: Iterable[str], texts: Sequence[Sequence[str]]) -> list[float]:
    """Each text's BM25 score, 0 where it shares no word with ``asked``; words are counted among the ``texts`` alone."""
    counts = [Counter(text) for text in texts]
    mean = sum(map(len, texts)) / len(texts) if texts else 0.0
    wanted = dict.fromkeys(asked)
    found = {word: sum(word in count for count in counts) for word in wanted}
    weight = {word: math.log(1 + (len(texts) - found[word] + 0.5) / (found[word] + 0.5)) for word in wanted}
    return [
        sum(weight[word] * count[word] * (_K1 + 1) / (count[word] + _K1 * (1 - _B + _B * len(text) / mean)) for word in wanted)
        if text
        else 0.0
        for text, count in zip(texts, counts, strict=True)
    ]


def _asked(question: str) -> list[str]:
    """Stems of the words that say what the question is about; of all its words where none does."""
    every = words(question)
    return stems(" ".join([word for word in every if word not in STOP] or every))


def _drafted(sentences: tuple[Sentence, ...], places: Iterable[int], confidence: float) -> Draft:
    """Those sentences in their own words; without any, a refusal without confidence."""
    texts = [(at, sentences[at].text) for at in places]
    claims = tuple(DraftClaim(text, (Reference(at, text),)) for at, text in texts)
    return Draft(sentences, claims, min(max(confidence, 0.0), 1.0) if claims else 0.0)
