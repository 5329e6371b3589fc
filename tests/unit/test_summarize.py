from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.draft.interface import Draft
from qa.summarize import CANDIDATES, draft_summary
from qa.text import sentences, words
from qa.types import Article, Sentence
from vectorstore.types import Vectors

LEAD = "The harbour of Port Elin will close for repairs on the third of May."
FERRIES = "Ferries to the islands will leave from the old fishing pier during the repairs."
COST = "The council has put aside nine million crowns for new walls and a crane."
MAYOR = "Mayor Ines Dahl expects the harbour of Port Elin to open again before winter."


class WordCounts:
    """An embedder without a model: two texts are alike as far as they share words."""

    def __init__(self) -> None:
        self.places: dict[str, int] = {}
        self.asked: list[int] = []

    def __call__(self, texts: Sequence[str]) -> Vectors:
        self.asked.append(len(texts))
        out = np.zeros((len(texts), 256), np.float32)
        for row, text in enumerate(texts):
            for word in words(text) or [""]:
                out[row, self.places.setdefault(word, len(self.places)) % 256] += 1
        return np.asarray(out / np.linalg.norm(out, axis=1, keepdims=True), np.float32)


def article(text: str, name: str = "a", title: str = "", published: str | None = None) -> tuple[Sentence, ...]:
    whole = Article(name, 1, text, "", name, title, None, None, None, published)
    return tuple(Sentence(whole, span) for span in sentences(text))


def told(draft: Draft) -> list[str]:
    return [claim.text for claim in draft.claims]


def summary(*texts: str, length: int = 5, topic: str | None = None, title: str = "") -> list[str]:
    articles = [article(text, str(number), title) for number, text in enumerate(texts)]
    return told(draft_summary(articles, WordCounts(), length=length, topic=topic))


def test_claims_are_the_articles_own_sentences_in_its_order_with_their_numbers() -> None:
    draft = draft_summary([article(" ".join([LEAD, FERRIES, COST, MAYOR]))], WordCounts(), length=3)
    numbers = [claim.references[0].sentence for claim in draft.claims]
    assert len(numbers) == 3
    assert numbers == sorted(numbers)
    for claim in draft.claims:
        (reference,) = claim.references
        assert claim.text == reference.words == draft.sentences[reference.sentence].text


def test_the_lead_is_taken_before_the_rest() -> None:
    assert summary(" ".join([LEAD, FERRIES, COST, MAYOR]), length=1) == [LEAD]


def test_the_first_sentence_goes_before_one_that_is_a_little_nearer_to_the_title() -> None:
    assert summary(f"{COST} {MAYOR}", length=1, title="Ready again at last") == [COST]


def test_a_sentence_much_nearer_to_the_title_goes_before_the_first() -> None:
    assert summary(f"{COST} {MAYOR}", length=1, title="Harbour of Port Elin open again before winter") == [MAYOR]


def test_what_all_sentences_are_near_to_goes_before_the_first() -> None:
    around = [
        f"The harbour of Port Elin will close for repairs, says {name} of the council today." for name in ("Dahl", "Moe", "Holm")
    ]
    other = "Goalkeeper Lina Moe saved two penalties when Sandvik beat Nordby on Sunday night."
    assert summary(" ".join([other, *around]), length=1) == around[:1]


def test_of_two_sentences_about_a_topic_the_nearer_goes_first() -> None:
    assert summary(f"{LEAD} {MAYOR}", length=1, topic="when the mayor expects the harbour of Port Elin to open again") == [MAYOR]


@pytest.mark.parametrize(
    "first",
    [
        "I have seen the harbour of Port Elin close for repairs on the third of May before.",
        "The harbour will close on Friday.",
        LEAD[:-1] + ", " + ", ".join(f"and wall number {number} will be made anew" for number in range(12)) + ".",
    ],
)
def test_speech_without_a_speaker_and_short_or_endless_sentences_give_way(first: str) -> None:
    assert summary(f"{first} {COST}", length=1) == [COST]


def test_the_same_thing_is_not_said_twice() -> None:
    again = "The harbour of Port Elin will be closed for repairs on the third of May."
    assert summary(" ".join([LEAD, again, COST]), length=2) == [LEAD, COST]
    assert summary(" ".join([LEAD] * 50), length=5) == [LEAD]


def test_a_length_beyond_the_article_gives_each_sentence_once_in_order() -> None:
    text = "\n\n".join(["Harbour to close", LEAD, f"{FERRIES} {COST}", LEAD, MAYOR])
    assert summary(text, length=1000) == ["Harbour to close", LEAD, FERRIES, COST, MAYOR]


@pytest.mark.parametrize(
    "line",
    [
        "Harbour of Port Elin to close for repairs on the third of May",
        "By Jon Berg, Elin Post",
        "Friday, 26 April 2024",
        "Read more about the harbour of Port Elin and its repairs in our archive.",
        "Will the harbour of Port Elin really close for repairs on the third of May?",
        "Repairs close the harbour.",
    ],
)
def test_headlines_by_lines_boilerplate_questions_and_scraps_come_last(line: str) -> None:
    assert line not in summary("\n\n".join([line, LEAD, FERRIES, COST]), length=3)


