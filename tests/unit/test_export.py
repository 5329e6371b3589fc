from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.doctor import examine
from qa.errors import QAError, UsageError
from qa.export import bounded, bring_in, lines
from qa.library import Library
from qa.runlog import Entry, RunLog
from qa.sources import Source, Sources
from qa.types import Document, Usage
from tests.unit.test_intake import Lengths, bad, count, desk
from vectorstore.index import Index

CRANE = Document("The crane is closed. Ann Lee said so.", "/news/crane.txt", title="Crane", published="2023-04-05")


def opened(home: Path) -> tuple[Library, Index]:
    return Library(home, create=True), Index(home / "index", Lengths(), "memory")


def export(library: Library) -> list[str]:
    return list(lines(library))


@pytest.fixture
def library(tmp_path: Path) -> Library:
    """Two articles, one of them with two versions."""
    library, index = opened(tmp_path / "from")
    desk(library, index).add([CRANE, Document("Trams run.", "b", id="b", pages=(0, 6), extra={"desk": ["city", 1.5]})])
    desk(library, index).add([replace(CRANE, text="The crane is open. Ann Lee said so.", updated="2023-04-06")])
    return library


words = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
stated = st.none() | words
documents = st.builds(
    Document,
    text=words,
    origin=st.sampled_from(["/a", "/b", "/c#1"]),
    id=st.none() | st.sampled_from(["x", "y"]),
    title=words,
    source=stated,
    author=stated,
    published=st.none() | st.just("2023-04-05"),
    updated=stated,
    language=stated,
    credit=stated,
    pages=st.just(()) | st.just((0, 3)),
    extra=st.dictionaries(words, st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | words, max_size=3),
)


@settings(max_examples=40)
@given(st.lists(documents, max_size=8))
def test_an_export_taken_into_an_empty_home_is_exported_as_the_same_bytes(offered: list[Document]) -> None:
    with TemporaryDirectory() as folder:
        first, index = opened(Path(folder) / "first")
        for document in offered:  # one at a time, so that a second text of an article is a version
            desk(first, index).add([document])
        second, other = opened(Path(folder) / "second")
        brought = bring_in(desk(second, other), export(first))
        assert brought.skipped == []
        assert export(second) == export(first)
        assert not bad(examine(lambda: second, other.ids, second.path.parent))
        first.close()
        second.close()


def test_the_head_counts_and_every_line_stands_alone(library: Library) -> None:
    head, *rest = (json.loads(line) for line in export(library))
    assert head == {"schema": "groundwire/export/1", "articles": 2, "versions": 3}
    assert [[one["text"] for one in row["versions"]] for row in rest] == [
        ["The crane is closed. Ann Lee said so.", "The crane is open. Ann Lee said so."],
        ["Trams run."],
    ]
    assert rest[1]["versions"][0]["extra"] == {"desk": ["city", 1.5]}


def test_taking_in_what_is_here_changes_nothing(library: Library, tmp_path: Path) -> None:
    before = export(library)
    brought = bring_in(desk(library, opened(tmp_path / "from")[1]), before)
    assert (brought.added, brought.updated, brought.unchanged) == (0, 0, 2)
    assert export(library) == before


def test_later_versions_are_added_to_the_earlier_ones(library: Library, tmp_path: Path) -> None:
    other, index = opened(tmp_path / "to")
    head, crane, _ = export(library)
    row = json.loads(crane)
    earlier = json.dumps({**row, "versions": row["versions"][:1]})
    assert bring_in(desk(other, index), [head, earlier]).added == 1
    assert bring_in(desk(other, index), [head, crane]).updated == 1
    assert bring_in(desk(other, index), [head, earlier]).unchanged == 1
    assert other.article(row["id"]).text == "The crane is open. Ann Lee said so."
    assert not bad(examine(lambda: other, index.ids, other.path.parent))


def test_another_article_under_the_same_id_or_origin_is_refused_with_its_line(library: Library, tmp_path: Path) -> None:
    other, index = opened(tmp_path / "to")
    desk(other, index).add([replace(CRANE, text="Something else."), Document("Buses run.", "/b", id="b")])
    before = export(other)
    brought = bring_in(desk(other, index), export(library))
    assert [one.source for one in brought.skipped] == ["line 2", "line 3"]
    assert "others here" in brought.skipped[0].reason
    assert export(other) == before


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("crane is open", "crane is shut", "sha256"),
        ('"version": 2', '"version": 3', "1, 2, 3"),
        ('"identity": "at:/news', '"identity": "at:/olds', "identity"),
        ('"versions"', '"others"', "damaged"),
        ('"title": "Crane"', '"title": 7', "damaged"),
        ("}", "", "damaged"),
    ],
)
def test_a_damaged_line_is_skipped_with_its_number_and_the_rest_kept(
    library: Library, tmp_path: Path, old: str, new: str, reason: str
) -> None:
    other, index = opened(tmp_path / "to")
    head, crane, trams = export(library)
    assert old in crane
    brought = bring_in(desk(other, index), [head, crane.replace(old, new), trams])
    assert brought.added == 1
    assert [one.source for one in brought.skipped] == ["line 2"]
    assert reason in brought.skipped[0].reason


