"""``qa ask`` without a question, as a person at a terminal and as a program at a pipe."""

from __future__ import annotations

import json
import os
import pty
import select
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.story.conftest import Done, Qa, environment

READY = "\x1b[?2004h"
"""What a prompt begins with: from here on a paste is told from typing."""
QUESTION = "Who said the harbour crane was unsafe?"
PATIENCE = 200.0
"""Seconds after which a terminal that says nothing fails its test; a busy machine takes some."""


@pytest.fixture
def own_home(sample_home: Path, tmp_path: Path) -> Path:
    """The samples in a home that may be written to, and in which nothing has been asked."""
    home = Path(shutil.copytree(sample_home, tmp_path / "home"))
    with closing(sqlite3.connect(home / "library.sqlite3")) as connection, connection:
        connection.execute("DELETE FROM asked")
    return home


def piped(qa: Qa, home: Path, *lines: str, options: tuple[str, ...] = ()) -> Done:
    return qa("ask", "--home", str(home), *options, stdin="".join(f"{line}\n" for line in lines))


def test_over_a_pipe_a_conversation_has_the_same_commands_and_nothing_for_a_screen(
    qa: Qa, own_home: Path, tmp_path: Path
) -> None:
    saved = tmp_path / "saved.jsonl"
    lines = (QUESTION, "/open 1", "what did she count?", "", "/nonsense", f"/save {saved}", "/quit", "never asked")
    done = piped(qa, own_home, *lines)
    assert done.code == 0
    assert "Hanne Voss said" in " ".join(done.out.split())
    assert "It was put up in 1987." in done.out
    assert "→ what did Hanne Voss count?" in done.out
    assert "\x1b" not in done.out + done.err
    assert done.err.splitlines() == [
        "qa: there is no command /nonsense",
        "try: /help lists the commands; a question needs no slash",
    ]
    assert len(saved.read_text(encoding="utf-8").splitlines()) == 2
    assert "never asked" not in done.out


def test_over_a_pipe_with_json_stdout_has_records_and_nothing_else(qa: Qa, own_home: Path) -> None:
    done = piped(qa, own_home, QUESTION, "/since 2031", "what did she count?", options=("--json",))
    questions = [record["question"] for record in done.records]
    assert questions == [QUESTION, "what did Hanne Voss count?"]
    assert "From here on: --since 2031-01-01." in done.err


def test_what_was_asked_is_in_the_log_whose_records_are_the_ones_that_were_shown(qa: Qa, own_home: Path) -> None:
    shown = qa("ask", QUESTION, "--json", "--home", str(own_home)).record
    qa("ask", "Who won the regatta?", "--no-log", "--home", str(own_home))
    (entry,) = qa("log", "--json", "--home", str(own_home)).record["log"]
    assert entry["record"] == shown
    assert qa("log", str(entry["number"]), "--home", str(own_home)).record == shown
    assert QUESTION in qa("log", "--question", "CRANE", "--home", str(own_home)).out
    assert "regatta" not in qa("log", "--home", str(own_home)).out
    assert qa("log", "--question", "nobody", "--home", str(own_home)).out.strip() == "The log is empty."
    qa("log", "99", "--home", str(own_home)).told(4)


def test_a_home_without_a_library_is_not_made_by_asking_or_by_looking_at_its_log(qa: Qa, home: Path) -> None:
    done = qa("ask", stdin="who?\n")
    assert "empty" in done.told(4)
    assert qa("log", "--json").record == {"log": []}
    assert not home.exists()


