"""The extractive drafter, with the bundled model, over an article of its own."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import pytest

from qa.draft.extractive import MOST, Extractive
from qa.draft.interface import Draft
from qa.text import sentences, words
from qa.types import Article, Passage
from vectorstore.embedders.minilm import MiniLM
from vectorstore.types import Span

FERRY = (
    "The ferry Corrin ran aground off Skell Point on Tuesday evening. "
    "All 214 passengers were taken ashore by lifeboats before midnight, harbour master Ida Brandt said. "
    "“The rudder jammed because a bolt had rusted through,” Brandt told reporters on Wednesday. "
    "She warned the owners that the ship would lose its licence if inspections were skipped again. "
    "Captain Tomas Vell denied that he had been on the telephone. "
    "The Corrin was built in Gdynia in 1987 and bought by Northline in 2009 for 4.2 million euros. "
    "Northline expects repairs to take three weeks."
)


class Counted:
    """Statistics of a library that holds one chunk."""

    def __init__(self, text: str) -> None:
        self._words = set(words(text))

    def document_frequency(self, words: Sequence[str]) -> list[int]:
        return [int(word in self._words) for word in words]

    def chunk_count(self) -> int:
        return 1


@cache
def minilm() -> MiniLM:
    return MiniLM(threads=1)


def passage(text: str, title: str = "") -> Passage:
    article = Article("a", 1, text, "0", "a.txt", title, None, None, None, None)
    return Passage(article, Span(0, len(text)), 0.1, tuple(sentences(text)), 0.5)


def drafted(question: str, text: str = FERRY, threshold: float | None = None) -> Draft:
    drafter = Extractive(minilm(), Counted(text)) if threshold is None else Extractive(minilm(), Counted(text), threshold)
    return drafter.draft(question, [passage(text)])


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Why did the rudder jam?", "a bolt had rusted through"),
        ("How many passengers were on the ferry?", "214"),
        ("Who denied being on the telephone?", "Tomas Vell"),
        ("When was the Corrin built?", "1987"),
        ("How much did Northline pay for the Corrin?", "4.2 million euros"),
        ("What did Brandt warn the owners about?", "lose its licence"),
        ("Where did the ferry run aground?", "Skell Point"),
        ("How long will the repairs take?", "three weeks"),
    ],
)
def test_the_first_claim_is_the_sentence_that_answers(question: str, answer: str) -> None:
    assert answer in drafted(question).claims[0].text


@pytest.mark.parametrize(
    "question", ["WHEN WAS THE CORRIN BUILT", "when was the corrin bulit?", "corrin built when", "when was teh corrin built"]
)
def test_case_typing_errors_and_a_missing_question_mark_do_not_change_the_answer(question: str) -> None:
    assert "1987" in drafted(question, threshold=0).claims[0].text


@pytest.mark.parametrize(
    "question", ["How many tanks did Germany send?", "What is the meaning of life?", "asdf", "hello", "Who won the cup final?"]
)
def test_a_question_about_something_else_is_refused(question: str) -> None:
    draft = drafted(question)
    assert draft.claims == ()
    assert draft.missing


def test_a_refusal_names_the_words_that_stand_nowhere() -> None:
    missing = drafted("How many tanks did Germany send?").missing or ""
    assert "“tanks”" in missing
    assert "“germany”" in missing


def test_a_refusal_says_that_the_expected_kind_of_answer_is_absent() -> None:
    text = "The mayor spoke about the bridge. The bridge crosses the river near the old mill."
    assert "number" in (drafted("How many bridges cross the river near the mill?", text, threshold=1).missing or "")


def test_confidence_is_given_when_refusing_and_is_higher_for_what_is_answered() -> None:
    refused, answered = drafted("How many tanks did Germany send?"), drafted("Why did the rudder jam?")
    assert 0 < refused.confidence < answered.confidence < 1


def test_each_claim_is_one_sentence_in_its_own_words_with_one_reference_to_it() -> None:
    draft = drafted("What happened to the ferry Corrin, and who spoke about it?", threshold=0)
    assert 1 <= len(draft.claims) <= MOST
    for claim in draft.claims:
        (reference,) = claim.references
        assert claim.text == reference.words == draft.sentences[reference.sentence].text


def test_no_two_claims_say_the_same() -> None:
    repeated = (
        f"{FERRY} Harbour master Ida Brandt said all 214 passengers were taken ashore by lifeboats before midnight. {FERRY}"
    )
    texts = [claim.text for claim in drafted("How many passengers were taken ashore?", repeated, threshold=0).claims]
    assert sum("214" in text for text in texts) == 1
    assert len(set(texts)) == len(texts)


def test_the_same_question_is_answered_the_same_way_twice() -> None:
    assert drafted("Who is Ida Brandt?") == drafted("Who is Ida Brandt?")


def test_passages_without_a_sentence_are_refused() -> None:
    empty = Passage(passage("").article, Span(0, 0), 0.0, ())
    draft = Extractive(minilm(), Counted("")).draft("Who is Ida Brandt?", [empty])
    assert (draft.claims, draft.sentences, draft.confidence) == ((), (), 0.0)


@pytest.mark.parametrize("question", ["?", "the of and", "1987", "🙂", "что случилось с паромом", "x" * 5000, "why " * 400])
def test_no_question_is_too_odd(question: str) -> None:
    draft = drafted(question)
    assert 0 <= draft.confidence <= 1
    assert draft.claims or draft.missing


@pytest.mark.parametrize("text", ["…", "—\n\n—\n\n—", "١٢٣ شخص", "A\x00B \x1b[31mred\x1b[0m.", "one two three " * 400])
def test_no_article_is_too_odd(text: str) -> None:
    assert 0 <= drafted("Who was there in 1999?", text).confidence <= 1
