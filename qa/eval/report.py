"""A run as people read it: one page that needs no network, and Markdown for a pull request."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from markupsafe import Markup

from qa.eval.page.figures import RESAMPLES, SEED, Line, main_lines, parts
from qa.eval.page.verdicts import FOOLED, MISSED, WORDS, WRONG, surest, tallies
from qa.eval.page.view import questions
from qa.eval.plots import plots
from qa.eval.types import Row, Run
from qa.render import page
from qa.render.markdown import escaped
from qa.render.safe import safe

_TOP: Final = 10
"""Answers of each sort that the Markdown shows."""
_QUOTE_LIMIT: Final = 300
"""Code points of an answer that the Markdown shows."""


def html(run: Run) -> str:
    """The whole report as one HTML page.

    It asks the network for nothing and its policy forbids it to; only its own style sheet and script, named by their digests,
    may run. Texts of articles and questions stand in it as text. Raises ValueError where the run holds no drafter.
    """
    if not run.scores:
        raise ValueError("a run without a drafter has nothing to report")
    asked = questions(run)
    return page.fill(
        "qa.eval.page",
        "report",
        run=run,
        settings=[(safe(name), safe(value)) for name, value in run.settings.items()],
        names=[safe(scores.name) for scores in run.scores],
        main=main_lines(run),
        parts=parts(run),
        tallies=tallies(run),
        plots=[(plot, Markup(plot.svg)) for plot in plots(run)],  # noqa: S704 - built as a tree, so its texts are escaped
        asked=asked,
        record=Markup(asked.record),  # noqa: S704 - JSON without "<" cannot end its element
        kinds=_kinds(run),
        resamples=RESAMPLES,
        seed=SEED,
    )


def _kinds(run: Run) -> list[tuple[str, int]]:
    found = [safe(row.case.kind) for row in run.scores[0].rows if row.case.kind is not None]
    return [(kind, found.count(kind)) for kind in dict.fromkeys(found)]


def markdown(run: Run) -> str:
    """The report for a pull request: the figures, and folded away those by type and the answers that went most wrong.

    Raises ValueError where the run holds no drafter.
    """
    if not run.scores:
        raise ValueError("a run without a drafter has nothing to report")
    return "\n\n".join(_markdown(run)) + "\n"


def _markdown(run: Run) -> Iterator[str]:
    names = [escaped(scores.name) for scores in run.scores]
    rows = run.scores[0].rows
    yield f"## {names[0]} on {escaped(run.data)}"
    yield f"{len(rows)} questions · data {run.digest[:12]} · " + " · ".join(
        f"{escaped(name)} {escaped(value)}" for name, value in run.settings.items()
    )
    yield _table(["", "n", *names], (_line(line) for line in main_lines(run)))
    sure = f"In brackets the 95 % bootstrap interval over questions ({RESAMPLES:,} resamples, seed {SEED})"
    yield f"{sure}; best in bold, among those that answer anything."
    outcomes = ([one.verdict.label, *map(str, one.counts)] for one in tallies(run))
    yield _table(["What became of the questions", *names], outcomes)
    every = (_table([escaped(part.title), "n", *names], map(_line, part.lines)) for part in parts(run))
    yield _folded("All figures", every)
    if run.scores[0].groups:
        yield _folded("By type of question", [_groups(run)])
    yield from _answers("The most confident wrong answers", surest(rows, (WRONG, WORDS, FOOLED), _TOP))
    yield from _answers("Missed, nearest to an answer first", surest(rows, (MISSED,), _TOP))


def _line(line: Line) -> list[str]:
    cells = []
    for cell in line.cells:
        value = f"**{cell.shown}**" if cell.best else cell.shown
        cells.append(f"{value} ({cell.range})" if cell.range else value)
    return [escaped(line.metric.label), str(line.n), *cells]


def _groups(run: Run) -> str:
    first = run.scores[0]
    lines = [line for line in main_lines(run) if any(line.metric.name in group for group in first.groups.values())]
    rows = []
    for kind, group in first.groups.items():
        n = sum(row.case.kind == kind for row in first.rows)
        figures = (f"{group[line.metric.name]:.3f}" if line.metric.name in group else "–" for line in lines)
        rows.append([escaped(kind), str(n), *figures])
    return _table(["", "n", *(escaped(line.metric.label) for line in lines)], rows)


def _table(head: list[str], rows: Iterable[list[str]]) -> str:
    """A table in GitHub's Markdown; the first column is words, the others numbers."""
    ruler = ["---", *("---:" for _ in head[1:])]
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, ruler, *rows))


def _folded(title: str, parts: Iterable[str]) -> str:
    return "\n\n".join([f"<details>\n<summary>{title}</summary>", *parts, "</details>"])


def _answers(title: str, rows: list[Row]) -> Iterator[str]:
    if rows:
        yield _folded(f"{title} ({len(rows)})", map(_answer, rows))


def _answer(row: Row) -> str:
    case, outcome = row.case, row.outcome
    said = " ".join(outcome.claims) if outcome.answered else outcome.message or outcome.reason or ""
    gold = " / ".join(case.answers) if case.answerable else "not in these articles"
    evidence = next((place.quote for places in case.evidence for place in places), None)
    lines = [f"**{escaped(case.question)}** {escaped(case.id)} · confidence {outcome.confidence:.2f}", f"- said: {_short(said)}"]
    lines += [f"- right: {_short(gold)}"] if gold else []
    lines += [f"- evidence: {_short(evidence)}"] if evidence else []
    return lines[0] + "\n\n" + "\n".join(lines[1:])


def _short(text: str) -> str:
    return escaped(text if len(text) <= _QUOTE_LIMIT else text[: _QUOTE_LIMIT - 1] + "…") or "–"
