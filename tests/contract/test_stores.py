"""One suite for every store in the table; memory is the reference."""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vectorstore.interface import Store, Stranger, VectorStoreError
from vectorstore.stores import STORES, Maker, store_named
from vectorstore.stores.memory import Memory
from vectorstore.types import Vectors

SIZE = 16


def vectors(number: int, seed: int = 0) -> Vectors:
    drawn = np.random.default_rng(seed).normal(size=(number, SIZE)).astype(np.float32)
    return np.asarray(drawn / np.linalg.norm(drawn, axis=1, keepdims=True), np.float32)


@pytest.fixture(params=STORES)
def maker(request: pytest.FixtureRequest, called: Callable[[str], str]) -> Maker:
    return store_named(called(request.param))


@pytest.fixture
def store(maker: Maker, tmp_path: Path) -> Iterator[Store]:
    opened = maker(tmp_path / "index", "e/1", SIZE)
    yield opened
    opened.close()


def test_the_nearest_come_first_with_their_cosine(store: Store) -> None:
    rows = vectors(50)
    store.add([str(at) for at in range(50)], rows)
    hits = store.nearest(rows[7], 5)
    assert hits[0].id == "7"
    assert hits[0].score == pytest.approx(1, abs=1e-5)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    for hit in hits:
        assert hit.score == pytest.approx(float(rows[int(hit.id)] @ rows[7]), abs=1e-5)


def test_fewer_are_given_where_there_are_fewer(store: Store) -> None:
    assert store.nearest(vectors(1)[0], 5) == []
    store.add(["a", "b"], vectors(2))
    assert len(store.nearest(vectors(1)[0], 5)) == 2


def test_an_id_keeps_its_first_vector_and_counts_once(store: Store) -> None:
    first, second = vectors(2)
    store.add(["a"], first[None])
    store.add(["a", "b"], np.stack([second, second]))
    assert store.count() == 2
    assert store.nearest(first, 1)[0].id == "a"


def test_what_is_removed_is_gone_and_unknown_ids_are_no_error(store: Store) -> None:
    rows = vectors(3)
    store.add(["a", "b", "c"], rows)
    store.remove(["b", "never"])
    assert sorted(store.ids()) == ["a", "c"]
    assert "b" not in {hit.id for hit in store.nearest(rows[1], 3)}
    store.add(["b"], rows[1:2])
    assert store.count() == 3


def test_vectors_come_back_in_the_order_asked_for(store: Store) -> None:
    rows = vectors(1200)
    store.add([str(at) for at in range(1200)], rows)
    ids, got = store.vectors(["1100", "none", "3", "700"])
    assert ids == ["1100", "3", "700"]
    assert np.allclose(got, rows[[1100, 3, 700]], atol=1e-6)
    assert store.vectors(["none"])[1].shape == (0, SIZE)


def test_what_was_written_is_there_when_opened_again(maker: Maker, tmp_path: Path) -> None:
    folder = tmp_path / "index"
    assert not maker.exists(folder)
    first = maker(folder, "e/1", SIZE)
    first.add([str(at) for at in range(700)], vectors(700))
    first.close()
    assert maker.exists(folder)
    again = maker(folder, "e/1", SIZE)
    assert again.count() == 700
    again.close()


@pytest.mark.parametrize(("embedder", "dimension"), [("e/2", SIZE), ("e/1", SIZE + 1)])
def test_law_6_a_stranger_is_refused_and_told_of_rebuild(maker: Maker, tmp_path: Path, embedder: str, dimension: int) -> None:
    maker(tmp_path / "index", "e/1", SIZE).close()
    with pytest.raises(Stranger) as caught:
        maker(tmp_path / "index", embedder, dimension)
    assert "qa rebuild" in caught.value.hint
    assert caught.value.exit_code == 3


def test_an_erased_store_belongs_to_whoever_opens_it_next(maker: Maker, tmp_path: Path) -> None:
    store = maker(tmp_path / "index", "e/1", SIZE)
    store.add(["a"], vectors(1))
    store.close()
    maker.erase(tmp_path / "index")
    other = maker(tmp_path / "index", "e/2", SIZE)
    assert other.count() == 0
    other.close()


