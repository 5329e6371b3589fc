"""Article text as HTML from which it can be read back to the character, though a page neither keeps nor shows every character.

A character that a page would lose or obey (CR, NUL, a bidi override) becomes ``<i data-code="202e">⟨U+202E⟩</i>``: the sign to be
seen, its code point in hexadecimal to be read.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from markupsafe import Markup

from qa.render.safe import signed
from qa.text import front_matter
from vectorstore.types import Span

_PARAGRAPH_END: Final = re.compile(r"(?:\r\n|\n|\r)[^\S\r\n]*(?:\r\n|\n|\r)\s*")
_SIDE: Final = 400
"""Code points of a long paragraph that are shown before and after a quote."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Words in their paragraph."""

    span: Span
    begun: bool
    """Whether its paragraph begins before it."""
    unended: bool
    """Whether its paragraph goes on after it."""


class Written:
    """One text, looked through once."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._places: list[int] = []
        self._signs: list[str] = []
        at = 0
        for piece, shown in signed(text):
            if piece != shown:
                self._places.append(at)
                self._signs.append(shown)
            at += len(piece)

    def html(self, within: Span, marks: Iterable[tuple[int, Span]] = (), anchor: str | None = None) -> Markup:
        """The words at ``within``; those at the numbered ``marks`` in ``mark`` elements that name the numbers they belong to.

        With ``anchor`` an empty element with the id ``<anchor>-3`` stands where mark 3 begins.
        """
        inside = [(number, span) for number, span in marks if span.start < within.end and within.start < span.end]
        ends = {place for _, span in inside for place in (span.start, span.end) if within.start < place < within.end}
        begun: set[int] = set()
        out = Markup()
        for start, end in pairwise(sorted({within.start, within.end, *ends})):
            numbers = [number for number, span in inside if span.start <= start < span.end]
            words = self._plain(start, end)
            if not numbers:
                out += words
                continue
            new = [number for number in numbers if number not in begun]
            begun.update(new)
            out += Markup().join(Markup('<a id="{}-{}"></a>').format(anchor, number) for number in new if anchor)
            begins = Markup(' data-begins="{}"').format(_listed(new)) if new else ""
            out += Markup('<mark data-cites="{}"{}>{}</mark>').format(_listed(numbers), begins, words)
        return out

    def _plain(self, start: int, end: int) -> Markup:
        return Markup().join(self._pieces(start, end))

    def _pieces(self, start: int, end: int) -> Iterator[Markup]:
        for at in range(bisect_left(self._places, start), bisect_left(self._places, end)):
            place = self._places[at]
            yield Markup.escape(self.text[start:place])
            yield Markup('<i data-code="{:x}">{}</i>').format(ord(self.text[place]), self._signs[at])
            start = place + 1
        yield Markup.escape(self.text[start:end])

    def around(self, span: Span) -> Excerpt:
        """The paragraphs that hold ``span``; of long ones only what is near it, cut between words."""
        text = self.text
        ends = [(0, front_matter(text)), *(found.span() for found in _PARAGRAPH_END.finditer(text)), (len(text), len(text))]
        first = max((end for _, end in ends if end <= span.start), default=0)
        last = min((start for start, _ in ends if start >= span.end), default=len(text))
        begun, unended = span.start - first > _SIDE, last - span.end > _SIDE
        if begun:
            first = _gap(text, range(span.start - _SIDE, span.start), span.start - _SIDE)
        if unended:
            last = _gap(text, range(span.end + _SIDE, span.end, -1), span.end + _SIDE)
        return Excerpt(Span(first, last), begun, unended)


def _gap(text: str, places: range, otherwise: int) -> int:
    """The first of ``places`` that has white space on its one side and a word on the other."""
    return next((at for at in places if text[at - 1].isspace() != text[at].isspace()), otherwise)


def _listed(numbers: Iterable[int]) -> str:
    return " ".join(map(str, numbers))
