"""Every name and quoted phrase of a claim stands in what it cites, or where its pronouns find their names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache

from qa.draft.terms import STOP, kin, known, stems
from qa.speech.marks import Marks, quotations
from qa.speech.words import given
from qa.support.figures import MONTHS, WEEKDAYS
from qa.support.flaw import Case, Flaw
from qa.text import fold

_SKIPPED = (
    STOP | frozenset([*MONTHS, *WEEKDAYS]) | frozenset("mr mrs ms dr jr sr sir lord lady according however meanwhile yes".split())
)
_PRONOUNS = frozenset("he she it they him her them his hers its their this these".split())
_DEMONYM = frozenset("n an ian ean ans ians ese ish i ic s".split())
_SHORTEST = 3
"""Letters that a name and its adjective have in common at least, and an abbreviation has."""
_QUOTED = 2
"""A quoted phrase of so many words must be the article's."""
_ADDRESS = re.compile(r"\bhttps?://[^\s<>\"”]*[\w/]|\bwww\.[^\s<>\"”]*[\w/]|[\w.+-]+@[\w-]+\.\w+")
_NAME_KINDS = frozenset("CRO")


def names(marks: Marks) -> list[tuple[str, ...]]:
    """The runs of capitalised words in ``marks``, small words and the parts of dates left out."""
    runs: list[list[str]] = [[]]
    for word, kind, at in zip(marks.words, marks.plain, range(len(marks.words)), strict=True):
        if (
            word[0].isupper()
            and kind in _NAME_KINDS | {"V", "t", "v"}
            and bare(word) not in _SKIPPED
            and not _opens(marks, at, kind)
        ):
            runs[-1].append(word)
        elif not (kind == "k" and runs[-1]):
            runs.append([])
    return [tuple(run) for run in runs if run]


def _opens(marks: Marks, at: int, kind: str) -> bool:
    """Whether the word is capitalised only because a sentence begins with it."""
    first = at == 0 or marks.words[at - 1] in {".", "!", "?", ":", "“", '"', "•", "-", "–"}
    if not first:
        return False
    follows = marks.words[at + 1 : at + 2]
    return kind in "ROV" and not (follows and follows[0][0].isupper())


@cache
def bare(word: str) -> str:
    """``word`` in lower case without accents, points and a possessive 's."""
    plain = "".join(letter for letter in unicodedata.normalize("NFD", word.casefold()) if not unicodedata.combining(letter))
    plain = plain.replace("’", "'").replace(".", "")
    return plain.removesuffix("'s").removesuffix("'")


def name_flaws(case: Case) -> Iterator[Flaw]:
    """Each name of the claim that stands neither in the cited words nor in the context.

    What only the neighbours name is taken from them where the cited words have a pronoun that may mean it.
    """
    found = names(case.said)
    if not found:
        return
    shown, here, around = Names(case.shown), Names(f"{case.shown}\n{case.named}"), Names(case.around)
    leans = bool(_PRONOUNS & set(Marks(case.shown).lower))
    for run in found:
        if shown.shortens(run):
            continue
        told = " ".join(run)
        lost = [word for word in run if not shown.has(word) and not around.has(word)]
        if lost:
            yield Flaw("name", len(run) > 1 or not _common(case, lost[0]), f"“{told}” is not there")
        elif not leans and not all(map(here.has, run)):
            yield Flaw("name", False, f"“{told}” stands only near it")


def _common(case: Case, word: str) -> bool:
    """Whether a lone word at the claim's beginning may be no name at all."""
    lower = bare(word)
    return bool(case.said.words) and case.said.words[0] == word and lower not in _given() and known(lower)


@cache
def _given() -> frozenset[str]:
    return frozenset(bare(name) for name in given())


class Names:
    """What a text calls people, places and bodies."""

    def __init__(self, text: str) -> None:
        marks = Marks(text)
        self._words = {bare(part) for word in marks.words for part in {word, *word.split("-")}}
        self._stems = set(stems(text))
        self._capitals = [bare(word) for word in marks.words if word[0].isupper()]
        self._initials = "".join(word[0].lower() for word in marks.words if word[0].isupper())

    def has(self, word: str) -> bool:
        """Whether the text has ``word``, its adjective, its kin, or what it abbreviates."""
        plain = bare(word)
        parts = [part for part in plain.split("-") if part]
        if plain in self._words or (len(parts) > 1 and all(part in self._words or part in _SKIPPED for part in parts)):
            return True
        own = set(stems(plain))
        if own & self._stems or any(kin().get(stem, frozenset()) & self._stems for stem in own):
            return True
        if word.isupper() and 2 <= len(plain) <= 6 and plain in self._initials:
            return True
        return any(_related(plain, other) for other in self._capitals)

    def shortens(self, run: Sequence[str]) -> bool:
        """Whether the text has the initials of the name ``run``, as it has WHO for a World Health Organization."""
        return len(run) >= _SHORTEST and "".join(word[0].lower() for word in run) in self._words


def _related(one: str, other: str) -> bool:
    """Whether one of the words is the adjective of the other: ``Italy`` and ``Italian``."""
    short, long = sorted((one, other), key=len)
    base = short.rstrip("aeiouy")
    return len(base) >= _SHORTEST and long.startswith(base) and long[len(base) :] in _DEMONYM


def quote_flaws(case: Case) -> Iterator[Flaw]:
    """Each address and each quoted phrase of the claim that the cited words do not hold as it is."""
    for found in _ADDRESS.finditer(case.claim):
        if found.group() not in case.shown:
            yield Flaw("quote", True, f"“{found.group()}” is not there")
    shown, around = fold(case.shown).text, fold(case.around).text
    for one in quotations(case.claim):
        phrase = re.sub(r"[.,!?…]+$", "", one.span.of(case.claim).strip("\"“”„«»`'‘’ \n").rstrip(".,!?…"))
        if len(phrase.split()) < _QUOTED:
            continue
        plain = fold(phrase).text
        if plain not in shown:
            yield Flaw("quote", plain not in around, f"“{phrase}” is not quoted from it")
