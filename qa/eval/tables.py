"""Evaluations as plain text of at most 100 columns, and as the records that scripts read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from qa.eval.compare import LEVEL, Comparison, Difference, Flip, Side
from qa.eval.gate import Check, Move, Raised, Verdict
from qa.eval.metrics import SECTIONS
from qa.eval.types import Run, Scores
from qa.render.safe import safe

COMPARISON: Final = "groundwire/comparison/1"
VERDICT: Final = "groundwire/verdict/1"
_METRIC, _COUNT, _FIGURE, _GAP = 20, 6, 12, 2
_ABREAST = 5
"""Drafters in one table; further ones stand below."""
_TEXT = 88
"""Characters of an answer or a quote that are shown."""
_IN_GROUPS: Final = ("hit@1", "contains_lenient", "sentence_f1", "refusal_recall", "auroc")


def table(run: Run) -> str:
    """Every figure of every drafter side by side, then the first drafter's by type of question."""
    kept = [run.scores[at : at + _ABREAST] for at in range(0, len(run.scores), _ABREAST)]
    blocks = ["\n".join(_figures(scores)) for scores in kept]
    groups = "\n".join(_groups(run.scores[0])) if run.scores and run.scores[0].groups else ""
    questions = len(run.scores[0].rows) if run.scores else 0
    return "\n\n".join([f"{safe(run.data)}: {_many(questions, 'question')}", *blocks, *([groups] if groups else [])])


def _figures(scores: Sequence[Scores]) -> Iterator[str]:
    yield _line("", "n", [each.name for each in scores])
    for part, metrics in SECTIONS.items():
        known = [metric for metric in metrics if any(metric in each.figures for each in scores)]
        if known:
            yield part
        for metric in known:
            n = max(each.counts.get(metric, 0) for each in scores)
            yield _line(f"  {metric}", str(n), [_number(each.figures.get(metric)) for each in scores])


def _groups(scores: Scores) -> Iterator[str]:
    metrics = [name for name in _IN_GROUPS if any(name in figures for figures in scores.groups.values())]
    yield _line("By type", "n", [_short(name) for name in metrics])
    for kind, figures in scores.groups.items():
        n = sum(row.case.kind == kind for row in scores.rows)
        yield _line(f"  {kind}", str(n), [_number(figures.get(metric)) for metric in metrics])


def _short(metric: str) -> str:
    return metric.replace("contains_", "").replace("sentence", "sent").replace("refusal", "refus")


def _line(label: str, count: str, cells: Sequence[str]) -> str:
    shown = "".join(f"{'':{_GAP}}{_cut(cell, _FIGURE):>{_FIGURE}}" for cell in cells)
    return f"{_cut(label, _METRIC):<{_METRIC}}{count:>{_COUNT}}{shown}"


def _number(value: float | None) -> str:
    """Four significant places or so: counts of tokens stay short, shares keep three decimals."""
    if value is None:
        return "-"
    return f"{value:.3f}" if abs(value) < 100 else f"{value:,.0f}"


def _cut(text: str, width: int) -> str:
    one_line = " ".join(safe(text).split()) if text.strip() != text or "\n" in text else safe(text)
    return one_line if len(one_line) <= width else one_line[: width - 1] + "…"


