from __future__ import annotations

import re
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.render.fragments import link
from vectorstore.types import Span

URL = "https://elin.example/a"
SHORT = "The harbour - and its crane, 50% & all - closes."
TEXT = (
    f"Harbour to close\n\n{SHORT} It opened in 1911. It opened in 1911, again.\r\n\r\n"
    "“Safety first,” she said. Work starts in June."
)


def at(quote: str, text: str = TEXT, after: int = 0) -> Span:
    start = text.index(quote, after)
    return Span(start, start + len(quote))


def parts(address: str | None) -> list[str]:
    """What a browser takes out of the directive: prefix and suffix keep their dash."""
    assert address is not None
    return [unquote(part) for part in address.partition("#")[2].partition(":~:text=")[2].split(",")]


def test_a_link_holds_the_words_with_every_mark_that_has_a_meaning_encoded() -> None:
    address = link(URL, TEXT, at(SHORT))
    assert address == f"{URL}#:~:text=The%20harbour%20%2D%20and%20its%20crane%2C%2050%25%20%26%20all%20%2D%20closes."
    assert parts(address) == [SHORT]


def test_words_across_a_paragraph_are_named_by_their_two_ends() -> None:
    assert parts(link(URL, TEXT, at("again.\r\n\r\n“Safety first,” she said."))) == ["again.", "“Safety first,” she said."]


def test_long_words_are_named_by_their_two_ends() -> None:
    text = " ".join(f"word{number}" for number in range(99))
    first, last = parts(link(URL, text, Span(0, len(text))))
    assert first == "word0 word1 word2 word3 word4 word5"
    assert last == "word93 word94 word95 word96 word97 word98"
    assert parts(link(URL, "港" * 300, Span(0, 300)))[-2:] == ["港" * 30, "港" * 30]


def test_words_that_occur_twice_carry_what_stands_around_them_in_their_paragraph() -> None:
    second = at("It opened in 1911", after=TEXT.index("1911. It"))
    assert parts(link(URL, TEXT, second)) == ["- closes. It opened in 1911.-", "It opened in 1911", "-, again."]
    twice = "Safe.\n\nIt is safe."
    assert parts(link(URL, twice, Span(0, 5))) == ["Safe."], "no surroundings are made up where a paragraph has none"


def test_a_fragment_of_the_address_stays_and_an_older_directive_goes() -> None:
    assert link(f"{URL}#top", TEXT, at("June")) == f"{URL}#top:~:text=June"
    assert link(f"{URL}#top:~:text=July", TEXT, at("June")) == f"{URL}#top:~:text=June"


@pytest.mark.parametrize("url", [None, "", "javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", "https://", "elin"])
def test_only_a_web_address_gets_a_link(url: str | None) -> None:
    assert link(url, TEXT, at("June")) is None


def test_blank_words_get_no_link() -> None:
    assert link(URL, TEXT, at("\n\n")) is None


@given(st.text(st.one_of(st.characters(exclude_categories=["Cs"]), st.sampled_from("a-,& %#\n\u00ad")), min_size=1, max_size=60))
def test_any_words_come_out_of_the_link_as_they_went_in(text: str) -> None:
    address = link(URL, text, Span(0, len(text)))
    known = " ".join(re.sub("[\u00ad\u200b\u2060\ufeff]", "", text).split())
    assert (address is None) == (known == "")
    if address is not None:
        assert re.fullmatch(r"[!-~]+", address)
        first, *_, last = [*parts(address), *parts(address)[-1:]]
        assert known.startswith(first)
        assert known.endswith(last)
        assert ("\n" in text.strip()) or ("\r" in text) or first == known
