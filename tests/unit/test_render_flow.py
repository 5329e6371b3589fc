from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from qa.render.flow import Run, cells, clusters, flow, painted
from qa.render.safe import safe

letters = st.one_of(st.characters(exclude_categories=("Cs",)), st.sampled_from("ab 中文「」、👩🏽\u200d👧🇩🇪é\u0301\n\x1b\u202e"))
words = st.text(letters, max_size=120)


def plain(lines: list[list[Run]]) -> list[str]:
    return [painted(line, color=False, links=False) for line in lines]


@given(st.lists(words, max_size=4), st.integers(1, 120), st.integers(0, 4), st.integers(0, 4))
def test_no_line_is_wider_than_the_screen(texts: list[str], width: int, indent: int, hanging: int) -> None:
    lines = plain(flow([Run(text, str(at)) for at, text in enumerate(texts)], width, indent, hanging))
    assert all(cell_len(line) <= max(width, 20) for line in lines)
    assert all(sum(map(cell_len, line)) <= max(width, 20) for line in lines)


@given(st.lists(words, max_size=4), st.integers(20, 120))
def test_every_letter_is_kept_in_order_and_no_new_one_comes(texts: list[str], width: int) -> None:
    blank = re.compile(r"\s+")
    lines = plain(flow([Run(text) for text in texts], width))
    assert blank.sub("", "".join(lines)) == blank.sub("", "".join(map(safe, texts)))


def test_words_are_not_broken_where_they_fit() -> None:
    assert plain(flow([Run("one two three four five six")], 20)) == ["one two three four", "five six"]


def test_wide_letters_count_two_and_closing_marks_do_not_start_a_line() -> None:
    lines = plain(flow([Run("東京（共同）政府は五日、協力を強化する。「連携は重要だ」と首相は述べた。")], 20))
    assert max(map(cells, lines)) in (19, 20)
    assert not {line[0] for line in lines} & set("、。）」")
    assert not {line[-1] for line in lines} & set("（「")


def test_a_word_too_long_for_a_line_is_cut_between_letters() -> None:
    assert plain(flow([Run("https://news.example/a-very-long-address")], 20)) == ["https://news.example", "/a-very-long-address"]


def test_combining_marks_flags_and_joined_emoji_are_not_torn_apart() -> None:
    assert list(clusters("e\u0301x👩🏽\u200d🚀🇩🇪🇫🇷")) == ["e\u0301", "x", "👩🏽\u200d🚀", "🇩🇪", "🇫🇷"]


def test_a_firm_run_stays_on_the_line_of_the_word_before_it() -> None:
    assert plain(flow([Run("one two three words"), Run(" [1]", firm=True)], 20)) == ["one two three", "words [1]"]


def test_a_style_is_opened_and_closed_on_each_line() -> None:
    lines = [painted(line, color=True, links=False) for line in flow([Run("plain "), Run("bold words that go on", "1")], 20)]
    assert lines == ["plain \x1b[1mbold words\x1b[0m", "\x1b[1mthat go on\x1b[0m"]


def test_a_link_is_opened_and_closed_around_its_words() -> None:
    (line,) = flow([Run("title", "1", "https://news.example/")], 80)
    assert painted(line, color=False, links=True) == "\x1b]8;;https://news.example/\x1b\\title\x1b]8;;\x1b\\"
    assert painted(line, color=False, links=False) == "title"


@pytest.mark.parametrize("text", ["", " \n\t "])
def test_nothing_to_say_takes_no_line(text: str) -> None:
    assert flow([Run(text)], 80) == []
