"""Answers with the articles' own sentences, without a language model: ranks them, and says how sure it is."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from qa.draft.features import WORDS, Matrix, Scene
from qa.draft.interface import Draft, DraftClaim, Reference, Statistics
from qa.draft.likeness import LIKENESS, TokenEmbedder, likeness
from qa.types import Passage

ENCODED = 32
"""How many sentences have their token vectors made: the best by their words alone."""


class Extractive:
    """The drafter that needs no model but the bundled embedder."""

    name = "extractive/1"
    prompt = None

    def __init__(self, tokens: TokenEmbedder, statistics: Statistics, threshold: float = 0.5) -> None:
        """Refuses where the probability of a right first claim is under ``threshold``."""
        self._tokens = tokens
        self._statistics = statistics
        self._threshold = threshold

    def draft(self, question: str, passages: Sequence[Passage]) -> Draft:
        """One to three sentences, best first, each in its own words; none, and what is missing, where they hardly answer."""
        scene = Scene(question, passages, self._statistics)
        first = scene.features()
        quick = first[:, WORDS.index("coverage_before")] + first[:, WORDS.index("bm25")]
        chosen = [int(at) for at in np.argsort(-quick, kind="stable")[:ENCODED]]
        second, _ = likeness(scene, chosen, self._tokens)
        scores = _hand(first[chosen], second)
        order = np.argsort(-scores, kind="stable")
        top = chosen[order[0]]
        lacking = sum(term.weight for term in scene.missing()) / max(float(scene.worth.sum()), 1e-6)
        confidence = 1 / (1 + math.exp(-(14 * (float(second[order[0], LIKENESS.index("sim_before")]) - 0.5) - 4 * lacking)))
        if confidence < self._threshold:
            names = ", ".join(term.word for term in scene.missing())
            missing = f"nothing there says anything of {names}." if names else "no sentence answers this."
            return Draft(scene.sentences, (), confidence, missing)
        claim = DraftClaim(scene.texts[top], (Reference(top, scene.texts[top]),))
        return Draft(scene.sentences, (claim,), confidence)


def _hand(first: Matrix, second: Matrix) -> Matrix:
    column = {name: first[:, at] for at, name in enumerate(WORDS)} | {name: second[:, at] for at, name in enumerate(LIKENESS)}
    return (
        column["coverage"] + column["coverage_before"] + column["bm25"] + 3 * column["sim"] + 2 * column["sim_before"] + column["cosine"]
        + 0.5 * column["pairs"] + 0.5 * column["fit"] - column["question"] - column["headline"] - column["short"]
    )  # fmt: skip
