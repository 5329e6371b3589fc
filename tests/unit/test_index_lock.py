"""A reader behind a process that was stopped while it kept the index."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.test_index import Hashed, chunks
from vectorstore.index import Index
from vectorstore.interface import VectorStoreError

KEEPS = """
import sys, time
from filelock import FileLock
with FileLock(sys.argv[1]):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def stopped(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process, stopped while it holds the index's lock."""
    process = subprocess.Popen([sys.executable, "-c", KEEPS, str(tmp_path / "index.lock")], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    os.kill(process.pid, signal.SIGSTOP)
    yield process
    process.kill()
    process.communicate()


def test_readers_and_writers_give_up_in_time_and_say_who_keeps_it(tmp_path: Path, stopped: subprocess.Popen[str]) -> None:
    index = Index(tmp_path / "index", Hashed(), "memory", wait=0.05)
    for call in (lambda: index.search("1", 1, None), index.ids, lambda: index.write([], chunks([1])), index.clear):
        with pytest.raises(VectorStoreError, match="for longer than") as raised:
            call()
        assert raised.value.exit_code == 1
        if Path("/proc/locks").exists():
            assert f"process {stopped.pid} has" in raised.value.message
            assert f"kill -CONT {stopped.pid}" in raised.value.hint


def test_once_it_is_let_go_of_a_search_goes_on(tmp_path: Path, stopped: subprocess.Popen[str]) -> None:
    index = Index(tmp_path / "index", Hashed(), "memory", wait=30)
    stopped.kill()
    index.write([], chunks([1, 2]))
    assert [hit.id for hit in index.search("2", 1, None)] == ["c2"]
