"""What a question demands of its answer, one thing at a time, and where each is met."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from qa.draft.demands.values import Number, When, acronyms, dates, name_forms, name_words, numbers
from qa.speech import Speech
from qa.speech.attribution import Attribution, attributions
from qa.speech.marks import Marks
from qa.speech.words import ROLES, TITLE_WORDS, cues

_RUN = re.compile(r"C(?:k{0,2}C)*")
_ASKING = frozenset("who whom whose which what when where why how according name list tell give describe is are does did".split())
_PERSONS = ROLES | frozenset("person demonstrator celebrity star people figure eyewitnesses".split())
_AUXILIARY = frozenset("did does do has have had didn't doesn't".split())
_LEADS = re.compile(r"\b(?:on|in|by|since|until|before|after|during|from)\s+(?:late\s+|early\s+)?$", re.IGNORECASE)
_LISTED = re.compile(r"(?:\b(?:[Ww]hich|[Ww]hat)|\b[A-Z][\w-]*) $")
"""Before a number that demands nothing: ``which two men``, ``Interstate 75``."""
_NAMED = r"(?:\s+(?:of|for)\s+(?:the\s+)?[^\W\d_a-z][\w-]*)?,?\s+((?:[^\W\d_a-z][\w’'-]*)(?:\s+[^\W\d_a-z][\w’'-]*){0,2})"


@dataclass(frozen=True, slots=True)
class Demand:
    """One thing that an answer must meet."""

    kind: str
    """``name``, ``date``, ``number``, ``speaker`` (somebody asked about speaks) or ``someone`` (whoever speaks is the answer)."""
    text: str
    """The question's words for it."""
    name: tuple[str, ...] = ()
    """The words of the name, as ``name_words`` gives them."""
    roles: frozenset[str] = frozenset()
    """The roles that the question gives whoever it names."""
    when: When | None = None
    number: Number | None = None


@dataclass(frozen=True, slots=True)
class Setting:
    """One sentence and what stands around it."""

    sentence: str
    neighbours: tuple[str, ...] = ()
    """The sentences before and after it."""
    title: str = ""
    published: str | None = None
    article: str = ""
    """The whole text it stands in."""
    speech: Speech | None = None
    """Who speaks in it; its places are in ``article``."""


@dataclass(frozen=True, slots=True)
class Met:
    """What became of one demand."""

    demand: Demand
    where: str
    """``sentence``, ``speaker``, ``neighbour``, ``title``, ``date`` (of publication), ``article``; empty where nowhere."""
    instead: str = ""
    """What stands in the sentence in its place: another speaker, another number of that unit, another time."""

    @property
    def near(self) -> bool:
        """Whether it is met by the sentence, what stands beside it, or what the article is about."""
        return self.where not in {"", "article"}


@lru_cache(maxsize=256)
def demands(question: str) -> tuple[Demand, ...]:
    """What ``question`` demands, in its order; nothing where it names nothing that can be checked."""
    marks = Marks(question)
    times = dates(question)
    found_in = attributions(marks, 0, len(marks.words))
    asked = _asked_speaker(marks, found_in)
    found: list[tuple[int, Demand]] = []
    taken = [(start, end) for start, end, _ in times]
    if asked is not None:
        found.append((marks.starts[asked[0]], asked[1]))
    elif _wants_someone(marks, found_in):
        found.append((0, Demand("someone", "who says so")))
    for start, end, when in times:
        if when != When():
            lead = _LEADS.search(question[:start])
            found.append((start, Demand("date", question[lead.start() if lead else start : end], when=when)))
    for start, end, number in numbers(question):
        if _LISTED.search(question[:start]):
            continue
        counted = re.match(r"[ -]?[^\W\d_][\w-]*", question[end:]) if number.units - {"money", "%"} else None
        words = question[start : end + (counted.end() if counted else 0)].strip()
        found.append((start, Demand("number", words, number=number)))
        taken.append((start, end))
    found += [
        (start, one) for start, one in _names(marks) if not _within(start, taken) and not (asked and one.name == asked[1].name)
    ]
    return tuple(dict.fromkeys(one for _, one in sorted(found, key=lambda pair: pair[0])))


def _within(at: int, places: Iterable[tuple[int, int]]) -> bool:
    return any(start <= at < end for start, end in places)


