"""Answers with the articles' own sentences, without a language model: ranks them, reads the best, and says how sure it is."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from qa.draft.closely import Reads, around
from qa.draft.demands import Met, told, unmet
from qa.draft.features import Matrix, Scene
from qa.draft.interface import Draft, DraftClaim, Reference, Statistics
from qa.draft.rank import Candidates, chances, further, observed, probability
from qa.draft.reader import Reader
from qa.draft.weights import FLOOR, THRESHOLD
from qa.draft.words import Words
from qa.types import Passage

MOST = 3
"""Sentences in an answer."""
_DEPTH = 6
"""How far down the order a further sentence may stand."""
_SAME_VECTOR = 0.9
_SAME_WORDS = 0.6
"""Sentences whose vectors are this close (cosine), or whose words overlap this much (Jaccard), say the same."""
_WANTED = {
    "percent": "a percentage",
    "money": "an amount of money",
    "number": "a number",
    "length": "a measure",
    "time": "a date",
    "reason": "a reason",
    "person": "a name",
    "place": "a place",
}
_NAMED = 4
"""Missing words that a refusal names at most."""


class Extractive:
    """The drafter that needs no model but the bundled embedder and reader."""

    name = "extractive/2"
    prompt = None

    def __init__(self, words: Words, statistics: Statistics, threshold: float = THRESHOLD, reader: Reads | None = None) -> None:
        """Refuses where the probability of a right first claim is under ``threshold``. Without a ``reader``, the bundled one."""
        self._words = words
        self._reader = reader or Reader(words)
        self._statistics = statistics
        self._threshold = threshold

    def draft(self, question: str, passages: Sequence[Passage]) -> Draft:
        """One to three sentences, best first, each in its own words; none, and what is missing, where they hardly answer."""
        scene = Scene(question, passages, self._statistics)
        if not scene.sentences:
            return Draft((), (), 0.0, "the passages hold no sentence.")
        seen = observed(scene, self._words, self._reader)
        shares = chances(seen)
        confidence = probability(seen, shares)
        if confidence < self._threshold:
            return Draft(scene.sentences, (), confidence, _missing(scene, seen, shares))
        places = [seen.chosen[row] for row in _shown(scene, seen, shares)]
        claims = tuple(DraftClaim(scene.texts[at], (Reference(at, scene.texts[at]),)) for at in places)
        return Draft(scene.sentences, claims, confidence)


def _shown(scene: Scene, seen: Candidates, shares: Matrix) -> list[int]:
    """The rows that make the answer: the best, and those after it that add something."""
    order = [int(row) for row in np.argsort(-shares, kind="stable")]
    shown = order[:1]
    for other in order[1:_DEPTH]:
        if len(shown) == MOST:
            break
        told = any(_same(scene, seen, row, other) for row in shown)
        if not told and further(seen, shares, shown, other) >= FLOOR:
            shown.append(other)
    return shown


def _same(scene: Scene, seen: Candidates, one: int, other: int) -> bool:
    words, others = (set(scene.stems[seen.chosen[row]]) for row in (one, other))
    overlap = len(words & others) / max(len(words | others), 1)
    return overlap >= _SAME_WORDS or float(seen.vectors[one] @ seen.vectors[other]) >= _SAME_VECTOR


def _missing(scene: Scene, seen: Candidates, shares: Matrix) -> str:
    """In words, what the passages lack."""
    absent = [term.word for term in scene.missing()[:_NAMED]]
    if absent:
        return f"none of the passages mentions {_listed(absent)}."
    lacking = unmet(scene.question, around(scene, seen.chosen))
    if lacking:
        return _unmet(lacking[0])
    wanted = _WANTED.get(scene.asked.kind)
    near = seen.column("coverage_before") >= float(seen.column("coverage_before").max()) - 0.1
    if wanted and float(seen.column("fit")[near].max()) < 1:
        return f"the sentences that come nearest hold no {wanted.split(' ', 1)[1]} that the question does not name already."
    best = seen.chosen[int(np.argmax(shares))]
    apart = [term.word for term, credit in zip(scene.terms, scene.found[best], strict=True) if credit == 0]
    if apart:
        return f"no sentence brings {_listed(apart[:_NAMED])} together with the rest of the question."
    return "no sentence answers it plainly enough."


def _unmet(lacking: Met) -> str:
    """In words, which demand of the question is not met, and what stands in its place."""
    demand = lacking.demand
    if demand.kind == "someone":
        return "the sentences that come nearest do not tell who says so."
    other = f"; there it is “{lacking.instead}”" if lacking.instead else ""
    if demand.kind == "speaker":
        return f"the sentences that come nearest are not said by “{told(demand)}”{other}."
    return f"the sentences that come nearest say nothing of “{told(demand)}”{other}."


def _listed(words: Sequence[str]) -> str:
    quoted = [f"“{word}”" for word in words]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} or {quoted[-1]}"
