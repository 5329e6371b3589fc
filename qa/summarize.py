"""The extractive summary: the sentences that say the most of an article or a topic and repeat the least.

A sentence's worth is a weighted sum: its place (news leads with what matters), its centrality (likeness to all other
sentences: degree centrality, Erkan and Radev 2004, LexRank, over sentence vectors in place of tf-idf), its likeness to the title
and, where there is one, to the topic; less whatever makes it stand badly by itself. Sentences are taken one after the other,
each time the one whose worth less its likeness to those taken is highest (MMR: Carbonell and Goldstein 1998).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from qa.draft.interface import Draft, DraftClaim, Reference
from qa.text import words
from qa.types import Sentence
from vectorstore.types import Vectors

Embed = Callable[[Sequence[str]], Vectors]
"""Gives one vector of length 1 for each text."""

CANDIDATES: Final = 400
"""How many sentences are weighed at most, where no longer summary is asked for."""
RELEVANT: Final = 0.5
"""Likeness to the topic that the nearest sentence must have. Over an archive of 149 news articles the nearest had 0.60 to 0.80
for 22 topics they tell of, 0.28 to 0.48 for 19 that they do not, and 0.52 and 0.56 for two at the edge."""
SHARE: Final = 0.7
"""Of the nearest sentence's likeness, what another must have."""
LONG: Final = 40
"""Words from which on a sentence is long."""
SHORT: Final = 12
"""Words up to which it is short."""
_USUAL: Final = 120
"""Code points of a sentence of news."""
_FEWEST: Final = 5
"""Words that a sentence has at least; what is shorter says little by itself."""
_LETTERS: Final = 8
"""Code points that count as a word where a script writes no blanks between words."""


@dataclass(frozen=True, slots=True)
class Weights:
    """What each property of a sentence adds to its worth or takes from it."""

    place: float = 0.5
    """Of 1 for an article's first sentence of prose; it falls with the root of how many stand before."""
    centrality: float = 0.4
    """Of its summed cosines to all candidates, as a share of the highest."""
    title: float = 0.5
    """Of its cosine to its article's title."""
    topic: float = 1.5
    """Of its cosine to the topic."""
    fragment: float = 2.0
    """Where it is no sentence: a headline, a by-line, a list's item, boilerplate."""
    question: float = 0.6
    """Where it asks."""
    spoken: float = 0.2
    """Where it says I or we outside a quotation, as in an interview: its speaker is not named."""
    torn: float = 0.5
    """Where a quotation begins before it or goes on after it."""
    leaning: float = 0.3
    """Where it leans on the sentence before it (a pronoun, a connective, an unnamed speaker), and that is not taken."""
    long: float = 0.3
    """For each LONG words beyond the first LONG."""
    short: float = 0.6
    """Of the share by which it falls behind SHORT words."""
    repetition: float = 1.0
    """Of its highest cosine to a sentence that was taken."""


WEIGHTS: Final = Weights()


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A sentence that may be taken, by what its own words and its neighbours' tell."""

    at: int
    """Its position among all sentences."""
    place: int
    """Sentences of prose before it in its article."""
    burden: float
    """What it loses for standing badly by itself."""
    leans_on: int | None
    """The position of the sentence that it loses WEIGHTS.leaning without; None where it needs none or that is not at hand."""


def draft_summary(articles: Sequence[tuple[Sentence, ...]], embed: Embed, *, length: int = 5, topic: str | None = None) -> Draft:
    """At most ``length`` sentences as claims in their own words, over all sentences, numbered in the order given.

    ``articles`` holds each article's sentences in order. Claims of one article stand in its order; of several, by date of
    publication, then the worthiest article first. With a ``topic`` only sentences about it are taken; where there are none,
    ``missing`` says so. The same words are taken once. Of longer texts CANDIDATES sentences are weighed (or ``length``, where
    that is more): each article's share of them half from its start and half spread over the rest, so that neither memory nor
    time grows with the square of a text.
    """
    sentences = tuple(sentence for article in articles for sentence in article)
    pool = _pool(articles, max(CANDIDATES, length))
    if not pool:
        return Draft(sentences, (), 0.0, "there are no sentences to choose from")
    vectors = embed([sentences[one.at].text for one in pool])
    titles = _title_vectors([sentences[one.at].article.title for one in pool], vectors, embed)
    worth = _worth(pool, vectors, titles)
    if topic is not None:
        worth += _topical(topic, [sentences[one.at].text for one in pool], vectors, titles, embed)
    taken = _taken(pool, worth, vectors, length)
    if not taken:
        return Draft(sentences, (), 0.0, f"no sentence is about {topic}")
    order = _in_reading_order(sentences, {pool[row].at: float(worth[row]) for row in taken})
    claims = tuple(DraftClaim(sentences[at].text, (Reference(at, sentences[at].text),)) for at in order)
    return Draft(sentences, claims, 1.0)


