from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from qa.config import Settings
from qa.errors import NothingThere
from qa.library import FILE, Library
from qa.runlog import Entry, RunLog
from qa.schema import STEPS
from qa.types import Answer, Document, Usage
from qa.wiring import House


def count(texts: object) -> list[int]:
    return [len(text.split()) + 2 for text in texts]  # type: ignore[attr-defined]


def entry(question: str, record: str = "{}") -> Entry:
    return Entry("2024-03-12T10:00:00+00:00", question, True, "extractive/1", None, Usage(3, 4), 0.5, record)


def refusal(question: str) -> Answer:
    return Answer(question, (), (), (), "not_in_articles", "Not found.", 0.1, "extractive/1", None, Usage(), {"draft": 0.25})


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(tmp_path / "home", create=True)


def test_what_was_written_is_read_newest_first(library: Library) -> None:
    log = RunLog(library)
    for question in ("one", "two", "three"):
        log.write(entry(question))
    assert [found.question for found in log.entries(2)] == ["three", "two"]
    assert log.entries(1)[0] == Entry(**{**_fields(entry("three")), "number": 3})  # type: ignore[arg-type]


def _fields(one: Entry) -> dict[str, object]:
    return {name: getattr(one, name) for name in one.__slots__}


def test_entries_are_found_by_words_of_their_question_whatever_the_case(library: Library) -> None:
    log = RunLog(library)
    log.write(entry("Who said the CRANE was unsafe?"))
    log.write(entry("Who won?"))
    assert [found.number for found in log.entries(9, "crane")] == [1]


def test_an_entry_that_is_not_there_is_told(library: Library) -> None:
    with pytest.raises(NothingThere, match="no entry 7"):
        RunLog(library).entry(7)


def test_a_home_that_is_not_there_stays_away(tmp_path: Path) -> None:
    log = RunLog(Library(tmp_path / "none"))
    log.write(entry("one"))
    assert log.entries(5) == []
    assert not (tmp_path / "none").exists()


def test_a_library_that_was_written_before_there_was_a_log_gets_one(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    with closing(sqlite3.connect(home / FILE)) as old:
        old.executescript(f"{STEPS[0]}; PRAGMA user_version = 1")
    log = RunLog(Library(home))
    log.write(entry("one"))
    assert len(log.entries(5)) == 1


def test_an_answer_is_given_though_another_process_keeps_the_library_locked(tmp_path: Path, library: Library) -> None:
    told: list[str] = []
    house = House(Settings(tmp_path / "home"), told.append)
    with library.writing():
        library.connection.execute("UPDATE facts SET value = value WHERE name = 'generation'")
        house.remember(refusal("Who?"), "2024-03-12T10:00:00+00:00")
    assert len(told) == 1
    assert "locked" in told[0]
    assert house.log.entries(5) == []


def test_the_setting_leaves_answers_out(tmp_path: Path, library: Library) -> None:
    House(Settings(tmp_path / "home", log=False)).remember(refusal("Who?"), "2024-03-12T10:00:00+00:00")
    assert RunLog(library).entries(5) == []


def test_an_entry_holds_the_whole_record(tmp_path: Path, library: Library) -> None:
    House(Settings(tmp_path / "home")).remember(refusal("Who?"), "2024-03-12T10:00:00+00:00")
    (found,) = RunLog(library).entries(5)
    assert json.loads(found.record)["question"] == "Who?"
    assert (found.answered, found.seconds, found.moment) == (False, 0.25, "2024-03-12T10:00:00+00:00")


def test_writing_an_entry_does_not_make_readers_open_the_index_anew(library: Library) -> None:
    before = library.generation()
    RunLog(library).write(entry("one"))
    assert library.generation() == before


def test_removing_an_article_removes_the_entries_that_quote_it_and_no_others(library: Library) -> None:
    with library.writing():
        for id in ("crane", "bridge"):
            library.put(Document(f"The {id} is closed.", f"/{id}.txt", id=id), count)
    log = RunLog(library)
    for id in ("crane", "bridge"):
        log.write(entry(id, json.dumps({"citations": [{"article_id": id, "quote": "closed"}]})))
    log.write(entry("nothing", json.dumps({"citations": []})))
    with library.writing():
        library.remove("crane")
    assert [found.question for found in log.entries(9)] == ["nothing", "bridge"]


def test_an_entry_that_is_no_json_keeps_no_article_in_the_library(library: Library) -> None:
    with library.writing():
        for id in ("a", "ab"):
            library.put(Document(f"The {id} crane is closed.", f"/{id}.txt", id=id), count)
    log = RunLog(library)
    for record in ('{"citations": [{"article_id": "ab"}', '{"citations": [{"article_id": "a"}', "{torn"):
        log.write(entry(record, record))
    with library.writing():
        library.remove("a")
    assert library.count() == 1
    assert [found.question for found in log.entries(9)] == ["{torn", '{"citations": [{"article_id": "ab"}']


def test_entries_are_looked_up_by_their_moment_when_another_log_is_taken_in(library: Library) -> None:
    query = "EXPLAIN QUERY PLAN SELECT 1 FROM asked WHERE moment = '' AND question = '' AND record = ''"
    assert "asked_by_moment" in str(library.connection.execute(query).fetchall())
