"""Does the cited text carry the claim? Judged by rules that can say why, and by a learned score of what the two share.

A number, a date, a name, a quoted phrase, a negation, a doer or a speaker that is not the article's makes a claim
``unsupported``; a lost hedge or a forgotten speaker makes it ``partly`` supported at best; and so does a low score.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qa.support.abroad import ABROAD, flaws_abroad, foreign
from qa.support.flaw import Case, Context, Flaw
from qa.support.mouths import speaker_flaws
from qa.support.names import name_flaws, quote_flaws
from qa.support.numbers import number_flaws
from qa.support.roles import role_flaws
from qa.support.score import features, probability, word_flaws
from qa.support.stance import stance_flaws
from qa.support.weights import SUPPORTED, UNSUPPORTED, WEIGHTS
from qa.text import sentences
from qa.types import Sentence

__all__ = ["RANKS", "Context", "Support", "flaws", "support", "verdict"]

RANKS = ("unsupported", "partly", "supported")
"""Verdicts from the worst to the best."""


@dataclass(frozen=True, slots=True)
class Support:
    """Whether cited words carry a claim."""

    verdict: str
    """``supported``, ``partly`` or ``unsupported``."""
    why: str
    """What is not carried, in words; empty where all is."""
    score: float
    """Probability that the claim is supported, as learned from claims that people judged."""
    open: bool = False
    """Whether the rules found nothing against it and cannot say more: a claim in another language than what it cites."""


def support(claim: str, cited: Sequence[Sentence], context: Context) -> Support:
    """Whether the words ``cited`` carry ``claim``; it may lean on several places at once.

    Of a claim with several sentences the one that is carried least decides, so that nothing rides along with a true one.
    """
    whole = Case(claim, cited, context)
    if abroad := foreign(claim, whole.shown, context.question, context.language):
        return _abroad(flaws_abroad(whole, *abroad))
    parts = [span.of(claim) for span in sentences(claim)] or [claim]
    return min((_one(part, cited, context) for part in parts), key=lambda one: (RANKS.index(one.verdict), one.score))


def _one(claim: str, cited: Sequence[Sentence], context: Context) -> Support:
    case = Case(claim, cited, context)
    found = flaws(case)
    score = probability(features(case, found), WEIGHTS)
    return Support(*verdict(found, score, SUPPORTED, UNSUPPORTED), score)


def _abroad(found: Sequence[Flaw]) -> Support:
    """The verdict on a claim in another language than what it cites: ``partly`` where nothing speaks against it."""
    if grave := next((flaw for flaw in found if flaw.grave), None):
        return Support("unsupported", grave.why, 0.0)
    return Support("partly", "; ".join([ABROAD, *(flaw.why for flaw in found)]), 0.5, open=not found)


def verdict(found: Sequence[Flaw], score: float, supported: float, unsupported: float) -> tuple[str, str]:
    """The verdict for flaws and a score, and why; ``supported`` from one score on, ``unsupported`` under the other."""
    grave = [flaw for flaw in found if flaw.grave]
    if grave:
        return "unsupported", grave[0].why
    if score < unsupported:
        return "unsupported", "the cited words speak of something else"
    if found:
        return "partly", found[0].why
    if score < supported:
        return "partly", "the cited words say only a part of it"
    return "supported", ""


def flaws(case: Case) -> list[Flaw]:
    """Everything in the claim that a rule finds not to be carried."""
    checks = (number_flaws, name_flaws, quote_flaws, role_flaws, speaker_flaws, stance_flaws)
    found = [flaw for check in checks for flaw in check(case)]
    return [*found, *word_flaws(case, found)]
