from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import numpy as np
import pytest

from qa.doctor import Check, State, examine, mend, place, summed
from qa.doctor.survey import SAMPLE
from qa.doctor.types import FIX
from qa.files import private
from qa.ingest.types import Skipped
from qa.intake import Desk
from qa.library import FILE, Library
from qa.lock import writing_alone
from qa.types import Document
from tests.unit.test_intake import Lengths, count
from vectorstore.index import Index
from vectorstore.types import Chunk, Span, Vectors

TEXTS = ("The crane is closed. Ann Lee said so.", "The bridge fell.\n\nNobody was hurt, said the mayor.", "Un\0seen 港. Odd 😀.")


class Wide:
    """Vectors long enough that a few hundred take a megabyte."""

    name, dimension = "wide", 1024

    def embed(self, texts: Sequence[str]) -> Vectors:
        rows = np.random.default_rng(len(texts)).normal(size=(len(texts), self.dimension))
        return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with private():
        opened = Library(tmp_path / "home", create=True)
        yield opened
    opened.close()


@pytest.fixture
def index(library: Library) -> Index:
    return Index(library.path.parent / "index", Lengths(), "memory")


def desk(library: Library, index: Index, lock: Callable[[], AbstractContextManager[object]] = nullcontext) -> Desk:
    return Desk(library, lock, lambda: index, count, lambda _: None)


def filled(library: Library, index: Index) -> None:
    """Three articles, of which the first has two versions."""
    desk(library, index).add(Document(text, f"/news/{at}.txt", title=f"News {at}") for at, text in enumerate(TEXTS))
    desk(library, index).add([Document(TEXTS[0] + " It opens in May.", "/news/0.txt", title="News 0")])


def bad(checks: list[Check]) -> dict[str, str]:
    return {check.name: f"{check.detail} {check.hint}" for check in checks if not check.ok}


def look(library: Library, index: Index) -> list[Check]:
    return examine(lambda: library, index.ids, library.path.parent)


def fixed(library: Library, index: Index) -> list[str]:
    return mend(lambda: desk(library, index), index.ids, library.path.parent)


def unowned(*statements: str) -> Callable[[Library, Index], None]:
    """Damage by SQL that the library's own rules would not let happen."""

    def damage(library: Library, index: Index) -> None:
        library.connection.execute("PRAGMA foreign_keys = OFF")
        for statement in statements:
            assert library.connection.execute(statement).rowcount
        library.connection.execute("PRAGMA foreign_keys = ON")

    return damage


def empty_index(library: Library, index: Index) -> None:
    index.clear()


def strange_vector(library: Library, index: Index) -> None:
    index.write([], [Chunk("99-strange", Span(0, 5), "Alien", "")])


