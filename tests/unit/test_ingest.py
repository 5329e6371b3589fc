from __future__ import annotations

import os
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.errors import NetworkError, NothingThere, UsageError
from qa.ingest import BY_MEDIA, BY_SUFFIX, items, read
from qa.ingest.types import Skipped
from qa.types import Document

NEWS = "The crane stays shut until Friday, the harbour master said.\n"


def one(source: object, **options: int) -> Document:
    (found,) = read(str(source), fetch=False, **options)
    assert isinstance(found, Document)
    return found


def refused(source: object, **options: int) -> Skipped:
    (found,) = read(str(source), fetch=False, **options)
    assert isinstance(found, Skipped)
    return found


def piped(content: bytes, **options: int) -> list[Document | Skipped]:
    return list(read("-", BytesIO(content), fetch=False, **options))


@given(
    st.binary(max_size=200) | st.text(max_size=200).map(str.encode) | st.text(max_size=80).map(lambda text: text.encode("utf-16"))
)
def test_any_bytes_become_exactly_their_text_or_are_skipped_with_a_reason(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    path = tmp_path_factory.mktemp("any") / "article.txt"
    path.write_bytes(content)
    (found,) = read(str(path), fetch=False)
    if isinstance(found, Skipped):
        assert found.reason
        return
    if "guessed_encoding" in found.extra:
        assert content.decode(str(found.extra["guessed_encoding"])) == found.text
        return
    spelled = [found.text.encode(), b"\xef\xbb\xbf" + found.text.encode()]
    spelled += [
        mark.encode(wide) + found.text.encode(wide)
        for mark in "\ufeff"
        for wide in ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
    ]
    assert content in spelled


@given(
    st.lists(
        st.sampled_from(
            [
                b"{",
                b"}",
                b'"text"',
                b":",
                b'"a"',
                b",",
                b"[",
                b"\n",
                b"\xff",
                b"\xef\xbb\xbf",
                b"<html>",
                b"<p>a b c",
                b"\0",
                b"1",
            ]
        ),
        max_size=30,
    )
)
def test_whatever_comes_down_a_pipe_is_read_or_skipped(pieces: list[bytes]) -> None:
    for found in piped(b"".join(pieces)):
        assert isinstance(found, Skipped) or found.text.strip()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b" \n\t\xc2\xa0\n", "empty"),
        ("größer als größte Größe ".encode() + b"caf\xe9", "not valid UTF-8 at byte 33"),
        (b"one NUL in much text" + b"\0" + b" that is fine", "binary"),
        (bytes(range(1, 32)) * 3, "binary"),
        (b"\xff\xfea", "not valid UTF-16-LE at byte 0"),
        (b"x" * 101, "101 bytes is over the limit of 100 bytes"),
    ],
)
def test_what_is_no_text_is_skipped_with_the_reason(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(content)
    found = refused(path, limit=100)
    assert reason in found.reason
    assert found.source == str(path)


def test_an_article_of_exactly_the_limit_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"x" * 100)
    assert len(one(tmp_path / "a.txt", limit=100).text) == 100


def test_a_folder_is_read_to_its_depth_in_the_order_of_names(tmp_path: Path) -> None:
    for name in ("b.md", "a/z.txt", "a/b/c.html", "c.TXT"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"<html><body><p>{NEWS}</p></body></html>")
    assert [Path(item).relative_to(tmp_path).as_posix() for item in items(str(tmp_path))] == [
        "a/b/c.html",
        "a/z.txt",
        "b.md",
        "c.TXT",
    ]
    assert len(list(read(str(tmp_path), fetch=False))) == 4


