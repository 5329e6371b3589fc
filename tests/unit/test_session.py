from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from qa.config import Settings
from qa.errors import ConfigError, NothingThere, QAError, UsageError
from qa.keywords import Filters
from qa.render import Look
from qa.session import COMMANDS, Session
from qa.types import Answer, Usage
from qa.wiring import House
from tests.conftest import SAMPLES

MOMENT = "2024-03-12T10:00:00+00:00"
QUESTION = "Who said the harbour crane was unsafe?"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from qa import Library

    home = tmp_path_factory.mktemp("session") / "home"
    with Library(home) as library:
        library.add(*(SAMPLES / name for name in ("wrenmouth-crane-warning.md", "finland-joins-nato.md")))
    return home


@pytest.fixture
def shown() -> list[Answer]:
    """Every answer that was shown."""
    return []


@pytest.fixture
def session(home: Path, shown: list[Answer]) -> Iterator[Session]:
    house = House(Settings(home))

    def put(asked: House, question: str, filters: Filters, before: Usage) -> Answer:
        shown.append(asked.ask(question, filters, before=before))
        return shown[-1]

    def reopen(model: str) -> House:
        return House(replace(house.settings, model=model))

    yield Session(house, look=Look(), put=put, reopen=reopen, moment=lambda: MOMENT)
    house.library.close()


def say(session: Session, *lines: str) -> list[str]:
    """What was said to the last of the lines, besides answers."""
    for line in lines:
        said = list(session.heard(line))
    return said


def test_a_follow_up_is_shown_as_it_was_understood_before_its_answer(session: Session, shown: list[Answer]) -> None:
    say(session, QUESTION)
    heard = session.heard("what did she count?")
    assert next(heard) == "→ what did Hanne Voss count?"
    assert len(shown) == 1
    assert list(heard) == []
    assert shown[1].question == "what did Hanne Voss count?"


def test_what_a_follow_up_took_to_be_understood_counts_as_its_answer_s(home: Path, shown: list[Answer], tmp_path: Path) -> None:
    script = tmp_path / "replies.json"
    script.write_text(json.dumps(["NONE: nothing", "What did Hanne Voss count in the old harbour?", "NONE: nothing"]))
    house = House(Settings(home, model=f"scripted:{script}", reader="none", log=False))

    def put(asked: House, question: str, filters: Filters, before: Usage) -> Answer:
        assert before.output_tokens == len(shown) * 9
        shown.append(asked.ask(question, filters, before=before))
        return shown[-1]

    asking = Session(house, look=Look(), put=put, reopen=lambda _: house, moment=lambda: MOMENT)
    say(asking, QUESTION, "what did she count?")
    assert shown[1].usage.output_tokens == 9 + shown[0].usage.output_tokens
    house.library.close()


@pytest.mark.parametrize("line", ["", "   ", "\n"])
def test_an_empty_line_does_nothing(session: Session, line: str) -> None:
    assert say(session, line) == []


def test_a_command_that_is_not_there_is_told_and_the_session_goes_on(session: Session) -> None:
    with pytest.raises(UsageError, match="/nonsense") as told:
        say(session, "/nonsense 3")
    assert "/help" in told.value.hint
    assert say(session, "/help")


def test_help_names_every_command(session: Session) -> None:
    (shown,) = say(session, "/help")
    assert all(f"/{name}" in shown for name in COMMANDS)


def test_sources_open_and_why_are_about_the_last_answer(session: Session, shown: list[Answer]) -> None:
    say(session, QUESTION)
    citation = shown[0].citations[0]
    assert f"chars {citation.span.start}-{citation.span.end}" in " ".join(say(session, "/sources")[0].split())
    (opened,) = say(session, "/open 1")
    assert " ".join(f"⟦{citation.quote}⟧".split()) in " ".join(opened.split())
    assert "It was put up in 1987." in opened
    (why,) = say(session, "/why [1]")
    assert "claim 1: supported" in why
    assert "in the quote: said, harbour, crane, unsafe" in why
    assert "passage: 1 of" in why
    assert "order: 1 of the" in why
    assert "the bundled reader gives it" in why
    assert "asked for whoever said it: by who speaks in it" in why
    (whole,) = say(session, f"/open {citation.article.id}")
    assert "sha256" in whole


@pytest.mark.parametrize("line", ["/sources", "/open 1", "/why 1", "/save answers.jsonl"])
def test_before_the_first_question_there_is_nothing_to_show(session: Session, line: str) -> None:
    with pytest.raises(NothingThere, match="nothing has been asked"):
        say(session, line)


