from __future__ import annotations

import random
import sqlite3
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import pytest

from qa.copies import Sentences
from qa.family import family, with_copies
from qa.intake import Desk
from qa.keywords import EVERYTHING, Filters, narrowed
from qa.ledger import Ledger
from qa.library import Library
from qa.origins import Member, Origins, agreed
from qa.render import Look, data, html, markdown, terminal
from qa.retrieve import passages
from qa.runlog import Entry, RunLog
from qa.types import Answer, Citation, Claim, Document, Usage
from tests.unit.test_intake import Lengths, count
from vectorstore.index import Index
from vectorstore.types import Filter, Hit, Span

STORY = (
    "A crane fell into the harbour at Wrenmouth on Monday and killed 12 people, the fire service said. "
    "Divers searched the water until nightfall but found nobody alive below the quay. "
    "The harbour master, Tom Wu, told reporters that the crane had been inspected in spring. "
    "Its owner has paid two fines since the year of the flood, the records of the town show. "
    "The mayor promised an inquiry that would be led by a judge from another county. "
    "Work in the port stopped for the day and ferries were sent on to the northern pier. "
    "Flags fly at half mast on the town hall, and schools near the water stay closed. "
    "A service will be held in the old church as soon as the families have been told."
)
INSERTED = "Two of the sailors on the ferry jumped into the cold water and pulled a child out of it."
OTHER = (
    "The council of Wrenmouth voted for a new library beside the market on Tuesday evening. "
    "Its cost of three million will be met by the sale of the former customs house. "
    "Readers had collected signatures for a decade, and many of them wept in the gallery. "
    "An architect from the capital has drawn a roof of glass that collects the rain for gardens."
)
FOOTER = (
    "Subscribe to our morning letter for more stories like this one and follow us wherever you go. "
    "All rights reserved, no part of this page may be copied without the leave of the publisher in writing."
)
FIRST, SECOND, *_, LAST = (one.strip() + "." for one in STORY.split(".") if one.strip())


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(tmp_path, create=True)


@pytest.fixture
def desk(library: Library, tmp_path: Path) -> Desk:
    index = Index(tmp_path / "index", Lengths(), "memory")
    return Desk(library, nullcontext, lambda: index, count, lambda _: None)


def story(id: str, text: str = STORY, day: int = 1, source: str | None = None, credit: str | None = None) -> Document:
    return Document(text, f"/news/{id}", id, f"Head {id}", source, published=f"2024-03-{day:02}", credit=credit)


def copies() -> list[Document]:
    return [
        story("wire", day=1),
        story("cut", STORY.partition(" Work in")[0], day=2),
        story("longer", STORY.replace(SECOND, f"{SECOND} {INSERTED}"), day=3),
        story("updated", f"WRENMOUTH (WR) - {STORY.replace('12 people', '14 people')}", day=4),
        story("library", OTHER, day=1),
    ]


def ids(library: Library, id: str) -> list[str]:
    return [member.article_id for member in Origins(library.connection).group(id)]


def rows(library: Library) -> list[sqlite3.Row]:
    return library.connection.execute("SELECT * FROM origins ORDER BY 1").fetchall()


def test_a_wire_story_cut_lengthened_and_updated_has_one_origin(desk: Desk) -> None:
    desk.add(copies())
    assert set(ids(desk.library, "cut")) == {"wire", "cut", "longer", "updated"}
    assert Origins(desk.library.connection).group("cut")[0] == Member("wire", "wire", 1.0, "published first")
    assert ids(desk.library, "library") == []
    assert not agreed(desk.library.connection)


@pytest.mark.parametrize("seed", range(6))
def test_groups_do_not_depend_on_the_order_of_adding(tmp_path: Path, seed: int) -> None:
    found = []
    for order in (copies(), random.Random(seed).sample(copies(), 5)):
        library = Library(tmp_path / str(len(found)), create=True)
        index = Index(tmp_path / "index" / str(len(found)), Lengths(), "memory")
        for document in order:
            Desk(library, nullcontext, lambda index=index: index, count, lambda _: None).add([document])
        found.append([row[:3] for row in rows(library)])
    assert found[0] == found[1]
    assert len(found[0]) == 4


def test_when_the_origin_is_removed_another_takes_its_place(desk: Desk) -> None:
    desk.add(copies())
    desk.remove(["wire"])
    assert ids(desk.library, "longer")[0] == "cut"
    assert not agreed(desk.library.connection)


def test_the_last_of_a_group_is_no_group(desk: Desk) -> None:
    desk.add(copies()[:2])
    desk.remove(["cut"])
    assert rows(desk.library) == []
    assert not agreed(desk.library.connection)


def test_a_new_version_with_other_words_leaves_its_group(desk: Desk) -> None:
    desk.add(copies())
    desk.add([story("cut", f"{OTHER} The vote was close.", day=2)])
    assert "cut" not in ids(desk.library, "wire")
    assert set(ids(desk.library, "cut")) == {"cut", "library"}
    assert not agreed(desk.library.connection)


