"""A claim in another language than what it cites: only its figures, dates and names can be checked, and never all.

What is surely not there makes it ``unsupported``: a figure, a month, a surname changed behind a given name, a web address. Names
that may have another form abroad are told. Everything else is ``partly`` until somebody who reads both languages has looked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from fractions import Fraction
from itertools import pairwise

from qa.draft.terms import known
from qa.speech.words import given
from qa.support.figures import figures
from qa.support.flaw import Case, Flaw
from qa.support.names import Names, bare, quote_flaws
from qa.support.tongues import code_of, country, language, months, script, weekdays

ABROAD = "written in another language: only figures and names were checked"
_NUMBER = re.compile(r"(?<![\w.,])\d+(?:[.,’'\u00a0\u202f]\d+)*")
_AFTERNOON = re.compile(r"\b(\d{1,2})(?:[:.]\d\d)?\s*p\.?m\b", re.IGNORECASE)
_SCALES = (
    (re.compile(r"mil\s+mill|milliard|miljard|miliard|mrd|bilh|млрд|миллиард", re.I), 10**9),
    (re.compile(r"milli?[oó]|miljo|milh|mio\b|млн|миллион", re.I), 10**6),
    (re.compile(r"tausend|thousand|mill?e\b|mila\b|mil\b|duizend|tusen|tys|тыс", re.I), 1000),
)
"""What stands behind a figure in several languages; a billion is left out, for it is not the same everywhere."""
_COUNTED = 12
"""Up to this a number may be spelt out, which is read in English only."""
_ALIKE = 0.7
"""Likeness from which on two spellings may be one name."""
_CAPITAL = re.compile(r"[^\W\d_][\w’'-]*")


def foreign(claim: str, cited: str, question: str, wanted: str | None) -> tuple[str, str] | None:
    """The codes of the claim's and the cited words' languages, where they differ as they were asked to; else None.

    ``wanted`` is the language that was asked for by name; without one it is the question's. What is in another language than
    that without being asked for gets no such leave: an article can make a model write in any.
    """
    there = language(cited)
    asked = code_of(wanted) if wanted else language(question)
    if asked is None or there is None or asked == there:
        return None
    here = language(claim) or (asked if wanted else None)
    if here is None or here == there or asked != here:
        return None
    return here, there


def flaws_abroad(case: Case, here: str, there: str) -> list[Flaw]:
    """What of a claim in the language ``here`` is not in the cited words, which are in ``there``."""
    return [*_figures(case, there), *_dates(case, here, there), *_names(case, here, there), *quote_flaws(case)]


def _figures(case: Case, there: str) -> Iterator[Flaw]:
    """Each number of the claim that is not in the cited words, the context or the articles' dates."""
    text = "\n".join([case.shown, case.around, *(one.article.published or "" for one in case.cited)])
    allowed = {value for _, values in _numbers(text) for value in values}
    allowed |= {Fraction(int(hour) + 12) for hour in _AFTERNOON.findall(text)}
    for one in figures(text):
        allowed |= {one.value, Fraction(one.value // 100), one.value % 100} if one.kind == "date" else {one.value}
    for told, values in _numbers(case.claim):
        small = max(values) <= _COUNTED
        if not values & allowed and not (small and (there != "en" or max(values) <= 1)):
            yield Flaw("number", True, f"“{told}” is not there")


def _numbers(text: str) -> Iterator[tuple[str, set[Fraction]]]:
    """Each number as written, and what it may mean: 1.000 is a thousand or one, with a word such as million behind it more."""
    for match in _NUMBER.finditer(text):
        whole, parts = match.group(), re.split(r"\D", match.group())
        values = {Fraction(whole)} if len(parts) == 1 else set()
        if len(parts) > 1 and all(len(part) == 3 for part in parts[1:]):
            values.add(Fraction("".join(parts)))
        if len(parts) == 2 and whole[len(parts[0])] in ".,":
            values.add(Fraction(f"{parts[0]}.{parts[1]}"))
        behind = text[match.end() : match.end() + 14].lstrip(" -\u00a0\u202f")
        scale = next((scale for pattern, scale in _SCALES if pattern.match(behind)), None)
        yield whole, {value * scale for value in values} if scale else values or {Fraction(part) for part in parts}


def _dates(case: Case, here: str, there: str) -> Iterator[Flaw]:
    """A month or a weekday that the claim has and the cited words have not."""
    published = [one.article.published or "" for one in case.cited]
    read = figures(f"{case.shown}\n{case.around}") if there == "en" else []
    stood = months(f"{case.shown}\n{case.around}", there) | {int(day[5:7]) for day in published if day[5:7].isdigit()}
    stood |= {int(one.value // 100 if one.kind == "date" else one.value) for one in read if one.kind in {"date", "month"}}
    days = weekdays(case.shown, there)
    if not months(case.claim, here) <= stood:
        yield Flaw("date", True, "its month is not there")
    if days and not weekdays(case.claim, here) <= days:
        yield Flaw("date", True, "another day of the week is there")


def _names(case: Case, here: str, there: str) -> Iterator[Flaw]:
    """Names that are not in the cited words or the context; a given name with another surname is grave."""
    if script(case.claim) != script(case.shown):
        return
    text = f"{case.shown}\n{case.around}"
    present, capitals = Names(text), [bare(word) for word in _CAPITAL.findall(text) if word[0].isupper()]
    words = _CAPITAL.findall(case.claim)
    lost = [not _there(word, present, capitals, here, there) for word in words]
    for (one, _), (other, gone) in pairwise(zip(words, lost, strict=True)):
        person = one[0].isupper() and other[0].isupper() and f"{one} {other}" in case.claim
        if person and gone and (bare(one) in _given() or (bare(one) in capitals and not known(bare(one)))):
            yield Flaw("name", True, f"“{one} {other}” is not there")
    if here != "de":  # where every noun has a capital
        inside = [word for word, gone in zip(words[1:], lost[1:], strict=True) if gone and word[0].isupper()]
        if inside:
            yield Flaw("name", False, f"“{inside[0]}” is not there in this form")


def _there(word: str, present: Names, capitals: Sequence[str], here: str, there: str) -> bool:
    abroad = country(word, here, there)
    if (
        not word[0].isupper()
        or months(word, here)
        or weekdays(word, here)
        or present.has(word)
        or (abroad and present.has(abroad))
    ):
        return True
    return any(SequenceMatcher(None, bare(word), other).ratio() >= _ALIKE for other in capitals)


def _given() -> frozenset[str]:
    return frozenset(bare(name) for name in given())
