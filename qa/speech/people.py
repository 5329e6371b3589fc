"""The people an article names: their longest names, the roles they are given, whom a pronoun or a role stands for."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from qa.speech.marks import Marks
from qa.speech.words import BODIES, ROLES, TITLE_WORDS, given
from vectorstore.types import Span

_RUN = re.compile(r"C(?:k{0,2}C)*")
_MEN = frozenset(
    "mr mr. sir lord king prince duke pope father brother son husband uncle man boy actor spokesman chairman".split()
)
_WOMEN = frozenset(
    "mrs ms mrs. ms. lady dame queen princess duchess mother sister daughter wife aunt woman girl actress spokeswoman".split()
)
_NO_PERSON = BODIES | frozenset(
    "ministry times post news house street court united north south east west new world national international royal association "
    "union city county river lake mount island islands road avenue airport station school college bbc cnn nato afp reuters "
    "press".split()
)
_AFTER = 8
"""How many words after a name may hold its role: "Ida Brandt, the deputy director of"."""
_BEFORE = 5


@dataclass(frozen=True, slots=True)
class Named:
    """One place where an article names somebody."""

    first: int
    """Position of the name's first word."""
    last: int
    """Position after its last."""
    roles: frozenset[str]
    gender: str
    """``he``, ``she`` or empty where nothing beside the name tells."""


def name_in(marks: Marks, first: int, last: int) -> tuple[int, int] | None:
    """The name in the noun phrase ``[first, last)``, without titles: of ``the mayor of London Sadiq Khan`` the last two words.

    None where they name nobody (``the minister``, ``Johnson's spokesman``).
    """
    head_end = next((at for at in range(first, last) if marks.plain[at] == "f"), last)
    runs = list(_RUN.finditer(marks.plain, first, head_end))
    if runs and runs[-1].end() == head_end:
        bare = _untitled(marks, runs[-1].start(), head_end)
        if bare is not None:
            return bare
    elif head_end > first and marks.plain[head_end - 1] not in "RCx":
        return None
    ends = [run for run in _RUN.finditer(marks.plain, head_end, last) if run.end() == last]
    if head_end < last and ends and _titled(marks, first, head_end):
        bare = _untitled(marks, *ends[0].span())
        if bare is not None and bare[1] - ends[0].start() > 2:
            return max(bare[0], bare[1] - 2), bare[1]
    return None


def _titled(marks: Marks, first: int, last: int) -> bool:
    return marks.lower[last - 1] in ROLES if last > first else False


def _untitled(marks: Marks, first: int, last: int) -> tuple[int, int] | None:
    """The capitalised words ``[first, last)`` after the last title or possessive among them."""
    cut = first
    for at in range(first, last):
        if marks.lower[at] in TITLE_WORDS or marks.words[at].endswith(("'s", "’s", "s'", "s’")):
            cut = at + 1
    return (cut, last) if cut < last else None


