"""Numbers and dates as values: ``1,000`` is ``a thousand``, ``5 April`` is ``April 5th``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import zip_longest

from qa.draft.terms import STOP, stems

MONTHS = "january february march april may june july august september october november december".split()
WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen "
    "nineteen"
)
_ONES = {word: at for at, word in enumerate(_UNITS.split())}
_TENS = {word: 10 * at for at, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)}
_SCALES = {
    "hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9, "trillion": 10**12, "dozen": 12,
    "k": 1000, "m": 10**6, "mn": 10**6, "bn": 10**9, "tn": 10**12,
}  # fmt: skip
_SHARES = {"half": Fraction(1, 2), "quarter": Fraction(1, 4)}
_TIMES = {"once": 1, "twice": 2, "thrice": 3}
_ORDINALS = {
    word: at
    for at, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth "
        "sixteenth seventeenth eighteenth nineteenth twentieth".split(),
        1,
    )
}
_SCALED = "hundred|thousand|million|billion|trillion|dozen"
COUNTING = frozenset([*_ONES, *_TENS, *_SCALED.split("|"), *_SHARES, *_TIMES, *_ORDINALS, *MONTHS, *WEEKDAYS])
"""Words that are figures or dates by themselves."""
_MEASURES = (
    "percent % percentage;point;dollar $ usd;euro € eur;pound-sterling £ gbp;yen ¥;rupee ₹;km kilometre kilometer;mile;"
    "metre meter m;cm centimetre centimeter;foot feet ft;inch;kg kilogram kilo;gram;tonne ton;litre liter;acre;hectare;degree;"
    "year aged;month;week;day;hour;minute;second;mph;km/h;time;century"
)
_MEASURE = {form: group.split()[0] for group in _MEASURES.split(";") for form in group.split()}
_DIGITS = r"[-−+]?\d+(?:,\d{3})+(?:\.\d+)?|[-−+]?\d+(?:\.\d+)?|[-−+]?\.\d+"
_WORDS = "|".join([*_ONES, *_TENS])
_SPELT = rf"(?:{_WORDS})(?:[\s-]+(?:{_WORDS}))*"
_NUMBER = re.compile(
    rf"(?P<money>[$€£¥₹])?\s?(?<![\w.,])(?P<value>{_DIGITS}|\b(?:{_SPELT})\b|\b(?:an?|several)\s+(?=(?:{_SCALED})\b))"
    rf"(?P<scale>(?:[\s-]*(?:(?:and\s+)?(?:{_WORDS})[\s-]+)?\b(?:{_SCALED})s?\b)+|(?:k|mn?|bn|tn)\b)?"
    rf"(?P<tail>(?(scale)(?:\s+and\s+{_SPELT})?))(?P<ordinal>(?:st|nd|rd|th)\b)?(?P<decade>['’]?s\b)?"
    r"[\s-]*(?P<unit>%|per\s?cent(?:age)?(?:\s+points?)?|[A-Za-z][A-Za-z/]*|[€£])?",
    re.IGNORECASE,
)
_NAMED_NUMBER = re.compile(rf"\b(?:{'|'.join([*_SHARES, *_TIMES, *_ORDINALS])})\b", re.IGNORECASE)
_RANGE = re.compile(r"\s*(?:to|or|and|-|–)\s*(?:\$|£|€)?", re.IGNORECASE)
_MONTH = "|".join(f"{name[:3]}(?:{name[3:]}|t?\\.)?" if len(name) > 4 else name for name in MONTHS)
_DATED = re.compile(
    rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:\s*[-–]\s*(?P<last>\d{{1,2}})(?:st|nd|rd|th)?)?(?:\s+of)?\s+(?P<month>{_MONTH})\b"
    rf"|\b(?P<month2>{_MONTH})\s+(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?(?:\s*[-–]\s*(?P<last2>\d{{1,2}})(?!\d))?(?![\d.,]\d)",
    re.IGNORECASE,
)
_ISO = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
_PLAIN_MONTHS = "|".join(name.capitalize() for name in MONTHS if name not in {"may", "march"})
_AFTER = "|".join(f"(?<={word} )" for word in "[Ii]n of nce til ast rly ate [Bb]y".split())
"""Ends of the words behind which May and March are months: in, of, since, until, last, early, late, by."""
_BARE_MONTH = re.compile(rf"\b(?:{_PLAIN_MONTHS})\b|(?:{_AFTER})(?:May|March)\b")
_CLOCK = re.compile(r"(?<![\d:])\d{1,3}(?::\d{2}){1,2}(?![\d:])")
_WEEKDAY = re.compile(rf"\b(?:{'|'.join(WEEKDAYS)})\b", re.IGNORECASE)
_BEFORE = re.compile(
    r"\b(?:(about|around|roughly|approximately|some|nearly|almost|close to|an estimated|estimated|more or less)"
    r"|(at least|no fewer than|no less than|a minimum of)|(more than|over|above|in excess of|exceeding)"
    r"|(up to|at most|no more than|as many as|as much as|a maximum of)|(less than|fewer than|under|below))"
    r"\s+(?:the\s+|a\s+)?[$€£]?$",
    re.IGNORECASE,
)
_BOUNDS = ("about", "least", "over", "most", "under")
_LONGEST = 100
"""Characters. A longer number is compared as it is written."""
_WORD = re.compile(r"[^\W\d_]+(?:['’]\w+)?")


@dataclass(frozen=True, slots=True)
class Figure:
    """One number or date."""

    kind: str
    """``number``, ``rank``, ``year``, ``decade``, ``month``, ``date``, ``weekday`` or ``clock``."""
    value: Fraction
    """Of a date 100 * month + day; of a weekday 0 for Monday; of a clock seconds."""
    unit: str
    """``percent``, ``dollar``, ``km`` and so on; empty where there is none that is known."""
    text: str
    """As written."""
    bound: str
    """``about``, ``least``, ``over``, ``most``, ``under`` or empty."""
    beside: frozenset[str]
    """Stems of the telling words that follow it, to the next number or comma."""


def figures(text: str) -> list[Figure]:
    """Every number and date of ``text``, in order of kind: dates first."""
    left = text
    found: list[Figure] = []
    for pattern, reader in ((_ISO, _iso), (_CLOCK, _clock), (_DATED, _dated), (_WEEKDAY, _weekday), (_BARE_MONTH, _month)):
        for match in pattern.finditer(left):
            found += reader(match)
        left = pattern.sub(lambda match: "\x00" * len(match.group()), left)
    numbers = list(_NUMBER.finditer(left))
    for match, after in zip_longest(numbers, numbers[1:]):
        joined = after is not None and _RANGE.fullmatch(left, match.end("tail"), after.start()) is not None
        found += _number(left, match, _unit(after) if joined and after else "")
    left = _NUMBER.sub(lambda match: "\x00" * (match.end("tail") - match.start()) + left[match.end("tail") : match.end()], left)
    return found + [_named(left, match) for match in _NAMED_NUMBER.finditer(left)]


def _iso(match: re.Match[str]) -> Iterator[Figure]:
    year, month, day = (int(part) for part in match.groups())
    yield _plain("year", year, match.group(1))
    yield _plain("date", 100 * month + day, match.group())


def _dated(match: re.Match[str]) -> Iterator[Figure]:
    month = _month_number(match.group("month") or match.group("month2"))
    for day in (match.group("day") or match.group("day2"), match.group("last") or match.group("last2")):
        if day:
            yield _plain("date", 100 * month + int(day), match.group())


def _clock(match: re.Match[str]) -> Iterator[Figure]:
    hours, minutes, seconds = (*(int(part) for part in match.group().split(":")), 0)[:3]
    yield _plain("clock", 3600 * hours + 60 * minutes + seconds, match.group())


def _weekday(match: re.Match[str]) -> Iterator[Figure]:
    yield _plain("weekday", WEEKDAYS.index(match.group().lower()), match.group())


def _month(match: re.Match[str]) -> Iterator[Figure]:
    yield _plain("month", _month_number(match.group()), match.group())


def _month_number(name: str) -> int:
    return next(at for at, month in enumerate(MONTHS, 1) if month.startswith(name.lower()[:3]))


def _plain(kind: str, value: int, text: str) -> Figure:
    return Figure(kind, Fraction(value), "", text, "", frozenset())


def _number(text: str, match: re.Match[str], shared: str) -> Iterator[Figure]:
    """The figure of ``match``, which takes the unit ``shared`` by the next one where it has none of its own."""
    raw = match.group("value").strip().lower()
    scale = (match.group("scale") or "").lower()
    value = _value(raw, scale, match.group("tail").lower())
    unit = _unit(match) or shared
    told = match.group()[: (match.start("unit") - match.start()) if match.group("unit") and not _unit(match) else None].strip(
        " -\n"
    )
    bare = raw.isdigit() and len(raw) == 4 and 1000 <= value <= 2100 and not (scale or match.group("money"))
    if bare and match.group("decade"):
        yield Figure("decade", value, "", told, "", frozenset())
    elif bare and unit in {"", "m"}:
        yield Figure("year", value, "", raw, "", frozenset())
    elif raw == "one" and not scale and not unit:
        return
    else:
        kind = "rank" if match.group("ordinal") else "number"
        found = _BEFORE.search(text[: match.start("money") if match.group("money") else match.start("value")])
        bound = next((name for name, part in zip(_BOUNDS, found.groups(), strict=True) if part), "") if found else ""
        start = match.end() if unit else match.start("unit") if match.group("unit") else match.end()
        yield Figure(kind, value, unit if kind == "number" else "", told, bound, _beside(text, start))


def _named(text: str, match: re.Match[str]) -> Figure:
    word = match.group().lower()
    value = _SHARES.get(word) or Fraction(_TIMES.get(word) or _ORDINALS[word])
    kind = "rank" if word in _ORDINALS else "number"
    return Figure(kind, value, "time" if word in _TIMES else "", word, "", _beside(text, match.end()))


def _value(raw: str, scale: str, tail: str) -> Fraction:
    plain = raw.replace(",", "").replace("−", "-")
    if len(plain) > _LONGEST:
        return Fraction(int.from_bytes(plain.encode()))
    total = _spelt(raw) if raw[:1].isalpha() else Fraction(plain)
    for word in re.findall(r"[a-z]+", scale):
        base = word.removesuffix("s") if word not in _SCALES else word
        total = total * _SCALES[base] if base in _SCALES else total + _spelt(word)
    return total + (_spelt(tail) if tail.strip() else 0)


def _spelt(words: str) -> Fraction:
    parts = re.findall(r"[a-z]+", words)
    if parts in (["a"], ["an"], ["several"]):
        return Fraction(1)
    return Fraction(sum(_ONES.get(word, _TENS.get(word, 0)) for word in parts))


def _unit(match: re.Match[str]) -> str:
    if match.group("money"):
        return _MEASURE.get(match.group("money"), "pound-sterling")
    word = re.sub(r"\s+", " ", (match.group("unit") or "").lower())
    if word.startswith("per"):
        return "point" if "point" in word else "percent"
    bare = word if word in _MEASURE else word.removesuffix("s")
    return _MEASURE.get(bare, "")


def _beside(text: str, at: int) -> frozenset[str]:
    clause = re.split(r"[,;.:\d\x00]|\band\b|\bbut\b|\bwhile\b", text[at : at + 60], maxsplit=1)[0]
    return frozenset(stem for word in _WORD.findall(clause)[:4] if word.lower() not in STOP for stem in stems(word))
