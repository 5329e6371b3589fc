"""The few sentences that are read closely: each beside its neighbours by the reader, and held against the question's demands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from qa.draft.demands import Setting
from qa.draft.demands.table import DEMANDS, demand_features, settings
from qa.draft.features import Matrix, Scene
from qa.draft.reader import Window

READ = 6
"""How many sentences are read closely at most."""
LEAST, WORTH = 2, 0.05
"""Beyond the first two, those whose share after the glimpse is at least this part of the first one's: a third less to read."""
READINGS = ("read", "read_gap", "read_share", "read_alone", "earlier")
CLOSELY = (*READINGS, *DEMANDS)
"""Names of the features that need a close reading, in their order."""
_BEFORE, _AFTER = 3, 2
"""Neighbours of a sentence that are read with it."""
_ROOM = 125
"""Words of a window at most, unless its one sentence has more."""
_MOST = 10.0
"""Log-odds beyond this say no more."""


class Reads(Protocol):
    """Whoever can tell which sentence of a window answers."""

    def read(self, question: str, windows: Sequence[Window]) -> list[list[float]]:
        """For each window, for each of its sentences, the log-odds that it answers against that none of the window does."""


def closely(scene: Scene, chosen: Sequence[int], shares: Matrix, reader: Reads) -> Matrix:
    """The features named in CLOSELY for the chosen sentences, shape (chosen, len(CLOSELY)); ``shares`` are theirs so far."""
    odds = np.clip(_odds(scene, chosen, reader), -_MOST, _MOST)
    earlier = np.log(shares + 1e-9)
    readings = [odds / 5, (odds - odds.max()) / 5, np.exp(odds - np.logaddexp.reduce([*odds, 0.0])), 1 / (1 + np.exp(-odds))]
    columns = np.stack([*readings, earlier / 3], axis=1)
    _, demanded = demand_features(scene.question, around(scene, chosen))
    return np.concatenate([columns, demanded], axis=1).astype(np.float32)


def around(scene: Scene, chosen: Sequence[int]) -> list[Setting]:
    """Each of the chosen sentences with what stands beside and over it."""
    places = sorted({near for at in chosen for near in range(max(at - 1, 0), min(at + 2, len(scene.home)))})
    rows = {at: row for row, at in enumerate(places)}
    before = [rows.get(int(scene.before[at]), -1) for at in places]
    found = settings([scene.sentences[at] for at in places], before)
    return [found[rows[at]] for at in chosen]


def _odds(scene: Scene, chosen: Sequence[int], reader: Reads) -> Matrix:
    places = windows(scene, chosen)
    found = reader.read(scene.question, [_window(scene, place) for place in places])
    known: dict[int, float] = {}
    for place, odds in zip(places, found, strict=True):
        for at, one in zip(place, odds, strict=True):
            known[at] = max(one, known.get(at, one))
    return np.array([known[at] for at in chosen], np.float32)


def windows(scene: Scene, chosen: Sequence[int]) -> list[range]:
    """Runs of neighbouring sentences, as positions, that hold all the chosen ones; those that touch are one if there is room."""
    found: list[range] = []
    for at in sorted(chosen):
        own = _around(scene, at)
        last = found[-1] if found else range(0)
        joined = range(last.start, max(own.stop, last.stop))
        touching = bool(last) and scene.home[last.start] == scene.home[at] and own.start <= last.stop
        if touching and _size(scene, joined) <= _ROOM:
            found[-1] = joined
        else:
            found.append(own)
    return found


def _around(scene: Scene, at: int) -> range:
    """The sentence and its neighbours in the passage, as far as there is room."""
    first, last = at, at
    for step in (*[-1] * _BEFORE, *[1] * _AFTER):
        near = first - 1 if step < 0 else last + 1
        wider = range(min(first, near), max(last, near) + 1)
        if 0 <= near < len(scene.home) and scene.home[near] == scene.home[at] and _size(scene, wider) <= _ROOM:
            first, last = wider.start, wider.stop - 1
    return range(first, last + 1)


def _size(scene: Scene, place: range) -> int:
    return sum(scene.texts[at].count(" ") + 1 for at in place)


def _window(scene: Scene, place: range) -> Window:
    article = scene.passages[int(scene.home[place.start])].article
    head = ". ".join(part for part in (article.title, (article.published or "")[:10]) if part)
    return Window(head, tuple(scene.texts[at] for at in place))
