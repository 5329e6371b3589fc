"""What a language model adds, end to end: summaries, prompts of one's own, a reader, a script."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.story.conftest import Qa
from tests.story.servers import says, serving

CRANE = "wrenmouth-crane-warning"
ANSWER = "CLAIM: {text}\nFROM {number}\nEND\n"


@pytest.fixture(scope="module")
def samples() -> Path:
    return Path(__file__).parent.parent.parent / "samples"


def article(samples: Path) -> str:
    return str(next(path for path in samples.rglob("*") if "crane" in path.name and "warning" in path.name))


def test_a_summary_by_a_model_cites_each_sentence(qa: Qa, samples: Path) -> None:
    with serving(says(ANSWER.format(text="The tall blue crane went on lifting containers on Tuesday.", number=1))) as server:
        settings = {"OPENAI_BASE_URL": server.url, "QA_MODEL": "openai:m", "QA_READER": "none"}
        record = qa(
            "summarize", article(samples), "--length", "2", "--language", "English", "--json", "--no-log", **settings
        ).record
        asked = server.requests[0]["messages"]
    assert record["model"] == "openai:m"
    assert record["prompt"].startswith("summarize/v1@")
    assert record["claims"][0]["citations"] == [1]
    assert record["citations"][0]["quote"].startswith("WRENMOUTH")
    assert "up to 2 claims" in asked[0]["content"]
    assert "in English" in asked[0]["content"]


def test_a_small_model_retells_what_was_chosen_and_what_it_gets_wrong_stands_in_the_articles_own_words(
    qa: Qa, samples: Path
) -> None:
    with serving(says("The crane cost 7,000,000 dollars.")) as server:
        settings = {"OPENAI_BASE_URL": server.url, "QA_MODEL": "openai:m"}
        record = qa("summarize", article(samples), "--length", "2", "--json", "--no-log", **settings).record
        assert len(server.requests) == 2
    assert record["prompt"].startswith("retell/v1@")
    assert len(record["dropped"]) == len(record["claims"]) == 2
    assert [one["text"] for one in record["claims"]] == [one["quote"] for one in record["citations"]]


def test_a_language_needs_somebody_who_writes(qa: Qa, samples: Path) -> None:
    assert "--language" in qa("summarize", article(samples), "--language", "German").told(2)


def test_a_prompt_of_ones_own_is_checked_before_any_call(qa: Qa, sample_home: Path, tmp_path: Path) -> None:
    (tmp_path / "answer").mkdir()
    (tmp_path / "answer" / "v1.md").write_text("[system]\nBe brief. $form\n[user]\n$question", encoding="utf-8")
    with serving(says("NONE: x")) as server:
        arguments = ("ask", "What of the crane?", "--model", "openai:m", "--prompts", str(tmp_path), "--no-log")
        done = qa("--home", str(sample_home), *arguments, OPENAI_BASE_URL=server.url, QA_READER="none")
        assert "$articles" in done.told(3)
        assert server.requests == []


def test_a_model_that_is_to_pick_is_asked_about_one_sentence_at_a_time(qa: Qa, sample_home: Path) -> None:
    no = says("No", first={"No": -0.01, "Yes": -5.0})
    with serving(no) as server:
        arguments = ("ask", "Who said the harbour crane was unsafe?", "--model", "openai:m", "--json", "--no-log")
        record = qa("--home", str(sample_home), *arguments, OPENAI_BASE_URL=server.url, QA_READER="model").record
        assert len(server.requests) == 8
        assert {request["max_tokens"] for request in server.requests} == {1}
    assert not record["answered"]
    assert record["confidence"] < 0.02
    assert "relevant/v1@" in record["prompt"]


def test_a_model_on_this_machine_writes_from_the_sentences_that_are_picked_for_it(qa: Qa, sample_home: Path) -> None:
    with serving(says("Hanne Voss said the harbour crane is unsafe.")) as server:
        arguments = ("ask", "Who said the harbour crane was unsafe?", "--model", "openai:m", "--json", "--no-log")
        record = qa("--home", str(sample_home), *arguments, OPENAI_BASE_URL=server.url).record
        assert len(server.requests) == len({one["messages"][-1]["content"] for one in server.requests})
    assert record["claims"][0]["text"] == "Hanne Voss said the harbour crane is unsafe."
    assert record["prompt"].startswith("write/v1@")
    assert record["confidence"] > 0.9


def test_a_script_answers_without_any_network(qa: Qa, sample_home: Path, tmp_path: Path) -> None:
    script = tmp_path / "replies.json"
    script.write_text(json.dumps(["NONE: nothing"]), encoding="utf-8")
    arguments = (
        "--offline",
        "ask",
        "What of the crane?",
        "--model",
        f"scripted:{script}",
        "--reader",
        "none",
        "--json",
        "--no-log",
    )
    record = qa("--home", str(sample_home), *arguments).record
    assert (record["model"], record["reason"]) == ("scripted:replies.json", "not_in_articles")


def test_a_reader_that_nobody_knows_is_told(qa: Qa, sample_home: Path, tmp_path: Path) -> None:
    script = tmp_path / "replies.json"
    script.write_text("[]", encoding="utf-8")
    arguments = ("ask", "What of the crane?", "--model", f"scripted:{script}", "--reader", "twice")
    assert "twice" in qa("--home", str(sample_home), *arguments).told(3)
