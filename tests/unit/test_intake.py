from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import pytest

from qa.config import Settings
from qa.doctor import Check, examine
from qa.errors import NothingThere
from qa.ingest.types import Skipped
from qa.intake import SLICE, Desk, gone
from qa.ledger import Ledger
from qa.library import Library
from qa.lock import writing_alone
from qa.types import Document
from qa.wiring import House
from tests.unit.test_index import Hashed
from vectorstore.index import Index
from vectorstore.interface import VectorStoreError
from vectorstore.types import Chunk, Vectors

TEXT = "The crane is closed. Ann Lee said so."


class Lengths(Hashed):
    """Vectors made of a text's length, so that any text has one."""

    def embed(self, texts: Sequence[str]) -> Vectors:
        return super().embed([str(len(text)) for text in texts])


class Broken:
    """An index whose disk fills up after so many writes."""

    def __init__(self, index: Index, writes: int) -> None:
        self.index = index
        self.left = writes

    def write(self, remove: Sequence[str], chunks: Sequence[Chunk], progress: Callable[[int], None]) -> None:
        if not self.left:
            raise OSError(28, "No space left on device")
        self.left -= 1
        self.index.write(remove, chunks, progress)

    def exists(self) -> bool:
        return self.index.exists()

    def clear(self) -> None:
        self.index.clear()


def count(texts: Sequence[str]) -> list[int]:
    return [len(text.split()) + 2 for text in texts]


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(tmp_path, create=True)


@pytest.fixture
def index(tmp_path: Path) -> Index:
    return Index(tmp_path / "index", Lengths(), "memory")


def desk(library: Library, index: Index | Broken, count: Callable[[Sequence[str]], Sequence[int]] = count) -> Desk:
    return Desk(library, nullcontext, lambda: index, count, lambda _: None)


def documents(number: int) -> list[Document]:
    return [Document(f"{TEXT} Number {at}.", f"/news/{at}.txt") for at in range(number)]


def bad(checks: list[Check]) -> set[str]:
    return {check.name for check in checks if not check.ok}


def test_library_and_index_agree_after_an_add(library: Library, index: Index) -> None:
    report = desk(library, index).add(documents(40))
    assert len(report.added) == 40
    assert set(index.ids()) == Ledger(library.connection).expected()
    assert not bad(examine(lambda: library, index.ids, library.path.parent))


def test_progress_counts_every_chunk_once(library: Library, index: Index) -> None:
    told: list[int] = []
    Desk(library, nullcontext, lambda: index, count, told.append).add(documents(300))
    assert sum(told) == 300
    assert len(told) > 2


def test_an_unchanged_add_neither_counts_nor_opens_the_index(library: Library, index: Index) -> None:
    desk(library, index).add(documents(3))

    def never(texts: Sequence[str]) -> Sequence[int]:
        raise AssertionError(texts)

    def closed() -> Index:
        raise AssertionError

    report = Desk(library, nullcontext, closed, never, lambda _: None).add(documents(3))
    assert (len(report.unchanged), report.added) == (3, [])


def test_one_changed_article_embeds_that_article_alone(library: Library, index: Index) -> None:
    desk(library, index).add(documents(20))
    embedder = Lengths()
    again = Index(library.path.parent / "index", embedder, "memory")
    changed = [replace(one, text=one.text + " More.") if at == 7 else one for at, one in enumerate(documents(20))]
    report = desk(library, again).add(changed)
    assert (len(report.updated), embedder.embedded) == (1, 1)
    assert not bad(examine(lambda: library, again.ids, library.path.parent))


def test_a_full_disk_in_the_middle_is_finished_by_the_next_add(library: Library, index: Index) -> None:
    with pytest.raises(OSError, match="No space"):
        desk(library, Broken(index, 1)).add(documents(SLICE + 5))
    assert bad(examine(lambda: library, index.ids, library.path.parent)) == {"index"}
    report = desk(library, index).add([])
    assert report.read == 0
    assert not bad(examine(lambda: library, index.ids, library.path.parent))


def test_an_index_that_was_deleted_is_made_whole_by_the_next_new_article(library: Library, index: Index) -> None:
    desk(library, index).add(documents(5))
    index.clear()
    desk(library, index).add([Document("A bridge fell.", "/new.txt")])
    assert set(index.ids()) == Ledger(library.connection).expected()
    assert not bad(examine(lambda: library, index.ids, library.path.parent))


