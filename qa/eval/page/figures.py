"""The figures as a table: drafters side by side, the best marked, the main ones with how sure they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from qa.eval.metrics.evidence import Texts
from qa.eval.metrics.sheet import Sheet
from qa.eval.page.metrics import MAIN, Metric, grouped
from qa.eval.types import Run, Scores, Source

RESAMPLES: Final = 2000
SEED: Final = 1
_TAILS: Final = (2.5, 97.5)
"""Percentiles between which 95 % of the resamples lie."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One drafter's figure."""

    shown: str
    """A dash where the metric says nothing about this drafter."""
    n: int
    """Over how many questions."""
    best: bool
    interval: tuple[float, float] | None
    """The 95 % bootstrap interval, where there is one."""

    @property
    def range(self) -> str:
        """The interval in words; empty where there is none."""
        return f"{self.interval[0]:.2f}–{self.interval[1]:.2f}" if self.interval else ""


@dataclass(frozen=True, slots=True)
class Line:
    """One metric over all drafters."""

    metric: Metric
    n: int
    """Questions that the first drafter's figure is over."""
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A titled part of the table."""

    title: str
    lines: tuple[Line, ...]


def main_lines(run: Run) -> tuple[Line, ...]:
    """The figures that stand open, in the order of ``MAIN``, with their intervals."""
    by_name = {metric.name: metric for group in grouped(_names(run)) for metric in group.metrics}
    sure = [intervals(scores, run.sources) for scores in run.scores]
    return tuple(_line(run, by_name[name], sure) for name in MAIN if name in by_name)


def parts(run: Run) -> tuple[Part, ...]:
    """Every figure, in groups; without intervals."""
    unsure = [dict[str, tuple[float, float]]() for _ in run.scores]
    return tuple(
        Part(group.title, tuple(_line(run, metric, unsure) for metric in group.metrics)) for group in grouped(_names(run))
    )


def _names(run: Run) -> Iterable[str]:
    return dict.fromkeys(name for scores in run.scores for name in scores.figures)


def _line(run: Run, metric: Metric, sure: Sequence[Mapping[str, tuple[float, float]]]) -> Line:
    values = [scores.figures.get(metric.name) for scores in run.scores]
    best = _best([value for value, scores in zip(values, run.scores, strict=True) if _answers(scores)], metric)
    cells = tuple(
        Cell(
            shown(value, metric),
            scores.counts.get(metric.name, 0),
            value is not None and _answers(scores) and shown(value, metric) == best,
            known.get(metric.name) if value is not None else None,
        )
        for scores, value, known in zip(run.scores, values, sure, strict=True)
    )
    return Line(metric, next((cell.n for cell in cells if cell.n), 0), cells)


def shown(value: float | None, metric: Metric) -> str:
    """``value`` to the metric's digits; a dash where there is none."""
    return "–" if value is None else f"{value:,.{metric.digits}f}"


def _answers(scores: Scores) -> bool:
    """Whether it answers at all: what never speaks is never wrong, which is no merit to mark."""
    return any(row.outcome.answered for row in scores.rows)


def _best(values: Sequence[float | None], metric: Metric) -> str | None:
    """What the best figure looks like; None where all look the same or no way is better."""
    known = [value for value in values if value is not None]
    if not metric.better or len({shown(value, metric) for value in known}) < 2:
        return None
    return shown(max(known) if metric.better > 0 else min(known), metric)


def intervals(scores: Scores, sources: Mapping[str, Source]) -> dict[str, tuple[float, float]]:
    """Metric -> its 95 % percentile bootstrap interval (Efron 1979), for each metric that can be told of any set of questions.

    Questions are drawn with replacement, RESAMPLES times from SEED, and every metric is worked out anew on each draw. One over
    fewer than two questions, or that most draws say nothing about, has none.
    """
    n = len(scores.rows)
    if n < 2:
        return {}
    draws = np.random.default_rng(SEED).multinomial(n, np.full(n, 1 / n), size=RESAMPLES).T.astype(np.float64)
    found = {}
    for name, values in Sheet(scores.rows, Texts(sources)).figures(draws).items():
        known = values[np.isfinite(values)]
        if scores.counts.get(name, 0) > 1 and len(known) > RESAMPLES / 2:
            low, high = np.percentile(known, _TAILS)
            found[name] = float(low), float(high)
    return found


def by_kind(scores: Scores, name: str) -> list[tuple[str, float, int]]:
    """Type of question, value and number of questions, for one metric, in the groups' order."""
    counts: dict[str, int] = {}
    for row in scores.rows:
        if name in row.values and row.case.kind is not None:
            counts[row.case.kind] = counts.get(row.case.kind, 0) + 1
    return [(kind, group[name], counts[kind]) for kind, group in scores.groups.items() if name in group and kind in counts]
