"""The quotations of a draft, and whom they are given to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.quotations import quotations


def found(text: str) -> list[str]:
    return [one.words for one in quotations(text)]


@pytest.mark.parametrize(
    "text",
    [
        "He called it “a bad idea” at once.",
        'He called it "a bad idea" at once.',
        "He called it ‘a bad idea’ at once.",
        "He called it 'a bad idea' at once.",
        "He called it «a bad idea» at once.",
        "He called it « a bad idea » at once.",
        "He called it »a bad idea« at once.",
        "He called it „a bad idea“ at once.",
        "He called it „a bad idea” at once.",
        "He called it “a bad idea",
        "> a bad idea\n\nThat was all.",
    ],
)
def test_words_between_marks_of_any_kind_are_found(text: str) -> None:
    assert [one.strip() for one in found(text)] == ["a bad idea"]


def test_the_place_is_that_of_the_words_in_the_draft_without_their_marks() -> None:
    draft = "Café 😀: “one” and\n> two\n> three\n"
    places = [one.span.of(draft) for one in quotations(draft)]
    assert places == ["one", "two\n> three"]
    assert found(draft) == ["one", "two\nthree"]


def test_a_quotation_within_a_quotation_belongs_to_the_outer_one() -> None:
    assert found("She said: “He told me ‘never again’ and “left” us.”") == ["He told me ‘never again’ and “left” us."]


def test_a_quotation_goes_on_over_lines_and_over_paragraphs_that_open_with_a_mark() -> None:
    assert found("“One\nline.\n\n“And another,” he said.") == ["One\nline.\n\nAnd another,"]
    assert found("“Never closed.\n\nSomething else.") == ["Never closed."]


@pytest.mark.parametrize(
    "text", ["Don't stop, it's the players' day in the '90s.", 'A 5" board and a 7" nail.', '“”, "" and “...”', ""]
)
def test_apostrophes_inches_and_empty_marks_are_no_quotations(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("draft", "speaker"),
    [
        ("“We are closing the quay,” said Ida Brandt.", "Ida Brandt"),
        ("Tom Wu said: “We are closing the quay.”", "Tom Wu"),
        ("According to Tom Wu, it was “a bad idea”.", "Tom Wu"),
        ("The minister said it was “a bad idea”.", "The minister"),
        ("Ida Brandt warned:\n\n> We are closing\n> the quay.\n", "Ida Brandt"),
        ("> We are closing the quay.\n> — Ida Brandt\n", "Ida Brandt"),
        ("They met at the “Blue House” in June.", None),
    ],
)
def test_the_draft_says_who_speaks(draft: str, speaker: str | None) -> None:
    assert [one.speaker for one in quotations(draft)] == [speaker]


def test_two_quotations_of_one_sentence_may_be_two_peoples() -> None:
    draft = "Ida Brandt said “we are closing the quay for good”, but Tom Wu replied: “Nobody has asked the sailors.”"
    assert [one.speaker for one in quotations(draft)] == ["Ida Brandt", "Tom Wu"]


def test_who_speaks_is_not_taken_from_the_quoted_words() -> None:
    draft = "The report put it like this: «'It was a bad idea,' said Tom Wu of the Quay Board»."
    assert all(one.speaker != "Tom Wu" for one in quotations(draft))


def test_a_block_quotes_last_line_is_not_a_part_of_the_words() -> None:
    assert found("> We are closing the quay.\n> — Ida Brandt\n") == ["We are closing the quay."]


@given(st.lists(st.sampled_from([*"“”„«»‘’'\"「」>[]…. \n", "word ", "said Tom Wu. ", "\n\n", "5"]), max_size=60).map("".join))
def test_of_any_jumble_of_marks_every_quotation_is_a_place_in_the_draft_and_none_overlap(text: str) -> None:
    end = 0
    for one in quotations(text):
        assert end <= one.span.start < one.span.end <= len(text)
        end = one.span.end


@pytest.mark.parametrize("mark", ["「", "‹", "“", "'", '"', "> ", "[", "…", "-\n"])
def test_a_hundred_thousand_marks_in_a_row_are_no_trap(mark: str) -> None:
    text = f"{mark}a" * 30_000
    assert all(0 <= one.span.start < one.span.end <= len(text) for one in quotations(text))
