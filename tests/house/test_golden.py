"""The golden set is what it says it is, and Groundwire holds the floors it has reached on it."""

from __future__ import annotations

import json
import re
import zlib
from collections import Counter
from pathlib import Path

import pytest

from qa.eval.cases import of_file
from qa.eval.types import Case
from qa.library import Library
from qa.text import words
from tests.conftest import SAMPLES
from tests.processes import command

GOLDEN = Path(__file__).parent.parent / "golden"
QUESTIONS = GOLDEN / "questions.yaml"
FLOORS = GOLDEN / "floors.json"
README = (GOLDEN / "README.md").read_text(encoding="utf-8")
NEAR_MISS = "near_miss"

# A run of all questions, when something else keeps the processor busy, takes longer than other tests may.
pytestmark = pytest.mark.timeout(1800)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the sample articles; only read."""
    home = tmp_path_factory.mktemp("golden") / "home"
    done = command("--home", str(home), "add", str(SAMPLES))
    assert done.code == 0, done.err
    return home


@pytest.fixture(scope="module")
def cases(home: Path) -> tuple[Case, ...]:
    """The questions as the program reads them: a quote that no sample holds, or that one holds twice, does not load."""
    return of_file(QUESTIONS, Library(home)).cases


@pytest.fixture(scope="module")
def run(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an evaluation of all questions."""
    folder = tmp_path_factory.mktemp("golden") / "run"
    done = command("--home", str(home), "eval", "run", str(QUESTIONS), "--out", str(folder))
    assert done.code == 0, done.err
    return folder


def test_there_are_enough_questions_and_enough_near_misses(cases: tuple[Case, ...]) -> None:
    assert len(cases) >= 160
    assert sum(not case.answerable for case in cases) >= 45


def test_every_kind_of_question_that_the_readme_names_is_there_and_no_other(cases: tuple[Case, ...]) -> None:
    table = README[README.index("| kind |") : README.index("## Which half")]
    kinds = Counter(case.kind for case in cases)
    assert set(kinds) == set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE))
    assert min(kinds.values()) >= 5


def test_no_question_is_asked_twice(cases: tuple[Case, ...]) -> None:
    asked = Counter(" ".join(words(case.question.casefold())) for case in cases)
    assert [question for question, times in asked.items() if times > 1] == []


def test_a_question_that_can_be_answered_has_answers_and_evidence_and_a_near_miss_has_neither(cases: tuple[Case, ...]) -> None:
    for case in cases:
        assert case.answerable == (case.kind != NEAR_MISS), case.id
        assert bool(case.answers) == bool(case.evidence) == case.answerable, case.id


def test_questions_marked_as_needing_several_articles_need_more_than_one(cases: tuple[Case, ...]) -> None:
    for case in cases:
        if case.kind == "several":
            assert len({place.article for place in case.evidence[0]}) > 1, case.id


def test_every_sample_article_answers_something(cases: tuple[Case, ...], home: Path) -> None:
    named = {place.article for case in cases for places in case.evidence for place in places}
    assert named == {article.id for article, _ in Library(home).headers()}


def test_no_two_ways_to_answer_a_question_are_the_same(cases: tuple[Case, ...]) -> None:
    for case in cases:
        ways = [frozenset((place.article, place.span) for place in places) for places in case.evidence]
        assert len(set(ways)) == len(ways), case.id


def test_each_half_has_near_misses_and_most_kinds(cases: tuple[Case, ...]) -> None:
    for half in (0, 1):
        kinds = Counter(case.kind for case in cases if zlib.crc32(case.id.encode()) % 2 == half)
        assert kinds[NEAR_MISS] >= 20
        assert len(kinds) >= 10


def test_every_question_is_answered_or_refused_in_its_place(run: Path, cases: tuple[Case, ...]) -> None:
    records = [json.loads(line) for line in (run / "answers.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [(record["id"], record["question"]) for record in records] == [(case.id, case.question) for case in cases]


def test_the_floors_hold(run: Path) -> None:
    done = command("eval", "gate", str(run), "--floors", str(FLOORS))
    assert done.code == 0, done.out + done.err


def test_the_floors_are_out_of_reach_of_every_baseline(run: Path, tmp_path: Path) -> None:
    limits = json.loads(FLOORS.read_text(encoding="utf-8"))
    evaluated, *baselines = json.loads((run / "metrics.json").read_text(encoding="utf-8"))["drafters"]
    assert evaluated.startswith("extractive/")
    assert len(baselines) == 4
    for baseline in baselines:
        floors = tmp_path / "floors.json"
        floors.write_text(json.dumps({**limits, "drafter": baseline}), encoding="utf-8")
        assert command("eval", "gate", str(run), "--floors", str(floors)).code == 8, baseline
