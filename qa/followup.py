"""Follow-up questions made self-contained without a model: names and topic carried over from what was asked and answered.

English first. Where no rule sees a follow-up the question stays as it is; the result is shown to whoever asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from qa.keywords import STOP
from qa.speech import Speech, spoken
from qa.speech.marks import Marks
from qa.speech.people import People
from qa.text import sentences, words
from qa.types import Answer, Article

_TOKEN = re.compile(r"\w+(?:[-.]\w+)*(?:['’]s\b)?")
_LEAD = re.compile(r"^(?:(?:and|but|so|or|also|then|ok|okay)\b[\s,]*)+", re.IGNORECASE)
_ABOUT = re.compile(r"^(?:what|how) about\s+", re.IGNORECASE)
_ASKS = frozenset(
    "what who whom whose which when where why how did does do is are was were has have had can could will would".split()
)
_MOVED = frozenset("did does do can could will would shall should may might must".split())
"""Verbs that stand before whoever does something; the next content word but one is the other half of the verb."""
_PLACING = frozenset("in at on from near since until before after during about by against with for to".split())
_HE, _SHE = frozenset("he him his himself".split()), frozenset("she her hers herself".split())
_THEY = frozenset("they them their theirs".split())
_IT = frozenset("it its this that".split())
_OWNED = frozenset("his her their its".split())
_BEING = frozenset("is are was were be been being".split())
_FILLERS = STOP | frozenset("many much long often few far come really since until exactly ever".split())
"""Words that say nothing of what a question is about, in the questions that follow another."""
_SHORT = 1
"""Content words of a question that says too little to be put by itself."""
_LONGEST = 300
"""Code points of a sentence that is carried over as a topic."""


def standalone(question: str, before: Answer | None) -> str:
    """``question`` with what it takes from the answer ``before`` it put into words; as it is where it takes nothing."""
    asked = " ".join(question.split())
    if before is None or not words(asked):
        return question
    context = _Context(before)
    for rule in (_swapped, _named, _wondered, _completed):
        found = rule(asked, context)
        if found is not None:
            return found
    return question


@dataclass(frozen=True)
class _Context:
    """What may be carried over from one answer."""

    before: Answer

    @cached_property
    def question(self) -> str:
        """The last question, without its mark."""
        return self.before.question.strip().rstrip("?!. ")

    @cached_property
    def article(self) -> Article | None:
        """The article that the first claim cites first."""
        return self.before.citations[0].article if self.before.citations else None

    @cached_property
    def marks(self) -> Marks:
        """Its words; none where nothing was cited."""
        return Marks(self.article.text if self.article else "")

    @cached_property
    def people(self) -> People:
        """Whom it names."""
        return People(self.marks)

    @cached_property
    def capitals(self) -> frozenset[str]:
        """Its capitalised words that follow one in small letters, and so are names wherever they stand."""
        pairs = zip(self.marks.words, self.marks.words[1:], strict=False)
        return frozenset(word for last, word in pairs if word[:1].isupper() and last.islower())

    @cached_property
    def speaker(self) -> str | None:
        """Who speaks in the first sentence that is cited."""
        if self.article is None:
            return None
        place, text = self.before.citations[0].span, self.article.text
        spans = sentences(text)
        at = next((at for at, span in enumerate(spans) if span.start <= place.start < span.end), None)
        speech: Speech | None = spoken(text, spans)[at] if at is not None else None
        return speech.speaker.name.of(text) if speech and speech.speaker.name else None

    @cached_property
    def names(self) -> list[str]:
        """The names in the last question, in order."""
        return names_in(self.before.question, self.capitals)

    @cached_property
    def cited(self) -> list[tuple[int, int]]:
        """The names in the first citation, by position in the article's words."""
        return self.people.within(*self.marks.within(self.before.citations[0].span)) if self.before.citations else []

    def person(self, pronoun: str) -> str | None:
        """Whom ``he`` or ``she`` means: a person of the question, then whoever speaks, then a person in the cited words."""
        asked = [place for name in self.names for place in self._places(name) if self.people.person(*place)]
        for place in asked:
            if self.people.gender(place) in {"", pronoun}:
                return self.people.span(self.people.longest(*place)).of(self.marks.text)
        if self.speaker and self._fits(self.speaker, pronoun):
            return self.speaker
        for place in self.cited:
            if self.people.person(*place) and self.people.gender(place) in {"", pronoun}:
                return self.people.span(self.people.longest(*place)).of(self.marks.text)
        return self.names[0] if self.names and self.article is None else None

    def _places(self, name: str) -> list[tuple[int, int]]:
        return [(one.first, one.last) for one in self.people.named if self.marks.words[one.last - 1] == name.split()[-1]][:1]

    def _fits(self, name: str, pronoun: str) -> bool:
        return all(self.people.gender(place) in {"", pronoun} for place in self._places(name))

    def thing(self) -> str | None:
        """What ``it`` means: the first name or thing that the last question speaks of."""
        places = {self.question.find(found): found for found in [*self.names, *_phrases(self.question)]}
        first = min((at for at in places if at >= 0), default=None)
        return places[first] if first is not None else self.speaker

    def several(self) -> str | None:
        """Whom ``they`` means."""
        return next(iter(self.names), None) or self.thing()


def names_in(text: str, known: frozenset[str] = frozenset()) -> list[str]:
    """Runs of capitalised words, but for a question's first word; a word in small letters that is ``known`` as a name, too."""
    found: list[list[str]] = []
    end = -1
    for number, token in enumerate(_TOKEN.finditer(text)):
        word = re.sub(r"['’]s$", "", token.group())
        lower = word.lower()
        capital = word[0].isupper() and lower not in STOP | _ASKS
        if word.islower() and lower not in STOP and word.capitalize() in known:
            word, capital = word.capitalize(), True
        if capital and end == token.start() - 1 and text[end] == " " and found:
            found[-1].append(word)
        elif capital and (number or lower not in _ASKS):
            found.append([word])
        end = token.end() if capital and len(word) == len(token.group()) else -1
    return [" ".join(run) for run in found]


