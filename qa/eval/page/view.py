"""The values that the page's template is filled with, and the record that its script reads."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from qa.eval.page import marked
from qa.eval.page.verdicts import Verdict, verdict
from qa.eval.types import Row, Run, Source
from qa.render.safe import safe

TEXT_LIMIT: Final = 3_000_000
"""Code points of article text in one page. Beyond it, passages that came last are left out, and the page says so."""
_RANKS: Final = (1000, 10, 5, 3, 1, 0)


@dataclass(frozen=True, slots=True)
class Question:
    """One question as its closed line on the page."""

    anchor: str
    """Its element's id, and what a deep link ends with."""
    id: str
    text: str
    kind: str
    verdict: Verdict
    confidence: float
    answer: str
    """The claims, or why there are none."""
    answered: bool
    gold: tuple[str, ...]
    unsupported: int
    """Claims on show that the cited words do not support in full."""


@dataclass(frozen=True, slots=True)
class Questions:
    """All questions of the page."""

    all: tuple[Question, ...]
    record: str
    """JSON for the page's script: the articles' pieces and what each question shows of them. Without ``<``."""
    passages: int | None
    """How many passages are kept for each question where not all are."""


def questions(run: Run) -> Questions:
    """The first drafter's questions."""
    rows = run.scores[0].rows
    shown = [marked.of_row(row, run.sources) for row in rows]
    kept, cuts, limit = _within(shown, run.sources)
    places = {article: at for at, article in enumerate(cuts)}
    record = {
        "articles": [_article(one) for one in cuts.values()],
        "questions": [_shown(one, cuts, places) for one in kept],
    }
    text = json.dumps(record, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return Questions(tuple(_question(row, anchor) for row, anchor in zip(rows, _anchors(rows), strict=True)), text, limit)


def _within(
    shown: Sequence[marked.Shown], sources: Mapping[str, Source]
) -> tuple[list[marked.Shown], dict[str, marked.Cuts], int | None]:
    """``shown`` with as many passages as TEXT_LIMIT allows, its articles cut, and that number where it is not all."""
    most = max((len(one.passages) for one in shown), default=0)
    for limit in _RANKS:
        kept = [marked.first(one, limit) for one in shown]
        cuts = marked.cut(kept, sources)
        if sum(one.size for one in cuts.values()) <= TEXT_LIMIT:
            break
    return kept, cuts, limit if limit < most else None


def _article(cuts: marked.Cuts) -> dict[str, object]:
    source = cuts.source
    byline = " · ".join(safe(part) for part in (source.source, source.published) if part)
    return {"title": safe(source.title), "byline": byline, "pieces": cuts.pieces}


def _shown(shown: marked.Shown, cuts: Mapping[str, marked.Cuts], places: Mapping[str, int]) -> dict[str, object]:
    excerpts = []
    for one in shown.excerpts:
        cut = cuts[one.article]
        run = cut.run(one.span)
        cited = [place.span for _, place in shown.cited if place.article == one.article]
        gold = [place.span for place in shown.gold if place.article == one.article]
        numbers = [[cut.run(place.span)[0], number] for number, place in shown.cited if place.article == one.article]
        inside = [pair for pair in numbers if run[0] <= pair[0] < run[1]]
        excerpts.append([places[one.article], *run, marked.flags(cut, run, cited, gold), inside])
    passages = [[places[one.article], *cuts[one.article].run(one.span)] for one in shown.passages]
    stray = [[number, safe(place.quote)] for number, place in shown.stray]
    return {"excerpts": excerpts, "passages": passages, "stray": stray}


def _question(row: Row, anchor: str) -> Question:
    case, outcome = row.case, row.outcome
    answer = " ".join(outcome.claims) if outcome.answered else outcome.message or outcome.reason or ""
    return Question(
        anchor,
        safe(case.id),
        safe(case.question),
        safe(case.kind or ""),
        verdict(row),
        outcome.confidence,
        safe(answer),
        outcome.answered,
        tuple(map(safe, case.answers)),
        sum(one != "supported" for one in outcome.support),
    )


def _anchors(rows: Sequence[Row]) -> list[str]:
    """An id for each question's element: its own, without blanks, told apart where two become the same."""
    seen: dict[str, int] = {}
    anchors = []
    for row in rows:
        name = "q-" + "-".join(safe(row.case.id).split())
        seen[name] = seen.get(name, 0) + 1
        anchors.append(name if seen[name] == 1 else f"{name}~{seen[name]}")
    return anchors
