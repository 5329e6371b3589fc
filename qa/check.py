"""The fact-checker's work: every quotation of a draft, looked for in the whole library and judged.

Where the index of word runs and the keywords say that words may stand, they are looked for by ``qa.match``; the best that is
found counts. Only where they stand nowhere is it said what they were probably taken from.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from qa.honesty import honesty
from qa.library import Library
from qa.match import Match, Quote, matches, words
from qa.near import Near, nearest
from qa.quotations import Quotation, quotations
from qa.speech import Speaker
from qa.verdicts import QUOTE_VERDICTS, Checked
from qa.whereabouts import Source, Whereabouts, is_short

_HOMES = 3
"""Articles of the draft's longer quotations that are looked into first for a short one."""
_UNNAMED = 3
"""Articles without the speaker's name that are asked who speaks, where none with it has the words."""
_ENOUGH = 0.8
"""Of an altered quotation's words, how many an article must have for no other to be looked for."""
_COMPARED = 4
"""Versions that altered words are compared with."""
_ROLE = 4
"""Words of a role, its article included, by which a name is looked for."""
_TELLING = 4
"""Words; so long a quotation is not taken for somebody's whom its article never names."""
_PLACES = 8
"""Places of the same words in one article that are judged."""


@dataclass
class _Looked:
    """What the search for one quotation has come upon so far."""

    found: list[Checked] = field(default_factory=list)
    """Each place of the words, judged."""
    unnamed: list[Source] = field(default_factory=list)
    """Versions that have the words and do not name the speaker; not yet judged."""
    tried: list[Source] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        """Whether the words stand somewhere as they should."""
        return any(not one.warning and one.verdict in {"exact", "edited"} for one in self.found)

    def enough(self, quote: Quote) -> bool:
        """Whether looking into more versions would change nothing, for words that are not too few to be told apart."""
        return bool(self.found or self.unnamed) or any(source.overlap(quote) >= _ENOUGH for source in self.tried)


class Checker:
    """Judges quotations against one library."""

    def __init__(self, library: Library) -> None:
        """Raises ConfigError for a library that has no index of word runs yet."""
        self._where = Whereabouts(library)
        self._homes: Counter[int] = Counter()

    def check(self, draft: str) -> list[Checked]:
        """Every quotation of ``draft`` with its verdict, worst first, then in the draft's order.

        Long ones are looked for first: short ones probably stand in the same articles.
        """
        self._homes.clear()
        found = [self.judge(one) for one in sorted(quotations(draft), key=lambda one: -len(one.words))]
        given = [replace(one, quote=one.span.of(draft)) for one in found]
        return sorted(given, key=lambda one: (QUOTE_VERDICTS.index(one.verdict), one.span))

    def judge(self, quotation: Quotation) -> Checked:
        """The verdict for one quotation."""
        quote = Quote(quotation.words)
        speaker = quotation.speaker if quotation.named else None
        homes = [key for key, _ in self._homes.most_common(_HOMES)]
        looked = _Looked()
        for stage in self._where.stages(quote, speaker, homes):
            self._look(quote, quotation, stage, looked)
            if looked.clean or (not is_short(quote) and looked.enough(quote)):
                break
        if not any(one.ok for one in looked.found):
            for source in looked.unnamed[:_UNNAMED]:
                looked.found += _judged(quote, quotation, source, matches(quote, source.ground))
        if looked.found:
            return _best(looked.found, speaker, len(quote.words))
        return _likeliest(quote, quotation, looked.tried)

    def _look(self, quote: Quote, quotation: Quotation, keys: Sequence[int], looked: _Looked) -> None:
        """Looks into versions one by one until one has the words beyond doubt."""
        for key in keys:
            source = self._where.source(key)
            looked.tried.append(source)
            places = matches(quote, source.ground) if source.may_hold(quote) else []
            if places and not source.names(quotation.speaker if quotation.named else None):
                looked.unnamed.append(source)
            elif places:
                looked.found += _judged(quote, quotation, source, places)
                self._homes[key] += len(quote.words)
            if looked.clean:
                return


def _likeliest(quote: Quote, quotation: Quotation, tried: Sequence[Source]) -> Checked:
    """What words that stand nowhere were probably taken from, if from anything."""
    promising = sorted(tried, key=lambda source: -source.overlap(quote))[:_COMPARED]
    near = [(one, source) for source in promising if (one := nearest(quote, source.ground))]
    return _altered(quotation, *max(near, key=lambda pair: pair[0].share)) if near else _plain(quotation, "not_found")


