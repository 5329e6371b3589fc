"""How probable it is that cited words carry a claim, from what they share: a logistic over a few figures."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby, pairwise

from qa.draft.terms import STOP, kin, known, stems
from qa.support.figures import COUNTING, figures
from qa.support.flaw import KINDS, Case, Flaw
from qa.support.names import Names, names
from qa.text import words

_LONG = 12.0
"""Telling words of an ordinary claim."""
_FEW = 2
"""A claim that says something new shares so many telling words with what it cites at least."""
_MOST = 0.7
"""The share of telling words that must not be lost."""
_RIDING = 4
"""So many lost words in a row are a statement of their own."""
_TURNED = 4
"""So many pairs of words turned round are no figure of speech."""
_CLAUSE = re.compile(r"[,;:–—(]\s*(?:and\s+|but\s+)?|\s-\s")


def word_flaws(case: Case, flaws: Sequence[Flaw]) -> Iterator[Flaw]:
    """Where most of the claim's telling words, or many in a row, are neither in the cited words nor in the context, or turned."""
    told = _told(case, flaws)
    lost = [word for word, _, there in told if not there]
    if not told and not figures(case.claim):
        yield Flaw("words", True, "it says nothing that could be looked up")
    if _turned(case):
        yield Flaw("order", True, "its words stand in another order there")
    row = max((len(list(group)) for there, group in groupby(told, key=lambda one: one[2]) if not there), default=0)
    strange = len(told) - len(lost) < _FEW or len(lost) >= _MOST * len(told) or row >= _RIDING
    if lost and (strange or row == _RIDING - 1 or _rides(case.claim, lost)):
        yield Flaw("words", strange or _rides(case.claim, lost), f"the cited words say nothing of “{lost[0]}”")


def _turned(case: Case) -> bool:
    """Whether the claim has pairs of the cited words the other way round, and several."""
    shown = _pairs(case.shown)
    return sum(pair not in shown and pair[::-1] in shown for pair in _pairs(case.claim)) >= _TURNED


def _rides(claim: str, lost: Sequence[str]) -> bool:
    """Whether a clause between two commas holds nothing but lost words, and several."""
    clauses = [list(_telling(part).values()) for part in _CLAUSE.split(claim)]
    return any(len(clause) >= _FEW and not set(clause) - set(lost) for clause in clauses[1:])


def _told(case: Case, flaws: Sequence[Flaw]) -> list[tuple[str, bool, bool]]:
    """The telling words of the claim in order: is each in the cited words, and in those or the context?"""
    shown, around = set(stems(case.shown)), set(stems(case.topic))
    if not any(flaw.kind == "name" for flaw in flaws):
        present = Names(f"{case.shown}\n{case.topic}")
        own_names = {word for run in names(case.said) if present.has(run[-1]) or present.shortens(run) for word in run}
        shown |= {stem for word in own_names for stem in stems(word)}
    own = _telling(case.claim)
    return [(word, _has(stem, shown), _has(stem, shown | around)) for stem, word in own.items()]


def features(case: Case, flaws: Sequence[Flaw]) -> dict[str, float]:
    """What the score looks at, by name; flaws count by their kind."""
    told = _told(case, flaws)
    lost = [word for word, _, there in told if not there]
    pairs = _pairs(case.claim)
    found = {
        "cover": sum(here for _, here, _ in told) / len(told) if told else 1.0,
        "lost": len(lost) / max(len(told), 1),
        "lost_one": float(len(lost) == 1),
        "lost_many": float(len(lost) > 1),
        "lost_rare": float(any(not known(word) for word in lost)),
        "pairs": len(pairs & _pairs(case.shown)) / len(pairs) if pairs else 1.0,
        "length": min(len(told) / _LONG, 2.0),
        "cited_length": math.log1p(len(words(case.shown))),
        "last": float(not told or told[-1][1]),
    }
    for kind in KINDS:
        found[kind] = float(any(flaw.kind == kind for flaw in flaws))
    found["grave"] = float(any(flaw.grave for flaw in flaws))
    return found


def probability(found: Mapping[str, float], weights: Mapping[str, float]) -> float:
    """The chance that a claim with these features is supported; ``weights`` hold the intercept under an empty name."""
    total = weights[""] + sum(weights.get(name, 0.0) * value for name, value in found.items())
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


def _telling(text: str) -> dict[str, str]:
    """The stems of the telling words in order, figures apart, and a word of each."""
    told = [word for word in words(text) if not (word in STOP or _counts(word))]
    return {stem: word for word in told for stem in stems(word)}


def _counts(word: str) -> bool:
    """Whether ``word`` is a figure or a part of a date, which other rules judge."""
    return word in COUNTING or word[0].isdigit()


def _has(stem: str, among: set[str]) -> bool:
    return stem in among or bool(kin().get(stem, frozenset()) & among)


def _pairs(text: str) -> set[tuple[str, str]]:
    """Telling stems that follow one another, each with the one before."""
    own = [stem for word in words(text) if word not in STOP for stem in stems(word)]
    return set(pairwise(own))
