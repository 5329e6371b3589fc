from __future__ import annotations

import subprocess
import sys
from datetime import date
from io import BytesIO
from pathlib import Path

import pyarrow
import pyarrow.parquet
import pytest

from qa.ingest import read
from qa.ingest.types import Skipped
from qa.types import Document


def added(path: Path, content: bytes, limit: int = 20_000_000) -> list[Document | Skipped]:
    path.write_bytes(content)
    return list(read(str(path), limit=limit, fetch=False))


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("mark", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_row_is_an_article_whatever_divides_its_columns(tmp_path: Path, delimiter: str, mark: str) -> None:
    rows = [
        ["ID", "Headline", "Body", "Date", "Byline", "Desk"],
        ["7", "Crane falls", '"It fell.\n\nHe said ""no""."', "2023-04-05", "P. I.", "news"],
    ]
    (found,) = added(tmp_path / "a.csv", "\r\n".join(map(delimiter.join, rows)).encode(mark))
    assert isinstance(found, Document)
    assert (found.id, found.title, found.text, found.published) == ("7", "Crane falls", 'It fell.\n\nHe said "no".', "2023-04-05")
    assert (found.author, dict(found.extra), found.origin, found.kind) == (
        "P. I.",
        {"desk": "news"},
        f"{tmp_path / 'a.csv'}#7",
        "table",
    )


def test_without_a_column_of_text_the_columns_are_named(tmp_path: Path) -> None:
    (found,) = added(tmp_path / "a.csv", b"Name,Price\nCrane,5\n")
    assert isinstance(found, Skipped)
    assert found.reason == "no column called text, body or content; its columns are Name, Price"


def test_a_heading_that_is_no_row_of_names_is_told(tmp_path: Path) -> None:
    (found,) = added(tmp_path / "a.csv", b"title,text\rmore,words\n")
    assert isinstance(found, Skipped)
    assert found.reason.startswith("not a table")


def test_a_row_without_text_is_told_with_its_number_and_the_rest_kept(tmp_path: Path) -> None:
    found = added(tmp_path / "a.csv", b"title,text\na,One.\nb,\nc,Three.\n")
    assert [item.reason if isinstance(item, Skipped) else item.text for item in found] == ["One.", "row 3: no text", "Three."]


def test_a_table_in_an_old_encoding_is_read_as_told_or_as_guessed(tmp_path: Path) -> None:
    content = "text,title\nGröße über alles.,Größe\n".encode("cp1252")
    (found,) = added(tmp_path / "a.csv", content)
    assert isinstance(found, Document)
    assert (found.text, found.extra["guessed_encoding"]) == ("Größe über alles.", "cp1252")
    (told,) = read(str(tmp_path / "a.csv"), fetch=False, encoding="windows-1252")
    assert isinstance(told, Document)
    assert (told.text, dict(told.extra)) == ("Größe über alles.", {})


def test_one_endless_line_or_quotation_is_bounded(tmp_path: Path) -> None:
    for body in (b'"' + b"word\n" * 50_000, b"x," * 100_000):
        found = added(tmp_path / "a.csv", b"title,text\na,One.\nb," + body, 100_000)
        assert isinstance(found[0], Document)
        assert [item.reason for item in found if isinstance(item, Skipped)] == ["row 3: over the limit of 0.1 MB"]


def test_a_table_that_comes_down_a_pipe_is_recognised_and_may_be_longer_than_the_limit() -> None:
    rows = b"".join(b"Title %d,Line number %d of many.\n" % (at, at) for at in range(100))
    found = list(read("-", BytesIO(b"title,text\n" + rows), limit=500, fetch=False))
    assert len(found) == 100
    (words,) = read("-", BytesIO(b"Text, he said, is what text is.\nBody and soul.\n"), fetch=False)
    assert isinstance(words, Document)
    assert words.kind == "text"


def test_parquet_is_read_row_by_row_with_its_dates(tmp_path: Path) -> None:
    columns = {"id": [1, 2], "Text": ["One.", None], "published": [date(2023, 4, 5), None], "tags": [["a"], []]}
    table = pyarrow.table({**columns, "shares": [[0.5, float("nan")], []]})
    pyarrow.parquet.write_table(table, tmp_path / "a.parquet")
    article, left_out = read(str(tmp_path / "a.parquet"), fetch=False)
    assert isinstance(article, Document)
    assert (article.id, article.text, article.published) == ("1", "One.", "2023-04-05")
    assert dict(article.extra) == {"tags": ["a"], "shares": [0.5, None]}
    assert isinstance(left_out, Skipped)
    assert left_out.reason == "row 2: no text"


def test_damaged_parquet_is_told(tmp_path: Path) -> None:
    for content in (b"PAR1 and nothing more PAR1", b"PAR1" + b"\xff" * 100 + b"PAR1"):
        (found,) = added(tmp_path / "a.parquet", content)
        assert isinstance(found, Skipped)
        assert "damaged" in found.reason


def test_without_pyarrow_the_extra_to_install_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.parquet").write_bytes(b"PAR1")
    code = "import sys; sys.modules['pyarrow'] = None\nfrom qa.ingest import read\nprint(*read(sys.argv[1], fetch=False))"
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path / "a.parquet")], capture_output=True, text=True, check=False)
    assert "groundwire[parquet]" in done.stdout, done.stderr
