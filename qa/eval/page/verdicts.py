"""What became of each question: one outcome out of a few."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from qa.eval.metrics.sheet import right
from qa.eval.types import Row, Run


@dataclass(frozen=True, slots=True)
class Verdict:
    """One of the outcomes."""

    name: str
    """As the page's filters and styles call it."""
    label: str
    told: str


RIGHT: Final = Verdict(
    "right", "Right", "Answered, and the first place cited is evidence; where none is marked, a right wording is in it."
)
WRONG: Final = Verdict("wrong", "Wrong place", "Answered, but the first place cited is not evidence.")
WORDS: Final = Verdict("words", "Wrong words", "Answered, but without a right wording; the data marks no evidence.")
UNTOLD: Final = Verdict("untold", "No telling", "Answered; the data states neither evidence nor a wording.")
MISSED: Final = Verdict("missed", "Missed", "Not answered, though the articles hold the answer.")
SILENT: Final = Verdict("silent", "Rightly refused", "Not answered, and the articles hold no answer.")
FOOLED: Final = Verdict("fooled", "Answered a near miss", "Answered, though the articles hold no answer.")
VERDICTS: Final = (RIGHT, WRONG, WORDS, UNTOLD, MISSED, SILENT, FOOLED)


@dataclass(frozen=True, slots=True)
class Tally:
    """How often one outcome befell each drafter."""

    verdict: Verdict
    counts: tuple[int, ...]


def verdict(row: Row) -> Verdict:
    """The outcome of one question; what is right is for ``qa.eval.metrics.sheet.right`` to say."""
    if not row.outcome.answered:
        return MISSED if row.case.answerable else SILENT
    if not row.case.answerable:
        return FOOLED
    told = right(row)
    if told is None:
        return UNTOLD
    return RIGHT if told else WRONG if "hit@1" in row.values else WORDS


def tallies(run: Run) -> tuple[Tally, ...]:
    """Each outcome that befell any drafter."""
    found = [[verdict(row) for row in scores.rows] for scores in run.scores]
    every = (Tally(one, tuple(outcomes.count(one) for outcomes in found)) for one in VERDICTS)
    return tuple(one for one in every if any(one.counts))


def surest(rows: Sequence[Row], wanted: Sequence[Verdict], limit: int) -> list[Row]:
    """The rows with one of the ``wanted`` outcomes, most confident first; among equals, in the questions' order."""
    chosen = [row for row in rows if verdict(row) in wanted]
    return sorted(chosen, key=lambda row: -row.outcome.confidence)[:limit]
