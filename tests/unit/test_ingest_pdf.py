from __future__ import annotations

from io import BytesIO

import pytest

from qa.ingest.pdf import read
from qa.ingest.types import Place, Unreadable
from qa.types import Document
from tests.papers import Lines, pdf

FULL = "The harbour crane stays shut until Friday, said the master of the harbour on"


def one(*pages: Lines, info: str = "") -> Document:
    (found,) = read(BytesIO(pdf(pages, info)), Place("a.pdf", 20_000_000, "a-crane"))
    return found


def refused(content: bytes, limit: int = 20_000_000) -> str:
    with pytest.raises(Unreadable) as told:
        list(read(BytesIO(content), Place("a.pdf", limit)))
    return told.value.reason


def test_lines_of_a_paragraph_are_joined_and_a_wide_gap_begins_another() -> None:
    found = one([(50, 780, FULL), (50, 766, "Monday."), (50, 730, "Nobody was hurt."), (50, 694, "It rained.")])
    assert found.text == f"{FULL} Monday.\n\nNobody was hurt.\n\nIt rained."
    assert found.published is None


def test_an_indent_or_an_early_end_begins_a_paragraph() -> None:
    found = one([FULL, "Monday evening.", (50, 752, FULL + " a Tuesday."), (62, 738, "Indented it was."), (50, 724, FULL)])
    assert found.text.split("\n\n") == [f"{FULL} Monday evening.", f"{FULL} a Tuesday.", "Indented it was.", FULL]


def test_each_page_s_place_is_told_and_a_paragraph_goes_on_overleaf() -> None:
    found = one([FULL], ["the next page, they said.", "It rained."], [], ["The end."])
    assert found.text == f"{FULL} the next page, they said. It rained.\n\nThe end."
    assert [found.text[at:][:8] for at in found.pages] == ["The harb", "the next", "\n\nThe en", "The end."]


def test_a_word_divided_at_a_line_s_end_is_put_together_and_a_compound_keeps_its_hyphen() -> None:
    found = one(
        [FULL + " the long-", "term lease and the har-", "bour of Anglo-", "Saxon times, in the long-term and in a har-", "bour."]
    )
    assert found.text == f"{FULL} the long-term lease and the harbour of Anglo-Saxon times, in the long-term and in a harbour."


def test_running_lines_and_page_numbers_are_left_out() -> None:
    pages = [["Harbour Courier", f"Story number {word} begins.", f"Page {at} of 4"] for at, word in enumerate("abcd", 1)]
    assert one(*pages).text == "\n\n".join(f"Story number {word} begins." for word in "abcd")


def test_a_line_that_comes_back_inside_pages_stays() -> None:
    pages = [[f"Head {word}.", f"Second {word}.", "He said no.", f"Last but one {word}.", f"Last {word}."] for word in "abcd"]
    assert one(*pages).text.count("He said no.") == 4


@pytest.mark.parametrize(
    ("info", "title", "author"),
    [
        ("/Title (Crane falls) /Author (Petra Ilves)", "Crane falls", "Petra Ilves"),
        ("/Title (Microsoft Word - crane.docx) /Author (admin)", "A crane", None),
        ("/Title (untitled) /Author (anonymous)", "A crane", None),
        ("/CreationDate (D:20240312101500Z)", "A crane", None),
    ],
)
def test_title_and_author_are_taken_where_a_person_wrote_them(info: str, title: str, author: str | None) -> None:
    found = one(["The crane fell."], info=info)
    assert (found.title, found.author, found.published) == (title, author, None)


def test_what_has_no_text_is_broken_or_too_long_is_told() -> None:
    assert "OCR" in refused(pdf([[]]))
    assert refused(b"") == "empty"
    assert refused(b"%PDF-1.4 and no more") == "damaged, or no PDF"
    assert "over the limit" in refused(pdf([["x"]]), 100)
