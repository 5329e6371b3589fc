from __future__ import annotations

from pathlib import Path

import pytest

from qa.errors import ConfigError
from qa.ingest import read
from qa.ingest.decode import codec_of
from qa.ingest.types import Skipped, Unreadable
from qa.types import Document

GERMAN = "Der Kran bleibt bis Freitag außer Betrieb, sagte der Hafenmeister über die “Größe” der Schäden.\n" * 3
RUSSIAN = "Кран в гавани остаётся закрытым до пятницы, сказал начальник порта после осмотра вечером.\n" * 5


def one(path: Path, content: bytes, encoding: str | None = None) -> Document:
    path.write_bytes(content)
    (found,) = read(str(path), fetch=False, encoding=encoding)
    assert isinstance(found, Document), found
    return found


@pytest.mark.parametrize(
    ("words", "encoding"),
    [(GERMAN, "windows-1252"), (RUSSIAN, "koi8-r"), (RUSSIAN, "windows-1251"), (RUSSIAN, "iso-8859-5"), (GERMAN, "utf-16-le")],
)
def test_text_is_read_exactly_as_the_user_says(tmp_path: Path, words: str, encoding: str) -> None:
    found = one(tmp_path / "a.txt", words.encode(encoding), encoding)
    assert (found.text, dict(found.extra)) == (words, {})


def test_a_mark_settles_the_order_of_bytes_that_the_user_leaves_open(tmp_path: Path) -> None:
    for wide in ("utf-16-be", "utf-16-le"):
        assert one(tmp_path / "a.txt", ("\ufeff" + GERMAN).encode(wide), "utf-16").text == GERMAN


@pytest.mark.parametrize(("words", "encoding"), [(GERMAN, "cp1252"), (RUSSIAN, "cp1251"), (RUSSIAN, "koi8_r")])
def test_a_guess_is_noted_with_the_article(tmp_path: Path, words: str, encoding: str) -> None:
    found = one(tmp_path / "a.txt", words.encode(encoding))
    assert (found.text, dict(found.extra)) == (words, {"guessed_encoding": encoding})


def test_what_a_text_declares_as_xml_or_html_is_no_guess() -> None:
    for head in ('<?xml version="1.0" encoding="koi8-r"?>', '<meta charset="koi8-r">'):
        assert codec_of((head + RUSSIAN).encode("koi8-r")) == ("koi8-r", False)


def test_valid_utf_8_is_never_taken_for_anything_else() -> None:
    assert codec_of(RUSSIAN.encode()) == ("utf-8", False)


def test_utf_8_with_a_bad_byte_is_refused_and_not_guessed_at() -> None:
    with pytest.raises(Unreadable, match="not valid UTF-8 at byte"):
        codec_of(RUSSIAN.encode() + b"\xff")


def test_bytes_that_do_not_fit_what_the_user_says_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"\x81\x8d" * 5)
    (found,) = read(str(tmp_path / "a.txt"), fetch=False, encoding="windows-1252")
    assert found == Skipped(str(tmp_path / "a.txt"), "not valid CP1252 at byte 0")


@pytest.mark.parametrize("name", ["klingon", "base64", "rot13", "", "utf-8\0"])
def test_an_encoding_that_is_none_is_an_error_with_a_next_step(name: str) -> None:
    with pytest.raises(ConfigError):
        read("-", fetch=False, encoding=name)
