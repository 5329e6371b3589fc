"""Which language words are in, and what other languages call months, weekdays and countries."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from functools import cache

_LITTLE = {
    "en": "the of and to in is was that with by said will has are were from this which not for on at it be had",
    "de": "der die das und ist nicht ein eine den dem des von zu mit sich auf für im wurde hat sind werden bei nach am",
    "fr": "le la les des et est un une du que qui dans pour pas sur au aux par ont été sont avec il elle en",
    "es": "el la los las del y es un una que en por con para se no al fue han su ha como",
    "it": "il la lo gli di e è un una che in per con del della dei non si al sono stato ha nel",
    "pt": "o a os as de e é um uma que em por com para do da dos das não se ao foi no na",
    "nl": "de het een en van is niet dat op te met voor zijn werd heeft er aan door bij",
    "sv": "och att det som en ett är inte på för med av den till har om var från",
    "da": "og at det som en et er ikke på for med af den til har om var fra blev",
    "fi": "ja on ei se että oli hän ovat kun mutta joka sen myös mukaan",
    "pl": "i w na z się nie jest że do to o przez od za był po jak",
}
"""The small words that a language cannot do without."""
_FEWEST = 2
"""So many of them tell a language, where no other has as many."""
_SCRIPTS = {
    "CYRILLIC": "ru", "GREEK": "el", "ARABIC": "ar", "HEBREW": "he", "CJK": "zh", "HIRAGANA": "ja", "KATAKANA": "ja",
    "HANGUL": "ko", "DEVANAGARI": "hi", "THAI": "th",
}  # fmt: skip
_WORD = re.compile(r"[^\W\d_]+")


def language(text: str) -> str | None:
    """The code of the language that ``text`` is in, by its script and small words; None where they do not tell."""
    own = script(text)
    if own != "LATIN":
        return _SCRIPTS.get(own)
    words = Counter(word.lower() for word in _WORD.findall(text))
    votes = sorted(((sum(words[one] for one in little), code) for code, little in _sets().items()), reverse=True)
    (most, code), (second, _) = votes[:2]
    return code if most >= _FEWEST and most > second else None


@cache
def _sets() -> Mapping[str, frozenset[str]]:
    return {code: frozenset(words.split()) for code, words in _LITTLE.items()}


def script(text: str) -> str:
    """The script of most letters, by its name in Unicode; LATIN where there are no letters."""
    found = Counter(unicodedata.name(letter, "LATIN").partition(" ")[0] for letter in text if letter.isalpha())
    return found.most_common(1)[0][0] if found else "LATIN"


def code_of(name: str) -> str | None:
    """The code of a language by its code, its English name or its own; None where nobody knows it."""
    from babel import Locale

    wanted = name.strip().casefold().replace("_", "-")
    english: dict[str, str] = {told.casefold(): code for code, told in Locale("en").languages.items()}
    if wanted in english:
        return english[wanted].partition("_")[0]
    base = wanted.partition("-")[0]
    own = [*_LITTLE, *_SCRIPTS.values()]
    named = {str(Locale(code).languages.get(code, "")).casefold(): code for code in own}
    return named.get(wanted) or (base if base in Locale("en").languages else None)


@cache
def _forms(code: str, what: str) -> Mapping[str, int]:
    """The words that a language has for months or days, in lower case, with their numbers from 1 (months) and 0 (Monday)."""
    from babel import Locale, UnknownLocaleError

    try:
        kinds = getattr(Locale.parse(code), what)
    except (UnknownLocaleError, ValueError):
        return {}
    return {name.casefold(): at for kind in ("format", "stand-alone") for at, name in kinds[kind]["wide"].items()}


def months(text: str, code: str) -> set[int]:
    """The months that ``text`` names, from 1."""
    return _named(text, _forms(code, "months"))


def weekdays(text: str, code: str) -> set[int]:
    """The days of the week that ``text`` names, 0 for Monday."""
    return _named(text, _forms(code, "days"))


def _named(text: str, forms: Mapping[str, int]) -> set[int]:
    return {forms[word.casefold()] for word in _WORD.findall(text) if word.casefold() in forms}


@cache
def _countries(code: str) -> Mapping[str, str]:
    from babel import Locale, UnknownLocaleError

    try:
        return {name.casefold(): key for key, name in Locale.parse(code).territories.items()}
    except (UnknownLocaleError, ValueError):
        return {}


def country(word: str, code: str, other: str) -> str | None:
    """What the language ``other`` calls the country that ``code`` calls ``word``; None for what is no country."""
    from babel import Locale

    key = _countries(code).get(word.casefold())
    return Locale.parse(other).territories.get(key) if key and _countries(other) else None
