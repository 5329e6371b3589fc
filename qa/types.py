"""What passes between the rooms: frozen values, one for each idea.

Offsets are Unicode code points, half-open. Records (JSON) are made of these in ``qa.render.data``.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field

from vectorstore.types import Span


@dataclass(frozen=True, slots=True)
class Document:
    """One article as a reader found it, before the library has seen it."""

    text: str
    """Stored exactly as given."""
    origin: str
    """The path, URL or other place it was read from; identifies the article where no id is given."""
    id: str | None = None
    """The id its maker gave it, if any."""
    title: str = ""
    source: str | None = None
    """The outlet."""
    url: str | None = None
    author: str | None = None
    published: str | None = None
    """ISO 8601 date or date-time as stated, or None: never guessed."""
    extra: Mapping[str, object] = field(default_factory=dict)
    """Unknown fields of a JSONL line, kept as they came."""
    updated: str | None = None
    """When it was last changed, as stated: an ISO 8601 date or date-time, or None."""
    language: str | None = None
    """As stated, a BCP 47 tag."""
    section: str | None = None
    """The part of the outlet it stood in, as stated."""
    credit: str | None = None
    """Who it says it came from where that is not the outlet: an agency, or the outlet it was taken from."""
    pages: tuple[int, ...] = ()
    """Where each page begins in ``text``; empty where it has no pages."""
    kind: str = field(default="", compare=False)
    """What it was read from, in a word, as ``PDF``: told, and not kept."""


@dataclass(frozen=True, slots=True)
class Article:
    """One version of an article in the library."""

    id: str
    version: int
    """1, 2, 3 ... ; the highest is the current one."""
    text: str
    sha256: str
    """Of the text in UTF-8."""
    origin: str
    title: str
    source: str | None
    url: str | None
    author: str | None
    published: str | None
    updated: str | None = None
    language: str | None = None
    section: str | None = None
    credit: str | None = None
    pages: tuple[int, ...] = ()
    """Where each page begins in ``text``; empty where it has no pages."""

    def page(self, offset: int) -> int | None:
        """The number, from 1, of the page on which ``offset`` is; None where there are no pages."""
        return max(1, bisect_right(self.pages, offset)) if self.pages else None


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence at its place in one article version."""

    article: Article
    span: Span

    @property
    def text(self) -> str:
        """Its words."""
        return self.span.of(self.article.text)


@dataclass(frozen=True, slots=True)
class Passage:
    """Neighbouring chunks of one article that were found together."""

    article: Article
    span: Span
    score: float
    """Fused score; only the order means anything."""
    sentences: tuple[Span, ...]
    """The sentences within it, in order; those that are no prose (front matter, by-lines, credits) are left out."""
    similarity: float = 0.0
    """Cosine of its best chunk to the question; 0 where it was found by words alone."""

    @property
    def text(self) -> str:
        """Its words."""
        return self.span.of(self.article.text)


@dataclass(frozen=True, slots=True)
class Variant:
    """What a copy of an article says where the article says something else."""

    article: Article
    span: Span
    """Of the copy's sentence, in its text."""
    instead: tuple[tuple[str, str], ...]
    """What the copy says, and what the article says there: numbers, dates, names, negations; one may be empty."""

    @property
    def quote(self) -> str:
        """The copy's own words."""
        return self.span.of(self.article.text)


@dataclass(frozen=True, slots=True)
class Citation:
    """Words found in an article. Only ``qa.cite`` makes one."""

    number: int
    """From 1, in the order in which claims use them."""
    article: Article
    span: Span
    """``quote == article.text[span.start:span.end]``."""
    verdict: str
    """``exact``, or ``folded`` where only case, spacing or typography of the proposed words differed."""
    origin: str | None = None
    """The article that this one and its copies come from, by its id; None where no copies are known."""
    copies: tuple[str, ...] = ()
    """Ids of the copies that say the same."""
    variants: tuple[Variant, ...] = ()
    """What copies say that differ in a number, a date, a name or a negation."""

    @property
    def quote(self) -> str:
        """The article's own words."""
        return self.span.of(self.article.text)


@dataclass(frozen=True, slots=True)
class Claim:
    """One sentence of an answer with what backs it."""

    text: str
    citations: tuple[int, ...]
    support: str
    """``supported``, ``partly`` or ``unsupported``."""
    why: str = ""
    """What is not carried, in words; empty where all is."""


@dataclass(frozen=True, slots=True)
class Dropped:
    """A proposed claim that was not shown."""

    text: str
    why: str


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens a model was sent and sent back."""

    input_tokens: int = 0
    output_tokens: int = 0

    def __add__(self, other: Usage) -> Usage:
        """Both together."""
        return Usage(self.input_tokens + other.input_tokens, self.output_tokens + other.output_tokens)


NOTHING = Usage()
"""What asking nobody takes."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What ``ask`` gives: claims best first, or an honest refusal."""

    question: str
    claims: tuple[Claim, ...]
    citations: tuple[Citation, ...]
    dropped: tuple[Dropped, ...]
    reason: str | None
    """None when answered; else ``empty_library``, ``nothing_relevant``, ``not_in_articles`` or ``filtered_out``."""
    message: str | None
    """In words, what is missing; None when answered."""
    confidence: float
    """Probability that the articles answer the question and the first claim does so."""
    model: str
    prompt: str | None
    usage: Usage
    seconds: Mapping[str, float]
    passages: tuple[Passage, ...] = ()
    """What was read to answer, best first."""

    @property
    def answered(self) -> bool:
        """Whether there is at least one claim."""
        return bool(self.claims)


@dataclass(frozen=True, slots=True)
class Summary:
    """What ``summarize`` gives."""

    about: str
    """The topic, or the article's title."""
    article_ids: tuple[str, ...]
    claims: tuple[Claim, ...]
    citations: tuple[Citation, ...]
    dropped: tuple[Dropped, ...]
    message: str | None
    model: str
    prompt: str | None
    usage: Usage
    seconds: Mapping[str, float]