def _title_vectors(titles: Sequence[str], like: Vectors, embed: Embed) -> Vectors:
    """A vector for each title, zeros for an empty one, in the shape of ``like``. Each different title is embedded once."""
    out = np.zeros_like(like)
    different = sorted(set(titles) - {""})
    for title, vector in zip(different, embed(different) if different else (), strict=True):
        out[[row for row, other in enumerate(titles) if other == title]] = vector
    return out


def _topical(topic: str, texts: Sequence[str], vectors: Vectors, titles: Vectors, embed: Embed) -> Vectors:
    """What being about the topic adds to each sentence's worth: minus infinity where it is not.

    A sentence's likeness is its own cosine to the topic, or the mean of that and its title's where that is more, and at
    least RELEVANT where it has all the topic's words.
    """
    vector = embed([topic])[0]
    own = vectors @ vector
    likeness = np.maximum(own, (own + titles @ vector) / 2)
    asked = set(words(topic))
    for row, text in enumerate(texts):
        if asked and asked <= set(words(text)):
            likeness[row] = max(likeness[row], RELEVANT)
    best = float(likeness.max())
    about = likeness >= SHARE * best if best >= RELEVANT else np.zeros(len(texts), np.bool_)
    return np.asarray(np.where(about, WEIGHTS.topic * likeness, -np.inf), np.float32)


def _worth(pool: Sequence[_Candidate], vectors: Vectors, titles: Vectors) -> Vectors:
    """What each candidate is worth before anything is taken; leaning is left to the taking."""
    place = 1 / np.sqrt(1 + np.array([one.place for one in pool]))
    linked = np.maximum(vectors @ vectors.sum(axis=0), 0)
    central = linked / max(float(linked.max()), 1e-6)
    title = (vectors * titles).sum(axis=1)
    burden = np.array([one.burden for one in pool])
    worth = WEIGHTS.place * place + WEIGHTS.centrality * central + WEIGHTS.title * title - burden
    return np.asarray(worth, np.float32)


def _taken(pool: Sequence[_Candidate], worth: Vectors, vectors: Vectors, length: int) -> list[int]:
    """Rows of the pool, best first, by maximal marginal relevance; never one whose worth is minus infinity."""
    leaning = {one.leans_on: row for row, one in enumerate(pool) if one.leans_on is not None}
    now = worth.copy()
    now[list(leaning.values())] -= WEIGHTS.leaning
    nearest = np.zeros_like(worth)
    taken: list[int] = []
    while len(taken) < length:
        row = int(np.argmax(now - WEIGHTS.repetition * nearest))
        if now[row] == -np.inf:
            break
        taken.append(row)
        now[row] = -np.inf
        nearest = np.maximum(nearest, vectors @ vectors[row])
        follower = leaning.get(pool[row].at)
        if follower is not None:
            now[follower] += WEIGHTS.leaning
    return taken


def _in_reading_order(sentences: Sequence[Sentence], worth: dict[int, float]) -> list[int]:
    """Positions by their article's date (undated ones last), then its best sentence's worth, then where they stand."""
    best: dict[str, float] = {}
    for at, value in worth.items():
        name = sentences[at].article.id
        best[name] = max(value, best.get(name, value))

    def key(at: int) -> tuple[bool, str, float, str, int]:
        article = sentences[at].article
        day = (article.published or "")[:10]
        return not day, day, -best[article.id], article.id, at

    return sorted(worth, key=key)