OLD = "(SELECT key FROM versions WHERE article_id LIKE '0-%' AND version = 1)"
NEW = "(SELECT key FROM versions WHERE article_id LIKE '0-%' AND version = 2)"
DAMAGES: dict[str, tuple[Callable[[Library, Index], None], str, str]] = {
    "sentences": (
        unowned(f"UPDATE versions SET sentences = x'0000' WHERE key = {NEW}"),
        "sentences",
        "sentences made anew, of versions: 1",
    ),
    "old sentences": (
        unowned(f"UPDATE versions SET sentences = x'' WHERE key = {OLD}"),
        "sentences",
        "sentences made anew, of versions: 1",
    ),
    "no bytes": (
        unowned(f"UPDATE versions SET sentences = 'abcd' WHERE key = {NEW}"),
        "sentences",
        "sentences made anew, of versions: 1",
    ),
    "chunks": (
        unowned(f"UPDATE chunks SET end = end - 3 WHERE version_key = {NEW}"),
        "chunks",
        "chunks made anew, of articles: 1",
    ),
    "marks": (unowned(f"UPDATE chunks SET mark = 'abc' WHERE version_key = {NEW}"), "chunks", "chunks made anew, of articles: 1"),
    "keywords": (unowned("INSERT INTO keywords (rowid, title, body) VALUES (77, 'x', 'y')"), "keywords", "keywords made anew"),
    "no keywords": (unowned("INSERT INTO keywords (keywords) VALUES ('delete-all')"), "keywords", "keywords made anew"),
    "torn keywords": (unowned("DELETE FROM keywords_data WHERE id > 10"), "keywords", "keywords made anew"),
    "word runs": (unowned(f"DELETE FROM shingles WHERE version = {OLD}"), "word runs", "word runs made anew, of versions: 1"),
    "strange runs": (unowned(f"INSERT INTO shingles VALUES (5, {OLD})"), "word runs", "word runs made anew, of every version"),
    "no runs": (unowned("DELETE FROM facts WHERE name = 'shingled'"), "word runs", "word runs made anew, of every version"),
    "stale runs": (unowned("INSERT INTO shingles VALUES (5, 99)"), "orphans", "word runs of no version taken out: 1"),
    "texts": (unowned("INSERT INTO texts VALUES (hex(zeroblob(32)), 'x')"), "orphans", "texts that no version has taken out: 1"),
    "articles": (
        unowned("INSERT INTO articles VALUES ('none', 'id:none', 0)"),
        "orphans",
        "articles without a version taken out: 1",
    ),
    "old chunks": (
        unowned(f"INSERT INTO chunks VALUES (50, {OLD}, 0, 5, 'abc', 1)"),
        "orphans",
        "chunks of no current version taken out: 1",
    ),
    "log": (
        unowned("INSERT INTO asked VALUES (NULL, '', 'who?', 1, 'm', NULL, 0, 0, 0.1, '{torn')"),
        "orphans",
        "entries of the log",
    ),
    "current": (unowned(f"UPDATE articles SET current = {OLD} WHERE id LIKE '0-%'"), "versions", "given their newest version"),
    "ownerless": (unowned("DELETE FROM articles WHERE id LIKE '0-%'"), "versions", "articles brought back"),
    "details": (unowned(f"UPDATE versions SET extra = '[', pages = '{{' WHERE key = {NEW}"), "versions", "details"),
    "chars": (unowned(f"UPDATE versions SET chars = 5 WHERE key = {OLD}"), "versions", "lengths set right: 1"),
    "copies": (unowned("INSERT INTO origins VALUES ('gone', 'gone', 1, '')"), "origins", "compared with each other anew"),
    "not compared": (unowned("DELETE FROM facts WHERE name = 'compared'"), "origins", "compared with each other anew"),
    "empty index": (empty_index, "index", "index did not have: 3"),
    "strange vector": (strange_vector, "index", "vectors without a chunk forgotten: 1"),
}


@pytest.mark.parametrize("kind", DAMAGES)
def test_each_damage_is_named_mended_and_gone(library: Library, index: Index, kind: str) -> None:
    damage, name, told = DAMAGES[kind]
    filled(library, index)
    rows = library.connection.execute("SELECT id, identity FROM articles ORDER BY id").fetchall()
    assert not bad(look(library, index))
    damage(library, index)
    found = bad(look(library, index))
    assert name in found
    assert FIX in found[name]
    assert any(told in done for done in fixed(library, index))
    assert not bad(look(library, index))
    assert fixed(library, index) == []
    assert library.connection.execute("SELECT id, identity FROM articles ORDER BY id").fetchall() == rows
    assert library.connection.execute("SELECT count(*) FROM keywords WHERE keywords MATCH 'crane'").fetchone() == (1,)


def test_mending_one_article_embeds_that_article_alone(library: Library, index: Index) -> None:
    filled(library, index)
    unowned(f"UPDATE chunks SET end = end - 3 WHERE version_key = {NEW}")(library, index)
    embedder = Lengths()
    again = Index(library.path.parent / "index", embedder, "memory")
    fixed(library, again)
    assert embedder.embedded == 1
    assert not bad(look(library, again))


@pytest.mark.parametrize("text", ["'another text'", "CAST(x'ff' AS TEXT)"])
def test_a_text_that_is_not_what_was_read_is_named_with_the_way_back_and_can_be_removed(
    library: Library, index: Index, text: str
) -> None:
    filled(library, index)
    unowned(f"UPDATE texts SET text = {text} WHERE text LIKE 'The bridge%'")(library, index)
    unowned("DELETE FROM texts WHERE text LIKE 'Un%'")(library, index)
    (id,) = library.connection.execute("SELECT id FROM articles WHERE id LIKE '1-%'").fetchone()
    (other,) = library.connection.execute("SELECT id FROM articles WHERE id LIKE '2-%'").fetchone()
    fixed(library, index)
    checks = look(library, index)
    assert set(bad(checks)) == {"texts"}
    assert id in bad(checks)["texts"]
    assert f"{other} version 1" in bad(checks)["texts"]
    assert "backup" in bad(checks)["texts"]
    assert "what to do is said above" in summed(checks).lower()
    with library.writing():
        for damaged in (id, other):
            library.remove(damaged)
    fixed(library, index)
    assert not bad(look(library, index))


