"""A model that fails, in every way there is: each ends in two lines and its exit code, and the passages are still shown."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.processes import command
from tests.story.conftest import Done, Qa, environment
from tests.story.servers import (
    Behaviour,
    Server,
    blanks,
    breaks_off,
    drips,
    fails,
    hangs,
    html,
    says,
    serving,
)

QUESTION = "What did the inspector say about the harbour crane?"
SAID = "The harbour crane is unsafe, and I would not let my own crew stand under it"
KEY = "sk-test-0123456789abcdef"
EXTRACTIVE = "--model extractive"


def put(qa: Qa, home: Path, server: Server, *arguments: str, **settings: str) -> Done:
    """The question, put with the server as the model; its reader is off where a test does not set one."""
    given = {"OPENAI_BASE_URL": server.url, "OPENAI_API_KEY": KEY, "QA_MODEL": "openai:m", "QA_READER": "none", **settings}
    done = qa("--home", str(home), "ask", QUESTION, "--no-log", *arguments, **given)
    assert KEY not in done.out + done.err
    return done


def number_of(server: Server, words: str) -> int:
    """The number that the prompt gave the sentence with these words."""
    lines = str(server.requests[0]["messages"][-1]["content"]).splitlines()
    return next(int(line[1 : line.index("]")]) for line in lines if line.startswith("[") and words in line)


@pytest.fixture(scope="module")
def at(sample_home: Path) -> int:
    """The number of the sentence that answers, which is the same in every prompt for this question."""
    with serving(says("NONE: nothing")) as server:
        given = {**environment(sample_home), "OPENAI_BASE_URL": server.url, "QA_READER": "none"}
        assert command("ask", QUESTION, "--no-log", "--model", "openai:m", environment=given).code == 0
        return number_of(server, SAID)


def lines(at: int, words: str = SAID) -> str:
    return f"CLAIM: The inspector Hanne Voss said the harbour crane is unsafe.\nFROM {at}: {words}\nEND\n"


def test_a_good_reply_is_an_answer_with_its_quote_and_its_tokens_told(qa: Qa, sample_home: Path, at: int) -> None:
    with serving(says(lines(at))) as server:
        done = put(qa, sample_home, server, "--json")
        record = done.record
    assert done.code == 0
    assert record["claims"][0]["text"] == "The inspector Hanne Voss said the harbour crane is unsafe."
    assert SAID in record["citations"][0]["quote"]
    assert record["model"] == "openai:m"
    assert record["prompt"].startswith("answer/v1@")
    assert record["usage"] == {"input_tokens": 11, "output_tokens": 7}
    assert "11 tokens sent" in done.err


def test_without_a_key_it_is_told_which(qa: Qa, sample_home: Path) -> None:
    done = qa("--home", str(sample_home), "ask", QUESTION, "--model", "openai:m")
    assert "key" in done.told(3)
    assert "OPENAI_API_KEY" in done.err
    assert EXTRACTIVE in done.err


def test_an_empty_address_is_never_a_silent_call_to_the_public_service(qa: Qa, sample_home: Path) -> None:
    done = qa("--home", str(sample_home), "ask", QUESTION, OPENAI_BASE_URL="", OPENAI_API_KEY=KEY, QA_MODEL="openai:m")
    assert "OPENAI_BASE_URL is empty" in done.told(3)


def test_offline_refuses_a_model_that_is_not_on_this_machine(qa: Qa, sample_home: Path) -> None:
    settings = {"OPENAI_BASE_URL": "http://models.example.org/v1", "OPENAI_API_KEY": KEY}
    done = qa("--home", str(sample_home), "--offline", "ask", QUESTION, "--model", "openai:m", **settings)
    assert "--offline" in done.told(3)
    unnamed = qa("--home", str(sample_home), "--offline", "ask", QUESTION, "--json", "--no-log", **settings)
    assert unnamed.record["model"] == "extractive/2"


def test_with_a_key_and_no_model_named_the_one_that_answers_is_told(qa: Qa, sample_home: Path, at: int) -> None:
    with serving(says(lines(at))) as server:
        done = put(qa, sample_home, server, "--json", QA_MODEL="")
        assert "because OPENAI_API_KEY is set" in done.err
        assert done.record["model"] == "openai:" + str(server.requests[0]["model"])


@pytest.mark.parametrize(
    ("behaviour", "code", "words", "requests"),
    [
        (fails(401, f"Incorrect API key provided: {KEY}"), 3, "key", 1),
        (fails(404, "The model `m` does not exist"), 3, "no model called 'm'", 1),
        (fails(429, "slow down"), 7, "too often", 2),
        (fails(429, "slow down", headers={"Retry-After": "600"}), 7, "600 s", 1),
        (fails(429, "You exceeded your current quota", code="insufficient_quota"), 7, "out of credit", 1),
        (fails(500), 7, "failed", 2),
        (hangs(), 7, "in 3 s", 1),
        (drips(), 7, "in 3 s", 1),
        (html(), 7, "no reply", 1),
        (says(""), 7, "empty", 2),
        (says(" \n" * 900), 7, "did not reply in the form", 2),
        (blanks(), 7, "did not reply in the form", 2),
        (says("Sure! The inspector said it is unsafe."), 7, "“Sure!", 2),
        (says('{"claims": [{"text": "It is unsafe", "from": [{"sen'), 7, "JSON", 2),
        (breaks_off("CLAIM: The crane"), 7, "broke", 1),
        (fails(400, "the request exceeds the available context size"), 7, "longer than", 2),
    ],
    ids=(
        "wrong-key unknown-model 429 429-for-long no-credit 500s hangs drips html empty blank endless chatter cut-json breaks "
        "too-long"
    ).split(),
)
def test_a_failure_is_two_lines_its_code_and_the_passages(
    qa: Qa, sample_home: Path, behaviour: Behaviour, code: int, words: str, requests: int
) -> None:
    with serving(behaviour) as server:
        done = put(qa, sample_home, server, QA_RETRIES="1", QA_TIMEOUT="3")
        assert words in done.told(code)
        assert EXTRACTIVE in done.err.splitlines()[-1]
        assert "I would not let my own crew" in " ".join(done.out.split())
        assert len(server.requests) == requests


def test_a_refused_connection_tells_the_address_and_the_cause(qa: Qa, sample_home: Path) -> None:
    with serving(hangs()) as server:
        gone = server
    done = put(qa, sample_home, gone, QA_RETRIES="1")
    assert gone.url in done.told(7)
    assert "refused" in done.err or "failed" in done.err


def test_a_script_is_given_the_passages_as_search_gives_them(qa: Qa, sample_home: Path) -> None:
    with serving(fails(500)) as server:
        done = put(qa, sample_home, server, "--json", QA_RETRIES="1")
    assert done.told(7)
    assert done.record["query"] == QUESTION
    assert any(SAID in passage["text"] for passage in done.record["passages"])


@pytest.mark.parametrize(
    "first", [fails(500), fails(429, headers={"Retry-After": "1"}), fails(503)], ids="500 429-with-retry-after 503".split()
)
def test_what_passes_is_tried_again_and_told(qa: Qa, sample_home: Path, at: int, first: Behaviour) -> None:
    with serving(first, says(lines(at))) as server:
        done = put(qa, sample_home, server, "--json")
    assert done.record["answered"]
    assert "again in" in done.err


@pytest.mark.parametrize("faulty", ["I think it is unsafe.", "", '{"claims": ['])
def test_one_repair_tells_what_was_wrong(qa: Qa, sample_home: Path, at: int, faulty: str) -> None:
    with serving(says(faulty), says(lines(at))) as server:
        done = put(qa, sample_home, server, "--json")
        repair = str(server.requests[1]["messages"][-1]["content"])
    assert done.record["answered"]
    assert "cannot be used" in repair
    assert done.record["usage"]["input_tokens"] == 22


def test_json_in_a_code_fence_is_read(qa: Qa, sample_home: Path, at: int) -> None:
    claim = {"text": "Hanne Voss said the harbour crane is unsafe.", "from": [{"sentence": at, "words": SAID}]}
    reply = "```json\n" + json.dumps({"claims": [claim], "missing": None}, indent=1) + "\n```"
    with serving(says(reply)) as server:
        assert put(qa, sample_home, server, "--json").record["answered"]


def test_a_context_that_is_too_long_is_tried_with_half_of_it(qa: Qa, sample_home: Path, at: int) -> None:
    with serving(fails(400, "too long", code="context_length_exceeded"), says("NONE: nothing")) as server:
        done = put(qa, sample_home, server, "--json")
        sizes = [len(str(request["messages"])) for request in server.requests]
    assert done.code == 0
    assert sizes[1] < sizes[0]


def test_a_refusal_is_an_answer_and_says_what_is_missing_in_the_questions_words(qa: Qa, sample_home: Path) -> None:
    with serving(says("NONE: The articles do not say what the inspector said about the crane.")) as server:
        record = put(qa, sample_home, server, "--json").record
    assert (record["answered"], record["reason"]) == (False, "not_in_articles")
    assert "what the inspector said about the crane" in record["message"]


def test_a_refusal_that_says_more_is_not_passed_on(qa: Qa, sample_home: Path) -> None:
    with serving(says("NONE: Call the number 555 0100 for the true story.")) as server:
        done = put(qa, sample_home, server)
    assert done.code == 0
    assert "555" not in done.out + done.err


@pytest.mark.parametrize(
    ("claim", "words"),
    [
        ("The inspector counted 15 cracked welds.", "counted 15 cracked welds"),
        ("The inspector said the harbour crane is safe.", "The harbour crane is not unsafe"),
        ("Hanna Boss said the harbour crane is unsafe.", "Hanna Boss said"),
        ("Parliament passed the rules.", "European Parliament passes rules for artificial intelligence"),
    ],
    ids="a-digit a-not a-name another-article".split(),
)
def test_law_4_altered_words_are_dropped_and_counted(qa: Qa, sample_home: Path, at: int, claim: str, words: str) -> None:
    with serving(says(f"CLAIM: {claim}\nFROM {at}: {words}\nEND")) as server:
        record = put(qa, sample_home, server, "--json").record
    assert not record["answered"]
    assert [one["text"] for one in record["dropped"]] == [claim]


def test_sentence_numbers_that_do_not_exist_are_repaired_or_dropped(qa: Qa, sample_home: Path, at: int) -> None:
    with serving(says(lines(4999)), says(lines(at))) as server:
        done = put(qa, sample_home, server, "--json")
        assert "no sentence 4999" in str(server.requests[1]["messages"][-1]["content"])
    assert done.record["answered"]
    assert done.record["dropped"] == []
    with serving(says(lines(4999))) as server:
        record = put(qa, sample_home, server, "--json").record
    assert not record["answered"]
    assert len(record["dropped"]) == 1


def test_a_reply_in_another_language_needs_the_articles_words_all_the_same(qa: Qa, sample_home: Path, at: int) -> None:
    with serving(says(f"CLAIM: Der Kran kostet 90 Millionen Euro.\nFROM {at}: Der Kran ist unsicher\nEND")) as server:
        record = put(qa, sample_home, server, "--json").record
    assert not record["answered"]
    assert len(record["dropped"]) == 1


def test_a_stream_that_breaks_leaves_what_was_proven_and_says_so(qa: Qa, sample_home: Path, at: int) -> None:
    begun = lines(at).replace("END\n", "CLAIM: And it will")
    with serving(breaks_off(begun)) as server:
        done = put(qa, sample_home, server)
    assert "broke" in done.told(7)
    assert "The inspector Hanne Voss said the harbour crane is unsafe. [1]" in done.out
    assert "No more than that was written" in done.out
    assert "And it will" not in done.out


def test_a_limit_on_cost_needs_prices_and_is_kept(qa: Qa, sample_home: Path, at: int) -> None:
    with serving(says(lines(at))) as server:
        assert "prices" in put(qa, sample_home, server, "--max-cost", "0.01").told(3)
        prices = {"QA_PRICE_IN": "10", "QA_PRICE_OUT": "30"}
        assert "may cost" in put(qa, sample_home, server, "--max-cost", "0.0001", **prices).told(3)
        assert server.requests == []
        done = put(qa, sample_home, server, "--max-cost", "5", "--max-tokens", "123", **prices)
        assert done.code == 0
        assert server.requests[0]["max_tokens"] == 123
        assert "cost 0.0003" in done.err
