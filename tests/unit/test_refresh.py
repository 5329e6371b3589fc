from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from qa.config import Settings
from qa.export import bring_in, lines
from qa.intake import Desk
from qa.library import Library
from qa.refresh import Round
from tests.unit.test_intake import Lengths, desk
from vectorstore.index import Index


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Desk]:
    home = tmp_path / "home"
    library = Library(home, create=True)
    yield desk(library, Index(home / "index", Lengths(), "memory"))
    library.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two articles, one of them a line with an id of its own."""
    made = tmp_path / "in"
    made.mkdir()
    (made / "crane.txt").write_text("The crane is closed.")
    (made / "trams.jsonl").write_text('{"id": "trams", "text": "Trams run."}\n')
    return made


def tour(counter: Desk, folder: Path, *, again: bool) -> tuple[list[str], list[str]]:
    """What was added, and what was left out."""
    told = Round(Settings(counter.library.path.parent), counter, io.BytesIO(), again=again)
    return told.read([str(folder)], lambda found: found).added, told.left_out


def test_what_was_removed_does_not_come_back_by_a_refresh_and_does_by_an_add(counter: Desk, folder: Path) -> None:
    ids, _ = tour(counter, folder, again=False)
    counter.remove(ids)
    assert tour(counter, folder, again=True) == ([], [str(folder / "crane.txt"), f"{folder / 'trams.jsonl'}#trams"])
    assert tour(counter, folder, again=False) == (ids, [])
    (folder / "crane.txt").write_text("The crane is open.")
    assert tour(counter, folder, again=True) == ([], [])
    assert counter.library.article(ids[0]).text == "The crane is open."


def test_what_was_pruned_and_is_there_again_comes_back_by_a_refresh(counter: Desk, folder: Path) -> None:
    ids, _ = tour(counter, folder, again=False)
    counter.remove(ids, remember=False)
    assert tour(counter, folder, again=True) == (ids, [])


def test_what_was_removed_and_taken_in_from_an_export_is_refreshed_as_any_other(counter: Desk, folder: Path) -> None:
    ids, _ = tour(counter, folder, again=False)
    kept = list(lines(counter.library))
    counter.remove(ids)
    assert bring_in(counter, kept).added == 2
    assert tour(counter, folder, again=True) == ([], [])


def test_nothing_that_can_be_read_is_kept_of_what_was_removed(counter: Desk, folder: Path) -> None:
    ids, _ = tour(counter, folder, again=False)
    counter.remove(ids)
    kept = [digest for (digest,) in counter.library.connection.execute("SELECT identity FROM removed")]
    assert [len(digest) for digest in kept] == [64, 64]