def test_hidden_junk_and_foreign_files_of_a_folder_are_passed_over(tmp_path: Path) -> None:
    names = (
        ".git/a.txt",
        ".hidden.txt",
        "~$lock.txt",
        "node_modules/a.md",
        "__MACOSX/a.txt",
        "photo.png",
        "code.py",
        "page_files/ad.html",
    )
    for name in (*names, "page.html", "kept_files/a.txt"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(NEWS)
    assert [Path(item).relative_to(tmp_path).as_posix() for item in items(str(tmp_path))] == ["kept_files/a.txt", "page.html"]


def test_a_folder_tells_of_documents_that_have_no_reader(tmp_path: Path) -> None:
    (tmp_path / "report.rtf").write_bytes(b"{")
    (tmp_path / "a.txt").write_text(NEWS)
    article, left_out = read(str(tmp_path), fetch=False)
    assert isinstance(left_out, Skipped)
    assert "no reader for .rtf" in left_out.reason
    assert isinstance(article, Document)


@pytest.mark.parametrize("name", ["photo.png", "Makefile"])
def test_a_file_of_another_kind_is_skipped_when_it_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(NEWS)
    assert "no reader for" in refused(tmp_path / name).reason


def test_links_in_a_circle_end_and_each_file_is_read_once(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text(NEWS)
    (tmp_path / "in" / "again.txt").symlink_to(tmp_path / "in" / "a.txt")
    (tmp_path / "in" / "loop").symlink_to(tmp_path)
    (tmp_path / "in" / "self.txt").symlink_to(tmp_path / "in" / "self.txt")
    found = list(read(str(tmp_path), fetch=False))
    assert [item.origin for item in found if isinstance(item, Document)] == [str(tmp_path / "in" / "a.txt")]
    assert [item.source for item in found if isinstance(item, Skipped)] == [str(tmp_path / "in" / "self.txt")]


def test_the_origin_of_a_file_is_its_absolute_path_without_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.txt").write_text(NEWS)
    (tmp_path / "link.txt").symlink_to("a.txt")
    monkeypatch.chdir(tmp_path)
    assert one("link.txt").origin == one("./a.txt").origin == str((tmp_path / "a.txt").resolve())


def test_a_pipe_or_a_device_is_skipped_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    assert "neither a file nor a folder" in refused(tmp_path / "pipe.txt").reason
    assert "neither a file nor a folder" in refused("/dev/zero").reason


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="nothing is forbidden to this user")
def test_what_may_not_be_read_is_skipped_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text(NEWS)
    (tmp_path / "in" / "a.txt").chmod(0)
    assert "permission denied" in refused(tmp_path / "in").reason
    (tmp_path / "in").chmod(0)
    assert "permission denied" in refused(tmp_path).reason
    (tmp_path / "in").chmod(0o700)


@pytest.mark.skipif(os.name == "nt", reason="names are always text there")
def test_a_name_that_is_no_text_is_skipped_and_can_be_shown(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"caf\xe9.txt")
    try:
        path.write_text(NEWS)
    except OSError:
        pytest.skip("this file system takes only text for names")
    found = refused(tmp_path)
    assert "not valid UTF-8" in found.reason
    assert found.source.encode()


def test_a_path_that_is_not_there_is_an_error_that_names_the_nearest(tmp_path: Path) -> None:
    (tmp_path / "harbour.txt").write_text(NEWS)
    with pytest.raises(NothingThere) as told:
        read(str(tmp_path / "harbor.txt"), fetch=False)
    assert str(tmp_path / "harbour.txt") in told.value.hint
    for nothing in (str(tmp_path / "no" / "such.txt"), "x" * 5000, "a\0b", ""):
        with pytest.raises(NothingThere):
            items(nothing)


@pytest.mark.parametrize("address", ["ftp://example.org/a", "file:///etc/hosts", "javascript://x"])
def test_only_web_addresses_are_read(address: str) -> None:
    with pytest.raises(UsageError):
        list(read(address, fetch=True))


def test_without_leave_to_fetch_no_address_is_read() -> None:
    with pytest.raises(NetworkError) as told:
        list(read("https://example.org/a", fetch=False))
    assert "--offline" in told.value.hint


@pytest.mark.parametrize("reader", sorted({*BY_SUFFIX.values(), *BY_MEDIA.values()}))
def test_every_reader_of_the_tables_skips_an_empty_file_as_empty(tmp_path: Path, reader: str) -> None:
    suffix = next(suffix for suffix, name in BY_SUFFIX.items() if name == reader)
    (tmp_path / f"a{suffix}").write_bytes(b"")
    found = refused(tmp_path / f"a{suffix}")
    assert found.reason == "empty"


def test_stdin_with_plain_text_is_one_article_known_by_its_text() -> None:
    (first,) = piped(NEWS.encode())
    (again,) = piped(NEWS.encode())
    (other,) = piped(b"Another text altogether.")
    assert isinstance(first, Document)
    assert isinstance(other, Document)
    assert first == again
    assert first.text == NEWS
    assert first.origin.startswith("stdin#")
    assert first.origin != other.origin


def test_stdin_with_objects_a_line_is_read_as_lines_and_a_broken_one_is_skipped() -> None:
    kept, broken, nameless = piped(b'{"id": "a", "text": "One."}\n{broken\n\n{"text": "Two."}\n')
    assert isinstance(kept, Document)
    assert (kept.id, kept.origin) == ("a", "stdin#a")
    assert isinstance(broken, Skipped)
    assert broken.source == "stdin"
    assert broken.reason.startswith("line 2: not JSON")
    assert isinstance(nameless, Document)


def test_stdin_with_objects_a_line_may_be_longer_than_the_limit() -> None:
    lines = [b'{"id": %d, "text": "Line number %d of many."}' % (number, number) for number in range(50)]
    found = piped(b"\n".join(lines), limit=100)
    assert [item.id for item in found if isinstance(item, Document)] == [str(number) for number in range(50)]


def test_stdin_with_other_text_over_the_limit_is_skipped() -> None:
    (found,) = piped(b"word " * 100, limit=100)
    assert found == Skipped("stdin", "over the limit of 100 bytes")


def test_stdin_with_one_json_list_is_read_as_its_objects() -> None:
    found = piped(b'[\n {"text": "One."},\n {"text": "Two."}\n]')
    assert [item.text for item in found if isinstance(item, Document)] == ["One.", "Two."]


def test_stdin_with_markup_is_read_as_a_page() -> None:
    (found,) = piped(
        b"<!-- saved -->\n<!DOCTYPE html><html><head><title>Crane</title></head><body><p>The crane fell.</p></body></html>"
    )
    assert isinstance(found, Document)
    assert found.text == "The crane fell."


def test_stdin_with_text_that_only_speaks_of_json_or_markup_is_plain_text() -> None:
    for text in ("{curly} words in a text.\nMore words.", "[1] is a footnote.", "We write <html> in the head, he said."):
        (found,) = piped(text.encode())
        assert isinstance(found, Document)
        assert found.text == text
