"""The one place that makes citations: proposed words are looked for in the article, and only what is found is cited.

Law: a citation is found, not believed. Exact words first; then words that differ only in what ``qa.text.fold`` removes.
Whether the words found carry the claim is a second verdict, by ``qa.support``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa.draft.interface import Draft, DraftClaim, Reference, fingerprints
from qa.support import RANKS, Context, Support, support
from qa.text import fold, stands_alone
from qa.types import NOTHING, Citation, Claim, Dropped, Sentence
from vectorstore.types import Span

if TYPE_CHECKING:
    from qa.support.second import Second

SURROUNDINGS = 32
"""Code points of prefix and suffix, as for a W3C TextQuoteSelector."""
_LOOK_BACK = 2
"""How many sentences before a cited one may say whom its pronouns mean."""
_SAID = {"partly": "a model finds only a part of it there", "unsupported": "a model does not find it there"}
_ENDS = " .,;:!?…\"'"


@dataclass(frozen=True, slots=True)
class Found:
    """Where words stand, and how they were found."""

    span: Span
    verdict: str
    """``exact`` or ``folded``."""


@dataclass(frozen=True, slots=True)
class _Place:
    """A reference that was found: the words, and the sentence that holds them."""

    sentence: Sentence
    found: Found
    neighbours: tuple[Sentence, ...]

    @property
    def words(self) -> Sentence:
        return Sentence(self.sentence.article, self.found.span)


@dataclass(frozen=True, slots=True)
class Scrutiny:
    """How claims are judged, besides by the rules."""

    language: str | None = None
    """The language that they were asked to be in, by name; None for that of the question."""
    second: Second | None = None
    """Whoever is asked for a second opinion on each claim that does not only quote."""

    def prompts(self, prompt: str | None) -> str | None:
        """A record's ``prompt``: the drafter's fingerprints, and that of the second opinion."""
        return fingerprints(prompt, self.second.prompt if self.second else None) or None


PLAIN = Scrutiny()


class Resolver:
    """Takes proposed claims one by one, and numbers citations from 1 in the order in which the kept claims use them."""

    def __init__(
        self, sentences: Sequence[Sentence], question: str = "", scrutiny: Scrutiny = PLAIN, *, strict: bool = False
    ) -> None:
        """``sentences`` are what references count; ``strict`` drops whatever is less than ``supported``."""
        self._language, self._second = scrutiny.language, scrutiny.second
        self.usage = NOTHING
        """Tokens that second opinions took."""
        self._sentences = sentences
        self._question = question
        self._strict = strict
        self.citations: list[Citation] = []
        """Of the claims kept so far; the same words are cited once."""

    def take(self, proposed: DraftClaim) -> Claim | Dropped:
        """The claim with its citations, or why it is not shown.

        A claim keeps the references that are found and is dropped where none is. One that is a whole sentence of the article
        is ``supported``; any other is judged by the sentences it cites (``qa.support``), and dropped where they do not carry it.
        What is cited are the words it relies on, or their whole sentences where the words alone carry less.
        """
        places = [place for one in proposed.references if (place := self._looked_up(one))]
        if not places:
            return Dropped(proposed.text, "none of the words it relies on are in the articles")
        if any(_same(proposed.text, place.words) and _same(place.words.text, place.sentence) for place in places):
            return self._kept(proposed.text, "supported", [(place.words, place.found.verdict) for place in places])
        judged = self._heard(proposed.text, places, self._judged(proposed.text, places, [place.sentence for place in places]))
        if judged.verdict == "unsupported" or (self._strict and judged.verdict != "supported"):
            return Dropped(proposed.text, judged.why)
        enough = self._judged(proposed.text, places, [place.words for place in places]).verdict
        cited = [place.words if enough in {"supported", judged.verdict} else place.sentence for place in places]
        pairs = [(one, place.found.verdict) for one, place in zip(cited, places, strict=True)]
        return self._kept(proposed.text, judged.verdict, pairs, judged.why)

    def all(self, proposed: Sequence[DraftClaim]) -> tuple[tuple[Claim, ...], tuple[Dropped, ...]]:
        """Each of the claims taken: those that are kept, and what was dropped and why."""
        taken = [self.take(one) for one in proposed]
        return tuple(one for one in taken if isinstance(one, Claim)), tuple(one for one in taken if isinstance(one, Dropped))

    def _heard(self, claim: str, places: Sequence[_Place], rules: Support) -> Support:
        """The rules' verdict after a second opinion, which may only lower it, but for one that the rules cannot judge."""
        if self._second is None or rules.verdict == "unsupported":
            return rules
        opinion = self._second.opinion(claim, [place.sentence for place in places])
        self.usage += opinion.usage
        if opinion.failed:
            self._second = None
        if opinion.verdict == "supported" and rules.open:
            return Support("supported", "", rules.score)
        if opinion.verdict is None or RANKS.index(opinion.verdict) >= RANKS.index(rules.verdict):
            return rules
        return Support(opinion.verdict, _SAID[opinion.verdict], rules.score)

    def _kept(self, text: str, verdict: str, cited: Sequence[tuple[Sentence, str]], why: str = "") -> Claim:
        numbers = dict.fromkeys(self._number(*one) for one in cited)
        return Claim(text, tuple(numbers), verdict, why)

    def _number(self, cited: Sentence, verdict: str) -> int:
        article = cited.article
        for one in self.citations:
            if one.span == cited.span and (one.article.id, one.article.version) == (article.id, article.version):
                return one.number
        self.citations.append(Citation(len(self.citations) + 1, article, cited.span, verdict))
        return len(self.citations)

    def _judged(self, claim: str, places: Sequence[_Place], cited: Sequence[Sentence]) -> Support:
        neighbours = tuple(one for place in places for one in place.neighbours)
        return support(claim, cited, Context(self._question, neighbours, self._language))

    def _looked_up(self, reference: Reference) -> _Place | None:
        at = reference.sentence
        if not 0 <= at < len(self._sentences):
            return None
        sentence = self._sentences[at]
        found = locate(reference.words, sentence.article.text, sentence.span)
        before = [one for one in self._sentences[max(0, at - _LOOK_BACK) : at] if one.article is sentence.article]
        return _Place(sentence, found, tuple(before)) if found else None


def resolve(
    draft: Draft, question: str = "", *, strict: bool = False
) -> tuple[tuple[Claim, ...], tuple[Citation, ...], tuple[Dropped, ...]]:
    """All of a draft's claims through one Resolver: those that are kept, their citations, and what was dropped and why."""
    resolver = Resolver(draft.sentences, question, strict=strict)
    claims, dropped = resolver.all(draft.claims)
    return claims, tuple(resolver.citations), dropped


def _same(words: str, sentence: Sentence) -> bool:
    """Whether the words are the whole sentence, typography and the marks at its ends apart."""
    return _stripped(words) == _stripped(sentence.text)


def _stripped(words: str) -> str:
    return fold(words).text.strip(_ENDS)


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
