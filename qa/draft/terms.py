"""Words as ranking sees them: English stems, and how much a word tells."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

import Stemmer

from qa.draft.interface import Statistics
from qa.text import words

STOP = frozenset(
    "a an the this that these those and or but nor if of in on at to for from by with without as into about between during after "
    "before over under up down out off is are was were be been being am do does did done doing has have had having will would shall "
    "should can could may might must not no nor i me my we us our you your he him his she her it its they them their who whom whose "
    "which what when where why how than then so such there here also too very just any some all more most other s t d ll re ve m "
    "don't didn't doesn't isn't wasn't aren't weren't won't can't i'm it's that's name tell give please many much".split()
)
"""Words that say little of what a question is about."""
_FIRST_WORD = 1996
"""The line of the vocabulary where whole words begin, the most frequent first."""
_CHUNK_WORDS = 15.0
"""How far down Zipf's list a word stands in every other chunk."""
_PRIOR_CHUNKS = 500.0
"""How many chunks of a library weigh as much as the vocabulary's own order."""


@cache
def _stemmer() -> Stemmer.Stemmer:
    return Stemmer.Stemmer("english")


def stems(text: str) -> list[str]:
    """The stem of each word of ``text``, in order; numbers lose their thousands separators."""
    return _stemmer().stemWords([_plain(word) for word in words(text)])


def _plain(word: str) -> str:
    return word.replace(",", "") if word[:1].isdigit() else word


@cache
def _ranks() -> dict[str, int]:
    """Each whole word of BERT's vocabulary and how many words are more frequent."""
    lines = files("vectorstore.embedders").joinpath("vocab.txt").read_text(encoding="utf-8").split("\n")
    return {word: at for at, word in enumerate(lines[_FIRST_WORD:]) if not word.startswith("##")}


def weights(asked: Sequence[str], statistics: Statistics) -> list[float]:
    """How much each word tells: its inverse document frequency in the library, drawn towards that of English at large.

    A small library knows nothing of how common a word is, so the vocabulary's order by frequency speaks for it (Zipf's law).
    """
    chunks = statistics.chunk_count()
    trust = chunks / (chunks + _PRIOR_CHUNKS)
    ranks = _ranks()
    found = []
    for word, count in zip(asked, statistics.document_frequency(asked), strict=True):
        here = math.log(1 + (max(chunks - count, 0) + 0.5) / (count + 0.5))
        at_large = math.log(1 + ranks.get(word, len(ranks)) / _CHUNK_WORDS)
        found.append(trust * here + (1 - trust) * at_large)
    return found
