"""Where words that are nowhere were probably taken from: found by likeness, to be told as altered. Nothing passes here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from qa.diff import Change, compared
from qa.match import Ground, Quote, Reading, words
from vectorstore.types import Span

_ROOM = 360
"""The most words of the article that all gaps together may stand for."""
_LEAST_SHARE = 0.6
"""Of a quotation's words, how many must stand in an article in its order for it to count as altered rather than not found."""


@dataclass(frozen=True, slots=True)
class Near:
    """The place that words were probably taken from, where they are not the article's."""

    span: Span
    changes: tuple[Change, ...]
    share: float
    """Of the quotation's words, how many stand there."""


def nearest(quote: Quote, ground: Ground) -> Near | None:
    """Where in the text most of the quotation's words stand in nearly its order; None where fewer than _LEAST_SHARE do."""
    reading = ground.readings[-1]
    wanted = [word for part in quote.parts for word in part.words]
    window = _window(wanted, reading, min(_ROOM, sum(part.room for part in quote.parts)))
    if window is None:
        return None
    first, last = window
    there = [word.text for word in reading.words[first:last]]
    blocks = [block for block in SequenceMatcher(None, there, wanted, autojunk=False).get_matching_blocks() if block[2]]
    shared = sum(block[2] for block in blocks)
    if not blocks or shared / len(wanted) < _LEAST_SHARE or (shared < 3 and shared < len(wanted) - 1):
        return None
    lead, tail = blocks[0], blocks[-1]
    start = max(first, first + lead[0] - lead[1])
    end = min(last, first + tail[0] + tail[2] + len(wanted) - tail[1] - tail[2])
    if shared == len(wanted) == end - start:
        start, end = max(0, start - 1), min(len(reading.words), end + 1)
    span = Span(reading.words[start].start, reading.words[end - 1].end)
    return Near(span, _told(ground.text, span, quote), shared / len(wanted))


def _told(text: str, span: Span, quote: Quote) -> tuple[Change, ...]:
    """The comparison in the words as they are written."""
    source = span.of(text)
    return compared(
        [source[word.start : word.end] for word in words(source)], [quote.text[word.start : word.end] for word in quote.words]
    )


def _window(wanted: Sequence[str], reading: Reading, room: int) -> tuple[int, int] | None:
    """The stretch of the reading on whose diagonals most of the wanted words, rare ones first, stand."""
    places: dict[str, list[int]] = {word: [] for word in wanted}
    for at, word in enumerate(reading.words):
        if word.text in places:
            places[word.text].append(at)
    slack = max(4, len(wanted) // 4) + room
    votes: dict[int, float] = defaultdict(float)
    for position, text in enumerate(wanted):
        for at in places[text]:
            votes[(at - position) // slack] += 1 / len(places[text])
    if not votes:
        return None
    best = max(votes, key=lambda band: (votes[band] + votes.get(band + 1, 0.0), -band))
    first = max(0, best * slack - slack)
    return first, min(len(reading.words), (best + 2) * slack + len(wanted) + slack)
