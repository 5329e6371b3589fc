"""What a claim puts in somebody's mouth is said by them in the article, and what somebody said stays somebody's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from qa.draft.terms import STOP
from qa.speech import Speech, spoken
from qa.speech.marks import Marks
from qa.speech.words import STRONG, cues, kind
from qa.support.flaw import Case, Flaw
from qa.support.names import bare
from qa.text import sentences
from qa.types import Sentence

_PRONOUNS = frozenset("he she they it we i you who".split())
_UTTERED = STRONG - frozenset("write continue repeat".split()) | frozenset(
    "deny promise pledge predict suggest believe allege accuse".split()
)
"""Verbs that make what follows somebody's word even without quotation marks."""
_STATEMENT = 4
"""Words that a claim has at least to state something as a fact; fewer only name the answer."""
_STORY = frozenset("story stories tale".split())
_LEAN = STOP | frozenset("mr mrs ms dr sir lord former".split())


@dataclass(frozen=True, slots=True)
class _Voice:
    """Who speaks in one place."""

    told: str
    """The name, or the words that stand for the speaker."""
    words: frozenset[str]
    """Of the name and of those words, small ones and pronouns left out."""
    named: bool
    negated: bool


def speaker_flaws(case: Case) -> Iterator[Flaw]:
    """A speaker that the claim adds, changes or forgets."""
    own = _voices(case.claim)
    theirs = [voice for cited in case.cited for voice in _heard(cited)]
    if own:
        for one in own:
            yield from _given(one, theirs, case)
    elif theirs and len(theirs) >= len(case.cited):
        yield from _forgotten(theirs, case)


def _given(one: _Voice, theirs: Sequence[_Voice], case: Case) -> Iterator[Flaw]:
    same = [other for other in theirs if not one.words or one.words & other.words]
    if same:
        if all(other.negated != one.negated for other in same):
            yield Flaw("speaker", True, f"{one.told} {'denies' if same[0].negated else 'does not deny'} it there")
        return
    if not one.words:
        return
    here = _some(one, case.shown)
    if one.named and theirs and all(other.named for other in theirs):
        yield Flaw("speaker", True, f"the article has {theirs[0].told} say this, not {one.told}")
    elif not theirs:
        yield Flaw("speaker", not here, f"the article does not have {one.told} say this")
    elif not here and not (_some(one, case.around) and any(not other.words or not one.named for other in theirs)):
        yield Flaw("speaker", one.named, f"the article has {theirs[0].told} say this, not {one.told}")


def _forgotten(theirs: Sequence[_Voice], case: Case) -> Iterator[Flaw]:
    """What the article only reports, told as a fact by a claim that does not name who said it."""
    if len(case.said.words) < _STATEMENT:
        return
    known = {bare(word) for word in Marks(f"{case.claim}\n{case.context.question}").words}
    if not any(voice.words & known for voice in theirs):
        who = theirs[0].told if theirs[0].words else "somebody"
        yield Flaw("fact", False, f"the article gives it as what {who} said")


def _some(one: _Voice, text: str) -> bool:
    return bool(one.words & {bare(word) for word in Marks(text).words})


def _voices(text: str) -> list[_Voice]:
    return [
        _voice(text, one)
        for one in spoken(text, sentences(text))
        if one and one.here and one.kind != "headline" and _utters(text, one)
    ]


def _utters(text: str, speech: Speech) -> bool:
    """Whether it is speech by its verb or its quotation marks: ``written by`` and ``tells the story of`` are none."""
    cue = speech.speaker.cue
    if speech.kind != "said" or cue is None or speech.speaker.direct:
        return True
    return cues().get(cue.of(text).lower()) in _UTTERED and not _STORY & set(text[cue.end : cue.end + 12].split())


def _heard(cited: Sentence) -> list[_Voice]:
    """Who speaks in the sentences that the cited words touch."""
    text = cited.article.text
    return [
        _voice(text, speech)
        for start, end, speech in _read(text)
        if speech and _utters(text, speech) and start < cited.span.end and end > cited.span.start
    ]


@lru_cache(maxsize=32)
def _read(text: str) -> list[tuple[int, int, Speech | None]]:
    """The article's sentences and who speaks in each; the same articles are asked for again and again."""
    spans = sentences(text)
    return [(span.start, span.end, speech) for span, speech in zip(spans, spoken(text, spans), strict=True)]


def _voice(text: str, speech: Speech) -> _Voice:
    mention = speech.speaker.mention.of(text)
    name = speech.speaker.name.of(text) if speech.speaker.name else ""
    words = Marks(f"{name} {mention}").words
    kept = frozenset(bare(word) for word in words if word[0].isalnum() and bare(word) not in _LEAN | _PRONOUNS)
    return _Voice(
        name or mention, kept, bool(name) or any(kind(word) == "C" for word in Marks(mention).words[1:]), speech.negated
    )
