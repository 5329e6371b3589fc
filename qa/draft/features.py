"""What each sentence of the passages has to show for itself by its words: numbers between about -1 and 2, one row a sentence."""

from __future__ import annotations

import difflib
import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from qa.draft.asked import KINDS, Asked, Holdings, asked, fits, holdings
from qa.draft.interface import Statistics, numbered
from qa.draft.terms import STOP, kin, slip, stems, weights
from qa.text import words
from qa.types import Passage

Matrix = NDArray[np.float32]
"""Shape (sentences, features) unless it says otherwise."""

_KIN_CREDIT = 0.9
_NEAR = 0.7
"""What a word counts that only resembles one in the passages: a typing error, another inflection."""
_LEAD = re.compile(
    r"\W*(?:he|she|it|they|his|her|their|its|this|that|these|those|there|the (?:latter|former|two|pair|man|woman))\b",
    re.IGNORECASE,
)
_CAPITAL = re.compile(r"(?<=[\w,;] )[^\W\d_a-z][\w’'-]*")
_WORD = re.compile(r"\b[^\W\d_][\w’'-]*")
_YEAR = re.compile(r"\b(?:1[0-9]|20)\d\d\b")
_NEGATION = re.compile(r"\b(?:not|no|never|none|neither|nor|without|cannot)\b|n[’']t\b", re.IGNORECASE)
ASKING = frozenset("who whom whose what which when where why how".split())

