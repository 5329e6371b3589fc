"""The matcher: what passes for the article's words, what does not, and where altered words came from."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.diff import caution, compared, marked
from qa.match import Ground, Match, Quote, matches, words
from qa.near import nearest
from qa.shingles import hashes, kept

TEXT = (
    "“China knows there will be severe consequences if it delivers lethal aid to Russia,” he said on 5 May.\n\n"
    "The board’s co-operation was well-known. Spending rose 2% to $1,500.50, or -3 degrees. They do not want to sign, he added;\n"
    "they may only sign the inter-\nnational treaty [in June]. 港は月曜日に閉鎖された。 Министр сказал правду. قال الوزير نعم."
)


def found(quote: str, text: str = TEXT) -> Match | None:
    return next(iter(matches(Quote(quote), Ground(text))), None)


@pytest.mark.parametrize(
    "quote",
    [
        "China knows there will be severe consequences",
        "severe",
        "The board’s co-operation was well-known.",
        "2%",
        "$1,500.50",
        "-3 degrees",
        "港は月曜日",
        "月曜日に",
        "Министр сказал правду",
        "قال الوزير",
        "he said on 5 May.\n\nThe board’s co-operation",
    ],
)
def test_the_articles_very_words_are_found_exactly(quote: str) -> None:
    match = found(quote)
    assert match
    assert match.exact
    assert match.span.of(TEXT) == quote


@pytest.mark.parametrize(
    "quote",
    [
        "china knows there  will be\nsevere consequences",
        "China knows there will be severe conse-\nquences",
        "The board's co-operation was well-\nknown",
        "[t]hey do not want to sign, he added",
        "They do not want to sign, he added!",
        "sign the international treaty",
        "he said on 5 May. The board’s",
        "they may only sign the inter\u00adnational treaty",
    ],
)
def test_what_an_honest_copy_changes_is_found_and_not_called_exact(quote: str) -> None:
    match = found(quote)
    assert match
    assert not match.exact
    assert not match.gaps


@pytest.mark.parametrize(
    "quote",
    [
        "Spending rose 2",
        "Spending rose 3%",
        "rose 2% to $1500.50",
        "500.50",
        "3 degrees",
        "They do want to sign",
        "They don't want to sign",
        "China knows there will be consequences severe",
        "on 6 May",
        "Russia knows there will be severe consequences",
        "inter treaty",
        "lethal aid ... China knows",
        "China knows ... the international treaty in August",
    ],
)
def test_a_digit_a_sign_a_negation_a_name_or_the_order_is_never_overlooked(quote: str) -> None:
    assert found(quote) is None


def test_a_mark_that_differs_within_is_noticed() -> None:
    plain, repointed = found("They do not want to sign, he ADDED"), found("They do not want to sign he added")
    assert plain
    assert not plain.punctuation
    assert repointed
    assert repointed.punctuation


@pytest.mark.parametrize("dots", ["...", "…", "[...]", "[…]", "(...)", ". . ."])
def test_what_an_ellipsis_leaves_out_is_told(dots: str) -> None:
    match = found(f"They do {dots} want to sign")
    assert match
    assert [gap.span.of(TEXT) for gap in match.gaps] == ["not"]


def test_what_brackets_replace_and_what_they_say_is_told() -> None:
    match = found("China knows there will be [grave] consequences if it [sends] lethal aid")
    assert match
    assert [(gap.span.of(TEXT), gap.inserted) for gap in match.gaps] == [("severe", "grave"), ("delivers", "sends")]


def test_the_tightest_place_is_chosen_for_words_with_a_gap() -> None:
    text = "We will see. We will, in time and after long talks, go home. We will soon go home."
    match = found("We will ... go home", text)
    assert match
    assert match.span.of(text) == "We will soon go home"


def test_a_gap_has_its_bounds() -> None:
    text = f"The first words of it. {'And so on and so forth. ' * 60}The last words of it."
    assert found("The first words of it ... The last words of it", text) is None


def test_two_words_around_brackets_prove_nothing() -> None:
    assert found("They [all] sign") is None


@pytest.mark.parametrize(
    ("quote", "kind"),
    [
        ("China knows there will be no severe consequences if it delivers", "negation"),
        ("Spending rose 20% to $1,500.50", "number"),
        ("Russia knows there will be severe consequences if it delivers lethal aid", "name"),
        ("severe consequences if it delivers lethal aid to Russia, he said on 5 June", "date"),
    ],
)
def test_altered_words_are_traced_to_their_place_and_the_change_is_named(quote: str, kind: str) -> None:
    near = nearest(Quote(quote), Ground(TEXT))
    assert near
    assert kind in {change.kind for change in near.changes}


def test_invented_words_are_traced_to_nothing() -> None:
    assert nearest(Quote("Penguins have taken over the southern ferry terminal at last"), Ground(TEXT)) is None


def test_a_comparison_can_be_read_in_one_line() -> None:
    changes = compared("He will not sign on 5 May".split(), "He will sign on 15 May".split())
    assert marked(changes) == "He will [-not-] sign on [-5-] {+15+} May"


@pytest.mark.parametrize(("word", "kind"), [("isn’t", "negation"), ("May", "hedge"), ("Only", "restriction"), ("crane", "")])
def test_words_that_turn_weaken_or_narrow_are_known(word: str, kind: str) -> None:
    assert caution(word) == kind


def test_any_six_words_of_a_text_share_a_kept_run_with_it() -> None:
    chance = random.Random(3)
    text = [f"w{chance.randrange(200)}" for _ in range(500)]
    assert all(kept(text) & set(hashes(text[at : at + 6])) for at in range(len(text) - 5))


def honest(quote: str, chance: random.Random) -> str:
    """Some of what an honest copy changes."""
    edits = (
        lambda text: text.replace(" ", chance.choice(["  ", "\n", "\u00a0"]), 1),
        lambda text: text[:1].swapcase() + text[1:],
        lambda text: text.replace("'", "’").replace('"', "”"),
        lambda text: f"{text}{chance.choice(['.', ',', '!'])}",
        lambda text: f"“{text}”",
    )
    for edit in chance.sample(edits, 2):
        quote = edit(quote)
    return quote


vocabulary = st.sampled_from("the crane don't is not 15 2% -3 $40 Voss ferry was closed only may harbour’s 港 правду".split())


@settings(max_examples=300)
@given(st.lists(vocabulary, min_size=6, max_size=40), st.data())
def test_of_any_text_any_part_is_found_however_it_is_typeset_and_no_changed_word_is(
    text: Sequence[str], data: st.DataObject
) -> None:
    first = data.draw(st.integers(0, len(text) - 4))
    last = data.draw(st.integers(first + 3, len(text) - 1))
    article, run = " ".join(text), list(text[first : last + 1])
    chance = random.Random(data.draw(st.integers(0, 10**6)))
    assert found(honest(" ".join(run), chance), article)
    at = data.draw(st.integers(0, len(run) - 1))
    run[at] = "quince"
    assert found(" ".join(run), article) is None


@given(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=200),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=40),
)
def test_whatever_the_texts_are_a_match_is_a_place_in_the_article(text: str, quote: str) -> None:
    for match in matches(Quote(quote), Ground(text)):
        assert 0 <= match.span.start < match.span.end <= len(text)
        assert [word.text for word in words(match.pieces[0].of(text))] or match.exact
    near = nearest(Quote(quote), Ground(text)) if Quote(quote).words else None
    assert near is None or near.span.end <= len(text)
