"""What was cited beside where the evidence stands, worked by hand and held by promises that any data must keep."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.eval.metrics.evidence import Texts, characters, distinct, hit, length, values
from qa.eval.types import Cited, Place, Source
from vectorstore.types import Span

TEXT = "The bridge is shut. Ida Holm said so. It opens in May."
SENTENCES = (Span(0, 19), Span(20, 37), Span(38, 54))
SOURCES = {name: Source(TEXT, SENTENCES) for name in ("a", "b")}


def place(start: int, end: int, article: str = "a") -> Place:
    return Place(article, Span(start, end), TEXT[start:end])


def cited(*places: Place) -> list[Cited]:
    return [Cited(one, claim, True) for claim, one in enumerate(places)]


def measured(places: list[Place], *golds: list[Place], answered: bool = True) -> dict[str, float]:
    return values(answered, cited(*places), golds, Texts(SOURCES))


places = st.builds(
    lambda article, start, size: place(start, min(start + size, len(TEXT)), article),
    st.sampled_from("ab"),
    st.integers(0, len(TEXT) - 1),
    st.integers(1, 30),
)


def test_a_hit_at_k_wants_a_gold_place_among_the_first_k_distinct_places() -> None:
    shut, said, opens = (place(span.start, span.end) for span in SENTENCES)
    found = measured([shut, shut, said, opens], [said])
    assert [found[f"hit@{k}"] for k in (1, 2, 3)] == [0, 1, 1]


def test_two_places_that_only_meet_do_not_overlap() -> None:
    assert not hit([place(0, 5)], [[place(5, 9)]])
    assert hit([place(0, 6)], [[place(5, 9)]])
    assert not hit([place(0, 6, "b")], [[place(5, 9)]])


def test_any_citation_of_the_first_claim_makes_its_hit() -> None:
    both = [Cited(place(0, 19), 0, True), Cited(place(20, 37), 0, True), Cited(place(38, 54), 1, True)]
    assert values(True, both, [[place(20, 37)]], Texts(SOURCES))["claim_hit@1"] == 1
    assert values(True, both, [[place(38, 54)]], Texts(SOURCES))["claim_hit@1"] == 0


def test_sentences_count_whole_once_they_are_touched() -> None:
    found = measured([place(4, 10), place(20, 23)], [place(24, 28)])
    assert (found["sentence_precision"], found["sentence_recall"]) == (1 / 2, 1)
    assert found["sentence_f1"] == pytest.approx(2 / 3)


def test_characters_are_counted_once_however_often_they_are_cited() -> None:
    assert characters([place(0, 10), place(5, 15), place(0, 15)], [place(10, 20)]) == (5 / 15, 5 / 10, pytest.approx(0.4))
    assert length([place(0, 10), place(5, 15), place(15, 20), place(0, 4, "b")]) == 24


def test_words_are_runs_without_white_space_and_count_once_touched() -> None:
    found = measured([place(20, 28)], [place(24, 32)])
    assert (found["word_precision"], found["word_recall"]) == (1 / 2, 1 / 2)
    found = measured([place(1, 2)], [place(0, 19)])
    assert (found["word_precision"], found["word_recall"]) == (1, 1 / 4)


def test_each_measure_takes_the_set_of_evidence_that_fits_best() -> None:
    found = measured([place(20, 37)], [place(0, 19), place(38, 54)], [place(20, 37)])
    assert (found["char_f1"], found["word_f1"], found["sentence_f1"], found["cited_length"]) == (1, 1, 1, 1)


def test_the_length_is_of_all_that_was_cited_against_the_gold() -> None:
    assert measured([place(0, 19), place(20, 37)], [place(20, 37)])["cited_length"] == pytest.approx(36 / 17)


def test_a_refusal_has_no_precision_and_no_recall_worth_having() -> None:
    found = measured([], [place(0, 19)], answered=False)
    assert set(found.values()) == {0}
    assert not {name for name in found if "precision" in name or name == "cited_length"}


def test_an_answer_without_a_citation_is_not_precise() -> None:
    found = measured([], [place(0, 19)])
    assert found["char_precision"] == found["word_precision"] == found["sentence_precision"] == 0


def test_nothing_is_said_where_no_evidence_is_known() -> None:
    assert measured([place(0, 5)]) == {}


def test_words_of_an_article_that_is_not_at_hand_lower_precision_and_break_nothing() -> None:
    found = measured([place(0, 19), place(0, 19, "gone")], [place(0, 19)])
    assert (found["sentence_precision"], found["word_precision"]) == (1 / 2, 4 / 5)


def test_places_are_told_apart_by_where_they_are_and_keep_their_order() -> None:
    other = Place("a", Span(0, 5), "differently told")
    assert distinct([place(3, 9), place(0, 5), other, place(3, 9)]) == [place(3, 9), place(0, 5)]


@given(st.lists(places, max_size=4), st.lists(st.lists(places, min_size=1, max_size=3), min_size=1, max_size=3))
def test_every_value_is_a_share_and_f1_lies_between_precision_and_recall(used: list[Place], golds: list[list[Place]]) -> None:
    found = measured(used, *golds)
    assert all(0 <= value <= 1 for name, value in found.items() if name != "cited_length")
    assert found["hit@1"] <= found["hit@2"] <= found["hit@3"]
    for unit in ("sentence", "char", "word"):
        precision, recall, f1 = (found[f"{unit}_{part}"] for part in ("precision", "recall", "f1"))
        assert min(precision, recall) - 1e-12 <= f1 <= max(precision, recall) + 1e-12


@given(st.lists(places, max_size=3), st.lists(places, min_size=1, max_size=3))
def test_citing_the_gold_as_well_never_lowers_recall(used: list[Place], gold: list[Place]) -> None:
    before, after = measured(used, gold), measured([*used, *gold], gold)
    for unit in ("sentence", "char", "word"):
        assert after[f"{unit}_recall"] >= before[f"{unit}_recall"]
        assert after[f"{unit}_recall"] == 1


@given(st.lists(places, min_size=1, max_size=4), st.lists(places, min_size=1, max_size=4))
def test_characters_agree_with_sets_of_positions(used: list[Place], gold: list[Place]) -> None:
    one, other = ({(p.article, at) for p in some for at in range(p.span.start, p.span.end)} for some in (used, gold))
    both = len(one & other)
    assert characters(used, gold)[:2] == (both / len(one), both / len(other))


@given(st.lists(places, min_size=1, max_size=4), st.lists(places, min_size=1, max_size=4))
def test_words_agree_with_a_look_at_every_word(used: list[Place], gold: list[Place]) -> None:
    runs = [(article, *run.span()) for article in "ab" for run in re.finditer(r"\S+", TEXT)]
    used = [one for one in used if one.quote.strip()]
    gold = [one for one in gold if one.quote.strip()] or [place(0, 3)]

    def touched(some: list[Place]) -> set[tuple[str, int, int]]:
        return {run for run in runs for p in some if p.article == run[0] and p.span.start < run[2] and run[1] < p.span.end}

    found, (one, other) = measured(used, gold), (touched(used), touched(gold))
    assert found["word_recall"] == len(one & other) / len(other)
    assert found["word_precision"] == (len(one & other) / len(one) if one else 0)
