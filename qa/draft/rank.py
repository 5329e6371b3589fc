"""Puts sentences in order, and says how likely the first answers and each further one adds to it.

Linear models over the features of ``features``, ``likeness`` and ``closely``, their numbers in ``weights``: one orders every
sentence by its words, one orders the best of them with their token vectors, one the best of those after a close reading (each a
softmax over the list), one gives the probability that the first answers, one that a further sentence adds to it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from qa.draft.closely import CLOSELY, LEAST, READ, WORTH, Reads, closely
from qa.draft.features import WORDS, Matrix, Scene
from qa.draft.likeness import LIKENESS, TokenEmbedder, likeness
from qa.draft.weights import ANSWER, CLOSE, FURTHER, QUICK, RANK
from vectorstore.types import Vectors

ENCODED = 24
"""How many sentences have their token vectors made: the best by their words alone."""
GLIMPSED = (*WORDS, *LIKENESS)
"""Names of the columns of ``Candidates.features`` before the close reading."""
FEATURES = (*GLIMPSED, *CLOSELY)
"""Their names after it."""
_FIRST = (
    *"coverage coverage_before coverage_around coverage_passage sim sim_all sim_least sim_missing sim_back sim_asking".split(),
    *"sim_before cosine cosine_before passage_similarity names_covered names_passage numbers_covered fit".split(),
    *"rarest second_rarest pairs title".split(),
    *"new_words spoken_asked title_cosine sim_local_before length negation question headline lead years_before sim_focus".split(),
)
_BEST = ("sim", "sim_before", "coverage", "cosine", "passage_similarity", "read", "read_alone", "all_near", "demands_told")
ANSWERS = (
    *"chance lead_over_second spread read_any".split(),
    *(f"first_{name}" for name in (*_FIRST, *CLOSELY)),
    *(f"best_{name}" for name in _BEST),
    *"missing missing_terms missing_names missing_numbers missing_rarest terms".split(),
)
"""Names of what the probability of an answer is made from."""
FURTHERS = (
    *"chance ratio alike same_article neighbour several several_ratio rank fit sim_before".split(),
    *"read read_alone read_ratio".split(),
)
"""Names of what the probability of a further sentence is made from."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """The sentences that words put in front, and what they show."""

    chosen: tuple[int, ...]
    """Their positions among the numbered sentences."""
    features: Matrix
    """Shape (chosen, len(GLIMPSED)), or (chosen, len(FEATURES)) after the close reading."""
    vectors: Vectors
    """Shape (chosen, dimension), length 1."""
    articles: tuple[str, ...]
    """The article each stands in."""
    lacks: Mapping[str, float]
    """What the passages as a whole lack, and how many terms the question has; names as in ANSWERS."""
    several: bool
    """Whether the question asks for more than one thing."""

    def column(self, name: str) -> Matrix:
        """One feature, shape (chosen,)."""
        return self.features[:, FEATURES.index(name)]


def observed(scene: Scene, tokens: TokenEmbedder, reader: Reads) -> Candidates:
    """The sentences of a scene that were read closely, with all their features, best first by what a glimpse tells."""
    return read_closely(scene, glimpsed(scene, tokens), reader)


def glimpsed(scene: Scene, tokens: TokenEmbedder, numbers: Mapping[str, float] = QUICK) -> Candidates:
    """The best sentences of a scene by their words, with what words and vectors tell. ``numbers`` put them in order."""
    first = scene.features()
    quick = first @ _vector(numbers, WORDS)
    chosen = [int(at) for at in np.argsort(-quick, kind="stable")[:ENCODED]]
    second, vectors = likeness(scene, chosen, tokens)
    features = np.concatenate([first[chosen], second], axis=1)
    articles = tuple(scene.sentences[at].article.id for at in chosen)
    return Candidates(tuple(chosen), features, vectors, articles, _lacks(scene), scene.asked.several)


def read_closely(scene: Scene, seen: Candidates, reader: Reads, numbers: Mapping[str, float] = RANK) -> Candidates:
    """The best of those glimpsed, with what a close reading tells, too. ``numbers`` put them in order."""
    shares = _softmax(seen.features @ _vector(numbers, GLIMPSED))
    order = [int(row) for row in np.argsort(-shares, kind="stable")[:READ]]
    rows = [row for at, row in enumerate(order) if at < LEAST or shares[row] >= WORTH * shares[order[0]]]
    chosen = tuple(seen.chosen[row] for row in rows)
    features = np.concatenate([seen.features[rows], closely(scene, chosen, shares[rows], reader)], axis=1)
    articles = tuple(seen.articles[row] for row in rows)
    return Candidates(chosen, features, seen.vectors[rows], articles, seen.lacks, seen.several)


def _lacks(scene: Scene) -> dict[str, float]:
    missing = scene.missing()
    return {
        "missing": sum(term.weight for term in missing) / max(float(scene.worth.sum()), 1e-6),
        "missing_terms": min(len(missing), 3) / 3,
        "missing_names": min(sum(term.name for term in missing), 2) / 2,
        "missing_numbers": float(any(term.number for term in missing)),
        "missing_rarest": max((term.weight for term in missing), default=0.0) / 8,
        "terms": math.log1p(len(scene.terms)),
    }


def _vector(numbers: Mapping[str, float], names: Sequence[str]) -> Matrix:
    return np.array([numbers.get(name, 0.0) for name in names], np.float32)


@cache
def _close() -> Matrix:
    return _vector(CLOSE, FEATURES)


def chances(seen: Candidates) -> Matrix:
    """The probability that each candidate is the best of them, shape (chosen,); they add up to 1."""
    return _softmax(seen.features @ _close())


def _softmax(scores: Matrix) -> Matrix:
    powers = np.exp(scores - scores.max())
    shares: Matrix = powers / powers.sum()
    return shares


def answer_features(seen: Candidates, shares: Matrix) -> Matrix:
    """What the probability of an answer is made from, shape (len(ANSWERS),)."""
    order = np.argsort(-shares, kind="stable")
    top = int(order[0])
    second = float(shares[order[1]]) if len(order) > 1 else 0.0
    values = [
        float(shares[top]),
        min(math.log(float(shares[top]) / max(second, 1e-6)), 5.0),
        -float((shares * np.log(shares + 1e-9)).sum()),
        float(1 - np.prod(1 - seen.column("read_alone"))),
        *(float(seen.column(name)[top]) for name in (*_FIRST, *CLOSELY)),
        *(float(seen.column(name).max()) for name in _BEST),
        *(
            seen.lacks[name]
            for name in ("missing", "missing_terms", "missing_names", "missing_numbers", "missing_rarest", "terms")
        ),
    ]
    return np.array(values, np.float32)


def probability(seen: Candidates, shares: Matrix) -> float:
    """How likely the articles answer and the best candidate does so, 0 to 1."""
    return _logistic(answer_features(seen, shares), ANSWER, ANSWERS)


def further_features(seen: Candidates, shares: Matrix, shown: Sequence[int], other: int) -> Matrix:
    """What the probability of one more sentence is made from, after those ``shown`` (rows of ``seen``, best first)."""
    ratio = math.log(max(float(shares[other]), 1e-6) / max(float(shares[shown[0]]), 1e-6))
    places = [seen.chosen[row] for row in shown]
    values = [
        float(shares[other]),
        max(ratio, -6.0),
        max(float(seen.vectors[row] @ seen.vectors[other]) for row in shown),
        float(any(seen.articles[row] == seen.articles[other] for row in shown)),
        float(any(abs(place - seen.chosen[other]) == 1 for place in places)),
        float(seen.several),
        max(ratio, -6.0) * seen.several,
        float(len(shown)),
        float(seen.column("fit")[other]),
        float(seen.column("sim_before")[other]),
        float(seen.column("read")[other]),
        float(seen.column("read_alone")[other]),
        float(seen.column("read")[other] - seen.column("read")[shown[0]]),
    ]
    return np.array(values, np.float32)


def further(seen: Candidates, shares: Matrix, shown: Sequence[int], other: int) -> float:
    """How likely ``other`` answers as well, 0 to 1."""
    return _logistic(further_features(seen, shares, shown, other), FURTHER, FURTHERS)


def _logistic(values: Matrix, numbers: Mapping[str, float], names: Sequence[str]) -> float:
    total = float(values @ _vector(numbers, names)) + numbers["bias"]
    return 1 / (1 + math.exp(-max(min(total, 30.0), -30.0)))
