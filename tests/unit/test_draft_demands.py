"""What questions demand, where it is met, and what stands there instead."""

from __future__ import annotations

import numpy as np
import pytest

from qa.draft.demands import Demand, Met, Setting, demands, met, told, unmet
from qa.draft.demands.table import DEMANDS, demand_features, settings, speech_at
from qa.draft.demands.values import When, acronyms, dates, name_words, numbers
from qa.text import sentences
from qa.types import Article, Sentence

HARBOUR = (
    "Harbour mayor Ida Brandt spoke on Monday. She said the quay was closed after two barges sank. "
    "“It will cost 4 million euros,” engineer Tom Wu said. Nobody was hurt."
)


def _article(text: str, published: str | None = "2019-09-11", title: str = "Quay closed in Ostrava") -> Article:
    return Article("a", 1, text, "0", "here", title, None, None, None, published)


def _settings(article: Article) -> list[Setting]:
    spans = sentences(article.text)
    texts = [span.of(article.text) for span in spans]
    return [
        Setting(
            texts[at],
            tuple(texts[near] for near in (at - 1, at + 1) if 0 <= near < len(texts)),
            article.title,
            article.published,
            article.text,
            speech_at(article, span.start),
        )
        for at, span in enumerate(spans)
    ]


def _met(question: str, at: int, text: str = HARBOUR) -> list[Met]:
    return [met(demand, _settings(_article(text))[at]) for demand in demands(question)]


@pytest.mark.parametrize(
    ("question", "kinds"),
    [
        ("What did Ida Brandt say about the quay?", [("speaker", "Ida Brandt")]),
        ("What did the harbour's spokesman warn of?", [("speaker", "the harbour's spokesman")]),
        ("According to Tom Wu, what will it cost?", [("speaker", "Tom Wu")]),
        ("Who said the quay was closed?", [("someone", "who says so")]),
        ("Which minister warned of a flood?", [("someone", "who says so")]),
        ("Which barge sank in Ostrava?", [("name", "Ostrava")]),
        ("What happened on 5 March 2019?", [("date", "on 5 March 2019")]),
        ("What happened on Monday?", [("date", "on Monday")]),
        ("How did the two barges sink?", [("number", "two barges")]),
        ("Who won the 400 metres at the 2017 games in London?", [("number", "400 metres"), ("date", "2017"), ("name", "London")]),
        ("Which two men left the Northern Line?", [("name", "Northern Line")]),
        ("why did it sink", []),
        ("", []),
    ],
)
def test_each_thing_a_question_demands_is_known(question: str, kinds: list[tuple[str, str]]) -> None:
    assert [(one.kind, told(one)) for one in demands(question)] == kinds


def test_titles_and_possessives_are_no_part_of_a_name() -> None:
    assert [one.name for one in demands("Where is Mayor Ida Brandt's house?")] == [("ida", "brandt")]


def test_somebody_who_only_does_something_is_not_asked_to_speak() -> None:
    assert {one.kind for one in demands("What prison term did the Ostrava state judge hand Tom Wu?")} == {"name"}


@pytest.mark.parametrize(
    ("question", "at", "where"),
    [
        ("What sank in Ostrava?", 1, "title"),
        ("What did Brandt close?", 0, "sentence"),
        ("Was Ida Brandt told?", 1, "speaker"),
        ("Was Ida Brandt hurt?", 3, "article"),
        ("Was Tom Wu hurt?", 3, "neighbour"),
        ("Was Bo Lind hurt?", 3, ""),
        ("What happened on 9 September 2019?", 0, "sentence"),
        ("What happened in September 2019?", 3, "date"),
        ("What happened in 2018?", 3, ""),
        ("How did 2 barges sink?", 1, "sentence"),
    ],
)
def test_a_demand_is_met_where_the_words_stand(question: str, at: int, where: str) -> None:
    assert [one.where for one in _met(question, at)] == [where]


