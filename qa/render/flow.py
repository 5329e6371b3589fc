"""Words set into lines of a screen's width, by the cells that letters take and not by their number."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from qa.render.safe import safe

NARROWEST = 20
"""Columns. A narrower screen is served as if it had these."""
_GAP = re.compile(r"[^\S\u00a0\u2007\u202f]+")
_CLUSTER_LIMIT = 16
"""Cells; a longer chain of joined emoji is cut."""
_OPENERS = frozenset(" ([{“‘«「『（《〈【")
_CLOSERS = frozenset(" )]}”’»」』）》〉】.,;:!?、。，！？；：％%…")


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text in one style."""

    text: str
    """Anything: it is made safe on its way to the screen."""
    style: str = ""
    """Parameters of the terminal's SGR sequence, such as ``1`` for bold."""
    link: str | None = None
    """Where it leads; already a safe address (``qa.render.safe.web_link``)."""
    firm: bool = False
    """Whether its words stay on one line, and on that of the word before it."""


@dataclass(frozen=True, slots=True)
class _Atom:
    """What stays on one line."""

    pieces: tuple[Run, ...]
    gap: bool
    """Whether white space stands before it."""
    cells: int


def cells(text: str) -> int:
    """Columns that ``text`` takes at most: wide letters and emoji two, combining marks none.

    A joined emoji counts as all its parts, because some screens show them side by side.
    """
    if text.isascii():
        return len(text)
    return _remembered(text) if len(text) <= _CLUSTER_LIMIT else _measured(text)


@lru_cache(maxsize=8192)
def _remembered(text: str) -> int:
    return _measured(text)


def _measured(text: str) -> int:
    from rich.cells import cell_len

    return max(cell_len(text), sum(map(cell_len, text)))


def flow(runs: Iterable[Run], width: int, indent: int = 0, hanging: int = 0) -> list[list[Run]]:
    """The lines that ``runs`` fill, ``indent`` columns in, and ``hanging`` more from the second line on.

    White space of any kind counts as one blank. A word wider than a line is cut between letters; no line is wider than
    ``width``, or than NARROWEST where that is more.
    """
    width = max(width, NARROWEST)
    lines: list[list[Run]] = []
    line: list[Run] = []
    at = 0
    for atom in _atoms(runs, width - indent - hanging):
        margin = indent + (hanging if lines else 0)
        gap = atom.gap and bool(line)
        if line and margin + at + gap + atom.cells > width:
            lines.append(_margined(line, margin))
            line, at, gap = [], 0, False
        _append(line, atom, gap)
        at += gap + atom.cells
    if line:
        lines.append(_margined(line, indent + (hanging if lines else 0)))
    return lines


def _margined(line: list[Run], margin: int) -> list[Run]:
    return [Run(" " * margin), *line] if margin else line


def _append(line: list[Run], atom: _Atom, gap: bool) -> None:
    """Puts ``atom`` at the end of ``line``, one with the run before it where they look the same."""
    for piece in atom.pieces:
        last = line[-1] if line else None
        if last and last.style == piece.style and last.link == piece.link:
            line[-1] = Run(f"{last.text} {piece.text}" if gap else last.text + piece.text, piece.style, piece.link)
        else:
            line += [Run(" "), piece] if gap else [piece]
        gap = False


def _atoms(runs: Iterable[Run], width: int) -> Iterator[_Atom]:
    for gap, pieces in _words(runs):
        total = sum(cells(piece.text) for piece in pieces)
        if total <= width and total == sum(len(piece.text) for piece in pieces):
            yield _Atom(tuple(pieces), gap, total)
        else:
            yield from _cut(pieces, gap, width)


def _words(runs: Iterable[Run]) -> Iterator[tuple[bool, list[Run]]]:
    """Each word with whether white space comes before it; a word may change its style on the way."""
    gap, word = False, list[Run]()
    for run in runs:
        parts = [_GAP.sub(" ", safe(run.text))] if run.firm else _GAP.split(safe(run.text))
        for at, part in enumerate(parts):
            if at:
                if word:
                    yield gap, word
                gap, word = True, []
            if part:
                word.append(Run(part, run.style, run.link))
    if word:
        yield gap, word


def _cut(pieces: Sequence[Run], gap: bool, width: int) -> Iterator[_Atom]:
    """A word that is too wide or has wide letters, in the parts between which a line may end."""
    wide = sum(cells(piece.text) for piece in pieces) > width
    held: list[Run] = []
    size = 0
    for cluster in (Run(part, piece.style, piece.link) for piece in pieces for part in clusters(piece.text)):
        taken = cells(cluster.text)
        if held and (wide or _may_end(held[-1].text, cluster.text)) and not _clings(held, size + taken, cluster, width):
            yield _Atom(tuple(held), gap, size)
            gap, held, size = False, [], 0
        held.append(cluster)
        size += taken
    if held:
        yield _Atom(tuple(held), gap, size)


def _clings(held: list[Run], size: int, cluster: Run, width: int) -> bool:
    """Whether a closing mark belongs with what stands before it, or that is an opening mark; not at half a line's cost."""
    return size <= width // 2 and (cluster.text in _CLOSERS or held[-1].text in _OPENERS)


def _may_end(before: str, after: str) -> bool:
    """Between wide letters, which are written without blanks, a line may end."""
    return cells(before) > 1 or cells(after) > 1


def clusters(text: str) -> Iterator[str]:
    """The letters of ``text`` as a reader sees them: marks, selectors and joined emoji stay together."""
    start = size = 0
    for at, letter in enumerate(text):
        taken = cells(letter)
        if at > start and (not _joins(text, start, at) or size + taken > _CLUSTER_LIMIT):
            yield text[start:at]
            start, size = at, 0
        size += taken
    if text:
        yield text[start:]


def _joins(text: str, start: int, at: int) -> bool:
    letter, before = text[at], text[at - 1]
    if letter.isascii():
        return False
    if _is_flag(letter):
        return at - start == 1 and _is_flag(before)
    modifier = "\U0001f3fb" <= letter <= "\U0001f3ff"
    return modifier or before == "\u200d" or letter in "\u200c\u200d" or unicodedata.category(letter)[0] == "M"


def _is_flag(letter: str) -> bool:
    """Whether it is one of the two halves of a flag."""
    return "\U0001f1e6" <= letter <= "\U0001f1ff"


def painted(line: Iterable[Run], color: bool, links: bool) -> str:
    """One line with its escape sequences, each closed on the line it was opened on."""
    return "".join(_painted(run, color, links) for run in line)


def _painted(run: Run, color: bool, links: bool) -> str:
    text = f"\x1b[{run.style}m{run.text}\x1b[0m" if color and run.style else run.text
    return f"\x1b]8;;{run.link}\x1b\\{text}\x1b]8;;\x1b\\" if links and run.link else text
