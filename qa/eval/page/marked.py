"""Article text with its marks, cut so that a page needs no offsets: each article is cut once at every place that is named.

A place is then a run of pieces. Pieces are made safe to look at one by one, which may lengthen them without moving a mark.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from qa.eval.types import Place, Row, Source
from qa.render.safe import safe
from vectorstore.types import Span

CITED: Final = 1
GOLD: Final = 2
_PARAGRAPH_END: Final = re.compile(r"(?:\r\n|\n|\r)[^\S\r\n]*(?:\r\n|\n|\r)\s*")
_LONG: Final = 1500
"""Code points; of a longer paragraph only the neighbourhood of what is marked is shown."""
_NEIGHBOURS: Final = 2
"""Sentences before and after it."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A stretch of an article that holds marked words."""

    article: str
    span: Span
    cited: bool
    gold: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """What the page shows of one question's articles."""

    excerpts: tuple[Excerpt, ...]
    """Those with citations first, then those with evidence that was not cited."""
    passages: tuple[Place, ...]
    """What was retrieved, best first."""
    cited: tuple[tuple[int, Place], ...]
    """Number of the citation, from 1, and its place."""
    gold: tuple[Place, ...]
    stray: tuple[tuple[int, Place], ...]
    """Citations whose words do not stand in the article at their place: they cannot be marked."""


def of_row(row: Row, sources: Mapping[str, Source]) -> Shown:
    """What to show of ``row``; places in articles that ``sources`` lacks, or beyond their ends, are left out."""
    numbered = list(enumerate(row.outcome.citations, 1))
    cited = tuple((number, one.place) for number, one in numbered if one.exact and _there(one.place, sources))
    stray = tuple((number, one.place) for number, one in numbered if not (one.exact and _there(one.place, sources)))
    sets = [[place for place in places if _there(place, sources)] for places in row.case.evidence]
    gold = tuple(dict.fromkeys(place for places in sets for place in places))
    shown = _excerpts([place for _, place in cited], sets[0] if sets else [], sources)
    passages = tuple(place for place in row.outcome.passages if _there(place, sources))
    return Shown(shown, passages, cited, gold, stray)


def first(shown: Shown, passages: int) -> Shown:
    """``shown`` with no more than the first ``passages`` passages."""
    return replace(shown, passages=shown.passages[:passages])


def _there(place: Place, sources: Mapping[str, Source]) -> bool:
    source = sources.get(place.article)
    return source is not None and 0 <= place.span.start < place.span.end <= len(source.text)


def _excerpts(cited: Sequence[Place], gold: Sequence[Place], sources: Mapping[str, Source]) -> tuple[Excerpt, ...]:
    joined: list[Excerpt] = []
    for place, is_cited in [*((place, True) for place in cited), *((place, False) for place in gold)]:
        new = Excerpt(place.article, surroundings(sources[place.article], place.span), is_cited, not is_cited)
        at = next((at for at, old in enumerate(joined) if _meet(old, new)), None)
        if at is None:
            joined.append(new)
        else:
            joined[at] = _union(joined[at], new)
    return tuple(joined)


def _meet(one: Excerpt, other: Excerpt) -> bool:
    return one.article == other.article and one.span.start < other.span.end and other.span.start < one.span.end


def _union(one: Excerpt, other: Excerpt) -> Excerpt:
    span = Span(min(one.span.start, other.span.start), max(one.span.end, other.span.end))
    return Excerpt(one.article, span, one.cited or other.cited, one.gold or other.gold)


def surroundings(source: Source, span: Span) -> Span:
    """The paragraphs that ``span`` touches, or of long ones the sentences around it."""
    ends = [(found.start(), found.end()) for found in _PARAGRAPH_END.finditer(source.text)]
    start = max((after for _, after in ends if after <= span.start), default=0)
    end = min((before for before, _ in ends if before >= span.end), default=len(source.text))
    if end - start <= _LONG:
        return Span(start, end)
    first = bisect_right(source.sentences, span.start, key=lambda one: one.end)
    last = bisect_left(source.sentences, span.end, key=lambda one: one.start)
    near = source.sentences[max(first - _NEIGHBOURS, 0) : last + _NEIGHBOURS]
    if not near:
        return Span(max(start, span.start - _LONG // 2), min(end, span.end + _LONG // 2))
    return Span(max(start, min(near[0].start, span.start)), min(end, max(near[-1].end, span.end)))


@dataclass(frozen=True, slots=True)
class Cuts:
    """One article, cut."""

    source: Source
    at: tuple[int, ...]
    """Offsets of the cuts, ascending; the first is 0 and the last the text's end."""
    needed: tuple[bool, ...]
    """For each piece, whether anything shown holds it."""

    @property
    def pieces(self) -> list[str | None]:
        """The text between the cuts, safe to look at; None where nothing needs it."""
        spans = zip(self.at, self.at[1:], self.needed, strict=False)
        return [safe(self.source.text[start:end]) if wanted else None for start, end, wanted in spans]

    @property
    def size(self) -> int:
        """Code points of the text that is needed."""
        spans = zip(self.at, self.at[1:], self.needed, strict=False)
        return sum(end - start for start, end, wanted in spans if wanted)

    def run(self, span: Span) -> tuple[int, int]:
        """The pieces of ``span``, half-open; its ends must be cuts."""
        return bisect_left(self.at, span.start), bisect_left(self.at, span.end)


def cut(shown: Iterable[Shown], sources: Mapping[str, Source]) -> dict[str, Cuts]:
    """Each article that ``shown`` names, cut at all its places."""
    wanted: dict[str, set[Span]] = {}
    marked: dict[str, set[Span]] = {}
    for one in shown:
        whole = [(excerpt.article, excerpt.span) for excerpt in one.excerpts]
        whole += [(passage.article, passage.span) for passage in one.passages]
        for article, span in whole:
            wanted.setdefault(article, set()).add(span)
        for place in (*(place for _, place in one.cited), *one.gold):
            marked.setdefault(place.article, set()).add(place.span)
    cuts = {}
    for article, spans in wanted.items():
        source = sources[article]
        edges = {edge for span in spans | marked.get(article, set()) for edge in (span.start, span.end)}
        at = tuple(sorted(edges | {0, len(source.text)}))
        cuts[article] = Cuts(source, at, _covered(at, spans))
    return cuts


def _covered(at: Sequence[int], spans: Iterable[Span]) -> tuple[bool, ...]:
    needed = [False] * (len(at) - 1)
    for span in spans:
        first, last = bisect_left(at, span.start), bisect_left(at, span.end)
        needed[first:last] = [True] * (last - first)
    return tuple(needed)


def flags(cuts: Cuts, run: tuple[int, int], cited: Iterable[Span], gold: Iterable[Span]) -> str:
    """One digit for each piece of ``run``: 0, or the sum of CITED and GOLD as they hold it."""
    marks = [0] * (run[1] - run[0])
    for spans, mark in ((cited, CITED), (gold, GOLD)):
        for span in spans:
            first, last = cuts.run(span)
            for piece in range(max(first, run[0]), min(last, run[1])):
                marks[piece - run[0]] |= mark
    return "".join(map(str, marks))
