"""What became of each question: one of five outcomes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from qa.eval.types import Row, Scores


@dataclass(frozen=True, slots=True)
class Verdict:
    """One of the outcomes."""

    name: str
    """As the page's filters and styles call it."""
    label: str
    told: str
    good: bool


RIGHT: Final = Verdict("right", "Right", "Answered, and the first place cited is evidence.", True)
WRONG: Final = Verdict("wrong", "Wrong place", "Answered, but the first place cited is not evidence.", False)
MISSED: Final = Verdict("missed", "Missed", "Not answered, though the articles hold the answer.", False)
SILENT: Final = Verdict("silent", "Rightly refused", "Not answered, and the articles hold no answer.", True)
FOOLED: Final = Verdict("fooled", "Answered a near miss", "Answered, though the articles hold no answer.", False)
VERDICTS: Final = (RIGHT, WRONG, MISSED, SILENT, FOOLED)


def verdict(row: Row) -> Verdict:
    """The outcome of one question.

    Where the data marks no evidence, right is an answer that holds a right wording, as ``contains_lenient`` says.
    """
    if not row.outcome.answered:
        return MISSED if row.case.answerable else SILENT
    if not row.case.answerable:
        return FOOLED
    return RIGHT if row.values.get("hit@1", row.values.get("contains_lenient", 0.0)) > 0.5 else WRONG


def tally(scores: Scores) -> tuple[tuple[Verdict, int], ...]:
    """Each outcome with the number of questions it befell."""
    found = [verdict(row) for row in scores.rows]
    return tuple((one, found.count(one)) for one in VERDICTS)


def surest(rows: Sequence[Row], wanted: Sequence[Verdict], limit: int) -> list[Row]:
    """The rows with one of the ``wanted`` outcomes, most confident first; among equals, in the questions' order."""
    chosen = [row for row in rows if verdict(row) in wanted]
    return sorted(chosen, key=lambda row: -row.outcome.confidence)[:limit]
