"""Whether quoted words stand in a text, and where: exactly, in all but typography, or with the gaps that a quotation owns up to.

Words are compared one by one, folded as ``qa.text.fold`` does it, so that a digit, a sign, a percent mark or a "not" is never
lost. ``qa.near`` looks for what altered words were taken from; nothing passes there.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise, product

from qa.text import fold, stands_alone
from vectorstore.types import Span

ELLIPSIS_GAP, BRACKET_GAP = 120, 12
"""The most words of the article that an ellipsis, or a pair of brackets, may stand for."""
_UNSPACED = (
    r"\u0e01-\u0e3a\u0e40-\u0e4e\u0e81-\u0ece\u1000-\u1049\u1050-\u109f\u1780-\u17d3\u2e80-\u2fdf\u3005-\u3007\u3021-\u3035"
    r"\u3040-\u30fa\u30fc-\u312f\u3190-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
_MARKS = (
    r"\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0900-\u0963\u0966-\u0dff"
)
_LETTER = rf"(?:(?![{_UNSPACED}])[^\W_]|[{_MARKS}])"
_WORD = re.compile(rf"[{_UNSPACED}]|(?:(?<!\w)[-–−+](?=\d))?{_LETTER}+(?:['.,]{_LETTER}+)*|[%$€£¥]")
UNSPACED_LETTER = re.compile(f"[{_UNSPACED}]")
"""A letter of a script that is written without blanks between words."""
_LINE_END = re.compile(r"[-‐‑]\s*\n\s*\Z")
_DOTS = r"…|\.(?:[^\S\n]?\.){2,}"
_GAP = re.compile(rf"[\[(]\s*(?:{_DOTS})\s*[\])]|{_DOTS}|(?:\w|['’-]){{0,40}}\[([^\[\]]{{0,200}})\](?:\w|['’-]){{0,40}}")
_SILENT = re.compile(r"[\s\"'“”‘’„‟‚‛«»`´\-‐‑‒–—―\[\]\u00ad\u200b-\u200d\u2060\ufeff]+")
_ATTACHED = re.compile(r"(?<=\w)[\[\]]|[\[\]](?=\w)")
_EDGE_MARKS = ' \t\r\n"“”„‟«»'
_PARTS = 24
"""More parts than these between gaps are a collage and no quotation."""
_WRAPS = 3
"""Line-end hyphens of one quotation that are each read both ways."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word as it is compared, at its place."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Gap:
    """What a quotation leaves out, or replaces, between two of its parts."""

    span: Span
    """What stands there in the article; empty where nothing does."""
    inserted: str | None
    """The words in brackets that stand for it; None for an ellipsis."""


@dataclass(frozen=True, slots=True)
class Match:
    """Quoted words that were found."""

    pieces: tuple[Span, ...]
    """The places of its parts in the article, in order; one where nothing is left out."""
    gaps: tuple[Gap, ...]
    """What lies between them."""
    exact: bool
    """Whether the article's text is the quotation to the character."""
    punctuation: bool = False
    """Whether a mark within the quotation differs from the article's, spacing, dashes and quotation marks apart."""

    @property
    def span(self) -> Span:
        """From the first word to the last."""
        return Span(self.pieces[0].start, self.pieces[-1].end)


@dataclass(frozen=True, slots=True)
class _Part:
    """Words of a quotation between its gaps."""

    words: tuple[str, ...]
    room: int
    """How many words of the article may be left out before it; 0 for the first."""
    inserted: str | None


def words(text: str) -> list[Word]:
    """The words of ``text`` as they are compared: folded, whole numbers with sign and point, each letter of unspaced scripts.

    Brackets within a word are overlooked: ``[T]he`` is ``the``.
    """
    folded = fold(_ATTACHED.sub("\u200b", text))
    starts = folded.starts
    return [Word(found.group(), starts[found.start()], starts[found.end() - 1] + 1) for found in _WORD.finditer(folded.text)]


