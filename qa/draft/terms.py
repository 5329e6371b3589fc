"""Words as ranking sees them: English stems, and how much a word tells."""

from __future__ import annotations

import difflib
import math
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

import Stemmer

from qa.draft.interface import Statistics
from qa.text import words

STOP = frozenset(
    "a an the this that these those and or but nor if of in on at to for from by with without as into "
    "about between during after "
    "before over under up down out off is are was were be been being am do does did done doing has have "
    "had having will would shall "
    "should can could may might must not no nor i me my we us our you your he him his she her it its "
    "they them their who whom whose "
    "which what when where why how than then so such there here also too very just any some all more "
    "most other s t d ll re ve m "
    "don't didn't doesn't isn't wasn't aren't weren't won't can't i'm it's that's name tell give please many much".split()
)
"""Words that say little of what a question is about."""
_LONG_STOPS = sorted(word for word in STOP if len(word) > 3)
_KIN = (
    "finland finnish finn finns;poland polish pole poles;france french;spain spanish;"
    "sweden swedish swede;denmark danish dane;"
    "norway norwegian;netherlands dutch;greece greek;turkey turkish turk;britain british uk kingdom;"
    "germany german;scotland scottish;"
    "wales welsh;ireland irish;switzerland swiss;china chinese beijing;philippines filipino;thailand thai;iceland icelandic;"
    "america american us u.s usa states;europe european eu;ukraine ukrainian;israel israeli;iraq iraqi;pakistan pakistani;"
    "afghanistan afghan;czechia czech;slovakia slovak;hungary hungarian;portugal portuguese;"
    "belgium belgian;argentina argentine;"
    "say says said;tell tells told;win wins won winner;lose loses lost;buy bought;sell sold;"
    "bring brought;think thought;give gave given;"
    "take took taken;become became;begin began begun;break broke broken;choose chose chosen choice;"
    "come came;die died death dead;"
    "fall fell fallen;fight fought;find found;fly flew flight;get got;go went gone;grow grew growth;"
    "hold held;hit struck strike;keep kept;"
    "know knew known;lead led;leave left;lend lent;make made;meet met meeting;pay paid payment;"
    "rise rose risen;run ran;see saw seen;"
    "send sent;shoot shot;show showed shown;sing sang sung;sink sank;speak spoke spoken speech;"
    "spend spent;stand stood;steal stole;"
    "swim swam;teach taught;wear wore;write wrote written writer;marry married wife husband;"
    "bear born birth;build built;catch caught"
)
"""Words that stand for one another and share no stem: nations and their adjectives, irregular verbs."""
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
    found: list[str] = _stemmer().stemWords([_plain(word) for word in words(text)])
    return found


def _plain(word: str) -> str:
    return word.replace(",", "") if word[:1].isdigit() else word


@cache
def kin() -> dict[str, frozenset[str]]:
    """For a stem the stems that stand for the same thing though they look different."""
    groups = [frozenset(stems(group)) for group in _KIN.split(";")]
    return {stem: group for group in groups for stem in group}


def slip(word: str) -> bool:
    """Whether an unknown word is a mistyped little word, as ``abuot``."""
    return len(word) > 3 and word not in _ranks() and bool(difflib.get_close_matches(word, _LONG_STOPS, n=1, cutoff=0.75))


def known(word: str) -> bool:
    """Whether ``word`` is frequent enough in English to stand in the vocabulary as it is."""
    return word in _ranks()


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
