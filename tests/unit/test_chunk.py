from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from qa.chunk import TOKENS, chunks, context, mark
from qa.text import sentences


def by_words(texts: Sequence[str]) -> list[int]:
    return [len(text.split()) + 2 for text in texts]


prose = st.lists(
    st.tuples(
        st.sampled_from(["The crane stands.", "“No,” she said.", "Ärger im Hafen! 😀", "word " * 300, "خبر عاجل.", "a"]),
        st.sampled_from([" ", "\n", "\r\n\r\n", "\u00a0"]),
    ),
    max_size=60,
).map(lambda parts: "".join(text + gap for text, gap in parts))


@given(prose, st.text(max_size=30))
def test_chunks_are_whole_sentences_that_tile_the_text(text: str, title: str) -> None:
    spans = sentences(text)
    runs = chunks(text, spans, title, by_words)
    edges = [0, *(edge for run in runs for edge in (run.start, run.end)), len(text)]
    assert edges == sorted(edges)
    assert all(not text[one:two].strip() for one, two in zip(edges[::2], edges[1::2], strict=True))
    assert {run.start for run in runs} <= {span.start for span in spans}
    assert {run.end for run in runs} <= {span.end for span in spans}


@given(prose, st.integers(0, 400))
def test_a_chunk_of_several_sentences_fits_the_embedder_with_its_context(text: str, length: int) -> None:
    line = "title " * length
    spans = sentences(text)
    for run in chunks(text, spans, line, by_words):
        several = sum(run.start <= span.start < run.end for span in spans) > 1
        shown = min(len(line.split()), (TOKENS - 2) // 2)
        assert not several or len(run.of(text).split()) + shown + 2 <= TOKENS


def test_a_text_of_nothing_has_no_chunks() -> None:
    assert chunks(" \n ", sentences(" \n "), "title", by_words) == []


def test_context_names_title_and_day_and_is_cut() -> None:
    assert context("Crane\nclosed", "2023-04-05T10:00:00Z") == "Crane closed (2023-04-05)"
    assert context("", "2023-04-05") == "2023-04-05"
    assert context("", None) == ""
    assert len(context("long " * 1000, None)) <= 160


def test_a_chunk_is_marked_by_article_context_and_words() -> None:
    one = mark("a", "line", "words")
    assert one == mark("a", "line", "words")
    assert len({one, mark("b", "line", "words"), mark("a", "other", "words"), mark("a", "line", "word")}) == 4
