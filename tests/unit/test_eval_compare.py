"""Two runs of the same questions: what differs, how sure that is, and which questions flipped."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest

from qa.errors import NotComparable
from qa.eval.compare import Comparison, Difference, compare
from qa.eval.score import score
from qa.eval.tables import comparison_record, comparison_text, table
from qa.eval.types import Case, Cited, Outcome, Place, Run, Scores, Source
from qa.render.data import dumps
from vectorstore.types import Span

TEXT = "The bridge is shut. Ida Holm said so. It opens in May."
SHUT, SAID, OPENS = (Place("a", Span(*ends), TEXT[slice(*ends)]) for ends in ((0, 19), (20, 37), (38, 54)))
SOURCES = {"a": Source(TEXT, (SHUT.span, SAID.span, OPENS.span))}


def case(at: int, answerable: bool = True) -> Case:
    golds = (("Ida Holm",), ((SAID,),), ("a",)) if answerable else ((), (), ())
    return Case(f"q{at}", f"Question {at}?", golds[0], answerable, golds[1], golds[2])


def outcome(found: Place | None, confidence: float = 0.5, seconds: float = 0.1) -> Outcome:
    if found is None:
        return Outcome(False, "not_in_articles", "Not found in these articles.", confidence, (), (), 0, (), (SHUT,), seconds)
    cited = (Cited(found, 0, True),)
    return Outcome(True, None, None, confidence, (found.quote,), ("supported",), 0, cited, (SHUT, SAID), seconds)


def run(cases: list[Case], outcomes: list[Outcome], name: str = "extractive/1", **settings: str) -> Run:
    return Run("news", "d1", (score(name, cases, outcomes, SOURCES),), SOURCES, settings)


def drawn(seed: int, right: float, n: int = 60) -> Run:
    draw = random.Random(seed)
    cases = [case(at, at % 4 > 0) for at in range(n)]
    places = [None if draw.random() < 0.2 else SAID if draw.random() < right else SHUT for _ in cases]
    return run(cases, [outcome(place, draw.random(), draw.random()) for place in places])


def found(comparison: Comparison, metric: str) -> Difference:
    (one,) = (each for each in comparison.differences if each.metric == metric)
    return one


def test_a_run_compared_with_itself_shows_no_difference_at_all() -> None:
    one = drawn(1, 0.5)
    comparison = compare(one, one, resamples=500)
    assert {each.metric for each in comparison.differences} >= {"hit@1", "auroc", "aurc", "ece", "refusal_f1", "word_f1_micro"}
    for each in comparison.differences:
        assert (each.difference, each.low, each.high, each.opposite, each.better) == (0, 0, 0, 1, None), each.metric
    assert comparison.flips == ()


def test_the_same_seed_gives_the_same_intervals_and_another_seed_others() -> None:
    one, other = drawn(1, 0.4), drawn(2, 0.7)
    assert compare(one, other, 5, 700) == compare(one, other, 5, 700)
    assert found(compare(one, other, 5, 700), "hit@1") != found(compare(one, other, 6, 700), "hit@1")


def test_an_interval_is_what_resampling_question_by_question_gives() -> None:
    one, other = drawn(1, 0.4), drawn(2, 0.7)
    each = found(compare(one, other, resamples=4000), "hit@1")
    pairs = [
        (a.values["hit@1"], b.values["hit@1"])
        for a, b in zip(one.scores[0].rows, other.scores[0].rows, strict=True)
        if a.case.answerable
    ]
    draw = random.Random(9)
    means = [float(np.mean([b - a for a, b in draw.choices(pairs, k=len(pairs))])) for _ in range(4000)]
    low, high = np.percentile(means, [2.5, 97.5])
    assert each.difference == pytest.approx(float(np.mean([b - a for a, b in pairs])))
    assert (each.low, each.high) == (pytest.approx(low, abs=0.03), pytest.approx(high, abs=0.03))
    assert each.low <= each.difference <= each.high
    assert each.n == 45


def test_a_metric_of_the_whole_set_is_taken_anew_over_each_resample() -> None:
    cases = [case(at, at < 10) for at in range(20)]
    sure = run(cases, [outcome(SAID, 0.9 if at < 10 else 0.1) for at in range(20)])
    blind = run(cases, [outcome(SAID, 0.5) for _ in range(20)])
    each = found(compare(blind, sure, resamples=300), "auroc")
    assert (each.one, each.other, each.low, each.high, each.opposite) == (0.5, 1, 0.5, 0.5, 0)
    assert each.better is True


def test_less_is_better_where_less_is_better() -> None:
    cases = [case(at) for at in range(20)]
    sure, unsure = (run(cases, [outcome(SAID, confidence)] * 20) for confidence in (0.9, 0.2))
    assert found(compare(sure, unsure, resamples=50), "ece").better is False
    assert found(compare(unsure, sure, resamples=50), "ece").better is True


def test_flips_are_told_both_ways_with_both_answers_beside_the_gold() -> None:
    cases = [case(0), case(1), case(2), case(3, answerable=False), case(4)]
    before = run(cases, [outcome(place) for place in (SAID, SHUT, None, None, SAID)])
    after = run(cases, [outcome(place) for place in (SHUT, SAID, SAID, SHUT, SAID)])
    flips = compare(before, after, resamples=50).flips
    assert [(flip.id, flip.one.state, flip.other.state, flip.better) for flip in flips] == [
        ("q0", "right", "wrong", False),
        ("q1", "wrong", "right", True),
        ("q2", "refused", "right", True),
        ("q3", "refused", "wrong", False),
    ]
    assert (flips[0].one.quote, flips[0].other.text, flips[0].golds) == (SAID.quote, SHUT.quote, ("Ida Holm",))
    assert (flips[2].one.text, flips[2].one.quote) == ("Not found in these articles.", None)


def test_runs_on_different_data_are_not_compared() -> None:
    one = drawn(1, 0.5)
    with pytest.raises(NotComparable, match="different data") as caught:
        compare(one, replace(one, data="other", digest="d2"))
    assert caught.value.exit_code == 9
    assert "qa eval run" in caught.value.hint


def test_a_run_that_was_cut_short_is_not_compared_with_a_whole_one() -> None:
    one = drawn(1, 0.5)
    half = replace(one, scores=(replace(one.scores[0], rows=one.scores[0].rows[:30]),))
    with pytest.raises(NotComparable, match="60 and 30"):
        compare(one, half)
    with pytest.raises(NotComparable):
        compare(one, replace(one, scores=()))


def test_settings_that_differ_are_told() -> None:
    cases, outcomes = [case(0)], [outcome(SAID)]
    comparison = compare(run(cases, outcomes, model="a", passages="8"), run(cases, outcomes, model="b", passages="8", seed="1"))
    assert comparison.settings == {"model": ("a", "b"), "seed": (None, "1")}


def test_a_metric_that_one_run_has_nothing_to_say_about_is_left_out() -> None:
    cases = [case(0), case(1)]
    comparison = compare(run(cases, [outcome(None)] * 2), run(cases, [outcome(SAID)] * 2), resamples=20)
    metrics = {each.metric for each in comparison.differences}
    assert "hit@1" in metrics
    assert not metrics & {"char_precision", "citations_exact"}


def test_texts_fit_a_hundred_columns_and_cannot_drive_the_terminal() -> None:
    wild = "\x1b[2J" + "very long " * 40 + "\nsecond line"
    cases = [replace(case(at), question=wild, answers=(wild,), kind=wild) for at in range(3)]
    one = run(cases, [outcome(SAID)] * 3, "provider:a-model-with-a-very-long-name", model=wild)
    other = run(cases, [outcome(replace(SHUT, quote=wild))] * 3)
    many: tuple[Scores, ...] = (one.scores[0],) * 7
    for text in (table(replace(one, scores=many)), comparison_text(compare(one, other, resamples=20))):
        assert max(len(line) for line in text.splitlines()) <= 100
        assert "\x1b" not in text


def test_the_record_of_a_comparison_is_json_and_holds_what_the_text_tells() -> None:
    comparison = compare(drawn(1, 0.2), drawn(2, 0.9), resamples=200)
    record = comparison_record(comparison)
    assert dumps(record)
    assert record["questions"] == 60
    assert len(record["flips"]) == len(comparison.flips)  # type: ignore[arg-type]
    assert f"{found(comparison, 'hit@1').difference:+.4f}" in comparison_text(comparison)
