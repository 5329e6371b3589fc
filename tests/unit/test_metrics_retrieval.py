"""How well passages hold the evidence, against ``pytrec_eval`` over random rankings and by hand."""

from __future__ import annotations

import math
import random

import pytest
import pytrec_eval
from hypothesis import given
from hypothesis import strategies as st

from qa.eval.metrics.retrieval import values
from qa.eval.types import Place
from vectorstore.types import Span


def place(start: int, end: int, article: str = "a") -> Place:
    return Place(article, Span(start, end), "")


def judged(ranked: list[str], relevant: set[str]) -> dict[str, float]:
    """What ``trec_eval`` says of one ranking."""
    measures = {"recip_rank", "ndcg_cut.10", "recall.1,5,10"}
    run = {"q": {name: float(-at) for at, name in enumerate(ranked)}}
    found: dict[str, float] = pytrec_eval.RelevanceEvaluator({"q": dict.fromkeys(relevant, 1)}, measures).evaluate(run)["q"]
    return found


def test_articles_are_ranked_as_trec_eval_ranks_them() -> None:
    draw = random.Random(7)
    for _ in range(200):
        ranked = draw.sample([f"d{at}" for at in range(40)], 25)
        relevant = set(draw.sample([f"d{at}" for at in range(45)], draw.randint(1, 14)))
        twice = [place(start, start + 5, name) for name in ranked for start in (0, 5)[: draw.randint(1, 2)]]
        found, expected = values(twice, (), sorted(relevant)), judged(ranked, relevant)
        assert found["article_mrr"] == pytest.approx(expected["recip_rank"])
        assert found["article_ndcg@10"] == pytest.approx(expected["ndcg_cut_10"])
        for k in (1, 5, 10):
            assert found[f"article_recall@{k}"] == pytest.approx(expected[f"recall_{k}"])


def test_passages_are_ranked_as_trec_eval_ranks_them_where_each_gold_place_stands_in_one() -> None:
    draw = random.Random(8)
    for _ in range(200):
        ranked = draw.sample(range(40), 25)
        gold = draw.sample(range(45), draw.randint(1, 14))
        passages, evidence = ([place(10 * at, 10 * at + 10) for at in some] for some in (ranked, gold))
        found, expected = values(passages, [evidence], ()), judged([str(at) for at in ranked], {str(at) for at in gold})
        assert found["mrr"] == pytest.approx(expected["recip_rank"])
        assert found["ndcg@10"] == pytest.approx(expected["ndcg_cut_10"])
        for k in (1, 5, 10):
            assert found[f"recall@{k}"] == pytest.approx(expected[f"recall_{k}"])


def test_all_evidence_wants_every_place_of_one_set() -> None:
    passages = [place(0, 10), place(20, 30), *[place(900, 910)] * 4, place(50, 60)]
    far, near = [place(0, 5), place(55, 56)], [place(21, 22), place(5, 6)]
    assert values(passages, [far], ())["all_evidence@5"] == 0
    assert values(passages, [far], ())["all_evidence@10"] == 1
    assert values(passages, [far, near], ())["all_evidence@5"] == 1


def test_one_passage_that_holds_all_evidence_and_stands_first_is_a_perfect_ranking() -> None:
    found = values([place(0, 100), place(200, 300)], [[place(0, 10), place(50, 60), place(90, 95)]], ())
    assert (found["ndcg@10"], found["mrr"], found["recall@1"]) == (1, 1, 1)


def test_a_place_that_no_passage_touches_lowers_the_gain() -> None:
    found = values([place(0, 100)], [[place(0, 10), place(500, 510)]], ())
    assert found["ndcg@10"] == pytest.approx(1 / (1 + 1 / math.log2(3)))


def test_nothing_retrieved_is_worth_nothing_and_nothing_known_says_nothing() -> None:
    assert set(values([], [[place(0, 5)]], ["a"]).values()) == {0}
    assert values([place(0, 5)], (), ()) == {}


spots = st.builds(
    lambda at, size, article: place(at, at + size, article), st.integers(0, 60), st.integers(1, 20), st.sampled_from("ab")
)


@given(st.lists(spots, max_size=14), st.lists(st.lists(spots, min_size=1, max_size=4), min_size=1, max_size=2))
def test_every_value_is_a_share_and_more_passages_never_recall_less(passages: list[Place], golds: list[list[Place]]) -> None:
    found = values(passages, golds, ["a", "b"])
    assert all(0 <= value <= 1 + 1e-12 for value in found.values())
    assert found["recall@1"] <= found["recall@5"] <= found["recall@10"]
    assert found["all_evidence@10"] <= found["recall@10"]
