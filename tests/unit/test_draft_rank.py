"""Features, likeness and the models over them, with a token embedder small enough to reckon by hand."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from qa.draft.closely import CLOSELY, LEAST, READ, closely, windows
from qa.draft.features import WORDS, Scene
from qa.draft.likeness import LIKENESS, likeness
from qa.draft.rank import ANSWERS, ENCODED, FEATURES, FURTHERS, GLIMPSED, chances, further, glimpsed, observed, probability
from qa.draft.reader import Window
from qa.draft.terms import weights
from qa.draft.weights import ANSWER, CLOSE, FLOOR, FURTHER, QUICK, RANK, THRESHOLD
from qa.text import sentences
from qa.types import Article, Passage
from vectorstore.types import Span, Vectors


class Letters:
    """Each word's vector counts its letters: words are alike where their letters are."""

    def tokens(self, texts: Sequence[str]) -> list[tuple[list[str], Vectors]]:
        return [self._one(text.lower().replace("?", " ").replace(".", " ").split()) for text in texts]

    def _one(self, pieces: list[str]) -> tuple[list[str], Vectors]:
        counts = np.array([[piece.count(chr(97 + at)) + 0.01 for at in range(26)] for piece in pieces], np.float32).reshape(
            -1, 26
        )
        return pieces, counts / np.linalg.norm(counts, axis=1, keepdims=True)


class Shared:
    """A reader that gives a sentence the odds of as many words as it shares with the question, less one."""

    def __init__(self) -> None:
        self.windows: list[Window] = []

    def read(self, question: str, windows: Sequence[Window]) -> list[list[float]]:
        self.windows += windows
        asked = set(question.lower().strip("?").split())
        return [[len(asked & set(text.lower().strip(".").split())) - 1.0 for text in one.sentences] for one in windows]


class Plain:
    """Statistics that find each word in one chunk of a hundred, and ``common`` in all of them."""

    def document_frequency(self, words: Sequence[str]) -> list[int]:
        return [100 if word == "common" else 1 for word in words]

    def chunk_count(self) -> int:
        return 100


def scene(question: str, *texts: str, title: str = "") -> Scene:
    found = []
    for at, text in enumerate(texts):
        article = Article(str(at), 1, text, "0", "a.txt", title, None, None, None, None)
        found.append(Passage(article, Span(0, len(text)), 1 / (1 + at), tuple(sentences(text)), 0.5))
    return Scene(question, found, Plain())


def feature(laid: Scene, name: str) -> list[float]:
    return [round(float(value), 3) for value in laid.features()[:, WORDS.index(name)]]


def test_coverage_is_the_share_of_the_questions_telling_words() -> None:
    laid = scene("Who repaired the bridge?", "The bridge was repaired.", "A bridge.", "Nothing.")
    assert feature(laid, "coverage")[0] == 1
    assert 0 < feature(laid, "coverage")[1] < 1
    assert feature(laid, "coverage")[2] == 0


def test_a_sentence_borrows_from_the_one_before_it_and_only_in_its_passage() -> None:
    laid = scene("Who repaired the bridge?", "The bridge fell. Lena Orr repaired it.", "It was raining.")
    assert feature(laid, "coverage_before")[1:] == [1.0, 0.0]


def test_numbers_match_without_their_thousands_separators() -> None:
    laid = scene("Which town has 12,000 people?", "Skell has 12000 people.")
    assert feature(laid, "numbers_covered") == [1.0]


def test_years_meet_where_their_spans_overlap() -> None:
    laid = scene("Where did she work from 1968 to 1970?", "From 1965 to 1969 she taught.", "In 1980 she left.", "She sang.")
    assert feature(laid, "years") == [1.0, -1.0, 0.0]


def test_a_mistyped_word_counts_less_than_the_right_one_and_more_than_none() -> None:
    laid = scene("What did Stoltenburg say?", "Stoltenberg spoke.", "She spoke.")
    right = scene("What did Stoltenberg say?", "Stoltenberg spoke.", "She spoke.")
    assert 0 < feature(laid, "coverage")[0] < feature(right, "coverage")[0]


def test_missing_words_are_told_the_most_telling_first_and_the_title_counts() -> None:
    laid = scene("How many tanks did Germany and France send?", "Nobody sent any.", title="France")
    assert sorted(term.word for term in laid.missing()) == ["germany", "tanks"]


def test_a_common_word_weighs_less_than_a_rare_one_and_no_weight_is_negative() -> None:
    common, rare = weights(["common", "zyzzyva"], Plain())
    assert 0 <= common < rare


