"""The plots as inline SVG: leather places the marks, the page's style sheet colours them for light and dark.

Each comes with what it shows in words and with its figures as a table, for those who do not see it.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import leather

from qa.eval.page.figures import by_kind
from qa.eval.types import Bin, Run, Scores
from qa.render.safe import safe

_WIDTH: Final = 480
_LONG_NUMBER: Final = re.compile(r"-?\d+\.\d{2,}")
_TENTHS: Final = [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]
_LOOKS: Final = ("font-family", "font-size", "stroke-width", "stroke", "fill")
"""What leather writes into every mark, and the style sheet decides instead."""
_LENGTHS: Final = (
    *((0.25, "<¼"), (0.5, "¼–½"), (0.75, "½–¾"), (1.25, "¾–1¼"), (2.0, "1¼–2"), (4.0, "2–4"), (8.0, "4–8")),
    (float("inf"), "8+"),
)
"""Upper edges and names of the bins of cited length over evidence length."""


@dataclass(frozen=True, slots=True)
class Plot:
    """One figure of the page."""

    id: str
    title: str
    told: str
    """How to read it, in a sentence or two."""
    svg: str
    """Markup; every text in it is escaped."""
    series: tuple[str, ...]
    """Names for the legend, in the order of the colours; empty where there is one series."""
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    """The figures behind it."""


def plots(run: Run) -> list[Plot]:
    """The plots of a run that its data has something to show in, in the page's order."""
    first = run.scores[0]
    made = [_coverage(run), _calibration(first), _kinds(first), _lengths(first)]
    return [plot for plot in made if plot is not None]


def _coverage(run: Run) -> Plot | None:
    drawn = [(at, scores) for at, scores in enumerate(run.scores) if scores.curve]
    if not drawn:
        return None
    chart = leather.Chart()
    chart.add_x_scale(0, 1)
    chart.add_y_scale(0, 1)
    chart.add_x_axis(ticks=_TENTHS, tick_formatter=_percent, name="Questions answered")
    chart.add_y_axis(ticks=_TENTHS, tick_formatter=_percent, name="Answered wrong")
    for _, scores in drawn:
        _add_line(chart, scores.curve)
    told = (
        "The surest answers come first: the further right, the more questions are answered, and the height is the share of those "
        "answered wrong. A good drafter's line stays low, and rises only towards the right."
    )
    quarters = (0.25, 0.5, 0.75, 1.0)
    rows = tuple((safe(scores.name), *(f"{_at(scores.curve, share):.3f}" for share in quarters)) for _, scores in drawn)
    svg = _svg(chart, 360, "Share answered wrong over the share of questions answered", [f"s{at}" for at, _ in drawn])
    names = tuple(safe(scores.name) for scores in run.scores)
    return Plot(
        "coverage", "Risk and coverage", told, svg, names, ("wrong, of the surest", "25 %", "50 %", "75 %", "100 %"), rows
    )


def _at(curve: Sequence[tuple[float, float]], share: float) -> float:
    return min(curve, key=lambda point: abs(point[0] - share))[1]


def _calibration(scores: Scores) -> Plot | None:
    filled = [one for one in scores.bins if one.count]
    if not filled:
        return None
    chart = leather.Chart()
    chart.add_x_scale(0, 1)
    chart.add_y_scale(0, 1)
    chart.add_x_axis(ticks=_TENTHS, tick_formatter=_percent, name="Confidence stated")
    chart.add_y_axis(ticks=_TENTHS, tick_formatter=_percent, name="Turned out right")
    _add_line(chart, [(0.0, 0.0), (1.0, 1.0)])
    _add_line(chart, [point for one in filled for point in _whisker(one)])
    largest = max(one.count for one in filled)
    sizes = [4 + 8 * (one.count / largest) ** 0.5 for one in filled]
    chart.add_dots([(one.confidence, one.right) for one in filled], name="", radius=lambda datum: sizes[datum.i])
    told = (
        "Answers are put in ten bins by the confidence stated with them. On the diagonal, confidence is what it says: of the "
        "answers called 70 % sure, 70 % are right. Beside each dot stands how many questions "
        "it is made of; whiskers are the 95 % interval (Wilson)."
    )
    names = ["diagonal", "whisker", "s0"]
    labels = [f"{one.count} {_questions(one.count)}: {one.confidence:.0%} sure, {one.right:.0%} right" for one in filled]
    svg = _svg(chart, 360, "Share right over the confidence stated", names, labels, [str(one.count) for one in filled])
    rows = tuple(
        (
            f"{one.low:.1f}–{one.high:.1f}",
            str(one.count),
            f"{one.confidence:.3f}" if one.count else "–",
            f"{one.right:.3f}" if one.count else "–",
        )
        for one in scores.bins
    )
    return Plot("calibration", "Calibration", told, svg, (), ("confidence", "questions", "mean stated", "right"), rows)


def _whisker(one: Bin) -> list[tuple[float, float] | tuple[None, None]]:
    """The two ends of a bin's interval, and the gap to the next."""
    low, high = wilson(one)
    return [(one.confidence, low), (one.confidence, high), (None, None)]


def wilson(one: Bin) -> tuple[float, float]:
    """The 95 % score interval of a bin's share that is right (Wilson 1927)."""
    n, share, z = one.count, one.right, 1.959964
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    reach = z / (1 + z * z / n) * (share * (1 - share) / n + z * z / (4 * n * n)) ** 0.5
    return max(middle - reach, 0.0), min(middle + reach, 1.0)


