"""What the words of an answer are worth beside the golden ones. Pure functions of texts; every value is between 0 and 1."""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Sequence
from functools import cache, lru_cache

import Stemmer

from qa.text import words

_PUNCTUATION = str.maketrans("", "", string.punctuation)
_ARTICLES = re.compile(r"\b(?:a|an|the)\b")
_LATIN = re.compile(r"[a-z0-9]+")
_FUNCTION_WORDS = frozenset(
    "a an the this that these those and or but of in on at to for from by with as into about it its he his she her they their "
    "is are was were be been being has have had do does did will would there which who whom whose".split()
)
_KEPT = 256
"""Texts whose words are remembered: one answer is put beside several golden wordings, six times."""
_SHORTEST_STEMMED = 4
"""Letters; ROUGE leaves shorter words as they are."""


def values(claims: Sequence[str], golds: Sequence[str]) -> dict[str, float]:
    """Each metric of this file by its name, for an answer made of ``claims``; all are 0 where there are none.

    The claims are joined by blanks, but for ``token_f1@1``, which looks at the first alone. Each metric takes the golden
    wording that fits best. Nothing is said (empty) where there is no golden wording.
    """
    if not golds:
        return {}
    answer, first = " ".join(claims), claims[0] if claims else ""
    measures = {
        "exact_match": (exact_match, answer),
        "token_f1": (token_f1, answer),
        "token_f1@1": (token_f1, first),
        "contains_strict": (contains_strict, answer),
        "contains_lenient": (contains_lenient, answer),
        "rouge_l": (rouge_l, answer),
    }
    return {
        name: max(float(measure(text, gold)) for gold in golds) if claims else 0.0 for name, (measure, text) in measures.items()
    }


@lru_cache(_KEPT)
def _normal_words(text: str) -> tuple[str, ...]:
    return tuple(_ARTICLES.sub(" ", text.lower().translate(_PUNCTUATION)).split())


def normal(text: str) -> str:
    """``text`` as SQuAD compares it: lower case, without ASCII punctuation, a, an and the, single blanks.

    Source: the evaluation of Rajpurkar et al., "SQuAD: 100,000+ Questions for Machine Comprehension of Text", EMNLP 2016
    (version 1.1).
    """
    return " ".join(_normal_words(text))


def exact_match(answer: str, gold: str) -> bool:
    """Whether the two are the same once ``normal``. Source: Rajpurkar et al. 2016."""
    return _normal_words(answer) == _normal_words(gold)


def token_f1(answer: str, gold: str) -> float:
    """F1 over the words of the two as bags, once ``normal``; 0 where none is shared. Source: Rajpurkar et al. 2016."""
    one, other = _normal_words(answer), _normal_words(gold)
    shared = (Counter(one) & Counter(other)).total()
    return 2 * shared / (len(one) + len(other)) if shared else 0.0


def contains_strict(answer: str, gold: str) -> bool:
    """Whether the golden words stand in the answer, whole and in order, both ``normal``; never for a gold without words.

    Source: the "answer string match" of open-domain question answering (Chen et al., "Reading Wikipedia to Answer
    Open-Domain Questions", ACL 2017), with SQuAD's normalisation.
    """
    sought = normal(gold)
    return bool(sought) and f" {sought} " in f" {normal(answer)} "


def contains_lenient(answer: str, gold: str) -> bool:
    """Whether every content word of the golden wording is somewhere in the answer; always where ``contains_strict`` holds.

    Words are those of ``qa.text.words``: case folded, possessive 's dropped, numbers whole and here without separators.
    Content words are all but function words, or all where there is nothing else. Source: a token recall of 1 as "K-Recall"
    counts it (Adlakha et al., "Evaluating Correctness and Faithfulness of Instruction-Following Models for Question
    Answering", TACL 2024), over content words.
    """
    if contains_strict(answer, gold):
        return True
    sought = _plain_words(gold)
    content = sought - _FUNCTION_WORDS or sought
    return bool(content) and content <= _plain_words(answer)


@lru_cache(_KEPT)
def _plain_words(text: str) -> frozenset[str]:
    return frozenset(word.replace(",", "") if word[:1].isdigit() else word for word in words(text))


def rouge_l(answer: str, gold: str) -> float:
    """F1 of the longest common subsequence of stems: 2 LCS / (answer's words + gold's words).

    Words are runs of a-z and 0-9 in lower case; those of four letters or more are stemmed by Porter's algorithm. Source: Lin,
    "ROUGE: A Package for Automatic Evaluation of Summaries", 2004, with equal weights for precision and recall.
    """
    one, other = _stems(answer), _stems(gold)
    return 2 * _common(one, other) / (len(one) + len(other)) if one and other else 0.0


@cache
def _stemmer() -> Stemmer.Stemmer:
    return Stemmer.Stemmer("porter")


@lru_cache(_KEPT)
def _stems(text: str) -> tuple[str, ...]:
    found = _LATIN.findall(text.lower())
    return tuple(_stemmer().stemWord(word) if len(word) >= _SHORTEST_STEMMED else word for word in found)


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    """Length of the longest common subsequence, a row of the table in one number's bits.

    Source: Hyyrö, "Bit-Parallel LCS-length Computation Revisited", AWOCA 2004.
    """
    places: dict[str, int] = {}
    for at, word in enumerate(one):
        places[word] = places.get(word, 0) | 1 << at
    whole = (1 << len(one)) - 1
    open_places = whole
    for word in other:
        matched = open_places & places.get(word, 0)
        open_places = (open_places + matched | open_places - matched) & whole
    return len(one) - open_places.bit_count()
