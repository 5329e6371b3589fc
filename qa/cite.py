"""The one place that makes citations: proposed words are looked for in the article, and only what is found is cited.

Law: a citation is found, not believed. Exact words first; then words that differ only in what ``qa.text.fold`` removes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from qa.draft.interface import Draft, Reference
from qa.text import fold, stands_alone
from qa.types import Article, Citation, Claim, Dropped, Sentence
from vectorstore.types import Span

SURROUNDINGS = 32
"""Code points of prefix and suffix, as for a W3C TextQuoteSelector."""


@dataclass(frozen=True, slots=True)
class Found:
    """Where words stand, and how they were found."""

    span: Span
    verdict: str
    """``exact`` or ``folded``."""


@dataclass(slots=True)
class _Desk:
    """Citations in the order in which claims use them; the same words are cited once."""

    citations: list[Citation] = field(default_factory=list)

    def number(self, article: Article, found: Found) -> int:
        for citation in self.citations:
            if citation.span == found.span and (citation.article.id, citation.article.version) == (article.id, article.version):
                return citation.number
        self.citations.append(Citation(len(self.citations) + 1, article, found.span, found.verdict))
        return len(self.citations)


def resolve(draft: Draft) -> tuple[tuple[Claim, ...], tuple[Citation, ...], tuple[Dropped, ...]]:
    """The claims whose words are in the articles, their citations numbered from 1 by first use, and what was dropped and why.

    A claim keeps the references that are found and is dropped where none is. One in the article's own words is ``supported``;
    one that says more than a quotation of what it cites is dropped, for nothing has judged it.
    """
    desk = _Desk()
    claims: list[Claim] = []
    dropped: list[Dropped] = []
    for proposed in draft.claims:
        pairs = [
            (draft.sentences[one.sentence].article, found)
            for one in proposed.references
            if (found := _looked_up(one, draft.sentences))
        ]
        if not pairs:
            dropped.append(Dropped(proposed.text, "none of the words it relies on are in the articles"))
        elif fold(proposed.text).text not in {fold(found.span.of(article.text)).text for article, found in pairs}:
            dropped.append(Dropped(proposed.text, "it says more than the words it cites"))
        else:
            numbers = dict.fromkeys(desk.number(article, found) for article, found in pairs)
            claims.append(Claim(proposed.text, tuple(numbers), "supported"))
    return tuple(claims), tuple(desk.citations), tuple(dropped)


def _looked_up(reference: Reference, sentences: tuple[Sentence, ...]) -> Found | None:
    if not 0 <= reference.sentence < len(sentences):
        return None
    sentence = sentences[reference.sentence]
    return locate(reference.words, sentence.article.text, sentence.span)


def locate(words: str, text: str, within: Span) -> Found | None:
    """The first place of ``words`` inside ``within``: exactly, else folded; None where they are not there.

    A piece of a longer word or number is not there: "5 tanks" does not stand in "15 tanks", nor "legal" in "illegal".
    """
    if not words.strip():
        return None
    exact = next((span for span in _exactly(words, text, within) if stands_alone(text, span)), None)
    if exact:
        return Found(exact, "exact")
    places = (Span(within.start + one.start, within.start + one.end) for one in fold(within.of(text)).find(fold(words).text))
    folded = next((span for span in places if stands_alone(text, span)), None)
    return Found(folded, "folded") if folded else None


def _exactly(words: str, text: str, within: Span) -> Iterator[Span]:
    at = text.find(words, within.start, within.end)
    while at >= 0:
        yield Span(at, at + len(words))
        at = text.find(words, at + 1, within.end)


def surroundings(citation: Citation) -> tuple[str, str]:
    """Up to SURROUNDINGS code points before and after the quote."""
    text, span = citation.article.text, citation.span
    return text[max(0, span.start - SURROUNDINGS) : span.start], text[span.end : span.end + SURROUNDINGS]
