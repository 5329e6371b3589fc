"""Who speaks in each sentence of an article, and how: read by rule from the article alone, English news first.

It fails soft: where the rules see nobody, a sentence has no speech rather than a guess from afar.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qa.speech.attribution import Attribution, attributions
from qa.speech.marks import Marks, Quotation
from qa.speech.people import People, name_in
from qa.speech.words import ROLES
from vectorstore.types import Span

_NEW = frozenset("a an another one some two three".split())
"""A role after one of these is nobody named before."""
_MEMORY = 12
"""How many persons named before a pronoun may be looked through."""
_APPOSED = 10
"""How many words an apposition may have."""
_CLOSE = 5
"""How many words may stand between a verb of saying and the quotation it introduces."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """Somebody who is said to speak."""

    name: Span | None
    """The longest form of the name in the article; None where the article gives none that the rules see."""
    mention: Span
    """The words that stand for the speaker where the article says who speaks: ``she``, ``the minister``."""
    cue: Span | None
    """The words that say so: ``said``, ``according to``, a headline's colon."""
    quoted: bool
    """Whether words of the sentence stand between quotation marks."""
    direct: bool
    """Whether those are an utterance rather than a few words held at arm's length."""
    roles: frozenset[str] = frozenset()
    """What the article calls the speaker, in lower case: ``mayor``, ``spokesman``."""


@dataclass(frozen=True, slots=True)
class Speech:
    """What one sentence reports that somebody said."""

    speaker: Speaker
    kind: str
    """``said``, ``according`` or ``headline``."""
    negated: bool
    """Whether it is denied, disputed or not said: ``denied``, ``did not say``."""
    here: bool
    """Whether the sentence itself says who speaks, rather than one before or after it."""


@dataclass(frozen=True, slots=True)
class _Found:
    """An attribution with whom it means."""

    at: Attribution
    sentence: int
    name: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Voices:
    """Who speaks where in a text."""

    sentences: tuple[tuple[Span, Speech | None], ...]
    """Each sentence with what it reports."""
    quotations: tuple[tuple[Span, Speech | None], ...]
    """Each quotation, marks included, with who is said to speak it."""


def spoken(text: str, sentences: Sequence[Span]) -> list[Speech | None]:
    """For each of ``sentences`` (in order, as ``qa.text.sentences`` gives them) who speaks in it; None where nobody does."""
    return [speech for _, speech in voices(text, sentences).sentences]


def voices(text: str, sentences: Sequence[Span]) -> Voices:
    """Likewise, and who speaks each single quotation: two of one sentence may be two people's."""
    marks = Marks(text)
    places = [marks.within(span) for span in sentences]
    reading = _Reading(marks, People(marks), places)
    speeches = [reading.speech(at) for at in range(len(places))]
    return Voices(tuple(zip(sentences, speeches, strict=True)), tuple(reading.quoted()))