def test_a_damaged_or_lost_text_is_read_again_where_its_file_still_has_it(library: Library, index: Index, tmp_path: Path) -> None:
    files = [tmp_path / "a.txt", tmp_path / "b.jsonl", tmp_path / "c.txt"]
    for file, text in zip(files, TEXTS, strict=True):
        file.write_text(text)
    origins = [str(files[0]), f"{files[1]}#7", str(files[2])]
    desk(library, index).add(Document(text, origin) for text, origin in zip(TEXTS, origins, strict=True))
    unowned("UPDATE texts SET text = 'x' WHERE text LIKE 'The crane%'", "UPDATE texts SET text = 'y' WHERE text LIKE 'Un%'")(
        library, index
    )
    unowned("DELETE FROM texts WHERE text LIKE 'The bridge%'", "DELETE FROM chunks")(library, index)
    files[2].write_text("Something else.")

    def reread(file: str) -> list[Document | Skipped]:
        return [Skipped(file, "odd"), Document("half \ud800", file), Document(Path(file).read_text(), file)]

    done = mend(lambda: desk(library, index), index.ids, library.path.parent, reread)
    assert "texts read again from their files: 2" in done
    found = bad(look(library, index))
    assert set(found) == {"texts"}
    assert "c-" in found["texts"]
    files[2].write_text(TEXTS[2])
    mend(lambda: desk(library, index), index.ids, library.path.parent, reread)
    assert not bad(look(library, index))
    stored = {text for (text,) in library.connection.execute("SELECT text FROM texts")}
    assert stored == set(TEXTS)


def test_a_version_that_is_missing_is_named_and_not_papered_over(library: Library, index: Index) -> None:
    filled(library, index)
    unowned(f"DELETE FROM shingles WHERE version = {OLD}", f"DELETE FROM versions WHERE key = {OLD}")(library, index)
    fixed(library, index)
    found = bad(look(library, index))
    assert set(found) == {"versions"}
    assert "0-" in found["versions"]


def test_of_many_versions_a_sample_is_held_against_the_word_runs_and_it_says_so(library: Library, index: Index) -> None:
    desk(library, index).add(Document(f"{TEXTS[0]} {at}.", f"/news/{at}.txt") for at in range(SAMPLE + 2))
    (check,) = [check for check in look(library, index) if check.name == "word runs"]
    assert (check.state, "a sample of 1,001 of 2,002" in check.detail) == (State.OK, True)
    unowned("DELETE FROM shingles WHERE version % 2 = 0")(library, index)
    assert "word runs" in bad(look(library, index))
    assert fixed(library, index) == ["word runs made anew, of every version"]


def test_what_somebody_else_is_still_writing_is_no_damage(library: Library, index: Index) -> None:
    filled(library, index)
    index.clear()
    with writing_alone(library.path.parent, 0, lambda _: None):
        (check,) = [check for check in look(library, index) if check.name == "index"]
        (writer,) = [check for check in place.checks(library.path.parent) if check.name == "writer"]
    assert (check.state, writer.state) == (State.REMARK, State.REMARK)
    assert str(os.getpid()) in writer.detail
    assert "index" in bad(look(library, index))