def test_a_sentence_that_leans_on_another_waits_for_it() -> None:
    leaning = "It needs new walls, a new crane, new lamps, new rails and a new road to the north."
    apart = f"{LEAD} {FERRIES}\n\nThe pier is eighty years old this summer, engineers told the council. {leaning}"
    assert leaning not in summary(apart, length=2)
    both = summary(apart, length=4)
    assert both.index(leaning) > 0


def test_a_quotation_that_goes_on_over_sentences_is_not_cut_where_there_is_a_choice() -> None:
    cut = "“The harbour of Port Elin is safe for every ship that wants to use it this spring."
    goes_on = "That is what the builders of the walls would like you all to believe,” said engineer Per Holm."
    assert summary(f"{LEAD}\n\n{cut} {goes_on}\n\n{COST}\n\n{FERRIES}", length=3) == [LEAD, COST, FERRIES]


def test_a_passage_from_inside_a_quotation_is_known_to_be_torn() -> None:
    cut = "The harbour of Port Elin is safe for every ship that wants to use it this spring."
    whole = article(f"“We have looked at all the walls. {cut} Believe me,” the builder said.\n\n{FERRIES}\n\n{COST}")
    part = tuple(one for one in whole if one.text in (cut, FERRIES, COST))
    assert len(part) == 3
    assert told(draft_summary([part], WordCounts(), length=2)) == [FERRIES, COST]


def test_several_articles_are_told_by_date_and_undated_ones_last() -> None:
    texts = [(FERRIES, "2024-05-02T08:00:00Z"), (COST, None), (LEAD, "2024-04-30"), (MAYOR, "2024-05-03")]
    articles = [article(text, str(number), published=day) for number, (text, day) in enumerate(texts)]
    assert told(draft_summary(articles, WordCounts())) == [LEAD, FERRIES, MAYOR, COST]


def test_with_a_topic_only_sentences_about_it_are_taken() -> None:
    other = "Goalkeeper Lina Moe saved two penalties in the cup final on Sunday."
    assert summary(f"{LEAD} {COST}", other, topic="repairs of the harbour of Port Elin") == [LEAD]


def test_a_topic_that_the_title_names_reaches_the_sentences_below_it() -> None:
    assert COST in summary(f"{LEAD} {COST}", title="Port Elin harbour walls", topic="Port Elin harbour walls")


def test_a_topic_that_nothing_is_about_gives_no_claims_and_says_so() -> None:
    draft = draft_summary([article(LEAD)], WordCounts(), topic="volcano eruption warning")
    assert draft.claims == ()
    assert draft.missing == "no sentence is about volcano eruption warning"


@pytest.mark.parametrize("articles", [[], [()], [article("*** \n\n ---")]])
def test_nothing_to_choose_from_gives_no_claims_and_never_asks_the_embedder(articles: list[tuple[Sentence, ...]]) -> None:
    embed = WordCounts()
    draft = draft_summary(articles, embed)
    assert draft.claims == ()
    assert draft.missing == "there are no sentences to choose from"
    assert embed.asked == []


def test_of_a_long_article_a_limited_number_is_weighed_from_start_to_end() -> None:
    text = "\n\n".join(
        f"Ship number {number} of the line has left the harbour of Port Elin for the north." for number in range(5000)
    )
    embed = WordCounts()
    draft = draft_summary([article(text)], embed, length=5)
    assert max(embed.asked) == CANDIDATES
    assert len(draft.claims) == 5
    assert len(draft.sentences) == 5000
    last = "After all these ships, the council of Port Elin decided to close the harbour."
    assert last in told(draft_summary([article(f"{text}\n\n{last}")], WordCounts(), length=CANDIDATES + 1))


@given(st.lists(st.text(max_size=200), max_size=4), st.integers(1, 8), st.booleans())
def test_any_texts_give_at_most_so_many_different_claims_each_found_in_its_article(
    texts: list[str], length: int, by_topic: bool
) -> None:
    articles = [article(text, str(number)) for number, text in enumerate(texts)]
    draft = draft_summary(articles, WordCounts(), length=length, topic="harbour" if by_topic else None)
    assert len(draft.claims) == len({tuple(words(claim.text)) for claim in draft.claims}) <= length
    assert all(claim.text in draft.sentences[claim.references[0].sentence].article.text for claim in draft.claims)
    assert (draft.missing is None) == bool(draft.claims)


def test_a_sentence_that_has_all_words_of_the_topic_is_about_it_whatever_its_vector_says() -> None:
    long = (
        "After the storm of last winter, which broke three walls and sank eleven boats at the pier, the crane was sold for scrap."
    )
    assert summary(f"{FERRIES} {long}", topic="crane storm") == [long]
    assert summary(long, topic="cranes of steel") == []


def test_a_topic_without_a_word_is_about_nothing() -> None:
    assert summary(LEAD, topic="?!") == []
