"""A set of questions is scored: what counts where, and what stays silent."""

from __future__ import annotations

from dataclasses import replace

import pytest

from qa.eval.metrics import SECTIONS
from qa.eval.metrics.sheet import right, state
from qa.eval.score import score
from qa.eval.types import Case, Cited, Outcome, Place, Scores, Source
from qa.types import Usage
from vectorstore.types import Span

TEXT = "The bridge is shut. Ida Holm said so. It opens in May."
SHUT, SAID, OPENS = (Place("a", Span(*ends), TEXT[slice(*ends)]) for ends in ((0, 19), (20, 37), (38, 54)))
SOURCES = {"a": Source(TEXT, (SHUT.span, SAID.span, OPENS.span))}

WHO = Case("who", "Who said so?", ("Ida Holm",), True, ((SAID,),), ("a",), "said")
WHEN = Case("when", "When does it open?", ("May", "in May"), True, ((OPENS,),), ("a",), "date")
COST = Case("cost", "What did it cost?", (), False, (), (), "near miss")


def answer(*places: Place, confidence: float = 0.8, support: str = "supported", exact: bool = True) -> Outcome:
    return Outcome(
        answered=True,
        reason=None,
        message=None,
        confidence=confidence,
        claims=tuple(place.quote for place in places),
        support=(support,) * len(places),
        dropped=0,
        citations=tuple(Cited(place, claim, exact) for claim, place in enumerate(places)),
        passages=(SHUT, OPENS, SAID),
        seconds=0.5,
        usage=Usage(100, 20),
    )


def refusal(confidence: float = 0.1) -> Outcome:
    return Outcome(False, "not_in_articles", "Not found.", confidence, (), (), 0, (), (SHUT,), 0.1)


def scored(*pairs: tuple[Case, Outcome]) -> Scores:
    return score("extractive/1", [case for case, _ in pairs], [outcome for _, outcome in pairs], SOURCES)


def test_right_answers_and_a_due_refusal_are_a_perfect_score() -> None:
    figures = scored((WHO, answer(SAID, confidence=1.0)), (WHEN, answer(OPENS, confidence=1.0)), (COST, refusal(0.0))).figures
    for name in ("hit@1", "contains_strict", "char_f1", "word_f1", "word_f1_micro", "refusal_f1", "auroc", "auroc_right"):
        assert figures[name] == 1, name
    assert (figures["ece"], figures["brier"], figures["citations_exact"]) == (0, 0, 1)


def test_an_answerable_question_that_was_refused_counts_as_nought() -> None:
    found = scored((WHO, answer(SAID)), (WHEN, refusal()))
    assert (found.figures["hit@1"], found.figures["token_f1"]) == (0.5, pytest.approx(found.rows[0].values["token_f1"] / 2))
    assert found.counts["hit@1"] == 2
    assert (found.figures["char_precision"], found.counts["char_precision"]) == (1, 1)


def test_a_question_without_an_answer_counts_in_refusal_integrity_and_cost_alone() -> None:
    values = scored((COST, answer(SHUT))).rows[0].values
    assert set(values) == {"brier", "seconds", "tokens"}
    assert values["brier"] == pytest.approx(0.64)


def test_refusing_is_right_only_where_there_is_no_answer() -> None:
    figures = scored((WHO, refusal()), (WHEN, answer(OPENS)), (COST, refusal()), (COST, answer(SHUT))).figures
    assert (figures["refusal_precision"], figures["refusal_recall"], figures["refusal_f1"]) == (0.5, 0.5, 0.5)


def test_refusal_is_not_spoken_of_where_every_question_has_an_answer() -> None:
    assert not {name for name in scored((WHO, refusal())).figures if name.startswith("refusal") or name == "auroc"}


def test_shares_of_citations_and_claims_are_taken_over_all_of_them() -> None:
    figures = scored((WHO, answer(SAID, OPENS, SHUT)), (WHEN, answer(OPENS, support="unsupported", exact=False))).figures
    assert (figures["citations_exact"], figures["claims_supported"], figures["unsupported_shown"]) == (0.75, 0.75, 0.25)


def test_seconds_and_tokens_are_told_for_each_question() -> None:
    figures = scored((WHO, answer(SAID)), (WHEN, answer(OPENS)), (COST, refusal())).figures
    assert figures["seconds_median"] == 0.5
    assert figures["seconds_p95"] == 0.5
    assert figures["tokens"] == 80


def test_without_evidence_an_answer_is_right_where_it_leniently_holds_the_gold() -> None:
    bare = replace(WHO, evidence=())
    rows = scored((bare, answer(SAID)), (bare, answer(SHUT)), (bare, refusal()), (replace(bare, answers=()), answer(SAID))).rows
    assert [right(row) for row in rows] == [True, False, False, None]
    assert [state(row) for row in rows] == ["right", "wrong", "refused", "answered"]
    assert "brier" not in rows[3].values


def test_an_answer_that_nobody_can_judge_is_left_out_of_calibration() -> None:
    unknown = replace(WHO, evidence=(), answers=())
    found = scored((WHO, answer(SAID, confidence=1.0)), (unknown, answer(SHUT, confidence=0.3)))
    assert (found.figures["ece"], found.counts["ece"], len(found.curve)) == (0, 1, 1)
    assert sum(bar.count for bar in found.bins) == 1


def test_figures_stand_by_type_of_question() -> None:
    found = scored((WHO, answer(SAID)), (WHEN, refusal()), (COST, refusal()))
    assert list(found.groups) == ["date", "near miss", "said"]
    assert (found.groups["said"]["hit@1"], found.groups["date"]["hit@1"]) == (1, 0)
    assert found.groups["near miss"]["refusal_recall"] == 1
    assert "hit@1" not in found.groups["near miss"]


def test_every_figure_has_its_count_and_its_place_in_the_tables() -> None:
    found = scored((WHO, answer(SAID)), (WHEN, answer(SHUT)), (COST, refusal()))
    assert found.figures.keys() == found.counts.keys()
    assert found.figures.keys() == {name for names in SECTIONS.values() for name in names}


def test_no_questions_have_no_figures() -> None:
    found = scored()
    assert (found.figures, found.rows, found.groups, found.curve) == ({}, (), {}, ())


def test_outcomes_that_do_not_match_the_cases_are_refused() -> None:
    with pytest.raises(ValueError, match="shorter"):
        score("x", [WHO, WHEN], [refusal()], SOURCES)
