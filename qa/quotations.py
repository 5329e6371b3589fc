"""The quotations in a draft, with whom each is given to: any quotation marks, block quotes, across lines and paragraphs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from qa.match import words
from qa.speech import Speech, Voices, voices
from qa.text import sentences
from vectorstore.types import Span

_CLOSERS = {
    "“": "”",
    "„": "“”",
    "‟": "”",
    "«": "»",
    "»": "«",
    "‹": "›",
    "「": "」",
    "『": "』",
    '"': '"',
    "‘": "’",
    "‚": "‘’",
    "'": "'",
}
_DIRECTED = frozenset("“„«「『")
"""Opening marks that a blank may follow, as in French."""
_LEFT_OPEN = frozenset("“„«")
"""Marks that may never be closed: the quotation then ends with its paragraph."""
_SINGLE = frozenset("‘‚'’")
_PARAGRAPH = re.compile(r"\r?\n[^\S\n]*\r?\n\s*")
_BLOCK = re.compile(r"(?:^[^\S\n]*>[^\n]*(?:\n|\Z))+", re.MULTILINE)
_MARKER = re.compile(r"^[^\S\n]*(?:>[^\S\n]?)+", re.MULTILINE)
_BY = re.compile(r"\n[^\S\n]*(?:[—–]|--|-)[^\S\n]*([^\n]{2,80})\s*\Z")
_SINGLE_LIMIT = 600
"""Code points; a longer run between single marks is taken for two apostrophes."""
_LIMIT = 20_000
"""Code points of any quotation."""
_LEAD_IN = 200
"""Code points before a block quote in which somebody may introduce it."""


@dataclass(frozen=True, slots=True)
class Quotation:
    """Quoted words in a draft."""

    span: Span
    """Their place in the draft, without the marks around them."""
    words: str
    """The words without what only the draft's layout puts between them."""
    speaker: str | None
    """Whom the draft gives them to, as it calls them; None where it does not say."""
    named: bool
    """Whether ``speaker`` is a name rather than a role or a pronoun."""


def quotations(text: str) -> list[Quotation]:
    """Every quotation of ``text`` that has a word, in order."""
    blocks = [Span(found.start(), found.end()) for found in _BLOCK.finditer(text)]
    marked = [span for span in _marked(text) if not any(block.start <= span.start < block.end for block in blocks)]
    if not marked and not blocks:
        return []
    heard = voices(text, sentences(text))
    found = [_attributed(text, span, heard) for span in marked]
    found += [_block(text, block, heard) for block in blocks]
    return sorted((one for one in found if words(one.words)), key=lambda one: one.span)


def _marked(text: str) -> Iterator[Span]:
    """What stands between quotation marks; of nested ones the outer."""
    at = 0
    while at < len(text):
        closers = _CLOSERS.get(text[at])
        end = _closing(text, at, closers) if closers and _opens(text, at) else -1
        if end < 0:
            at += 1
        else:
            yield Span(at + 1, end)
            at = end + 1


def _opens(text: str, at: int) -> bool:
    before, after = text[at - 1 : at] if at else "", text[at + 1 : at + 2]
    if not after or after == "\n" or (after.isspace() and text[at] not in _DIRECTED):
        return False
    if text[at] == "»" and (before.isalnum() or before in {".", "!", "?", ","}):
        return False
    if text[at] in {*_SINGLE, '"'}:
        return not before.isalnum() and not (text[at] in _SINGLE and after.isdigit())
    return True


def _closing(text: str, at: int, closers: str) -> int:
    """Where the quotation that opens at ``at`` closes; -1 where it never does."""
    opener, depth = text[at], 0
    stop = _end(text, at)
    if not any(text.find(closer, at + 1, stop) >= 0 for closer in closers):
        return stop if opener in _LEFT_OPEN else -1
    for here in range(at + 1, stop):
        letter = text[here]
        if letter == opener and letter not in closers and not _new_line(text, here):
            depth += 1
        elif letter in closers and _closes(text, here):
            if not depth:
                return here
            depth -= 1
    return stop if opener in _LEFT_OPEN else -1


def _end(text: str, at: int) -> int:
    """The end of the paragraph, or of the last one that goes on with the same opening mark; single marks reach less far."""
    stop = at
    while True:
        found = _PARAGRAPH.search(text, stop, at + _LIMIT)
        if found is None:
            stop = min(len(text), at + _LIMIT)
            break
        stop = found.start()
        if text[found.end() : found.end() + 1] != text[at]:
            break
        stop = found.end() + 1
    return min(stop, at + _SINGLE_LIMIT) if text[at] in _SINGLE else stop


def _closes(text: str, at: int) -> bool:
    if text[at] == '"' and _new_line(text, at):
        return False
    return text[at] not in _SINGLE or (not text[at + 1 : at + 2].isalnum() and not text[at - 1].isspace())


def _new_line(text: str, at: int) -> bool:
    """Whether the mark begins a paragraph that carries a quotation on."""
    return bool(re.search(r"\n\s*\Z", text[max(0, at - 4) : at]))


def _attributed(text: str, span: Span, heard: Voices) -> Quotation:
    quoted = [speech for place, speech in heard.quotations if place.start < span.end and span.start < place.end and speech]
    speech = next((one for one in [*quoted, _around(span, heard)] if one and _outside(one, span)), None)
    inner = re.sub(r"(\n\s*)[\"“„«]", r"\1", span.of(text))
    return Quotation(span, inner, *_name(text, speech))


def _outside(speech: Speech, span: Span) -> bool:
    """Whether the draft itself says who speaks, and not the quoted words."""
    told = speech.speaker.cue or speech.speaker.mention
    return told.end <= span.start or told.start >= span.end


def _around(span: Span, heard: Voices) -> Speech | None:
    """What the sentence that holds most of the words reports, where the finder of speech saw no quotation of its own."""
    over = [(min(place.end, span.end) - max(place.start, span.start), at) for at, (place, _) in enumerate(heard.sentences)]
    size, at = max(over, default=(0, 0))
    return heard.sentences[at][1] if size > 0 else None


def _name(text: str, speech: Speech | None) -> tuple[str | None, bool]:
    if speech is None:
        return None, False
    place = speech.speaker.name or speech.speaker.mention
    return " ".join(place.of(text).split()), speech.speaker.name is not None


def _block(text: str, block: Span, heard: Voices) -> Quotation:
    """A block quote: its words without the marks of its lines; who speaks stands in its last line, or before it."""
    inner = block.of(text).rstrip()
    start = block.start + len(re.match(r"[\s>]*", inner).group())  # type: ignore[union-attr] # it matches anything
    clean = _MARKER.sub("", inner)
    by = _BY.search(clean)
    if by:
        clean, line = clean[: by.start()], inner.rfind("\n")
        return Quotation(Span(start, block.start + len(inner[:line].rstrip(" \n>"))), clean, by.group(1).strip(), True)
    before = [speech for place, speech in heard.sentences if place.end <= block.start and block.start - place.end < 3 and speech]
    lead = text[max(0, block.start - _LEAD_IN) : block.start].rstrip()
    return Quotation(
        Span(start, block.start + len(inner)), clean, *_name(text, before[-1] if before and lead[-1:] == ":" else None)
    )