@pytest.mark.parametrize("line", ["/open 99", "/why", "/why x", "/open nobody"])
def test_a_citation_or_article_that_is_not_there_is_told(session: Session, line: str) -> None:
    with pytest.raises(QAError):
        say(session, QUESTION, line)


def test_not_answered_sources_are_the_passages_that_were_found(session: Session, shown: list[Answer]) -> None:
    say(session, "How many tanks did Finland give to Ukraine in 1911?")
    assert not shown[0].answered
    assert "finland-joins-nato" in say(session, "/sources")[0]


def test_filters_are_told_hold_from_then_on_and_can_be_lifted(session: Session, shown: list[Answer]) -> None:
    assert say(session, "/since 2031") == ["From here on: --since 2031-01-01."]
    say(session, QUESTION)
    assert shown[-1].reason == "filtered_out"
    with pytest.raises(UsageError, match="not a date"):
        say(session, "/until yesterday")
    assert say(session, "/source Herald") == ["From here on: --since 2031-01-01 --source Herald."]
    assert say(session, "/since") == ["From here on: --source Herald."]
    say(session, "/clear", QUESTION)
    assert shown[-1].answered


def test_after_clear_nothing_is_carried_over(session: Session) -> None:
    assert say(session, QUESTION, "/clear", "what did she count?") == []


def test_a_model_that_is_not_there_leaves_the_one_before(session: Session) -> None:
    with pytest.raises(ConfigError):
        say(session, "/model nobody")
    assert say(session, "/model") == ["extractive/2 drafts."]
    assert say(session, "/model extractive") == ["From here on extractive/2 drafts."]


def test_saved_records_are_all_answers_and_no_other_file_is_written_over(session: Session, tmp_path: Path) -> None:
    file, other = tmp_path / "answers.jsonl", tmp_path / "other.txt"
    other.write_text("mine")
    say(session, QUESTION, f"/save {file}", "Who is in NATO?", f"/save {file}")
    records = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert [record["schema"] for record in records] == ["groundwire/answer/1"] * 2
    with pytest.raises(UsageError, match="there already"):
        say(session, f"/save {other}")
    with pytest.raises(UsageError, match="cannot be written"):
        say(session, f"/save {tmp_path / 'none' / 'x'}")
    assert other.read_text() == "mine"


def test_a_save_that_fails_leaves_what_was_saved_before(session: Session, tmp_path: Path) -> None:
    file = tmp_path / "answers.jsonl"
    say(session, QUESTION, f"/save {file}")
    before = file.read_bytes()
    (tmp_path / f"answers.jsonl.{os.getpid()}.partial").mkdir()  # what stands in the way may as well be a full disk
    with pytest.raises(UsageError, match="cannot be written"):
        say(session, f"/save {file}")
    assert file.read_bytes() == before


def test_what_is_asked_is_kept_in_the_log_as_it_was_understood(session: Session, home: Path) -> None:
    say(session, QUESTION, "what did she count?")
    newest = House(Settings(home)).log.entries(2)
    assert [entry.question for entry in newest] == ["what did Hanne Voss count?", QUESTION]
    assert newest[0].moment == MOMENT


def test_quit_ends_it(session: Session) -> None:
    assert not session.over
    say(session, "/quit")
    assert session.over


def test_tab_completes_commands_numbers_ids_and_outlets(session: Session) -> None:
    assert session.completions("/so") == ["/sources", "/source "]
    assert session.completions("/why ") == []
    say(session, QUESTION)
    assert "/why 1" in session.completions("/why ")
    assert any(line.startswith("/open wrenmouth-crane-warning") for line in session.completions("/open wr"))
    assert session.completions("/source Har") == ["/source Harbour Courier"]
    assert session.completions("who said") == []


def test_a_long_history_keeps_its_newer_half_in_whole_entries(tmp_path: Path) -> None:
    from prompt_toolkit.history import FileHistory

    from qa.commands.session import shortened

    path = tmp_path / "history"
    for number in range(50):
        FileHistory(path).store_string(f"question {number}")
    shortened(path)
    assert len(list(FileHistory(path).load_history_strings())) == 50
    shortened(path, 1000)
    kept = list(FileHistory(path).load_history_strings())
    assert 5 < len(kept) < 25
    assert kept == [f"question {number}" for number in range(49, 49 - len(kept), -1)]
