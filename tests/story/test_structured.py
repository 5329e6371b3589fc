"""An endpoint that can be held to a JSON schema, over HTTP: what is asked of it, and what becomes of JSON that is not whole."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from prompts import Message, load
from qa.draft.reply import SCHEMA
from qa.draft.writing import Writer, Written
from qa.errors import ProviderError
from qa.llm import Options, open_model
from tests.story.servers import Behaviour, Server, Turn, fails, says, serving

WHOLE = {"claims": [{"text": "The quay is closed.", "from": [{"sentence": 1, "words": "is closed"}]}], "missing": None}
TWO = json.dumps(
    {"claims": [WHOLE["claims"][0], {"text": "It is old.", "from": [{"sentence": 2, "words": "old"}]}], "missing": None}
)  # type: ignore[index]


def held(text: str, finish: str = "stop") -> Behaviour:
    """Replies where it is given a strict schema, and refuses any other request."""

    def behave(turn: Turn) -> None:
        form = turn.request.get("response_format", {})
        schema = form.get("json_schema", {}) if form.get("type") == "json_schema" else {}
        fits = schema.get("strict") and schema.get("schema") == SCHEMA
        (says(text, finish) if fits else fails(400, "no schema was given"))(turn)

    return behave


Ask = Callable[..., tuple[Server, list[Written]]]


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch) -> Ask:
    def asked(*behaviours: Behaviour) -> tuple[Server, list[Written]]:
        with serving(*behaviours) as server:
            monkeypatch.setenv("OPENAI_BASE_URL", server.url)
            model = open_model("openai:m", Options(retries=1, structured=True))
            writer = Writer(model, load("answer/v1"), 200)
            messages = writer.messages(fence="==", articles="[1] The quay is closed.\n[2] It is old.", question="What of it?")
            return server, list(writer.written(messages, 2))

    return asked


def test_a_strict_schema_is_sent_the_form_is_told_and_each_claim_comes_as_it_is_complete(ask: Ask) -> None:
    server, written = ask(held(TWO))
    assert [len(one.claims) for one in written] == [1, 2, 2]
    assert written[-1].usage.output_tokens == 7
    assert "Write one JSON object" in server.requests[0]["messages"][0]["content"]


def test_an_endpoint_that_refuses_schemas_is_an_error_in_words(ask: Ask) -> None:
    with pytest.raises(ProviderError, match="refused the request"):
        ask(fails(400, "response_format is not supported"))


@pytest.mark.parametrize("finish", ["stop", "length"])
def test_json_that_is_cut_off_is_mended_once_or_keeps_the_claims_that_were_whole(ask: Ask, finish: str) -> None:
    cut = TWO[: TWO.index("It is old")]
    server, written = ask(held(cut, finish), held(TWO))
    assert len(server.requests) == (2 if finish == "stop" else 1)
    assert len(written[-1].claims) == (2 if finish == "stop" else 1)
    if finish == "stop":
        assert "broken or not complete" in server.requests[1]["messages"][-1]["content"]


def test_json_in_a_code_fence_is_read(ask: Ask) -> None:
    server, written = ask(held(f"```json\n{json.dumps(WHOLE)}\n```"))
    assert len(server.requests) == 1
    assert written[-1].claims[0].references[0].sentence == 0


def test_json_that_stays_broken_is_an_error(ask: Ask) -> None:
    with pytest.raises(ProviderError, match="did not reply in the form asked for"):
        ask(held('{"claims": [{"text": "x"'))


def test_the_messages_of_one_request_are_as_they_were_rendered(ask: Ask) -> None:
    server, _ = ask(held(json.dumps(WHOLE)))
    assert [Message(one["role"], one["content"]) for one in server.requests[0]["messages"]][1].text.endswith("What of it?")