def _names(marks: Marks) -> Iterator[tuple[int, Demand]]:
    """The capitalised names, without titles and question words."""
    for run in _RUN.finditer(marks.plain):
        first, last = run.span()
        roles = marks.roles(max(0, first - 1), last)
        while first < last and (marks.lower[first] in TITLE_WORDS or marks.lower[first] in _ASKING):
            first += 1
        for at in range(first, last):
            if marks.lower[at] in TITLE_WORDS or (at < last - 1 and marks.lower[at].endswith(("'s", "’s"))):
                if at > first:
                    yield from _named(marks, first, at + (marks.lower[at] not in TITLE_WORDS), roles)
                first = at + 1
        yield from _named(marks, first, last, roles)


def _named(marks: Marks, first: int, last: int, roles: frozenset[str]) -> Iterator[tuple[int, Demand]]:
    if first < last and not re.search(r"-[a-z]", marks.words[first]):
        span = marks.span(first, last)
        text = re.sub(r"['’]s?$", "", span.of(marks.text))
        yield span.start, Demand("name", text, name_words(text), roles)


def _asked_speaker(marks: Marks, found: Sequence[Attribution]) -> tuple[int, Demand] | None:
    """Whose words the question asks for: ``What did Ida Brandt say``, ``According to Ida Brandt, what``."""
    for one in found:
        if one.kind == "according" or _is_asked(marks, one):
            place = marks.span(one.first, one.last)
            inner = [demand for start, demand in _names(marks) if place.start <= start < place.end]
            roles = marks.roles(one.first, one.last)
            text = place.of(marks.text)
            named = [demand for demand in inner if len(demand.name) > 1 or not roles]
            name = named[0] if named else None
            if name or roles:
                return one.first, Demand("speaker", name.text if name else text, name.name if name else (), roles)
    return None


def _is_asked(marks: Marks, one: Attribution) -> bool:
    """Whether the question asks for the words of this subject: ``did Brandt say``, ``what Brandt said``."""
    before = marks.lower[one.first - 1] if one.first else ""
    form = marks.lower[one.cue[0]]
    if "w" in marks.plain[one.last : one.cue[0]] or form == "state":
        return False
    return (before in _AUXILIARY and cues()[form] == form) or (before == "what" and one.first < one.cue[0])


def _wants_someone(marks: Marks, found: Sequence[Attribution]) -> bool:
    """Whether the question is ``who said`` or ``which minister warned``."""
    for at, kind in enumerate(marks.plain):
        if kind == "w" and (at == 0 or marks.plain[at - 1] in ",c"):
            if marks.lower[at].startswith("who") and re.match(r"w(?:[fp][DxC]*)?(?:,[^,]*,)?a*V", marks.plain[at:]):
                return True
            end = at + 1 + re.match(r"[xnCROa]*", marks.plain[at + 1 :]).end()  # type: ignore[union-attr]
            if _PERSONS.intersection(marks.lower[at + 1 : end]) and (found or marks.plain[end : end + 1] == "V"):
                return True
    return False


def has_name(demand: Demand, words: frozenset[str], article: frozenset[str], short: dict[str, tuple[str, ...]]) -> bool:
    """Whether ``words`` hold the name: all of it, its last word where the ``article`` has it all, or its short or long form."""
    name = demand.name
    if all(not name_forms(word).isdisjoint(words) for word in name):
        return True
    if len(name) > 1 and not name_forms(name[-1]).isdisjoint(words) and article.issuperset(name):
        return True
    long = short.get(name[0]) if len(name) == 1 else None
    if long is not None and words.issuperset(long):
        return True
    return any(key in words for key, value in short.items() if value == name)


def speaks(demand: Demand, speech: Speech | None, article: str) -> int:
    """1 where whoever the question asks about speaks, -1 where somebody else does, 0 where nobody does or it cannot be told."""
    if speech is None:
        return 0
    voices = [speech.speaker.mention.of(article), *([speech.speaker.name.of(article)] if speech.speaker.name else [])]
    words = frozenset(word for voice in voices for word in name_words(voice))
    if demand.name and not name_forms(demand.name[-1]).isdisjoint(words):
        return 1
    if demand.roles & speech.speaker.roles and (not demand.name or speech.speaker.name is None):
        return 1
    if speech.speaker.name is None and (not demand.name or words <= _PRONOUNS):
        return 0
    return -1