WORDS = (
    *"coverage coverage_before coverage_around coverage_passage bm25 pairs names_covered numbers_covered rarest".split(),
    *"second_rarest local local_before coverage_after names_passage".split(),
    *"passage_rank passage_similarity passage_share article_passages title".split(),
    *"new_name new_person new_number new_date quote spoken spoken_asked fit".split(),
    *(f"fit_{kind}" for kind in KINDS),
    *"length short question lead early first headline new_words negation years years_before".split(),
    *"coverage_gap coverage_before_gap bm25_gap local_before_gap".split(),
)
"""Names of the features that need no vectors, in their order."""


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the question that tells something."""

    word: str
    stem: str
    weight: float
    name: bool
    """Whether the passages, or failing them the question, write it with a capital letter."""

    @property
    def number(self) -> bool:
        """Whether it begins with a digit."""
        return self.word[:1].isdigit()


class Scene:
    """A question laid beside the sentences that may answer it."""

    def __init__(self, question: str, passages: Sequence[Passage], statistics: Statistics) -> None:
        """Reads every sentence once."""
        self.question = question.lower() if question.isupper() else question
        self.passages = passages
        self.sentences = numbered(passages)
        self.texts = [sentence.text for sentence in self.sentences]
        self.asked: Asked = asked(self.question)
        self.stems = [stems(text) for text in self.texts]
        self.terms = _terms(self.question, self.texts, statistics)
        self.home = np.array([at for at, passage in enumerate(passages) for _ in passage.sentences], dtype=int)
        self.before = np.array(
            [at - 1 if at and self.home[at] == self.home[at - 1] else -1 for at in range(len(self.home))], dtype=int
        )
        self.worth = np.array([term.weight for term in self.terms], dtype=np.float32)
        self.titles = [stems(f"{passage.article.title} {passage.article.published or ''}") for passage in passages]
        vocabulary = {stem for one in (*self.stems, *self.titles) for stem in one}
        self._near = [_alike(term.stem, vocabulary) for term in self.terms]
        self.found = self._found(self.stems)
        self.known = frozenset(stems(self.question))
        self.holdings: list[Holdings] = [holdings(text, self.known) for text in self.texts]

    def _found(self, texts: Sequence[Sequence[str]]) -> Matrix:
        """Shape (texts, terms): 1 where the text has the term's stem, less where it has a word like it."""
        rows = [
            [max((credit for stem, credit in near.items() if stem in have), default=0.0) for near in self._near]
            for have in map(set, texts)
        ]
        return np.array(rows, dtype=np.float32).reshape(len(texts), len(self.terms))

    def covered(self, found: Matrix, which: NDArray[np.floating] | NDArray[np.bool_] | None = None) -> Matrix:
        """The share of the question's weight that each row has found, shape (rows,); 0.5 where there is nothing to find."""
        worth = self.worth if which is None else self.worth * which
        total = float(worth.sum())
        share = found @ worth / total if total > 0 else np.full(len(found), 0.5)
        return np.asarray(share, np.float32)

    def features(self) -> Matrix:
        """Shape (sentences, len(WORDS))."""
        columns = [*self._matches(), *self._places(), *self._answers(), *self._looks(), *self._years()]
        gaps = [columns[WORDS.index(name)] for name in ("coverage", "coverage_before", "bm25", "local_before")]
        return np.stack([*columns, *(column - column.max() for column in gaps)], axis=1).astype(np.float32)

    def _matches(self) -> list[Matrix]:
        here = self.found
        before, after = self._shifted(here)
        titles = self._found(self.titles)[self.home]
        whole = np.stack([here[self.home == at].max(axis=0, initial=0) for at in range(len(self.passages))])[self.home]
        lengths = np.array([len(one) for one in self.stems], np.float32)
        saturation = 2.2 / (1 + 1.2 * (0.25 + 0.75 * lengths / max(float(lengths.mean()), 1)))
        order = np.argsort(-self.worth)
        names = np.array([term.name for term in self.terms], bool)
        local = np.log1p(len(here) / (here.sum(axis=0) + 0.5))
        rare = [here[:, order[at]] if len(order) > at else np.full(len(here), 0.5, np.float32) for at in (0, 1)]
        return [
            self.covered(here),
            self.covered(np.maximum(here, before)),
            self.covered(np.maximum.reduce([here, before, after, titles])),
            self.covered(np.maximum(whole, titles)),
            self.covered(here) * saturation,
            self._pairs(),
            self.covered(np.maximum(here, 0.5 * before), names),
            self.covered(
                np.maximum(here, 0.5 * np.maximum(before, titles)), np.array([term.number for term in self.terms], bool)
            ),
            *rare,
            self.covered(here, local),
            self.covered(np.maximum(here, before), local),
            self.covered(np.maximum(here, after)),
            self.covered(np.maximum(whole, titles), names),
        ]

    def _shifted(self, found: Matrix) -> tuple[Matrix, Matrix]:
        """For each sentence the row of the one before and of the one after it in its passage; zeros where there is none."""
        before, after = np.zeros_like(found), np.zeros_like(found)
        follows = np.flatnonzero(self.before >= 0)
        before[follows] = found[follows - 1]
        after[follows - 1] = found[follows]
        return before, after

    def _pairs(self) -> Matrix:
        """The share of the question's neighbouring words that are neighbours in the sentence."""
        line = [stem for stem in stems(self.question) if stem not in ASKING]
        wanted = {(a, b) for a, b in pairwise(line) if not (a in STOP and b in STOP)}
        have = [set(pairwise(one)) for one in self.stems]
        return np.array([len(wanted & one) / max(len(wanted), 1) for one in have], np.float32)

    def _places(self) -> list[Matrix]:
        counts = Counter(passage.article.id for passage in self.passages)
        best = max(passage.score for passage in self.passages) or 1.0
        rows = [
            (
                1 / (1 + at),
                passage.similarity,
                passage.score / best,
                counts[passage.article.id] / len(self.passages),
                float(self.covered(self._found([self.titles[at]]))[0]),
            )
            for at, passage in enumerate(self.passages)
        ]
        return list(np.array(rows, np.float32)[self.home].T)

    def _answers(self) -> list[Matrix]:
        kind = self.asked.kind
        rows = []
        for held in self.holdings:
            fit = fits(kind, held)
            by_kind = [fit if kind == one else 0.0 for one in KINDS]
            told = [
                min(held.names, 2) / 2,
                min(held.people, 1),
                min(held.numbers, 2) / 2,
                min(held.dates, 1),
                held.quote,
                held.spoken,
            ]
            rows.append([*map(float, told), float(held.spoken and self.asked.spoken), fit, *by_kind])
        return list(np.array(rows, np.float32).T)

    def _looks(self) -> list[Matrix]:
        negated = bool(_NEGATION.search(self.question))
        rows = []
        for at, (sentence, text) in enumerate(zip(self.sentences, self.texts, strict=True)):
            size = len(self.stems[at])
            rows.append(
                (
                    math.log1p(size) / 4,
                    float(size < 5),
                    float(text.rstrip("\"”’' ").endswith("?")),
                    float(bool(_LEAD.match(text))),
                    1 / (1 + sentence.span.start / 300),
                    float(self.before[at] < 0),
                    float(not text.rstrip("\"”’') ]").endswith((".", "!", "?", ":", ";", ",")) and size < 16),
                    math.log1p(len({stem for stem in self.stems[at] if stem not in self.known and stem not in STOP})) / 4,
                    float(negated != bool(_NEGATION.search(text))),
                )
            )
        return list(np.array(rows, np.float32).T)

    def _years(self) -> list[Matrix]:
        """Whether the sentence's span of years meets the question's: 1 it does, -1 it does not, 0 where either has none."""
        wanted = _span(self.question)
        here = [_meeting(wanted, _span(text)) for text in self.texts]
        there = [here[before] if before >= 0 and not here[at] else here[at] for at, before in enumerate(self.before)]
        return [np.array(here, np.float32), np.array(there, np.float32)]

    def missing(self) -> list[Term]:
        """The question's words that stand in none of the passages or their titles, the most telling first."""
        seen = np.maximum(self.found.max(axis=0, initial=0), self._found(self.titles).max(axis=0, initial=0))
        lacking = [term for term, credit in zip(self.terms, seen, strict=True) if credit == 0]
        return sorted(lacking, key=lambda term: -term.weight)