def test_a_rebuild_makes_the_same_groups(desk: Desk) -> None:
    desk.add(copies())
    before = rows(desk.library)
    with desk.library.writing():
        desk.library.connection.execute("DELETE FROM origins")
        desk.library.connection.execute("DELETE FROM facts WHERE name = 'compared'")
    assert len(agreed(desk.library.connection)) == 2
    desk.rebuild()
    assert rows(desk.library) == before
    assert not agreed(desk.library.connection)


def test_the_agency_that_copies_credit_is_the_origin_though_it_was_published_last(desk: Desk) -> None:
    desk.add([story("paper", day=1, source="Courier", credit="Harbour Wire"), story("wire", day=9, source="harbour wire")])
    assert Origins(desk.library.connection).group("paper") == [
        Member("wire", "wire", 1.0, "credited by a copy"),
        Member("paper", "wire", 1.0, "same text, credit"),
    ]


def test_an_agency_is_known_by_any_of_its_names(desk: Desk) -> None:
    desk.add([story("paper", day=1, source="Courier", credit="AP"), story("wire", day=9, source="The Associated Press")])
    assert ids(desk.library, "paper") == ["wire", "paper"]


def test_a_credit_that_is_learned_later_makes_another_the_origin(desk: Desk) -> None:
    papers = [story("a", day=1, source="Courier"), story("b", day=2, source="Wire")]
    desk.add(papers)
    desk.add([replace(papers[0], credit="Wire")])
    assert ids(desk.library, "a") == ["b", "a"]


def test_a_page_that_names_another_address_stands_behind_the_page_there(desk: Desk) -> None:
    there = "https://wire.example/crane"
    desk.add([Document(STORY, "https://paper.example/1", url=there), Document(STORY, there, url=there)])
    group = Origins(desk.library.connection).group(desk.library.article("https://paper.example/1").id)
    assert [desk.library.article(one.article_id).origin for one in group] == [there, "https://paper.example/1"]
    assert group[1].why == "same text, same address"


def test_a_footer_makes_no_copies_however_short_the_articles(desk: Desk) -> None:
    first, second = ". ".join(STORY.split(". ")[:2]), ". ".join(OTHER.split(". ")[:2])
    desk.add([story("a", f"{first}. {FOOTER}"), story("b", f"{second}. {FOOTER}")])
    assert rows(desk.library) == []


def test_a_round_up_is_no_copy_of_a_brief_that_it_holds(desk: Desk) -> None:
    desk.add([story("brief", f"{FIRST} {SECOND}"), story("all", " ".join([STORY, OTHER, FOOTER, STORY[::-1]]))])
    assert rows(desk.library) == []


def test_an_updated_figure_is_told_as_a_difference_and_a_dateline_is_not(desk: Desk) -> None:
    desk.add(copies())
    by_id = {one.article.id: one for one in family(desk.library, "cut")}
    assert [one.instead for one in by_id["updated"].variants] == [(("14", "12"),)]
    assert by_id["updated"].variants[0].quote.endswith("killed 14 people, the fire service said.")
    assert not by_id["longer"].variants
    assert [change.quoted for change in by_id["longer"].changes if change.op != "equal"] == [INSERTED]


def test_a_citation_tells_which_copies_say_the_same_and_which_do_not(desk: Desk) -> None:
    desk.add(copies())
    wire = desk.library.article("wire")
    cited = [
        Citation(1, wire, Span(0, len(FIRST)), "exact"),
        Citation(2, wire, Span(len(STORY) - len(LAST), len(STORY)), "exact"),
    ]
    first, last = with_copies(desk.library, cited)
    assert (first.origin, set(first.copies)) == ("wire", {"cut", "longer"})
    assert [(one.article.id, one.instead) for one in first.variants] == [("updated", (("14", "12"),))]
    assert set(last.copies) == {"longer", "updated"}
    assert not last.variants


def test_a_citation_of_two_sentences_is_looked_for_sentence_by_sentence(desk: Desk) -> None:
    desk.add(copies())
    cited = Citation(1, desk.library.article("wire"), Span(0, len(f"{FIRST} {SECOND}")), "exact")
    (told,) = with_copies(desk.library, [cited])
    assert set(told.copies) == {"cut", "longer"}
    assert [one.instead for one in told.variants] == [(("14", "12"),)]


