from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.cite import SURROUNDINGS, locate, resolve, surroundings
from qa.draft.interface import Draft, DraftClaim, Reference
from qa.text import fold, sentences
from qa.types import Article, Sentence
from vectorstore.types import Span

TEXT = "Ann Lee said it was “not safe”. Bo Ek paid 51\u00a0crowns. Ann Lee said it was “not safe”."


def article(text: str = TEXT, id: str = "a") -> Article:
    return Article(id, 1, text, hashlib.sha256(text.encode()).hexdigest(), "/x", "T", None, None, None, None)


def draft(*claims: tuple[str, list[tuple[int, str]]], text: str = TEXT) -> Draft:
    whole = article(text)
    numbered = tuple(Sentence(whole, span) for span in sentences(text))
    proposed = tuple(DraftClaim(words, tuple(Reference(*one) for one in references)) for words, references in claims)
    return Draft(numbered, proposed, 0.5)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=300), st.data())
def test_law_4_a_quote_is_always_the_slice_it_names(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    words = text[start : data.draw(st.integers(start, len(text)))]
    found = locate(words, text, Span(0, len(text)))
    assert found is None or found.span.of(text) == words or fold(found.span.of(text)).text == fold(words).text
    whole = locate(text, text, Span(0, len(text)))
    assert (whole is not None) == bool(text.strip())


@given(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=200),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=40),
)
def test_law_4_what_is_found_folds_to_what_was_proposed(text: str, words: str) -> None:
    found = locate(words, text, Span(0, len(text)))
    if found:
        assert fold(found.span.of(text)).text.strip() == fold(words).text.strip()


def test_a_repeated_sentence_is_cited_at_the_place_that_was_meant() -> None:
    _, (citation,), _ = resolve(draft(("Ann Lee said it was “not safe”.", [(2, "Ann Lee said it was “not safe”.")])))
    assert citation.span.start == TEXT.rindex("Ann")


def test_typography_is_forgiven_and_the_article_s_own_words_are_quoted() -> None:
    _, (citation,), _ = resolve(draft(('ann lee said it was "Not Safe"', [(0, 'ann lee said it was "Not Safe"')])))
    assert (citation.quote, citation.verdict) == ("Ann Lee said it was “not safe”", "folded")


def test_changed_digits_dropped_negations_and_other_names_are_never_cited() -> None:
    for sentence, words in [
        (1, "Bo Ek paid 15 crowns."),
        (0, "it was “safe”"),
        (0, "Bo Ek said it was “not safe”."),
        (0, "Ann Lee said it is “not safe”."),
    ]:
        claims, citations, dropped = resolve(draft(("x", [(sentence, words)])))
        assert not claims
        assert not citations
        assert len(dropped) == 1


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("5 tanks", "They sent 15 tanks."),
        ("legal", "It is illegal."),
        ("5 per cent", "It fell -5 per cent."),
        ("5 per cent", "It fell −5 per cent."),
        ("It rose 3", "It rose 3.5 points."),
        ("It rose 3", "It rose 3% today."),
        ("5 points", "It rose 3.5 points."),
        ("cafe", "The café is shut."),
        ("Cafe", "The cafe\u0301 is shut."),
        ("man", "The woman left."),
    ],
)
def test_a_piece_of_a_word_or_number_is_not_there(words: str, text: str) -> None:
    assert locate(words, text, Span(0, len(text))) is None


def test_a_later_place_that_stands_alone_is_found() -> None:
    text = "They sent 15 tanks, then 5 tanks."
    found = locate("5 tanks", text, Span(0, len(text)))
    assert found is not None
    assert found.span.start == text.rindex("5 tanks")
    assert locate("市長は", "港で市長は言った。", Span(0, 9)) is not None


def test_sentence_numbers_that_do_not_exist_and_empty_words_are_dropped() -> None:
    claims, _, dropped = resolve(draft(("x", [(99, "Ann")]), ("y", [(-1, "Ann")]), ("z", [(0, " ")]), ("w", [])))
    assert not claims
    assert [one.text for one in dropped] == ["x", "y", "z", "w"]


def test_citations_are_numbered_by_first_use_and_the_same_words_once() -> None:
    claims, citations, _ = resolve(
        draft(("Bo Ek", [(1, "Bo Ek"), (0, "Ann Lee")]), ("Ann Lee", [(0, "Ann Lee"), (2, "Ann Lee")]))
    )
    assert [claim.citations for claim in claims] == [(1, 2), (2, 3)]
    assert [citation.number for citation in citations] == [1, 2, 3]


def test_law_5_a_claim_that_says_more_than_the_words_it_cites_is_dropped() -> None:
    claims, citations, dropped = resolve(
        draft(("He paid twice.", [(1, "paid")]), ("bo ek paid 51 crowns.", [(1, "Bo Ek paid 51\u00a0crowns.")]))
    )
    assert [(claim.text, claim.support) for claim in claims] == [("bo ek paid 51 crowns.", "supported")]
    assert [citation.number for citation in citations] == [1]
    assert [one.text for one in dropped] == ["He paid twice."]


def test_surroundings_are_cut_at_the_ends_of_the_text() -> None:
    _, (citation,), _ = resolve(draft(("Bo Ek", [(1, "Bo Ek")])))
    before, after = surroundings(citation)
    assert before == TEXT[: citation.span.start][-SURROUNDINGS:]
    assert TEXT[citation.span.end :].startswith(after)
    assert len(after) == SURROUNDINGS
