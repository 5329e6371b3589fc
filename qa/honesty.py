"""Whether a quotation that leaves out, replaces or adds words owns up to all that matters."""

from __future__ import annotations

import re

from qa.diff import caution
from qa.match import Gap, Match, Quote, words
from vectorstore.types import Span

_SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]*\s|\n\s*\n")
_NUMBER = re.compile(r"[-−+]?\d")
_REST = 300
"""Code points before or after a quotation that may belong to its sentence."""


def honesty(quote: Quote, match: Match, text: str) -> tuple[str, list[str]]:
    """``exact``, ``edited``, ``elided`` or ``altered`` by what its gaps hide and its brackets say, and why."""
    remarks = [remark for gap in match.gaps if (remark := _hidden(gap, text))]
    false = [remark for gap in match.gaps if (remark := _invented(gap.inserted or "", gap.span.of(text)))]
    false += [remark] if quote.gapped and (remark := _invented(quote.framed, "")) else []
    if false:
        return "altered", false
    before, after = quote.edges
    ends = ([_before(text, match.span)] if before else []) + ([_after(text, match.span)] if after else [])
    remarks += [remark for span in ends if (remark := _hidden(Gap(span, None), text))]
    if match.punctuation:
        remarks.append("a mark within it differs from the article's")
    wide = any(gap.inserted is None and _SENTENCE_END.search(text[gap.span.start : gap.span.end + 2]) for gap in match.gaps)
    cautious = len(remarks) > match.punctuation
    return ("exact" if match.exact and not cautious else "elided" if cautious or wide else "edited"), remarks


def _hidden(gap: Gap, text: str) -> str:
    """A warning where what is left out turns, weakens or narrows what is said, and brackets do not say so."""
    shown = {caution(word.text) for word in words(gap.inserted or "")}
    left_out = [
        word.of(text) for word in (Span(gap.span.start + one.start, gap.span.start + one.end) for one in words(gap.span.of(text)))
    ]
    telling = {word: caution(word) for word in left_out if caution(word) and caution(word) not in shown}
    if not telling:
        return ""
    told = ", ".join(f"“{word}” ({kind})" for word, kind in telling.items())
    return f"what is {'left out' if gap.inserted is None else 'replaced'} holds {told}"


def _invented(inserted: str, replaced: str) -> str:
    """A reproach where brackets bring a negation or a number that the words they replace do not have."""
    given, there = ([word.text for word in words(text)] for text in (inserted, replaced))
    if any(caution(word) == "negation" for word in given) and not any(caution(word) == "negation" for word in there):
        return "the brackets bring a negation that the article does not have"
    numbers, known = ({word for word in one if _NUMBER.match(word)} for one in (given, there))
    if known and numbers - known:
        return "the brackets bring a number in place of another"
    return ""


def _before(text: str, span: Span) -> Span:
    """What stands before ``span`` in its sentence."""
    first = max(0, span.start - _REST)
    ends = [found.end() for found in _SENTENCE_END.finditer(text, first, span.start)]
    return Span(ends[-1] if ends else first, span.start)


def _after(text: str, span: Span) -> Span:
    """What stands after ``span`` in its sentence."""
    last = min(len(text), span.end + _REST)
    found = _SENTENCE_END.search(text, span.end, last)
    return Span(span.end, found.start() if found else last)