def _many(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def comparison_text(found: Comparison) -> str:
    """Each metric's two values, their difference and its interval, then the questions that flipped, worsened ones first."""
    one, other = found.names
    head = f"{safe(found.data)}: {safe(one)} -> {safe(other)}, {_many(found.questions, 'question')}"
    method = f"paired bootstrap, {found.resamples:,} resamples, seed {found.seed}, {LEVEL} % intervals"
    changed = [f"  {safe(name)}: {_cut(str(a), 30)} -> {_cut(str(b), 30)}" for name, (a, b) in found.settings.items()]
    order = {metric: at for at, metric in enumerate(name for names in SECTIONS.values() for name in names)}
    rows = sorted(found.differences, key=lambda each: order.get(each.metric, len(order)))
    lines = [head, method, *(["settings that differ", *changed] if changed else []), "", _heading()]
    lines += [_difference(each) for each in rows]
    return "\n".join([*lines, *_flips(found.flips)])


def _heading() -> str:
    return f"{'':{_METRIC}}{'n':>{_COUNT}}  {'before':>9}  {'after':>9}  {'change':>9}  {'interval':>20}  opposite"


def _difference(each: Difference) -> str:
    interval = f"[{each.low:+.4f}, {each.high:+.4f}]"
    mark = {True: "better", False: "worse", None: ""}[each.better]
    return (
        f"{each.metric:<{_METRIC}}{each.n:>{_COUNT}}  {_number(each.one):>9}  {_number(each.other):>9}  "
        f"{each.difference:>+9.4f}  {interval:>20}  {each.opposite:8.4f}  {mark}"
    ).rstrip()


def _flips(flips: Sequence[Flip]) -> Iterator[str]:
    yield ""
    if not flips:
        yield "no question went another way"
    for better, told in ((False, "worse"), (True, "better"), (None, "otherwise")):
        chosen = [flip for flip in flips if flip.better is better]
        if chosen:
            yield f"{_many(len(chosen), 'question')} went {told}"
        for flip in chosen:
            yield from _flip(flip)


def _flip(flip: Flip) -> Iterator[str]:
    yield f"  {_cut(flip.id, 40)}: {flip.one.state} -> {flip.other.state}"
    yield f"    {'asked':<8}{_cut(flip.question, _TEXT)}"
    gold = "; ".join(flip.golds) if flip.answerable else "(cannot be answered)"
    yield f"    {'gold':<8}{_cut(gold or ' '.join(flip.evidence), _TEXT)}"
    for name, side in (("before", flip.one), ("after", flip.other)):
        yield f"    {name:<8}{_cut(side.text, _TEXT)}"
        if side.quote is not None and side.quote != side.text:
            yield f"    {'':<8}[{_cut(side.quote, _TEXT - 2)}]"


def comparison_record(found: Comparison) -> dict[str, object]:
    """The record ``groundwire/comparison/1``."""
    return {
        "schema": COMPARISON,
        "data": found.data,
        "drafters": list(found.names),
        "questions": found.questions,
        "seed": found.seed,
        "resamples": found.resamples,
        "level": LEVEL / 100,
        "settings": {name: list(values) for name, values in found.settings.items()},
        "metrics": {each.metric: _difference_record(each) for each in found.differences},
        "flips": [_flip_record(flip) for flip in found.flips],
    }


def _difference_record(each: Difference) -> dict[str, object]:
    return {
        "before": each.one,
        "after": each.other,
        "difference": each.difference,
        "interval": [each.low, each.high],
        "opposite": each.opposite,
        "n": each.n,
        "better": each.better,
    }


def _flip_record(flip: Flip) -> dict[str, object]:
    return {
        "id": flip.id,
        "question": flip.question,
        "answerable": flip.answerable,
        "answers": list(flip.golds),
        "evidence": list(flip.evidence),
        "better": flip.better,
        "before": _side_record(flip.one),
        "after": _side_record(flip.other),
    }


def _side_record(side: Side) -> dict[str, object]:
    return {"state": side.state, "text": side.text, "quote": side.quote, "article_id": side.article}


def verdict_text(verdict: Verdict) -> str:
    """Whether the gate holds, and each limit with the run's value."""
    fallen = len(verdict.fallen)
    head = f"{safe(verdict.name)} on {safe(verdict.data)}: "
    head += f"{fallen} of {_many(len(verdict.checks), 'limit')} fell" if fallen else f"{_many(len(verdict.checks), 'limit')} held"
    return "\n".join([head, *(_check(check) for check in verdict.checks)])


def _check(check: Check) -> str:
    sign = "<=" if check.ceiling else ">="
    value = "absent" if check.value is None else f"{check.value:.4f}"
    return f"  {_cut(check.metric, 24):<24}{value:>10}  {sign} {check.limit:.4f}  {'' if check.held else 'FELL'}".rstrip()


def verdict_record(verdict: Verdict) -> dict[str, object]:
    """The record ``groundwire/verdict/1``."""
    return {
        "schema": VERDICT,
        "ok": not verdict.fallen,
        "data": verdict.data,
        "drafter": verdict.name,
        "fallen": [check.metric for check in verdict.fallen],
        "checks": [_check_record(check) for check in verdict.checks],
    }


def _check_record(check: Check) -> dict[str, object]:
    limit = "ceiling" if check.ceiling else "floor"
    return {"metric": check.metric, limit: check.limit, "value": check.value, "held": check.held}


def raised_text(raised: Raised) -> str:
    """Each limit that moved, and each that the run does not reach and that stayed."""
    lines = [f"moved: {_move(move)}" for move in raised.moved]
    lines += [f"left as it was, the run does not reach it: {_move(move)}" for move in raised.refused]
    return "\n".join(lines or ["nothing moved"])


def _move(move: Move) -> str:
    before = "new" if move.before is None else f"{move.before:.4f}"
    return f"{safe(move.metric)} {'ceiling' if move.ceiling else 'floor'} {before} -> {move.after:.4f}"


def raised_record(raised: Raised) -> Mapping[str, object]:
    """What ``raised_text`` tells, for scripts."""
    return {"moved": [_move_record(move) for move in raised.moved], "refused": [_move_record(move) for move in raised.refused]}


def _move_record(move: Move) -> dict[str, object]:
    limit = "ceiling" if move.ceiling else "floor"
    return {"metric": move.metric, "limit": limit, "before": move.before, "after": move.after}
