from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.cite import SURROUNDINGS, Resolver, locate, resolve, surroundings
from qa.draft.interface import Draft, DraftClaim, Reference
from qa.text import fold, sentences
from qa.types import Article, Claim, Dropped, Sentence
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


SAID = "Tom Wu denied that the old quay is safe. At least 51 people left. The lock was opened by Ida Brandt, who runs the port."


def test_law_5_a_claim_in_other_words_is_kept_with_its_verdict_or_dropped_with_its_reason() -> None:
    claims, citations, dropped = resolve(
        draft(
            ("Ida Brandt opened the lock.", [(2, "The lock was opened by Ida Brandt, who runs the port.")]),
            ("51 people left.", [(1, "At least 51 people left.")]),
            ("Tom Wu opened the lock.", [(2, "The lock was opened by Ida Brandt")]),
            text=SAID,
        )
    )
    assert [(claim.text, claim.support) for claim in claims] == [
        ("Ida Brandt opened the lock.", "supported"),
        ("51 people left.", "partly"),
    ]
    assert len(citations) == 2
    assert [(one.text, one.why) for one in dropped] == [("Tom Wu opened the lock.", "it is not “Wu” who “opened” there")]


def test_strict_drops_whatever_is_less_than_supported() -> None:
    proposed = draft(("51 people left.", [(1, "At least 51 people left.")]), text=SAID)
    claims, citations, dropped = resolve(proposed, strict=True)
    assert not claims
    assert not citations
    assert "at least" in dropped[0].why


def test_a_fragment_is_judged_by_the_sentence_it_was_cut_from() -> None:
    claims, _, dropped = resolve(draft(("the old quay is safe", [(0, "the old quay is safe")]), text=SAID))
    assert not claims
    assert len(dropped) == 1


def test_words_that_carry_less_than_their_sentence_are_cited_with_all_of_it() -> None:
    claim = "Ida Brandt, who runs the port, opened the lock."
    _, (citation,), _ = resolve(draft((claim, [(2, "The lock was opened")]), text=SAID))
    assert citation.quote == "The lock was opened by Ida Brandt, who runs the port."
    _, (shorter,), _ = resolve(draft(("Ida Brandt opened the lock.", [(2, "The lock was opened by Ida Brandt")]), text=SAID))
    assert shorter.quote == "The lock was opened by Ida Brandt"


def test_claims_may_be_taken_one_by_one_and_number_their_citations_on() -> None:
    proposed = draft(
        ("At least 51 people left.", [(1, "At least 51 people left.")]),
        ("Tom Wu opened the lock.", [(2, "The lock was opened by Ida Brandt")]),
        ("Ida Brandt opened the lock.", [(2, "The lock was opened by Ida Brandt")]),
        text=SAID,
    )
    resolver = Resolver(proposed.sentences)
    first, second, third = (resolver.take(one) for one in proposed.claims)
    assert isinstance(first, Claim)
    assert isinstance(second, Dropped)
    assert isinstance(third, Claim)
    assert (first.citations, third.citations) == ((1,), (2,))
    assert [one.number for one in resolver.citations] == [1, 2]


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=120), st.text(max_size=60), st.integers(-2, 5))
def test_law_5_whatever_is_proposed_every_shown_claim_has_a_citation_that_is_a_slice(claim: str, words: str, at: int) -> None:
    claims, citations, dropped = resolve(draft((claim, [(at, words), (0, "Tom Wu")]), (claim, [(at, words)]), text=SAID))
    assert len(claims) + len(dropped) == 2
    assert all(one.support in {"supported", "partly"} and one.citations for one in claims)
    assert all(citation.quote == SAID[citation.span.start : citation.span.end] and citation.quote for citation in citations)
    assert {number for one in claims for number in one.citations} == {citation.number for citation in citations}
