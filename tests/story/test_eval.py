"""``qa eval`` as a person runs it: real processes, a small data set."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.story.conftest import Qa, environment

ARTICLES = {
    "ferry": "The ferry Aurora sank off Wrenmouth on Monday. The coastguard rescued 48 passengers. Nobody was hurt.",
    "crane": "A crane fell on the quay. The harbour master Ann Lee said the crane weighed forty tonnes.",
}
QUESTIONS = (
    ("How many passengers did the coastguard rescue?", "ferry", "The coastguard rescued 48 passengers."),
    ("Who said how much the crane weighed?", "crane", "Ann Lee said the crane weighed forty tonnes."),
    ("Which zebra won the derby in Lisbon?", None, None),
)


def lines(*records: dict[str, object]) -> str:
    return "".join(json.dumps(record) + "\n" for record in records)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "harbour"
    folder.mkdir()
    asked = [
        {"question": text, "answers": [quote] if quote else [], "evidence": [{"article": id, "quote": quote}] if id else []}
        for text, id, quote in QUESTIONS
    ]
    (folder / "articles.jsonl").write_text(lines(*({"id": id, "text": text} for id, text in ARTICLES.items())))
    (folder / "questions.jsonl").write_text(lines(*asked))
    return folder


@pytest.fixture
def finished(qa: Qa, data: Path, tmp_path: Path) -> Path:
    run = tmp_path / "run"
    done = qa("eval", "run", str(data), "--out", str(run), "--model", "bm25")
    assert done.code == 0, done.err
    return run


def test_a_run_ends_with_a_table_a_second_one_is_only_scored_and_the_home_stays_away(
    qa: Qa, data: Path, finished: Path, home: Path
) -> None:
    again = qa("eval", "run", str(data), "--out", str(finished), "--model", "bm25")
    for name in ("bm25/1", "lead/1", "everything/1", "nothing/1", "hit@1", "citations_exact"):
        assert name in again.out
    assert "3 of 3 questions were answered before" in again.err
    assert not home.exists()
    assert qa("eval", "run", str(data), "--out", str(finished), "--model", "bm25", "--quiet").err == ""


def test_metrics_are_one_object_and_what_the_folder_holds(qa: Qa, data: Path, finished: Path) -> None:
    record = qa("eval", "run", str(data), "--out", str(finished), "--model", "bm25", "--json").record
    assert record == json.loads((finished / "metrics.json").read_text())
    assert record["drafters"]["bm25/1"]["figures"]["citations_exact"] == 1


def test_floors_are_raised_held_and_missed(qa: Qa, data: Path, finished: Path, tmp_path: Path) -> None:
    path = tmp_path / "floors.json"
    floors = str(path)
    assert qa("eval", "raise", str(finished), "--floors", floors).code == 0
    path.write_text(json.dumps({**json.loads(path.read_text()), "drafter": None}))  # whoever is evaluated, not its namesake
    assert qa("eval", "gate", str(finished), "--floors", floors).code == 0
    worse = str(tmp_path / "worse")
    assert qa("eval", "run", str(data), "--out", worse, "--model", "nothing").code == 0
    assert "hit@1" in qa("eval", "gate", worse, "--floors", floors).told(8)
    before = json.loads(path.read_text())["floors"]["hit@1"]
    qa("eval", "raise", worse, "--floors", floors)
    assert json.loads(path.read_text())["floors"]["hit@1"] == before > 0


def test_a_run_beside_itself_shows_no_difference_and_beside_other_data_is_refused(
    qa: Qa, data: Path, finished: Path, tmp_path: Path
) -> None:
    same = qa("eval", "compare", str(finished), str(finished), "--json")
    assert same.code == 0
    assert same.record["flips"] == []
    less = str(tmp_path / "less")
    assert qa("eval", "run", str(data), "--out", less, "--model", "bm25", "--limit", "2").code == 0
    assert qa("eval", "compare", str(finished), less).told(9)
    assert qa("eval", "run", str(data), "--out", less, "--model", "bm25").told(9)


def test_the_reports_are_written_anew(qa: Qa, finished: Path) -> None:
    (finished / "report.html").unlink()
    assert "report.html" in qa("eval", "report", str(finished)).out
    assert (finished / "report.html").exists()


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["run", "gone", "--out", "run"], 4),
        (["run", "harbour"], 2),
        (["run", "harbour", "--out", "run", "--model", "lede"], 3),
        (["run", "harbour/questions.jsonl", "--out", "run"], 4),
        (["run", ".", "--out", "run"], 2),
        (["compare", "gone", "gone"], 4),
        (["gate", "gone", "--floors", "gone.json"], 3),
        (["raise", "gone", "--floors", "floors.json"], 4),
        (["report", "harbour"], 4),
    ],
)
def test_an_error_of_an_evaluation_is_two_lines_and_its_exit_code(
    qa: Qa, data: Path, home: Path, arguments: list[str], code: int
) -> None:
    assert qa("eval", *arguments).told(code)
    assert not home.exists()


def test_a_run_killed_or_interrupted_in_the_middle_goes_on(qa: Qa, data: Path, home: Path, tmp_path: Path) -> None:
    asked = [{"id": f"q{at}", "question": f"Who said the crane weighed {at} tonnes?", "answerable": False} for at in range(120)]
    (data / "questions.jsonl").write_text(lines(*asked))
    run, answers = tmp_path / "run", tmp_path / "run" / "answers.jsonl"
    arguments = ["eval", "run", str(data), "--out", str(run), "--model", "bm25", "--quiet"]
    for sent, code in ((signal.SIGKILL, -signal.SIGKILL), (signal.SIGINT, 130)):
        before = answers.stat().st_size if answers.exists() else 0
        process = subprocess.Popen(
            [sys.executable, "-m", "qa", *arguments],
            env=environment(home),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a job in the background has it ignored
        )
        while process.poll() is None and (not answers.exists() or answers.stat().st_size < before + 2000):
            time.sleep(0.01)
        process.send_signal(sent)
        process.communicate()
        assert process.returncode == code
        with answers.open("ab") as stream:
            stream.write(b'{"id": "q119", "schema": "groundw')
    done = qa(*arguments, "--json")
    assert done.code == 0, done.err
    assert [json.loads(line)["id"] for line in answers.read_text().splitlines()] == [one["id"] for one in asked]
