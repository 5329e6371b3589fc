"""When to answer and how sure to be: what only a whole set of questions can say. Pure functions of arrays.

Each takes ``copies``: how often every question counts, shape (questions, resamples), all ones for the set as it is. Each
gives one value a resample, nan where that resample has nothing to say. ``confidence`` is a probability, ``right`` whether the
answer was right, both of shape (questions,).
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from qa.eval.types import Bin

Floats: TypeAlias = NDArray[np.float64]
Flags: TypeAlias = NDArray[np.bool_]

BINS = 10
_EDGES = np.arange(BINS + 1) / BINS


def auroc(confidence: Floats, positive: Flags, copies: Floats) -> Floats:
    """Chance that a positive question has more confidence than a negative one, ties counting half; nan without both kinds.

    Source: Hanley and McNeil, "The Meaning and Use of the Area under a Receiver Operating Characteristic (ROC) Curve", 1982.
    """
    order, starts = _levels(confidence)
    held = copies[order]
    good = np.add.reduceat(held * positive[order, None], starts)
    bad = np.add.reduceat(held, starts) - good
    below = bad.sum(axis=0) - np.cumsum(bad, axis=0)
    won = (good * (below + bad / 2)).sum(axis=0)
    return _ratio(won, good.sum(axis=0) * bad.sum(axis=0))


def aurc(confidence: Floats, right: Flags, copies: Floats) -> Floats:
    """Area under the risk-coverage curve: the mean, over every number of questions answered, of the share answered wrong.

    The most confident are answered first; among equals the expected share counts, so that their order cannot matter. A
    question that was not answered counts as answered wrong at its confidence: all drafters are judged over the same
    questions. Source: Geifman and El-Yaniv, "Selective Classification for Deep Neural Networks", NeurIPS 2017 (the curve);
    Geifman, Uziel and El-Yaniv, ICLR 2019 (its area).
    """
    order, starts = _levels(confidence)
    held = copies[order]
    count = np.add.reduceat(held, starts)
    wrong = np.add.reduceat(held * ~right[order, None], starts)
    seen, missed = np.cumsum(count, axis=0) - count, np.cumsum(wrong, axis=0) - wrong
    total = count.sum(axis=0)
    harmonic = np.concatenate([[0.0], np.cumsum(1 / np.arange(1, int(total.max(initial=0)) + 1))])
    rate = np.divide(wrong, count, out=np.zeros_like(count), where=count > 0)
    steps = harmonic[(seen + count).astype(int)] - harmonic[seen.astype(int)]
    return _ratio((wrong + (missed - rate * seen) * steps).sum(axis=0), total)


def curve(confidence: Floats, right: Flags) -> tuple[tuple[float, float], ...]:
    """The risk-coverage curve, one point for each number of questions answered: (share answered, share of those wrong)."""
    order, starts = _levels(confidence)
    sizes = np.diff([*starts, len(order)])
    rates = np.add.reduceat(~right[order], starts, dtype=float) / sizes if len(order) else np.zeros(0)
    wrong = np.cumsum(np.repeat(rates, sizes))
    counts = np.arange(1, len(order) + 1)
    return tuple((float(share), float(risk)) for share, risk in zip(counts / len(order), wrong / counts, strict=True))


def ece(confidence: Floats, right: Flags, copies: Floats) -> Floats:
    """Expected calibration error: over ten equal bins, the mean gap between stated confidence and the share that is right.

    A confidence on an edge belongs to the bin below it. Source: Guo et al., "On Calibration of Modern Neural Networks", ICML
    2017.
    """
    member = (np.arange(BINS)[:, None] == _bin(confidence)).astype(float)
    gaps = np.abs((member * (confidence - right)) @ copies)
    return _ratio(gaps.sum(axis=0), copies.sum(axis=0))


def bins(confidence: Floats, right: Flags) -> tuple[Bin, ...]:
    """The bars of the reliability diagram that ``ece`` sums up."""
    member = _bin(confidence)
    found = []
    for at in range(BINS):
        inside = member == at
        count = int(inside.sum())
        means = (float(confidence[inside].mean()), float(right[inside].mean())) if count else (0.0, 0.0)
        found.append(Bin(float(_EDGES[at]), float(_EDGES[at + 1]), count, *means))
    return tuple(found)


def _bin(confidence: Floats) -> NDArray[np.intp]:
    return np.searchsorted(_EDGES[1:-1], confidence, side="left")


def _levels(confidence: Floats) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The questions' order, most confident first, and where in it each level of confidence begins."""
    order = np.argsort(-confidence, kind="stable")
    changes = np.flatnonzero(np.diff(confidence[order])) + 1
    return order, np.concatenate([[0], changes]).astype(np.intp) if len(order) else changes


def _ratio(above: Floats, below: Floats) -> Floats:
    quotient: Floats = np.divide(above, below, out=np.full(above.shape, np.nan), where=below > 0)
    return quotient
