"""What was cited beside where the evidence stands. Pure functions of places; two overlap where they share a character.

Every value is between 0 and 1, but for ``cited_length``. ``golds`` are complete sets of evidence, each as good as the first.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Final

from qa.eval.types import Cited, Place, Source
from vectorstore.types import Span

_FIRST: Final = (1, 2, 3)
_WORD = re.compile(r"\S+")


class Texts:
    """The sentences and words of the sources by their places, each article taken apart once."""

    def __init__(self, sources: Mapping[str, Source]) -> None:
        self._sources = sources
        self._words: dict[str, tuple[Span, ...]] = {}

    def sentences(self, places: Iterable[Place]) -> set[Hashable]:
        """The sentences that the places touch; one that touches none, or an unknown article, counts as one of its own."""
        return {unit for place in places for unit in _touched(place, self._split(place.article)[0])}

    def words(self, places: Iterable[Place]) -> set[Hashable]:
        """The runs without white space that the places touch; one that touches none counts as one of its own."""
        return {unit for place in places for unit in _touched(place, self._split(place.article)[1])}

    def _split(self, article: str) -> tuple[Sequence[Span], Sequence[Span]]:
        source = self._sources.get(article)
        if source is None:
            return (), ()
        if article not in self._words:
            self._words[article] = tuple(Span(*found.span()) for found in _WORD.finditer(source.text))
        return source.sentences, self._words[article]


def _touched(place: Place, units: Sequence[Span]) -> set[Hashable]:
    at = bisect_right(units, place.span.start, key=lambda span: span.end)
    found: set[Hashable] = set()
    while at < len(units) and units[at].start < place.span.end:
        found.add((place.article, units[at]))
        at += 1
    return found or {(place.article, place.span)}


def values(answered: bool, citations: Sequence[Cited], golds: Sequence[Sequence[Place]], texts: Texts) -> dict[str, float]:
    """Each metric of this file by its name; nothing (empty) where no evidence is known.

    Not answered, hits, recall and F1 are 0, and precision and ``cited_length`` say nothing. Answered without a citation, all
    are 0.
    """
    if not golds:
        return {}
    places = distinct(cited.place for cited in citations) if answered else []
    found = {f"hit@{k}": float(hit(places, golds, k)) for k in _FIRST}
    found["claim_hit@1"] = float(hit([cited.place for cited in citations if answered and cited.claim == 0], golds))
    chars = [characters(places, gold) for gold in golds]
    best = max(range(len(golds)), key=lambda at: chars[at][2])
    measured = {
        "sentence": scores(*shared(texts.sentences(places), [texts.sentences(gold) for gold in golds])),
        "char": chars[best],
        "word": scores(*shared_words(places, golds, texts)),
    }
    for name, (precision, recall, f1) in measured.items():
        found |= {f"{name}_precision": precision, f"{name}_recall": recall, f"{name}_f1": f1}
    found["cited_length"] = length(places) / max(length(golds[best]), 1)
    if answered:
        return found
    return {name: value for name, value in found.items() if not name.endswith("_precision") and name != "cited_length"}


def distinct(places: Iterable[Place]) -> list[Place]:
    """The places in order, each once, whatever their quotes."""
    found: dict[tuple[str, Span], Place] = {}
    for place in places:
        found.setdefault((place.article, place.span), place)
    return list(found.values())


def touches(place: Place, others: Iterable[Place]) -> bool:
    """Whether ``place`` shares a character with one of the others."""
    return any(
        place.article == other.article and place.span.start < other.span.end and other.span.start < place.span.end
        for other in others
    )


def hit(places: Sequence[Place], golds: Sequence[Sequence[Place]], k: int | None = None) -> bool:
    """Whether any of the first ``k`` places (all without ``k``) overlaps a place of any set of evidence.

    Source: success at k, Voorhees and Tice, "The TREC-8 Question Answering Track Evaluation", 1999.
    """
    return any(touches(place, gold) for place in places[:k] for gold in golds)


def shared(cited: set[Hashable], golds: Sequence[set[Hashable]]) -> tuple[int, int, int]:
    """How many units are cited and gold, cited, and gold, for the set of evidence with the best F1 of the cited units.

    By sentence: the F1 over supporting facts of Yang et al., "HotpotQA: A Dataset for Diverse, Explainable Multi-hop Question
    Answering", EMNLP 2018. By word: Recski et al., "ACL-Verbatim: hallucination-free question answering for research", 2026:
    words are runs without white space, by position, and one counts as soon as a span touches it. There a question with one
    passage is scored at a time; here a question over all articles.
    """
    counts = [(len(cited & gold), len(cited), len(gold)) for gold in golds]
    return max(counts, key=lambda each: scores(*each)[2])


def shared_words(places: Iterable[Place], golds: Sequence[Sequence[Place]], texts: Texts) -> tuple[int, int, int]:
    """``shared`` by word."""
    return shared(texts.words(places), [texts.words(gold) for gold in golds])


def characters(cited: Iterable[Place], gold: Iterable[Place]) -> tuple[float, float, float]:
    """Precision, recall and F1 over characters, each counted once however often it is cited.

    Source: Da San Martino et al., "Fine-Grained Analysis of Propaganda in News Articles", EMNLP 2019, over unions of spans.
    """
    one, other = _merged(cited), _merged(gold)
    both = sum(
        max(0, min(a.end, b.end) - max(a.start, b.start)) for article in one for a in one[article] for b in other.get(article, ())
    )
    return scores(both, _total(one), _total(other))


def length(places: Iterable[Place]) -> int:
    """How many characters stand at the places, each counted once."""
    return _total(_merged(places))


def scores(both: int, cited: int, gold: int) -> tuple[float, float, float]:
    """Precision, recall and F1 from counts; all 0 where nothing is in both. Source: van Rijsbergen, 1979, with beta 1."""
    return (both / cited, both / gold, 2 * both / (cited + gold)) if both else (0.0, 0.0, 0.0)


def _total(merged: Mapping[str, Sequence[Span]]) -> int:
    return sum(span.end - span.start for spans in merged.values() for span in spans)


def _merged(places: Iterable[Place]) -> dict[str, list[Span]]:
    """For each article the spans that are covered, apart from one another and in order."""
    found: dict[str, list[Span]] = {}
    for article, span in sorted({(place.article, place.span) for place in places}):
        spans = found.setdefault(article, [])
        if spans and span.start <= spans[-1].end:
            spans[-1] = Span(spans[-1].start, max(spans[-1].end, span.end))
        else:
            spans.append(span)
    return found
