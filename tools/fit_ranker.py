"""The fitting behind ``train_ranker.py``: a list-wise ranker, two logistic regressions, their figures and their file."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from qa.draft.closely import READINGS
from qa.draft.features import WORDS, Matrix
from qa.draft.rank import ANSWERS, FEATURES, FURTHERS, GLIMPSED, Candidates, answer_features, further_features

if TYPE_CHECKING:
    from train_ranker import Example

Array = NDArray[np.float64]
_SET_WEIGHT = {"wikinews": 6.0, "reader": 0.4}
"""News counts more, for it is what the program is for; questions written from one passage count less."""
_FOLDS = 4
_COST = 0.45
"""What a wrong first sentence costs when a right one is worth 1; the probability at which the two break even is the threshold."""
_HEAD = '''"""The learned numbers of the extractive drafter.

Made by ``python tools/train_ranker.py --data DIR... --reader FILE... --cache DIR --write``; do not edit by hand.
Each is the weight of the feature it is named after, on the feature as it is; a feature that is not here weighs nothing.
"""
'''
_SAYS = (
    '"""Below this probability of a right first sentence nothing is answered."""',
    '"""From this probability on a further sentence is shown."""',
)


def ranker(
    lists: Sequence[tuple[Array, NDArray[np.bool_]]],
    worth: Array,
    *,
    steps: int = 600,
    ridge: float = 0.002,
) -> Array:
    """Weights that make the gold rows of each list likely under a softmax over it, on the features as they are.

    Full-batch Adam on the mean log-likelihood of the gold rows together, features scaled to unit variance, with a quadratic
    penalty.
    """
    size = max(len(features) for features, _ in lists)
    rows = np.zeros((len(lists), size, lists[0][0].shape[1]))
    real = np.zeros((len(lists), size), bool)
    gold = np.zeros((len(lists), size), bool)
    for at, (features, good) in enumerate(lists):
        rows[at, : len(features)], real[at, : len(features)], gold[at, : len(features)] = features, True, good
    centre, scale = rows[real].mean(axis=0), rows[real].std(axis=0) + 1e-3
    rows = np.where(real[..., None], (rows - centre) / scale, 0)
    weights, first, second = np.zeros((3, rows.shape[2]))
    for step in range(1, steps + 1):
        scores = np.where(real, rows @ weights, -1e9)
        share = np.exp(scores - scores.max(axis=1, keepdims=True))
        share /= share.sum(axis=1, keepdims=True)
        wanted = share * gold
        wanted /= wanted.sum(axis=1, keepdims=True)
        gradient = np.tensordot((share - wanted) * worth[:, None] / worth.sum(), rows, 2) + ridge * weights
        first, second = 0.9 * first + 0.1 * gradient, 0.99 * second + 0.01 * gradient**2
        weights -= 0.02 * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.99**step)) + 1e-8)
    learned: Array = weights / scale
    return learned


def quick(lists: Sequence[tuple[Matrix, NDArray[np.bool_]]]) -> dict[str, float]:
    """The numbers by which words alone put sentences in order."""
    return _named(ranker([(features.astype(float), gold) for features, gold in lists], np.ones(len(lists)), steps=300), WORDS)


def glimpse(lists: Sequence[tuple[str, Matrix, NDArray[np.bool_]]]) -> dict[str, float]:
    """The numbers by which words and vectors put sentences in order; each list with the name of its data set."""
    worth = np.array([_SET_WEIGHT.get(name, 1.0) for name, _, _ in lists])
    return _named(ranker([(features.astype(float), gold) for _, features, gold in lists], worth), GLIMPSED)


def _named(values: Array, names: Sequence[str]) -> dict[str, float]:
    return {name: round(float(value), 3) for name, value in zip(names, values, strict=True) if abs(value) >= 0.001}


def logistic(rows: Array, labels: Array, worth: Array, ridge: float) -> tuple[Array, float]:
    """Weights on the features as they are, and the bias (Newton's method with a quadratic penalty)."""
    centre, scale = rows.mean(axis=0), rows.std(axis=0) + 1e-3
    scaled = np.c_[(rows - centre) / scale, np.ones(len(rows))]
    weights = np.zeros(scaled.shape[1])
    penalty = ridge * np.eye(len(weights))
    penalty[-1, -1] = 1e-6
    for _ in range(50):
        chance = 1 / (1 + np.exp(-scaled @ weights))
        slope = scaled.T @ (worth * (chance - labels)) + penalty @ weights
        weights -= np.linalg.solve((scaled * (worth * chance * (1 - chance))[:, None]).T @ scaled + penalty, slope)
    return weights[:-1] / scale, float(weights[-1] - (weights[:-1] * centre / scale).sum())


@dataclass(frozen=True)
class Judged:
    """An example with its candidates' shares from a ranker that did not learn from it."""

    example: Example
    seen: Candidates
    gold: NDArray[np.bool_]
    shares: Matrix
    first: int
    """The row of the best candidate."""
    right: bool
    """Whether that is gold."""


def _rank(examples: Sequence[Example]) -> Array:
    """Weights over FEATURES, of READINGS alone: with more of them it does worse on questions it has not learned from."""
    usable = [one for one in examples if any(one.gold)]
    worth = np.array([_SET_WEIGHT.get(one.set, 1.0) for one in usable])
    columns = [FEATURES.index(name) for name in READINGS]
    weights = np.zeros(len(FEATURES))
    lists = [(one.seen.features[:, columns].astype(float), np.array(one.gold)) for one in usable]
    weights[columns] = ranker(lists, worth, ridge=0.005)
    return weights


def _judged(example: Example, numbers: Array) -> Judged:
    scores = example.seen.features @ numbers
    shares = np.exp(scores - scores.max())
    shares = (shares / shares.sum()).astype(np.float32)
    gold = np.array(example.gold, bool)
    first = int(np.argmax(shares))
    return Judged(example, example.seen, gold, shares, first, bool(gold[first]))


def _crossed(examples: Sequence[Example]) -> list[Judged]:
    """Each example judged by a ranker learned from the other three quarters, so that no probability is flattered."""
    found = []
    for fold in range(_FOLDS):
        numbers = _rank([one for at, one in enumerate(examples) if at % _FOLDS != fold])
        found += [_judged(one, numbers) for at, one in enumerate(examples) if at % _FOLDS == fold]
    return found


def _answer(judged: Sequence[Judged]) -> dict[str, float]:
    """Learned from the open sets alone: reader questions were written from their passage, whose words they share too readily."""
    rows = np.stack([answer_features(one.seen, one.shares) for one in judged]).astype(float)
    labels = np.array([float(one.right) for one in judged])
    worth = np.array([_SET_WEIGHT.get(one.example.set, 1.0) for one in judged])
    weights, bias = logistic(rows, labels, worth, 300.0)  # the best log loss in cross-validation over the half learned from
    return _named(weights, ANSWERS) | {"bias": round(bias, 3)}


def _further(judged: Sequence[Judged]) -> dict[str, float]:
    """Learned from the second to fourth candidates of the answerable questions."""
    rows, labels = [], []
    for one in judged:
        order = np.argsort(-one.shares, kind="stable")
        if not one.gold.any():
            continue
        for place in (1, 2, 3):
            if len(order) > place:
                rows.append(further_features(one.seen, one.shares, [int(at) for at in order[: min(place, 2)]], int(order[place])))
                labels.append(float(one.gold[order[place]]))
    weights, bias = logistic(np.stack(rows).astype(float), np.array(labels), np.ones(len(labels)), 3.0)
    return _named(weights, FURTHERS) | {"bias": round(bias, 3)}


def fit(quick: dict[str, float], rank: dict[str, float], examples: Sequence[Example]) -> tuple[str, str]:
    """The text of ``weights.py`` learned from one half, and a table of the other half's figures."""
    learned = [one for one in examples if one.learned]
    closes = _named(_rank(learned), FEATURES)
    judged = _crossed(learned)
    asked = [one for one in judged if one.example.set != "reader"]
    answers, more = _answer(asked), _further(judged)
    numbers = np.array([closes.get(name, 0.0) for name in FEATURES])
    held_out = [_judged(one, numbers) for one in examples if not one.learned]
    threshold, floor = round(_COST / (1 + _COST), 2), _floor(asked, more)
    report = "\n".join([_table(held_out, answers, threshold), f"threshold {threshold}, further sentences from {floor}"])
    tables = {"QUICK": quick, "RANK": rank, "CLOSE": closes, "ANSWER": answers, "FURTHER": more}
    literals = [f"{name}: dict[str, float] = {json.dumps(table, indent=4)[:-2]},\n}}" for name, table in tables.items()]
    return "\n".join([_HEAD, *literals, f"THRESHOLD = {threshold}", _SAYS[0], f"FLOOR = {floor}", _SAYS[1], ""]), report


def _chance(one: Judged, answers: dict[str, float]) -> float:
    values = answer_features(one.seen, one.shares).astype(float)
    total = sum(answers.get(name, 0.0) * value for name, value in zip(ANSWERS, values, strict=True)) + answers["bias"]
    return float(1 / (1 + np.exp(-total)))


def _floor(judged: Sequence[Judged], more: dict[str, float]) -> float:
    """From which probability a further sentence raises the mean F1 of what is shown against the gold sentences."""
    numbers = np.array([more.get(name, 0.0) for name in FURTHERS])
    steps = np.round(np.arange(0.2, 0.9, 0.02), 2)
    sums = np.zeros(len(steps))
    for one in judged:
        if not one.gold.any():
            continue
        order = [int(at) for at in np.argsort(-one.shares, kind="stable")[:4]]
        for at, step in enumerate(steps):
            shown = order[:1]
            for other in order[1:]:
                total = float(further_features(one.seen, one.shares, shown, other) @ numbers) + more["bias"]
                if len(shown) < 3 and 1 / (1 + np.exp(-total)) >= step:
                    shown.append(other)
            hits = int(one.gold[shown].sum())
            sums[at] += 2 * hits / (len(shown) + int(one.gold.sum()))
    return float(steps[int(np.argmax(sums))])


def auroc(scores: Array, labels: NDArray[np.bool_]) -> float:
    """The chance that a true one scores above a false one, ties half; nan where there is only one kind."""
    above = scores[labels][:, None] - scores[~labels][None, :]
    return float(((above > 0) + 0.5 * (above == 0)).mean()) if above.size else float("nan")


def calibration(chances: Array, labels: Array) -> float:
    """Expected calibration error over ten bins of equal width."""
    bins = np.minimum((chances * 10).astype(int), 9)
    return float(
        sum(abs(chances[bins == at].mean() - labels[bins == at].mean()) * (bins == at).mean() for at in set(bins.tolist()))
    )


def _interval(values: Array) -> str:
    draws = np.random.default_rng(1).choice(values, (2000, len(values))).mean(axis=1)
    return f"{values.mean():.3f} [{np.quantile(draws, 0.025):.3f}-{np.quantile(draws, 0.975):.3f}]"


def _table(held_out: Sequence[Judged], answers: dict[str, float], threshold: float) -> str:
    """Figures of each set, held-out half: hits at 1, 2 and 3 with 95 % bootstrap intervals for BM25, MaxSim and the ranker."""
    lines = []
    groups: dict[str, list[Judged]] = {"squad_mix+clapnq": []}
    for one in held_out:
        groups.setdefault(one.example.set, []).append(one)
        if one.example.set in ("squad_mix", "clapnq"):
            groups["squad_mix+clapnq"].append(one)
    for name, group in groups.items():
        good = [one for one in group if one.example.case.answerable]
        for label in ("bm25", "sim", "sim_before", "ranker") if good else ():
            scores = [one.shares if label == "ranker" else one.seen.column(label) for one in good]
            ranked = [one.gold[np.argsort(-score, kind="stable")] for one, score in zip(good, scores, strict=True)]
            hits = [_interval(np.array([float(one[:k].any()) for one in ranked])) for k in (1, 2, 3)]
            lines.append(f"{name:18} {len(good):4} {label:10} " + "  ".join(hits))
        lines.append(f"{name:18} {_trust(group, answers, threshold)}")
    return "\n".join(lines)


def _trust(group: Sequence[Judged], answers: dict[str, float], threshold: float) -> str:
    """How well the probability tells answerable from not and right from wrong, next to the best raw scores."""
    chances = np.array([_chance(one, answers) for one in group])
    right = np.array([one.right for one in group])
    able = np.array([one.example.case.answerable for one in group])
    shown = chances >= threshold
    raw = {
        name: auroc(np.array([float(one.seen.column(name).max()) for one in group]), able)
        for name in ("bm25", "sim", "sim_before")
    }
    return (
        f"AUROC answerable {auroc(chances, able):.3f} ({', '.join(f'{name} {value:.3f}' for name, value in raw.items())}) "
        f"right {auroc(chances, right):.3f} ECE {calibration(chances, right):.3f} shown of answerable {shown[able].mean():.3f} "
        f"right of shown {right[shown].mean():.3f} refused of rest {1 - shown[~able].mean() if not able.all() else 1:.3f}"
    )
