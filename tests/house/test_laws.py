"""The laws of text and chunks on any text at all, through the real library."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.check import Checker
from qa.cite import resolve
from qa.doctor import tiles
from qa.draft.interface import Draft, DraftClaim, Reference
from qa.keywords import EVERYTHING, Keywords, Selection
from qa.ledger import Ledger
from qa.library import Library
from qa.quotations import Quotation
from qa.text import sentences
from qa.types import Article, Document, Sentence
from vectorstore.types import Span

PIECES = [
    "The crane is closed. ",
    "“No,” she said.\r\n",
    "😀👩‍👩‍👧 ok!\n\n",
    "cafe\u0301 \u00a0 na\u00efve. ",
    "قال الوزير نعم. ",
    "אמר השר. ",
    "港は閉鎖された。",
    "\ufeff\u200b",
    "\0\x1b[31m",
    "\u202eevil\u202c ",
    "<b>$x {y}</b> %s\t",
    "word " * 90,
    "\x0b\x0c\u2028",
]
texts = st.one_of(
    st.lists(st.sampled_from(PIECES), min_size=1, max_size=40).map("".join),
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=300),
)


def count(given: Sequence[str]) -> list[int]:
    return [len(text.split()) + len(text) // 50 + 2 for text in given]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return Library(tmp_path_factory.mktemp("laws"), create=True)


def chunk_spans(library: Library, id: str) -> list[Span]:
    query = "SELECT start, end FROM chunks c JOIN articles a ON a.current = c.version_key WHERE a.id = ? ORDER BY c.id"
    return [Span(*row) for row in library.connection.execute(query, [id])]


@settings(max_examples=150)
@given(texts, st.text(max_size=60))
def test_laws_1_and_2_any_text_is_stored_as_it_is_and_its_chunks_are_views_that_tile_it(
    library: Library, text: str, title: str
) -> None:
    title = title.encode("utf-8", "ignore").decode()
    with library.writing():
        id, _ = library.put(Document(text, "/any", title=title), count)
    article = library.article(id)
    assert article.text == text
    assert tiles(text, library.sentences(article))
    spans = chunk_spans(library, id)
    assert tiles(text, spans)
    starts, ends = ({getattr(one, side) for one in library.sentences(article)} for side in ("start", "end"))
    assert {span.start for span in spans} <= starts
    assert {span.end for span in spans} <= ends
    for found, place in library.places(Selection(library.connection, EVERYTHING).ids()).values():
        assert place.of(found.text) in found.text


@settings(max_examples=60)
@given(st.lists(texts, min_size=1, max_size=4))
def test_law_1_an_old_version_keeps_its_text_whatever_comes_after(library: Library, versions: list[str]) -> None:
    with library.writing():
        for text in versions:
            id, _ = library.put(Document(text, "/versions"), count)
    newest = library.article(id).version
    kept = [library.article(id, version).text for version in range(1, newest + 1)]
    distinct = [versions[0], *(two for one, two in pairwise(versions) if one != two)]
    assert kept[-len(distinct) :] == distinct or kept[-len(distinct) + 1 :] == distinct[1:]


def test_two_articles_with_one_text_keep_their_own_places(library: Library) -> None:
    text = "One sentence here. " * 50
    with library.writing():
        ids = [library.put(Document(text, f"/same/{at}"), count)[0] for at in range(2)]
    for id in ids:
        assert tiles(text, chunk_spans(library, id))
    marks = Ledger(library.connection).expected()
    assert len({mark.partition("-")[2] for mark in marks}) == len(marks)


def test_a_five_megabyte_article_of_one_sentence_repeated_has_a_place_for_each(tmp_path: Path) -> None:
    library = Library(tmp_path, create=True)
    sentence = "The harbour crane 😀 is closed until further notice, said the mayor. "
    text = sentence * (5_000_000 // len(sentence))
    with library.writing():
        id, _ = library.put(Document(text, "/huge"), count)
    spans = library.sentences(library.article(id))
    assert len(spans) == 5_000_000 // len(sentence)
    assert {span.of(text) for span in spans} == {sentence.strip()}
    assert tiles(text, chunk_spans(library, id))
    assert len(Keywords(library.connection).search("harbour crane", 5)) == 5


NEAR = "Tom Wu denied on Monday that 51 people left. Ida Brandt, 40, said the old quay “may not hold”. It cost 1,000 crowns."
DEEDS = st.sampled_from(
    "Tom Wu|Ida Brandt|Rutte|she|said|denied|that|51|15|1,000|people|left|the old quay|may|not|hold|cost|crowns|“may hold”|on|"
    "Monday|Tuesday|and|only|http://evil.example|…|\x1b[31m|😀".split("|")
)


@settings(max_examples=150)
@given(st.lists(DEEDS, min_size=1, max_size=9).map(" ".join), st.booleans(), st.integers(0, 2))
def test_law_5_what_a_shown_claim_says_in_figures_and_addresses_stands_in_what_it_cites(
    claim: str, strict: bool, at: int
) -> None:
    whole = Article("a", 1, NEAR, "", "/a", "", None, None, None, None)
    numbered = tuple(Sentence(whole, span) for span in sentences(NEAR))
    proposed = DraftClaim(claim, (Reference(at, numbered[at].text),))
    claims, citations, dropped = resolve(Draft(numbered, (proposed,), 0.5), strict=strict)
    assert len(claims) + len(dropped) == 1
    for one in claims:
        quoted = " ".join(citations[number - 1].quote for number in one.citations)
        assert all(figure in quoted for figure in ("51", "15", "1,000", "http://evil.example") if figure in one.text.split())
        assert "Rutte" not in one.text
        assert one.support == "supported" or not strict


@settings(max_examples=60)
@given(st.lists(st.sampled_from(PIECES[:7] + PIECES[9:12]), min_size=1, max_size=20).map("".join), st.data())
def test_law_4_any_words_of_an_article_are_found_at_their_place_and_no_others_are(
    library: Library, text: str, data: st.DataObject
) -> None:
    with library.writing():
        library.put(Document(text, "/quoted"), count)
    start = data.draw(st.integers(0, len(text) - 1))
    quote = text[start : data.draw(st.integers(start + 1, len(text)))]
    checker = Checker(library)
    found = checker.judge(Quotation(Span(0, len(quote)), quote, None, False))
    if found.ok:
        assert found.at is not None
        assert found.article_id is not None
        assert found.version is not None
        assert found.at.of(library.article(found.article_id, found.version).text) == found.source
    invented = checker.judge(Quotation(Span(0, len(quote)), f"{quote} quince {quote}", None, False))
    assert not invented.ok
