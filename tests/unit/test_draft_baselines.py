from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from qa.config import Settings
from qa.draft import DRAFTERS
from qa.draft.baselines import Bm25, Everything, Lead, Nothing, bm25
from qa.draft.interface import Draft
from qa.errors import ConfigError
from qa.types import Article, Passage
from qa.wiring import House
from vectorstore.types import Span, Vectors


class NoVectors:
    """Fails whoever asks it for vectors."""

    def tokens(self, texts: Sequence[str]) -> list[tuple[list[str], Vectors]]:
        raise AssertionError("a baseline needs no vectors")


class NoNumbers:
    """Fails whoever asks it for frequencies."""

    def document_frequency(self, words: Sequence[str]) -> list[int]:
        raise AssertionError("a baseline needs no frequencies")

    def chunk_count(self) -> int:
        raise AssertionError("a baseline needs no frequencies")


def passage(id: str, *sentences: str, similarity: float = 0.5) -> Passage:
    text = " ".join(sentences)
    spans = []
    for sentence in sentences:
        start = text.index(sentence, spans[-1].end if spans else 0)
        spans.append(Span(start, start + len(sentence)))
    article = Article(id, 1, text, "0", f"/{id}.txt", id, None, None, None, None)
    return Passage(article, Span(0, len(text)), 1.0, tuple(spans), similarity)


FERRY = passage("ferry", "The ferry sank.", "Nobody was hurt.", "The owner wept.", similarity=0.75)
CRANE = passage("crane", "A crane fell on the quay.", "The crane weighed forty tonnes.", similarity=0.25)


def drafted(kind: type[Lead | Bm25 | Everything | Nothing], question: str, *passages: Passage) -> Draft:
    return kind(NoVectors(), NoNumbers()).draft(question, passages)


def texts(draft: Draft) -> list[str]:
    return [claim.text for claim in draft.claims]


def test_lead_gives_the_first_two_sentences_of_the_best_passage() -> None:
    draft = drafted(Lead, "What did the crane weigh?", FERRY, CRANE)
    assert texts(draft) == ["The ferry sank.", "Nobody was hurt."]
    assert draft.confidence == 0.75


def test_lead_passes_over_a_passage_without_sentences() -> None:
    assert texts(drafted(Lead, "What?", passage("front"), passage("one", "Only this."))) == ["Only this."]


def test_bm25_gives_the_one_sentence_that_shares_most_with_the_question() -> None:
    assert texts(drafted(Bm25, "What did the crane weigh?", FERRY, CRANE)) == ["The crane weighed forty tonnes."]


def test_bm25_is_surer_the_more_words_it_finds() -> None:
    few, many = (drafted(Bm25, asked, FERRY, CRANE).confidence for asked in ("crane price", "crane tonnes weigh forty"))
    assert 0 < few < many < 1


def test_bm25_refuses_where_no_word_is_shared_however_many_little_words_are() -> None:
    draft = drafted(Bm25, "What was the price of the tulips?", FERRY, CRANE)
    assert (draft.claims, draft.confidence) == ((), 0.0)
    assert draft.missing


def test_bm25_scores_are_those_of_the_formula() -> None:
    import math

    scores = bm25(["crane"], [["crane", "crane"], ["ferry", "sank"], []])
    weight = math.log(1 + (3 - 1 + 0.5) / (1 + 0.5))
    mean = 4 / 3
    assert scores[0] == pytest.approx(weight * 2 * 2.2 / (2 + 1.2 * (0.25 + 0.75 * 2 / mean)))
    assert scores[1:] == [0.0, 0.0]


def test_everything_cites_each_sentence_of_each_passage_in_order() -> None:
    draft = drafted(Everything, "What?", FERRY, CRANE)
    assert texts(draft) == [sentence.text for sentence in draft.sentences]
    assert len(draft.claims) == 5
    assert draft.confidence == 0.75


def test_nothing_refuses_whatever_it_is_given() -> None:
    draft = drafted(Nothing, "Did the ferry sink?", FERRY)
    assert (draft.claims, draft.confidence) == ((), 0.0)


@pytest.mark.parametrize("kind", [Lead, Bm25, Everything, Nothing])
def test_a_baseline_without_sentences_refuses_without_confidence(kind: type[Lead]) -> None:
    draft = drafted(kind, "What?", passage("front"))
    assert (draft.claims, draft.confidence) == ((), 0.0)


@pytest.mark.parametrize("kind", [Lead, Everything])
@pytest.mark.parametrize("similarity", [-0.2, 1.0000001])
def test_a_confidence_is_a_probability_whatever_the_cosine(kind: type[Lead], similarity: float) -> None:
    assert 0 <= drafted(kind, "What?", passage("one", "Only this.", similarity=similarity)).confidence <= 1


@pytest.mark.parametrize("name", DRAFTERS)
def test_every_drafter_of_the_table_can_be_opened_and_says_its_name(name: str, tmp_path: Path) -> None:
    assert House(Settings(tmp_path, model=name)).drafter.name.partition("/")[0] == name


@pytest.mark.parametrize("name", ["lede", "no.such.module:Drafter", "qa.draft.baselines:Lede"])
def test_a_name_that_leads_nowhere_is_told_with_those_there_are(name: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as error:
        _ = House(Settings(tmp_path, model=name)).drafter
    assert name in error.value.message
    assert all(known in error.value.hint for known in DRAFTERS)


def test_a_dotted_name_from_outside_opens_a_drafter(tmp_path: Path) -> None:
    assert House(Settings(tmp_path, model="qa.draft.baselines:Lead")).drafter.name == "lead/1"
