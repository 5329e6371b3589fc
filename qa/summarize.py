"""The extractive summary: the sentences that say the most of one article or topic and repeat the least.

A sentence's worth is a weighted sum of: its place (news leads with what matters), its centrality (the eigenvector of the graph
of sentence likeness: LexRank, Erkan and Radev 2004, over sentence vectors instead of tf-idf), its likeness to the title and,
where there is one, to the topic; less what makes a sentence stand badly by itself. Sentences are then taken one after the
other, each time the one whose worth less its likeness to those taken is highest (MMR: Carbonell and Goldstein 1998).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby
from typing import Final

import numpy as np
from numpy.typing import NDArray

from qa.draft.interface import Draft, DraftClaim, Reference
from qa.text import words
from qa.types import Sentence
from vectorstore.types import Vectors

Embed = Callable[[Sequence[str]], Vectors]
"""One vector of length 1 for each text."""
_Scores = NDArray[np.float32]

CANDIDATES: Final = 480
"""Sentences that are weighed at most: the first half of them from the start, the others spread evenly over the rest."""
RELEVANT: Final = 0.3
"""Cosine to the topic under which a sentence is not about it."""


@dataclass(frozen=True, slots=True)
class Weights:
    """What each property of a sentence adds to its worth or takes from it; all properties lie between 0 and 1."""

    place: float = 0.5
    """1 for an article's first sentence of prose, falling with the root of the number of those before."""
    centrality: float = 1.0
    """Its LexRank, as a share of the highest."""
    title: float = 0.5
    """Cosine to the title of its article."""
    topic: float = 1.5
    """Cosine to the topic."""
    fragment: float = 2.0
    """A headline, a by-line, a list's item, a line of boilerplate: no sentence at all."""
    question: float = 0.6
    """It asks."""
    torn: float = 0.5
    """A quotation begins before it or goes on after it."""
    leaning: float = 0.3
    """It begins with a pronoun or a connective, or speaks in the first person, and what that leans on is not taken."""
    long: float = 0.3
    """For each LONG words, beyond the first LONG."""
    repetition: float = 0.8
    """Its highest cosine to a sentence that was taken."""


WEIGHTS: Final = Weights()
LONG: Final = 40
"""Words."""


def draft_summary(articles: Sequence[tuple[Sentence, ...]], embed: Embed, *, length: int = 5, topic: str | None = None) -> Draft:
    """At most ``length`` sentences as claims, each in its own words, over all sentences numbered in the order given.

    ``articles`` holds the sentences of each article in order. One article's claims stand in its order; several articles' by
    date of publication, then by worth, and within an article in its order. With a ``topic``, only sentences that are about it are
    taken; ``missing`` says so where there are none. The same words are taken once. Of long texts CANDIDATES sentences are
    weighed (or ``length``, where that is more), so that time and memory do not grow with the square of the text.
    """
    sentences = tuple(sentence for article in articles for sentence in article)
    pool = _pool(articles, max(CANDIDATES, length))
    if not pool:
        return Draft(sentences, (), 0.0, "there are no sentences to choose from.")
    worth, vectors, about = _weighed(sentences, pool, embed, topic, traits(articles))
    if topic and not about.any():
        return Draft(sentences, (), 0.0, f"no sentence is about {topic}.")
    taken = _taken(pool, worth, vectors, about, length)
    order = _reading_order(sentences, taken)
    claims = tuple(DraftClaim(sentences[at].text, (Reference(at, sentences[at].text),)) for at in order)
    return Draft(sentences, claims, 1.0)
