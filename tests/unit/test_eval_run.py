"""Evaluations of a few questions, with the real library, index, drafters and files."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from qa.config import Settings
from qa.errors import NotComparable, NothingThere, QAError, UsageError
from qa.eval.cases import Data, of_file, of_folder
from qa.eval.folder import Folder, tidied
from qa.eval.run import evaluate
from qa.eval.types import Run
from qa.wiring import House

ARTICLES = {
    "ferry": "The ferry Aurora sank off Wrenmouth on Monday. The coastguard rescued 48 passengers. Nobody was hurt.",
    "crane": "A crane fell on the quay. The harbour master Ann Lee said the crane weighed forty tonnes.",
    "bridge": "The new bridge opened in May. It cost nine million euros, the mayor said.",
}
QUESTIONS = (
    ("rescued", "How many passengers did the coastguard rescue?", "ferry", "The coastguard rescued 48 passengers.", "number"),
    ("weight", "Who said how much the crane weighed?", "crane", "Ann Lee said the crane weighed forty tonnes.", "said"),
    ("cost", "What did the new bridge cost?", "bridge", "It cost nine million euros, the mayor said.", "number"),
    ("zebra", "Which zebra won the derby in Lisbon?", None, None, "near"),
)
FILES = ["answers.jsonl", *(f"baselines/{name}.jsonl" for name in ("lead", "bm25", "everything", "nothing"))]


class Watch:
    """Remembers what it was told, and may interrupt once so many questions are done."""

    def __init__(self, stop: int | None = None) -> None:
        self.stop = stop
        self.told: list[tuple[int, int, int]] = []
        self.chunks = 0

    def embedded(self, chunks: int) -> None:
        self.chunks += chunks

    def answered(self, done: int, before: int, total: int) -> None:
        self.told.append((done, before, total))
        if done == self.stop:
            raise KeyboardInterrupt


def question(id: str, asked: str, article: str | None, quote: str | None, kind: str) -> dict[str, object]:
    evidence = [{"article_id": article, "quote": quote}] if article else []
    return {"id": id, "question": asked, "answers": [quote] if quote else [], "evidence": evidence, "type": kind}


def data_at(folder: Path, articles: dict[str, str] = ARTICLES) -> Data:
    folder.mkdir(exist_ok=True)
    texts = [json.dumps({"id": id, "title": id.title(), "text": text}) for id, text in articles.items()]
    asked = [json.dumps(question(*one)) for one in QUESTIONS if one[2] is None or one[2] in articles]
    (folder / "articles.jsonl").write_text("\n".join(texts) + "\n", encoding="utf-8")
    (folder / "questions.jsonl").write_text("\n".join(asked) + "\n", encoding="utf-8")
    return of_folder(folder, 1_000_000)


@pytest.fixture
def data(tmp_path: Path) -> Data:
    return data_at(tmp_path / "harbour")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(tmp_path / "home", model="bm25")


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> tuple[Run, Path]:
    """The shipped drafter's evaluation; only read."""
    path = tmp_path_factory.mktemp("finished")
    run = evaluate(data_at(path / "harbour"), Settings(path / "home"), path / "run", Watch())
    return run, path / "run"


def ids(path: Path) -> list[str]:
    return [json.loads(line)["id"] for line in path.read_text(encoding="utf-8").splitlines()]


def test_every_question_is_put_to_the_drafter_and_to_each_baseline(finished: tuple[Run, Path]) -> None:
    run, path = finished
    assert [scores.name for scores in run.scores] == ["extractive/2", "lead/1", "bm25/1", "everything/1", "nothing/1"]
    for name in FILES:
        assert ids(path / name) == [one[0] for one in QUESTIONS]
    assert not any(row.outcome.answered for row in run.scores[-1].rows)
    assert all(row.outcome.answered for row in run.scores[3].rows)


def test_every_citation_is_looked_up_and_is_the_slice_it_names(finished: tuple[Run, Path]) -> None:
    citations = [cited for scores in finished[0].scores for row in scores.rows for cited in row.outcome.citations]
    assert len(citations) > len(QUESTIONS)
    assert all(cited.exact for cited in citations)
    assert all(cited.place.span.of(ARTICLES[cited.place.article]) == cited.place.quote for cited in citations)


def test_the_records_say_what_was_read(finished: tuple[Run, Path]) -> None:
    record = json.loads((finished[1] / "answers.jsonl").read_text(encoding="utf-8").splitlines()[0])
    assert record["schema"] == "groundwire/answer/1"
    assert {one["article_id"] for one in record["passages"]} <= ARTICLES.keys()
    assert all(0 <= one["start"] < one["end"] <= len(ARTICLES[one["article_id"]]) for one in record["passages"])
    read = finished[0].scores[0].rows[0].outcome.passages
    assert [place.span.of(ARTICLES[place.article]) for place in read] == [place.quote for place in read]