class People:
    """Who is named where in one article."""

    def __init__(self, marks: Marks) -> None:
        """Reads the article's capitalised words once."""
        self._marks = marks
        self.named = list(self._all())
        self._firsts = [one.first for one in self.named]
        self._by_surname: dict[str, list[Named]] = defaultdict(list)
        self._genders: dict[str, str] = {}
        for one in self.named:
            self._by_surname[self._key(one.last - 1)].append(one)
            if one.gender:
                self._genders.setdefault(self._key(one.last - 1), one.gender)

    def _key(self, at: int) -> str:
        return re.sub(r"['’]s?$", "", self._marks.words[at])

    def _all(self) -> Iterator[Named]:
        marks = self._marks
        for run in _RUN.finditer(marks.plain):
            bare = _untitled(marks, *run.span())
            if bare is None:
                owner = next((at for at in range(*run.span()) if marks.words[at].endswith(("'s", "’s"))), -1)
                bare = _untitled(marks, run.start(), owner) if owner > run.start() else None
            if bare and bare[1] - bare[0] > 2 and marks.plain[bare[0] - 1] == "f" and _titled(marks, 0, bare[0] - 1):
                bare = (bare[1] - 2, bare[1])
            if bare is None or bare[1] - bare[0] > 4 or any(marks.lower[at] in _NO_PERSON for at in range(*bare)):
                continue
            roles = self._roles(*bare)
            gender = "he" if roles & _MEN else "she" if roles & _WOMEN else ""
            yield Named(*bare, roles & ROLES, gender)

    def _roles(self, first: int, last: int) -> frozenset[str]:
        """The roles in the words straight before a name and in its apposition."""
        marks = self._marks
        roles, at = set(), first - 1
        while at >= max(0, first - _BEFORE) and marks.plain[at] in "CRxfO":
            roles.add(marks.lower[at])
            at -= 1
        if at > 0 and marks.plain[first - 1] == ",":
            at = first - 2
            while at >= max(0, first - _AFTER) and marks.plain[at] in "CRxfO":
                roles.add(marks.lower[at])
                at -= 1
        if marks.plain[last : last + 1] in {",", "("}:
            for at in range(last + 1, min(last + 1 + _AFTER, len(marks.words))):
                if marks.plain[at] not in "CRxfODn":
                    break
                roles.add(marks.lower[at])
        return frozenset(roles)

    def within(self, first: int, last: int) -> list[tuple[int, int]]:
        """The names in the words ``[first, last)``."""
        low, high = bisect_left(self._firsts, first), bisect_left(self._firsts, last)
        return [(one.first, one.last) for one in self.named[low:high]]

    def longest(self, first: int, last: int) -> tuple[int, int]:
        """The first place of the longest form of the name ``[first, last)`` in the article."""
        key = self._key(last - 1)
        same = [one for one in self._by_surname[key] if one.last - one.first > last - first]
        if last - first > 1:
            start = self._marks.words[first]
            same = [one for one in same if start in self._marks.words[one.first : one.last]]
        if not same and last - first == 1:
            same = [one for one in self.named if one.last - one.first > 1 and self._marks.words[one.first] == key]
        if not same:
            return first, last
        best = max(same, key=lambda one: (bool(one.roles) + (one.last - one.first == 2), -one.first))
        return best.first, best.last

    def in_role(self, role: str, before: int) -> tuple[int, int] | None:
        """The nearest name before position ``before`` of whoever was given ``role``."""
        for one in reversed(self.named):
            if one.first < before and role in one.roles:
                return self.longest(one.first, one.last)
        return None

    def person(self, first: int, last: int) -> bool:
        """Whether the article shows that ``[first, last)`` names a person: by a role, a title or a surname by itself."""
        marks = self._marks
        if any(marks.lower[at] in _NO_PERSON for at in range(first, last)):
            return False
        full = self.longest(first, last)
        if not 1 < full[1] - full[0] < 5 or marks.plain[full[0] - 1 : full[0]] == "D":
            return False
        same = self._by_surname[self._key(last - 1)]
        return any(one.roles or one.last - one.first == 1 for one in same)

    def roles(self, name: tuple[int, int]) -> frozenset[str]:
        """Every role that the article gives whoever has this surname."""
        return frozenset[str]().union(*(one.roles for one in self._by_surname[self._key(name[1] - 1)]))

    def gender(self, name: tuple[int, int]) -> str:
        """``he``, ``she`` or empty, as a title, a role or the first name tells."""
        first = self.longest(*name)[0]
        return self._genders.get(self._key(name[1] - 1), "") or given().get(self._marks.words[first], "")

    def span(self, name: tuple[int, int]) -> Span:
        """The place of a name, without the ``'s`` after it."""
        place = self._marks.span(*name)
        return Span(place.start, place.end - len(self._marks.words[name[1] - 1]) + len(self._key(name[1] - 1)))
