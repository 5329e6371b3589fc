"""Whether two articles are copies of one story, and what one sentence of a copy became in another.

Two texts overlap by the share of the shorter one's runs of three words that the longer one has too (containment: Broder 1997),
so that a story cut to its first half overlaps wholly. What articles of one outlet share by habit, a footer or a standing
head, stands together; so an overlap counts only where two quarters of the shorter text share it, and not at its end alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise

from qa.diff import Change, compared
from qa.match import plain_words
from qa.shingles import hashes
from vectorstore.types import Span

LEAST = 0.4
"""The overlap from which on two articles are copies. Chosen by ``bench/copies.py``."""
RELATED = 0.3
"""The overlap that is enough where an address or a credit says so, too."""
SHORTEST = 0.15
"""Of the longer text's length, what a copy has at least: a round-up that holds a brief is not a copy of it."""
_QUARTERS = 2
"""How many quarters of the shorter text must have RELATED of their runs in the longer one; one of them is in its first half."""
_FEWEST = 8
"""Runs of three words that a text must have to be told from others by them."""
_ALIKE = 0.5
"""Of a sentence's runs of three words, what its counterpart in a copy must have."""
_REMEMBERED = 4096
"""How many sentences are kept as they are compared: each is, with the same one in every copy."""
_ALWAYS = frozenset({"number", "negation", "hedge", "restriction"})
"""The kinds of change that make a sentence say something else even where a word only comes or goes."""


class Print:
    """A text as its runs of three words, made once and compared with many."""

    def __init__(self, text: str) -> None:
        self.words = tuple(plain_words(text))
        self.runs = hashes(self.words)
        self.set = frozenset(self.runs)


def overlap(one: Print, other: Print) -> float:
    """The share of the shorter text that the longer one has, 0 to 1; 0 where they share too little, or a part only."""
    short, long = sorted((one, other), key=lambda text: (len(text.runs), text.runs))
    if short.words == long.words:
        return 1.0
    if len(short.runs) < max(_FEWEST, SHORTEST * len(long.runs)):
        return 0.0
    share = len(short.set & long.set) / len(short.set)
    edges = [len(short.runs) * quarter // 4 for quarter in range(5)]
    parts = [short.runs[start:end] for start, end in pairwise(edges)]
    first, second, third, last = (sum(run in long.set for run in part) >= RELATED * len(part) for part in parts)
    return share if share >= RELATED and (first or second) and first + second + third + last >= _QUARTERS else 0.0


@dataclass(frozen=True, slots=True)
class Counterpart:
    """What a sentence became in a copy."""

    span: Span
    """Of the copy's sentence, in the copy's text."""
    changes: tuple[Change, ...]
    """``source`` holds the sentence's words, ``quoted`` the copy's; all equal where they are the same."""

    @property
    def telling(self) -> list[Change]:
        """The changes by which words stand for others, or a number, a negation, a hedge or a restriction comes or goes."""
        return [change for change in self.changes if _tells(change)]

    @property
    def differs(self) -> bool:
        """Whether it says something else, and not only in other words."""
        return bool(self.telling)


def _tells(change: Change) -> bool:
    if change.op == "equal":
        return False
    return change.op == "replace" or change.kind in _ALWAYS


class Sentences:
    """The sentences of one article, to be asked for the counterparts of a copy's."""

    def __init__(self, text: str, spans: Iterable[Span]) -> None:
        self._text = text
        self._spans = list(spans)
        self._line = f" {' '.join(word for span in self._spans for word in span.of(text).split())} "

    @cached_property
    def _found(self) -> list[tuple[Span, Print]]:
        return [(span, _printed(span.of(self._text))) for span in self._spans]

    @cached_property
    def _where(self) -> dict[Hashable, list[int]]:
        """The places of the sentences that have each run of three words, or are all of some words."""
        places: dict[Hashable, list[int]] = defaultdict(list)
        for at, (_, there) in enumerate(self._found):
            for key in (there.words, *there.set):
                places[key].append(at)
        return places

    def says(self, sentence: str) -> bool:
        """Whether ``sentence`` stands here, or one that differs from it by words that come or go and change nothing."""
        return self.holds(sentence) or ((found := self.counterpart(sentence)) is not None and not found.differs)

    def holds(self, sentence: str) -> bool:
        """Whether ``sentence`` stands here word for word."""
        return f" {' '.join(sentence.split())} " in self._line

    def counterpart(self, sentence: str) -> Counterpart | None:
        """The one most like ``sentence`` and how it differs; None where none has half of its runs of words."""
        wanted = _printed(sentence)
        if not wanted.words:
            return None
        near = {at for key in (wanted.words, *wanted.set) for at in self._where.get(key, ())}
        share, at = max(((_likeness(wanted, self._found[at][1]), -at) for at in near), default=(0.0, 0))
        if share < _ALIKE:
            return None
        span = self._found[-at][0]
        return Counterpart(span, compared(sentence.split(), span.of(self._text).split()))


@lru_cache(_REMEMBERED)
def _printed(sentence: str) -> Print:
    return Print(sentence)


def _likeness(one: Print, other: Print) -> float:
    """The share of runs of three words that the shorter sentence has in common; of words, where one is too short for that."""
    if one.words == other.words:
        return 1.0
    if len(one.runs) < 3 or len(other.runs) < 3:
        return 0.0
    shared = len(one.set & other.set)
    return shared / max(len(one.set), len(other.set)) if _close(one.words, other.words) else 0.0


def _close(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether the two are of about one length: a sentence that goes on to say more is not the same sentence."""
    return 2 * min(len(one), len(other)) >= max(len(one), len(other))
