"""What a drafter's answers to a set of golden questions are worth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from qa.eval.metrics import answers, evidence, retrieval
from qa.eval.metrics.refusal import bins, curve
from qa.eval.metrics.sheet import Sheet, right
from qa.eval.types import Case, Outcome, Row, Scores, Source


def score(name: str, cases: Sequence[Case], outcomes: Sequence[Outcome], sources: Mapping[str, Source]) -> Scores:
    """The scores of the drafter ``name``, one outcome for each case in the same order.

    ``sources`` has each article that evidence or citations name. An answerable question that was refused counts with 0 in
    every metric of answers and evidence but precision; one that cannot be answered counts in refusal, integrity and cost
    alone. Raises ValueError where there are not as many outcomes as cases.
    """
    texts = evidence.Texts(sources)
    rows = tuple(_row(case, outcome, texts) for case, outcome in zip(cases, outcomes, strict=True))
    sheet = Sheet(rows, texts)
    figures = sheet.whole()
    counts = {metric: count for metric, count in sheet.counts().items() if metric in figures}
    if rows:
        seconds = [outcome.seconds for outcome in outcomes]
        figures |= {"seconds_median": float(np.median(seconds)), "seconds_p95": float(np.percentile(seconds, 95))}
        counts |= {"seconds_median": len(rows), "seconds_p95": len(rows)}
    kinds = dict.fromkeys(case.kind for case in cases if case.kind is not None)
    return Scores(
        name,
        rows,
        figures,
        counts,
        {kind: Sheet([row for row in rows if row.case.kind == kind], texts).whole() for kind in sorted(kinds)},
        curve(sheet.confidence[sheet.known], sheet.right[sheet.known]),
        bins(sheet.confidence[sheet.known], sheet.right[sheet.known]),
    )


def _row(case: Case, outcome: Outcome, texts: evidence.Texts) -> Row:
    values: dict[str, float] = {}
    if case.answerable:
        values |= answers.values(outcome.claims if outcome.answered else (), case.answers)
        values |= evidence.values(outcome.answered, outcome.citations, case.evidence, texts)
        values |= retrieval.values(outcome.passages, case.evidence, case.gold_articles)
    told = right(Row(case, outcome, values))
    if told is not None:
        values["brier"] = (outcome.confidence - told) ** 2
    values["seconds"] = outcome.seconds
    values["tokens"] = float(outcome.usage.input_tokens + outcome.usage.output_tokens)
    return Row(case, outcome, values)