def test_what_is_no_export_is_told_and_nothing_taken_in(tmp_path: Path) -> None:
    library, index = opened(tmp_path)
    for offered in ([], ['{"id": "a", "text": "An article."}\n']):
        with pytest.raises(UsageError, match="no export"):
            bring_in(desk(library, index, count), offered)
    assert library.count() == 0


def noted(library: Library) -> None:
    """Two sources and two entries of the log."""
    with library.writing():
        Sources(library.connection).keep([Source("/news", "2023-04-05T10:00:00+00:00", "read"), Source("/a", "2023", "gone")], {})
    for question in ("Who?", "Where\u2028?"):
        RunLog(library).write(
            Entry("2024-03-12", question, question == "Who?", "m", None, Usage(3, 4), 0.125, '{"a":  "\\u001b"}')
        )


def test_sources_and_where_wanted_the_log_go_along_and_come_back_as_the_same_bytes(library: Library, tmp_path: Path) -> None:
    noted(library)
    other, index = opened(tmp_path / "to")
    whole = list(lines(library, log=True))
    assert export(library) == whole[:-2], "the log stays at home unless it is asked for"
    brought = bring_in(desk(other, index), whole)
    assert (brought.added, brought.sources, brought.log, brought.skipped) == (2, 2, 2, [])
    assert list(lines(other, log=True)) == whole
    again = bring_in(desk(other, index), whole)
    assert (again.unchanged, again.sources, again.log) == (2, 0, 0)
    assert list(lines(other, log=True)) == whole


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"record": "{', '"record": "'),
        ('"seconds": 0.125', '"seconds": NaN'),
        ('"input_tokens": 3', '"input_tokens": 1e300'),
        ('"question": "Who?"', '"question": "\\ud800"'),
        ('"status": "gone"', '"status": null'),
        ('"title": "Crane"', '"title": "\\udcff"'),
        ('"extra": {}', '"extra": {"a": "\\udcff"}'),
    ],
)
def test_a_damaged_source_entry_or_article_is_skipped_and_the_rest_kept(
    library: Library, tmp_path: Path, old: str, new: str
) -> None:
    noted(library)
    other, index = opened(tmp_path / "to")
    given = [line.replace(old, new, 1) for line in lines(library, log=True)]
    damaged = [number for number, (one, two) in enumerate(zip(given, lines(library, log=True), strict=True), 1) if one != two]
    brought = bring_in(desk(other, index), given)
    assert [one.source for one in brought.skipped] == [f"line {number}" for number in damaged]
    assert brought.added + brought.sources + brought.log == 6 - len(damaged)
    assert damaged


def test_a_line_of_absurd_length_is_skipped_with_its_number_and_never_held(library: Library, tmp_path: Path) -> None:
    head, crane, trams = export(library)
    longest = max(map(len, (head, crane, trams)))
    other, index = opened(tmp_path / "to")
    for end in ("\n", ""):
        file = io.StringIO(f"{head}{'x' * (3 * longest)}\n{crane}{trams}{'y' * longest}{end}")
        brought = bring_in(desk(other, index), bounded(file, longest))
        assert [one.source for one in brought.skipped] == ["line 2", "line 5"]
        assert "longer than" in brought.skipped[0].reason
    assert export(other) == export(library)


@pytest.mark.parametrize(
    "lost", ["DELETE FROM texts WHERE text LIKE '%closed%'", "UPDATE texts SET text = 'x' WHERE text LIKE '%open%'"]
)
def test_an_article_that_lacks_a_text_is_left_out_and_told_once_all_others_are_given(
    library: Library, tmp_path: Path, lost: str
) -> None:
    noted(library)
    head, crane, *others = export(library)
    library.connection.execute("PRAGMA foreign_keys = OFF")
    library.connection.execute(lost)
    given: list[str] = []
    with pytest.raises(QAError, match=json.loads(crane)["id"]):
        given.extend(lines(library))
    assert given == [head, *others]
