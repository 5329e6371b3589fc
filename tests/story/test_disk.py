"""Disks that are full or may only be read, and a home that is none: each a clear error and a way back, nothing else lost."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.story.conftest import Qa
from tests.story.test_survival import articles, written

QUESTION = "Who said the harbour crane was unsafe?"
Disk = Callable[[str], Path]


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    """Mounts a disk of its own with these options, or gives it others; skips where that is not allowed."""
    place = tmp_path / "disk"

    def mount(options: str) -> Path:
        again = "remount," if place.exists() else ""
        place.mkdir(exist_ok=True)
        command = ["mount", "-t", "tmpfs", "-o", again + options, "none", str(place)]
        if os.geteuid() or not shutil.which("mount") or subprocess.run(command, capture_output=True, check=False).returncode:
            pytest.skip("a disk can be mounted by root alone")
        return place

    yield mount
    subprocess.run(["umount", "-l", str(place)], capture_output=True, check=False)


def fill(place: Path) -> Path:
    """Takes all the room there is."""
    ballast = place / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"\0" * 1024)
        except OSError:
            return ballast


@pytest.mark.parametrize("size", ["200k", "440k"], ids=["while-reading", "while-indexing"])
def test_an_add_that_fills_the_disk_is_finished_by_the_next_once_there_is_room(
    qa: Qa, tmp_path: Path, disk: Disk, size: str
) -> None:
    home = ("--home", str(disk(f"size={size}") / "home"))
    source = written(tmp_path / "in.jsonl", articles(12))
    full = qa(*home, "add", source)
    assert "full" in full.told(1)
    assert "make room on the disk" in full.err
    disk("size=64m")
    assert qa(*home, "add", source).code == 0
    assert qa(*home, "doctor").code == 0


def test_on_a_full_disk_questions_are_answered_and_what_cannot_be_written_leaves_no_half_file(
    qa: Qa, sample_home: Path, disk: Disk
) -> None:
    place = disk("size=16m")
    home = ("--home", str(shutil.copytree(sample_home, place / "home")))
    there = {path.name for path in (place / "home").iterdir()}
    ballast = fill(place)
    asked = qa(*home, "ask", QUESTION)
    assert (asked.code, "Hanne Voss" in asked.out) == (0, True)
    assert "not kept in the log" in asked.err
    listed = qa(*home, "list", "--json").record["articles"]
    assert qa(*home, "remove", listed[0]["id"]).told(1)
    assert qa(*home, "export", str(place / "out.jsonl")).told(1)
    assert qa(*home, "backup", str(place / "out.tar.gz")).told(1)
    assert qa(*home, "config", "set", "passages", "5").told(1)
    assert {path.name for path in place.iterdir()} == {"home", "ballast"}
    assert {path.name for path in (place / "home").iterdir()} - there <= {"library.sqlite3-wal", "library.sqlite3-shm"}
    ballast.unlink()
    assert qa(*home, "doctor").code == 0
    assert len(listed) == 16


def test_a_disk_that_may_only_be_read_is_read_and_a_write_says_what_is_in_its_way(
    qa: Qa, sample_home: Path, tmp_path: Path, disk: Disk
) -> None:
    place = disk("size=16m")
    home = ("--home", str(shutil.copytree(sample_home, place / "home")))
    disk("ro")
    asked = qa(*home, "ask", QUESTION)
    assert (asked.code, "Hanne Voss" in asked.out) == (0, True)
    assert "not kept in the log" in asked.err
    assert qa(*home, "backup", "copy.zip", "--json").record["articles"] == 16
    (tmp_path / "a.txt").write_text("The crane is closed.")
    for command in (["add", "a.txt"], ["rebuild"], ["config", "set", "passages", "5"]):
        assert qa(*home, *command).told(1)


def test_a_home_that_is_a_file_is_told_and_left_as_it_is(qa: Qa, home: Path, tmp_path: Path) -> None:
    home.write_text("a letter")
    (tmp_path / "a.txt").write_text("The crane is closed.")
    for command in (["add", "a.txt"], ["list"], ["ask", "Who?"], ["backup", "--restore", "none.zip"]):
        done = qa(*command)
        assert done.told(done.code)
        assert done.code in (1, 3)
    assert home.read_text() == "a letter"
