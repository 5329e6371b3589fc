"""From a question to passages: vectors and keywords fused, filtered, neighbours merged, a budget kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from qa.folding import stand_ins
from qa.furniture import prose
from qa.keywords import EVERYTHING, Filters, Keywords, Selection
from qa.library import Library
from qa.types import Article, Passage
from vectorstore.types import Filter, Hit, Span

DEPTH = 60
"""How many chunks each way of searching may contribute."""
DEEPER = 4
"""So many times as many are looked at where some are copies of others."""
RANK_OFFSET = 20
"""Of reciprocal rank fusion (Cormack, Clarke and Buettcher 2009): a chunk scores the sum of 1 / (RANK_OFFSET + rank)."""
BUDGET = 24_000
"""Code points of all passages together: about 6,000 tokens, which the smallest useful model window holds."""

Nearest = Callable[[str, int, Filter | None], list[Hit]]
"""Question, how many, which may be found -> chunks by cosine, best first."""


@dataclass(frozen=True, slots=True)
class _Scored:
    article: Article
    span: Span
    score: float
    similarity: float


def passages(question: str, library: Library, nearest: Nearest, *, limit: int, filters: Filters = EVERYTHING) -> list[Passage]:
    """Up to ``limit`` passages, best first: fewer where they would go over BUDGET, at least one where anything was found.

    Chunks are ranked by fusing their cosine ranks and their BM25 ranks; those that touch in one article become one passage
    with the best one's score. Chunks of copies that say nothing new leave their place to others.
    """
    selection = Selection(library.connection, filters) if filters else None
    everything = selection or Selection(library.connection, EVERYTHING)
    words = Keywords(library.connection)
    for depth in (DEPTH, DEEPER * DEPTH):
        cosines = {hit.id: hit.score for hit in nearest(question, depth, everything)}
        keywords = [id for id, _ in words.search(question, depth, selection)]
        spared = stand_ins(list(_fused(list(cosines), keywords)), library)
        if not spared:
            break
    scores = _fused(*([*dict.fromkeys(spared.get(id, id) for id in ranking)][:DEPTH] for ranking in (cosines, keywords)))
    near: dict[str, float] = {}
    for id, cosine in cosines.items():  # best first: a stand-in is as near as the nearest that it stands for
        near.setdefault(spared.get(id, id), cosine)
    best = sorted(scores, key=lambda one: (-scores[one], one))[: 3 * limit]
    scored = [_Scored(*place, scores[id], near.get(id, 0.0)) for id, place in library.places(best).items()]
    return _within_budget(_merged(scored, library), limit)


def _fused(*rankings: list[str]) -> dict[str, float]:
    scores: dict[str, float] = {}
    for ranking in rankings:
        for rank, id in enumerate(ranking, 1):
            scores[id] = scores.get(id, 0.0) + 1 / (RANK_OFFSET + rank)
    return scores


def _merged(scored: Iterable[_Scored], library: Library) -> list[Passage]:
    """Chunks with nothing but white space between them put together, best passage first."""
    runs: list[list[_Scored]] = []
    for chunk in sorted(scored, key=lambda one: (one.article.id, one.span)):
        before = runs[-1][-1] if runs else None
        if before and before.article is chunk.article and not chunk.article.text[before.span.end : chunk.span.start].strip():
            runs[-1].append(chunk)
        else:
            runs.append([chunk])
    spans = {run[0].article.id: library.sentences(run[0].article) for run in runs}
    return sorted((_passage(run, spans[run[0].article.id]) for run in runs), key=lambda passage: -passage.score)


def _passage(run: list[_Scored], sentences: list[Span]) -> Passage:
    span = Span(run[0].span.start, run[-1].span.end)
    inside = prose(run[0].article.text, sentences, run[0].article.title, within=span)
    return Passage(run[0].article, span, max(one.score for one in run), inside, max(one.similarity for one in run))


def _within_budget(found: list[Passage], limit: int) -> list[Passage]:
    kept: list[Passage] = []
    used = 0
    for passage in found[:limit]:
        used += passage.span.end - passage.span.start
        if kept and used > BUDGET:
            break
        kept.append(passage)
    return kept