class _Reading:
    """Goes through the sentences in order and remembers whom they speak of."""

    def __init__(self, marks: Marks, people: People, places: Sequence[tuple[int, int]]) -> None:
        self._marks = marks
        self._people = people
        self._places = places
        self._recent: list[tuple[int, int]] = []
        self._subjects: list[tuple[int, int] | None] = []
        self._found = [self._read(at) for at in range(len(places))]
        self._owners: list[tuple[tuple[int, int], Quotation, _Found | None]] = []
        self._firsts = [first for first, _ in places]
        for one in marks.quotations:
            place = marks.within(one.span)
            self._owners.append((place, one, self._owner(place, one)))

    def _read(self, at: int) -> list[_Found]:
        """The attributions of sentence ``at``."""
        first, last = self._places[at]
        here = [one for one in self._people.within(first, last) if self._marks.kinds[one[0]] != "q" and self._people.person(*one)]
        found = []
        for one in attributions(self._marks, first, last):
            name = self._who(one, [name for name in here if name[0] < one.first])
            found.append(_Found(one, at, name))
        self._subjects.append(here[0] if here else None)
        self._recent += [*here[1:], *here[:1], *(one.name for one in found if one.name and self._people.person(*one.name))]
        return found

    def _who(self, one: Attribution, here: Sequence[tuple[int, int]]) -> tuple[int, int] | None:
        """Where the article gives the longest name of the one who speaks."""
        word = self._marks.lower[one.first]
        if self._marks.kinds[one.first] in "PI":
            return self._meant(word, here) if word in {"he", "she"} else None
        head = self._marks.kinds.find("f", one.first, one.last)
        role = self._marks.lower[(head if head > one.first else one.last) - 1]
        name = name_in(self._marks, one.first, one.last) or (self._apposed(one.last) if role in ROLES else None)
        if name is not None:
            return self._people.longest(*name)
        if role in ROLES and word not in _NEW:
            return self._people.in_role(role, one.first)
        return None

    def _apposed(self, last: int) -> tuple[int, int] | None:
        """The name in the apposition that follows position ``last``: ``the author, doctoral student Ida Brandt, said``."""
        marks = self._marks
        if marks.kinds[last : last + 1] != ",":
            return None
        end = last + 1
        while marks.kinds[end : end + 1] in set("CRxkfDcnOv") and end - last < _APPOSED:
            end += 1
        start = end
        while start > last + 1 and marks.kinds[start - 1] in "Ck":
            start -= 1
        return name_in(marks, start, end) if start < end else None

    def _meant(self, pronoun: str, here: Sequence[tuple[int, int]]) -> tuple[int, int] | None:
        """The person named last whom ``pronoun`` may stand for; of its own sentence, the first."""
        for name in [*here, *reversed(self._recent[-_MEMORY:])]:
            if self._people.gender(name) in {"", pronoun}:
                return self._people.longest(*name)
        return None

    def _owner(self, place: tuple[int, int], one: Quotation) -> _Found | None:
        """Who is said to speak the quoted words at ``place``."""
        start = max(bisect_right(self._firsts, place[0]) - 1, 0)
        end = max(bisect_right(self._firsts, place[1] - 1) - 1, 0)
        before = [found for found in self._found[start] if found.at.cue[1] <= place[0]]
        after = [found for found in self._found[end] if found.at.cue[0] >= place[1]]
        if before and (place[0] - before[-1].at.cue[1] <= _CLOSE or not after):
            return before[-1]
        if after:
            return after[0]
        return self._neighbour(start, end) if one.speech else None

    def _neighbour(self, start: int, end: int) -> _Found | None:
        """Who speaks a quotation in the sentences ``start`` to ``end`` that say nothing of it themselves."""
        together = start > 0 and not self._parted(start)
        if start > 0 and (together or self._marks.words[self._places[start - 1][1] - 1] == ":"):
            speech = self._last(start - 1)
            if speech is not None:
                return speech
        if end + 1 < len(self._places) and not self._parted(end + 1):
            first, last = self._places[end + 1]
            begins = [found for found in self._found[end + 1] if found.at.first - first < _CLOSE and found.at.strong]
            if begins and "q" not in self._marks.kinds[first:last]:
                return begins[0]
        return self._last(start - 1) if start > 0 else None

    def _last(self, at: int) -> _Found | None:
        """Who speaks last in sentence ``at``."""
        first, last = self._places[at]
        quoted = [found for place, _, found in self._owners if found and place[0] < last and place[1] > first]
        own = [found for found in self._found[at] if found.at.strong]
        found = own or quoted
        return found[-1] if found else None

    def _parted(self, at: int) -> bool:
        """Whether a paragraph ends before sentence ``at``."""
        marks = self._marks
        return "\n" in marks.text[marks.ends[self._places[at - 1][1] - 1] : marks.starts[self._places[at][0]]]

    def speech(self, at: int) -> Speech | None:
        """What sentence ``at`` reports."""
        first, last = self._places[at]
        if first == last:
            return None
        quoted = [
            (min(last, place[1]) - max(first, place[0]), one, found)
            for place, one, found in self._owners
            if place[0] < last and place[1] > first
        ]
        direct = [(size, found) for size, one, found in quoted if one.speech]
        owner = max(direct, key=lambda one: one[0])[1] if direct else None
        own = self._found[at]
        chosen = owner or next((one for one in own if one.at.strong), None) or (own[0] if own else None)
        if chosen is None:
            return None
        return self._told(chosen, bool(quoted), bool(direct), chosen.sentence == at)

    def quoted(self) -> Iterator[tuple[Span, Speech | None]]:
        """Each quotation with who is said to speak it."""
        for place, one, found in self._owners:
            here = found is not None and self._places[found.sentence][0] <= place[0] < self._places[found.sentence][1]
            yield one.span, self._told(found, True, one.speech, here) if found else None

    def _told(self, chosen: _Found, quoted: bool, direct: bool, here: bool) -> Speech:
        speaker = Speaker(
            self._people.span(chosen.name) if chosen.name else None,
            self._marks.span(chosen.at.first, chosen.at.last),
            self._marks.span(*chosen.at.cue),
            quoted,
            direct,
            self._people.roles(chosen.name) if chosen.name else self._marks.roles(chosen.at.first, chosen.at.last),
        )
        return Speech(speaker, chosen.at.kind, chosen.at.negated, here)
