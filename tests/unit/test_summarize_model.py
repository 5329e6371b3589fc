from __future__ import annotations

import pytest

from prompts import load
from qa.draft.writing import Writer
from qa.errors import TooLong
from qa.llm.scripted import Scripted
from qa.summarize_model import Writing
from qa.text import sentences
from qa.types import Article, Sentence


def article(text: str, id: str) -> tuple[Sentence, ...]:
    one = Article(id, 1, text, "0" * 64, f"/{id}", f"Title {id}", None, None, None, None)
    return tuple(Sentence(one, span) for span in sentences(text))


SHORT = [article("The crane is closed. Ann Lee said so.", "a"), article("The bridge is open.", "b")]
LONG = [
    article(
        " ".join(f"Fact {at} of the harbour is told here at some length, so that it fills a line." for at in range(60)), "long"
    )
]


def writing(model: Scripted, language: str | None = None) -> Writing:
    return Writing(Writer(model, load("summarize/v1"), 200), language)


def test_what_fits_is_asked_for_at_once_and_claims_count_over_all_articles() -> None:
    model = Scripted(["CLAIM: The bridge is open, and the crane is closed.\nFROM 3: The bridge is open\nFROM 1\nEND"])
    draft = writing(model).draft(SHORT, 4, None)
    assert [(one.sentence, one.words) for one in draft.claims[0].references] == [
        (2, "The bridge is open"),
        (0, "The crane is closed."),
    ]
    assert len(model.asked) == 1
    assert "up to 4 claims" in model.asked[0][0].text
    assert "# Title b\n[3] The bridge is open." in model.asked[0][1].text


def test_a_topic_and_a_language_are_told() -> None:
    model = Scripted(["NONE: nothing"])
    draft = writing(model, "German").draft(SHORT, 2, "the  harbour")
    assert "Summarize what they say about: the harbour." in model.asked[0][1].text
    assert "Write the claims in German." in model.asked[0][0].text
    assert not draft.claims
    assert draft.missing


def test_what_does_not_fit_is_read_in_parts_and_summed_up_from_the_sentences_they_chose() -> None:
    part = "CLAIM: A fact.\nFROM 2\nEND"
    model = Scripted([part] * 40, window=2000)
    draft = writing(model).draft(LONG, 3, None)
    rounds = [sum(line.startswith("[") for line in asked[1].text.splitlines()) for asked in model.asked]
    assert sum(rounds[:-1]) == 60
    assert rounds[-1] == len(rounds) - 1
    (claim,) = draft.claims
    chosen = draft.sentences[claim.references[0].sentence]
    assert chosen.text == claim.references[0].words
    assert chosen.text in model.asked[-1][1].text
    assert draft.usage.output_tokens == len(model.asked) * len(part.split())


def test_no_more_claims_are_given_than_asked_for() -> None:
    many = "".join(f"CLAIM: Claim {at}.\nFROM 1\n" for at in range(9))
    assert len(writing(Scripted([many])).draft(SHORT, 4, None).claims) == 4


def test_a_sentence_number_that_does_not_exist_stays_unknown() -> None:
    faulty = "CLAIM: It is closed.\nFROM 9: closed\nEND"
    assert writing(Scripted([faulty, faulty])).draft(SHORT, 2, None).claims[0].references[0].sentence == -1


def test_a_window_too_small_for_one_sentence_is_told() -> None:
    with pytest.raises(TooLong, match="does not fit"):
        writing(Scripted([], window=900)).draft(SHORT, 2, None)
