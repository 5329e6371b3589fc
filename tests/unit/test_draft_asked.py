"""What questions ask for, and what sentences hold."""

from __future__ import annotations

import pytest

from qa.draft.asked import KINDS, asked, fits, holdings
from qa.draft.terms import kin, slip, stems


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Who is Finland's foreign minister?", "person"),
        ("which campaigner complained", "person"),
        ("How many tanks did Germany send?", "number"),
        ("How much did the repairs cost?", "money"),
        ("What percentage of voters stayed at home?", "percent"),
        ("When was it built?", "time"),
        ("In what year did it close?", "time"),
        ("Where does the river end?", "place"),
        ("Which country voted against?", "place"),
        ("Why did he resign?", "reason"),
        ("How long is the bridge?", "length"),
        ("What did Stoltenberg warn China about?", "speech"),
        ("How did they get in?", "manner"),
        ("what is a quango", "meaning"),
        ("Which newspaper printed it?", "thing"),
        ("stoltenberg china", "open"),
    ],
)
def test_the_kind_of_answer_is_read_from_the_question(question: str, kind: str) -> None:
    assert asked(question).kind == kind


def test_a_word_in_a_side_clause_does_not_decide_the_kind() -> None:
    assert asked("Who argued, when Nevada voted, that it was too early?").kind == "person"
    assert asked("What chore was he doing when the lions attacked him?").kind != "time"


def test_a_question_for_several_things_is_known() -> None:
    assert asked("Which two men chaired it, and who founded it?").several
    assert not asked("Who founded it?").several


def test_a_question_about_speech_is_known() -> None:
    assert asked("Who said so?").spoken
    assert not asked("Who built it?").spoken


@pytest.mark.parametrize(
    ("kind", "sentence", "bare"),
    [
        ("number", "It sent 18 tanks.", "It sent tanks."),
        ("time", "It opened in 1987.", "It opened."),
        ("person", "Ida Brandt spoke first.", "she spoke first."),
        ("money", "It cost 4 million euros.", "It cost a lot."),
        ("percent", "Turnout was 41%.", "Turnout was low."),
        ("reason", "He left because he was ill.", "He left."),
        ("speech", "“We are late,” she said.", "They were late."),
    ],
)
def test_a_sentence_with_the_wanted_kind_fits_better_than_one_without(kind: str, sentence: str, bare: str) -> None:
    assert fits(kind, holdings(sentence, frozenset())) > fits(kind, holdings(bare, frozenset()))


def test_what_the_question_has_named_is_no_answer_to_it() -> None:
    known = frozenset(stems("Who met Ida Brandt in 1987?"))
    held = holdings("Ida Brandt was there in 1987.", known)
    assert (held.names, held.numbers, held.dates) == (0, 0, 0)


def test_every_kind_has_a_fit_between_0_and_1() -> None:
    held = holdings("On Tuesday, Ida Brandt of Skell paid 4 euros, or 2%, because she said “yes”.", frozenset())
    assert all(0 <= fits(kind, held) <= 1 for kind in KINDS)


def test_a_nation_and_its_people_stand_for_each_other() -> None:
    assert set(stems("Finnish")) <= kin()[stems("Finland")[0]]


def test_only_a_mistyped_little_word_is_a_slip() -> None:
    assert slip("abuot")
    assert not slip("about")
    assert not slip("haavisto")
