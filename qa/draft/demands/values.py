"""Names, dates and numbers as they can be compared: however they are spelled, whichever part of them is left out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from qa.draft.terms import stems

_NATIONS = (
    "usa us u.s u.s. america american americans;uk u.k u.k. britain british briton britons;"
    "eu e.u european europe europeans;uae emirati;france french;germany german germans;spain spanish spaniard;"
    "sweden swedish swede;denmark danish dane;norway norwegian;finland finnish finn;poland polish pole poles;"
    "netherlands dutch;greece greek greeks;turkey turkish turk turks;switzerland swiss;ireland irish;"
    "scotland scottish scots;wales welsh;england english;iceland icelandic;portugal portuguese;china chinese;"
    "japan japanese;philippines filipino filipinos philippine;thailand thai;vietnam vietnamese;israel israeli israelis;"
    "iraq iraqi;pakistan pakistani;afghanistan afghan afghans;bangladesh bangladeshi;saudi saudis;yemen yemeni;"
    "kuwait kuwaiti;qatar qatari;ukraine ukrainian ukrainians;hungary hungarian;czechia czech czechs;slovakia slovak;"
    "serbia serbian serb;croatia croatian;argentina argentine argentinian;brazil brazilian;peru peruvian;chile chilean;"
    "mexico mexican;canada canadian canadians;cyprus cypriot;congo congolese;lebanon lebanese;burma myanmar burmese"
)
_NATION = {word: line.split()[0] for line in _NATIONS.split(";") for word in line.split()}
_LONG_NATIONS = (
    (re.compile(r"\bUnited States(?: of America)?\b"), "USA"),
    (re.compile(r"\b(?:United Kingdom|Great Britain)\b"), "UK"),
    (re.compile(r"\bEuropean Union\b"), "EU"),
    (re.compile(r"\bUnited Arab Emirates\b"), "UAE"),
    (re.compile(r"\bSaudi Arabian?\b"), "Saudi"),
)
_PEOPLE_ENDINGS = ("n", "an", "ian", "ese", "i", "s", "ns", "ans", "ians")
_WORD = re.compile(r"(?:[A-Z]\.)+[A-Z]?|\w+(?:['’.]\w+)*")
_ACRONYM = re.compile(r"\(([A-Z][A-Za-z]{1,7})\)")


def name_words(text: str) -> tuple[str, ...]:
    """The words of ``text`` for comparing names: no case, no accents, no possessive, one word for a nation and its people."""
    if any(word in text for word in ("United", "European", "Saudi", "Great")):
        for pattern, short in _LONG_NATIONS:
            text = pattern.sub(short, text)
    return tuple(_plain(word) for word in _WORD.findall(text))


@lru_cache(maxsize=16384)
def _plain(word: str) -> str:
    if word == "us":
        return word
    lower = word.casefold().replace("’", "'").removesuffix("'s").rstrip("'")
    if not lower.isascii():
        lower = "".join(letter for letter in unicodedata.normalize("NFD", lower) if not unicodedata.combining(letter))
    return _NATION.get(lower, lower)


@lru_cache(maxsize=1024)
def name_forms(word: str) -> frozenset[str]:
    """The words that may stand for the name's word ``word``: of a place its people, of a people the place."""
    cut = {word.removesuffix(ending) for ending in _PEOPLE_ENDINGS if len(word) - len(ending) > 3}
    return frozenset({word, *cut, *(word + ending for ending in _PEOPLE_ENDINGS if len(word) > 3)})


@lru_cache(maxsize=64)
def acronyms(text: str) -> dict[str, tuple[str, ...]]:
    """The short names that ``text`` itself gives in brackets after the long ones whose initials they are."""
    found = {}
    for short in _ACRONYM.finditer(text):
        before = re.findall(r"[^\W\d_][\w'’-]*", text[max(0, short.start() - 120) : short.start()])
        for size in range(len(short[1]), len(short[1]) + 4):
            some = before[-size:]
            initials = "".join(word[0] for word in some if word[0].isupper())
            if len(some) == size and some[0][0].isupper() and initials.casefold() == short[1].casefold():
                found[short[1].casefold()] = name_words(" ".join(word for word in some if word[0].isupper()))
                break
    return found