def test_what_is_told_of_copies_is_shown_in_every_format(desk: Desk) -> None:
    desk.add(copies())
    cited = Citation(1, desk.library.article("wire"), Span(0, len(FIRST)), "exact")
    again = Citation(2, desk.library.article("longer"), Span(0, len(FIRST)), "exact")
    claims = (Claim(FIRST, (1, 2), "supported"),)
    answer = Answer(
        "How many died?", claims, with_copies(desk.library, [cited, again]), (), None, None, 0.9, "m", None, Usage(), {}
    )
    for show in (terminal.show, markdown.show, html.show):
        shown = " ".join(show(answer, Look(200)).split())
        assert "and 2 copies" in shown
        assert "another copy says “14” not “12”" in shown
        assert "2 articles, 1 origin" in shown
    first = data.citation_record(answer.citations[0])
    assert sorted(first["copies"]) == ["cut", "longer"]
    assert first["differences"][0]["instead"] == [{"says": "14", "not": "12"}]


def test_an_answer_that_quotes_a_copy_is_forgotten_with_the_copy(desk: Desk) -> None:
    desk.add(copies())
    record = '{"citations": [{"article_id": "wire", "differences": [{"article_id": "updated"}]}]}'
    RunLog(desk.library).write(Entry("2024-03-09T00:00:00+00:00", "How many?", True, "m", None, Usage(), 0.1, record))
    desk.remove(["cut"])
    assert len(RunLog(desk.library).entries(5, "")) == 1
    desk.remove(["updated"])
    assert RunLog(desk.library).entries(5, "") == []


def test_an_article_without_copies_is_its_own_family(desk: Desk) -> None:
    desk.add(copies())
    (alone,) = family(desk.library, "library")
    assert alone.member.why == "no copies are known"


def nothing(question: str, k: int, accept: Filter | None) -> list[Hit]:
    return []


def found(library: Library, question: str, filters: Filters = EVERYTHING, limit: int = 3) -> list[str]:
    return [passage.article.id for passage in passages(question, library, nothing, limit=limit, filters=filters)]


def test_copies_leave_their_places_to_others(desk: Desk) -> None:
    same = [story(f"same-{at}", day=at + 2) for at in range(5)]
    desk.add([*copies()[:1], *same, story("elsewhere", "Another crane in another harbour fell on a fire engine.", day=9)])
    assert set(found(desk.library, "crane harbour fire")) == {"wire", "elsewhere"}


def test_a_chunk_that_stands_in_for_a_copys_is_as_near_as_that_one(desk: Desk) -> None:
    desk.add([*copies()[:1], story("same", day=2), story("library", OTHER)])
    of_copy = next(
        id for id, (one, _) in desk.library.places(Ledger(desk.library.connection).expected()).items() if one.id == "same"
    )
    best, *_ = passages("crane", desk.library, lambda *_: [Hit(of_copy, 0.83)], limit=3)
    assert (best.article.id, best.similarity) == ("wire", 0.83)


def test_what_only_a_copy_says_is_still_found(desk: Desk) -> None:
    desk.add(copies())
    assert found(desk.library, "sailors ferry child")[0] == "longer"
    assert "updated" in found(desk.library, "crane killed 14 people")


def test_where_filters_leave_only_a_copy_it_answers(desk: Desk) -> None:
    desk.add(copies()[:2])
    assert found(desk.library, "crane harbour", narrowed(since="2024-03-02")) == ["cut"]


@pytest.mark.parametrize(
    ("one", "other"),
    [("rose sharply", "fell sharply"), ("will close", "may close"), ("sold shares", "allegedly sold shares")],
)
def test_a_copy_that_says_the_opposite_or_less_surely_does_not_say_the_same(one: str, other: str) -> None:
    words = "Profits at the harbour company {} in the last quarter, its director told the town council on Monday."
    texts = [words.format(one), words.format(other)]
    for said, beside in (texts, texts[::-1]):
        assert not Sentences(beside, [Span(0, len(beside))]).says(said)


def test_a_new_article_is_compared_without_reading_every_other(desk: Desk) -> None:
    desk.add([*copies(), story("library", OTHER)])
    asked: list[str] = []
    desk.library.connection.set_trace_callback(asked.append)
    Origins(desk.library.connection).follow(["wire"])
    desk.library.connection.set_trace_callback(None)
    selects = [query for query in asked if query.startswith("SELECT")]
    plans = [row[-1] for query in selects for row in desk.library.connection.execute(f"EXPLAIN QUERY PLAN {query}")]
    assert len(selects) > 5
    assert not [plan for plan in plans if plan.startswith("SCAN")]


def test_a_copy_whose_text_is_lost_is_told_of_no_citation_and_stops_none(desk: Desk) -> None:
    desk.add(copies())
    desk.library.connection.execute("PRAGMA foreign_keys = OFF")
    query = "DELETE FROM texts WHERE sha256 = (SELECT sha256 FROM versions WHERE article_id = 'cut')"
    assert desk.library.connection.execute(query).rowcount
    cited = Citation(1, desk.library.article("wire"), Span(0, len(FIRST)), "exact")
    (told,) = with_copies(desk.library, [cited])
    assert told.copies == ("longer",)
    assert [one.article.id for one in family(desk.library, "wire")] == ["wire", "longer", "updated"]