def _span(text: str) -> tuple[int, int] | None:
    years = [int(year) for year in _YEAR.findall(text)]
    return (min(years), max(years)) if years else None


def _meeting(one: tuple[int, int] | None, other: tuple[int, int] | None) -> float:
    if one is None or other is None:
        return 0.0
    return 1.0 if one[0] <= other[1] and other[0] <= one[1] else -1.0


def _terms(question: str, texts: Sequence[str], statistics: Statistics) -> list[Term]:
    """The question's telling words, each stem once; all its words where none is telling."""
    every = list(dict.fromkeys(words(question)))
    chosen = [word for word in every if word not in STOP and not slip(word)] or every
    firsts: dict[str, str] = {}
    for word in chosen:
        firsts.setdefault((stems(word) or [word])[0], word)
    capital = Counter(stem for text in [*texts, f", {question}"] for word in _CAPITAL.findall(text) for stem in stems(word))
    total = Counter(stem for text in [*texts, question] for word in _WORD.findall(text) for stem in stems(word))
    found = weights(list(firsts.values()), statistics)
    terms = []
    for (stem, word), weight in zip(firsts.items(), found, strict=True):
        family = kin().get(stem, frozenset([stem]))
        name = 2 * sum(capital[one] for one in family) > sum(total[one] for one in family)
        terms.append(Term(word, stem, weight, name))
    return terms


def _alike(stem: str, vocabulary: set[str]) -> dict[str, float]:
    """The stems that may stand for ``stem``, and what each counts."""
    known = dict.fromkeys(kin().get(stem, ()), _KIN_CREDIT) | {stem: 1.0}
    if not vocabulary.isdisjoint(known) or len(stem) < 4 or not stem.isalpha():
        return known
    same_root = [other for other in vocabulary if len(stem) > 4 and other[:5] == stem[:5] and abs(len(other) - len(stem)) < 5]
    likely = [other for other in vocabulary if other[:1] == stem[0] and abs(len(other) - len(stem)) < 3]
    close = difflib.get_close_matches(stem, likely, n=3, cutoff=0.8)
    return known | dict.fromkeys((*same_root, *close), _NEAR)
