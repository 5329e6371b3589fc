"""The bundled reader over sentences of its own."""

from __future__ import annotations

from functools import cache

import pytest

from qa.draft.reader import LENGTH, Reader, Window
from vectorstore.embedders.minilm import MiniLM

SENTENCES = (
    "The ferry Corrin ran aground off Skell Point on Tuesday evening.",
    "“The rudder jammed because a bolt had rusted through,” harbour master Ida Brandt told reporters.",
    "Captain Tomas Vell denied that he had been on the telephone.",
)
WINDOW = Window("The ferry Corrin", SENTENCES)


@cache
def reader() -> Reader:
    return Reader(MiniLM(threads=1), threads=1)


@pytest.mark.parametrize(
    ("question", "at"),
    [("Where did the ferry run aground?", 0), ("Why did the rudder jam?", 1), ("Who denied being on the phone?", 2)],
)
def test_the_sentence_that_answers_has_the_highest_odds_and_beats_none(question: str, at: int) -> None:
    (odds,) = reader().read(question, [WINDOW])
    assert odds[at] == max(odds)
    assert odds[at] > 0


def test_none_of_the_window_is_likelier_where_nothing_answers() -> None:
    (odds,) = reader().read("How many tanks did Germany send?", [WINDOW])
    assert max(odds) < 0


def test_a_window_is_read_the_same_alone_and_among_others() -> None:
    others = [Window("", (f"Sentence {at} is about the weather.",) * (1 + at % 5)) for at in range(30)]
    (alone,) = reader().read("Why did the rudder jam?", [WINDOW])
    among = reader().read("Why did the rudder jam?", [*others, WINDOW])[-1]
    assert among == pytest.approx(alone, abs=1e-3)


def test_what_does_not_fit_is_not_read_and_says_so_by_its_odds() -> None:
    (odds,) = reader().read("Who?", [Window("", ("word " * LENGTH, "Ida Brandt spoke."))])
    assert odds[1] < -10


@pytest.mark.parametrize("question", ["?", "🙂", "what " * 500])
@pytest.mark.parametrize("window", [Window("", ("",)), Window("t " * 400, ("…", "\x00")), Window("", ("word " * 900,))])
def test_nothing_is_too_odd_to_be_read(question: str, window: Window) -> None:
    (odds,) = reader().read(question, [window])
    assert len(odds) == len(window.sentences)


def test_no_windows_give_no_odds() -> None:
    assert reader().read("Who?", []) == []
