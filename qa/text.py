"""Every calculation with characters: sentences, words, folding with a map back. Offsets are code points."""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from vectorstore.types import Span

SENTENCE_LIMIT = 1000
"""Code points. A longer run without a sentence's end (a table, a log, a script without spaces) is cut at a gap."""

_BREAK = re.compile(r"\r\n|[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_ITEM = re.compile(r"\s*(?:[-*•–—>#|]|\d{1,3}[.)]\s|\(?[a-z]\)\s)")
_WIDE_STOP = re.compile(r"[。！？｡]+[」』”’）》]*(?=\S)")
_WORD = re.compile(r"\w+(?:['’.,]\w+)*")
_FRONT_MATTER = re.compile(r"---[ \t]*\r?\n(?:[^\r\n]*\r?\n){0,60}?---[ \t]*(?:\r?\n|$)")
_WRAP_WIDTH = range(40, 101)
"""A block whose longest line falls in here may be one hard-wrapped paragraph."""


def sentences(text: str) -> list[Span]:
    """The sentences of ``text`` in order, without the white space around them; only white space lies between them.

    Boundaries are nupunkt's, and each line break that is not a mere wrap: a headline or by-line is a sentence of its own.
    """
    found = []
    for block in _blocks(text):
        found += [piece for span in _split(text, block) for piece in _capped(text, span)]
    return found


def front_matter(text: str) -> int:
    """Where the text's leading ``---`` block of ``key: value`` lines ends; 0 where there is none. Nothing in it is prose."""
    found = _FRONT_MATTER.match(text)
    return found.end() if found else 0


def _split(text: str, block: Span) -> Iterator[Span]:
    """nupunkt's sentences of one block; line breaks within it count as blanks."""
    from nupunkt import sent_spans

    flat = _BREAK.sub(lambda found: " " * len(found.group()), block.of(text))
    for start, end in sent_spans(flat):
        cuts = [start, *(start + found.end() for found in _WIDE_STOP.finditer(flat[start:end])), end]
        for first, last in pairwise(cuts):
            span = trimmed(text, Span(block.start + first, block.start + last))
            if span is not None:
                yield span


def trimmed(text: str, span: Span) -> Span | None:
    """``span`` without the white space at its ends; None where there is nothing else."""
    words = span.of(text)
    inner = words.strip()
    if not inner:
        return None
    start = span.start + len(words) - len(words.lstrip())
    return Span(start, start + len(inner))


def _capped(text: str, span: Span) -> Iterator[Span]:
    """``span`` in pieces of at most SENTENCE_LIMIT, cut after white space where there is any in a piece's last half."""
    start = span.start
    while span.end - start > SENTENCE_LIMIT:
        window = text[start : start + SENTENCE_LIMIT]
        gap = max((at for at, letter in enumerate(window) if letter.isspace()), default=0)
        cut = start + (gap + 1 if gap >= SENTENCE_LIMIT // 2 else SENTENCE_LIMIT)
        while cut < span.end and unicodedata.combining(text[cut]) and cut - start < 2 * SENTENCE_LIMIT:
            cut += 1
        piece = trimmed(text, Span(start, cut))
        if piece is not None:
            yield piece
        start = cut
    rest = trimmed(text, Span(start, span.end))
    if rest is not None:
        yield rest


def _blocks(text: str) -> Iterator[Span]:
    """Runs of lines that read on: a blank line or a hard line break ends one."""
    lines: list[Span] = []
    header = front_matter(text)
    for line in _lines(text):
        if line.start < header:
            yield line
        elif line.of(text).strip():
            lines.append(line)
        else:
            yield from _joined(text, lines)
            lines = []
    yield from _joined(text, lines)


def _lines(text: str) -> Iterator[Span]:
    start = 0
    for found in _BREAK.finditer(text):
        yield Span(start, found.start())
        start = found.end()
    yield Span(start, len(text))


def _joined(text: str, lines: list[Span]) -> Iterator[Span]:
    """Neighbouring lines put together where the break between them is a wrap at the block's right edge."""
    widest = max((line.end - line.start for line in lines), default=0)
    start = 0
    for at, line in enumerate(lines):
        after = lines[at + 1] if at + 1 < len(lines) else None
        wraps = after is not None and widest in _WRAP_WIDTH and _wraps(line.of(text), after.of(text), widest)
        if not wraps:
            yield Span(lines[start].start, line.end)
            start = at + 1


def _wraps(line: str, after: str, widest: int) -> bool:
    """Whether ``line`` only broke because the first word of ``after`` did not fit, or plainly reads on."""
    if _ITEM.match(after):
        return False
    first = after.split(maxsplit=1)[0]
    return len(line.rstrip()) + 1 + len(first) > widest or (after[:1].islower() and len(line) > widest // 2)


def words(text: str) -> list[str]:
    """The words of ``text`` in lower case, numbers with their points and commas whole, possessive 's dropped."""
    return [_bare(found.group()) for found in _WORD.finditer(text)]


def _bare(word: str) -> str:
    lower = word.casefold().replace("’", "'")
    return lower[:-2] if lower.endswith("'s") else lower


@dataclass(frozen=True, slots=True)
class Folded:
    """A text with everything removed that an honest copy may change, and the way back."""

    text: str
    starts: array[int]
    """For each folded character, where its source character stands."""

    def find(self, other: str, start: int = 0) -> Iterator[Span]:
        """Each place of the folded words ``other`` at or after folded position ``start``, as a span of the source.

        A place begins and ends with whole source characters and their accents.
        """
        at = self.text.find(other, start) if other else -1
        while at >= 0:
            if self._parted(at) and self._parted(at + len(other)):
                yield Span(self.starts[at], self.starts[at + len(other) - 1] + 1)
            at = self.text.find(other, at + 1)

    def _parted(self, at: int) -> bool:
        """Whether one source character with its accents ends before folded position ``at`` and another begins there."""
        if not 0 < at < len(self.text):
            return True
        return self.starts[at] != self.starts[at - 1] and not unicodedata.combining(self.text[at])


_QUOTES = dict.fromkeys("‘’‚‛′`´", "'") | dict.fromkeys("“”„‟″«»", '"')
_DASHES = frozenset("-‐‑‒–—―")
_PIECE = re.compile(r"[!-,./-_a-~]+(?: [!-,./-_a-~]+)*|.", re.DOTALL)
"""A letter alone; or a run that folds to its lower case, which is most of most texts, in one step."""
_GONE = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff")


@cache
def _folded_letter(letter: str) -> str:
    if letter in _GONE:
        return ""
    if letter.isspace():
        return " "
    if letter in _DASHES:
        return "-"
    return _QUOTES.get(letter) or unicodedata.normalize("NFD", letter).casefold()


def fold(text: str) -> Folded:
    """``text`` without differences of case, quotation marks, dashes, white space, soft hyphens and composition of accents.

    Digits, the minus sign and a dash that stands as a sign before a number stay as they are.
    """
    out: list[str] = []
    starts = array("L")
    for piece in _PIECE.finditer(text):
        start, end = piece.span()
        folded, places = piece.group(), range(start, end)
        if len(folded) > 1:
            folded = folded.lower()
        elif folded not in _DASHES or not _is_sign(text, start):
            folded = _folded_letter(folded)
            if not folded or (folded == " " and (not out or out[-1] == " ")):
                continue
        out.append(folded)
        starts.extend(places if len(folded) == len(places) else [start] * len(folded))
    if out and out[-1] == " ":
        starts.pop()
        out.pop()
    return Folded("".join(out), starts)


def stands_alone(text: str, span: Span) -> bool:
    """Whether the words at ``span`` are not a piece of a longer word or number, nor a number without its sign."""
    start, end = span.start, span.end
    if _joined_at(text, start) or _joined_at(text, end) or unicodedata.combining(text[end : end + 1] or " "):
        return False
    if text[start].isdigit():
        before = text[start - 1 : start]
        if before in {*_DASHES, "−", "+"} or (before in {".", ","} and text[max(0, start - 2) : start - 1].isdigit()):
            return False
    after = text[end : end + 1]
    return not (text[end - 1].isdigit() and (after == "%" or (after in {".", ","} and text[end + 1 : end + 2].isdigit())))


def _joined_at(text: str, at: int) -> bool:
    """Whether letters or digits meet at ``at`` without a gap, in a script that writes gaps between words."""
    one, two = text[at - 1 : at] if at else "", text[at : at + 1]
    return one.isalnum() and two.isalnum() and max(one, two) < "\u2e80"


def _is_sign(text: str, at: int) -> bool:
    """Whether the dash at ``at`` stands before a digit and after nothing that it could join to it."""
    return text[at + 1 : at + 2].isdigit() and not text[at - 1 : at].isalnum()