def test_every_row_has_every_feature_and_all_are_finite() -> None:
    laid = scene("When?", "It rained on Tuesday. It stopped.", "No.", "…")
    features = laid.features()
    second, vectors = likeness(laid, [0, 2], Letters())
    assert features.shape == (len(laid.sentences), len(WORDS))
    assert second.shape == (2, len(LIKENESS))
    assert np.isfinite(features).all()
    assert np.isfinite(second).all()
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-4)


def test_likeness_is_highest_for_the_questions_own_words() -> None:
    laid = scene("bridge repaired", "bridge repaired", "garden zoo")
    second, _ = likeness(laid, [0, 1], Letters())
    sim = second[:, LIKENESS.index("sim")]
    assert sim[0] == pytest.approx(1, abs=1e-3)
    assert sim[1] < sim[0]


def test_only_the_sentences_that_words_put_in_front_are_encoded_and_few_of_those_are_read() -> None:
    laid = scene("Who repaired the bridge?", " ".join(["It rained again."] * 200), "Lena Orr repaired the bridge.")
    seen = glimpsed(laid, Letters())
    assert len(seen.chosen) == ENCODED
    assert seen.chosen[0] == 200
    close = observed(laid, Letters(), Shared())
    assert LEAST <= len(close.chosen) <= READ
    assert 200 in close.chosen


def test_what_a_glimpse_puts_far_behind_is_not_read_once_two_are() -> None:
    laid = scene("Who repaired the old iron bridge?", "Ann Lee repaired the old iron bridge.", *["Soup is hot."] * READ)
    assert len(observed(laid, Letters(), Shared()).chosen) == LEAST
    alike = scene("Who repaired the bridge?", *["Ann Lee repaired the bridge."] * READ)
    assert len(observed(alike, Letters(), Shared()).chosen) == READ


def test_a_window_holds_the_neighbours_of_its_passage_and_never_another_passages() -> None:
    laid = scene("Who?", "One. Two. Three. Four. Five.", "Six. Seven.")
    assert windows(laid, [0]) == [range(3)]
    assert windows(laid, [4, 5]) == [range(1, 5), range(5, 7)]


def test_windows_that_touch_are_read_once_where_there_is_room() -> None:
    assert windows(scene("Who?", "One. Two. Three. Four. Five."), [1, 3]) == [range(5)]
    long = " ".join(f"{word} " + "and so on " * 20 + "it went." for word in ("One", "Two", "Three", "Four"))
    assert windows(scene("Who?", long), [0, 1, 2, 3]) == [range(1), range(1, 2), range(2, 3), range(3, 4)]


def test_a_window_is_headed_by_title_and_day() -> None:
    reader = Shared()
    observed(scene("Who repaired it?", "Lena Orr repaired it.", title="The bridge"), Letters(), reader)
    assert reader.windows == [Window("The bridge", ("Lena Orr repaired it.",))]


def test_what_the_reader_says_of_a_sentence_becomes_its_features() -> None:
    laid = scene("Who repaired the bridge?", "Lena Orr repaired the bridge. It was raining.")
    table = closely(laid, [1, 0], np.array([0.4, 0.6], np.float32), Shared())
    read = table[:, CLOSELY.index("read")]
    assert read[1] > 0 > read[0]
    assert table[:, CLOSELY.index("read_gap")].max() == 0
    assert 0 < table[0, CLOSELY.index("read_share")] < table[1, CLOSELY.index("read_share")] < 1


def test_shares_add_up_to_one_and_probabilities_lie_between_0_and_1() -> None:
    seen = observed(
        scene("Who repaired the bridge?", "Lena Orr repaired the bridge. It was raining.", "No."), Letters(), Shared()
    )
    shares = chances(seen)
    assert float(shares.sum()) == pytest.approx(1, abs=1e-5)
    assert 0 < probability(seen, shares) < 1
    assert 0 < further(seen, shares, [0], 1) < 1


def test_every_learned_number_belongs_to_a_feature_that_exists() -> None:
    assert set(QUICK) <= set(WORDS)
    assert set(RANK) <= set(GLIMPSED)
    assert set(CLOSE) <= set(FEATURES)
    assert set(ANSWER) <= {*ANSWERS, "bias"}
    assert set(FURTHER) <= {*FURTHERS, "bias"}
    assert 0 < THRESHOLD < 1
    assert 0 < FLOOR < 1
