"""Floors hold what was reached, and only rise."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from qa.errors import ConfigError, GateFailed, NotComparable
from qa.eval.gate import Floors, gate, raise_floors, read_floors
from qa.eval.tables import raised_record, raised_text, verdict_record, verdict_text
from qa.eval.types import Run, Scores
from qa.render.data import dumps


def run(name: str = "extractive/1", **figures: float) -> Run:
    named = {metric.replace("_at_", "@"): value for metric, value in figures.items()}
    baseline = Scores("lead", (), {"hit@1": 0.2}, {}, {}, (), ())
    return Run("news", "d1", (Scores(name, (), named, {}, {}, (), ()), baseline), {}, {})


def written(path: Path, **record: object) -> Path:
    path.write_text(json.dumps({"schema": "groundwire/floors/1", **record}), encoding="utf-8")
    return path


def limits(path: Path) -> tuple[dict[str, float], dict[str, float]]:
    record = json.loads(path.read_text(encoding="utf-8"))
    return record["floors"], record["ceilings"]


def test_a_run_that_reaches_its_floors_and_ceilings_passes() -> None:
    verdict = gate(run(hit_at_1=0.7, ece=0.05), Floors(None, {"hit@1": 0.7}, {"ece": 0.05}))
    assert verdict.fallen == ()
    verdict.enforce()


def test_a_run_below_a_floor_or_above_a_ceiling_fails_and_says_in_what() -> None:
    verdict = gate(run(hit_at_1=0.69, mrr=0.9, ece=0.06), Floors(None, {"hit@1": 0.7, "mrr": 0.8}, {"ece": 0.05}))
    assert [(check.metric, check.limit, check.value) for check in verdict.fallen] == [("hit@1", 0.7, 0.69), ("ece", 0.05, 0.06)]
    with pytest.raises(GateFailed, match="2 of 3: hit@1, ece") as caught:
        verdict.enforce()
    assert caught.value.exit_code == 8


def test_a_metric_that_the_run_does_not_have_has_fallen() -> None:
    (check,) = gate(run(), Floors(None, {"hit@1": 0.0}, {})).fallen
    assert check.value is None
    assert gate(run(), Floors(None, {}, {"ece": 1.0})).fallen


def test_floors_for_a_drafter_are_held_against_that_drafter() -> None:
    assert gate(run(hit_at_1=0.9), Floors("lead", {"hit@1": 0.5}, {})).fallen
    assert gate(run(hit_at_1=0.9), Floors(None, {"hit@1": 0.5}, {})).name == "extractive/1"


def test_floors_for_a_drafter_that_was_not_evaluated_are_not_comparable() -> None:
    with pytest.raises(NotComparable, match="extractive/2"):
        gate(run(), Floors("extractive/2", {}, {}))


def test_a_new_file_takes_what_judges_and_leaves_cost_and_lengths_out(tmp_path: Path) -> None:
    path = tmp_path / "floors" / "news.json"
    good = run(hit_at_1=2 / 3, ece=0.12341, seconds=3.0, tokens=9.0, cited_length=4.0, citations_exact=1.0)
    raised = raise_floors(good, path)
    assert limits(path) == ({"hit@1": 0.6666, "citations_exact": 1.0}, {"ece": 0.1235})
    assert read_floors(path).drafter is None
    assert {move.before for move in raised.moved} == {None}
    assert gate(good, read_floors(path)).fallen == ()


def test_floors_rise_and_ceilings_fall_but_never_the_other_way(tmp_path: Path) -> None:
    path = written(tmp_path / "f.json", floors={"hit@1": 0.5, "mrr": 0.9}, ceilings={"ece": 0.2, "brier": 0.1})
    raised = raise_floors(run(hit_at_1=0.6, mrr=0.8, ece=0.1, brier=0.3), path)
    assert limits(path) == ({"hit@1": 0.6, "mrr": 0.9}, {"ece": 0.1, "brier": 0.1})
    assert [(move.metric, move.before, move.after) for move in raised.moved] == [("hit@1", 0.5, 0.6), ("ece", 0.2, 0.1)]
    assert [(move.metric, move.before, move.after) for move in raised.refused] == [("mrr", 0.9, 0.8), ("brier", 0.1, 0.3)]


def test_a_floor_is_lowered_where_that_is_asked_for(tmp_path: Path) -> None:
    path = written(tmp_path / "f.json", floors={"mrr": 0.9}, ceilings={"brier": 0.1})
    raised = raise_floors(run(mrr=0.8, brier=0.3), path, lower=True)
    assert limits(path) == ({"mrr": 0.8}, {"brier": 0.3})
    assert raised.refused == ()


def test_a_floor_whose_metric_the_run_lacks_stays_and_no_metric_is_added(tmp_path: Path) -> None:
    path = written(tmp_path / "f.json", drafter="lead", floors={"hit@1": 0.1, "mrr": 0.9})
    raise_floors(run(ndcg=1.0), path, lower=True)
    assert limits(path) == ({"hit@1": 0.2, "mrr": 0.9}, {})
    assert read_floors(path).drafter == "lead"


def test_raising_twice_moves_nothing_the_second_time(tmp_path: Path) -> None:
    path, good = tmp_path / "f.json", run(hit_at_1=0.123456, ece=0.123456)
    raise_floors(good, path)
    before = path.read_bytes()
    again = raise_floors(good, path)
    assert (again.moved, again.refused) == ((), ())
    assert path.read_bytes() == before
    assert [entry.name for entry in tmp_path.iterdir()] == ["f.json"]


@pytest.mark.parametrize(
    "text",
    [
        "not json",
        "[]",
        '{"floors": {}}',
        '{"schema": "groundwire/floors/1", "floors": []}',
        '{"schema": "groundwire/floors/1", "floors": {"hit@1": true}}',
        '{"schema": "groundwire/floors/1", "ceilings": {"ece": "0.1"}}',
        '{"schema": "groundwire/floors/1", "floors": {"hit@1": NaN}}',
        '{"schema": "groundwire/floors/1", "drafter": 1}',
    ],
)
def test_a_file_that_is_not_floors_is_an_error_and_stays_as_it_is(tmp_path: Path, text: str) -> None:
    path = tmp_path / "f.json"
    path.write_text(text, encoding="utf-8")
    for attempt in (lambda: read_floors(path), lambda: raise_floors(run(hit_at_1=1.0), path)):
        with pytest.raises(ConfigError):
            attempt()
    assert path.read_text(encoding="utf-8") == text


def test_floors_that_are_not_there_are_an_error() -> None:
    with pytest.raises(ConfigError):
        read_floors(Path("nowhere") / "floors.json")


def test_the_verdict_is_told_in_words_and_as_a_record(tmp_path: Path) -> None:
    verdict = gate(run(hit_at_1=0.5), Floors(None, {"hit@1": 0.7, "mrr": 0.1}, {}))
    text, record = verdict_text(verdict), verdict_record(verdict)
    assert "2 of 2 limits fell" in text
    assert "absent" in text
    assert (record["ok"], record["fallen"]) == (False, ["hit@1", "mrr"])
    assert dumps(record)
    assert verdict_record(gate(run(hit_at_1=0.8), Floors(None, {"hit@1": 0.7}, {})))["ok"] is True


def test_what_moved_is_told_in_words_and_as_a_record(tmp_path: Path) -> None:
    path = written(tmp_path / "f.json", floors={"hit@1": 0.5, "mrr": 0.9})
    raised = raise_floors(run(hit_at_1=0.6, mrr=0.8), path)
    assert "hit@1 floor 0.5000 -> 0.6000" in raised_text(raised)
    assert "does not reach it: mrr floor 0.9000 -> 0.8000" in raised_text(raised)
    assert dumps(raised_record(raised))
    assert raised_text(raise_floors(run(hit_at_1=0.6), path)) == "nothing moved"
