"""Who speaks in an article's sentences."""

from __future__ import annotations

import pytest

from qa.speech import Speech, spoken
from qa.text import sentences


def _read(text: str) -> list[Speech | None]:
    return spoken(text, sentences(text))


def _names(text: str) -> list[str | None]:
    return [one.speaker.name.of(text) if one and one.speaker.name else None for one in _read(text)]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Harbour Secretary-General Ida Brandt has repeatedly warned that the quay is sinking.", "Ida Brandt"),
        ("Tom Wu, head of the Quay Board, said the crane would stay.", "Tom Wu"),
        ("The mayor of Ostrava, Ida Brandt, promised an inquiry.", "Ida Brandt"),
        ("The mayor of Ostrava Ida Brandt said the bridge was shut.", "Ida Brandt"),
        ("Clinic and advocacy manager Ida Brandt, of the Open Door, disagreed with the figures.", "Ida Brandt"),
        ("The study's author, doctoral student Ida Brandt, said it was too early.", "Ida Brandt"),
        ("In an interview with the Courier, Northern University health expert Ida Brandt said it was safe.", "Ida Brandt"),
        ("On Tuesday, Danish prime minister Ida Brandt speaking to a committee called the deal void.", "Ida Brandt"),
        ("Ida Brandt of the Open Door told reporters that the fight goes on.", "Ida Brandt"),
        ("Ida Brandt, speaking to the Courier, said the fight goes on.", "Ida Brandt"),
        ("Ida Brandt, who moved in last year, said the roof leaks.", "Ida Brandt"),
        ("The wall was built too late, according to engineer Tom Wu.", "Tom Wu"),
        ("“We are closing,” said Tom Wu, director of the Northern Line.", "Tom Wu"),
        ("“We are closing”, wrote student protester Tom Wu.", "Tom Wu"),
        ("The bridge is shut, said Tom Wu.", "Tom Wu"),
        ("The council was told by Tom Wu that the bridge is shut.", "Tom Wu"),
        ("Brandt: the quay must close", "Brandt"),
        ("No way back – Brandt", "Brandt"),
    ],
)
def test_the_speaker_is_found_by_name(text: str, name: str) -> None:
    assert _names(text) == [name]


@pytest.mark.parametrize(
    "text",
    [
        "The quay was closed on Monday after Tom Wu walked across it.",
        "Tom Wu was accused of theft.",
        "Photo: Tom Wu.",
        "The states of the union held a vote on the claims.",
        "They met at the “Blue House” in June.",
    ],
)
def test_a_sentence_in_which_nobody_speaks_has_no_speech(text: str) -> None:
    assert _read(text) == [None]


def test_a_surname_is_given_its_longest_form() -> None:
    assert _names("The meeting was led by Ida Brandt. Brandt said it went well.")[1] == "Ida Brandt"


def test_a_pronoun_stands_for_the_person_named_last_of_that_gender() -> None:
    text = "Mrs Ida Brandt, the mayor, met engineer Tom Wu. He said it would rain. She said it would not."
    assert _names(text)[1:] == ["Tom Wu", "Ida Brandt"]


def test_a_pronoun_does_not_stand_for_a_body() -> None:
    assert _names("The Northern Line closed its depot. He said it was wrong.")[1] is None


def test_a_role_stands_for_whoever_was_given_it_before() -> None:
    text = "Secretary-general Ida Brandt met minister Tom Wu. “We are late,” the secretary-general said. The minister said no."
    assert _names(text)[1:] == ["Ida Brandt", "Tom Wu"]


def test_a_new_role_stands_for_nobody_named_before() -> None:
    text = "Minister Tom Wu left. Another minister said he would stay."
    assert _names(text)[1] is None
    assert _read(text)[1] is not None


def test_a_body_speaks_by_its_own_words() -> None:
    text = "The ministry said the road was safe. Police said otherwise."
    mentions = [one.speaker.mention.of(text) for one in _read(text) if one]
    assert mentions == ["The ministry", "Police"]


def test_a_spokesman_is_not_the_person_spoken_for() -> None:
    assert _names("Mayor Ida Brandt was away. Brandt's spokesman said she would return.")[1] is None


def test_a_quotation_over_several_sentences_has_one_speaker() -> None:
    text = "“He was a hard man. He was loved. He is gone,” said Ida Brandt, director of the Open Door."
    assert _names(text) == ["Ida Brandt"] * 3
    assert [one.here for one in _read(text) if one] == [False, False, True]


def test_a_quotation_goes_on_into_the_next_paragraph() -> None:
    text = "Ida Brandt said: “We were late.\n\n“We will be later still. That is all.”\n\nThe road is shut."
    assert _names(text) == ["Ida Brandt", "Ida Brandt", "Ida Brandt", None]


def test_straight_quotation_marks_do_as_well() -> None:
    text = 'Ida Brandt said: "We were late.\n\n"We will be later still. That is all."\n\nThe road is shut.'
    assert _names(text) == ["Ida Brandt", "Ida Brandt", "Ida Brandt", None]


def test_a_quotation_without_attribution_belongs_to_who_spoke_before_it() -> None:
    assert _names("“We are late,” said Ida Brandt. “Nobody told us the time.”") == ["Ida Brandt", "Ida Brandt"]


def test_a_quotation_may_be_attributed_in_the_next_sentence() -> None:
    text = "Engineer Tom Wu walked across.\n\n“Nobody told us the time.” He added that the clock had stopped."
    assert _names(text)[1:] == ["Tom Wu", "Tom Wu"]


def test_a_participle_has_the_sentences_own_subject() -> None:
    assert _names("The mayor, Ida Brandt, gave her thanks on Monday, adding, “It must not happen again.”") == ["Ida Brandt"]


@pytest.mark.parametrize(
    ("text", "negated"),
    [
        ("Brandt denied that the quay was sinking.", True),
        ("Brandt did not say who would pay.", True),
        ("Brandt declined to say who would pay.", True),
        ("Brandt said she would not pay.", False),
    ],
)
def test_what_is_not_said_is_known(text: str, negated: bool) -> None:
    assert [one.negated for one in _read(text) if one] == [negated]


def test_an_utterance_is_told_from_a_few_quoted_words() -> None:
    text = "Brandt called the deal “absurd” on Monday. “We will not sign it,” Brandt said. Brandt said it was over."
    speakers = [one.speaker for one in _read(text) if one]
    assert [(one.quoted, one.direct) for one in speakers] == [(True, False), (True, True), (False, False)]


def test_a_narrators_sentence_between_quotations_is_not_theirs() -> None:
    text = "“We are late,” said Ida Brandt. The clock stopped at noon. “We are not,” said Tom Wu."
    assert _names(text) == ["Ida Brandt", None, "Tom Wu"]


@pytest.mark.parametrize(
    "text", ["", "\n\n", "“", '"""', "said", "’’ ‘ said “ “", "said said: said –", "According to", "A. B. C.: – Z"]
)
def test_odd_text_is_read_without_complaint(text: str) -> None:
    assert len(_read(text)) == len(sentences(text))


def test_every_place_lies_in_the_article() -> None:
    text = "Mayor Ida Brandt’s office was shut. “Late,” she said. According to Tom Wu, it was not."
    for one in _read(text):
        if one is not None:
            assert one.speaker.mention.of(text).strip() == one.speaker.mention.of(text) != ""
            assert one.speaker.cue is not None
            assert one.speaker.cue.of(text) in {"said", "According to"}