Step = tuple[str, list[int]]
steps = st.lists(st.tuples(st.sampled_from(["add", "remove"]), st.lists(st.integers(0, 30), max_size=12)), max_size=8)


@settings(max_examples=15)
@given(steps)
def test_every_store_agrees_with_memory_after_any_steps(
    tmp_path_factory: pytest.TempPathFactory, chroma_server: str, script: list[Step]
) -> None:
    folder = tmp_path_factory.mktemp("agree")
    rows = vectors(31)
    names = {name: chroma_server if name == "server" else name for name in STORES}
    opened = {name: store_named(names[name])(folder / name, "e/1", SIZE) for name in STORES}
    for step, numbers in script:
        ids = [f"id{number}" for number in dict.fromkeys(numbers)]
        for store in opened.values():
            if step == "add":
                store.add(ids, rows[[int(id[2:]) for id in ids]])
            else:
                store.remove(ids)
    reference = opened["memory"]
    for store in opened.values():
        assert sorted(store.ids()) == sorted(reference.ids())
        assert [hit.id for hit in store.nearest(rows[0], 5)] == [hit.id for hit in reference.nearest(rows[0], 5)]
        store.close()


def test_a_store_that_does_not_exist_is_named() -> None:
    with pytest.raises(VectorStoreError, match="nowhere"):
        store_named("nowhere")


def test_a_store_from_outside_works_by_its_dotted_name(tmp_path: Path) -> None:
    assert store_named("vectorstore.stores.memory:Memory") is Memory


@pytest.mark.parametrize("lost", ["chroma.sqlite3", "*/*.pickle", "*/*"])
def test_a_chroma_folder_that_lost_a_part_is_never_searched_without_it(tmp_path: Path, lost: str) -> None:
    chroma = store_named("chroma")
    store = chroma(tmp_path, "e/1", SIZE)
    store.add([str(at) for at in range(750)], vectors(750))
    store.close()
    for path in tmp_path.glob(lost):
        path.unlink()
    with pytest.raises(VectorStoreError) as caught:
        chroma(tmp_path, "e/1", SIZE).nearest(vectors(1)[0], 5)
    assert "qa rebuild" in caught.value.hint


def test_a_first_write_that_was_cut_off_is_mended_by_the_next(tmp_path: Path) -> None:
    chroma = store_named("chroma")
    (tmp_path / "chroma.sqlite3").touch()
    store = chroma(tmp_path, "e/1", SIZE)
    assert store.nearest(vectors(1)[0], 5) == []
    store.add(["a"], vectors(1))
    assert store.ids() == ["a"]
    store.close()


def test_a_write_is_done_even_where_its_file_cannot_be_packed(tmp_path: Path) -> None:
    store = store_named("chroma")(tmp_path, "e/1", SIZE)
    store.add([str(at) for at in range(2000)], vectors(2000))
    with closing(sqlite3.connect(tmp_path / "chroma.sqlite3")) as other:
        other.execute("BEGIN")
        other.execute("SELECT count(*) FROM embeddings").fetchone()
        store.close()
    again = store_named("chroma")(tmp_path, "e/1", SIZE)
    assert again.count() == 2000
    again.close()


def test_a_damaged_chroma_folder_is_one_error_that_names_rebuild(tmp_path: Path) -> None:
    chroma = store_named("chroma")
    for damage in ("truncated", "garbage", "hnsw lost"):
        folder = tmp_path / uuid.uuid4().hex
        store = chroma(folder, "e/1", SIZE)
        store.add([str(at) for at in range(1200)], vectors(1200))
        store.close()
        if damage == "hnsw lost":
            for path in folder.rglob("*.bin"):
                path.write_bytes(b"\0" * 10)
        else:
            content = (folder / "chroma.sqlite3").read_bytes()
            (folder / "chroma.sqlite3").write_bytes(content[:5000] if damage == "truncated" else b"x" * len(content))
        with pytest.raises(VectorStoreError) as caught:
            chroma(folder, "e/1", SIZE).nearest(vectors(1)[0], 5)
        assert "qa rebuild" in caught.value.hint
