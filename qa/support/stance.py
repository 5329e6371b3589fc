"""What a claim does to the force of its source: negations, hedges, opposites and "only" that are lost or added."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import permutations

from qa.draft.terms import STOP, kin, stems
from qa.support.flaw import Case, Flaw

_NOT = frozenset(
    "not never no none nobody nothing neither nor cannot without n't hardly unable lacks lacked lack nowhere".split()
)
_REFUSING = frozenset(
    "deny denies denied denying refuse refuses refused refusing reject rejects rejected rejecting fail fails failed failing "
    "decline declines declined declining dispute disputes disputed refute refutes refuted rule rules ruled avoid avoids "
    "avoided prevent prevents prevented incapable unwilling".split()
)
_RULED = frozenset("rule rules ruled".split())
_STRONG = frozenset(
    "may might could reportedly allegedly alleged alleges suspected suspects rumoured rumored rumour rumor possibly "
    "perhaps claimed claims purported purportedly proposed unconfirmed supposedly if whether unless hypothetical potentially "
    "would".split()
)
_CONDITIONS = frozenset("if whether unless would".split())
_WEAK = frozenset(
    "likely probably apparently appears appear appeared seems seem seemed expected expects believed believes thought "
    "suggests suggested should plans planned planning aims hopes tentatively partly partially some sometimes mostly often "
    "usually almost nearly unlikely potential".split()
)
_ONLY = frozenset("only solely exclusively entirely always every all completely exactly purely nobody none never".split())
_OPPOSITES = (
    "rise rose risen climb climbed surge surged/fall fell fallen drop dropped decline declined plunge plunged;"
    "increase grow grew/decrease shrink shrank reduce;raise raised/lower lowered cut;up/down;win won winner/lose lost loser;"
    "before/after;more/less fewer;most/least;higher/lower;highest/lowest;larger bigger/smaller;largest biggest/smallest;"
    "best/worst;better/worse;older/younger;oldest/youngest;first/last;early earlier/late later;"
    "alive survive survived/dead die died;accept approve approved/reject rejected refuse;"
    "support supported back backed/oppose opposed;agree/disagree;open opened/close closed shut;buy bought/sell sold;"
    "arrive arrived/leave left depart;begin began start started/end ended finish stop stopped;"
    "allow permit/ban banned forbid prohibit;guilty convicted/innocent acquitted;male man men/female woman women;"
    "north northern/south southern;east eastern/west western;above over/below under;majority/minority;ally/enemy;"
    "minimum/maximum;pass passed/fail failed;strengthen/weaken;gain/lose;hot warm/cold cool;include/exclude;expand/shrink;"
    "marry married/divorce divorced;son/daughter;mother/father;brother/sister;husband/wife;king/queen;hero/villain;"
    "success succeed/failure fail;always/never;rich/poor;true/false;friend/enemy;love loved/hate hated;"
    "praise praised/criticise criticised criticize criticized condemn condemned;safe/dangerous;protect/attack;left/right;"
    "join joined/leave left quit;public/private;domestic/foreign;positive/negative;single/married;import/export;"
    "employer/employee;teacher/student;parent/child;appoint appointed hire hired/dismiss dismissed sack sacked fire fired;"
    "arrest arrested/release released;confirm confirmed/deny denied;win/defeat;profit/loss;surplus/deficit;ahead/behind;"
    "inside/outside"
)
_PREFIX = re.compile(r"(?:un|in|im|il|ir|dis|non-?)(?=[a-z]{3})")
_TOKEN = re.compile(r"n['’]t\b|[^\W_]+(?:-[^\W_]+)*(?=n['’]t\b)|[^\W_]+(?:['’](?!t\b)[^\W_]+)?")
_REACH = 4
"""How many telling words behind a negation or a hedge it bears on."""
_SHORT = 5
"""Telling words of a claim that a single lost negation turns round."""
_STOP = re.compile(r"[.;:!?]|,(?=\s+(?:but|while|although|and|which|who|then|so)\b)|\bthen\b")


@dataclass(frozen=True, slots=True)
class Force:
    """The words of one text that set its force, and the stems they bear on."""

    stems: frozenset[str]
    """Of the telling words."""
    words: frozenset[str]
    denied: frozenset[str]
    """Stems that stand only where a negation bears on them."""
    negations: tuple[str, ...]
    hedged: frozenset[str]
    """Stems that stand only where a strong hedge bears on them."""
    hedges: tuple[str, ...]
    weak: tuple[str, ...]


def force(text: str) -> Force:
    """The force of ``text``."""
    seen: list[str] = []
    denied, hedged = _Scope(), _Scope()
    weak: list[str] = []
    for clause in _STOP.split(text):
        words = [found.group().lower().replace("’", "'") for found in _TOKEN.finditer(clause)]
        month = re.search(r"\bMay\b", clause) is not None
        seen += words
        denied.read(words, [at for at in range(len(words)) if _denies(words, at)])
        hedged.read(words, [at for at, word in enumerate(words) if word in _STRONG and not (month and word == "may")])
        weak += [word for word in words if word in _WEAK]
    telling = frozenset(stem for word in seen if word not in STOP for stem in stems(word))
    return Force(telling, frozenset(seen), denied.only(), tuple(denied.words), hedged.only(), tuple(hedged.words), tuple(weak))


class _Scope:
    """What words of one kind bear on: the telling words behind each in its clause."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self._inside: set[str] = set()
        self._outside: set[str] = set()

    def read(self, words: Sequence[str], places: Sequence[int]) -> None:
        """One clause, with the places of the words of the kind."""
        self.words += [words[at] for at in places]
        telling = [at for at, word in enumerate(words) if word not in STOP]
        reached = {at for place in places for at in [at for at in telling if at > place][:_REACH]}
        for at in telling:
            (self._inside if at in reached else self._outside).update(stems(words[at]))

    def only(self) -> frozenset[str]:
        """The stems they bear on wherever they stand."""
        return frozenset(self._inside - self._outside)