def test_the_speaker_asked_about_must_be_the_one_who_speaks() -> None:
    assert [one.where for one in _met("What did Ida Brandt say?", 1)] == ["speaker"]
    (other,) = _met("What did Ida Brandt say?", 2)
    assert (other.where, other.instead, other.near) == ("article", "Tom Wu", False)


def test_a_speaker_may_be_asked_for_by_role() -> None:
    assert [one.where for one in _met("What did the mayor say?", 1)] == ["speaker"]
    assert [one.where for one in _met("What did the engineer say?", 2)] == ["speaker"]
    assert [one.instead for one in _met("What did the mayor say?", 2)] == ["Tom Wu"]


def test_whoever_speaks_meets_a_question_for_a_speaker() -> None:
    assert [one.where for one in _met("Who said it was dear?", 2)] == ["speaker"]
    assert [one.where for one in _met("Who said it was dear?", 3)] == [""]


@pytest.mark.parametrize(
    ("question", "at", "instead"),
    [
        ("How did three barges sink?", 1, "two"),
        ("Did it cost 5 million euros?", 2, "4 million"),
        ("What did they close on Tuesday?", 0, "Monday"),
        ("Was mayor Bo Lind there?", 0, "Ida Brandt"),
        ("Was mayor Ida Brandt there?", 0, ""),
    ],
)
def test_what_stands_in_its_place_is_told(question: str, at: int, instead: str) -> None:
    assert [one.instead for one in _met(question, at)] == [instead]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("the U.S. Senate", "the United States Senate"),
        ("American", "US"),
        ("British", "United Kingdom"),
        ("Turkey", "Turkish"),
        ("Gdańsk's", "Gdansk"),
    ],
)
def test_names_are_the_same_in_other_spellings(one: str, other: str) -> None:
    assert name_words(one) == name_words(other)


def test_us_the_pronoun_is_no_country() -> None:
    assert name_words("told us") != name_words("told US")


def test_a_short_name_is_the_long_one_where_the_article_says_so() -> None:
    text = "The Northern Harbour Union (NHU) met. It was late."
    assert acronyms(text) == {"nhu": ("northern", "harbour", "union")}
    assert [one.where for one in _met("When did the NHU meet?", 1, text)] == ["neighbour"]
    assert [one.where for one in _met("When did the Northern Harbour Union meet?", 1, "The NHU met. It was late.")] == [""]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("on 5 March 2019", When((2019, 2019), 3, 5, 1)),
        ("March 5, 2019", When((2019, 2019), 3, 5, 1)),
        ("2019-03-05", When((2019, 2019), 3, 5, 1)),
        ("in March", When((2019, 2019), 3)),
        ("in December", When((2018, 2018), 12)),
        ("in March 2017", When((2017, 2017), 3)),
        ("on Monday", When((2019, 2019), 9, 9, 0)),
        ("on Wednesday", When((2019, 2019), 9, 11, 2)),
        ("next Monday", When((2019, 2019), 9, 16, 0)),
        ("yesterday", When((2019, 2019), 9, 10, 1)),
        ("last year", When((2018, 2018))),
        ("the 1990s", When((1990, 1999))),
        ("1987–2017", When((1987, 2017))),
        ("1987–91", When((1987, 1991))),
        ("from 1987 to 1991", When((1987, 1991))),
        ("31 February 2019", When((2019, 2019), 2, 31)),
    ],
)
def test_times_are_told_in_full_by_the_day_of_publication(text: str, day: When) -> None:
    assert [one for _, _, one in dates(text, "2019-09-11T10:00:00Z")] == [day]


def test_a_time_without_a_day_of_publication_stays_as_it_is() -> None:
    assert [one for _, _, one in dates("on Monday in March", None)] == [When(weekday=0), When(month=3)]
    assert [one for _, _, one in dates("on Monday", "spring")] == [When(weekday=0)]


