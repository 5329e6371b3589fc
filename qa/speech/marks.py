"""One article as a line of words with their kinds, and the quotations in it."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property

from qa.speech.words import ROLES, kind
from vectorstore.types import Span

_TOKEN = re.compile(
    r"(?:[A-Z]\.)+(?:[A-Z]\b)?|\b(?:Mr|Mrs|Ms|Dr|Gen|Sen|Rep|Gov|Lt|Sgt|Col|Prof|Rev|St)\.|"
    r"\w+(?:['’.\-]\w+)*(?:(?<=s)['’](?=\s))?|[^\w\s]"
)
_MARK = re.compile(r"[\"“”„«»]|``|''|(?<![^\s(\[])‘|(?<=[.,!?…])’(?![^\W\d_])|\n\s*")
_LONG = 4
"""A quotation of so many words is speech; a shorter one only where it ends as a sentence does."""


@dataclass(frozen=True, slots=True)
class Quotation:
    """One run of quoted words, across sentences and paragraphs where the marks say so."""

    span: Span
    """With its marks."""
    speech: bool
    """Whether it is an utterance rather than a few words held at arm's length."""


def quotations(text: str) -> list[Quotation]:
    """The quotations in ``text`` in order.

    One that is never closed ends with its paragraph unless the next opens with a mark, too.
    """
    found: list[Quotation] = []
    opened = -1
    for mark in _MARK.finditer(text):
        sign, at = mark.group(), mark.start()
        if sign[0] == "\n":
            carried = text[mark.end() : mark.end() + 1] in {'"', "“", "«", "„"}
            if opened >= 0 and not (carried and "\n" in sign):
                found.append(_quotation(text, opened, at))
                opened = -1
        elif opened < 0:
            opened = at if _may_open(text, sign, at, mark.end()) else -1
        elif sign in {"”", "»", "’", "''"} or (sign == '"' and not _reopens(text, at)):
            found.append(_quotation(text, opened, mark.end()))
            opened = -1
    if opened >= 0:
        found.append(_quotation(text, opened, len(text)))
    return found


def _may_open(text: str, sign: str, at: int, end: int) -> bool:
    if sign in {"”", "’", "''", "»"}:
        return False
    return sign != '"' or not text[end : end + 1].isspace() or at == 0


def _reopens(text: str, at: int) -> bool:
    """Whether a straight mark within a quotation begins a paragraph that carries it on."""
    before = text[:at].rstrip(" \t")[-1:] if at else "\n"
    return before in {"\n", ""}


def _quotation(text: str, start: int, end: int) -> Quotation:
    inner = text[start:end].strip("\"“”„«»`'‘’ \n")
    words = inner.split()
    title = len(words) > 1 and all(word[0].isupper() for word in words if len(word) > 3)
    ends = not title and text[max(start, end - 2) : end - 1] in {".", ",", "!", "?", "…"} and inner[:1].isupper()
    return Quotation(Span(start, end), (len(words) >= _LONG and not title) or ends)


class Marks:
    """The words of one article, what each is, and where it is quoted."""

    def __init__(self, text: str) -> None:
        """Reads it once."""
        self.text = text
        found = list(_TOKEN.finditer(text))
        self.words = [one.group() for one in found]
        self.starts = [one.start() for one in found]
        self.ends = [one.end() for one in found]
        self.quotations = quotations(text)
        self.plain = "".join(map(kind, self.words))
        """The kind of each word, quoted or not."""
        self.kinds = self._masked()
        """Likewise, with ``q`` for every word and mark within quotation marks."""

    def _masked(self) -> str:
        kinds = list(self.plain)
        for one in self.quotations:
            first, last = self.within(one.span)
            kinds[first:last] = "q" * (last - first)
        return "".join(kinds)

    def within(self, span: Span) -> tuple[int, int]:
        """The positions ``[first, last)`` of the words in ``span``."""
        return bisect_left(self.starts, span.start), bisect_left(self.starts, span.end)

    def span(self, first: int, last: int) -> Span:
        """The place of the words ``[first, last)``; at least one."""
        return Span(self.starts[first], self.ends[last - 1])

    def roles(self, first: int, last: int) -> frozenset[str]:
        """The roles among the words ``[first, last)``."""
        return ROLES.intersection(self.lower[first:last])

    @cached_property
    def lower(self) -> list[str]:
        """The words in lower case."""
        return [word.lower() for word in self.words]
