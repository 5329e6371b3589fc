"""What a question asks for: the kind of answer, and whether a sentence holds anything of that kind."""

from __future__ import annotations

import re
from dataclasses import dataclass

from qa.draft.terms import stems

_PEOPLE = (
    "person|man|woman|men|women|people|actor|actress|player|singer|author|writer|director|president|"
    "minister|chancellor|king|queen|"
    "official|officer|politician|leader|lawyer|judge|astronomer|scientist|researcher|expert|professor|academic|coach|captain|"
    "lawmaker|parliamentarian|senator|representative|diplomat|spokesm[ae]n|spokeswom[ae]n|spokesperson|mayor|governor|pope|"
    "campaigner|activist|witness|eyewitness|relative|composer|artist|band|athlete|wrestler|chief|head|secretary|owner|founder"
)
_PLACES = (
    "country|countries|city|cities|town|state|place|location|county|region|province|continent|village|river|area|venue|island"
)
_TIMES = "year|date|day|month|century|decade|time|season|era|period"
_SAYING = (
    "say|says|said|saying|tell|tells|told|warn|warns|warned|warning|claim\\w*|state[sd]?|stating|den(?:y|"
    "ies|ied)|argue\\w*|announce\\w*|"
    "add(?:s|ed)|stress\\w*|urge[sd]?|insist\\w*|suggest\\w*|call(?:s|ed)?|describe\\w*|explain\\w*|"
    "note[sd]|noting|writes?|wrote|tweet\\w*|"
    "according to|believe[sd]?|comment\\w*|respond\\w*|critici[sz]e\\w*|condemn\\w*|accuse\\w*|"
    "blame[sd]?|complain\\w*|caution\\w*|predict\\w*|"
    "promise[sd]?|pledge[sd]?|reject\\w*|dismiss\\w*|disput\\w*|disagree\\w*|assure[sd]?|report(?:s|ed)|"
    "speculat\\w*|recall\\w*|remember\\w*|"
    "liken\\w*|demand\\w*|allege\\w*|point(?:s|ed)? out|continued|reply|replied|react\\w*|remark\\w*|"
    "express\\w*|quoted|ridicul\\w*|praise\\w*|"
    "welcom\\w*|emphasi[sz]e\\w*|admit\\w*|confirm\\w*|acknowledg\\w*|question(?:s|ed)|thinks?|thought|"
    "hope[sd]?|fear(?:s|ed)|vow\\w*|declar\\w*"
)
_KINDS: tuple[tuple[str, str], ...] = (
    ("percent", r"\bwhat (?:[\w ]+ )?(?:per ?cent|percentage|proportion|share)\b|\b(?:per ?cent|percentage|proportion)\b"),
    (
        "money",
        r"\bhow much\b.*\b(?:cost|costs|pay|paid|paying|spend|spent|worth|money|earn|earned|charge|charged|"
        r"fined?|invest\w*|donate\w*|"
        r"raised?|dollars|euros|pounds)\b|\b(?:what|which)\b.*\b(?:cost|price|fine|salary|budget|fee)\b",
    ),
    (
        "number",
        r"\bhow (?:many|much|few|often)\b|\bwhat (?:was |is |were |are )?(?:the )?(?:number|amount|quantity|"
        r"population)\b|\bnumber of\b",
    ),
    (
        "length",
        r"\b(?:for |by )?how (?:long|far|high|tall|deep|large|big|old|fast|heavy|wide|hot|cold|narrow|"
        r"strong)\b|\bwhat (?:age|height|speed|size)\b",
    ),
    (
        "time",
        rf"(?:^|\b(?:and|since|until|by|but)\W+)when\b|(?:\b(?:in|on|at|by|during|from|since) )?\b(?:what|"
        rf"which)(?: \w+)? (?:{_TIMES})\b",
    ),
    (
        "reason",
        r"\bwhy\b|\b(?:what|which) (?:was |were |is |are )?(?:the )?(?:reason|cause|motive)|\bwhat (?:caused|"
        r"led to|prompted)\b|\bhow come\b",
    ),
    ("person", rf"\b(?:who|whom|whose)\b|\b(?:which|what)(?: [\w-]+){{0,3}}? (?:{_PEOPLE})s?\b|\bname of the (?:{_PEOPLE})\b"),
    ("place", rf"(?:^|\band )where\b|(?:\b(?:in|at|to|from) )?\b(?:which|what)(?: [\w-]+){{0,2}}? (?:{_PLACES})\b"),
    ("speech", rf"\b(?:what|how) (?:did|does|do|has|have|had)\b.*\b(?:{_SAYING})\b"),
    ("manner", r"\bhow\b"),
    (
        "meaning",
        r"^\W*(?:what|who)(?:'s| is| are| was| were) (?:an? |the )?[\w' -]+\W*$|\b(?:mean|meaning|definition|"
        r"define|stand for)\b",
    ),
    ("thing", r"\b(?:what|which)\b"),
)
KINDS = (*(name for name, _ in _KINDS), "open")
"""Every kind of answer, ``open`` for a question that does not say."""
_PATTERNS = [(name, re.compile(pattern)) for name, pattern in _KINDS]
_SEVERAL = re.compile(
    r"\b(which|what) (two|three|four|five|six|\w+s and|are the|were the)\b|\band (who|what|when|where|"
    r"which|why|how)\b|\bboth\b|\brespectively\b|"
    r"\bdifference between\b|\bcompare|\b(list|name) (the|all|some|two|three)\b|\bhow (much|many) \w+er\b|\beach\b"
)
_SPOKEN = re.compile(rf"\b(?:{_SAYING})\b", re.IGNORECASE)
_NUMBER = re.compile(
    r"\b\d[\d,.]*|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|"
    r"fifteen|sixteen|seventeen|eighteen|"
    r"nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million|billion|"
    r"dozen|half|once|twice)\b",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"\b(?:1\d{3}|20\d{2})(?:s|\b)|\b(?:january|february|march|april|may|june|july|august|september|"
    r"october|november|december|monday|tuesday|"
    r"wednesday|thursday|friday|saturday|sunday|yesterday|today|tomorrow|century|morning|evening|"
    r"afternoon|night|last (?:week|month|year)|years? ago|bc|bce|ad)\b",
    re.IGNORECASE,
)
_MONEY = re.compile(
    r"[$€£¥₿₹]|\b(?:dollars?|euros?|pounds?|cents?|yen|rupees?|usd|gbp|eur|kroner|francs?|million|billion)\b", re.IGNORECASE
)
_PERCENT = re.compile(r"%|\bper ?cent\b|\bpercentage\b|\b(?:half|third|quarter|majority)\b", re.IGNORECASE)
_UNIT = re.compile(
    r"\b(?:years?|months?|weeks?|days?|hours?|minutes?|seconds?|decades?|centur(?:y|ies)|km|kilomet\w+|"
    r"miles?|met(?:er|re)s?|feet|foot|inch\w*|"
    r"acres?|hectares?|square|kg|kilogram\w*|pounds?|ton(?:ne)?s?|degrees?|mph|aged?|until)\b|°|\bm\b",
    re.IGNORECASE,
)
_REASON = re.compile(
    r"\b(?:because|due to|owing to|since|therefore|thus|so that|in order to|as a result|result(?:ed|ing|"
    r"s)?|caus(?:e|ed|es|ing)|reasons?|"
    r"led to|leads? to|after|to (?:be|get|make|avoid|protect|prevent|allow|help|give|reduce|pursue|"
    r"provide)|blam\w+|following|for (?:\w+ing))\b",
    re.IGNORECASE,
)
_MANNER = re.compile(r"\b(?:by|through|using|used|via|with|when|as|method|way|process|\w+ly)\b", re.IGNORECASE)
_MEANING = re.compile(
    r"\b(?:is|are|was|were) (?:an?|the|one|any)\b|\b(?:refers? to|known as|called|means?|defined|describes?|consists? of)\b",
    re.IGNORECASE,
)
_PLACE = re.compile(r"\b(?:in|at|from|near|to|of|on|across|outside|into|through|around|between)\s+(?:the\s+)?(?:\w+\s+)?[A-Z]")
_QUOTE = re.compile(r"[\"“”«»]|``|''")
_NAME = re.compile(r"\b[^\W\d_a-z][\w’'.-]*(?:\s+(?:(?:of|the|de|von|van|bin|al|and)\s+)?[^\W\d_a-z][\w’'-]*)*")


