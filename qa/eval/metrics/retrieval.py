"""How well the passages that were retrieved, best first, hold the evidence. Pure functions; every value is between 0 and 1.

With several complete sets of evidence each metric takes the set that it likes best. A passage is relevant where it shares a
character with a place of that set.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from typing import Final

from qa.eval.metrics.evidence import touches
from qa.eval.types import Place

_RECALL_AT: Final = (1, 5, 10)
_ALL_AT: Final = (5, 10)
_NDCG_AT: Final = 10


def values(passages: Sequence[Place], golds: Sequence[Sequence[Place]], articles: Sequence[str]) -> dict[str, float]:
    """Each metric of this file by its name: those by passage where evidence is known, those by article where articles are."""
    found: dict[str, float] = {}
    if golds:
        for k in _RECALL_AT:
            found[f"recall@{k}"] = max(recall(passages, gold, k) for gold in golds)
        for k in _ALL_AT:
            found[f"all_evidence@{k}"] = float(max(recall(passages, gold, k) for gold in golds) == 1)
        found["mrr"] = max(reciprocal(relevance(passages, gold)) for gold in golds)
        found[f"ndcg@{_NDCG_AT}"] = max(_passage_ndcg(passages, gold) for gold in golds)
    if articles:
        relevant = frozenset(articles)
        ranked = list(dict.fromkeys(passage.article for passage in passages))
        marks = [article in relevant for article in ranked]
        for k in _RECALL_AT:
            found[f"article_recall@{k}"] = sum(marks[:k]) / len(relevant)
        found["article_mrr"] = reciprocal(marks)
        found[f"article_ndcg@{_NDCG_AT}"] = ndcg(marks, len(relevant))
    return found


def recall(passages: Sequence[Place], gold: Sequence[Place], k: int) -> float:
    """Share of the evidence's places that one of the first ``k`` passages touches; 1 where all evidence is retrieved.

    Source: recall at k (Manning, Raghavan and Schütze, "Introduction to Information Retrieval", 2008, chapter 8), over places
    rather than documents, so that another way of cutting passages cannot change what there is to find.
    """
    return sum(touches(place, passages[:k]) for place in gold) / len(gold)


def relevance(passages: Sequence[Place], gold: Collection[Place]) -> list[bool]:
    """For each passage whether it touches the evidence."""
    return [touches(passage, gold) for passage in passages]


def reciprocal(marks: Sequence[bool]) -> float:
    """1 / rank of the first relevant one; 0 where there is none. Source: Voorhees and Tice, TREC-8, 1999."""
    return next((1 / rank for rank, relevant in enumerate(marks, 1) if relevant), 0.0)


def ndcg(marks: Sequence[bool], relevant: int, k: int = _NDCG_AT) -> float:
    """Discounted gain of the first ``k`` over that of the best possible order of ``relevant`` ones.

    The gain of a relevant one is 1 / log2(rank + 1). Source: Järvelin and Kekäläinen, "Cumulated Gain-Based Evaluation of IR
    Techniques", TOIS 2002, with the discount of Burges et al. 2005 that ``trec_eval`` uses.
    """
    ideal = sum(1 / math.log2(rank + 1) for rank in range(1, min(relevant, k) + 1))
    return sum(1 / math.log2(rank + 1) for rank, found in enumerate(marks[:k], 1) if found) / ideal if ideal else 0.0


def _passage_ndcg(passages: Sequence[Place], gold: Sequence[Place]) -> float:
    """``ndcg`` where the ideal has every relevant passage that was retrieved, and one more for each place that none touches.

    How many passages hold a place depends on how articles were cut, so the ideal cannot be read off the data; this one is 1
    for a list that puts all that is relevant first and misses nothing, and never more.
    """
    marks = relevance(passages, gold)
    missed = sum(not touches(place, passages) for place in gold)
    return ndcg(marks, sum(marks) + missed)
