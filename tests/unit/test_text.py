from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.text import SENTENCE_LIMIT, fold, front_matter, sentences, words

odd = st.text(
    alphabet=st.one_of(
        st.sampled_from(
            list(
                " \n\t\r\x0b\x1c\x85\u00a0\u202f\u2028.!?\"'“”‘’—–-−()[]{}$%"
                "0123456789aBİßéﬁ。！」\u0301\u200b\u200d\ufeff\u202e😀👩\0"
            )
        ),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=400,
)


def quoted(text: str) -> list[str]:
    return [span.of(text) for span in sentences(text)]


@given(odd)
def test_sentences_cover_any_text_in_order_with_only_white_space_between_them(text: str) -> None:
    spans = sentences(text)
    edges = [0, *(edge for span in spans for edge in (span.start, span.end)), len(text)]
    assert edges == sorted(edges)
    assert all(not text[one:two].strip() for one, two in zip(edges[::2], edges[1::2], strict=True))
    assert all(span.of(text) == span.of(text).strip() != "" for span in spans)


@given(odd)
def test_no_sentence_is_longer_than_the_limit_and_a_few_accents(text: str) -> None:
    long = text * 20
    assert all(span.end - span.start <= 2 * SENTENCE_LIMIT for span in sentences(long))


def test_a_full_stop_inside_a_quotation_ends_a_sentence() -> None:
    text = "“We know they are closer. Just a few weeks before, they signed,” the secretary-general said."
    assert quoted(text) == ["“We know they are closer.", "Just a few weeks before, they signed,” the secretary-general said."]


def test_abbreviations_and_prices_do_not_end_a_sentence() -> None:
    text = "Dr. Smith met the U.S. envoy at 10 a.m. on Monday. It cost $150.10. Analysts were surprised."
    assert len(quoted(text)) == 3


def test_a_headline_and_a_byline_are_sentences_of_their_own() -> None:
    text = "Harbour crane closed\nBy Ann Lee\n\nThe crane is closed. It will stay so."
    assert quoted(text) == ["Harbour crane closed", "By Ann Lee", "The crane is closed.", "It will stay so."]


def test_a_hard_wrapped_paragraph_is_read_across_its_line_ends() -> None:
    text = (
        "The harbour board said on Tuesday that the crane would stay\n"
        "closed until the summer. Nobody was hurt when the cable broke\nlast week."
    )
    assert [" ".join(one.split()) for one in quoted(text)] == [
        "The harbour board said on Tuesday that the crane would stay closed until the summer.",
        "Nobody was hurt when the cable broke last week.",
    ]


def test_list_items_are_not_run_together() -> None:
    assert quoted("The board decided on the following points today:\n- close the crane\n- call an engineer\n- report in May") == [
        "The board decided on the following points today:",
        "- close the crane",
        "- call an engineer",
        "- report in May",
    ]


def test_full_width_stops_end_sentences_without_a_blank() -> None:
    assert quoted("港は閉鎖された。「再開は未定だ。」と市長は言った。") == [
        "港は閉鎖された。",
        "「再開は未定だ。」",
        "と市長は言った。",
    ]


def test_ten_thousand_repeats_are_ten_thousand_places() -> None:
    one = "The crane is closed. "
    spans = sentences(one * 10_000)
    assert [span.start for span in spans] == [at * len(one) for at in range(10_000)]


def test_a_five_megabyte_line_without_a_stop_is_cut_and_covered() -> None:
    text = "word " * 1_000_000
    spans = sentences(text)
    assert all(not text[one.end : two.start].strip() for one, two in pairwise(spans))
    assert (spans[0].start, spans[-1].end) == (0, len(text.rstrip()))


@given(odd)
def test_every_folded_character_knows_its_source(text: str) -> None:
    folded = fold(text)
    assert len(folded.text) == len(folded.starts)
    places = zip(folded.text, folded.starts, strict=True)
    assert all(letter in text[start] + fold(f"x{text[start]}x").text for letter, start in places)
    assert list(folded.starts) == sorted(folded.starts)


@given(st.text("aZ 09'.,~@`\t\nßİ\u00a0\u0301") | odd)
def test_a_run_of_letters_folds_as_they_do_one_by_one(text: str) -> None:
    signless = "".join(letter for letter in text if letter not in "-‐‑‒–—―")
    assert fold("\u200b".join(signless)).text == fold(signless).text


@given(odd, st.data())
def test_a_folded_match_points_at_words_that_fold_alike(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    wanted = fold(text[start:end]).text
    for place in list(fold(text).find(wanted))[:5]:
        assert fold(place.of(text)).text.strip() == wanted.strip()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("“Never again”", '"never again"'),
        ("it’s", "it's"),
        ("rock\u00a0solid", "rock solid"),
        ("co\u00adoperation", "cooperation"),
        ("a  \n b", "a b"),
        ("2019–2020", "2019-2020"),
        ("cafe\u0301", "café"),
        ("well—known", "well-known"),
    ],
)
def test_honest_typography_folds_away(one: str, other: str) -> None:
    assert fold(one).text == fold(other).text


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("51", "15"),
        ("5", "−5"),
        ("–5 degrees", "-5 degrees"),
        ("x²", "x2"),
        ("will", "will not"),
        ("½", "1/2"),
        ("1,000", "1.000"),
        ("can", "can't"),
    ],
)
def test_digits_signs_and_negations_never_fold_away(one: str, other: str) -> None:
    assert fold(one).text != fold(other).text


def test_words_keep_numbers_whole_and_drop_possessives() -> None:
    assert words("Finland’s 1,200 troops cost $3.5 million; don't ask.") == [
        "finland",
        "1,200",
        "troops",
        "cost",
        "3.5",
        "million",
        "don't",
        "ask",
    ]


def test_front_matter_is_a_sentence_a_line_and_its_end_is_known() -> None:
    text = "---\ntitle: Crane closed on Monday morning after a cable broke in wind\nauthor: ann lee\n---\nThe crane is closed."
    assert quoted(text) == [
        "---",
        "title: Crane closed on Monday morning after a cable broke in wind",
        "author: ann lee",
        "---",
        "The crane is closed.",
    ]
    assert text[front_matter(text) :] == "The crane is closed."
    assert front_matter("--- no\nmatter") == front_matter("") == front_matter("---\nnever closed") == 0
