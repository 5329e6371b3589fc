"""PDF by PDFium: the words of each page in paragraphs, and where each page begins.

Paragraphs are seen by what a typesetter does: a wider gap, an indent, a line that ends early. A page's running lines (those that
come back on page after page, and page numbers) are left out, a word divided at a line's end is put together, and a paragraph that
goes on overleaf stays one.
"""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import BinaryIO, Final

from pypdfium2 import PdfDocument, PdfiumError, PdfTextPage

from qa.ingest.plain import readable
from qa.ingest.stated import own_author, own_title
from qa.ingest.types import Place, Unreadable, whole
from qa.types import Document

_PAGES: Final = 3_000
_SECONDS: Final = 60.0
"""For all pages; looked at between them."""
_EDGE: Final = 2
"""Lines at the top and at the foot of a page that may be running lines."""
_REPEATED: Final = 3
_GAP: Final = 1.45
"""Times the usual distance of lines: a wider one is a new paragraph."""
_INDENT, _EARLY = 0.012, 0.15
"""Of the width of the text: how far in a paragraph may begin, and how early its last line must end."""
_OTHER_SIZE: Final = 0.15
"""Of the larger one's: letters of another size are a heading, or its end."""
_COLUMN: Final = 20.0
"""Points: lines that begin no further apart are of one column."""
_HYPHEN: Final = "\ufffe"
"""PDFium's sign for a hyphen at a line's end."""
_ROW: Final = re.compile(rf"[^\n{_HYPHEN}]+{_HYPHEN}?|{_HYPHEN}")
"""PDFium goes on in the same line after its hyphen."""
_DIVIDED: Final = re.compile(r"([^\W\d_]+)[-\u2010\xad\ufffe]$")
_WORD: Final = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_PAGE_NUMBER: Final = re.compile(r"(?:\W*(?:page|seite|p\.)?\s*#(?:\s*(?:of|von|/)\s*#)?\W*)", re.IGNORECASE)
_STOPS: Final = (".", "!", "?", ":", "”", '"', "»", "…", ")")
_CONTROLS: Final = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 65534, 65535))


@dataclass(frozen=True, slots=True)
class _Line:
    """One line as it is set: its words, and where it stands in points from the lower left."""

    words: str
    left: float
    right: float
    base: float
    height: float


def read(stream: BinaryIO, place: Place) -> Iterator[Document]:
    """One article, ``pages`` telling where each page begins. A file's dates are not the article's, so it has none.

    Raises Unreadable for what is locked, damaged, without text, or takes too many pages or too long.
    """
    content = whole(stream, place)
    if not content:
        raise Unreadable("empty")
    try:
        file = PdfDocument(content)
    except PdfiumError as error:
        raise Unreadable("locked with a password" if "assword" in str(error) else "damaged, or no PDF") from error
    try:
        text, pages = _joined(_without_running([*_pages(file, place)]))
        said = file.get_metadata_dict()
    except (PdfiumError, UnicodeError) as error:
        raise Unreadable("damaged: a page cannot be read") from error
    finally:
        file.close()
    if not any(letter.isalnum() for letter in text):
        raise Unreadable("no text in it: its pages are pictures, which need text recognition (OCR) first")
    yield Document(
        text=text,
        origin=place.origin,
        title=own_title(said.get("Title")) or readable(place.stem),
        author=own_author(said.get("Author")),
        pages=pages,
    )


def _pages(file: PdfDocument, place: Place) -> Iterator[list[_Line]]:
    end = time.monotonic() + _SECONDS
    if len(file) > _PAGES:
        raise Unreadable(f"more than {_PAGES:,} pages")
    letters = 0
    for number in range(len(file)):
        page = file[number]
        lines = [*_lines(page.get_textpage())]
        page.close()
        letters += sum(len(line.words) for line in lines)
        if letters > place.limit or time.monotonic() > end:
            raise Unreadable(f"it takes too long or is too large; given up at page {number + 1}")
        yield lines


def _lines(page: PdfTextPage) -> Iterator[_Line]:
    """The lines of a page in reading order. Where characters and places cannot be matched, a letter's width stands for both."""
    text = page.get_text_range()
    placed = len(text) == page.count_chars()
    for number, row in enumerate(_ROW.finditer(text)):
        words = row.group().strip()
        if not words.strip(_HYPHEN):
            continue
        first = row.start() + row.group().index(words)
        last = first + len(words) - 1 - words.endswith(_HYPHEN)
        if placed:
            left, base, _, top = page.get_charbox(first, loose=True)
            yield _Line(_clean(words), left, page.get_charbox(last, loose=True)[2], base, top - base)
        else:
            yield _Line(_clean(words), 0.0, float(len(words)), float(-number), 1.0)


