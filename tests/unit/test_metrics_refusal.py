"""What only a whole set can say, against brute force: every pair counted, every copy written out."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.eval.metrics.refusal import Flags, Floats, aurc, auroc, bins, curve, ece

LEVELS = [0.0, 0.1, 0.25, 0.3, 0.3001, 0.5, 0.7, 0.95, 1.0]
questions = st.lists(st.tuples(st.sampled_from(LEVELS), st.booleans(), st.integers(0, 3)), min_size=1, max_size=14)


def arrays(drawn: list[tuple[float, bool, int]]) -> tuple[Floats, Flags, Floats]:
    confidence, flags, copies = zip(*drawn, strict=True)
    return np.array(confidence, float), np.array(flags, bool), np.array([copies, [1] * len(drawn)], float).T


def written_out(drawn: list[tuple[float, bool, int]]) -> list[tuple[float, bool]]:
    return [(level, flag) for level, flag, count in drawn for _ in range(count)]


@given(questions)
def test_auroc_is_the_share_of_pairs_in_the_right_order_with_ties_as_halves(drawn: list[tuple[float, bool, int]]) -> None:
    found = auroc(*arrays(drawn))[0]
    everyone = written_out(drawn)
    pairs = [(a > b) + (a == b) / 2 for (a, good), (b, bad) in itertools.product(everyone, everyone) if good and not bad]
    assert np.isnan(found) if not pairs else found == pytest.approx(sum(pairs) / len(pairs))


@given(questions)
def test_aurc_is_the_mean_risk_over_every_coverage_and_ties_share_their_errors(drawn: list[tuple[float, bool, int]]) -> None:
    found = aurc(*arrays(drawn))[0]
    everyone = written_out(drawn)
    means = {level: np.mean([not flag for other, flag in everyone if other == level]) for level, _ in everyone}
    errors = [means[level] for level in sorted((level for level, _ in everyone), reverse=True)]
    risks = [sum(errors[:n]) / n for n in range(1, len(errors) + 1)]
    assert np.isnan(found) if not risks else found == pytest.approx(np.mean(risks))


@given(questions)
def test_the_curve_is_what_aurc_is_the_area_of_and_ends_with_all_questions(drawn: list[tuple[float, bool, int]]) -> None:
    confidence, right, copies = arrays(drawn)
    points = curve(confidence, right)
    assert np.mean([risk for _, risk in points]) == pytest.approx(aurc(confidence, right, copies)[1])
    assert points[-1] == (1.0, pytest.approx(1 - right.mean()))
    assert all(0 <= risk <= 1 + 1e-12 for _, risk in points)


@given(questions)
def test_ece_is_the_gap_in_each_bin_weighed_by_its_size(drawn: list[tuple[float, bool, int]]) -> None:
    found = ece(*arrays(drawn))[0]
    everyone = written_out(drawn)
    gaps = 0.0
    for at in range(10):
        inside = [(c, flag) for c, flag in everyone if at / 10 < c <= (at + 1) / 10 or (at == 0 and c == 0)]
        if inside:
            gaps += abs(np.mean([c for c, _ in inside]) - np.mean([flag for _, flag in inside])) * len(inside)
    assert np.isnan(found) if not everyone else found == pytest.approx(gaps / len(everyone))


def test_bins_say_what_ece_sums_up() -> None:
    confidence, right = np.array([0.05, 0.1, 0.100001, 0.95, 1.0]), np.array([False, True, False, True, True])
    found = bins(confidence, right)
    assert [bar.count for bar in found] == [2, 1, 0, 0, 0, 0, 0, 0, 0, 2]
    assert (found[0].low, found[0].high, found[0].right) == (0.0, 0.1, 0.5)
    assert (found[2].confidence, found[2].right) == (0, 0)
    gap = sum(bar.count * abs(bar.confidence - bar.right) for bar in found) / 5
    assert gap == pytest.approx(ece(confidence, right, np.ones((5, 1)))[0])


def test_the_surest_being_right_is_worth_more_than_the_surest_being_wrong() -> None:
    confidence, copies = np.array([0.9, 0.8, 0.2]), np.ones((3, 1))
    assert aurc(confidence, np.array([True, True, False]), copies)[0] == pytest.approx(1 / 9)
    assert aurc(confidence, np.array([False, True, True]), copies)[0] == pytest.approx((1 + 1 / 2 + 1 / 3) / 3)


def test_no_questions_make_no_curve() -> None:
    assert curve(np.zeros(0), np.zeros(0, bool)) == ()
