"""The command line as a person runs it: real processes, a home of their own."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import SAMPLES
from tests.processes import Done, command
from tests.story.browser import Browser, listening

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
        return command(*arguments, given=given, environment={**environment(home), **extra}, folder=tmp_path)

    return run


@pytest.fixture(scope="session")
def sample_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the sample articles; only read."""
    home = tmp_path_factory.mktemp("samples") / "home"
    assert command("add", str(SAMPLES), environment=environment(home)).code == 0
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
