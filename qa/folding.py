"""Which chunks of copies say nothing that a chunk of another copy does not say, so that one passage stands for them all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from qa.copies import Sentences
from qa.library import Library
from qa.origins import Origins

_BESIDE = 16
"""Chunks that one is held against: of more, the origin's and the best come first."""


@dataclass(slots=True)
class _Kept:
    """A chunk that stands for those like it."""

    id: str
    article: str
    sentences: Sentences


def stand_ins(ids: Sequence[str], library: Library) -> dict[str, str]:
    """For each of these chunks, best first, that can be spared: the chunk of another article of its group that stands for it.

    A chunk is spared where every sentence of it stands in chunks that are kept, but for words that come or go; one that says
    another figure, or has a sentence that the others lack, is not. The origin's chunks stand for those of its copies.
    """
    groups = Origins(library.connection).of_chunks(ids)
    by_origin: dict[str, list[str]] = defaultdict(list)
    for id in ids:
        if id in groups:
            by_origin[groups[id]].append(id)
    found: dict[str, str] = {}
    for origin, members in by_origin.items():
        places = library.places(members)
        articles = {article.id: article for article, _ in places.values()}
        if len(articles) < 2:
            continue
        sentences = {id: library.sentences(article) for id, article in articles.items()}
        kept: list[_Kept] = []
        for id, (article, span) in sorted(places.items(), key=lambda place: place[1][0].id != origin):
            inside = [one for one in sentences[article.id] if span.start <= one.start and one.end <= span.end]
            beside = [one for one in kept if one.article != article.id][:_BESIDE]
            said = (next((one.id for one in beside if one.sentences.says(words.of(article.text))), "") for words in inside)
            saying = [*takewhile(bool, said)]
            if inside and len(saying) == len(inside):
                found[id] = max(saying, key=saying.count)
            else:
                kept.append(_Kept(id, article.id, Sentences(article.text, inside)))
    return found
