from __future__ import annotations

import pytest

from qa.followup import standalone
from qa.types import Answer, Article, Citation, Claim, Usage
from vectorstore.types import Span

CRANE = (
    "WRENMOUTH – The crane went on lifting on Tuesday.\n\n"
    "“The harbour crane is unsafe,” the independent inspector Hanne Voss said at Monday’s meeting. She had counted 14 cracks.\n\n"
    "Idris Calloway, the harbour master, rejects that. Voss does not work for him."
)
FINLAND = (
    "BRUSSELS – Finland became a member of NATO on Tuesday.\n\nSecretary General Jens Stoltenberg told reporters that Russia "
    "was watching. Mr Stoltenberg later met others. Sweden still waits."
)


def answered(question: str, text: str, words: str) -> Answer:
    article = Article("a", 1, text, "x", "/a.txt", "A title", None, None, None, None)
    start = text.index(words)
    citation = Citation(1, article, Span(start, start + len(words)), "exact")
    claim = Claim(words, (1,), "supported")
    return Answer(question, (claim,), (citation,), (), None, None, 0.9, "extractive/1", None, Usage(), {})


def refused(question: str) -> Answer:
    return Answer(question, (), (), (), "not_in_articles", "Not found.", 0.1, "extractive/1", None, Usage(), {})


UNSAFE = answered("Who said the harbour crane was unsafe?", CRANE, "“The harbour crane is unsafe,” the independent inspector")
JOINED = answered("When did Finland join NATO?", FINLAND, "Finland became a member of NATO on Tuesday.")
SAID = answered("what did stoltenberg say about russia?", FINLAND, "Secretary General Jens Stoltenberg told reporters")
LIFTS = answered("How many tonnes can the crane lift since 2011?", CRANE, "The crane went on lifting on Tuesday.")


@pytest.mark.parametrize(
    ("before", "question", "expected"),
    [
        (UNSAFE, "What did she count?", "What did Hanne Voss count?"),
        (UNSAFE, "who is her employer?", "who is Hanne Voss’s employer?"),
        (UNSAFE, "is it still running?", "is the harbour crane still running?"),
        (UNSAFE, "and in Berlin?", "Who said the harbour crane was unsafe in Berlin?"),
        (UNSAFE, "Why?", "Why: Hanne Voss said the harbour crane was unsafe?"),
        (UNSAFE, "how many cracks?", "How many cracks: Hanne Voss said the harbour crane was unsafe?"),
        (JOINED, "and Sweden?", "When did Sweden join NATO?"),
        (JOINED, "What about Sweden?", "When did Sweden join NATO?"),
        (JOINED, "when did it apply?", "when did Finland apply?"),
        (JOINED, "how long is its border?", "how long is Finland’s border?"),
        (SAID, "what did he say about Finland?", "what did Jens Stoltenberg say about Finland?"),
        (SAID, "what about china?", "what did stoltenberg say about china?"),
        (LIFTS, "when was it built?", "when was the crane built?"),
        (LIFTS, "and since 1987?", "How many tonnes can the crane lift since 1987?"),
        (refused("Who met Ann Lee in Oslo?"), "what happened there?", "what happened in Oslo?"),
        (refused("Who met Ann Lee?"), "where does she live?", "where does Ann Lee live?"),
    ],
)
def test_a_follow_up_takes_names_and_topic_from_what_was_said(before: Answer, question: str, expected: str) -> None:
    assert standalone(question, before) == expected


@pytest.mark.parametrize(
    "question",
    [
        "What is NATO?",
        "How many dockers signed the letter?",
        "What did Idris Calloway say when he was asked?",
        "Is there a bridge in Wrenmouth?",
        "Which city hosted the summit that ended on Sunday?",
        "?!",
        "",
    ],
)
def test_a_question_that_stands_by_itself_stays_as_it_is(question: str) -> None:
    assert standalone(question, UNSAFE) == question


def test_the_first_question_of_a_session_stays_as_it_is() -> None:
    assert standalone("what did she say?", None) == "what did she say?"


def test_a_man_is_never_who_she_means() -> None:
    told = answered("Who was watching?", FINLAND, "Secretary General Jens Stoltenberg told reporters")
    assert "Stoltenberg" not in standalone("what did she say about that summit?", told)
    assert "Stoltenberg" in standalone("what did he say about that summit?", told)


def test_words_of_an_article_that_look_like_a_pattern_are_carried_over_as_they_are() -> None:
    before = refused(r"Who met \1 Smith (Group) in Oslo?")
    assert "Paris" in standalone("and in Paris?", before)