def _phrases(question: str) -> Iterator[str]:
    """Things spoken of: ``the harbour crane`` in ``Who said the harbour crane was unsafe?``."""
    tokens = [token.group() for token in _TOKEN.finditer(question)]
    for at, token in enumerate(tokens):
        if token.lower() not in {"the", "a", "an"}:
            continue
        run: list[str] = []
        for word in tokens[at + 1 : at + 5]:
            if word.lower() in _FILLERS | _PLACING:
                break
            run.append(word)
        if at and tokens[at - 1].lower() in _MOVED and len(run) > 1:
            run = run[:-1]
        if run:
            yield " ".join([token, *run])


def _swapped(question: str, context: _Context) -> str | None:
    """``And in Berlin?``, ``What about Sweden?``: the last question with that in the place of its like."""
    rest, about = _ABOUT.subn("", _LEAD.sub("", question))
    rest = rest.strip().rstrip("?!. ")
    tokens = rest.split()
    if not tokens or len(tokens) > 5 or (rest == question.rstrip("?!. ") and tokens[0].lower() not in _PLACING):
        return None
    said = {token.lower() for token in tokens}
    if said & (_HE | _SHE | _THEY | _IT) or (not about and said & _ASKS):
        return None
    last = context.question
    if tokens[0].lower() in _PLACING:
        like = re.search(rf"\b{tokens[0]}\b (?:the )?[\w.-]+(?: [A-Z][\w.-]+)*", last, re.IGNORECASE)
        return f"{last[: like.start()]}{rest}{last[like.end() :]}?" if like else f"{last} {rest}?"
    talked = [name for name in context.names if f"about {name.lower()}" in last.lower()]
    if talked or (names_in(f"- {rest}", context.capitals) and context.names):
        known = (talked or context.names)[0]
        return re.sub(rf"\b{re.escape(known)}\b", lambda _: rest, last, count=1, flags=re.IGNORECASE) + "?"
    return f"{last}: {rest}?"


def _named(question: str, context: _Context) -> str | None:
    """The first pronoun that stands for nothing in the question itself, and its kind after it, as a name."""
    tokens = list(_TOKEN.finditer(question))
    for at, token in enumerate(tokens):
        word = token.group().lower()
        if names_in(question[: token.start()], context.capitals):
            return None
        meant = _meant(word, at, tokens, question, context)
        if meant:
            return _replaced(question, token.start(), word, meant)
    return None


def _meant(word: str, at: int, tokens: list[re.Match[str]], question: str, context: _Context) -> str | None:
    after = tokens[at + 1].group().lower() if at + 1 < len(tokens) else ""
    before = tokens[at - 1].group().lower() if at else ""
    if word in _HE | _SHE:
        return context.person("he" if word in _HE else "she")
    if word in _THEY:
        return context.several()
    if word == "there" and before not in _BEING and after not in _BEING:
        place = re.search(r"\bin (?:the )?[A-Z][\w-]+(?: [A-Z][\w-]+)*", context.question)
        return place.group() if place else None
    standing = word in {"it", "its"} or not after or after in STOP
    if word in _IT and standing and not after.startswith("happen") and not list(_phrases(question[: tokens[at].start()])):
        return context.thing()
    return None


def _replaced(question: str, start: int, word: str, meant: str) -> str:
    """``question`` with every pronoun from ``start`` on that is of ``word``'s family put as ``meant``."""
    family = next((one for one in (_HE, _SHE, _THEY, _IT) if word in one), frozenset({word}))

    def put(found: re.Match[str]) -> str:
        said = found.group().lower()
        if said not in family or (said in {"this", "that"} and said != word):
            return found.group()
        following = question[start + found.end() :].split()
        owned = said in _OWNED and (said != "her" or bool(following and following[0].lower() not in STOP | _PLACING))
        return f"{meant}’s" if owned and not meant.endswith(("’s", "'s")) else meant

    return question[:start] + re.sub(r"[A-Za-z]+", put, question[start:])


def _wondered(question: str, context: _Context) -> str | None:
    """``Why?``, ``Since when?``: about what was asked and, where it was answered, what the answer says."""
    bare = _LEAD.sub("", question).rstrip("?!. ")
    if _content(bare) or not any(word in _ASKS for word in words(bare)):
        return None
    clause = _clause(context)
    return f"{bare[:1].upper()}{bare[1:]}: {clause}?" if clause else None


def _completed(question: str, context: _Context) -> str | None:
    """``How many dockers?``: too short to be put by itself, with the last question's words after it."""
    bare = _LEAD.sub("", question).rstrip("?!. ")
    content = _content(bare)
    shared = set(content) & set(words(context.question))
    if len(content) > _SHORT or shared or names_in(bare, context.capitals):
        return None
    clause = _clause(context)
    return f"{bare[:1].upper()}{bare[1:]}: {clause}?" if clause else None


def _content(text: str) -> list[str]:
    return [word for word in words(text) if word not in _FILLERS]


def _clause(context: _Context) -> str:
    """What the last question is about, without its question word, and with whoever it asked for where the answer says."""
    parts = context.question.split()
    if parts and parts[0].lower() in {"who", "whom"}:
        return " ".join([context.speaker or "", *parts[1:]]).strip()[:_LONGEST]
    kept: Iterable[str] = parts
    while parts and parts[0].lower() in _ASKS | {"many", "much", "long", "often"}:
        parts = parts[1:]
        kept = parts
    return " ".join(kept)[:_LONGEST]