def _denies(words: Sequence[str], at: int) -> bool:
    word = words[at]
    if word in _RULED:
        return words[at + 1 : at + 2] == ["out"]
    if word == "not" and words[at + 1 : at + 2] == ["only"]:
        return False
    if word in {"not", "n't"} and "until" in words[at + 1 :]:
        return False
    return word in _NOT or word in _REFUSING


def stance_flaws(case: Case) -> Iterator[Flaw]:
    """Negations, hedges, opposites and quantifiers that the claim loses, adds or turns round."""
    said, shown = force(case.claim), force(case.shown)
    yield from _opposites(said, shown)
    yield from _negation(said, shown)
    yield from _hedges(said, shown)
    added = sorted(said.words & _ONLY - shown.words)
    if added:
        yield Flaw("only", False, f"the article does not say “{added[0]}”")


def _negation(said: Force, shown: Force) -> Iterator[Flaw]:
    """Of several negations the first is named, for which one is lost or added the rules do not know."""
    more = len(said.negations) - len(shown.negations)
    added, lost = (said.denied & shown.stems) - shown.denied, shown.denied & said.stems - said.denied
    if more > 0 and (added or not shown.negations):
        yield Flaw("negation", bool(added) or not said.denied, f"the article does not say “{_word(said.negations[0])}”")
    elif shown.negations and not said.negations and lost:
        yield Flaw("negation", len(lost) > 1 or len(said.stems) < _SHORT, f"it leaves out “{_word(shown.negations[0])}”")


def _word(negation: str) -> str:
    return "not" if negation == "n't" else negation


def _hedges(said: Force, shown: Force) -> Iterator[Flaw]:
    lost = shown.hedged & said.stems
    if len(lost) > 1 and not said.hedges and not said.weak:
        yield Flaw("hedge", len(lost) > 2, f"it leaves out “{shown.hedges[0]}”")
    elif not shown.hedges and not shown.weak and said.hedged & shown.stems:
        added = [word for word in said.hedges if word not in _CONDITIONS]
        if added:
            yield Flaw("hedge", False, f"the article does not say “{added[0]}”")


@cache
def opposites() -> dict[str, frozenset[str]]:
    """For a stem the stems that say the contrary."""
    found: dict[str, set[str]] = {}
    for pair in _OPPOSITES.split(";"):
        one, other = (set(stems(side)) for side in pair.split("/"))
        for first, second in permutations((one, other)):
            for stem in first:
                found.setdefault(stem, set()).update(second)
    return {stem: frozenset(group) for stem, group in found.items()}


def _opposites(said: Force, shown: Force) -> Iterator[Flaw]:
    own = {stem: word for word in said.words for stem in stems(word)}
    theirs = {stem: word for word in shown.words for stem in stems(word)}
    parity = bool(_NOT & set(said.negations)) == bool(_NOT & set(shown.negations))
    for stem, word in sorted(own.items()):
        if stem in theirs or kin().get(stem, frozenset()) & theirs.keys():
            continue
        against = sorted((opposites().get(stem, frozenset()) & theirs.keys()) - own.keys())
        if against:
            yield Flaw("opposite", parity, f"it says “{word}” where the article says “{theirs[against[0]]}”")
    for one, other, ours in ((own, theirs, True), (theirs, own, False)):
        for stem, word in sorted(one.items()):
            root = _PREFIX.sub("", word, count=1) if _PREFIX.match(word) else ""
            twin = next(iter(stems(root)), "") if root else ""
            if twin in other and twin not in one and stem not in other:
                mine, yours = (word, other[twin]) if ours else (other[twin], word)
                yield Flaw("opposite", parity, f"it says “{mine}” where the article says “{yours}”")
