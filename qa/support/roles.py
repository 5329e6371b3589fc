"""Who does what to whom: the names on the two sides of the same verb."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from qa.draft.terms import STOP, stems
from qa.speech.marks import Marks
from qa.support.flaw import Case, Flaw
from qa.support.names import Names, bare

_BE = frozenset("was were is are been be being".split())
_REACH = 4
"""How many words may lie between a verb and the name on either side."""


@dataclass(frozen=True, slots=True)
class _Deed:
    """One verb with a name on a side of it; a name is its last word, empty where there is none."""

    verb: str
    """Its stem."""
    word: str
    doer: str
    goal: str
    beside: bool
    """Whether the doer stands right at the verb."""


def role_flaws(case: Case) -> Iterator[Flaw]:
    """Each verb whose doer and goal the claim has exchanged, or that somebody else does in what it cites."""
    shown = list(_deeds(Marks(case.shown)))
    present = Names(case.shown)
    for one in _deeds(case.said):
        same = [other for other in shown if other.verb == one.verb]
        pairs = {(other.doer, other.goal) for other in same}
        doers = [other for other in same if other.doer]
        if one.doer and one.goal and (one.goal, one.doer) in pairs and (one.doer, one.goal) not in pairs:
            yield Flaw("order", True, f"it turns round who “{one.word}” whom")
        elif one.doer and doers and one.beside and not present.has(one.doer):
            yield Flaw("order", all(other.beside for other in doers), f"it is not “{one.doer.title()}” who “{one.word}” there")


def _deeds(marks: Marks) -> Iterator[_Deed]:
    for at, word in enumerate(marks.lower):
        if marks.plain[at] not in "Vv" or word in STOP or marks.words[at][0].isupper():
            continue
        passive = marks.lower[at + 1 : at + 2] == ["by"] and bool(_BE & set(marks.lower[max(0, at - 3) : at]))
        left, far = _name(marks, range(at - 1, at - 1 - _REACH, -1))
        right, away = _name(marks, range(at + 1 + passive, at + 1 + _REACH))
        if (left or right) and left != right:
            stem = next(iter(stems(word)), word)
            yield _Deed(stem, word, right, left, away == 0) if passive else _Deed(stem, word, left, right, far == 0)


def _name(marks: Marks, places: range) -> tuple[str, int]:
    """The last word of the nearest name at ``places`` and how many words lie before it; none where a clause ends sooner."""
    between = 0
    for at in places:
        if not 0 <= at < len(marks.words) or marks.plain[at] in ".,;:w":
            break
        if marks.words[at][0].isupper() and marks.plain[at] == "C" and bare(marks.words[at]) not in STOP:
            while marks.plain[at + 1 : at + 2] == "C":
                at += 1
            return bare(marks.words[at]), between
        between += marks.plain[at] not in "aD"
    return "", between
