"""What passages are worth before a model has read them: the learned ranker's order and probability."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from qa.draft.features import Scene
from qa.draft.interface import Statistics
from qa.draft.rank import chances, glimpsed, probability, read_closely
from qa.draft.reader import Reader
from qa.draft.words import Words
from qa.draft.yesno import Judged
from qa.types import Passage


class Ranked:
    """A Judge that asks nobody."""

    def __init__(self, pieces: Words, statistics: Statistics) -> None:
        self._pieces = pieces
        self._reader = Reader(pieces)
        self._statistics = statistics

    def __call__(self, question: str, passages: Sequence[Passage]) -> Judged:
        """The best sentences in order, and the probability that the passages answer."""
        scene = Scene(question, passages, self._statistics)
        if not scene.sentences:
            return Judged((), 0.0)
        first = glimpsed(scene, self._pieces)
        seen = read_closely(scene, first, self._reader)
        shares = chances(seen)
        order = [seen.chosen[int(row)] for row in np.argsort(-shares, kind="stable")]
        return Judged(tuple(dict.fromkeys([*order, *first.chosen])), probability(seen, shares))