def _judged(quote: Quote, quotation: Quotation, source: Source, places: Sequence[Match]) -> Iterator[Checked]:
    """What each place of the words in one version amounts to."""
    for match in places[:_PLACES]:
        verdict, remarks = honesty(quote, match, source.article.text)
        said_by, clash, remark = _said(quotation, match, source)
        if not source.current:
            remarks.append(f"only version {source.article.version} has these words: a later one no longer does")
        if remark:
            remarks.append(remark)
        if clash and verdict != "altered":
            verdict = "misattributed"
        yield _found(quotation, source, match, verdict, said_by, remarks)


def _best(found: Sequence[Checked], speaker: str | None, length: int) -> Checked:
    """The most honest reading; but words that somebody else is quoted with are not saved by standing unquoted elsewhere."""
    clashes = [one for one in found if one.verdict == "misattributed"]
    heard = [one for one in found if one.ok and one.said_by]
    return max(clashes if speaker and clashes and not heard and length >= _TELLING else found, key=_rank)


def _rank(one: Checked) -> tuple[int, bool]:
    return QUOTE_VERDICTS.index(one.verdict), one.warning is None


def _plain(quotation: Quotation, verdict: str) -> Checked:
    return Checked(quotation.words, quotation.span, quotation.speaker, verdict)


def _found(quotation: Quotation, source: Source, match: Match, verdict: str, said_by: str | None, remarks: list[str]) -> Checked:
    article = source.article
    left_out = tuple(gap.span.of(article.text) for gap in match.gaps if gap.span.end > gap.span.start)
    return Checked(
        quotation.words,
        quotation.span,
        quotation.speaker,
        verdict,
        article.id,
        article.title,
        article.version,
        match.span,
        said_by,
        match.span.of(article.text),
        left_out,
        warning="; ".join(remarks) or None,
    )


def _altered(quotation: Quotation, near: Near, source: Source) -> Checked:
    article = source.article
    changed = dict.fromkeys(change.kind for change in near.changes if change.kind)
    warning = f"changed: {', '.join(changed)}" if changed else "its words stand there only as a piece of others"
    where = (article.id, article.title, article.version, near.span, None, near.span.of(article.text), ())
    return Checked(quotation.words, quotation.span, quotation.speaker, "altered", *where, near.changes, warning)


def _said(quotation: Quotation, match: Match, source: Source) -> tuple[str | None, bool, str]:
    """Who speaks the words in the article, whether the draft gives them to somebody else, and a remark."""
    if quotation.speaker is None or not quotation.named:
        return None, False, ""
    text, found = source.article.text, [source.speaker(piece) for piece in match.pieces]
    named = [(name, one[1]) for one in found if one and (name := _named(one[0], text))]
    others = [(name, plain) for name, plain in named if not same_person(name, quotation.speaker)]
    told = next((name for name, plain in others if plain), None)
    if told:
        return told, True, f"in the article {told} says it"
    if named and not others:
        return named[0][0], False, ""
    if not source.quoted(match.span):
        return None, False, "in the article these words are not between quotation marks"
    mention = next((_line(one[0].mention.of(text)) for one in found if one), None)
    if len(words(quotation.words)) >= _TELLING and not source.names(quotation.speaker):
        return mention, True, f"the article that has these words does not name {quotation.speaker}"
    if any(one and _another(one[0], quotation.speaker, source) for one in found):
        return mention, True, f"in the article {mention} says it"
    return mention, False, f"the article does not plainly say that {quotation.speaker} said it"


def _named(speaker: Speaker, text: str) -> str:
    """The name of a speaker, or of whoever the article calls by the same role elsewhere; empty where it does not say."""
    if speaker.name:
        return _line(speaker.name.of(text))
    role = re.split(r"[\s-]+", speaker.mention.of(text).casefold())
    if role[0] != "the" or not 2 <= len(role) <= _ROLE:
        return ""
    called = r"[\s-]+".join(map(re.escape, role[1:]))
    found = re.search(rf"(?i:\b{called})\s+([A-Z][\w’'-]+(?:\s[A-Z][\w’'-]+){{0,2}})", text)
    return _line(found.group(1)) if found else ""


def _another(speaker: Speaker, name: str, source: Source) -> bool:
    """Whether the article gives the words to something with a name of its own, and the one named is not in that sentence."""
    text = source.article.text
    proper = (
        speaker.name is None and not speaker.roles and any(word[0].isupper() for word in speaker.mention.of(text).split()[1:])
    )
    sentence = next((span for span in source.spans if span.start <= speaker.mention.start < span.end), speaker.mention)
    return proper and name.split()[-1].casefold() not in sentence.of(text).casefold()


def _line(words: str) -> str:
    return " ".join(words.split())


def same_person(one: str, other: str) -> bool:
    """Whether two names may be one person's: the last names agree, or one name is a part of the other."""
    first, second = ([word.text for word in words(name)] for name in (one, other))
    return bool(first and second) and (first[-1] == second[-1] or set(first) <= set(second) or set(second) <= set(first))
