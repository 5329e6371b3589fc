"""Two evaluations of the same questions, paired: what differs, by how much, and how sure that is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from qa.errors import NotComparable
from qa.eval.metrics import BETTER_SMALL, NEUTRAL
from qa.eval.metrics.evidence import Texts
from qa.eval.metrics.refusal import Floats
from qa.eval.metrics.sheet import REFUSED, RIGHT, WRONG, Sheet, state
from qa.eval.types import Row, Run, Scores

RESAMPLES: Final = 10_000
LEVEL: Final = 95
"""Per cent of the resamples that lie within an interval."""
_BLOCK = 500
"""Resamples at a time: their counts stay within a few megabytes."""
_DIGITS = 12
"""Sums of the same numbers in another order differ after these."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One metric in both runs."""

    metric: str
    one: float
    other: float
    difference: float
    """``other - one``."""
    low: float
    high: float
    """The 95 % interval of the difference over the resamples, by percentiles."""
    opposite: float
    """Share of the resamples whose difference is 0 or has the other sign; 1 where the runs are equal."""
    n: int
    """Questions that the metric says something about, in one run or the other at least."""

    @property
    def better(self) -> bool | None:
        """Whether the other run is better, beyond its interval; None where that is open or the metric does not judge."""
        if self.low <= 0 <= self.high or self.metric in NEUTRAL:
            return None
        return (self.difference > 0) != (self.metric in BETTER_SMALL)


@dataclass(frozen=True, slots=True)
class Side:
    """How one run answered a question."""

    state: str
    """``right``, ``wrong``, ``refused``, or ``answered`` where the data cannot tell."""
    text: str
    """The claims, or the message of a refusal."""
    quote: str | None
    """The words of the first citation."""
    article: str | None
    """The id of the article that they stand in."""


@dataclass(frozen=True, slots=True)
class Flip:
    """A question that went another way."""

    id: str
    question: str
    answerable: bool
    golds: tuple[str, ...]
    """The golden answers."""
    evidence: tuple[str, ...]
    """The golden words, the first set of them."""
    one: Side
    other: Side

    @property
    def better(self) -> bool | None:
        """Whether the other run did better: right over refused over wrong, and refused best where there is no answer."""
        order = [WRONG, REFUSED, RIGHT]
        if self.one.state not in order or self.other.state not in order:
            return None
        return order.index(self.other.state) > order.index(self.one.state)


@dataclass(frozen=True, slots=True)
class Comparison:
    """What ``compare`` finds."""

    data: str
    names: tuple[str, str]
    """The two drafters."""
    questions: int
    seed: int
    resamples: int
    differences: tuple[Difference, ...]
    flips: tuple[Flip, ...]
    """In the questions' order."""
    settings: Mapping[str, tuple[str | None, str | None]]
    """What was set otherwise: name -> its value in each run."""


def compare(one: Run, other: Run, seed: int = 1, resamples: int = RESAMPLES) -> Comparison:
    """The first drafter of each run, compared question by question: ``other`` minus ``one``.

    Paired bootstrap: questions are drawn with replacement ``resamples`` times, the same ones for both runs, and every metric
    is taken anew over each draw, those of the whole set (AUROC, AURC, ECE, pooled shares) included; of the seconds, only the
    mean. Source: Efron and Tibshirani, "An Introduction to the Bootstrap", 1993 (percentile interval); Berg-Kirkpatrick et
    al., "An Empirical Investigation of Statistical Significance in NLP", EMNLP 2012 (pairing).

    Raises NotComparable where the runs are not about the same questions and articles.
    """
    _same_data(one, other)
    first, second = one.scores[0], other.scores[0]
    sheets = Sheet(first.rows, Texts(one.sources)), Sheet(second.rows, Texts(other.sources))
    return Comparison(
        one.data,
        (first.name, second.name),
        len(first.rows),
        seed,
        resamples,
        tuple(_differences(sheets, len(first.rows), seed, resamples)),
        tuple(_flips(first, second)),
        {
            name: (one.settings.get(name), other.settings.get(name))
            for name in sorted({*one.settings, *other.settings})
            if one.settings.get(name) != other.settings.get(name)
        },
    )


def _same_data(one: Run, other: Run) -> None:
    if one.digest != other.digest:
        raise NotComparable(
            f"The runs were made on different data: {one.data} ({one.digest[:12]}) and {other.data} ({other.digest[:12]}).",
            "run both on the same questions and articles: qa eval run DATA --out RUN",
        )
    ids = [[row.case.id for row in run.scores[0].rows] if run.scores else [] for run in (one, other)]
    if ids[0] != ids[1] or not ids[0]:
        raise NotComparable(
            f"The runs do not hold the same questions: {len(ids[0])} and {len(ids[1])}.",
            "let both runs finish: the same qa eval run goes on where it stopped",
        )


def _differences(sheets: tuple[Sheet, Sheet], questions: int, seed: int, resamples: int) -> Iterator[Difference]:
    one, other = (sheet.whole() for sheet in sheets)
    counts = [sheet.counts() for sheet in sheets]
    drawn = _resampled(sheets, questions, seed, resamples)
    for metric in (name for name in one if name in other):
        difference = round(other[metric] - one[metric], _DIGITS)
        spread = np.round(drawn[metric], _DIGITS)
        spread = spread[np.isfinite(spread)]
        low, high = np.percentile(spread, [(100 - LEVEL) / 2, (100 + LEVEL) / 2]) if len(spread) else (difference, difference)
        opposite = float((spread * np.sign(difference) <= 0).mean()) if len(spread) else 1.0
        n = max(count.get(metric, 0) for count in counts)
        yield Difference(metric, one[metric], other[metric], difference, float(low), float(high), opposite, n)


def _resampled(sheets: tuple[Sheet, Sheet], questions: int, seed: int, resamples: int) -> dict[str, Floats]:
    """Metric -> its difference in each resample."""
    random = np.random.default_rng(seed)
    parts: dict[str, list[Floats]] = {}
    for start in range(0, resamples, _BLOCK):
        copies = _copies(random, min(_BLOCK, resamples - start), questions)
        one, other = (sheet.figures(copies) for sheet in sheets)
        for metric in one.keys() & other.keys():
            parts.setdefault(metric, []).append(other[metric] - one[metric])
    return {metric: np.concatenate(found) for metric, found in parts.items()}


def _copies(random: np.random.Generator, resamples: int, questions: int) -> Floats:
    """How often each question was drawn: a row for each question, a column for each resample."""
    drawn = random.integers(0, questions, (resamples, questions)) * resamples + np.arange(resamples)[:, None]
    return np.bincount(drawn.ravel(), minlength=resamples * questions).reshape(questions, resamples).astype(float)


def _flips(one: Scores, other: Scores) -> Iterator[Flip]:
    for before, after in zip(one.rows, other.rows, strict=True):
        if state(before) != state(after):
            case = before.case
            evidence = tuple(place.quote for place in case.evidence[0]) if case.evidence else ()
            yield Flip(case.id, case.question, case.answerable, case.answers, evidence, _side(before), _side(after))


def _side(row: Row) -> Side:
    outcome = row.outcome
    first = outcome.citations[0].place if outcome.citations else None
    text = " ".join(outcome.claims) if outcome.answered else outcome.message or ""
    return Side(state(row), text, first.quote if first else None, first.article if first else None)
