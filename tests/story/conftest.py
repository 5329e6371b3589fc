"""The command line as a person runs it: real processes, a home of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.story.browser import Browser, listening


@dataclass(frozen=True)
class Done:
    """A finished command."""

    code: int
    out: str
    err: str

    @property
    def record(self) -> Any:
        """Its one JSON object."""
        return json.loads(self.out)

    @property
    def records(self) -> list[Any]:
        """Its JSON objects, one a line."""
        return [json.loads(line) for line in self.out.splitlines()]

    def told(self, code: int) -> str:
        """The error, having checked its form: two lines, the right code, no traceback."""
        assert self.code == code, (self.code, self.err)
        lines = self.err.strip().splitlines()[-2:]
        assert lines[0].startswith("qa: "), self.err
        assert lines[1].startswith("try: "), self.err
        assert "Traceback" not in self.err
        return lines[0]


Qa = Callable[..., Done]


def environment(home: Path) -> dict[str, str]:
    """This process's, with the home set and nothing that would colour the output."""
    return {**os.environ, "QA_HOME": str(home), "PYTHONIOENCODING": "utf-8"}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def qa(home: Path, tmp_path: Path) -> Qa:
    """Runs ``qa`` with arguments and stdin, as a process of its own."""

    def run(*arguments: str, stdin: str | bytes = b"", **extra: str) -> Done:
        given = stdin.encode() if isinstance(stdin, str) else stdin
        command = [sys.executable, "-m", "qa", *arguments]
        done = subprocess.run(
            command, input=given, capture_output=True, env={**environment(home), **extra}, cwd=tmp_path, check=False
        )
        return Done(done.returncode, done.stdout.decode(), done.stderr.decode())

    return run


@pytest.fixture(scope="session")
def sample_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the sample articles; only read."""
    home = tmp_path_factory.mktemp("samples") / "home"
    samples = Path(__file__).parent.parent.parent / "samples"
    command = [sys.executable, "-m", "qa", "add", str(samples)]
    subprocess.run(command, env=environment(home), check=True, capture_output=True)
    return home


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A headless Chromium; a module that asks for it is skipped where there is none."""
    opened = Browser(tmp_path_factory.mktemp("chromium"))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def outside() -> Iterator[tuple[str, list[str]]]:
    """A server on this machine that no page may reach: its address, and what it was asked for."""
    with listening() as heard:
        yield heard