@pytest.mark.parametrize(
    ("asked", "there", "verdict"),
    [
        (When((2019, 2019)), When((2019, 2019), 3, 5), 1),
        (When((2019, 2019), 3), When((2019, 2019)), 0),
        (When((2019, 2019), 3), When((2018, 2018), 3), -1),
        (When((2010, 2019)), When((2015, 2015)), 1),
        (When(weekday=0), When((2019, 2019), 9, 9, 0), 1),
    ],
)
def test_a_time_meets_another_only_where_all_it_asks_is_told(asked: When, there: When, verdict: int) -> None:
    assert asked.meets(there) == verdict


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("1,000 people", 1000, "peopl"),
        ("a thousand people", 1000, "peopl"),
        ("twenty-five men", 25, "men"),
        ("$4 million", 4e6, "money"),
        ("4m euros", 4e6, "money"),
        ("41 per cent", 41, "%"),
        ("41%", 41, "%"),
        ("2.5 miles", 2.5, "mile"),
        ("a dozen eggs", 12, "egg"),
    ],
)
def test_numbers_are_read_however_they_are_written(text: str, value: float, unit: str) -> None:
    ((_, _, number),) = numbers(text)
    assert number.value == value
    assert unit in number.units


def test_a_year_and_a_lone_one_are_no_numbers() -> None:
    assert numbers("one of those who came in 2019 on 5 March") == ()


def test_a_refusal_says_what_no_sentence_meets_and_what_stands_there() -> None:
    question = "What did Tom Wu say in Ostrava about three barges in 2018?"
    lacking = unmet(question, _settings(_article(HARBOUR)))
    assert [(told(one.demand), one.instead) for one in lacking] == [("three barges", "two"), ("in 2018", "Monday")]


def test_all_is_unmet_where_there_is_no_sentence() -> None:
    assert [told(one.demand) for one in unmet("Who sank in Ostrava?", [])] == ["Ostrava"]


def _table(question: str) -> dict[str, list[float]]:
    article = _article(HARBOUR)
    spans = sentences(article.text)
    names, table = demand_features(question, settings([Sentence(article, span) for span in spans], np.arange(-1, len(spans) - 1)))
    assert names == DEMANDS
    assert table.shape == (len(spans), len(DEMANDS))
    return {name: [round(float(value), 2) for value in table[:, at]] for at, name in enumerate(names)}


def test_the_table_says_who_speaks() -> None:
    table = _table("What did Ida Brandt say about Bo Lind?")
    assert table["speaker_asked"] == [0, 1, -1, 0]
    assert table["speaker_lacking"] == [0, 0, 0, 0]
    assert _table("What did Bo Lind say?")["speaker_lacking"] == [1, 1, 1, 1]
    assert _table("Who said so?")["someone_speaks"] == [0, 1, 1, 0]


def test_the_table_counts_demands_by_how_near_they_are_met() -> None:
    table = _table("How did two barges sink in Ostrava near Tom Wu in 2018?")
    assert table["demands_here"] == [0, 0.25, 0.25, 0]
    assert table["demands_near"] == [0.25, 0.5, 0.5, 0.25]
    assert table["demands_told"] == [0.5, 0.75, 0.75, 0.5]
    assert table["demands_article"] == [0.75] * 4
    assert table["all_article"] == [0] * 4
    assert table["time_against"] == [1, 0, 0, 0]


def test_a_question_that_demands_nothing_has_shares_in_the_middle() -> None:
    table = _table("why did it sink")
    assert set(table["demands_here"]) == set(table["demands_article"]) == {0.5}
    assert set(table["all_near"]) == {1}


def test_a_table_without_sentences_is_empty() -> None:
    assert demand_features("Who sank?", [])[1].shape == (0, len(DEMANDS))


def test_a_demand_is_a_value_of_its_own() -> None:
    assert Demand("name", "Ostrava", ("ostrava",)) == demands("Where is Ostrava?")[0]
