from __future__ import annotations

import stat
from pathlib import Path

import pytest

from qa.errors import ProviderError
from qa.llm.cached import Cached
from qa.llm.interface import Message, Reply
from qa.llm.scripted import Scripted
from qa.types import Usage

ASKED = [Message("system", "Answer."), Message("user", "Who?")]
WHOLE = Reply("Ann Lee.", Usage(5, 3), "stop", (("Ann", -0.1), ("Bo", -2.5)))


def test_the_same_request_is_made_once_and_its_reply_comes_back_whole(tmp_path: Path) -> None:
    model = Scripted([WHOLE])
    for _ in range(2):  # a file of its own each time, as another process has
        assert Cached(model, tmp_path / "r.sqlite3").reply(ASKED, max_tokens=9, logprobs=True) == WHOLE
    assert len(model.asked) == 1
    assert stat.S_IMODE((tmp_path / "r.sqlite3").stat().st_mode) == 0o600


def test_another_message_limit_schema_parameter_or_model_is_another_request(tmp_path: Path) -> None:
    path, model = tmp_path / "r.sqlite3", Scripted([f"reply {number}" for number in range(7)])
    cached = Cached(model, path)
    said = [
        cached.reply(ASKED, max_tokens=9),
        cached.reply(ASKED, max_tokens=8),
        cached.reply(ASKED[1:], max_tokens=9),
        cached.reply(ASKED, max_tokens=9, schema={"type": "object"}),
        cached.reply(ASKED, max_tokens=9, logprobs=True),
        Cached(model, path, {"temperature": 1}).reply(ASKED, max_tokens=9),
    ]
    assert len({one.text for one in said}) == 6
    assert Cached(Scripted(["another"], "scripted:2"), path).reply(ASKED, max_tokens=9).text == "another"
    assert cached.reply(ASKED, max_tokens=9).text == "reply 0"


def test_a_failure_is_never_kept(tmp_path: Path) -> None:
    path = tmp_path / "r.sqlite3"
    with pytest.raises(ProviderError):
        Cached(Scripted([]), path).reply(ASKED, max_tokens=9)
    assert Cached(Scripted(["now"]), path).reply(ASKED, max_tokens=9).text == "now"


def test_a_stream_is_kept_once_it_has_come_to_its_end_and_serves_a_plain_request_too(tmp_path: Path) -> None:
    path = tmp_path / "r.sqlite3"
    stopped = Cached(Scripted(["one two three"]), path).stream(ASKED, max_tokens=9)
    assert next(stopped).text == "one "
    del stopped
    cached = Cached(Scripted(["four five"]), path)
    assert "".join(piece.text for piece in cached.stream(ASKED, max_tokens=9)) == "four five"
    assert [piece.text for piece in cached.stream(ASKED, max_tokens=9)] == ["four five"]
    assert cached.reply(ASKED, max_tokens=9).text == "four five"


def test_a_file_that_cannot_be_used_is_as_good_as_none(tmp_path: Path) -> None:
    (tmp_path / "r.sqlite3").write_text("this is no database, and it is long enough to be looked at as one" * 9)
    assert Cached(Scripted(["yes"]), tmp_path / "r.sqlite3").reply(ASKED, max_tokens=9).text == "yes"
    assert Cached(Scripted(["yes"]), tmp_path / "none" / "r.sqlite3").reply(ASKED, max_tokens=9).text == "yes"


def test_it_passes_for_the_model_it_wraps(tmp_path: Path) -> None:
    model = Scripted([], "scripted:7", window=99, structured=True)
    cached = Cached(model, tmp_path / "r.sqlite3")
    assert (cached.name, cached.window, cached.structured) == ("scripted:7", 99, True)
