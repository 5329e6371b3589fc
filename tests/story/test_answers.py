from __future__ import annotations

from pathlib import Path

import pytest

from qa.library import Library
from tests.processes import command
from tests.questions import QUESTIONS
from tests.story.conftest import Done, Qa, environment

ANSWERABLE = [case for case in QUESTIONS if case.words]
NEAR_MISSES = [case for case in QUESTIONS if not case.words]


@pytest.fixture
def sampled(qa: Qa, sample_home: Path) -> Qa:
    def run(*arguments: str, **extra: str) -> Done:
        return qa(*arguments, "--home", str(sample_home), **extra)

    return run


@pytest.fixture(scope="session")
def records(sample_home: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, object]]:
    """One record for each of the sample questions, from one process."""
    asked = "\n".join(case.question for case in QUESTIONS)
    done = command("ask", "-", given=asked.encode(), environment=environment(sample_home))
    return {record["question"]: record for record in done.records}


def test_every_question_gets_its_record_in_order(records: dict[str, dict[str, object]]) -> None:
    assert list(records) == [case.question for case in QUESTIONS]


def test_law_4_every_citation_of_every_answer_is_the_slice_it_names(
    sample_home: Path, records: dict[str, dict[str, object]]
) -> None:
    library = Library(sample_home)
    seen = 0
    for record in records.values():
        for citation in record["citations"]:  # type: ignore[attr-defined]
            text, start, end = library.article(citation["article_id"]).text, citation["start"], citation["end"]
            assert text[start:end] == citation["quote"]
            assert text[:start].endswith(citation["prefix"])
            assert text[end:].startswith(citation["suffix"])
            seen += 1
    assert seen >= len(ANSWERABLE) // 2


def test_most_sample_questions_are_answered_by_their_sentence_first_and_nearly_all_among_their_claims(
    records: dict[str, dict[str, object]],
) -> None:
    first = sum(
        case.words in records[case.question]["claims"][0]["text"] for case in ANSWERABLE if records[case.question]["claims"]
    )  # type: ignore[index, operator]
    among = sum(any(case.words in claim["text"] for claim in records[case.question]["claims"]) for case in ANSWERABLE)  # type: ignore[attr-defined, operator]
    assert first >= 0.7 * len(ANSWERABLE)
    assert among >= 0.8 * len(ANSWERABLE)


def test_the_demo_question_is_answered_from_the_right_article(sampled: Qa) -> None:
    record = sampled("ask", "Who said the harbour crane was unsafe?", "--json").record
    assert "Hanne Voss" in record["claims"][0]["text"] + record["citations"][0]["quote"]


def test_an_answer_on_a_terminal_shows_the_claim_its_number_and_its_place(sampled: Qa) -> None:
    record = sampled("ask", "Who said the harbour crane was unsafe?", "--json").record
    shown = sampled("ask", "Who said the harbour crane was unsafe?").out
    first = record["citations"][0]
    assert "[1]" in shown
    assert f"chars {first['start']}-{first['end']}" in " ".join(shown.split())
    assert first["article_id"] in shown
    assert "\x1b" not in shown


def test_filters_narrow_answers_and_say_so_when_nothing_is_left(sampled: Qa) -> None:
    record = sampled("ask", "Who said the harbour crane was unsafe?", "--since", "2031", "--json").record
    assert (record["answered"], record["reason"]) == (False, "filtered_out")
    assert "--since" in record["message"]
    for citation in sampled("ask", "How many homes were flooded in Wrenmouth?", "--source", "meridian", "--json").record[
        "citations"
    ]:
        assert "Meridian" in citation["source"]


def test_strict_ends_with_5_where_there_is_no_answer(sampled: Qa) -> None:
    assert sampled("ask", "How many tanks did Germany send to Bolivia in 1911?", "--strict").code == 5
    assert sampled("ask", "How many tanks did Germany send to Bolivia in 1911?").code == 0


def test_an_empty_library_is_said_to_be_empty(qa: Qa, home: Path) -> None:
    done = qa("ask", "Who said what?", "--json")
    assert (done.record["answered"], done.record["reason"]) == (False, "empty_library")
    assert "empty" in done.told(4)
    assert not home.exists()


@pytest.mark.parametrize("question", ["", "   ", "\n"])
def test_an_empty_question_is_a_usage_error(sampled: Qa, question: str) -> None:
    sampled("ask", question).told(2)


def test_a_question_without_words_is_not_put_to_anything(sampled: Qa) -> None:
    record = sampled("ask", "?!", "--json").record
    assert (record["answered"], record["reason"]) == (False, "nothing_relevant")


def test_blank_lines_of_stdin_keep_their_place(sampled: Qa) -> None:
    records = sampled("ask", "-", stdin="Who said the harbour crane was unsafe?\n\nWhat?\n").records
    assert [record["question"] for record in records] == ["Who said the harbour crane was unsafe?", "", "What?"]


def test_records_fit_their_published_schema(sampled: Qa, records: dict[str, dict[str, object]]) -> None:
    import jsonschema

    answer = sampled("schema", "answer").record
    for record in records.values():
        jsonschema.validate(record, answer)
    summary = sampled("summarize", "--about", "harbour crane", "--json").record
    jsonschema.validate(summary, sampled("schema", "summary").record)
    assert summary["claims"]


def test_a_summary_of_one_article_is_cited_in_its_own_words(sampled: Qa) -> None:
    article = sampled("list", "--json").record["articles"][0]
    record = sampled("summarize", article["id"], "--length", "3", "--json").record
    text = sampled("show", article["id"], "--text").out
    assert record["article_ids"] == [article["id"]]
    assert 1 <= len(record["claims"]) <= 3
    assert all(text[one["start"] : one["end"]] == one["quote"] for one in record["citations"])


def test_a_file_outside_the_library_and_stdin_can_be_summarized(qa: Qa, tmp_path: Path, home: Path) -> None:
    (tmp_path / "a.txt").write_text("The crane was closed on Monday. Nobody was hurt. The mayor asked for a report by May.")
    assert qa("summarize", "a.txt", "--length", "1", "--json").record["claims"]
    assert qa("summarize", "-", "--length", "1", "--json", stdin="The crane was closed on Monday. Nobody was hurt.").record[
        "claims"
    ]
    assert not home.exists()
