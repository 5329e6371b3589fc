"""What the words of an answer are worth, against hand-worked cases and ``rouge_score``."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rouge_score.rouge_scorer import RougeScorer

from qa.eval.metrics.answers import contains_lenient, contains_strict, exact_match, normal, rouge_l, token_f1, values

NAMES = ["exact_match", "token_f1", "token_f1@1", "contains_strict", "contains_lenient", "rouge_l"]
WORDS = (
    "the bridge was closed on monday after cracks were found in two of its towers mayor said a repair costs 40 million".split()
)
texts = st.lists(st.sampled_from(WORDS), min_size=1, max_size=30).map(" ".join)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The  Bridge!", "bridge"),
        ("an A the", ""),
        ("U.S. troops", "us troops"),
        ("Anna's theory", "annas theory"),
        ("$1,500.50", "150050"),
    ],
)
def test_normal_drops_case_punctuation_and_articles_as_squad_does(text: str, expected: str) -> None:
    assert normal(text) == expected


@pytest.mark.parametrize(
    ("answer", "gold", "expected"),
    [
        ("The mayor closed the bridge.", "mayor closed bridge", 1.0),
        ("the mayor closed it", "the mayor", 2 * (1 / 3) * 1 / (1 / 3 + 1)),
        ("two two towers", "two towers", 2 * (2 / 3) * 1 / (2 / 3 + 1)),
        ("two towers", "two two towers two", 2 * 1 * (1 / 2) / (1 + 1 / 2)),
        ("nothing shared", "forty million", 0.0),
        ("the", "a", 0.0),
    ],
)
def test_token_f1_is_what_the_hand_works_out(answer: str, gold: str, expected: float) -> None:
    assert token_f1(answer, gold) == pytest.approx(expected)


def test_an_exact_match_looks_past_case_articles_and_punctuation_only() -> None:
    assert exact_match("The Mayor.", "mayor")
    assert not exact_match("the mayors", "mayor")


def test_strict_containment_wants_whole_words_in_order() -> None:
    assert contains_strict("It was the mayor, Ida Holm, who said so.", "Ida Holm")
    assert not contains_strict("It was Holm, Ida.", "Ida Holm")
    assert not contains_strict("She earned 1500 crowns.", "150")
    assert not contains_strict("Anything at all.", "the")


def test_lenient_containment_takes_words_in_any_order_and_leaves_function_words_out() -> None:
    assert contains_lenient("Holm, Ida, the city's mayor", "Mayor Ida Holm of the city")
    assert contains_lenient("It cost 1,500 crowns.", "1500 crowns")
    assert contains_lenient("“Safe”, she said", "safe")
    assert not contains_lenient("Ida Berg is the mayor.", "Ida Holm")
    assert not contains_lenient("Nothing.", "of the")
    assert not contains_lenient("Nothing.", "...")


def test_refused_answers_score_nought_and_are_not_left_out() -> None:
    assert values((), ("Ida Holm",)) == dict.fromkeys(NAMES, 0.0)


def test_nothing_is_said_where_no_golden_wording_is_known() -> None:
    assert values(("Something.",), ()) == {}


def test_the_best_fitting_gold_counts_and_only_token_f1_at_1_looks_at_the_first_claim_alone() -> None:
    found = values(("Two towers.", "Ida Holm."), ("forty", "Ida Holm", "Two towers. Ida Holm."))
    assert found["exact_match"] == 1
    assert found["token_f1@1"] == pytest.approx(2 / 3)


@given(texts, texts)
def test_rouge_l_agrees_with_rouge_score(answer: str, gold: str) -> None:
    expected = RougeScorer(["rougeL"], use_stemmer=True).score(gold, answer)["rougeL"].fmeasure
    assert rouge_l(answer, gold) == pytest.approx(expected)


def test_rouge_l_agrees_with_rouge_score_over_long_texts() -> None:
    draw = random.Random(3)
    scorer = RougeScorer(["rougeL"], use_stemmer=True)
    for _ in range(5):
        answer, gold = (" ".join(draw.choices(WORDS, k=k)) for k in (300, 90))
        assert rouge_l(answer, gold) == pytest.approx(scorer.score(gold, answer)["rougeL"].fmeasure)


def test_rouge_l_says_nought_where_there_are_no_latin_words() -> None:
    assert rouge_l("橋", "橋") == 0
    assert rouge_l("closed", "") == 0


@given(st.lists(texts, max_size=3), st.lists(texts, min_size=1, max_size=3))
def test_every_value_is_a_share_and_the_strict_never_exceed_the_lenient(claims: list[str], golds: list[str]) -> None:
    found = values(claims, golds)
    assert list(found) == NAMES
    assert all(0 <= value <= 1 for value in found.values())
    assert found["exact_match"] <= found["token_f1"] or not all(normal(gold) for gold in golds)
    assert found["contains_strict"] <= found["contains_lenient"]