def _pool(articles: Sequence[tuple[Sentence, ...]], limit: int) -> list[_Candidate]:
    """The candidates of all articles, at most ``limit`` or one an article, no two of the same words."""
    share = max(limit // max(len(articles), 1), 1)
    seen: set[tuple[str, ...]] = set()
    pool: list[_Candidate] = []
    first = 0
    for article in articles:
        different = [one for one in _candidates(article, first) if _is_new(article[one.at - first].text, seen)]
        early = share - share // 2 if len(different) > share else len(different)
        rest = different[early:]
        late = min(share - early, len(rest))
        pool += different[:early] + [rest[number * (len(rest) - 1) // max(late - 1, 1)] for number in range(late)]
        first += len(article)
    return pool


def _is_new(text: str, seen: set[tuple[str, ...]]) -> bool:
    """Whether no sentence so far had these words; from now on one has."""
    found = tuple(words(text))
    if not found or found in seen:
        return False
    seen.add(found)
    return True


_WHOLE: Final = re.compile(r"^(?![a-z–—-]).*[.!?…。！？｡][\"'”’»)\]」』]*(?:\[\d+\])*$", re.DOTALL)
_QUESTION: Final = re.compile(r"[?？][\"'”’»)\]」』]*$")
_BOILERPLATE: Final = re.compile(
    r"©|https?://|www\.|\S@\w+\.\w|\b(?:all rights reserved|click here|read more|sign up|subscribe|follow us|newsletter|"
    r"this (?:article|story) (?:was|has been) (?:first |originally )?(?:published|updated|corrected)|"
    r"(?:file )?(?:photo|image|picture) ?(?::|by|of|credit)|advertisement|share this|related (?:articles|news|stories))\b",
    re.IGNORECASE,
)
_LEANING: Final = re.compile(
    r"[\"'“‘(]*(?:he|she|it|they|his|her|hers|its|their|this|that|these|those|such|there|here|both|"
    r"but|and|or|so|yet|however|also|then|thus|therefore|moreover|furthermore|meanwhile|instead|nevertheless|still|"
    r"another|others?|the (?:latter|former|same|two)|in addition|for example|as a result|at the same time|after that|yes|no)\b",
    re.IGNORECASE,
)
_UNNAMED: Final = re.compile(
    r"\b(?:he|she|they|it) (?:said|says|added|told|wrote|explained|asked|stated|continued|noted)\b|"
    r"\b(?:said|says|added|wrote|explained|asked|stated|continued|noted) (?:he|she|they)\b",
    re.IGNORECASE,
)
_SPOKEN: Final = re.compile(r"\b(?:I|[Mm]y|[Ww]e|[Oo]ur|[Uu]s)\b(?!\.)")
_QUOTED: Final = re.compile(r'"[^"]*(?:"|$)|“[^”]*(?:”|$)|„[^“”]*(?:[“”]|$)|«[^»]*(?:»|$)')
_MARKS: Final = re.compile(r'["“”„«»]')


def _candidates(article: tuple[Sentence, ...], first: int) -> Iterator[_Candidate]:
    """Each sentence of one article; ``first`` is the first one's position among all sentences.

    ``article`` may lack sentences. What it lacks counts as prose of the usual length, and nothing can lean on it.
    """
    place = end = 0
    for at, (sentence, torn) in enumerate(zip(article, _torn(article), strict=True), first):
        text = sentence.text
        lacking = len(sentence.article.text[end : sentence.span.start].strip())
        place += lacking // _USUAL
        end = sentence.span.end
        whole, burden = _judged(text, torn)
        leaning = bool(_LEANING.match(text) or _UNNAMED.search(text))
        before = at - 1 if at > first and not lacking else None
        yield _Candidate(at, place, burden + WEIGHTS.leaning * (leaning and before is None), before if leaning else None)
        place += whole


def _judged(text: str, torn: bool) -> tuple[bool, float]:
    """Whether it is a sentence of prose, and what it loses by its own words."""
    count = max(len(words(text)), len(text) // _LETTERS)
    whole = count >= _FEWEST and bool(_WHOLE.search(text)) and not _BOILERPLATE.search(text)
    spoken = not torn and bool(_SPOKEN.search(_QUOTED.sub("", text)))
    burden = WEIGHTS.fragment * (not whole) + WEIGHTS.torn * torn + WEIGHTS.spoken * spoken
    burden += WEIGHTS.question * bool(_QUESTION.search(text))
    burden += WEIGHTS.long * max(count / LONG - 1, 0) + WEIGHTS.short * max(1 - count / SHORT, 0)
    return whole, burden


def _torn(article: tuple[Sentence, ...]) -> Iterator[bool]:
    """For each sentence, whether a quotation is open at its start or its end. A new paragraph closes what was open."""
    opener, end = "", 0
    for sentence in article:
        gap = sentence.article.text[end : sentence.span.start]
        opener = began = _left_open(gap.rpartition("\n")[2], "" if "\n" in gap else opener)
        opener = _left_open(sentence.text, opener)
        end = sentence.span.end
        yield bool(began or opener)


def _left_open(text: str, opener: str) -> str:
    """The quotation mark that is open after ``text`` where ``opener`` was open before it; empty where none is."""
    for mark in _MARKS.findall(text):
        closes = mark in "”»" or (mark == opener == '"') or (mark == "“" and opener == "„")
        opener = "" if closes else mark
    return opener
