"""Verbs of saying and their subjects: who is said to speak, in the narrator's own words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from qa.speech.marks import Marks
from qa.speech.words import BE, NEGATIVE, NOT, STRONG, UNWILLING, also_noun, cues

_PHRASE = re.compile(r"[PI]|(?:D[xnCRO]{0,6}[xCROn]|[xnCRO]*[CROn])(?:f(?:D?[xnCROk]*[CRO]))*")
"""A noun phrase by the kinds of its words: ``the mayor of London``, ``student protester Joshua Wong``, ``she``."""
_WITH_HEARER = frozenset("tell ask warn".split())
"""Verbs that are followed by who hears rather than by who speaks."""
_LABEL = re.compile(r"D?[xRO]?C[CRk]{0,4}:")
_DASHED = re.compile(r"-C[Ck]{0,3}$")
_LABELS = frozenset(
    "image images file photo photos picture video source sources note notes update updated correction related category caption "
    "credit by".split()
)
"""What a colon follows without anybody speaking."""
_HEADS = frozenset("PICROD")
"""A phrase without any of these is no subject."""


@dataclass(frozen=True, slots=True)
class Attribution:
    """One place where the narrator says who speaks."""

    first: int
    """Position of the first word of the one who speaks."""
    last: int
    cue: tuple[int, int]
    """Positions ``[first, last)`` of the words that say so."""
    kind: str
    """``said``, ``according`` or ``headline``."""
    negated: bool
    strong: bool
    """Whether the verb hardly means anything but speech, or the subject stands right at it."""


def attributions(marks: Marks, first: int, last: int) -> list[Attribution]:
    """Those in the sentence ``[first, last)``, in order."""
    title = _headline(marks, first, last)
    found = [title] if title else []
    floor = first
    for at in range(first, last):
        one = _at(marks, at, floor, first, last, found[-1] if found else None)
        if one is None:
            continue
        found.append(one)
        floor = at + 1
    return found


def _at(marks: Marks, at: int, floor: int, first: int, last: int, earlier: Attribution | None) -> Attribution | None:
    if marks.lower[at] == "according" and marks.lower[at + 1 : at + 2] == ["to"] and marks.kinds[at] != "q":
        return _after(marks, at, at + 2, last, "according")
    if marks.kinds[at] != "V":
        return None
    return _said(marks, at, floor, first, last, earlier)


def _headline(marks: Marks, first: int, last: int) -> Attribution | None:
    """``Stoltenberg: we stand ready``, and ``No way back – Stoltenberg`` where nothing ends the sentence."""
    found = _LABEL.match(marks.kinds, first, last)
    if found and found.end() < last and not marks.words[found.end() - 2].isupper() and marks.lower[first] not in _LABELS:
        return Attribution(first, found.end() - 1, (found.end() - 1, found.end()), "headline", False, True)
    found = _DASHED.search(marks.kinds[first:last])
    if found is None:
        return None
    dash = first + found.start()
    return Attribution(dash + 1, last, (dash, dash + 1), "headline", False, True)


def _after(marks: Marks, at: int, start: int, last: int, kind: str) -> Attribution | None:
    """The phrase that begins at ``start``."""
    found = _PHRASE.match(marks.kinds, start, last)
    if found is None:
        return None
    return Attribution(start, found.end(), (at, start), kind, False, True)


def _said(marks: Marks, at: int, floor: int, first: int, last: int, earlier: Attribution | None) -> Attribution | None:
    form = marks.lower[at]
    verb = cues()[form]
    end, passive, negated = _auxiliaries(marks, at, floor)
    negated |= verb in NEGATIVE
    inverted = _inverted(marks, at, first, last) if end == at else None
    if inverted:
        return Attribution(*inverted, (at, at + 1), "said", negated, True)
    if passive and not form.endswith("ing"):
        return _agent(marks, at, last, negated)
    if also_noun(form) and not (end > floor and marks.kinds[end - 1] in "PCOwI,)" and end == at) and not form.endswith("ing"):
        return None
    participle = form.endswith("ing")
    strong = marks.kinds[at + 1 : at + 3].strip(",:")[:1] == "q" or marks.lower[at + 1 : at + 2] == ["that"]
    if participle and verb not in STRONG and not strong:
        return None
    dependent = participle or marks.kinds[end - 1] == "c" or marks.lower[end - 1] == "to"
    dependent |= earlier is not None and marks.kinds[end - 1] == "," and _aside(marks, earlier)
    if dependent and earlier and earlier.kind == "said":
        subject: tuple[int, int] | None = (earlier.first, earlier.last)
    else:
        subject = _subject(marks, end, floor, first, dependent)
    if subject is None or marks.kinds[subject[0]] == "I":
        return None
    return Attribution(*subject, (at, at + 1), "said", negated, strong or verb in STRONG)


def _aside(marks: Marks, one: Attribution) -> bool:
    """Whether it stands within a clause that hangs on its subject: ``Brandt, who denied it,`` or ``Brandt, speaking to us,``."""
    return marks.lower[one.cue[0]].endswith("ing") or "w" in marks.kinds[one.last : one.cue[0]]


def _auxiliaries(marks: Marks, at: int, floor: int) -> tuple[int, bool, bool]:
    """Where the words before the verb at ``at`` that belong to it begin, whether it is passive, whether it is negated."""
    negated = passive = False
    while at > floor and marks.kinds[at - 1] in "at":
        word = marks.lower[at - 1]
        negated |= word in NOT
        passive |= word in BE
        at -= 1
    before = marks.lower[max(floor, at - 3) : at]
    if before[-1:] == ["to"] and before[-2:-1] and before[-2] in UNWILLING:
        return _auxiliaries(marks, at - 2, floor)[0], False, True
    if before in (["went", "on", "to"], ["goes", "on", "to"]):
        return _auxiliaries(marks, at - 3, floor)[0], False, negated
    if before[-2:] in (["continued", "to"], ["continues", "to"]):
        return _auxiliaries(marks, at - 2, floor)[0], False, negated
    if before[-2:] == ["quoted", "as"]:
        return _auxiliaries(marks, at - 2, floor)[0], False, negated
    return at, passive, negated


def _inverted(marks: Marks, at: int, first: int, last: int) -> tuple[int, int] | None:
    """The subject after the verb in ``"...", said Ida Brandt`` and ``The bridge is shut, said Brandt.``"""
    before = marks.kinds[at - 1] if at > first else ""
    before = marks.kinds[at - 2] if before == "," and at - 1 > first and marks.kinds[at - 2] == "q" else before
    if before not in {"q", ","} or (before == "," and cues()[marks.lower[at]] not in STRONG - _WITH_HEARER):
        return None
    found = _PHRASE.match(marks.kinds, at + 1, last)
    if found is None:
        return None
    after = marks.kinds[found.end() : min(found.end() + 1, last)]
    if before == "," and (after not in {"", ",", ".", ";", "p", "-"} or not set("PCRO") & set(found.group())):
        return None
    return None if found.group()[0] in "PI" and after in {"a", "V"} else found.span()


def _agent(marks: Marks, at: int, last: int, negated: bool) -> Attribution | None:
    """The speaker behind a passive: ``was told by Brandt``."""
    for near in range(at + 1, min(at + 4, last)):
        if marks.lower[near] == "by":
            one = _after(marks, at, near + 1, last, "said")
            return one and Attribution(one.first, one.last, one.cue, "said", negated, False)
    return None


def _subject(marks: Marks, end: int, floor: int, first: int, participle: bool) -> tuple[int, int] | None:
    """The noun phrase that does what the verb after position ``end`` says."""
    if end > floor and marks.kinds[end - 1] == "w":
        end -= 1
        if end > floor and marks.kinds[end - 1] == ",":
            end -= 1
        return _last(list(_phrases(marks, _opening(marks, floor, end), end)))
    start = _opening(marks, floor, end)
    if end > start and marks.kinds[end - 1] not in ",)":
        comma = max((at for at in range(start, end) if marks.kinds[at] == ","), default=start - 1)
        inner = list(_phrases(marks, comma + 1, end))
        near = [one for one in inner if one[1] == end]
        if near and not participle:
            hangs = near[0][0] > 0 and marks.kinds[near[0][0] - 1] in "pf" and inner[0][0] == comma + 1
            return inner[0] if hangs else near[0]
        if inner and (not participle or comma < start):
            return _first(marks, inner, comma + 1)
    segments = list(_segments(marks, start, end))
    for one in segments:
        if marks.kinds[one[0]] in "DCROPIx":
            phrases = list(_phrases(marks, *one))
            if phrases and phrases[0][0] == one[0]:
                return _whole(marks, phrases)
    found = list(_phrases(marks, start, end))
    if found:
        return found[-1]
    return _first(marks, list(_phrases(marks, first, end)), first) if start > first else None


def _whole(marks: Marks, found: list[tuple[int, int]]) -> tuple[int, int]:
    """The first phrase, or the second where the first only begins a title: ``Clinic and advocacy manager Ida Brandt``."""
    one, two = (*found, found[0])[:2]
    title = marks.kinds[one[1] : two[0]] == "c" and "R" in marks.kinds[slice(*two)] and "R" not in marks.kinds[slice(*one)]
    return two if title else one


def _first(marks: Marks, found: list[tuple[int, int]], start: int) -> tuple[int, int] | None:
    """The first phrase, or the last before the verb where the first hangs on a preposition."""
    free = [one for one in found if one[0] == start or marks.kinds[one[0] - 1] not in "pfsk"] or found
    return free[0] if free else None


def _last(found: list[tuple[int, int]]) -> tuple[int, int] | None:
    return found[-1] if found else None


def _opening(marks: Marks, floor: int, end: int) -> int:
    """Where the clause that ends at ``end`` begins: after a quotation, a semicolon or a colon."""
    return max((at + 1 for at in range(floor, end) if marks.kinds[at] in "q;:"), default=floor)


def _segments(marks: Marks, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The runs between commas that do not begin as an adverbial does."""
    at = start
    for stop in range(start, end + 1):
        if stop == end or marks.kinds[stop] == ",":
            while at < stop and marks.kinds[at] in "atc":
                at += 1
            if at < stop and marks.kinds[at] not in "pfsvw":
                yield at, stop
            at = stop + 1


def _phrases(marks: Marks, start: int, end: int) -> Iterator[tuple[int, int]]:
    for found in _PHRASE.finditer(marks.kinds, start, end):
        if _HEADS & set(found.group()):
            yield found.span()
