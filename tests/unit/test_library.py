from __future__ import annotations

import os
import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from qa.errors import ConfigError, NothingThere, UsageError
from qa.keywords import Filters, Keywords, Selection
from qa.ledger import Ledger
from qa.library import FILE, Library
from qa.types import Document

CRANE = Document(
    "The crane is closed. Ann Lee said so.",
    "/news/crane.txt",
    title="Crane",
    source="Courier",
    author="Bo",
    published="2023-04-05",
)


def count(texts: Sequence[str]) -> list[int]:
    return [len(text.split()) + 2 for text in texts]


def never(texts: Sequence[str]) -> list[int]:
    raise AssertionError(f"{len(texts)} texts were measured")


def put(library: Library, *documents: Document) -> list[tuple[str, str]]:
    with library.writing():
        return [library.put(document, count) for document in documents]


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(tmp_path, create=True)


def test_a_text_is_stored_exactly_and_named_by_its_path(library: Library) -> None:
    text = "\r\nOne.\u00a0Two 😀\0 \u202eend.\n\n"
    ((id, change),) = put(library, Document(text, "/news/crane at dawn.txt"))
    assert (change, library.article(id).text) == ("added", text)
    assert id.startswith("crane-at-dawn-")


def test_an_unchanged_article_is_not_measured_again(library: Library) -> None:
    ((id, _),) = put(library, CRANE)
    assert library.unchanged(CRANE) == id
    with library.writing():
        assert library.put(CRANE, never) == (id, "unchanged")


def test_a_changed_text_is_a_new_version_and_the_old_one_stays_readable(library: Library) -> None:
    ((id, _),) = put(library, CRANE)
    old = Ledger(library.connection).expected()
    assert put(library, replace(CRANE, text="The crane is open.")) == [(id, "updated")]
    assert library.article(id).version == 2
    assert library.article(id, 1).text == CRANE.text
    assert set(Ledger(library.connection).stale()) == old
    assert not Keywords(library.connection).search("closed", 5)
    assert Keywords(library.connection).search("open", 5)


def test_an_article_that_returns_to_an_earlier_text_gets_a_third_version(library: Library) -> None:
    ((id, _),) = put(library, CRANE)
    put(library, replace(CRANE, text="Other."), CRANE)
    assert (library.article(id).version, library.article(id).sha256) == (3, library.article(id, 1).sha256)


def test_new_metadata_alone_makes_no_version_and_a_new_author_embeds_nothing(library: Library) -> None:
    ((id, _),) = put(library, CRANE)
    before = Ledger(library.connection).expected()
    with library.writing():
        assert library.put(replace(CRANE, author="Cy"), never) == (id, "updated")
    assert (library.article(id).author, library.article(id).version) == ("Cy", 1)
    put(library, replace(CRANE, author="Cy", title="Crane shut"))
    assert library.article(id).version == 1
    assert Ledger(library.connection).expected().isdisjoint(before)
    assert Keywords(library.connection).search("shut", 5)


def test_a_given_id_identifies_whatever_the_path(library: Library) -> None:
    put(library, replace(CRANE, id="c1"))
    assert put(library, replace(CRANE, id="c1", origin="/elsewhere/x.jsonl#c1")) == [("c1", "updated")]
    assert library.count() == 1


def test_two_articles_with_the_same_text_are_two_articles(library: Library) -> None:
    (one, _), (two, _) = put(library, CRANE, replace(CRANE, origin="/news/copy.txt"))
    assert one != two
    assert len(Ledger(library.connection).expected()) == 2
    with library.writing():
        library.remove(one)
    assert library.article(two).text == CRANE.text


def test_removal_leaves_nothing_behind(library: Library) -> None:
    ((id, _),) = put(library, CRANE)
    put(library, replace(CRANE, text="Newer text."))
    with library.writing():
        library.remove(id)
    for table in ("articles", "versions", "texts", "chunks"):
        assert library.connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)
    assert not Keywords(library.connection).search("crane closed newer", 5)
    with pytest.raises(NothingThere):
        library.article(id)


def test_a_removed_article_can_come_back(library: Library) -> None:
    ((id, _),) = put(library, CRANE)
    with library.writing():
        library.remove(id)
    assert put(library, CRANE) == [(id, "added")]


def test_an_article_is_found_by_a_unique_beginning_its_path_or_its_url(library: Library) -> None:
    put(library, replace(CRANE, id="crane-1", url="https://example.org/crane"), replace(CRANE, id="crane-2", origin="/b"))
    assert (
        library.article("crane-1").id == library.article("/news/crane.txt").id == library.article("https://example.org/crane").id
    )
    with pytest.raises(NothingThere, match="several"):
        library.article("crane")
    with pytest.raises(NothingThere):
        library.article("")


