"""Dates that are stated, and nothing made of those that can be read in two ways."""

from __future__ import annotations

import re
from datetime import date, datetime
from email.utils import parsedate_to_datetime

_MONTHS = "january february march april may june july august september october november december".split()
_WEEKDAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,? )?"
_TIME = r"(?:,?(?: at)? (?:[01]?\d|2[0-3])[:.][0-5]\d\b.{0,40})?"
_ISO_DATE = re.compile(r"\d{4}-?\d{2}-?\d{2}")
_ISO_TIME = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?(?:Z|[+-]\d{2}:?\d{2}))?")
_BARE_ZONE = re.compile(r"[+-]\d{4}$")
_MAIL = re.compile(
    rf"{_WEEKDAY}\d{{1,2}} [a-z]{{3}} \d{{4}} \d{{2}}:\d{{2}}(?::\d{{2}})? (?:[+-]\d{{4}}|gmt|ut|utc|z)", re.IGNORECASE
)
_DAY_FIRST = re.compile(rf"{_WEEKDAY}(\d{{1,2}})(?:st|nd|rd|th)? ([a-z]{{3,9}})\.?,? (\d{{4}}){_TIME}", re.IGNORECASE)
_MONTH_FIRST = re.compile(rf"{_WEEKDAY}([a-z]{{3,9}})\.? (\d{{1,2}})(?:st|nd|rd|th)?,? (\d{{4}}){_TIME}", re.IGNORECASE)
_LONGEST = 80
_FIRST_YEAR = 1600
"""No newspaper is older; programs write the year 1 where they mean none."""


def stated(value: str) -> str | None:
    """``value`` as an ISO 8601 date or date-time, or None where it is not one plain date.

    Understood are ISO 8601 (given back as written, with a T, and a colon in its zone), RFC 2822, and English dates with the month
    in letters, whose time of day is left out. ``01/02/2023`` can be read in two ways: None.
    """
    words = " ".join(value.split()) if len(value) <= _LONGEST else ""
    for form in (_iso, _mail, _english):
        found = form(words)
        if found is not None:
            return found if int(found[:4]) >= _FIRST_YEAR else None
    return None


def _iso(words: str) -> str | None:
    try:
        if _ISO_DATE.fullmatch(words):
            return date.fromisoformat(words).isoformat()
        if _ISO_TIME.fullmatch(words):
            joined = words[:10] + "T" + words[11:].replace(" ", "")
            moment = datetime.fromisoformat(joined)
            return moment.isoformat() if _BARE_ZONE.search(joined) else joined
    except ValueError:
        pass
    return None


def _mail(words: str) -> str | None:
    try:
        return parsedate_to_datetime(words).isoformat() if _MAIL.fullmatch(words) else None
    except ValueError:
        return None


def _english(words: str) -> str | None:
    found = _DAY_FIRST.fullmatch(words)
    if found:
        day, month, year = found.groups()
    else:
        found = _MONTH_FIRST.fullmatch(words)
        if found is None:
            return None
        month, day, year = found.groups()
    number = next((at for at, name in enumerate(_MONTHS, 1) if name.startswith(month.lower())), 0)
    try:
        return date(int(year), number, int(day)).isoformat()
    except ValueError:
        return None
