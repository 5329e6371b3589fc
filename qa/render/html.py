"""Evidence that travels: one HTML page with what was said, the words it rests on, and the whole text of each article.

The page holds each text once for people and for its script: what is seen is what is checked. In the reader's browser the script
works out every text's SHA-256 anew and looks whether each quote stands at its place.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from markupsafe import Markup

from qa.diff import Change
from qa.render import Look, phrases
from qa.render import page as pages
from qa.render.exact import Excerpt, Written
from qa.render.fragments import link
from qa.render.safe import safe, web_link
from qa.types import Answer, Article, Citation, Claim, Summary
from vectorstore.types import Span

Tone = Literal["good", "doubt", "bad"]
_TONES: Final[dict[str, Tone]] = {"supported": "good", "partly": "doubt", "unsupported": "bad"}
_WORDS: Final = {"supported": "Supported by the words cited", "partly": "Only partly supported", "unsupported": "Not supported"}
_FOUND: Final = {"exact": "found as proposed", "folded": "found but for typography"}


@dataclass(frozen=True, slots=True)
class Place:
    """Words in an article, to be shown beside what was said."""

    number: int
    """From 1; one number, one place."""
    article: Article
    span: Span
    verdict: str = ""
    """In a few words, how they were found."""


@dataclass(frozen=True, slots=True)
class Statement:
    """Something said, and what is to be held of it."""

    text: str
    verdict: str
    """In words: ``Supported by the words cited``, ``Altered``."""
    tone: Tone
    places: tuple[int, ...] = ()
    """Numbers of the places that back or contradict it; a number may serve several statements."""
    notes: tuple[str, ...] = ()
    """What else to know of it: who said it, what an ellipsis leaves out."""
    changes: tuple[Change, ...] = ()
    """Where the words differ, the comparison, in order."""
    quoted: bool = False
    """Whether they are somebody's words, to be shown in quotation marks."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that a page shows."""

    kicker: str
    """What kind of thing it is: ``Answer``, ``Quotations``."""
    title: str
    statements: Sequence[Statement] = ()
    places: Sequence[Place] = ()
    message: str | None = None
    """To be read first: why there are no statements, or what came out of it all."""
    warning: str | None = None
    """To be read last: what was left out."""
    facts: Sequence[str] = ()
    """How it was made."""


@dataclass(frozen=True, slots=True)
class _Cited:
    """One article of the page."""

    number: int
    article: Article
    title: str
    byline: list[str]
    notes: list[str]
    address: str | None
    written: Written
    whole: Markup


@dataclass(frozen=True, slots=True)
class _Passage:
    """One place as its statement shows it."""

    number: int
    source: _Cited
    span: Span
    near: Excerpt
    excerpt: Markup
    verdict: str
    link: str | None


def show(found: Answer | Summary, look: Look) -> str:
    """The page of an answer, or of a summary, whose style is always one claim below the other."""
    del look
    asked, kicker = (found.question, "Answer") if isinstance(found, Answer) else (found.about, "Summary")
    by_number = {one.number: one for one in found.citations}
    cited = found.citations if found.claims else ()
    return page(
        Sheet(
            kicker=kicker,
            title=asked,
            statements=[_claimed(claim, [by_number[number] for number in claim.citations]) for claim in found.claims],
            places=[Place(one.number, one.article, one.span, _FOUND.get(one.verdict, one.verdict)) for one in cited],
            message=None if found.claims else phrases.refusal(found),
            warning=phrases.dropped(found.dropped),
            facts=phrases.closing(found),
        )
    )


def _claimed(claim: Claim, cited: Sequence[Citation]) -> Statement:
    verbatim = claim.text == next((one.quote for one in cited), None) and claim.support == "supported"
    verdict = "The article’s own words" if verbatim else _WORDS.get(claim.support, claim.support)
    notes = [f"{said} of [{one.number}]" for one in cited for said in phrases.copies(one)]
    notes += [said for one in cited for said in phrases.variants(one)]
    return Statement(claim.text, verdict, _TONES.get(claim.support, "doubt"), claim.citations, tuple(notes))


def page(sheet: Sheet) -> str:
    """``sheet`` as one self-contained page that loads nothing and may run nothing but its own script.

    Whatever the texts hold stands in it as text. Articles stand in the order of the places, each version once. Raises ValueError
    where a statement names a place that is not there, or two places have one number.
    """
    articles = _articles(sheet.places)
    passages = {place.number: _passage(place, articles[place.article.id, place.article.version]) for place in sheet.places}
    if len(passages) < len(sheet.places) or not {n for one in sheet.statements for n in one.places} <= set(passages):
        raise ValueError("each place has a number of its own, and statements name only those")
    return pages.fill(
        "qa.render.page",
        "evidence",
        kicker=sheet.kicker,
        title=safe(sheet.title).strip() or sheet.kicker,
        message=safe(sheet.message or ""),
        warning=safe(sheet.warning or ""),
        facts=list(map(safe, sheet.facts)),
        statements=[_shown(one, passages) for one in sheet.statements],
        articles=list(articles.values()),
    )


def _articles(places: Iterable[Place]) -> dict[tuple[str, int], _Cited]:
    by_version: dict[tuple[str, int], list[Place]] = {}
    for one in places:
        by_version.setdefault((one.article.id, one.article.version), []).append(one)
    return {key: _cited(number, group) for number, (key, group) in enumerate(by_version.items(), 1)}


def _cited(number: int, places: Sequence[Place]) -> _Cited:
    article = places[0].article
    written = Written(article.text)
    return _Cited(
        number,
        article,
        safe(phrases.headline(article)),
        list(map(safe, phrases.byline(article))),
        list(map(safe, phrases.noted(article))),
        web_link(article.url),
        written,
        written.html(Span(0, len(article.text)), [(one.number, one.span) for one in places], anchor="words"),
    )


def _passage(place: Place, source: _Cited) -> _Passage:
    near = source.written.around(place.span)
    return _Passage(
        place.number,
        source,
        place.span,
        near,
        source.written.html(near.span, [(place.number, place.span)]),
        safe(place.verdict),
        link(place.article.url, place.article.text, place.span),
    )


@dataclass(frozen=True, slots=True)
class _Shown:
    """One statement as the template takes it."""

    text: Markup
    verdict: str
    tone: str
    notes: list[str]
    changes: list[tuple[str, str]]
    """What is said and what the article has, run by run; the same words twice where they agree."""
    passages: list[_Passage]
    quoted: bool
    verbatim: int | None
    """Number of the place whose words it is, to the character."""


def _shown(statement: Statement, passages: dict[int, _Passage]) -> _Shown:
    beside = [passages[number] for number in statement.places]
    same = (one.number for one in beside if one.span.of(one.source.article.text) == statement.text)
    return _Shown(
        Written(statement.text).html(Span(0, len(statement.text))),
        safe(statement.verdict),
        statement.tone,
        list(map(safe, statement.notes)),
        [(safe(one.quoted), safe(one.source if one.op != "equal" else one.quoted)) for one in statement.changes],
        beside,
        statement.quoted,
        next(same, None),
    )
