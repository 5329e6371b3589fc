"""Articles as a model is shown them: data between two fences, a numbered sentence a line.

Nothing an article holds can end its line, look like a number of ours, or be the fence: white space within a sentence becomes one
blank, control characters go, marks that some models take for turns of the conversation are parted, and the fence bears
digits that stand nowhere between the two.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from qa.types import Article, Passage, Sentence
from vectorstore.types import Span

_TURN = re.compile(r"<(?=[|/\w])|\[(?=/?[A-Z])")
_PARTING = "\u200b"
"""Goes unseen, and ``qa.text.fold`` removes it from words that are quoted back."""
_TOKEN = 3
"""Bytes of UTF-8 that one token stands for at least in any language that is written with an alphabet; prose has 4 to 5."""


@dataclass(frozen=True, slots=True)
class Material:
    """What stands in the prompt."""

    fence: str
    """The line before and after the articles."""
    articles: str
    """For each passage its article's title, outlet and date, and its sentences, numbered on from 1."""


def material(passages: Sequence[Passage]) -> Material:
    """The passages as data; numbers follow ``qa.draft.interface.numbered``, from 1."""
    lines: list[str] = []
    number = 0
    for passage in passages:
        lines.append(heading(passage.article))
        for span in passage.sentences:
            number += 1
            lines.append(f"[{number}] {plain(span.of(passage.article.text))}")
        lines.append("")
    body = "\n".join(lines).strip()
    return Material(_fence(body), body)


def heading(article: Article) -> str:
    """Title, outlet and day in one line."""
    facts = (article.title, article.source, article.published[:10] if article.published else None)
    return "# " + " | ".join(plain(fact) for fact in facts if fact)


def plain(text: str) -> str:
    """``text`` in one line, without what could be taken for more than words."""
    line = "".join(letter for letter in " ".join(text.split()) if unicodedata.category(letter) != "Cc")
    return _TURN.sub(lambda found: found.group() + _PARTING, line)


def _fence(body: str) -> str:
    digest = hashlib.sha256(body.encode()).hexdigest()
    while digest[:8] in body:
        digest = hashlib.sha256(digest.encode()).hexdigest()
    return f"===== articles {digest[:8]} ====="


def tokens(text: str) -> int:
    """At most how many tokens a model will make of ``text``; no provider's own count is needed for that."""
    return -(-len(text.encode()) // _TOKEN)


def together(sentences: Iterable[Sentence]) -> list[Passage]:
    """Sentences one after another as passages, a new one where the article is another; each passage spans what is in it."""
    found = []
    for article, group in groupby(sentences, key=lambda one: one.article):
        spans = tuple(one.span for one in group)
        found.append(Passage(article, Span(min(one.start for one in spans), max(one.end for one in spans)), 0.0, spans))
    return found


def shorter(passages: Sequence[Passage]) -> list[Passage]:
    """The passages without the last, or the first half of the only one; none where there is nothing left to give up."""
    if len(passages) > 1:
        return list(passages[:-1])
    if passages and len(passages[0].sentences) > 1:
        return [replace(passages[0], sentences=passages[0].sentences[: len(passages[0].sentences) // 2])]
    return []
