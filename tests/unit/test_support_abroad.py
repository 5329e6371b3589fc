"""A claim in another language than what it cites."""

from __future__ import annotations

import pytest

from qa.support import Context, Support, support
from qa.support.tongues import code_of, language
from qa.types import Article, Sentence
from vectorstore.types import Span

TEXT = (
    "Hanne Voss said on Tuesday that the bridge in Wrenmouth cost $3.5 billion and that 1,200 people from China and the "
    "United States saw it on April 4."
)
ASKED = "Was hat die Brücke gekostet und wer hat das gesagt?"


def judged(claim: str, *, question: str = ASKED, wanted: str | None = None, text: str = TEXT) -> Support:
    article = Article("a", 1, text, "", "/a", "The bridge", "Harbour Courier", None, None, "2023-04-05")
    return support(claim, [Sentence(article, Span(0, len(text)))], Context(question, (), wanted))


@pytest.mark.parametrize(
    ("claim", "wanted"),
    [
        ("Die Brücke in Wrenmouth hat 3,5 Milliarden Dollar gekostet, sagte Hanne Voss am Dienstag.", None),
        ("Am 4. April haben 1.200 Menschen die Brücke gesehen und das ist viel.", None),
        ("Le pont de Wrenmouth a coûté 3,5 milliards de dollars, et les États-Unis et la Chine l'ont vu.", "French"),
        ("El puente costó 3.500 millones de dólares según Hanne Voss.", "español"),
        ("Мост в Ренмуте стоил 3,5 миллиарда долларов.", "ru"),
    ],
)
def test_what_agrees_in_figures_dates_and_names_is_partly_supported_and_says_why(claim: str, wanted: str | None) -> None:
    found = judged(claim, wanted=wanted)
    assert (found.verdict, found.open) == ("partly", True)
    assert found.why == "written in another language: only figures and names were checked"


@pytest.mark.parametrize(
    ("claim", "wanted", "why"),
    [
        ("Die Brücke hat 3,5 Millionen Dollar gekostet und das ist viel.", None, "3,5"),
        ("Die Brücke hat 4,5 Milliarden Dollar gekostet und das ist viel.", None, "4,5"),
        ("Am 4. Mai haben 1.200 Menschen die Brücke gesehen und das ist viel.", None, "month"),
        ("Am Montag haben die Menschen sie gesehen und das ist viel.", None, "day"),
        ("Hanne Brandt hat das am Dienstag gesagt und die Brücke gesehen.", None, "Hanne Brandt"),
        ("Die Brücke ist auf https://evil.example/x und das ist viel.", None, "evil"),
        ("Мост в Ренмуте стоил 4,5 миллиарда долларов.", "Russian", "4,5"),
    ],
)
def test_another_figure_date_or_surname_is_unsupported_in_any_language(claim: str, wanted: str | None, why: str) -> None:
    found = judged(claim, wanted=wanted)
    assert found.verdict == "unsupported"
    assert why in found.why


def test_a_name_that_may_only_be_spelt_otherwise_is_told_and_bars_a_second_opinion_from_lifting_it() -> None:
    found = judged("Le pont de Varmouth a été vu par Quentin et les gens de la ville.", wanted="French")
    assert (found.verdict, found.open) == ("partly", False)
    assert "“Quentin” is not there in this form" in found.why


def test_a_language_that_nobody_asked_for_gets_no_leave() -> None:
    claim = "Le club est le meilleur de la ville et il a gagné la coupe."
    assert judged(claim, question="How much did the bridge cost?").verdict == "unsupported"
    assert judged(claim, question="", wanted="no such language").verdict == "unsupported"


def test_numbers_spelt_out_in_an_article_of_another_language_are_not_held_against_a_claim() -> None:
    text = "Zwei Menschen haben es in der Stadt gesehen und das ist alles."
    found = judged("2 people saw it in the city and that is all.", question="How many of the people saw it?", text=text)
    assert found.verdict == "partly"


def test_in_one_language_nothing_changes() -> None:
    claim = "The bridge in Wrenmouth cost $3.5 billion, Hanne Voss said."
    assert judged(claim, question="What did the bridge cost?").verdict == "supported"
    assert judged(claim, wanted="English").verdict == "supported"


def test_languages_are_told_by_script_and_small_words_or_not_at_all() -> None:
    assert language("Der Kran ist nicht sicher.") == "de"
    assert language("The crane is not safe.") == "en"
    assert language("Кран небезопасен") == "ru"
    assert language("Hanne Voss, Wrenmouth") is None
    assert [code_of(name) for name in ("German", "Deutsch", "de-AT", "the article's own")] == ["de", "de", "de", None]