class Terminal:
    """A person's terminal: what is typed goes in, what is shown is read until it holds what is waited for."""

    def __init__(self, home: Path, **extra: str) -> None:
        self.shown = ""
        main, worker = pty.openpty()
        given = {**environment(home), "TERM": "xterm", "PROMPT_TOOLKIT_NO_CPR": "1", "NO_COLOR": "1", **extra}
        command = [sys.executable, "-m", "qa", "ask"]
        self.process = subprocess.Popen(
            command, stdin=worker, stdout=worker, stderr=worker, env=given, start_new_session=True, preexec_fn=_controlling
        )
        os.close(worker)
        self._main = main

    def type(self, text: str) -> None:
        os.write(self._main, text.encode())

    def wait(self, words: str, start: int = 0) -> int:
        """Reads until ``words`` stand in what was shown after ``start``; where they end."""
        end = time.monotonic() + PATIENCE
        while words not in self.shown[start:]:
            if time.monotonic() > end or not self._read():
                raise AssertionError(f"{words!r} was not shown: {self.shown[start:]!r}")
        return self.shown.index(words, start) + len(words)

    def _read(self) -> bool:
        if not select.select([self._main], [], [], 5)[0]:
            return self.process.poll() is None
        try:
            piece = os.read(self._main, 65536)
        except OSError:
            return False
        self.shown += piece.decode(errors="replace")
        return bool(piece)

    def ended(self) -> int:
        """The exit code, once it is over."""
        while self._read():
            pass
        return self.process.wait(PATIENCE)

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self._main)


def _controlling() -> None:
    """Makes the terminal the one that Ctrl-C comes from."""
    import fcntl
    import termios

    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


@pytest.fixture
def terminal(own_home: Path) -> Iterator[Terminal]:
    opened = Terminal(own_home)
    yield opened
    opened.close()


def test_at_a_terminal_answers_stay_tab_completes_and_history_is_private(terminal: Terminal, own_home: Path) -> None:
    terminal.wait(READY)
    terminal.type(f"{QUESTION}\r")
    at = terminal.wait("confidence")
    at = terminal.wait(READY, at)
    terminal.type("/hel\t")
    at = terminal.wait("p\x1b", at)  # what Tab adds
    terminal.type("\r")
    at = terminal.wait("/quit", at)
    terminal.wait(READY, at)
    terminal.type("\x04")
    assert terminal.ended() == 0
    history = own_home / "history"
    assert QUESTION in history.read_text(encoding="utf-8")
    assert stat.S_IMODE(history.stat().st_mode) == 0o600


def test_ctrl_c_twice_at_the_prompt_leaves_and_once_does_not(terminal: Terminal) -> None:
    at = terminal.wait(READY)
    terminal.type("\x03")
    at = terminal.wait("Ctrl-C again", at)
    at = terminal.wait(READY, at)
    terminal.type("/help\r")
    at = terminal.wait("/quit", at)
    at = terminal.wait(READY, at)
    terminal.type("\x03")
    at = terminal.wait("Ctrl-C again", at)
    terminal.wait(READY, at)
    terminal.type("\x03")
    assert terminal.ended() == 0


def test_ctrl_c_stops_an_answer_and_keeps_the_session(own_home: Path, qa: Qa) -> None:
    slow = subprocess.Popen(
        [sys.executable, "-m", "qa", "ask", "--home", str(own_home)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a job in the background has it ignored
    )
    assert slow.stdin
    assert slow.stdout
    slow.stdin.write(b"/help\n")
    slow.stdin.flush()
    while b"/quit" not in slow.stdout.readline():
        pass
    slow.stdin.write(f"{QUESTION}\n".encode())
    slow.stdin.flush()
    time.sleep(0.05)
    slow.send_signal(signal.SIGINT)
    out, err = slow.communicate(f"{QUESTION}\n/quit\n".encode(), PATIENCE)
    assert slow.returncode == 0
    assert b"stopped" in err or b"Ctrl-C again" in err
    assert b"confidence" in out


def test_a_terminal_that_can_do_nothing_special_gets_a_plain_prompt(own_home: Path) -> None:
    terminal = Terminal(own_home, TERM="dumb")
    at = terminal.wait("? ")
    terminal.type("/help\n")
    terminal.wait("/quit", at)
    terminal.type("\x04")
    assert terminal.ended() == 0
    assert "\x1b" not in terminal.shown
    terminal.close()


def test_a_log_that_cannot_be_written_is_told_and_the_answer_is_given(own_home: Path, qa: Qa) -> None:
    import sqlite3

    other = sqlite3.connect(own_home / "library.sqlite3", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    done = qa("ask", QUESTION, "--json", "--home", str(own_home))
    other.execute("ROLLBACK")
    other.close()
    assert done.code == 0
    assert json.loads(done.out)["answered"]
    assert "not kept in the log" in done.err
