"""How alike a question and each sentence are by the vectors of their word pieces."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from qa.draft.features import ASKING, Matrix, Scene
from qa.draft.terms import stems
from vectorstore.types import Vectors

LIKENESS = (
    *"sim sim_all sim_least sim_missing sim_back sim_asking cosine cosine_before sim_before".split(),
    *"title_cosine sim_after sim_focus".split(),
    *"sim_local sim_local_before sim_gap sim_all_gap sim_before_gap cosine_gap cosine_before_gap".split(),
    *"sim_local_gap sim_local_before_gap".split(),
)
"""Names of the features that need vectors, in their order."""

_AWAY = 0.9
"""What a likeness counts that lies in the sentence before or in the title."""


class TokenEmbedder(Protocol):
    """Gives the vectors of a text's word pieces."""

    def tokens(self, texts: Sequence[str]) -> list[tuple[list[str], Vectors]]:
        """For each text its word pieces and their vectors of length 1, shape (pieces, dimension)."""


class _Question:
    """The question's pieces, put together to its telling words."""

    def __init__(self, pieces: Sequence[str], vectors: Vectors, scene: Scene) -> None:
        self.vectors = vectors
        self.asking = np.array([piece in ASKING for piece in pieces], bool)
        self.mean = _unit(vectors.sum(axis=0))
        places = {term.stem: at for at, term in enumerate(scene.terms)}
        found: dict[int, list[int]] = {}
        for group in _words(pieces):
            word = "".join(pieces[at].removeprefix("##") for at in group)
            term = places.get((stems(word) or [word])[0], places.get(word))
            if term is not None:
                found.setdefault(term, group)
        first = int(self.asking.argmax()) if self.asking.any() else -1
        self.focus = next((group for group in found.values() if group[0] > first), [])
        self.terms = list(found)
        self.groups = list(found.values())
        self.worth = scene.worth[self.terms]

    def by_word(self, best: Matrix) -> Matrix:
        """The mean over each telling word's pieces, shape (words,)."""
        return np.array([best[group].mean() for group in self.groups], np.float32)

    def weighed(self, values: Matrix, lacking: Matrix | float = 1.0) -> float:
        """The mean of values a word by how much each word tells (and lacks); 1 where there is nothing to weigh."""
        worth = self.worth * lacking
        return float(values @ worth / worth.sum()) if worth.sum() > 0 else 1.0

    def local(self, values: Matrix) -> Matrix:
        """How few of the sentences have something like each word: the passages' topic tells them apart least."""
        having = 1 / (1 + np.exp(-12 * (values - 0.55)))
        return np.asarray(np.log1p(len(values) / (having.sum(axis=0) + 0.5)), np.float32)


def _words(pieces: Sequence[str]) -> list[list[int]]:
    groups: list[list[int]] = []
    for at, piece in enumerate(pieces):
        if piece.startswith("##") and groups:
            groups[-1].append(at)
        else:
            groups.append([at])
    return groups


def _unit(vector: Matrix) -> Matrix:
    size = float(np.linalg.norm(vector))
    return vector / np.float32(size) if size > 0 else vector


def _best(query: Vectors, body: Vectors) -> Matrix:
    """For each row of ``query`` its highest cosine in ``body``; 0 where that is empty."""
    return (query @ body.T).max(axis=1) if len(body) else np.zeros(len(query), np.float32)


def likeness(scene: Scene, chosen: Sequence[int], embedder: TokenEmbedder) -> tuple[Matrix, Vectors]:
    """The features named in LIKENESS for the chosen sentences, shape (chosen, len(LIKENESS)), and the sentences' vectors.

    The likeness of a text to a question is the mean, over the question's words, of the best cosine among the text's pieces
    (MaxSim of ColBERT, Khattab and Zaharia 2020), here weighted by how much each word tells.
    """
    home = [int(scene.home[at]) for at in chosen]
    titles = list(dict.fromkeys(scene.passages[at].article.title for at in home))
    encoded = embedder.tokens([scene.question, *(scene.texts[at] for at in chosen), *titles])
    question = _Question(*encoded[0], scene)
    bodies = [vectors for _, vectors in encoded[1 : 1 + len(chosen)]]
    heads = dict(zip(titles, (vectors for _, vectors in encoded[1 + len(chosen) :]), strict=True))
    means = np.stack([_unit(body.sum(axis=0)) for body in bodies])
    best = np.stack([_best(question.vectors, body) for body in bodies])
    row_of = {at: row for row, at in enumerate(chosen)}
    rows, alone, joined = [], [], []
    follows = {int(scene.before[at]): row for row, at in enumerate(chosen)}
    for row, at in enumerate(chosen):
        previous = row_of.get(int(scene.before[at]), row)
        title = heads[scene.passages[home[row]].article.title]
        around = np.maximum.reduce([best[row], _AWAY * best[previous], _AWAY * _best(question.vectors, title)])
        both = means[row] if previous == row else _unit(means[row] + 0.5 * means[previous])
        rows.append([*_alone(question, best[row], bodies[row], 1 - scene.found[at, question.terms]),
            float(means[row] @ question.mean),
            float(both @ question.mean),
            question.weighed(question.by_word(around)),
            float(_unit(title.sum(axis=0)) @ question.mean),
            question.weighed(question.by_word(np.maximum(best[row], _AWAY * best[follows.get(at, row)]))),
            float(best[row][question.focus].mean()) if question.focus else 0.3,
        ])  # fmt: skip
        alone.append(question.by_word(best[row]))
        joined.append(question.by_word(around))
    local = question.local(np.stack(alone))
    columns = np.array([[*row, question.weighed(one, local), question.weighed(two, local)]
        for row, one, two in zip(rows, alone, joined, strict=True)], np.float32)  # fmt: skip
    relative = columns[
        :,
        [
            LIKENESS.index(name)
            for name in ("sim", "sim_all", "sim_before", "cosine", "cosine_before", "sim_local", "sim_local_before")
        ],
    ]
    return np.concatenate([columns, relative - relative.max(axis=0)], axis=1), means


def _alone(question: _Question, best: Matrix, body: Vectors, lacking: Matrix) -> list[float]:
    """What a sentence shows without its surroundings."""
    if not len(question.vectors) or not len(body):
        return [0.0] * 6
    here = question.by_word(best)
    return [
        question.weighed(here),
        float(best.mean()),
        float(here.min(initial=1.0)),
        question.weighed(here, lacking),
        float(_best(body, question.vectors).mean()),
        float(best[question.asking].mean()) if question.asking.any() else 0.3,
    ]