_MONTHS = "january february march april may june july august september october november december".split()
_DAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
_MONTH = "(?:" + "|".join(month.capitalize() for month in _MONTHS) + r"|Jan\.?|Feb\.?|Aug\.?|Sept?\.?|Oct\.?|Nov\.?|Dec\.?)"
_YEAR = r"(?:1[0-9]|20)\d\d"
_DATE = re.compile(
    rf"(?<!\w)(?=[\d{''.join(sorted({name[0].upper() for name in (*_MONTHS, *_DAYS)}))}bdefilmnostuyaEL])(?:"
    rf"(?P<iso>{_YEAR}-\d\d-\d\d)\b"
    rf"|(?P<d1>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<m1>{_MONTH})(?:,? (?P<y1>{_YEAR}))?\b"
    rf"|(?P<m2>{_MONTH}) (?P<d2>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,? (?P<y2>{_YEAR}))?"
    rf"|(?P<m3>{_MONTH}),? (?:of )?(?P<y3>{_YEAR})\b"
    rf"|(?:in|since|until|by|during|from|to|and|of|[Ll]ate|[Ee]arly|[Ll]ast|[Tt]his|mid)[ -](?P<m4>{_MONTH})\b(?!,? (?:of )?\d)"
    rf"|(?:between|from) (?P<from>{_YEAR}) (?:and|to|until) (?P<to>{_YEAR})\b"
    rf"|(?P<y4>{_YEAR})(?:[–-](?P<y5>\d{{4}}|\d\d)\b|(?P<decade>s)?\b)"
    rf"|(?P<next>next )?(?P<day>{'|'.join(day.capitalize() for day in _DAYS)})\b"
    r"|(?P<near>yesterday|today|tomorrow|(?:last|this|next) (?:week|month|year))\b)"
)
"""The look ahead only spares the alternatives at letters that none begins with."""


@dataclass(frozen=True, slots=True)
class When:
    """A time as far as it is told."""

    years: tuple[int, int] | None = None
    """The first and the last."""
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    """0 is Monday."""

    def meets(self, other: When) -> int:
        """1 where ``other`` tells every part of this, and the same; -1 where it tells another; 0 where it leaves one open."""
        if self.years and other.years and not (self.years[0] <= other.years[1] and other.years[0] <= self.years[1]):
            return -1
        pairs = [(self.month, other.month), (self.day, other.day), (self.weekday, other.weekday)]
        if any(one is not None and two is not None and one != two for one, two in pairs):
            return -1
        open_ = (self.years is not None and other.years is None) or any(one is not None and two is None for one, two in pairs)
        return 0 if open_ else 1

    def meets_day(self, published: str | None) -> bool:
        """Whether an ISO date or date-time tells every part that this tells, and the same."""
        day = day_of(published)
        return day is not None and self.meets(_of(day)) == 1


def _of(day: date) -> When:
    return When((day.year, day.year), day.month, day.day, day.weekday())


def day_of(published: str | None) -> date | None:
    """The day of an ISO date or date-time; None where there is none."""
    try:
        return date.fromisoformat((published or "")[:10])
    except ValueError:
        return None


@lru_cache(maxsize=2048)
def dates(text: str, published: str | None = None) -> tuple[tuple[int, int, When], ...]:
    """Where each time in ``text`` starts and ends, and the time, told in full where the day it was ``published`` helps."""
    today = day_of(published)
    return tuple((max(found.start(), found.start("m4")), found.end(), _when(found, today)) for found in _DATE.finditer(text))


def _when(found: re.Match[str], today: date | None) -> When:
    parts = found.groupdict()
    if parts["iso"]:
        day = day_of(parts["iso"])
        return _of(day) if day else When()
    if parts["day"]:
        return _weekday(_DAYS.index(parts["day"].lower()), bool(parts["next"]), today)
    if parts["near"]:
        return _near(parts["near"], today)
    if parts["from"] or parts["y4"]:
        return When(_years(parts))
    month = next(parts[key] for key in ("m1", "m2", "m3", "m4") if parts[key])
    number = next(at for at, name in enumerate(_MONTHS, 1) if name.startswith(month.lower().rstrip(".")[:3]))
    day_number = parts["d1"] or parts["d2"]
    year = parts["y1"] or parts["y2"] or parts["y3"]
    return _dated(int(year) if year else None, number, int(day_number) if day_number else None, today)


def _years(parts: dict[str, str | None]) -> tuple[int, int]:
    first = int(parts["from"] or parts["y4"] or 0)
    if parts["to"]:
        return first, max(first, int(parts["to"]))
    if parts["y5"]:
        last = int(parts["y5"]) if len(parts["y5"]) == 4 else first // 100 * 100 + int(parts["y5"])
        return first, max(first, last)
    return first, first + 9 if parts["decade"] else first


