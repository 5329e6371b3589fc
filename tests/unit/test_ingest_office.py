from __future__ import annotations

from io import BytesIO
from pathlib import Path

import docx as office
import pytest

from qa.ingest import read
from qa.ingest.docx import read as read_word
from qa.ingest.epub import read as read_book
from qa.ingest.types import Place, Unreadable
from qa.types import Document
from tests.papers import docx, epub, paragraph, zipped


def word(body: str, core: str = "") -> Document:
    (found,) = read_word(BytesIO(docx(body, core)), Place("a.docx", 20_000_000, "a-crane"))
    return found


def book(content: bytes, limit: int = 20_000_000) -> Document:
    (found,) = read_book(BytesIO(content), Place("a.epub", limit, "a-book"))
    return found


def test_a_document_made_by_an_office_program_is_read_with_its_tables_and_properties(tmp_path: Path) -> None:
    made = office.Document()
    made.core_properties.title, made.core_properties.author, made.core_properties.language = "Crane falls", "Petra Ilves", "en-GB"
    made.add_heading("Another heading", 1)
    made.add_paragraph("The crane fell.").add_run(" Nobody was hurt.")
    table = made.add_table(2, 2)
    for cell, words in zip((cell for row in table.rows for cell in row.cells), ("Year", "Falls", "2023", "51"), strict=True):
        cell.text = words
    made.save(str(tmp_path / "a.docx"))
    (found,) = read(str(tmp_path / "a.docx"), fetch=False)
    assert isinstance(found, Document)
    assert found.text == "Another heading\n\nThe crane fell. Nobody was hurt.\n\nYear | Falls\n2023 | 51"
    assert (found.title, found.author, found.language, found.published) == ("Crane falls", "Petra Ilves", "en-GB", None)


def test_tracked_insertions_are_read_and_deletions_are_not() -> None:
    body = (
        "<w:p><w:r><w:t>It fell</w:t></w:r><w:del><w:r><w:delText> not</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t> on Monday</w:t></w:r></w:ins><w:r><w:t>.</w:t></w:r></w:p>"
        f"<w:sdt><w:sdtContent>{paragraph('In a control.')}</w:sdtContent></w:sdt>"
    )
    assert word(body).text == "It fell on Monday.\n\nIn a control."


def test_a_title_is_stated_or_styled_and_a_program_s_name_is_no_author() -> None:
    styled = word(
        paragraph("Crane falls", "Title") + paragraph("It fell."),
        "<dc:title>Document1</dc:title><dc:creator>python-docx</dc:creator>",
    )
    assert (styled.title, styled.author) == ("Crane falls", None)
    assert word(paragraph("It fell.")).title == "A crane"


def test_a_book_is_one_article_in_the_order_of_its_chapters() -> None:
    said = (
        "<dc:title>The Crane</dc:title><dc:creator>Petra Ilves</dc:creator><dc:creator>Jon Reddaway</dc:creator>"
        "<dc:language>en</dc:language>"
        "<dc:publisher>Harbour Press</dc:publisher>"
        '<dc:date opf:event="creation">2020-01-01</dc:date><dc:date>2023-04-05</dc:date>'
    )
    chapters = {
        "b.xhtml": "<h1>One</h1><p>It &nbsp;<i>fell</i>.</p>",
        "a.xhtml": "<p>A<br/>line</p><script>x()</script><p hidden=''>no</p>",
    }
    found = book(epub(chapters, said))
    assert found.text == "One\n\nIt \N{NO-BREAK SPACE}fell.\n\nA\nline"
    assert (found.title, found.author, found.source) == ("The Crane", "Petra Ilves, Jon Reddaway", "Harbour Press")
    assert (found.published, found.language) == ("2023-04-05", "en")


def test_a_book_that_is_locked_empty_or_broken_is_told() -> None:
    lock = {"META-INF/encryption.xml": '<e Algorithm="http://www.w3.org/2001/04/xmlenc#aes128-cbc"/>'}
    for content, reason in (
        (epub({"a.xhtml": "<p>It fell.</p>"}, extra=lock), "locked (DRM)"),
        (epub({"a.xhtml": ""}), "no text in it"),
        (zipped({"mimetype": "application/epub+zip"}), "damaged: it has no META-INF/container.xml"),
        (b"no zip", "cannot be unpacked"),
    ):
        with pytest.raises(Unreadable) as told:
            book(content)
        assert reason in told.value.reason


def test_a_document_that_unpacks_to_more_than_one_article_may_have_is_refused() -> None:
    with pytest.raises(Unreadable) as told:
        book(epub({f"{at}.xhtml": f"<p>{'x' * 1000}</p>" for at in range(200)}), 100_000)
    assert told.value.reason == "unpacked it is over the limit of 0.1 MB"


def test_entities_that_a_document_declares_are_never_expanded() -> None:
    bomb = '<!DOCTYPE d [<!ENTITY a "haha"><!ENTITY b "&a;&a;&a;&a;">]><d>&b;</d>'
    for content in (
        zipped({"word/document.xml": bomb}),
        zipped({"word/document.xml": bomb.replace('"haha"', 'SYSTEM "file:///etc/passwd"')}),
    ):
        with pytest.raises(Unreadable) as told:
            list(read_word(BytesIO(content), Place("a.docx", 20_000_000)))
        assert "entities" in told.value.reason