def test_nothing_of_a_failed_write_remains(library: Library) -> None:
    before = library.generation()
    with pytest.raises(UsageError):
        put(library, CRANE, Document("x \ud800", "/bad"))
    assert (library.count(), library.generation()) == (0, before)


def test_an_id_that_no_file_could_show_is_refused(library: Library) -> None:
    for id in ("", "a\nb", "x" * 201):
        with pytest.raises(UsageError), library.writing():
            library.put(replace(CRANE, id=id), count)


def test_a_missing_home_reads_as_empty_and_stays_away(tmp_path: Path) -> None:
    library = Library(tmp_path / "none")
    assert library.count() == 0
    assert not (tmp_path / "none").exists()


def test_a_library_that_may_not_be_written_to_can_still_be_read(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may write anywhere")
    home = tmp_path / "a home #1?"
    library = Library(home, create=True)
    put(library, CRANE)
    library.close()
    (home / FILE).chmod(0o400)
    home.chmod(0o500)
    try:
        assert Library(home).count() == 1
    finally:
        home.chmod(0o700)


@pytest.mark.parametrize("name", ["with space", "100%", "a#b?c", "Ärger😀"])
def test_a_home_may_have_any_name(tmp_path: Path, name: str) -> None:
    put(Library(tmp_path / name, create=True), CRANE)
    assert Library(tmp_path / name).count() == 1
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_library_from_the_future_is_refused(tmp_path: Path) -> None:
    Library(tmp_path, create=True).close()
    connection = sqlite3.connect(tmp_path / FILE)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(ConfigError, match="newer"):
        Library(tmp_path)


def test_filters_narrow_by_day_outlet_and_author_and_undated_articles_pass_no_date(library: Library) -> None:
    put(
        library,
        CRANE,
        replace(CRANE, origin="/b", source="The Meridian", published=None, author=None),
        replace(CRANE, origin="/c", published="2023-05-01T08:00:00+02:00"),
    )

    def number(**given: str) -> int:
        return Selection(library.connection, Filters(**given)).count()

    assert [number(), number(since="2023-04-06"), number(until="2023-04-05"), number(since="2023-05-01", until="2023-05-01")] == [
        3,
        1,
        1,
        1,
    ]
    assert [number(source="courier"), number(source="MERID"), number(author="bo"), number(author="%")] == [2, 1, 2, 0]


def test_a_selection_keeps_only_current_ids_that_pass(library: Library) -> None:
    put(library, CRANE, replace(CRANE, origin="/b", source="The Meridian"))
    selection = Selection(library.connection, Filters(source="courier"))
    (id,) = selection.ids()
    others = Ledger(library.connection).expected() - {id}
    assert selection.keep({id, *others, "999-00000000", f"{id.partition('-')[0]}-00000000"}) == {id}


def test_any_question_is_a_safe_keyword_query(library: Library) -> None:
    put(library, CRANE)
    keywords = Keywords(library.connection)
    for question in (
        'crane "',
        "crane AND OR NOT NEAR(",
        "title:crane*",
        "crane' --",
        "()",
        "crane\0",
        "🚢 crane",
        "ＣＲＡＮＥ",
        "-crane ^ {x}",
    ):
        keywords.search(question, 5)
    assert keywords.search('"crane', 5)


def test_words_that_stand_everywhere_are_left_out_of_a_search_once_they_are_too_many(library: Library) -> None:
    put(library, CRANE, replace(CRANE, origin="/b", text="The crane is open. A heron said so."))
    assert len(Keywords(library.connection).search("crane heron", 5)) == 2
    assert len(Keywords(library.connection, rows=2).search("crane heron", 5)) == 1
    assert len(Keywords(library.connection, rows=1).search("crane", 5)) == 2
    assert (
        len(
            Keywords(library.connection, rows=2).search(
                "crane heron", 5, Selection(library.connection, Filters(source="Courier"))
            )
        )
        == 2
    )


def test_common_words_alone_still_find_something(library: Library) -> None:
    put(library, replace(CRANE, text="To be or not to be."))
    assert Keywords(library.connection).search("to be or not to be", 5)


def test_recut_makes_the_same_chunks_under_new_numbers(library: Library) -> None:
    ((id, _),) = put(library, CRANE)
    before = {chunk.embedded for chunk in Ledger(library.connection).waiting(10)}
    with library.writing():
        library.recut(count)
    assert {chunk.embedded for chunk in Ledger(library.connection).waiting(10)} == before
    assert Keywords(library.connection).search("closed", 5)
    assert library.sentences(library.article(id))


def test_generation_grows_with_every_write(library: Library) -> None:
    before = library.generation()
    put(library, CRANE)
    assert library.generation() > before
