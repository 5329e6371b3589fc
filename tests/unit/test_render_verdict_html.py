from __future__ import annotations

import pytest

from qa.diff import Change
from qa.render.verdict_html import checked, verified
from qa.types import Article
from qa.verdicts import Checked, Cited, Verified
from tests.unit.test_render import FIRST, HOSTILE, SECOND, TEXT, article
from tests.unit.test_render_html import Element, read
from vectorstore.types import Span


def texts(id: str, version: int) -> Article:
    assert (id, version) == ("elin-1", 1), "only articles that are named are asked for"
    return article()


def at(words: str) -> Span:
    return Span(TEXT.index(words), TEXT.index(words) + len(words))


def judged(quote: str, verdict: str, found: str = "", **more: object) -> Checked:
    place = ("elin-1", "Harbour to close", 1, at(found)) if found else (None, "", None, None)
    return Checked(quote, Span(0, len(quote)), "Ines Dahl", verdict, *place, **more)  # type: ignore[arg-type]


def statements(shown: str) -> list[Element]:
    return read(shown).all("article", class_="statement")


DIFF = (Change("equal", "on", "on"), Change("replace", "4", "3", "number"), Change("equal", "May", "May"))
FOUND = [
    judged("Never!", "not_found"),
    judged("on 4 May", "altered", "on 3 May", diff=DIFF),
    judged("Safety comes first", "misattributed", "Safety comes first", said_by="Mayor Ines Dahl"),
    judged("The harbour … will close", "elided", "The harbour of Port Elin will close", left_out=("of Port Elin",)),
    judged("has been repaired", "edited", "has been repaired", warning="the speaker is not sure"),
    judged("Work starts in June", "exact", "Work starts in June"),
]


def test_each_quotation_has_its_verdict_in_words_and_in_tone() -> None:
    shown = [(one.all(class_="badge")[0].seen, one.attributes["class"]) for one in statements(checked("Draft", FOUND, texts))]
    assert shown == [
        ("Not found", "statement bad"),
        ("Altered", "statement bad"),
        ("Misattributed", "statement bad"),
        ("Elided", "statement doubt"),
        ("Edited", "statement doubt"),
        ("Exact", "statement good"),
    ]


def test_what_was_changed_left_out_or_said_by_another_is_told_beside_the_articles_words() -> None:
    invented, altered, other, elided, edited, exact = statements(checked("Draft", FOUND, texts))
    assert "Attributed to Ines Dahl." in invented.seen
    assert not invented.all("figure")
    assert altered.all("del")[0].seen == "[said: 4]"
    assert altered.all("ins")[0].seen == "[in the article: 3]"
    assert altered.all("mark")[0].words == "on 3 May"
    assert "nearest words" in altered.seen
    assert "In the article it is Mayor Ines Dahl who says it." in other.seen
    assert "nearest words" not in other.seen
    assert "Left out: “of Port Elin”" in elided.seen
    assert "The speaker is not sure." in edited.seen
    assert exact.attributes["data-verbatim"] == exact.all("figure")[0].attributes["data-number"]


def test_the_outcome_is_counted_worst_first_and_a_draft_without_quotations_says_so() -> None:
    top = read(checked("Draft", FOUND, texts)).all("header")[0].seen
    assert "6 quotations: 1 not found, 1 altered, 1 misattributed, 1 elided, 1 edited, 1 exact." in top
    assert "No quotations." in read(checked("Draft", [], texts)).all("header")[0].seen


def test_words_cited_twice_are_one_place() -> None:
    twice = [judged(FIRST, "exact", FIRST), judged(FIRST, "exact", FIRST), judged(SECOND, "exact", SECOND)]
    shown = [one.all("figure")[0].attributes["data-number"] for one in statements(checked("Draft", twice, texts))]
    assert shown == ["1", "1", "2"]


@pytest.mark.parametrize(("verdict", "tone"), [("valid", "good"), ("moved", "doubt"), ("changed", "bad"), ("missing", "bad")])
def test_a_citation_is_shown_with_what_became_of_it(verdict: str, tone: str) -> None:
    cited = Cited("folder/of/a.json", 3, "elin-1", "0" * 64, 1, 18, 63, FIRST, "", "")
    place = ("elin-1", 1, at(FIRST)) if verdict != "missing" else (None, None, None)
    found = Verified(cited, verdict, *place, note="the note")
    (one,) = statements(verified("A record", [found], texts))
    assert one.attributes["class"] == f"statement {tone}"
    assert "the note" in one.seen
    assert "Citation 3 of a.json" in one.seen
    assert "folder" not in one.seen
    assert one.all("h2", class_="quoted")[0].words == FIRST
    assert len(one.all("figure")) == (verdict != "missing")


def test_law_9_no_words_of_a_draft_become_markup() -> None:
    diff = (Change("replace", HOSTILE, HOSTILE, "words"),)
    evil = judged(HOSTILE, "altered", FIRST, diff=diff, warning=HOSTILE, said_by=HOSTILE, left_out=(HOSTILE,))
    shown = checked(HOSTILE, [evil], texts)
    assert not set(shown) & set("\x1b\x07\x9b\u202e\u202c\u200b\udc80")
    assert len(read(shown).all("script")) == 1
    assert {one.attributes.get("href", "#")[:20] for one in read(shown).all("a") if one.attributes.get("href")} <= {  # type: ignore[index]
        "#said",
        "#words-1",
        "https://elin.example",
    }