def test_all_drafters_are_given_the_same_passages(finished: tuple[Run, Path]) -> None:
    for rows in zip(*(scores.rows for scores in finished[0].scores), strict=True):
        assert len({row.outcome.passages for row in rows}) == 1


def test_a_finished_evaluation_is_read_back_from_its_folder_alone(finished: tuple[Run, Path]) -> None:
    run, path = finished
    again = Folder(path).load()
    assert (again.data, again.digest, dict(again.settings)) == (run.data, run.digest, dict(run.settings))
    assert list(again.scores) == list(run.scores)
    assert again.sources == run.sources
    assert again.settings["model"] == "extractive/2"


def test_metrics_hold_every_drafters_figures_and_every_questions_values(finished: tuple[Run, Path]) -> None:
    record = json.loads((finished[1] / "metrics.json").read_text(encoding="utf-8"))
    assert (record["schema"], record["data"], record["questions"]) == ("groundwire/metrics/1", "harbour", len(QUESTIONS))
    assert [row["id"] for row in record["rows"]] == [one[0] for one in QUESTIONS]
    assert record["drafters"].keys() == record["rows"][0]["values"].keys() == {scores.name for scores in finished[0].scores}
    for part in record["drafters"].values():
        assert {"figures", "counts", "groups", "curve", "bins"} <= part.keys()
    assert record["drafters"]["everything/1"]["figures"]["sentence_recall"] == 1


def test_reports_stand_beside_the_answers(finished: tuple[Run, Path]) -> None:
    assert "<html" in (finished[1] / "report.html").read_text(encoding="utf-8")
    assert "lead/1" in (finished[1] / "report.md").read_text(encoding="utf-8")


def test_the_home_is_never_touched_where_the_data_bring_their_articles(data: Data, settings: Settings, tmp_path: Path) -> None:
    evaluate(data.first(1), settings, tmp_path / "run", Watch())
    assert not settings.home.exists()


def test_a_stopped_evaluation_goes_on_where_it_stopped(data: Data, settings: Settings, tmp_path: Path) -> None:
    run = tmp_path / "run"
    with pytest.raises(KeyboardInterrupt):
        evaluate(data, settings, run, Watch(stop=2))
    kept = (run / "answers.jsonl").read_bytes()
    assert ids(run / "answers.jsonl") == ["rescued", "weight"]
    with pytest.raises(NothingThere, match="not finished"):
        Folder(run).load()
    watch = Watch()
    evaluate(data, settings, run, watch)
    assert watch.told[0] == (0, 2, 4)
    assert watch.chunks == 0
    assert (run / "answers.jsonl").read_bytes().startswith(kept)
    assert len(Folder(run).load().scores[0].rows) == 4


