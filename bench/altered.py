"""Rules that change a quotation: as a careless or dishonest writer would, or as an honest one may. For quotes.py."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from qa.speech import voices
from qa.text import sentences

MONTHS = "January February March April May June July August September October November December".split()
CAUTION = re.compile(
    r"\b(?:not|never|no|may|might|could|would|only|just|if|unless|until|some|few|almost|about|without|\w+n't)\b", re.I
)
FIRM = re.compile(r"\b(is|was|are|were|will|has|have|had|can)\b")
HEDGE = re.compile(r"\b(?:may|might|could|reportedly|allegedly|possibly|perhaps|likely|apparently|almost|about|only) ")
NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]{3,}\b")
_NAMED = r"(?!He\b|She\b|They\b|It\b|We\b|The\b|This\b|That\b|Authorities\b)[A-Z][a-zé]{2,}(?: [A-Z][a-zé]{2,})?"
_SAYS = r"(?:said|added|stated|wrote|told reporters|explained|commented|continued)"
SAID = re.compile(
    rf"[\"“](?P<q>[^\"“”\n]{{25,300}})[,.!?][\"”] (?:{_SAYS} (?:[a-z-]+ ){{0,4}}(?P<n>{_NAMED})\b(?! [A-Z]| of| for|’|')"
    rf"|(?P<n3>{_NAMED}) {_SAYS}\b)"
    rf"|(?<!\w)(?<![\w.] )(?<!of )(?P<n2>{_NAMED}) (?:also |later )?{_SAYS}(?: that)?[,:]? "
    rf"[\"“](?P<q2>[^\"“”\n]{{25,300}})[\"”]"
)


Change: TypeAlias = "Callable[[Maker, str], str | None]"


@dataclass(frozen=True)
class Case:
    """One quotation that is to be judged."""

    rule: str
    honest: bool
    quote: str
    speaker: str | None = None
    hides: bool = False
    """Whether an ellipsis hides a word that turns or narrows it: to be warned about."""


class Maker:
    """Makes cases out of articles, the same ones for the same seed."""

    def __init__(self, texts: Sequence[str], seed: int) -> None:
        self.chance = random.Random(seed)
        self.texts = texts
        self.plain = [_plain(text) for text in texts]
        found = [span.of(text) for text in texts for span in sentences(text)]
        self.sentences = [
            one for one in found if 8 <= len(one.split()) <= 45 and one[-1] in ".!?" and "[" not in one and "..." not in one
        ]
        self.names = sorted({name for text in texts for name in NAME.findall(text)} - set(MONTHS))
        self.said = [
            (found["q"] or found["q2"], found["n"] or found["n2"] or found["n3"])
            for text in texts
            for found in SAID.finditer(text)
        ]
        self.read = [pair for text in texts for pair in _read(text)]
        self.people = sorted({name for _, name in [*self.said, *self.read]})

    def cases(self, each: int) -> Iterator[Case]:
        """Up to ``each`` of every rule."""
        for rule, change in ALTERED.items():
            yield from self._some(each, rule, False, self._new(change))
        for rule, change in KEPT.items():
            yield from self._some(each, rule, True, change)
        yield from self._some(each, "ellipsis hides a word", True, hiding, hides=True)
        for how, said in (("by pattern", self.said), ("as the program reads it", self.read)):
            for quote, name in self.chance.sample(said, min(each, len(said))):
                others = [one for one in self.people if one.split()[-1] != name.split()[-1]]
                yield Case(f"speaker swapped, {how}", False, quote, self.chance.choice(others))
                yield Case(f"speaker kept, {how}", True, quote, self.chance.choice([name, name.split()[-1]]))

    def _new(self, change: Change) -> Change:
        """``change``, half the time with an honest edit on top, and only what no article has."""

        def changed(maker: Maker, sentence: str) -> str | None:
            made = change(maker, sentence)
            if made is None or any(_plain(made).strip(" .!?") in text for text in maker.plain):
                return None
            extra = maker.chance.choice([None, KEPT["curly"], KEPT["white space"], KEPT["case"]])
            return (extra(maker, made) or made) if extra else made

        return changed

    def _some(self, each: int, rule: str, honest: bool, change: Change, hides: bool = False) -> Iterator[Case]:
        made = 0
        for sentence in self.chance.sample(self.sentences, len(self.sentences)):
            quote = change(self, sentence)
            if quote is not None and quote != sentence:
                yield Case(rule, honest, quote, hides=hides)
                made += 1
            if made == each:
                return


def _read(text: str) -> Iterator[tuple[str, str]]:
    """Quotations with the name of who speaks them, where their own sentence says so; read by the program itself."""
    for place, speech in voices(text, sentences(text)).quotations:
        quote = place.of(text)[1:-1].strip(" ,.!?")
        if speech and speech.here and speech.speaker.name and "\n" not in quote and len(quote.split()) >= 6:
            yield re.sub('["“”]', "'", quote), " ".join(speech.speaker.name.of(text).split())


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[\"“”]", "", text.casefold().replace("’", "'")).split())


def digit(maker: Maker, sentence: str) -> str | None:
    """One digit changed."""
    found = list(re.finditer(r"\d", sentence))
    if not found:
        return None
    at = maker.chance.choice(found).start()
    return sentence[:at] + str((int(sentence[at]) + maker.chance.randint(1, 9)) % 10) + sentence[at + 1 :]


def negated(_: Maker, sentence: str) -> str | None:
    """A verb denied."""
    return FIRM.sub(r"\1 not", sentence, count=1) if FIRM.search(sentence) and " not " not in sentence else None


def unnegated(_: Maker, sentence: str) -> str | None:
    """A negation dropped."""
    return re.sub(r" not\b|n['’]t\b", "", sentence, count=1) if re.search(r" not\b|n['’]t\b", sentence) else None


def renamed(maker: Maker, sentence: str) -> str | None:
    """Another name in place of one."""
    found = [one for one in NAME.finditer(sentence) if one.group() not in MONTHS]
    if not found:
        return None
    one = maker.chance.choice(found)
    other = maker.chance.choice([name for name in maker.names if name != one.group()])
    return sentence[: one.start()] + other + sentence[one.end() :]


def another_month(maker: Maker, sentence: str) -> str | None:
    """Another month."""
    found = [month for month in MONTHS if re.search(rf"\b{month} \d", sentence)]
    return sentence.replace(found[0], maker.chance.choice([one for one in MONTHS if one != found[0]]), 1) if found else None


def unhedged(_: Maker, sentence: str) -> str | None:
    """A word of caution dropped."""
    return HEDGE.sub("", sentence, count=1) if HEDGE.search(sentence) else None


def reordered(maker: Maker, sentence: str) -> str | None:
    """Two neighbouring words swapped."""
    parts = sentence.split(" ")
    at = maker.chance.randrange(1, len(parts) - 2)
    parts[at], parts[at + 1] = parts[at + 1], parts[at]
    return " ".join(parts) if parts[at] != parts[at + 1] and all(part[-1:].isalnum() for part in parts[at : at + 2]) else None


def spaced(maker: Maker, sentence: str) -> str | None:
    """Other white space."""
    gaps = [at for at, letter in enumerate(sentence) if letter == " "]
    at = maker.chance.choice(gaps)
    return sentence[:at] + maker.chance.choice(["  ", "\n", "\u00a0", " \n ", "\t"]) + sentence[at + 1 :]


def cased(_: Maker, sentence: str) -> str | None:
    """The first letter changed."""
    return sentence[0].swapcase() + sentence[1:]


def curly(_: Maker, sentence: str) -> str | None:
    """Curly marks for straight ones, or the other way round."""
    if "’" in sentence or "“" in sentence:
        return sentence.replace("’", "'").replace("“", '"').replace("”", '"')
    return sentence.replace("'", "’") if "'" in sentence else None


def elided(maker: Maker, sentence: str) -> str | None:
    """A few harmless words left out, and an ellipsis in their place."""
    parts = sentence.split(" ")
    first = maker.chance.randrange(2, max(3, len(parts) - 6))
    last = first + maker.chance.randint(1, 6)
    if last > len(parts) - 2 or CAUTION.search(" ".join(parts[first:last])):
        return None
    return " ".join([*parts[:first], maker.chance.choice(["...", "…", "[...]", "[…]", ". . ."]), *parts[last:]])


def hiding(maker: Maker, sentence: str) -> str | None:
    """An ellipsis that hides a not, a may or an only."""
    parts = sentence.split(" ")
    found = [at for at, word in enumerate(parts) if word in {"not", "may", "only"} and 2 <= at < len(parts) - 3]
    if not found:
        return None
    first = maker.chance.choice(found) - maker.chance.randint(0, 1)
    last = first + maker.chance.randint(2, 3)
    return (
        " ".join([*parts[:first], maker.chance.choice(["...", "…", "[...]"]), *parts[last:]]) if last < len(parts) - 1 else None
    )


def bracketed(maker: Maker, sentence: str) -> str | None:
    """A bracketed insertion, replacement or first letter."""
    way = maker.chance.randrange(3)
    if way == 0 and sentence[0].isalpha():
        return f"[{sentence[0].swapcase()}]{sentence[1:]}"
    if way == 1:
        at = maker.chance.choice([at for at, letter in enumerate(sentence) if letter == " "])
        return sentence[:at] + maker.chance.choice([" [sic]", " [the minister]", " [in English]"]) + sentence[at:]
    found = re.search(r"(?<=\s)(he|she|they|it|his|her|their)(?=\s)", sentence)
    return sentence[: found.start()] + "[the government]" + sentence[found.end() :] if found else None


def hyphenated(maker: Maker, sentence: str) -> str | None:
    """A word divided at a line's end."""
    found = list(re.finditer(r"\b[a-z]{7,}\b", sentence))
    if not found:
        return None
    one = maker.chance.choice(found)
    at = one.start() + maker.chance.randint(3, len(one.group()) - 3)
    return f"{sentence[:at]}-\n{sentence[at:]}"


def part(maker: Maker, sentence: str) -> str | None:
    """Some words of the sentence."""
    parts = sentence.split(" ")
    size = maker.chance.randint(3, min(10, len(parts) - 1))
    first = maker.chance.randrange(0, len(parts) - size)
    return " ".join(parts[first : first + size]).strip() or None


def ended(maker: Maker, sentence: str) -> str | None:
    """Another mark at the end."""
    return sentence[:-1] + maker.chance.choice([",", "", "!", "?"]) if sentence[-1] == "." else None


ALTERED: dict[str, Change] = {
    "digit": digit,
    "negation added": negated,
    "negation dropped": unnegated,
    "name": renamed,
    "month": another_month,
    "hedge dropped": unhedged,
    "word order": reordered,
}
KEPT: dict[str, Change] = {
    "white space": spaced,
    "case": cased,
    "curly": curly,
    "ellipsis": elided,
    "brackets": bracketed,
    "hyphenation": hyphenated,
    "part": part,
    "end mark": ended,
}
