"""What an article's editors noted on it: corrections, clarifications, updates, found by rule in a few languages.

A note is part of the text and may be quoted; it is also told beside whatever is cited from its article.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from qa.text import trimmed
from vectorstore.types import Span

Kind = Literal["correction", "editor", "update"]
_THIS = r"(?:article|story|report|post|piece|column|headline|page|version)"
_LEAD = r"(?:^|\n)[*_>#(\[ \t]*+"
_WHEN = r"[*_]{0,2}(?: ?[(\[][^)\]\n]{1,40}[)\]]|,? ?(?=[^\n:]{0,39}\d)[\w ,./]{1,40})?[*_]{0,2} ?[:：—–]"
"""What may stand between a label and its colon: a day."""


def _labelled(*labels: str) -> re.Pattern[str]:
    return re.compile(rf"{_LEAD}(?P<note>(?:{'|'.join(labels)})(?!\w){_WHEN})", re.IGNORECASE)


def _telling(*words: str) -> re.Pattern[str]:
    return re.compile(rf"(?P<note>\b(?:{'|'.join(words)})\b)", re.IGNORECASE)


_LABELS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (
        "editor",
        _labelled(
            r"editor(?:s|['’]s|s['’])? note|editorial note|note (?:from the editors?|to readers)",
            r"anm(?:erkung|\.) d(?:er|\.) red(?:aktion|\.)|note de la rédaction|ndlr|nota del editor|nota de la redacción",
            r"nota d[ao] (?:redação|editor)|nota della redazione|ndr|noot van de redactie|от редакции",
        ),
    ),
    (
        "correction",
        _labelled(
            r"corrections?|corrigend(?:um|a)|errat(?:um|a)(?: corrige)?|clarifications?|retraction|korrektur|berichtigung",
            r"richtigstellung|rectificati(?:f|e)|corrección|fe de erratas|rectificación|correção|correzione|rettifica|correctie",
            r"исправление|уточнение|поправка",
        ),
    ),
    ("update", _labelled(r"updated?(?=[^\n]*[.!?])|aktualisierung|mise à jour|actualización|atualização|aggiornamento")),
)
_SENTENCES: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (
        "correction",
        _telling(
            rf"(?:an?|the) (?:earlier|previous|original|prior) version of this {_THIS}",
            rf"this {_THIS} (?:has been|was) (?:since )?(?:corrected|amended|clarified|retracted|withdrawn|edited to correct)",
            r"in einer (?:früheren|ersten|vorherigen) (?:version|fassung) (?:dieses|des) (?:artikels|textes|beitrags|berichts)",
            r"une (?:première|précédente) version de cet article|une version (?:précédente|antérieure) de cet article",
            r"un[ao]? vers(?:ión|ão|ione) (?:anterior|previa|precedente) (?:de est[ea]|dest[ea]|di quest[oa])",
            r"in een eerdere versie van dit (?:artikel|bericht)|в предыдущей версии (?:этой |этого )?(?:статьи|текста|материала)",
        ),
    ),
    (
        "update",
        _telling(
            rf"this {_THIS} (?:has been|was) (?:last )?(?:updated|revised)",
            r"dieser (?:artikel|text|beitrag) wurde (?:aktualisiert|korrigiert|ergänzt)",
            r"cet article a été (?:mis à jour|corrigé|modifié)",
        ),
    ),
)
_PARAGRAPH = re.compile(r"\n[^\S\n]*\n")
_LINE = re.compile(r"\n")
_STOP = re.compile(r"[.!?][\"'”’)]*\s+|\n")
_BEFORE = 400
"""Code points in which the beginning of a sentence is looked for."""
_LIMIT = 1500
"""Code points of one note."""
_OPENING = ("“", "„", "«", '"')


@dataclass(frozen=True, slots=True)
class Note:
    """What an article's editors noted on it, where it stands in the article's own words."""

    span: Span
    kind: Kind
    """``correction`` (clarifications and retractions, too), ``update``, or ``editor`` for a note on something else."""


def notes(text: str) -> tuple[Note, ...]:
    """The notes of a text, in order: each from its label, or from the sentence that tells of it, to the end of its paragraph.

    What somebody is quoted as saying is none.
    """
    kept: list[Note] = []
    for note in sorted(_found(text), key=lambda note: note.span):
        if not kept or note.span.start >= kept[-1].span.end:
            kept.append(note)
    return tuple(kept)


def _found(text: str) -> Iterator[Note]:
    ends = _PARAGRAPH if _PARAGRAPH.search(text) else _LINE
    for kind, pattern in (*_LABELS, *_SENTENCES):
        for place in pattern.finditer(text):
            start = place.start("note")
            if (kind, pattern) in _SENTENCES:
                first = max(0, start - _BEFORE)
                start = max((stop.end() for stop in _STOP.finditer(text, first, start)), default=first)
            end = ends.search(text, place.end(), start + _LIMIT)
            span = trimmed(text, Span(start, min(end.start() if end else len(text), start + _LIMIT)))
            if span is not None and not text.startswith(_OPENING, span.start):
                yield Note(span, kind)