def _kinds(scores: Scores) -> Plot | None:
    metric, name = next(
        (
            (metric, name)
            for metric, name in (("hit@1", "First place cited is evidence"), ("contains_lenient", "Answer stands in it"))
            if by_kind(scores, metric)
        ),
        ("", ""),
    )
    if not metric:
        return None
    found = sorted(by_kind(scores, metric), key=lambda one: (-one[1], one[0]))
    chart = leather.Chart()
    chart.add_x_scale(0, 1)
    chart.add_x_axis(ticks=_TENTHS, tick_formatter=_percent)
    chart.add_y_axis(tick_formatter=_itself)
    chart.add_bars([(value, f"{_short(kind)} ({n})") for kind, value, n in found])
    told = f"{name}, by type of question; in brackets, how many questions. A bar over a handful of questions says little."
    labels = [f"{kind}: {value:.3f} of {n} {_questions(n)}" for kind, value, n in reversed(found)]
    svg = _svg(
        chart,
        90 + 30 * len(found),
        f"{name}, by type of question",
        ["s0"],
        labels,
        [f"{value:.0%}" for _, value, _ in reversed(found)],
    )
    rows = tuple((safe(kind), str(n), f"{value:.3f}") for kind, value, n in found)
    return Plot("kinds", "By type of question", told, svg, (), ("type", "questions", metric), rows)


def _lengths(scores: Scores) -> Plot | None:
    ratios = [row.values["cited_length"] for row in scores.rows if "cited_length" in row.values]
    if not ratios:
        return None
    counts = [0] * len(_LENGTHS)
    for ratio in ratios:
        counts[next(at for at, (edge, _) in enumerate(_LENGTHS) if ratio < edge)] += 1
    chart = leather.Chart()
    chart.add_y_scale(0, max(counts))
    chart.add_y_axis(name="Questions")
    chart.add_x_axis(name="Cited characters for each of evidence", tick_formatter=_itself)
    bars = [(name, count) for (_, name), count in zip(_LENGTHS, counts, strict=True)]
    chart.add_columns(bars)
    told = (
        "How much is cited for each character of evidence. Around 1 an answer cites as much as it needs; far above, a reader "
        "must search in it; far below, the reader does not see enough. Questions that were answered and have evidence."
    )
    svg = _svg(
        chart,
        320,
        told,
        ["s0"],
        [f"{name}: {count} {_questions(count)}" for name, count in bars],
        [str(count) for count in counts],
    )
    rows = tuple((name, str(count)) for name, count in bars)
    return Plot("lengths", "Length of citations", told, svg, (), ("cited over evidence", "questions"), rows)


def _questions(count: int) -> str:
    return "question" if count == 1 else "questions"


def _short(name: str, limit: int = 16) -> str:
    name = " ".join(safe(name).split())
    return name if len(name) <= limit else name[: limit - 1] + "…"


def _percent(value: float, at: int, count: int) -> str:
    del at, count
    return f"{value:.0%}"


def _itself(value: str, at: int, count: int) -> str:
    del at, count
    return value


def _add_line(chart: leather.Chart, points: Iterable[tuple[float, float] | tuple[None, None]]) -> None:
    """A line that takes no colour from leather's short palette, and no room for a name."""
    chart.add_line(list(points), name="", stroke_color="currentColor")


def _svg(
    chart: leather.Chart, height: int, named: str, classes: Sequence[str], labels: Iterable[str] = (), values: Iterable[str] = ()
) -> str:
    """The chart as an ``svg`` element that scales with the page.

    ``classes`` are one for each series, ``labels`` the hover texts of the last series' marks, ``values`` what
    stands at their ends.
    """
    group = chart.to_svg_group(_WIDTH, height)
    _plain(group)
    drawn = [one for one in group.iter("g") if (one.get("class") or "").startswith("series")]
    for series, name in zip(drawn, classes, strict=True):
        series.set("class", f"{series.get('class')} {name}")
    marks = list(drawn[-1])
    for mark, label in zip(marks, labels, strict=False):
        ET.SubElement(mark, "title").text = safe(label)
    for mark, value in zip(marks, values, strict=False):
        drawn[-1].append(_value(mark, value))
    root = ET.Element("svg", {"class": "plot", "viewBox": f"0 0 {_WIDTH} {height}", "role": "img", "aria-label": safe(named)})
    root.append(group)
    return ET.tostring(root, encoding="unicode")


def _plain(group: ET.Element) -> None:
    """Takes away leather's background, legend and looks, and rounds its coordinates."""
    group.remove(group[0])
    group[0].remove(group[0][0])
    for element in group.iter():
        for name in _LOOKS:
            if element.get("fill") != "none" or name != "fill":
                element.attrib.pop(name, None)
        for name, value in element.attrib.items():
            element.set(name, _LONG_NUMBER.sub(lambda found: f"{float(found.group()):.1f}", value))


def _value(mark: ET.Element, value: str) -> ET.Element:
    """The figure of a bar or dot, at its end."""
    given = {name: float(mark.get(name, "0")) for name in ("x", "y", "width", "height", "cx", "cy", "r")}
    text = ET.Element("text", {"class": "value"})
    if mark.tag == "circle":
        at, anchor = (given["cx"] + 4, given["cy"] - given["r"] - 7), "start"
    elif given["x"] == 0:
        at, anchor = (given["width"] + 6, given["y"] + given["height"] / 2), "start"
    else:
        at, anchor = (given["x"] + given["width"] / 2, given["y"] - 10), "middle"
    for name, where in zip("xy", at, strict=True):
        text.set(name, f"{where:.1f}")
    text.attrib |= {"dy": "0.35em", "text-anchor": anchor}
    text.text = value
    return text
