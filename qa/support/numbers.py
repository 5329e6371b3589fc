"""Every number and date of a claim stands in what it cites, beside the same words, with its bound and unit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from fractions import Fraction

from qa.draft.demands.values import day_of
from qa.support.figures import Figure, figures
from qa.support.flaw import Case, Flaw
from qa.types import Article

_LOOSE = Fraction(1, 8)
"""How far a number may lie from the article's behind "about" or "more than"."""
_COUNTED = frozenset("two three first second third".split())
"""What a claim may have counted or ordered by itself."""
_DAYS = {"today": 0, "tonight": 0, "yesterday": -1, "tomorrow": 1}
_CALENDAR = frozenset({"year", "month", "date", "weekday", "decade"})
_STRICT = frozenset({"percent", "point", "dollar", "euro", "pound-sterling", "yen", "rupee"})


def number_flaws(case: Case) -> Iterator[Flaw]:
    """Each number or date of the claim that the cited words do not carry."""
    wanted = figures(case.claim)
    if not wanted:
        return
    shown = figures(case.shown)
    told = [*shown, *(one for cited in case.cited for one in _dates(cited.article, cited.text.lower(), shown))]
    around = [*figures(case.topic), *(one for cited in case.cited for one in _published(cited.article))]
    for one in wanted:
        yield from _judged(one, wanted, told, shown, around)


def _judged(
    one: Figure, wanted: Sequence[Figure], told: Sequence[Figure], shown: Sequence[Figure], around: Sequence[Figure]
) -> Iterator[Flaw]:
    same = [other for other in told if _matches(one, other)]
    kind = "date" if one.kind in _CALENDAR else "number"
    if same:
        yield from _bound(one, same)
        if all(other.kind in {"number", "rank"} for other in same) and _elsewhere(one, same, shown):
            yield Flaw("number", True, f"“{one.text}” counts something else there")
        return
    rivals = [other for other in shown if _kin(one, other) and not any(_matches(want, other) for want in wanted)]
    if not rivals and any(_matches(one, other) for other in around):
        return
    if rivals:
        yield Flaw(kind, True, f"it says “{one.text}” where the article has “{rivals[0].text}”")
    else:
        yield Flaw(kind, one.text.lower() not in _COUNTED, f"“{one.text}” is not there")


def _kin(one: Figure, other: Figure) -> bool:
    """Whether ``other`` could be what ``one`` was meant to say."""
    for pair in ({"month", "date"}, {"year", "decade"}):
        if one.kind in pair:
            return other.kind in pair
    return (
        one.kind == other.kind
        and (one.unit == other.unit)
        and (not one.beside or not other.beside or bool(one.beside & other.beside))
    )


def _matches(one: Figure, other: Figure) -> bool:
    """Whether the claim's ``one`` says no more than the article's ``other``."""
    if one.kind == "month":
        return other.kind in {"month", "date"} and one.value == (other.value if other.kind == "month" else other.value // 100)
    if one.kind == "decade":
        return other.kind in {"decade", "year"} and 0 <= other.value - one.value < (10 if one.value % 100 else 100)
    if {one.kind, other.kind} == {"year", "number"}:
        return one.value == other.value and not one.unit and not other.unit
    if {one.kind, other.kind} == {"rank", "number"} and "century" not in one.text + other.text:
        return one.value == other.value and one.value <= 1
    if one.kind != other.kind or not _units_agree(one, other):
        return False
    return one.value == other.value or _loosely(one, other)


def _units_agree(one: Figure, other: Figure) -> bool:
    if one.unit == other.unit:
        return True
    return not (one.unit and other.unit) and not {one.unit, other.unit} & _STRICT


def _loosely(one: Figure, other: Figure) -> bool:
    """Whether ``one`` is a fair rounding of ``other``, and says so."""
    if not other.value or abs(one.value - other.value) > _LOOSE * abs(other.value):
        return False
    if one.bound in {"over", "least"}:
        return other.value > one.value
    if one.bound in {"under", "most"}:
        return other.value < one.value
    return one.bound == "about"


def _bound(one: Figure, same: Sequence[Figure]) -> Iterator[Flaw]:
    """What became of "at least", "about" and "up to" before a number that is there."""
    if any(other.bound == one.bound or (one.value != other.value and one.bound) for other in same):
        return
    theirs = next((other.bound for other in same if other.bound), "")
    words = {"about": "about", "least": "at least", "over": "more than", "most": "up to", "under": "less than"}
    if {one.bound, theirs} in ({"over", "under"}, {"least", "most"}, {"least", "under"}, {"most", "over"}):
        yield Flaw("number", True, f"it says “{words[one.bound]} {one.text}” where the article says “{words[theirs]}”")
    elif one.bound in {"over", "under"} and theirs not in {"least", "about"}:
        yield Flaw("number", True, f"the article does not say “{words[one.bound]} {one.text}”")
    elif theirs and not one.bound:
        yield Flaw("hedge", False, f"it leaves out “{words[theirs]}” before “{one.text}”")


def _elsewhere(one: Figure, same: Sequence[Figure], shown: Sequence[Figure]) -> bool:
    """Whether the words beside the number stand beside another number there, and none of them beside it."""
    if not one.beside or not all(other.beside for other in same) or any(other.beside & one.beside for other in same):
        return False
    return any(other.value != one.value and other.beside & one.beside for other in shown)


def _published(article: Article) -> list[Figure]:
    day = _day(article)
    return _calendar(day) if day else []


def _day(article: Article) -> date | None:
    found = day_of(article.published)
    return found if found and date.min.year < found.year < date.max.year else None


def _calendar(day: date) -> list[Figure]:
    """A day as the figures that may name it."""
    named = (("year", day.year), ("date", 100 * day.month + day.day), ("weekday", day.weekday()))
    return [Figure(kind, Fraction(value), "", day.isoformat(), "", frozenset()) for kind, value in named]


def _dates(article: Article, text: str, shown: Sequence[Figure]) -> Iterator[Figure]:
    """The calendar days that "yesterday" and weekdays of an article's text mean, by its date, and the weekdays of its dates."""
    published = _day(article)
    if published is None:
        return
    for word, offset in _DAYS.items():
        if word in text:
            yield from _calendar(published + timedelta(offset))
    for one in shown:
        if one.kind == "weekday":
            back = (published.weekday() - int(one.value)) % 7
            yield from (figure for days in {-back, 7 - back} for figure in _calendar(published + timedelta(days)))
        elif one.kind == "date":
            yield from _weekday_of(one, shown, published.year)


def _weekday_of(one: Figure, shown: Sequence[Figure], year: int) -> Iterator[Figure]:
    years = {int(other.value) for other in shown if other.kind == "year"} or {year}
    month, day = divmod(int(one.value), 100)
    for each in years:
        try:
            found = date(each, month, day)
        except ValueError:
            continue
        yield Figure("weekday", Fraction(found.weekday()), "", one.text, "", frozenset())
