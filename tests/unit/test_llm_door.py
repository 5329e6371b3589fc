from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from qa.errors import ConfigError, ProviderError
from qa.llm import Options, is_local, open_model
from qa.llm.failures import explained, wait_before_again
from qa.llm.interface import Message, Reply
from qa.llm.metered import Metered, Prices
from qa.llm.scripted import Scripted
from qa.llm.waiting import awaited, flowing
from qa.types import Usage

ASKED = [Message("user", "What {is} $this?")]


class ModelRateLimitError(Exception):
    """Named as LangChain names a provider's refusal to be asked so often."""

    def __init__(self, words: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(words)
        self.response = type("Response", (), {"headers": headers or {}})()


class ModelAPIError(Exception):
    """Named as LangChain names a provider's own failure."""


async def after(seconds: float, value: int) -> int:
    await asyncio.sleep(seconds)
    return value


async def each(values: Sequence[int], pause: float) -> AsyncIterator[int]:
    for value in values:
        yield value
        await asyncio.sleep(pause)


def test_waiting_gives_the_result_and_ends_in_time() -> None:
    assert awaited(after(0, 7), 5) == 7
    with pytest.raises(TimeoutError):
        awaited(after(30, 7), 0.05)


def test_pieces_come_as_they_are_made_and_end_in_time() -> None:
    assert list(flowing(each([1, 2, 3], 0), 5)) == [1, 2, 3]
    flow = flowing(each([1, 2], 30), 0.2)
    assert next(flow) == 1
    with pytest.raises(TimeoutError):
        next(flow)


def test_what_fails_within_is_raised_outside() -> None:
    async def broken() -> AsyncIterator[int]:
        yield 1
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        list(flowing(broken(), 5))


def test_waits_double_and_a_provider_that_asks_for_a_time_is_given_it() -> None:
    busy = ModelRateLimitError("slow down")
    assert [wait_before_again(busy, attempt) for attempt in range(3)] == [0.5, 1.0, 2.0]
    assert wait_before_again(ModelRateLimitError("slow", {"retry-after": "7"}), 0) == 7
    assert wait_before_again(ModelRateLimitError("slow", {"retry-after": "700"}), 0) is None


@pytest.mark.parametrize("error", [ModelRateLimitError("code insufficient_quota"), ValueError("HTML"), ConfigError("x", "y")])
def test_what_will_not_pass_is_not_tried_again(error: Exception) -> None:
    assert wait_before_again(error, 0) is None


def test_no_key_is_passed_on_in_a_message(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOME_API_KEY", "hush-hush-hush")
    told = explained(ModelAPIError("bad: hush-hush-hush and sk-abcdef123456"), "openai:m", "here", 5)
    assert told.message == "here failed: bad: … and …"


@pytest.mark.parametrize(
    ("name", "address", "local"),
    [
        ("openai:m", "http://127.0.0.1:8091/v1", True),
        ("openai:m", "http://localhost/v1", True),
        ("openai:m", "http://[::1]:80/v1", True),
        ("openai:m", "https://127.example.org/v1", False),
        ("openai:m", "https://models.example.org/v1", False),
        ("openai:m", "", False),
        ("anthropic:m", "http://127.0.0.1/v1", False),
        ("ollama:m", "http://127.0.0.1/v1", True),
        ("scripted:replies.json", "", True),
    ],
)
def test_a_model_is_local_where_its_address_is_a_loopback_one(name: str, address: str, local: bool) -> None:
    assert is_local(name, {"OPENAI_BASE_URL": address}) is local
    assert not is_local("ollama:m", {"OLLAMA_HOST": "models.example.org:11434"})


@pytest.mark.parametrize("name", ["", "gpt", "openai:", ":m"])
def test_a_name_without_provider_or_model_is_told(name: str) -> None:
    with pytest.raises(ConfigError, match="no drafter"):
        open_model(name, Options())


def test_a_provider_whose_package_is_missing_names_the_extra_to_install() -> None:
    with pytest.raises(ConfigError) as told:
        open_model("mistralai:m", Options()).reply(ASKED, max_tokens=5)
    assert told.value.hint == 'pip install "groundwire[mistralai]"'


def test_a_provider_that_nobody_knows_is_told() -> None:
    with pytest.raises(ConfigError, match="nobody"):
        open_model("nobody:m", Options()).reply(ASKED, max_tokens=5)


def test_a_script_is_read_from_a_file_and_says_its_replies_in_order(tmp_path: Path) -> None:
    path = tmp_path / "replies.json"
    path.write_text('["One two three.", "Four."]', encoding="utf-8")
    model = open_model(f"scripted:{path}", Options(), offline=True)
    assert model.reply(ASKED, max_tokens=2) == Reply("One two ", Usage(3, 2), "length")
    assert "".join(piece.text for piece in model.stream(ASKED, max_tokens=9)) == "Four."
    with pytest.raises(ProviderError, match="no more replies"):
        model.reply(ASKED, max_tokens=9)
    path.write_text('{"not": "a list"}', encoding="utf-8")
    with pytest.raises(ConfigError, match="no list"):
        open_model(f"scripted:{path}", Options())


def test_a_limit_stops_before_the_request_that_could_go_over_it() -> None:
    script = Scripted([Reply("a", Usage(1000, 100)), "never"])
    model = Metered(script, Prices(1.0, 10.0), 0.0025)
    assert model.reply(ASKED, max_tokens=100).text == "a"
    assert model.spent == pytest.approx(0.002)
    with pytest.raises(ConfigError, match=r"0\.0005 left"):
        list(model.stream(ASKED, max_tokens=100))
    assert len(script.asked) == 1


def test_a_limit_without_prices_is_told() -> None:
    with pytest.raises(ConfigError, match="needs prices"):
        Metered(Scripted([]), Prices(), 1.0)