@pytest.mark.parametrize("damage", ["no database", "zero bytes", "half of it", "gone", "a folder"])
def test_a_database_that_is_none_any_more_is_told_with_the_ways_back_and_left_as_it_is(tmp_path: Path, damage: str) -> None:
    library = Library(tmp_path, create=True)
    filled(library, index := Index(tmp_path / "index", Lengths(), "memory"))
    library.close()
    (tmp_path / f"{FILE}.before-5").write_bytes(b"")
    whole = library.path.read_bytes()
    library.path.unlink()
    left = {"no database": b"this was a library once" * 500, "zero bytes": b"", "half of it": whole[: len(whole) // 2]}
    if damage in left:
        library.path.write_bytes(left[damage])
    elif damage == "a folder":
        library.path.mkdir()
    (tmp_path / "index.written").touch()
    assert mend(lambda: desk(Library(tmp_path, create=True), index), index.ids, tmp_path) == []
    (check,) = examine(lambda: Library(tmp_path), index.ids, tmp_path)
    assert (check.name, check.state) == ("database", State.BAD)
    for way in ("backup", "import", f"{FILE}.before-5"):
        assert way in check.hint
    if damage in left:
        assert library.path.read_bytes() == left[damage]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_what_others_may_read_is_named_and_made_private_and_the_users_own_files_are_left(library: Library, index: Index) -> None:
    home = library.path.parent
    filled(library, index)
    (home / "qa.toml").write_text("")
    (home / "qa.toml").chmod(0o644)
    (home / "index").mkdir(exist_ok=True)
    assert not bad(place.checks(home))
    for path in (library.path, home / "index"):
        path.chmod(0o755)
    assert FILE in bad(place.checks(home))["privacy"]
    assert fixed(library, index) == ["files and folders made private: 2"]
    assert not bad(place.checks(home))
    assert stat.S_IMODE((home / "index").stat().st_mode) == 0o700
    assert stat.S_IMODE((home / "qa.toml").stat().st_mode) == 0o644


def test_unfinished_files_are_taken_away_and_copies_from_before_an_upgrade_told_and_kept(library: Library, index: Index) -> None:
    home = library.path.parent
    filled(library, index)
    assert all(check.state is State.OK for check in place.checks(home))
    for name in (f"{FILE}.partial", "qa.toml.1234.partial", f"{FILE}.before-5"):
        (home / name).write_text("x")
    (check,) = [check for check in place.checks(home) if check.name == "left-overs"]
    assert (check.state, f"{FILE}.partial" in check.detail) == (State.REMARK, True)
    assert fixed(library, index) == ["unfinished files taken away: 2"]
    (check,) = [check for check in place.checks(home) if check.name == "left-overs"]
    assert (check.state, "before-5" in check.detail) == (State.REMARK, True)
    assert (home / f"{FILE}.before-5").exists()


def test_a_disk_that_is_nearly_full_is_worth_a_remark(tmp_path: Path) -> None:
    (check,) = [check for check in place.checks(tmp_path / "none", room=10**18) if check.name == "room"]
    assert (check.state, bool(check.hint)) == (State.REMARK, True)


def test_the_last_line_says_in_words_how_things_stand() -> None:
    good = Check("texts", State.OK, "sound")
    remark = Check("room", State.REMARK, "little")
    torn, lost = Check("chunks", State.BAD, "torn", FIX), Check("texts", State.BAD, "lost", "a backup")
    assert summed([good]) == "All is well: 1 checks, nothing is wrong."
    assert "room" in summed([good, remark])
    assert summed([torn]).endswith("qa doctor --fix")
    assert "mends 1 of 2" in summed([torn, lost])
    assert "said above" in summed([lost])


def test_a_vector_file_that_is_mostly_holes_is_worth_a_remark(tmp_path: Path) -> None:
    index = Index(tmp_path / "index", Wide())
    chunks = [Chunk(f"{at}-a", Span(0, 1), str(at), "") for at in range(500)]
    index.write([], chunks)
    assert place.holes(tmp_path / "index", len(index.ids())) is None
    index.write([chunk.id for chunk in chunks[:400]], [])
    check = place.holes(tmp_path / "index", len(index.ids()))
    assert check is not None
    assert (check.state, "400 of the 500 places" in check.detail, "qa rebuild" in check.hint) == (State.REMARK, True, True)
    assert place.holes(tmp_path / "index", 300) is None
    for header in (tmp_path / "index").glob("*/header.bin"):
        header.write_bytes(b"torn")
    assert place.holes(tmp_path / "index", 100) is None


@pytest.mark.parametrize("cut", ["data_level0.bin", "length.bin"])
def test_vectors_that_are_lost_under_ids_that_are_there_are_found_and_made_anew(
    library: Library, tmp_path: Path, cut: str
) -> None:
    made = Index(tmp_path / "made", Lengths())
    desk(library, made).add(Document(f"The crane is closed {'x' * (at % 50)}.", f"/{at}") for at in range(240))
    assert len(made.ids()) == 240
    made.close()
    shutil.copytree(tmp_path / "made", tmp_path / "index")  # a file that the engine has open must not grow shorter
    (file,) = (tmp_path / "index").glob(f"*/{cut}")
    os.truncate(file, file.stat().st_size // 2)
    index = Index(tmp_path / "index", Lengths())
    assert "index" in bad(examine(lambda: library, index.ids, library.path.parent))
    assert "the index made anew, chunks embedded: 240" in mend(lambda: desk(library, index), index.ids, library.path.parent)
    assert not bad(examine(lambda: library, index.ids, library.path.parent))
