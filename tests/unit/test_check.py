"""Quotations of a draft judged against a library."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from qa.check import Checker, same_person
from qa.errors import ConfigError
from qa.library import Library
from qa.types import Document
from qa.verdicts import Checked

COURIER = (
    "The harbour crane was closed on Monday, the council said.\n\n"
    "“The crane has 15 cracks, and I would not let my own crew stand under it,” inspector Hanne Voss said on Monday. "
    "“We do not expect it to open before June, and only then for light loads,” she added.\n\n"
    "“Nobody has asked the sailors about any of this,” said Tom Wu, who speaks for the pilots. "
    "A spokesman for the mayor called the report “a careful piece of work”.\n\n"
    "The ferry is not affected. Its co-operation with the port is inter-\nnational, and its timetable stays."
)
BULLETIN = (
    "Council bulletin of harbour master Ida Brandt. The ferry timetable will change in spring, and fares rise by 4% to 3.50.\n\n"
    "“We are closing the quay for good,” said Ida Brandt. Tom Wu was there.\n\n"
    "“It will stay until the autumn,” the harbour master said of the ferry.\n\n港は月曜日に閉鎖された。"
)


def count(given: Sequence[str]) -> list[int]:
    return [len(text.split()) for text in given]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    library = Library(tmp_path_factory.mktemp("check"), create=True)
    with library.writing():
        library.put(Document(COURIER, "/courier", id="courier"), count)
        library.put(Document(BULLETIN, "/bulletin", id="bulletin"), count)
        for number in range(30):
            library.put(Document(f"Filler number {number} about the council and the crane and the ferry.", f"/f{number}"), count)
    return library


def judged(library: Library, draft: str) -> Checked:
    (found,) = Checker(library).check(draft)
    return found


@pytest.mark.parametrize(
    ("draft", "verdict"),
    [
        ("“The crane has 15 cracks”, Hanne Voss said.", "exact"),
        ("“careful”", "exact"),
        ("「月曜日」", "exact"),
        ("「港は月曜日に閉鎖された」", "exact"),
        ("'the ferry is not affected'", "edited"),
        ("“I would not let my own crew stand under it!” said Voss.", "edited"),
        ('"Its co-operation with the port is international"', "edited"),
        ("“We are closing the ... for good,” said Ida Brandt.", "edited"),
        ("“We are [all] closing the quay for good,” said Ida Brandt.", "edited"),
        ("“I would not let [them] stand under it,” said Hanne Voss.", "edited"),
        ("“this,” said Tom Wu, who speaks for the pilots. “Nobody has asked the sailors”".split("pilots. ")[1], "exact"),
        ("“We do ... expect it to open before June,” said Hanne Voss.", "elided"),
        ("“We do not expect it to open ... for light loads,” said Hanne Voss.", "elided"),
        ("“We do not expect it to open before June ...,” said Hanne Voss.", "elided"),
        ("“The crane has 51 cracks,” Hanne Voss said.", "altered"),
        ("“I would let my own crew stand under it,” said Hanne Voss.", "altered"),
        ("“We do not expect it to open before July,” said Hanne Voss.", "altered"),
        ("“fares rise by 4 to 3.50”", "altered"),
        ("“We are [not] closing the quay for good,” said Ida Brandt.", "altered"),
        ("“The crane has [20] cracks, and I would not let my own crew stand under it,” said Hanne Voss.", "altered"),
        ("“Nobody has asked the sailors about any of this,” said Hanne Voss.", "misattributed"),
        ("“Nobody has asked the sailors about any of this,” said Jens Lund.", "misattributed"),
        ("“It will stay until the autumn,” said Tom Wu.", "misattributed"),
        ("“It will stay until the autumn,” said Ida Brandt.", "exact"),
        ("“Penguins have taken the southern terminal,” said Tom Wu.", "not_found"),
    ],
)
def test_each_quotation_gets_the_verdict_it_deserves(library: Library, draft: str, verdict: str) -> None:
    found = judged(library, draft)
    assert found.verdict == verdict, found
    assert found.ok == (verdict in {"exact", "edited", "elided"})


def test_a_found_quotation_has_its_place_to_the_character(library: Library) -> None:
    draft = "So it goes: “Nobody has asked the sailors”, said Tom Wu."
    found = judged(library, draft)
    assert found.span.of(draft) == found.quote == "Nobody has asked the sailors"
    assert found.article_id == "courier"
    assert found.at is not None
    assert found.at.of(COURIER) == found.quote


def test_what_an_ellipsis_hides_is_shown_and_warned_about(library: Library) -> None:
    found = judged(library, "“We do ... expect it to open before June,” said Hanne Voss.")
    assert found.left_out == ("not",)
    assert found.warning is not None
    assert "“not” (negation)" in found.warning


def test_an_ellipsis_at_the_end_may_hide_something_too(library: Library) -> None:
    found = judged(library, "“We do not expect it to open before June ...,” said Hanne Voss.")
    assert found.warning is not None
    assert "“only” (restriction)" in found.warning


def test_the_changed_word_is_marked_with_its_kind(library: Library) -> None:
    found = judged(library, "“The crane has 51 cracks,” Hanne Voss said.")
    assert [(one.source, one.quoted, one.kind) for one in found.diff if one.op != "equal"] == [("15", "51", "number")]


def test_whoever_really_said_it_is_named(library: Library) -> None:
    assert judged(library, "“Nobody has asked the sailors about any of this,” said Hanne Voss.").said_by == "Tom Wu"


def test_words_that_the_narrator_writes_are_not_passed_over_in_silence_as_somebodys(library: Library) -> None:
    found = judged(library, "“The ferry timetable will change in spring,” said Ida Brandt.")
    assert found.warning is not None
    assert "not between quotation marks" in found.warning


def test_the_worst_come_first_then_the_drafts_order(library: Library) -> None:
    draft = "“careful”, “The crane has 15 cracks”, “Penguins have taken the southern terminal”, “The crane has 51 cracks”."
    assert [one.verdict for one in Checker(library).check(draft)] == ["not_found", "altered", "exact", "exact"]


def test_words_that_only_an_old_version_has_come_with_a_warning(tmp_path: Path) -> None:
    library = Library(tmp_path, create=True)
    for text in (COURIER, COURIER.replace("15 cracks", "16 cracks")):
        with library.writing():
            library.put(Document(text, "/courier", id="courier"), count)
    found = judged(library, "“The crane has 15 cracks, and I would not let my own crew stand under it”")
    assert (found.verdict, found.version) == ("exact", 1)
    assert found.warning is not None
    assert "only version 1" in found.warning


def test_a_removed_article_backs_nothing(tmp_path: Path) -> None:
    library = Library(tmp_path, create=True)
    with library.writing():
        library.put(Document(COURIER, "/courier", id="courier"), count)
        library.remove("courier")
    assert judged(library, "“The crane has 15 cracks, and I would not let my own crew stand under it”").verdict == "not_found"
    assert library.connection.execute("SELECT count(*) FROM shingles").fetchone() == (0,)


def test_a_rebuild_makes_the_same_index_of_words(library: Library) -> None:
    before = library.connection.execute("SELECT * FROM shingles").fetchall()
    with library.writing():
        library.recut(count)
    assert library.connection.execute("SELECT * FROM shingles").fetchall() == before


def test_a_library_without_an_index_of_words_says_how_to_make_one(tmp_path: Path) -> None:
    library = Library(tmp_path, create=True)
    with library.writing():
        library.connection.execute("DELETE FROM facts WHERE name = 'shingled'")
    with pytest.raises(ConfigError) as error:
        Checker(library)
    assert error.value.hint.startswith("qa rebuild")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [("Jens Stoltenberg", "Stoltenberg", True), ("Xi", "Xi Jinping", True), ("Ida Brandt", "Tom Wu", False), ("", "Wu", False)],
)
def test_a_person_may_be_called_by_a_part_of_the_name(one: str, other: str, same: bool) -> None:
    assert same_person(one, other) is same
