from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest

from vectorstore.index import EXACT, Index
from vectorstore.interface import Stranger
from vectorstore.stores import STORES
from vectorstore.types import Chunk, Span, Vectors

SIZE = 8
NOBODY = 65534


class Hashed:
    """Vectors made of a text's number: the same text, the same vector."""

    dimension = SIZE

    def __init__(self, name: str = "hashed/1") -> None:
        self.name = name
        self.embedded = 0

    def embed(self, texts: Sequence[str]) -> Vectors:
        self.embedded += len(texts)
        rows = [np.random.default_rng(int(text)).normal(size=SIZE) for text in texts]
        return np.array([row / np.linalg.norm(row) for row in rows], np.float32).reshape(len(texts), SIZE)


@dataclass(frozen=True)
class Passing:
    """A filter that lets a set of ids through."""

    passing: frozenset[str]

    def count(self) -> int:
        return len(self.passing)

    def ids(self) -> list[str]:
        return sorted(self.passing)

    def keep(self, ids: Collection[str]) -> set[str]:
        return set(ids) & self.passing


def chunks(numbers: Sequence[int]) -> list[Chunk]:
    return [Chunk(f"c{number}", Span(0, 1), str(number), "") for number in numbers]


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest, called: Callable[[str], str]) -> str:
    return called(request.param)


@pytest.fixture
def index(store: str, tmp_path: Path) -> Index:
    return Index(tmp_path / "index", Hashed(), store)


def test_an_index_that_was_never_written_is_empty_and_makes_nothing(index: Index, tmp_path: Path) -> None:
    assert index.search("1", 5, None) == []
    assert index.ids() == []
    assert not (tmp_path / "index").exists()


def test_what_was_written_is_found_and_writing_it_again_changes_nothing(index: Index) -> None:
    for _ in range(2):
        index.write([], chunks(range(20)))
    assert sorted(index.ids()) == sorted(f"c{at}" for at in range(20))
    assert index.search("7", 1, None)[0].id == "c7"


def test_a_write_forgets_before_it_adds(index: Index) -> None:
    index.write([], chunks([1, 2]))
    index.write(["c1", "c2"], chunks([2, 3]))
    assert sorted(index.ids()) == ["c2", "c3"]


def test_what_another_process_wrote_makes_a_reader_open_the_index_anew(index: Index, store: str, tmp_path: Path) -> None:
    index.write([], chunks([1]))
    assert index.search("1", 5, None)
    code = (
        f"import sys; sys.path.insert(0, {str(Path(__file__).parents[2])!r})\n"
        "from pathlib import Path\nfrom tests.unit.test_index import Hashed, chunks\nfrom vectorstore.index import Index\n"
        "Index(Path(sys.argv[1]), Hashed(), sys.argv[2]).write([], chunks([2]))"
    )
    if store != "memory":
        subprocess.run([sys.executable, "-c", code, str(tmp_path / "index"), store], check=True, env={**os.environ})
    else:
        index.write([], chunks([2]))
    assert {hit.id for hit in index.search("1", 5, None)} == {"c1", "c2"}


def test_what_another_writes_is_seen_at_once(store: str, tmp_path: Path) -> None:
    reader, writer = (Index(tmp_path / "index", Hashed(), store) for _ in range(2))
    writer.write([], chunks(range(600)))
    assert reader.search("7", 3, None)[0].id == "c7"
    for start in (600, 1200, 1800):
        writer.write([f"c{at}" for at in range(start - 600, start)], chunks(range(start, start + 600)))
        found = {hit.id for hit in reader.search(str(start + 7), 20, None)}
        assert len(found) == 20
        assert found <= {f"c{at}" for at in range(start, start + 600)}


def test_two_homes_in_one_store_do_not_mix(store: str, tmp_path: Path) -> None:
    one, two = (Index(tmp_path / home / "index", Hashed(), store) for home in ("one", "two"))
    one.write([], chunks([1, 2]))
    two.write([], chunks([2, 3]))
    one.clear()
    assert not one.exists()
    assert sorted(two.ids()) == ["c2", "c3"]


@pytest.mark.parametrize("other", ["chroma", "server"])
def test_a_store_written_before_another_was_chosen_counts_as_lost(
    index: Index, store: str, other: str, called: Callable[[str], str], tmp_path: Path
) -> None:
    if called(other) == store:
        return
    index.write([], chunks([1, 2]))
    changed = Index(tmp_path / "index", Hashed(), called(other))
    assert not changed.exists()
    changed.write([], chunks([2, 3]))
    assert not index.exists()
    assert index.search("1", 1, None) == []
    index.write([], chunks([4]))
    assert index.ids() == ["c4"]


def test_a_filter_is_exact_whether_few_or_many_pass(index: Index) -> None:
    number = EXACT + 400
    index.write([], chunks(range(number)))
    everyone = [f"c{at}" for at in range(number)]
    for passing in (everyone[:5], everyone[::7], everyone[: EXACT + 200], everyone[50:]):
        accept = Passing(frozenset(passing))
        hits = index.search("9", 5, accept)
        assert len(hits) == 5
        assert {hit.id for hit in hits} <= accept.passing
    assert index.search("9", 3, Passing(frozenset())) == []


def test_law_6_a_stranger_is_refused_before_anything_is_embedded(store: str, tmp_path: Path) -> None:
    Index(tmp_path / "index", Hashed(), store).write([], chunks([1]))
    other = Hashed("hashed/2")
    with pytest.raises(Stranger, match="hashed/1"):
        Index(tmp_path / "index", other, store).write([], chunks([2]))
    assert other.embedded == 0
    mended = Index(tmp_path / "index", other, store)
    mended.clear()
    mended.write([], chunks([2]))
    assert mended.ids() == ["c2"]


@contextmanager
def nobody() -> Iterator[None]:
    """Root may write anywhere: for a while it is a user who may not."""
    if os.geteuid() != 0:
        yield
        return
    os.setresuid(NOBODY, NOBODY, 0)
    try:
        yield
    finally:
        os.setresuid(0, 0, 0)


def test_an_index_in_a_folder_that_cannot_be_written_can_still_be_searched() -> None:
    with TemporaryDirectory() as made:
        index = Index(Path(made) / "in" / "index", Hashed())
        index.write([], chunks(range(150)))
        inside = [Path(made), *Path(made).rglob("*")]
        for path in inside:
            path.chmod(0o555 if path.is_dir() else 0o444)
        with nobody():
            found = index.search("1", 1, None)
            index.close()
        for path in inside:
            path.chmod(0o755)
    assert found[0].id == "c1"