def _dated(year: int | None, month: int, day: int | None, today: date | None) -> When:
    """The year a text leaves out is the one that puts the month within the eleven months before it was published."""
    if year is None and today is not None:
        year = today.year - (month > today.month + 1) + (today.month == 12 and month == 1)
    if year and day:
        try:
            return _of(date(year, month, day))
        except ValueError:
            return When((year, year), month, day)
    return When((year, year) if year else None, month, day)


def _weekday(wanted: int, ahead: bool, today: date | None) -> When:
    """The day of that name on or before ``today``, or after it."""
    if today is None:
        return When(weekday=wanted)
    step = (wanted - today.weekday() - 1) % 7 + 1 if ahead else -((today.weekday() - wanted) % 7)
    return _of(today + timedelta(step))


def _near(words: str, today: date | None) -> When:
    if today is None:
        return When()
    if words in {"yesterday", "today", "tomorrow"}:
        return _of(today + timedelta(("yesterday", "today", "tomorrow").index(words) - 1))
    which, unit = words.split()
    step = ("last", "this", "next").index(which) - 1
    if unit == "year":
        return When((today.year + step, today.year + step))
    months = today.year * 12 + today.month - 1 + (step if unit == "month" else 0)
    return When((months // 12, months // 12), months % 12 + 1) if unit == "month" else When()


_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen "
    "nineteen"
).split()
_TENS = dict(zip("twenty thirty forty fifty sixty seventy eighty ninety".split(), range(20, 100, 10), strict=True))
_BIG = {
    "hundred": 1e2,
    "thousand": 1e3,
    "million": 1e6,
    "billion": 1e9,
    "trillion": 1e12,
    "dozen": 12,
    "m": 1e6,
    "bn": 1e9,
    "k": 1e3,
}
_WORDS = "|".join([f"(?:{'|'.join(_TENS)})(?:[- ](?:{'|'.join(_SMALL[1:10])}))?", *reversed(_SMALL)])
_NUMBER = re.compile(
    r"(?<!\w)(?=[$€£¥\dzotfsenaZOTFSENA])(?P<money>[$€£¥]\s?)?(?:(?P<digits>\d[\d,]*(?:\.\d+)?)"
    rf"|(?P<words>{_WORDS}|an?(?= (?:hundred|thousand|million|billion|dozen)\b))\b)"
    r"(?P<big>(?:[ -]?(?:hundred|thousand|million|billion|trillion|dozen|bn|m|k)\b)*)"
    r"(?P<share>\s?%|[ -]per ?cent\b)?(?P<rest>(?:[ -][^\W\d_][\w-]*){0,2})",
    re.IGNORECASE,
)
_MONEY = frozenset("dollar euro pound yen rupe cent usd gbp eur krone".split())


@dataclass(frozen=True, slots=True)
class Number:
    """A number with what it counts."""

    value: float
    units: frozenset[str]
    """Stems of the words after it, ``%``, or ``money``."""


@lru_cache(maxsize=2048)
def numbers(text: str) -> tuple[tuple[int, int, Number], ...]:
    """Where each number in ``text`` that is no date and no lone "one" starts and ends, and the number."""
    taken = [(start, end) for start, end, _ in dates(text)]
    return tuple(one for one in _numbers(text) if not any(start < one[1] and one[0] < end for start, end in taken))


def _numbers(text: str) -> Iterator[tuple[int, int, Number]]:
    for found in _NUMBER.finditer(text):
        word = (found["words"] or "").lower()
        if word in {"one", "zero"} and not found["big"]:
            continue
        value = float(found["digits"].replace(",", "")) if found["digits"] else _spelled(word)
        for big in re.findall(r"[a-z]+", (found["big"] or "").lower()):
            value *= _BIG[big]
        units = stems(found["rest"] or "")
        if found["money"] or _MONEY.intersection(units):
            units = ["money"]
        elif found["share"]:
            units = ["%"]
        yield found.start(), found.end("big") if found["big"] else found.start("rest"), Number(value, frozenset(units))


def _spelled(word: str) -> float:
    if word in {"a", "an"}:
        return 1.0
    parts = re.split(r"[- ]", word)
    return float(sum(_TENS[part] if part in _TENS else _SMALL.index(part) for part in parts))