def _clean(words: str) -> str:
    """Without what no text may hold; PDFium's hyphen at the end stays."""
    hyphen = _HYPHEN if words.endswith(_HYPHEN) else ""
    return words.translate(_CONTROLS).encode("utf-8", "ignore").decode() + hyphen


def _without_running(pages: Sequence[list[_Line]]) -> list[list[_Line]]:
    """The pages without the lines that most of them have at the top or foot, and without page numbers."""
    seen = Counter(key for lines in pages for key in {_key(line) for line in _edges(lines)})
    often = max(_REPEATED, len(pages) // 2)
    running = {key for key, count in seen.items() if count >= often or (len(pages) > 1 and _PAGE_NUMBER.fullmatch(key))}
    return [[line for line in lines if not (_key(line) in running and line in _edges(lines))] for lines in pages]


def _edges(lines: Sequence[_Line]) -> Sequence[_Line]:
    return [*lines[:_EDGE], *lines[-_EDGE:]]


def _key(line: _Line) -> str:
    return re.sub(r"\d+", "#", line.words)


def _joined(pages: Sequence[list[_Line]]) -> tuple[str, tuple[int, ...]]:
    """All text, and where each page begins in it."""
    known = Counter(word.lower() for lines in pages for line in lines for word in _WORD.findall(line.words))
    pieces: list[str] = []
    starts: list[int] = []
    length = 0
    for lines in pages:
        for number, (line, begins) in enumerate(zip(lines, _beginnings(lines), strict=True)):
            last = pieces[-1] if pieces else ""
            if number == 0:
                begins = _stops(last, line.words)
            if last:
                kept, gap = (last.replace(_HYPHEN, "-"), "\n\n") if begins else _seam(last, line.words, known)
                length += len(kept) + len(gap) - len(last)
                pieces[-1] = kept + gap
            starts += [] if number else [length]
            pieces.append(line.words)
            length += len(line.words)
        starts += [] if lines else [length]
    return "".join(pieces).replace(_HYPHEN, "-"), tuple(starts)


def _beginnings(lines: Sequence[_Line]) -> list[bool]:
    """For each line of a page whether a paragraph begins with it."""
    drops = [above.base - below.base for above, below in pairwise(lines)]
    usual = median([drop for drop in drops if drop > 1.0] or [1.0])
    reach: dict[int, float] = {}
    for line in lines:
        for column in range(_column(line) - 1, _column(line) + 2):
            reach[column] = max(line.right, reach.get(column, 0.0))
    return [True, *(_begins(above, below, usual, reach) for above, below in pairwise(lines))][: len(lines)]


def _begins(above: _Line, below: _Line, usual: float, reach: dict[int, float]) -> bool:
    drop = above.base - below.base
    if abs(drop) < usual / 2:
        return False
    if drop < 0:
        return _stops(above.words, below.words)
    if drop > _GAP * usual or abs(above.height - below.height) > _OTHER_SIZE * max(above.height, below.height):
        return True
    width = max(reach[_column(above)] - above.left, 1.0)
    indented = below.left - above.left > _INDENT * width
    early = reach[_column(above)] - above.right > _EARLY * width
    return (indented or early) and above.words.endswith(_STOPS)


def _column(line: _Line) -> int:
    return int(line.left // _COLUMN)


def _stops(before: str, after: str) -> bool:
    """Whether a paragraph ends between what stands at the end of a page or column and what stands at the next one's beginning."""
    return not before or before.endswith(_STOPS) or not after[:1].islower()


def _seam(before: str, after: str, known: Counter[str]) -> tuple[str, str]:
    """``before`` as it stands in front of the next line of its paragraph, and what goes between them.

    A word divided there is put together, unless the text elsewhere writes it with its hyphen, or has both halves as words and
    never the whole.
    """
    divided, follows = _DIVIDED.search(before), _WORD.match(after)
    if divided is None or follows is None:
        return (before.removesuffix(_HYPHEN) + "-", "") if before.endswith(_HYPHEN) else (before, " ")
    left, right = divided.group(1).lower(), follows.group().partition("-")[0]
    whole_word, compound = known[left + right.lower()], known[f"{left}-{right.lower()}"]
    halves = known[left] > 1 and known[right.lower()] > 1
    if right[0].isupper() or compound > whole_word or (halves and not whole_word):
        return before[:-1] + "-", ""
    return before[:-1], ""