def plain_words(text: str) -> list[str]:
    """The same, without their places."""
    return _WORD.findall(fold(_ATTACHED.sub("\u200b", text)).text)


class Reading:
    """A line of words that can be searched for a run of others."""

    def __init__(self, found: Sequence[Word]) -> None:
        self.words = found
        self._line = "".join(f"\x1f{word.text}" for word in found) + "\x1f"
        self._starts: list[int] = []
        at = 0
        for word in found:
            self._starts.append(at)
            at += len(word.text) + 1

    def places(self, run: Sequence[str]) -> Iterator[int]:
        """Each position at which the words ``run`` stand."""
        line = "".join(f"\x1f{word}" for word in run) + "\x1f"
        at = self._line.find(line)
        while at >= 0:
            yield bisect_left(self._starts, at)
            at = self._line.find(line, at + 1)


class Ground:
    """An article's text, made ready once to be searched for many quotations."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def readings(self) -> list[Reading]:
        """Its words; a second time with those put together that a line's end divides, where there are any."""
        plain = words(self.text)
        wraps = _wraps(self.text, plain)
        return [Reading(plain), *([Reading(_mended(plain, wraps))] if wraps else [])]

    def alone(self, span: Span) -> bool:
        """Whether words at ``span`` are no piece of a longer word or number."""
        first, last = self.text[span.start], self.text[span.end - 1]
        unspaced = UNSPACED_LETTER.match(first) and UNSPACED_LETTER.match(last)
        return bool(unspaced) or stands_alone(self.text, span)

    def exactly(self, quoted: str) -> Iterator[Span]:
        """Each place of ``quoted`` to the character."""
        at = self.text.find(quoted) if quoted else -1
        while at >= 0:
            span = Span(at, at + len(quoted))
            if self.alone(span):
                yield span
            at = self.text.find(quoted, at + 1)


class Quote:
    """Words that are said to be somebody's, made ready to be looked for in many texts."""

    def __init__(self, text: str) -> None:
        self.text = text.strip(_EDGE_MARKS)
        self.words = words(self.text)

    @cached_property
    def runs(self) -> list[tuple[str, ...]]:
        """The words in one line, ellipses and brackets overlooked; each way to read hyphens at line ends."""
        wraps = _wraps(self.text, self.words)
        ways = product((True, False), repeat=min(len(wraps), _WRAPS))
        read = [[wrap for wrap, mend in zip(wraps, way, strict=False) if mend] for way in ways]
        return [tuple(word.text for word in _mended(self.words, chosen)) for chosen in read]

    @cached_property
    def parts(self) -> tuple[_Part, ...]:
        """What stands between its ellipses and brackets; a single one where it has none inside."""
        parts: list[_Part] = []
        at, room, inserted = 0, 0, None
        for found in [*_GAP.finditer(self.text), None]:
            piece = Quote(self.text[at : found.start() if found else len(self.text)])
            if piece.runs[0]:
                parts.append(_Part(piece.runs[0], room if parts else 0, inserted))
                room, inserted = 0, None
            if found:
                bracket = found.group(1) is not None
                room += BRACKET_GAP if bracket else ELLIPSIS_GAP
                inserted = re.sub(r"[\[\]]", "", found.group()) if bracket else inserted
                at = found.end()
        return tuple(parts)

    @cached_property
    def framed(self) -> str:
        """The words in brackets before its first word and after its last, which stand for nothing in particular."""
        found = [one for one in _GAP.finditer(self.text) if one.group(1) is not None]
        outer = [one.group(1) for one in found if not words(self.text[: one.start()]) or not words(self.text[one.end() :])]
        return " ".join(outer)

    @cached_property
    def gapped(self) -> bool:
        """Whether it owns up to leaving out, replacing or adding words."""
        return len(self.parts) > 1 or (bool(self.framed) and bool(self.parts))

    @cached_property
    def edges(self) -> tuple[bool, bool]:
        """Whether an ellipsis stands before its first word, and after its last."""
        gaps = [found for found in _GAP.finditer(self.text) if found.group(1) is None]
        first = self.words[0].start if self.words else 0
        last = self.words[-1].end if self.words else 0
        return any(found.end() <= first for found in gaps), any(found.start() >= last for found in gaps)


