"""kill -9 at random moments, two writers at once, a reader among them: real processes on one home."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.story.conftest import Qa, environment

ARTICLES = 24
KILLS = {"chroma": 20, "server": 3}


@pytest.fixture(params=KILLS)
def store(request: pytest.FixtureRequest, called: Callable[[str], str], monkeypatch: pytest.MonkeyPatch) -> str:
    """Where every command of the test keeps vectors."""
    monkeypatch.setenv("QA_STORE", called(request.param))
    return str(request.param)


def articles(number: int, prefix: str = "a") -> list[dict[str, str]]:
    """Different articles of a few sentences each, so that a batch takes a while to embed."""
    rows = []
    for at in range(number):
        dice = random.Random(f"{prefix}{at}")
        words = [f"{dice.choice(('harbour', 'bridge', 'tram', 'school', 'market'))}{dice.randrange(1000)}" for _ in range(30)]
        text = " ".join(f"The {one} was mentioned by {prefix}{at} on day {day}." for day, one in enumerate(words))
        rows.append({"id": f"{prefix}{at}", "title": f"Article {at}", "text": text, "published": "2023-04-05"})
    return rows


def written(path: Path, rows: list[dict[str, str]]) -> str:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return str(path)


def started(home: Path, *arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "qa", *arguments],
        env=environment(home),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


def whole(qa: Qa, rows: list[dict[str, str]]) -> None:
    """Nothing lost, nothing twice, library and index agree, every citation exact."""
    doctor = qa("doctor", "--json")
    assert doctor.record["ok"], doctor.out
    listed = qa("list", "--json").record["articles"]
    assert sorted(one["id"] for one in listed) == sorted(row["id"] for row in rows)
    assert {one["version"] for one in listed} == {1}
    texts = {row["id"]: row["text"] for row in rows}
    for passage in qa("search", "the harbour was mentioned", "--json", "-k", "40").record["passages"]:
        assert texts[passage["article_id"]][passage["start"] : passage["end"]] == passage["text"]


def test_an_add_killed_at_any_moment_is_finished_by_the_next(qa: Qa, home: Path, tmp_path: Path, store: str) -> None:
    rows = articles(ARTICLES)
    source = written(tmp_path / "in.jsonl", rows)
    dice = random.Random(8)
    began = time.monotonic()
    assert started(tmp_path / "rehearsal", "add", source).wait() == 0
    usual = time.monotonic() - began
    killed = 0
    while killed < KILLS[store]:
        process = started(home, "add", source)
        time.sleep(dice.uniform(0.05, 0.95) * usual)
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            killed += 1
        process.communicate()
        if process.returncode == 0 or dice.random() < 0.2:
            shutil.rmtree(home, ignore_errors=True)
    done = qa("add", source, "--json")
    assert done.code == 0, done.err
    whole(qa, rows)


def test_two_adds_at_once_lose_nothing_and_show_no_error(qa: Qa, home: Path, tmp_path: Path, store: str) -> None:
    ours, theirs = articles(ARTICLES // 2, "a"), articles(ARTICLES // 2, "b")
    processes = [
        started(home, "add", written(tmp_path / "a.jsonl", ours)),
        started(home, "add", written(tmp_path / "b.jsonl", [*theirs, *ours[:5]])),
    ]
    for process in processes:
        _, said = process.communicate()
        assert process.returncode == 0, said.decode()
        assert b"qa:" not in said
    whole(qa, [*ours, *theirs])


def asking(home: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "qa", "ask", "-"],
        env=environment(home),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def asked(session: subprocess.Popen[bytes], question: str) -> Any:
    assert session.stdin is not None
    assert session.stdout is not None
    session.stdin.write(f"{question}\n".encode())
    session.stdin.flush()
    line = session.stdout.readline()
    assert line, session.communicate()[1].decode()
    return json.loads(line)


def test_asking_while_others_add_remove_and_rebuild_never_fails_and_comes_to_see_it(
    qa: Qa, home: Path, tmp_path: Path, store: str
) -> None:
    first, more = articles(10, "a"), articles(ARTICLES // 2, "b")
    assert qa("add", written(tmp_path / "a.jsonl", first)).code == 0
    session = asking(home)
    writings = (["add", written(tmp_path / "b.jsonl", more)], ["remove", "a3"], ["rebuild"])
    for arguments in writings:
        writer = started(home, *arguments)
        while writer.poll() is None:
            assert "schema" in asked(session, "What was mentioned by a3 on day 7?")
        assert writer.returncode == 0, writer.communicate()[1]
        found = asked(session, "What was mentioned by b7 on day 11?")
        assert any(citation["article_id"] == "b7" for citation in found["citations"]), (arguments, found)
    found = asked(session, "What was mentioned by a3 on day 7?")
    assert not any(citation["article_id"] == "a3" for citation in found["citations"])
    session.communicate()
    assert session.returncode == 0
    whole(qa, [*(row for row in first if row["id"] != "a3"), *more])


def test_what_was_read_while_the_server_was_down_is_finished_by_the_next_add(
    qa: Qa, home: Path, tmp_path: Path, chroma_server: str
) -> None:
    rows = articles(3)
    source = written(tmp_path / "in.jsonl", rows)
    assert "http://127.0.0.1:9" in qa("add", source, QA_STORE="http://127.0.0.1:9").told(7)
    assert qa("config", "set", "store", chroma_server).code == 0
    assert not qa("doctor", "--json").record["ok"]
    assert qa("add", source).code == 0
    whole(qa, rows)
