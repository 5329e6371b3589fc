from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from qa.errors import QAError
from qa.lock import HOLDER, holder, writing_alone

KEEPS = """
import sys, time
from pathlib import Path
from qa.lock import writing_alone
with writing_alone(Path(sys.argv[1]), 1, print):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def keeper(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the lock of ``tmp_path``."""
    process = subprocess.Popen([sys.executable, "-c", KEEPS, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.communicate()


def test_whoever_waits_too_long_is_told_for_whom(tmp_path: Path, keeper: subprocess.Popen[str]) -> None:
    with (
        pytest.raises(QAError, match=rf"process {keeper.pid}\) has kept") as raised,
        writing_alone(tmp_path, 0.1, lambda _: None),
    ):
        pass
    assert "wait" in raised.value.hint
    found = holder(tmp_path)
    assert found is not None
    assert found.pid == keeper.pid


def test_a_wait_is_told_and_ends_with_the_holder_however_it_ends(tmp_path: Path, keeper: subprocess.Popen[str]) -> None:
    told: list[str] = []

    def tell(words: str) -> None:
        told.append(words)
        keeper.kill()

    with writing_alone(tmp_path, 60, tell):
        assert (tmp_path / HOLDER).read_text() == str(os.getpid())
    assert told == [f"waiting for another qa (process {keeper.pid}), which is writing to this library"]


def test_nobody_holds_a_lock_that_was_let_go_of_or_never_made(tmp_path: Path) -> None:
    assert holder(tmp_path) is None
    assert not list(tmp_path.iterdir())
    with writing_alone(tmp_path, 1, lambda _: None):
        pass
    (tmp_path / HOLDER).write_text("1")  # as left by one that was killed
    assert holder(tmp_path) is None


def test_a_holder_that_left_no_name_is_still_a_holder(tmp_path: Path, keeper: subprocess.Popen[str]) -> None:
    (tmp_path / HOLDER).unlink()
    with pytest.raises(QAError, match=r"^another qa has kept"), writing_alone(tmp_path, 0.1, lambda _: None):
        pass
