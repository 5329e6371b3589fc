"""Characters that no reader sees or that turn a line around, where no script needs them: what could hide words in an article.

They stay in the text as they are; here they are found and told. Ordinary uses are passed over: joiners within emoji and between
letters of scripts that join, direction marks in text that runs from right to left, a selector behind the sign it selects, a soft
hyphen within a word.
"""

from __future__ import annotations

import json
import re
import sqlite3
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

_KINDS = (
    ("zero-width", re.compile("[\u180e\u200b-\u200d\u2060-\u2064\ufeff\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0]")),
    ("direction", re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")),
    ("tag", re.compile("[\U000e0000-\U000e007f]")),
    ("variation selector", re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")),
    ("soft hyphen", re.compile("\u00ad")),
    ("private use", re.compile("[\ue000-\uf8ff\U000f0000-\U0010fffd]")),
    ("control", re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")),
)
_ANY = re.compile("|".join(pattern.pattern for _, pattern in _KINDS))
_GAPLESS = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
"""Scripts without blanks between words, which mark where a line may break."""
_JOINING = re.compile("[\u0600-\u07ff\u08a0-\u0dff\u1000-\u109f\u1780-\u17ff\u1820-\u18aa\ufb50-\ufdff\ufe70-\ufefc]")
_OVERRIDES = "\u202d\u202e"
_FLAG = "\U0001f3f4"


@dataclass(frozen=True, slots=True)
class Hidden:
    """What of one kind is hidden in one article."""

    kind: str
    """Of characters, or ``text hidden by ...`` of a web page, where it was left out."""
    count: int
    """How many characters."""

    def __str__(self) -> str:
        """In words."""
        return (
            f"{self.count:,} characters of {self.kind}"
            if " by " in self.kind
            else f"{self.count:,} {self.kind} character{'s' if self.count > 1 else ''}"
        )


def found(text: str) -> tuple[Hidden, ...]:
    """What is hidden in ``text``, by kind; empty where there are only ordinary uses."""
    if text.isascii() and not _ANY.search(text):
        return ()
    counts: Counter[str] = Counter()
    leftward = False
    known = False
    for place in _ANY.finditer(text):
        kind = next(kind for kind, pattern in _KINDS if pattern.match(place.group()))
        if kind == "direction" and not known:
            known, leftward = True, any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in text)
        if not _ordinary(kind, text, place.start(), leftward):
            counts[kind] += 1
    return tuple(Hidden(kind, counts[kind]) for kind, _ in _KINDS if counts[kind])


def _ordinary(kind: str, text: str, at: int, leftward: bool) -> bool:
    """Whether the script, the sign or the word around it needs this character."""
    letter, before, after = text[at], text[at - 1 : at], text[at + 1 : at + 2]
    if kind == "zero-width":
        return _needed(letter, before, after)
    if kind == "direction":
        return leftward and letter not in _OVERRIDES
    if kind == "tag":
        return _FLAG in text[max(0, at - 8) : at]
    if kind == "variation selector":
        return bool(before) and not before.isspace() and not _ANY.match(before)
    return kind == "soft hyphen" and before.isalpha() and after.isalpha()


def _needed(letter: str, before: str, after: str) -> bool:
    """Whether a joiner or a place to break a line stands where its neighbours are written with one."""
    if letter == "\u200d" and before and after and _sign(before) and _sign(after):
        return True
    joins = bool(_JOINING.match(before) and (letter == "\u200d" or _JOINING.match(after)))
    return (letter in "\u200c\u200d" and joins) or (letter == "\u200b" and bool(_GAPLESS.match(before) or _GAPLESS.match(after)))


def _sign(letter: str) -> bool:
    """Whether this is a picture or what may follow one: a skin tone, a selector."""
    return letter == "\ufe0f" or "\U0001f3fb" <= letter <= "\U0001f3ff" or unicodedata.category(letter) == "So"


def of_articles(
    connection: sqlite3.Connection, ids: Iterable[str], version: int | None = None
) -> Iterator[tuple[str, tuple[Hidden, ...]]]:
    """Each of these articles in whose current version, or the one asked for, something is hidden, and what: of its characters,
    and of its page."""
    query = (
        "SELECT v.extra, t.text FROM articles a JOIN versions v ON v.article_id = a.id JOIN texts t ON t.sha256 = v.sha256 "
        "WHERE a.id = ? AND iif(? IS NULL, v.key = a.current, v.version = ?)"
    )
    for id in ids:
        for extra, text in connection.execute(query, [id, version, version]):
            if hidden := of_article(text, extra):
                yield id, hidden


def of_article(text: str, extra: str) -> tuple[Hidden, ...]:
    """What is hidden in an article's text, and in the page it was read from by what is kept of it as JSON in ``extra``."""
    return (*found(text), *_of_page(extra))


def _of_page(extra: str) -> tuple[Hidden, ...]:
    """What the reader of a web page left out because no reader of the page sees it."""
    try:
        ways = json.loads(extra).get("hidden_text")
    except (ValueError, AttributeError):  # details that cannot be read hide nothing; the doctor tells of them
        return ()
    counts = ways.items() if isinstance(ways, dict) else ()
    return tuple(Hidden(f"text hidden by {way}", count) for way, count in counts if isinstance(count, int))


def told(hidden: Sequence[Hidden]) -> str:
    """In one line, all that is hidden in an article."""
    return ", ".join(map(str, hidden))
