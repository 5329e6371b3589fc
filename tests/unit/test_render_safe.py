from __future__ import annotations

import json
import re
import unicodedata
from urllib.parse import urlsplit

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from qa.render.data import dumps
from qa.render.safe import safe, web_link

CONTROLS = "\x00\x07\x08\x0b\x1b\r\x7f\x85\x90\x9b\x9c"
BIDI = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
HIDDEN = "\u200b\u2060\u2063\ufeff\u3164\u2028\u2029\ufffe\ufdd0\U0001ffff\U000e0041\U000e007f\U000e0101\udc80\ud800"
SIGNS = {
    "\x1b": "␛",
    "\x00": "␀",
    "\r": "␍",
    "\x7f": "␡",
    "\u00ad": "‧",
    "\x9b": "⟨U+009B⟩",
    "\u202e": "⟨U+202E⟩",
    "\u200b": "⟨U+200B⟩",
    "\ufffe": "⟨U+FFFE⟩",
    "\udc80": "⟨U+DC80⟩",
    "\U000e0041": "⟨U+E0041⟩",
}
KEPT = "\u200c\u200d\ufe0f👩🏽é\u0301می中"
anything = st.text(st.one_of(st.characters(), st.sampled_from(CONTROLS + BIDI + HIDDEN + KEPT + "\n\t ")))


@given(anything)
def test_no_control_bidi_control_or_lone_surrogate_gets_through(text: str) -> None:
    shown = safe(text)
    assert not set(shown) & set(BIDI + HIDDEN)
    assert all(letter in "\n\t" or unicodedata.category(letter) not in ("Cc", "Cs", "Zl", "Zp") for letter in shown)
    shown.encode()


def read_back(shown: str) -> str:
    """The text that the signs stand for."""
    coded = re.sub(r"⟨U\+([0-9A-F]{4,6})⟩", lambda found: chr(int(found[1], 16)), shown)
    pictures = {0x2400 + code: chr(code) for code in range(0x20)}
    return coded.translate(pictures | {0x2421: "\x7f", 0x2027: "\u00ad"})


@given(anything)
def test_nothing_is_dropped_in_silence(text: str) -> None:
    assume(not re.search(r"[⟨\u2400-\u2421‧]", text))
    assert read_back(safe(text)) == text.replace("\r\n", "\n")


@pytest.mark.parametrize(("harmful", "sign"), SIGNS.items())
def test_each_harmful_character_has_a_sign_that_is_seen(harmful: str, sign: str) -> None:
    assert safe(f"a{harmful}b") == f"a{sign}b"


ORDINARY = ["قال الوزير: مرحبا", "می‌خواهم", "שלום עולם", "👩‍👩‍👧", "🏳️‍🌈", "👩🏽‍🚀", "❤️", "क्‍ष", "e\u0301\u0323", "東京（共同）"]


@pytest.mark.parametrize("text", [*ORDINARY, "tab\tand\nline", "zu\u00a0viel"])
def test_ordinary_writing_of_any_script_stays_as_it_is(text: str) -> None:
    assert safe(text) == text


def test_a_joiner_between_plain_letters_is_shown_because_it_hides_there() -> None:
    assert safe("pay\u200dpal") == "pay⟨U+200D⟩pal"
    assert safe("a\ufe0f\ufe0fb") == "a\ufe0f⟨U+FE0F⟩b"


def test_a_windows_line_end_is_one_line_end() -> None:
    assert safe("a\r\nb") == "a\nb"


@given(anything)
def test_json_parses_to_the_same_text_and_holds_no_control_or_bidi_character(text: str) -> None:
    line = dumps({"text": text})
    assert json.loads(line) == {"text": text}
    assert not set(line) & set(BIDI + HIDDEN + CONTROLS + "\n")
    json.loads(line.encode())


def test_json_keeps_letters_of_any_script_readable() -> None:
    assert dumps({"title": "Brudziński 東京"}) == '{"title": "Brudziński 東京"}'


def test_json_refuses_a_number_that_json_does_not_have() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        dumps({"score": float("nan")})


@given(anything)
def test_a_link_is_printable_ascii_of_a_web_address_or_nothing(text: str) -> None:
    for url in (text, f"https://news.example/{text}"):
        link = web_link(url)
        if link is not None:
            assert link.isascii()
            assert link.isprintable()
            assert not set(link) & set(' "<>\\`')
            assert urlsplit(link).scheme in ("http", "https")


NOT_WEB = ["", "javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", "http://[::1", "https:", "//a.b"]


@pytest.mark.parametrize("url", [None, *NOT_WEB])
def test_only_web_addresses_become_links(url: str | None) -> None:
    assert web_link(url) is None


def test_a_link_keeps_its_own_percent_signs_and_query() -> None:
    assert web_link("https://news.example/a%20b?x=1&y=é#z") == "https://news.example/a%20b?x=1&y=%C3%A9#z"