def test_what_was_skipped_and_what_cannot_be_named_is_told_and_the_rest_kept(library: Library, index: Index) -> None:
    offered = [Skipped("/x.bin", "binary"), replace(documents(1)[0], id="a\nb"), *documents(2)]
    report = desk(library, index).add(offered)
    assert len(report.added) == 2
    assert [skipped.source for skipped in report.skipped] == ["/x.bin", "/news/0.txt"]


def test_one_article_offered_twice_is_counted_once(library: Library, index: Index) -> None:
    report = desk(library, index).add([*documents(2), *documents(2)])
    assert (len(report.added), len(report.unchanged), library.count()) == (2, 0, 2)


def test_removal_takes_all_or_nothing(library: Library, index: Index) -> None:
    report = desk(library, index).add(documents(3))
    with pytest.raises(Exception, match="no article"):
        desk(library, index).remove([report.added[0], "nobody"])
    assert library.count() == 3
    assert desk(library, index).remove(report.added[:2]) == report.added[:2]
    assert set(index.ids()) == Ledger(library.connection).expected()


def test_a_rebuild_that_was_killed_is_finished_by_the_next_add(library: Library, index: Index) -> None:
    desk(library, index).add(documents(SLICE + 5))
    with pytest.raises(OSError, match="No space"):
        desk(library, Broken(index, 1)).rebuild()
    assert "index" in bad(examine(lambda: library, index.ids, library.path.parent))
    desk(library, index).add([])
    assert not bad(examine(lambda: library, index.ids, library.path.parent))
    assert len(index.ids()) == SLICE + 5


def test_an_index_that_another_is_making_anew_is_not_told_as_lost(tmp_path: Path) -> None:
    writer, reader = House(Settings(tmp_path)), House(Settings(tmp_path))
    writer.desk().add(documents(1))
    ledger = Ledger(writer.library.connection)
    with writing_alone(tmp_path, 0, str):
        with writer.library.writing():
            ledger.order_rebuild()
        writer.index.clear()
        assert reader.nearest("What was said?", 1, None) == []
    with pytest.raises(VectorStoreError, match="is lost"):
        reader.nearest("What was said?", 1, None)


def damage_text(library: Library, index: Index) -> None:
    library.connection.execute("UPDATE texts SET text = text || '!' WHERE rowid = 1")


def damage_chunks(library: Library, index: Index) -> None:
    library.connection.execute("UPDATE chunks SET start = start + 3 WHERE id = 1")


def damage_sentences(library: Library, index: Index) -> None:
    library.connection.execute("UPDATE versions SET sentences = x'' WHERE key = 1")


def damage_keywords(library: Library, index: Index) -> None:
    library.connection.execute("INSERT INTO keywords (keywords) VALUES ('delete-all')")


def damage_index(library: Library, index: Index) -> None:
    index.write([index.ids()[0]], [])


def strange_vector(library: Library, index: Index) -> None:
    from vectorstore.types import Span

    index.write([], [Chunk("999-ffffffff", Span(0, 1), "x", "")])


@pytest.mark.parametrize(
    ("damage", "names"),
    [
        (damage_chunks, {"chunks"}),
        (damage_sentences, {"sentences"}),
        (damage_keywords, {"keywords"}),
        (damage_index, {"index"}),
        (strange_vector, {"index"}),
    ],
)
def test_the_doctor_finds_what_is_wrong_and_rebuild_mends_it(
    library: Library, index: Index, damage: Callable[[Library, Index], None], names: set[str]
) -> None:
    desk(library, index).add(documents(4))
    damage(library, index)
    assert bad(examine(lambda: library, index.ids, library.path.parent)) == names
    desk(library, index).rebuild()
    assert not bad(examine(lambda: library, index.ids, library.path.parent))


def test_the_doctor_finds_a_text_that_is_not_what_was_read(library: Library, index: Index) -> None:
    desk(library, index).add(documents(2))
    damage_text(library, index)
    assert "texts" in bad(examine(lambda: library, index.ids, library.path.parent))


