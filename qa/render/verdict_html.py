"""Verdicts as an evidence page: each quotation or citation beside the words that it stands or falls by."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from qa.render.html import Place, Sheet, Statement, Tone, page
from qa.render.phrases import counted
from qa.types import Article
from qa.verdicts import CITATION_VERDICTS, QUOTE_VERDICTS, Checked, Verified
from vectorstore.types import Span

Texts = Callable[[str, int], Article]
"""From an article's id and version to that version."""
_FOLDERS: Final = re.compile(r".*[/\\]")
"""A page that travels does not say where on this machine a record lay."""
_NEAREST: Final = "nearest words"


class _Places:
    """Places in the order in which they are first named; the same words have one number."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts
        self._numbers: dict[tuple[str, int, Span], int] = {}
        self.all: list[Place] = []

    def number(self, id: str | None, version: int | None, span: Span | None, told: str = "") -> tuple[int, ...]:
        """The number of that place; none where there is no place to show."""
        if id is None or version is None or span is None or span.start == span.end:
            return ()
        key = (id, version, span)
        if key not in self._numbers:
            self._numbers[key] = len(self.all) + 1
            self.all.append(Place(len(self.all) + 1, self._texts(id, version), span, told))
        return (self._numbers[key],)


def checked(title: str, found: Sequence[Checked], texts: Texts) -> str:
    """The page of a draft's quotations, in the order given. Raises what ``texts`` raises for an article that is gone."""
    places = _Places(texts)
    statements = []
    for one in found:
        tone: Tone = "bad" if not one.ok else "doubt" if one.warning or one.verdict == "elided" else "good"
        told = "" if one.ok or one.verdict == "misattributed" else _NEAREST
        numbers = places.number(one.article_id, one.version, one.at, told)
        statements.append(Statement(one.quote, _told(one.verdict), tone, numbers, tuple(_remarks(one)), one.diff, quoted=True))
    outcome = _counts("quotation", QUOTE_VERDICTS, [one.verdict for one in found])
    return page(Sheet("Quotations checked", title, statements, places.all, message=outcome))


def _remarks(one: Checked) -> Iterator[str]:
    if one.speaker:
        yield f"Attributed to {one.speaker}."
    if one.said_by and one.said_by != one.speaker and one.said_by not in (one.warning or ""):
        yield f"In the article it is {one.said_by} who says it."
    if one.warning:
        yield one.warning[:1].upper() + one.warning[1:] + ("" if one.warning.endswith((".", "!", "?", "”")) else ".")
    for words in one.left_out:
        yield f"Left out: “{words}”"


def verified(title: str, found: Sequence[Verified], texts: Texts) -> str:
    """The page of a record's citations, in the order given. Raises what ``texts`` raises for an article that is gone."""
    places = _Places(texts)
    statements = []
    for one in found:
        tone: Tone = "bad" if not one.ok else "doubt" if one.verdict == "moved" else "good"
        told = "" if one.ok or one.verdict == "misattributed" else _NEAREST
        numbers = places.number(one.article_id, one.version, one.span, told)
        notes = tuple(filter(None, (one.note, f"Citation {one.cited.number} of {_FOLDERS.sub('', one.cited.record)}")))
        statements.append(Statement(one.cited.quote, _told(one.verdict), tone, numbers, notes, one.diff, quoted=True))
    outcome = _counts("citation", CITATION_VERDICTS, [one.verdict for one in found])
    return page(Sheet("Citations verified", title, statements, places.all, message=outcome))


def _told(verdict: str) -> str:
    return verdict.replace("_", " ").capitalize()


def _counts(noun: str, order: Sequence[str], verdicts: Sequence[str]) -> str:
    counts = Counter(verdicts)
    told = ", ".join(f"{counts[name]} {name.replace('_', ' ')}" for name in order if counts[name])
    return f"{counted(len(verdicts), noun)}: {told}." if verdicts else f"No {noun}s."