def _wraps(text: str, found: Sequence[Word]) -> list[int]:
    """Positions of words that a hyphen at a line's end parts from the next."""
    if "\n" not in text:
        return []
    return [
        at
        for at, (one, two) in enumerate(pairwise(found))
        if "\n" in text[one.end : two.start] and _LINE_END.match(text[one.end : two.start]) and one.text[-1:].isalpha()
    ]


def _mended(found: Sequence[Word], wraps: Sequence[int]) -> list[Word]:
    """``found`` with the words at ``wraps`` joined to the next."""
    out: list[Word] = []
    for at, word in enumerate(found):
        if at - 1 in wraps:
            out[-1] = Word(out[-1].text + word.text, out[-1].start, word.end)
        else:
            out.append(word)
    return out


def matches(quote: Quote, ground: Ground) -> list[Match]:
    """Every place of the quotation, exact ones first, then those that differ in typography, then those with gaps; or nothing."""
    exact = [Match((span,), (), True) for span in ground.exactly(quote.text)]
    rest = [span for span in _folded(quote, ground) if not any(_meet(span, one.span) for one in exact)]
    found = exact + [Match((span,), (), False, _repointed(quote, ground, span)) for span in rest]
    if not found and quote.gapped and len(quote.parts) <= _PARTS:
        found = [one for reading in ground.readings if (one := _gapped(quote, ground, reading))][:1]
    return found


def _meet(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _folded(quote: Quote, ground: Ground) -> list[Span]:
    """The places of the quotation's words in one run."""
    found: dict[Span, None] = {}
    for reading in ground.readings if quote.words else ():
        for run in quote.runs:
            for at in reading.places(run):
                span = Span(reading.words[at].start, reading.words[at + len(run) - 1].end)
                if ground.alone(span):
                    found[span] = None
    return list(found)


def _repointed(quote: Quote, ground: Ground, span: Span) -> bool:
    inner = quote.text[quote.words[0].start : quote.words[-1].end]
    given, there = (_SILENT.sub("", fold(text).text) for text in (inner, span.of(ground.text)))
    return given != there


def _gapped(quote: Quote, ground: Ground, reading: Reading) -> Match | None:
    """The tightest place of the quotation's parts in order, each within the room that the gap before it gives."""
    parts = quote.parts
    chains: list[tuple[int, ...]] = [(at,) for at in reading.places(parts[0].words)]
    for before, part in pairwise(parts):
        ends = [chain[-1] + len(before.words) for chain in chains]
        longer = []
        for at in reading.places(part.words):
            last = bisect_right(ends, at) - 1
            if last >= 0 and at - ends[last] <= part.room:
                longer.append((*chains[last], at))
        chains = longer
    taken = [
        tuple(
            Span(reading.words[at].start, reading.words[at + len(part.words) - 1].end)
            for at, part in zip(chain, parts, strict=True)
        )
        for chain in chains
    ]
    whole = [spans for spans in taken if all(map(ground.alone, spans))]
    inserted = sum(len(words(part.inserted or "")) for part in parts)
    if not whole or sum(len(part.words) for part in parts) < max(3, inserted):
        return None
    best = min(whole, key=lambda spans: spans[-1].end - spans[0].start)
    gaps = (
        Gap(_inner(ground.text, one.end, two.start), part.inserted)
        for (one, two), part in zip(pairwise(best), parts[1:], strict=True)
    )
    return Match(best, tuple(gaps), False)


def _inner(text: str, start: int, end: int) -> Span:
    """The words between two offsets, without the marks and blanks around them."""
    found = words(text[start:end])
    return Span(start + found[0].start, start + found[-1].end) if found else Span(start, start)