def test_what_is_gone_is_only_looked_for_below_the_sources(library: Library, index: Index, tmp_path: Path) -> None:
    for name in ("in", "out"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.txt").write_text(TEXT)
    files = [str(tmp_path / name / "a.txt") for name in ("in", "out")]
    given = [Document(TEXT, origin) for origin in [*files, "https://example.org/a"]]
    first = desk(library, index).add(given)
    for file in files:
        Path(file).unlink()
    report = desk(library, index).add([])
    assert gone(library, [str(tmp_path / "in")], report) == [first.added[0]]
    assert gone(library, [files[1]], report) == [first.added[1]]
    (tmp_path / "in").rmdir()
    assert gone(library, [str(tmp_path / "in")], report) == []


def test_an_origin_that_no_disk_could_hold_stops_nothing(library: Library, index: Index, tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    odd = [Document(TEXT, f"{tmp_path}/a.jsonl#{'港' * 150}"), Document(TEXT, f"{tmp_path}/loop/a.txt")]
    assert len(desk(library, index).add(odd).added) == 2
    assert gone(library, [str(tmp_path), str(tmp_path / "loop")], desk(library, index).add([])) == []


def test_an_id_that_two_files_give_is_taken_from_the_first(library: Library, index: Index) -> None:
    rows = [Document(f"{TEXT} {at}", f"/in/{at}.jsonl#1", id="1") for at in range(2)]
    for _ in range(2):
        report = desk(library, index).add(rows)
        assert [skipped.source for skipped in report.skipped] == ["/in/1.jsonl#1"]
    assert (report.unchanged, library.article("1").version) == (["1"], 1)


def test_what_was_removed_is_no_longer_in_the_file(library: Library, index: Index) -> None:
    report = desk(library, index).add([*documents(3), Document("The zanzibarquux was sold. " * 30, "/secret.txt")])
    desk(library, index).remove([report.added[-1]])
    for path in library.path.parent.glob("library.sqlite3*"):
        assert b"zanzibarquux" not in path.read_bytes(), path


@pytest.mark.parametrize(
    "odd",
    [
        {"title": "half \ud800"},
        {"author": "\udcff"},
        {"origin": "/news/\udcff"},
        {"id": "half \ud800"},
        {"text": "half \ud800"},
        {"extra": {"desk": ["\ud800"]}},
        {"extra": {"share": math.nan}},
        {"extra": {"day": Path()}},
        {"title": None},
        {"published": 2024},
    ],
    ids=str,
)
def test_a_document_that_no_file_could_hold_is_skipped_with_its_reason_and_the_others_kept(
    library: Library, index: Index, odd: dict[str, object]
) -> None:
    one, two = documents(2)
    report = desk(library, index).add([replace(one, **odd), two])  # type: ignore[arg-type]
    assert (len(report.added), library.count()) == (1, 1)
    (left_out,) = report.skipped
    assert left_out.source.encode()
    assert next(iter(odd)) in left_out.reason or "JSON" in left_out.reason


@pytest.mark.parametrize(
    "lost",
    [
        "DELETE FROM texts WHERE text LIKE '%Number 1.'",
        "UPDATE texts SET text = 'other' WHERE text LIKE '%Number 1.'",
        "UPDATE texts SET text = CAST(x'ff' AS TEXT) WHERE text LIKE '%Number 1.'",
    ],
)
def test_a_rebuild_goes_on_where_a_text_is_lost_or_damaged_and_says_of_which_article(
    library: Library, index: Index, lost: str
) -> None:
    ids = desk(library, index).add(documents(3)).added
    library.connection.execute("PRAGMA foreign_keys = OFF")
    library.connection.execute(lost)
    assert desk(library, index).rebuild() == (2, [ids[1]])
    assert bad(examine(lambda: library, index.ids, library.path.parent)) == {"texts"}
    desk(library, index).add([Document(f"{TEXT} Number 1.", "/copy.txt")])
    assert desk(library, index).remove([ids[1]]) == [ids[1]]


def test_an_article_whose_text_is_lost_is_told_as_such_and_is_in_no_passage(library: Library, index: Index) -> None:
    ids = desk(library, index).add(documents(2)).added
    chunks = Ledger(library.connection).expected()
    library.connection.execute("PRAGMA foreign_keys = OFF")
    library.connection.execute("DELETE FROM texts WHERE text LIKE '%Number 1.'")
    assert {article.id for article, _ in library.places(chunks).values()} == {ids[0]}
    with pytest.raises(NothingThere, match="is lost"):
        library.article(ids[1])


def test_a_library_begun_anew_beside_an_old_index_is_told_and_has_only_its_own_vectors(tmp_path: Path) -> None:
    told: list[str] = []
    old, new = House(Settings(tmp_path)), House(Settings(tmp_path), told.append)
    old.desk().add(documents(3))
    old.library.close()
    for file in tmp_path.glob("library.sqlite3*"):
        file.unlink()
    assert bad(examine(lambda: new.library, new.index_ids, tmp_path)) == {"database"}
    new.desk().add(documents(1))
    assert "a new one is begun" in told[0]
    assert set(new.index_ids()) == Ledger(new.library.connection).expected()