def test_half_a_line_and_a_missing_record_are_made_anew_in_the_questions_order(
    data: Data, settings: Settings, tmp_path: Path
) -> None:
    run = tmp_path / "run"
    evaluate(data, settings, run, Watch())
    first, second, third, fourth = (run / "answers.jsonl").read_bytes().splitlines(keepends=True)
    (run / "answers.jsonl").write_bytes(first + third + b"garbage\n" + fourth + second[: len(second) // 2])
    watch = Watch()
    evaluate(data, settings, run, watch)
    assert watch.told[0] == (0, 3, 4)
    lines = (run / "answers.jsonl").read_bytes().splitlines(keepends=True)
    assert [lines[0], *lines[2:]] == [first, third, fourth]
    assert json.loads(lines[1])["id"] == "weight"


def test_an_evaluation_of_other_data_or_by_another_model_is_refused_unless_fresh(
    data: Data, settings: Settings, tmp_path: Path
) -> None:
    run = tmp_path / "run"
    evaluate(data, settings, run, Watch())
    for other, told in ((data.first(2), "data"), (data, "model")):
        with pytest.raises(NotComparable, match=told):
            evaluate(other, replace(settings, model="lead"), run, Watch())
    with pytest.raises(NotComparable, match="passages"):
        evaluate(data, replace(settings, passages=3), run, Watch())
    assert len(Folder(run).load().scores[0].rows) == 4
    evaluate(data.first(2), replace(settings, model="lead"), run, Watch(), fresh=True)
    assert ids(run / "answers.jsonl") == ["rescued", "weight"]
    assert [scores.name for scores in Folder(run).load().scores] == ["lead/1", "bm25/1", "everything/1", "nothing/1"]


def test_articles_of_data_that_were_there_before_are_gone_when_begun_anew(settings: Settings, tmp_path: Path) -> None:
    evaluate(data_at(tmp_path / "harbour"), settings, tmp_path / "run", Watch())
    fewer = {id: text for id, text in ARTICLES.items() if id != "ferry"}
    run = evaluate(data_at(tmp_path / "harbour", fewer), settings, tmp_path / "run", Watch(), fresh=True)
    read = {place.article for scores in run.scores for row in scores.rows for place in row.outcome.passages}
    assert read == fewer.keys()


def test_a_folder_with_other_things_in_it_is_left_alone(data: Data, settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("dear")
    for path in (tmp_path / "mine", tmp_path / "mine" / "letter.txt"):
        with pytest.raises(UsageError):
            evaluate(data, settings, path, Watch(), fresh=True)
    assert [one.name for one in (tmp_path / "mine").iterdir()] == ["letter.txt"]


def test_two_at_work_in_one_folder_are_told(data: Data, settings: Settings, tmp_path: Path) -> None:
    folder = Folder(tmp_path / "run")
    with pytest.raises(KeyboardInterrupt):
        evaluate(data, settings, folder.path, Watch(stop=1))
    with folder.held(folder.plan(), fresh=False), pytest.raises(QAError, match="another qa"):
        evaluate(data, settings, folder.path, Watch())


def test_a_questions_file_is_put_to_the_library_at_hand(data: Data, settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(NothingThere, match="empty"):
        evaluate(replace(data, documents=None), settings, tmp_path / "none", Watch())
    house = House(settings)
    house.desk().add(data.documents or ())
    (tmp_path / "by-hand.yaml").write_text(
        "- question: How many million euros did the mayor say it cost?\n  answers: [nine million euros]\n"
        "  evidence: {article: Bridge, quote: It cost nine million euros}\n",
        encoding="utf-8",
    )
    run = evaluate(of_file(tmp_path / "by-hand.yaml", house.library), settings, tmp_path / "run", Watch())
    assert run.data == "by-hand"
    assert run.scores[0].figures["hit@1"] == 1
    assert not (tmp_path / "run" / "library").exists()


def test_what_is_not_there_or_not_an_evaluation_is_told(tmp_path: Path) -> None:
    for path in (tmp_path / "gone", tmp_path):
        with pytest.raises(NothingThere):
            Folder(path).load()


def test_a_question_narrowed_to_days_is_answered_from_those_days_alone(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "dated").mkdir()
    articles = [
        {"id": day, "text": f"The crane fell. This was written on {day}.", "published": day}
        for day in ("2020-01-01", "2021-01-01")
    ]
    asked = {"question": "What did the crane do?", "answerable": True, "since": "2020-06-01"}
    (tmp_path / "dated" / "articles.jsonl").write_text("\n".join(map(json.dumps, articles)))
    (tmp_path / "dated" / "questions.jsonl").write_text(f"{json.dumps(asked)}\n{json.dumps({**asked, 'until': '2020-07-01'})}\n")
    run = evaluate(of_folder(tmp_path / "dated", 1_000_000), settings, tmp_path / "run", Watch())
    one, none = run.scores[0].rows
    assert {place.article for place in one.outcome.passages} == {"2021-01-01"}
    assert none.outcome.reason == "filtered_out"


def test_records_of_unknown_questions_and_second_records_are_left_out(tmp_path: Path) -> None:
    file = tmp_path / "answers.jsonl"
    file.write_bytes(b'{"id": "b", "n": 1}\n[]\n{"id": "x"}\n{"id": "a"}\n{"id": "b", "n": 2}\n{"id": "c"}')
    assert tidied(file, ["a", "b", "c"]) == {"a", "b"}
    assert file.read_bytes() == b'{"id": "a"}\n{"id": "b", "n": 1}\n'


def test_a_model_that_says_nothing_of_use_has_refused_and_the_next_question_is_put(data: Data, tmp_path: Path) -> None:
    script = tmp_path / "replies.json"
    script.write_text(json.dumps(["Hello.", "It is late.", "NONE: x", "NONE: x", "NONE: x"]), encoding="utf-8")
    settings = Settings(tmp_path / "home", model=f"scripted:{script}", reader="none")
    evaluate(data, settings, tmp_path / "run", Watch())
    first, *others = [json.loads(line) for line in (tmp_path / "run" / "answers.jsonl").read_text("utf-8").splitlines()]
    assert (first["answered"], first["reason"]) == (False, "not_in_articles")
    assert "did not reply in the form" in first["message"]
    assert len(others) == 3


def test_a_model_that_cannot_be_asked_stops_the_evaluation(data: Data, tmp_path: Path) -> None:
    script = tmp_path / "replies.json"
    script.write_text("[]", encoding="utf-8")
    with pytest.raises(QAError, match="no more replies"):
        evaluate(data, Settings(tmp_path / "home", model=f"scripted:{script}", reader="none"), tmp_path / "run", Watch())