@dataclass(frozen=True, slots=True)
class Asked:
    """What one question asks for."""

    kind: str
    """One of KINDS."""
    several: bool
    """Whether it asks for more than one thing."""
    spoken: bool
    """Whether it is about what somebody said."""


def asked(question: str) -> Asked:
    """What ``question`` asks for, whatever its case and with or without a question mark."""
    lower = question.lower().replace("’", "'").strip()
    places = [(found.start(), rank, name) for rank, (name, pattern) in enumerate(_PATTERNS) if (found := pattern.search(lower))]
    kind = min(places)[2] if places else "open"
    return Asked(kind, bool(_SEVERAL.search(lower)), bool(_SPOKEN.search(lower)))


@dataclass(frozen=True, slots=True)
class Holdings:
    """What a sentence holds that the question has not named already."""

    names: int
    people: int
    """Names of two words or more."""
    numbers: int
    dates: int
    money: bool
    percent: bool
    unit: bool
    reason: bool
    manner: bool
    meaning: bool
    place: bool
    quote: bool
    spoken: bool


def holdings(sentence: str, known: frozenset[str]) -> Holdings:
    """What ``sentence`` holds apart from the stems ``known`` from the question."""
    names = [name for name in _new(_NAME, sentence, known) if name[0] or len(name[1]) > 1]
    numbers = [found for found in _new(_NUMBER, sentence, known) if found[1]]
    dates = [found for found in _new(_DATE, sentence, known) if found[1]]
    held = (
        pattern.search(sentence) is not None
        for pattern in (_MONEY, _PERCENT, _UNIT, _REASON, _MANNER, _MEANING, _PLACE, _QUOTE, _SPOKEN)
    )
    return Holdings(len(names), sum(len(name[1]) > 1 for name in names), len(numbers), len(dates), *held)


def _new(pattern: re.Pattern[str], sentence: str, known: frozenset[str]) -> list[tuple[int, list[str]]]:
    """Where each match with an unknown stem begins, and those stems."""
    found = [
        (match.start(), [stem for stem in stems(match.group()) if stem not in known]) for match in pattern.finditer(sentence)
    ]
    return [(start, new) for start, new in found if new]


def fits(kind: str, held: Holdings) -> float:
    """How well a sentence with these holdings fits an answer of that kind: 0 (holds none) to 1;"
    " 0.5 where nothing can be said."""
    number = held.numbers > 0
    return {
        "percent": float(number and held.percent),
        "money": float(number and held.money),
        "number": float(number),
        "length": (number + held.unit) / 2,
        "time": float(held.dates > 0),
        "reason": float(held.reason),
        "person": (min(held.names, 1) + min(held.people, 1)) / 2,
        "place": (min(held.names, 1) + held.place) / 2,
        "speech": (held.quote + held.spoken) / 2,
        "manner": float(held.manner),
        "meaning": float(held.meaning),
    }.get(kind, 0.5)