_PRONOUNS = frozenset("he she they it".split())


def met(demand: Demand, setting: Setting) -> Met:
    """Where ``demand`` is met, nearest first, and what stands in the sentence instead."""
    if demand.kind == "someone":
        named = setting.speech is not None and (setting.speech.speaker.name is not None or not _pronoun(setting))
        return Met(demand, "speaker" if named else "")
    if demand.kind == "speaker":
        return _met_speaker(demand, setting)
    where = next((name for name, text in _places(setting) if holds(demand, text, setting)), "")
    if not where and demand.when is not None and demand.when.meets_day(setting.published):
        where = "date"
    return Met(demand, where or _farther(demand, setting), "" if where == "sentence" else instead(demand, setting))


def _pronoun(setting: Setting) -> bool:
    return setting.speech is not None and setting.speech.speaker.mention.of(setting.article).lower() in _PRONOUNS


def _places(setting: Setting) -> Iterator[tuple[str, str]]:
    yield "sentence", setting.sentence
    if setting.speech is not None and setting.speech.speaker.name is not None:
        yield "speaker", setting.speech.speaker.name.of(setting.article)
    for text in setting.neighbours:
        yield "neighbour", text
    yield "title", setting.title


def _farther(demand: Demand, setting: Setting) -> str:
    return "article" if setting.article and holds(demand, setting.article, setting) else ""


def holds(demand: Demand, text: str, setting: Setting) -> bool:
    """Whether ``text``, a part of the setting's article, has what is demanded."""
    if demand.when is not None:
        return any(demand.when.meets(day) == 1 for _, _, day in dates(text, setting.published))
    if demand.number is not None:
        return any(_equal(demand.number, number) for _, _, number in numbers(text))
    return has_name(demand, words_of(text), words_of(setting.article), acronyms(setting.article))


@lru_cache(maxsize=2048)
def words_of(text: str) -> frozenset[str]:
    """The words of ``text``, as names are compared."""
    return frozenset(name_words(text))


def _equal(one: Number, other: Number) -> bool:
    return abs(one.value - other.value) <= 1e-9 * max(1.0, abs(one.value)) and ("%" in one.units) == ("%" in other.units)


def instead(demand: Demand, setting: Setting) -> str:
    """What the sentence has instead: another number of that unit, another time, another name in that role."""
    text = setting.sentence
    if demand.when is not None:
        times = dates(text, setting.published)
        against = [text[start:end] for start, end, day in times if demand.when.meets(day) < 0]
        return against[0] if against and not any(demand.when.meets(day) == 1 for _, _, day in times) else ""
    if demand.number is not None:
        same = [(start, end, one) for start, end, one in numbers(text) if one.units & demand.number.units]
        return "" if not same or any(_equal(demand.number, one) for _, _, one in same) else text[same[0][0] : same[0][1]]
    for role in demand.roles:
        found = re.search(rf"\b{re.escape(role)}{_NAMED}", text)
        if found and demand.name and demand.name[-1] not in name_words(found[1]):
            return found[1]
    return ""


def _met_speaker(demand: Demand, setting: Setting) -> Met:
    said = speaks(demand, setting.speech, setting.article)
    if said > 0:
        return Met(demand, "speaker")
    other = ""
    if said < 0 and setting.speech is not None:
        other = (setting.speech.speaker.name or setting.speech.speaker.mention).of(setting.article)
    if demand.name and not other and any(holds(demand, text, setting) for text in (setting.sentence, *setting.neighbours)):
        return Met(demand, "neighbour")
    return Met(demand, "article" if demand.name and holds(demand, setting.article, setting) else "", other)


def told(demand: Demand) -> str:
    """The question's own words for it: ``on 5 March 2019``, ``Stoltenberg``, ``400 metres``."""
    return demand.text


def unmet(question: str, settings: Sequence[Setting]) -> list[Met]:
    """What none of the sentences meets near it, with what one of them has instead; all demands where there is no sentence."""
    lacking = []
    for demand in demands(question):
        found = [met(demand, setting) for setting in settings]
        if not any(one.near for one in found):
            lacking.append(next((one for one in found if one.instead), found[0] if found else Met(demand, "")))
    return lacking
