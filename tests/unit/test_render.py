from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from markdown_it import MarkdownIt

from qa.errors import UsageError
from qa.render import FORMATS, phrases, render, terminal
from qa.render.data import answer_record, article_record, citation_record, header_record, passage_record, summary_record
from qa.render.markdown import escaped
from qa.render.safe import safe
from qa.render.schema import NAMES, REASONS, schema
from qa.types import Answer, Article, Citation, Claim, Dropped, Passage, Summary, Usage
from vectorstore.types import Span

FIRST = "The harbour of Port Elin will close on 3 May."
SECOND = "“Safety comes first,” Mayor Ines Dahl said."
TEXT = f"Harbour to close\n\n{FIRST} It opened in 1911 and has been repaired twice since.\n\n{SECOND} Work starts in June."
HOSTILE = "\x1b]0;owned\x07\u202egnp.exe\u202c \x9b31m <script> `x` [a](javascript:b) | *c* # d\u200b\udc80"


def article(text: str = TEXT, **fields: str | None) -> Article:
    known: dict[str, str | None] = {
        "source": "Elin Post",
        "url": "https://elin.example/a",
        "author": None,
        "published": "2024-04-30",
    }
    known |= fields
    digest = hashlib.sha256(text.encode(errors="replace")).hexdigest()
    title = known.pop("title", "Harbour to close") or ""
    return Article("elin-1", 1, text, digest, "news/elin.txt", title, **known)


def cited(number: int, quote: str, of: Article) -> Citation:
    start = of.text.index(quote)
    return Citation(number, of, Span(start, start + len(quote)), "exact")


def answer(of: Article | None = None, quotes: tuple[str, ...] = (FIRST, SECOND), question: str = "When?") -> Answer:
    citations = tuple(cited(number, quote, of or article()) for number, quote in enumerate(quotes, 1))
    claims = tuple(Claim(one.quote, (one.number,), "supported") for one in citations)
    seconds = {"retrieve": 0.05, "draft": 0.03}
    return Answer(question, claims, citations, (), None, None, 0.873, "extractive/1", None, Usage(), seconds)


def refused() -> Answer:
    nearest = answer().citations
    message = "Not found in these articles: none says who paid."
    return replace(answer(), claims=(), citations=nearest, reason="not_in_articles", message=message, confidence=0.12)


def summary() -> Summary:
    found = answer()
    return Summary("Harbour", ("elin-1",), found.claims, found.citations, (), None, "extractive/1", None, Usage(), {"draft": 0.2})


def words_of(shown: str) -> str:
    return " ".join(shown.split())


def test_a_screen_shows_claims_then_sources_with_place_and_surroundings() -> None:
    shown = terminal.answer(answer(quotes=(SECOND,)), width=80)
    assert shown.splitlines() == [
        "“Safety comes first,” Mayor Ines Dahl said. [1]",
        "",
        "[1] Harbour to close",
        "    Elin Post · 2024-04-30 · chars 118-161 · elin-1",
        "    https://elin.example/a",
        "    … will close on 3 May. It opened in 1911 and has been repaired twice since.",
        "    ¶ ⟦“Safety comes first,” Mayor Ines Dahl said.⟧ Work starts in June.",
        "",
        "confidence 0.87 · extractive/1 · 1 article · 0.08 s",
    ]


def test_colour_marks_the_quote_and_a_link_carries_the_address() -> None:
    shown = terminal.answer(answer(), width=80, color=True, links=True)
    assert f"\x1b[1m{FIRST}\x1b[0m" in shown
    assert "\x1b]8;;https://elin.example/a\x1b\\\x1b[1mHarbour to close\x1b[0m\x1b]8;;\x1b\\" in shown
    assert "⟦" not in shown


def test_a_refusal_says_what_is_missing_and_shows_nothing_that_was_near() -> None:
    for form in ("terminal", "markdown"):
        shown = words_of(render(form, refused()))
        assert "Not found in these articles: none says who paid." in shown
        assert "confidence 0.12" in shown
        assert "Port Elin" not in shown
        assert "chars" not in shown


def test_dropped_claims_are_counted_with_their_reasons() -> None:
    lost = (Dropped("a", "no such words"), Dropped("b", "no such words"), Dropped("c", "no \x1b article"))
    shown = terminal.answer(replace(answer(), dropped=lost), width=120)
    assert "3 proposed sentences left out: no such words (2 times); no ␛ article\n" in shown


def test_a_claim_that_its_words_do_not_bear_out_is_marked() -> None:
    found = answer()
    doubted = replace(found, claims=(replace(found.claims[0], support="partly"),))
    assert "[1] (only partly supported)" in terminal.answer(doubted, width=80)
    assert "[^1] *(only partly supported)*" in render("markdown", doubted)


def test_a_summary_is_bullets_or_one_paragraph() -> None:
    assert f"• {FIRST} [1]\n• {SECOND} [2]\n" in terminal.summary(summary(), style="bullets")
    assert f"{FIRST} [1] {SECOND} [2]" in words_of(terminal.summary(summary(), style="prose"))
    assert f"- {FIRST}[^1]\n- {SECOND}[^2]\n" in render("markdown", summary(), style="bullets")
    assert f"{FIRST}[^1] {SECOND}[^2]\n" in render("markdown", summary(), style="prose")


def test_lists_of_passages_and_articles_show_their_places_and_lengths() -> None:
    found = Passage(article(), Span(18, 63), 0.5, (Span(18, 63),))
    assert f"chars 18-63 · elin-1\n    https://elin.example/a\n    {FIRST}\n" in terminal.passages([found])
    assert "Harbour to close\n  Elin Post · 2024-04-30 · 183 chars · elin-1\n\n1 article\n" in terminal.articles(
        [(article(), 183)]
    )
    assert terminal.article(article()).startswith("Harbour to close\nid: elin-1\noutlet: Elin Post\npublished: 2024-04-30\n")
    assert terminal.article(article()).endswith(f"\n{SECOND} Work starts in June.\n")


def screens(of: Article, width: int) -> Iterator[str]:
    found = answer(of, (of.text,), HOSTILE)
    yield terminal.answer(replace(found, dropped=(Dropped(HOSTILE, HOSTILE),)), width=width)
    yield terminal.answer(replace(found, claims=(), reason="not_in_articles", message=HOSTILE), width=width)
    yield terminal.summary(replace(summary(), about=HOSTILE, claims=found.claims, citations=found.citations), width=width)
    yield terminal.passages([Passage(of, Span(0, len(of.text)), 1.0, ())], width=width)
    yield terminal.articles([(of, len(of.text))], width=width)
    yield terminal.article(of, width=width)


@pytest.mark.parametrize("width", [1, 20, 40, 80, 200])
def test_a_hostile_article_cannot_drive_the_terminal_from_any_field(width: int) -> None:
    of = Article(HOSTILE, 2, HOSTILE, "0" * 64, HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE)
    for shown in screens(of, width):
        assert not set(shown) & set("\x1b\x07\x9b\u202e\u202c\u200b\udc80")
        assert max(map(len, shown.splitlines())) <= max(width, 20)
    linked = terminal.answer(answer(replace(of, url="https://x.example/\x1b]8;;y"), (HOSTILE,)), color=True, links=True)
    assert not re.search(r"\x1b(?!\[[\d;]*m|\]8;;[!-~]*\x1b\\|\\)|[\x07\x9b\u202e]", linked)


def outline(markdown: str) -> tuple[set[str], str]:
    """The kinds of things that a Markdown reader sees in it, and the words."""
    kinds, said = set(), []
    for token in MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(markdown):
        kinds |= {token.type, *(child.type for child in token.children or ())}
        said += [child.content for child in token.children or () if child.type == "text"]
    return kinds, "".join(said)


@given(st.text(st.one_of(st.characters(), st.sampled_from("\\`*_{}[]()<>#+-.!|~&;:=1a \n\t\"'$^")), min_size=1, max_size=80))
def test_article_text_is_only_words_to_a_markdown_reader(text: str) -> None:
    line = escaped(text)
    assert not set(line) & set("<>\n")
    assert not re.search(r"(?<!\\)(?:\\\\)*(?<!\\)[\[\]`|*]", line)
    kinds, said = outline(line)
    assert kinds <= {"paragraph_open", "paragraph_close", "inline", "text"}
    assert said == " ".join(safe(text).split())


def test_markdown_has_a_footnote_for_each_citation() -> None:
    shown = render("markdown", answer())
    digest = article().sha256[:12]
    source = "[Harbour to close](https://elin.example/a), Elin Post, 2024-04-30, chars 18-63, article elin-1, version 1"
    assert shown.startswith(f"## When?\n\n{FIRST}[^1]\n\n{SECOND}[^2]\n\n")
    assert f"\n[^1]: {source}, sha256 {digest}\n\n    > {FIRST}\n" in shown


def test_a_hostile_title_or_address_cannot_break_out_of_its_markdown_link() -> None:
    of = article(TEXT, title="x](javascript:alert(1)) ![", url="https://elin.example/a)](javascript:b) <i>")
    shown = render("markdown", answer(of))
    links = [
        child
        for token in MarkdownIt().parse(shown.replace("[^1]: ", ""))
        for child in token.children or ()
        if child.type == "link_open"
    ]
    assert {str(link.attrs["href"]).split("/")[2] for link in links} <= {"elin.example"}
    assert "<" not in shown


def test_records_say_exactly_what_the_values_say() -> None:
    record = answer_record(answer())
    assert record["answered"] is True
    assert record["claims"] == [
        {"text": FIRST, "citations": [1], "support": "supported", "why": ""},
        {"text": SECOND, "citations": [2], "support": "supported", "why": ""},
    ]
    first = citation_record(answer().citations[0])
    assert (first["start"], first["end"], first["quote"]) == (18, 63, FIRST)
    assert first["prefix"] == "Harbour to close\n\n"
    assert first["suffix"] == TEXT[63:95]
    assert article_record(article())["chars"] == len(TEXT)
    assert json.loads(render("json", answer())) == record
    assert json.loads(render("json", summary())) == summary_record(summary())


NOTE = "Correction: In this article of 30 April we wrote 4 May.\nThat was wrong."


def test_a_correction_is_told_once_beside_the_article_that_is_cited() -> None:
    found = answer(article(f"{TEXT}\n\n{NOTE}"))
    told = "this article carries a correction: “Correction: In this article of 30 April we wrote 4 May. That was wrong.”"
    assert words_of(render("terminal", found)).count(told) == 1
    assert told in words_of(render("markdown", found))
    assert told in words_of(render("html", found))
    assert "carries" not in render("terminal", answer())


def test_the_records_notes_are_places_of_the_text() -> None:
    text = f"{TEXT}\n\n{NOTE}"
    first = citation_record(answer(article(text)).citations[0])
    assert first["notes"] == [{"start": len(TEXT) + 2, "end": len(text), "quote": NOTE, "kind": "correction"}]
    assert citation_record(answer().citations[0])["notes"] == []
    Draft202012Validator(schema("answer")).validate(answer_record(answer(article(text))))


@pytest.mark.parametrize(
    ("published", "updated", "told"),
    [
        ("2024-04-30", "2024-05-02T10:00:00Z", "2024-04-30 · updated 2024-05-02"),
        (None, "2024-05-02", "updated 2024-05-02"),
        ("2024-04-30T08:00:00Z", "2024-04-30T10:00:00Z", None),
        ("2024-04-30", "2024-04-29", None),
        ("2024-04-30", None, None),
    ],
)
def test_a_later_change_is_told_with_the_date(published: str | None, updated: str | None, told: str | None) -> None:
    shown = words_of(render("terminal", answer(article(published=published, updated=updated))))
    assert told in shown if told else "updated" not in shown


def test_what_an_article_says_of_itself_is_shown_with_it() -> None:
    shown = terminal.article(
        article(updated="2024-05-02", language="en", section="Harbour", credit="AP"), remarks=["hidden: 1 tag"]
    )
    for line in ("updated: 2024-05-02", "language: en", "section: Harbour", "credit: AP", "hidden: 1 tag"):
        assert f"\n{line}\n" in shown


def test_real_records_satisfy_their_published_schemas() -> None:
    found = Passage(article(), Span(18, 63), 0.5, ())
    records = [
        ("answer", answer_record(answer())),
        ("answer", answer_record(refused() if not refused().citations else replace(refused(), citations=()))),
        ("summary", summary_record(summary())),
        ("passages", {"query": "harbour", "passages": [passage_record(found)]}),
        ("articles", {"articles": [header_record(article(), 183), article_record(article())]}),
    ]
    for name, record in records:
        Draft202012Validator(schema(name)).validate(record)


@pytest.mark.parametrize(
    "change",
    [
        {"answered": False},
        {"claims": []},
        {"reason": "because"},
        {"confidence": 1.5},
        {"schema": "groundwire/answer/2"},
        {"usage": None},
    ],
)
def test_a_record_that_contradicts_itself_fails_its_schema(change: dict[str, object]) -> None:
    assert not Draft202012Validator(schema("answer")).is_valid({**answer_record(answer()), **change})


def test_each_reason_for_a_refusal_is_in_the_schema() -> None:
    for reason in REASONS:
        record = answer_record(replace(refused(), citations=(), reason=reason))
        assert Draft202012Validator(schema("answer")).is_valid(record)


def properties(node: object) -> Iterator[object]:
    for key, value in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
        if key == "properties" and isinstance(node, dict) and "type" in node:
            yield from value.values()
        yield from properties(value)


@pytest.mark.parametrize("name", NAMES)
def test_each_property_of_a_schema_is_described(name: str) -> None:
    Draft202012Validator.check_schema(schema(name))
    found = list(properties(schema(name)))
    assert found
    assert all(isinstance(one, dict) and one.get("description") for one in found)


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_of_the_table_shows_an_answer_a_refusal_and_a_summary(name: str) -> None:
    assert "Port Elin" in render(name, answer())
    assert "Port Elin" in render(name, summary())
    shown = render(name, refused())
    assert "Port Elin" not in shown or name == "json"
    assert "none says who paid" in shown or (name == "csl" and json.loads(shown) == [])


def test_a_format_from_outside_is_named_by_its_place_and_an_unknown_one_is_refused() -> None:
    assert render("qa.render.data:show", answer()) == render("json", answer())
    with pytest.raises(UsageError, match="no format called 'yaml'"):
        render("yaml", answer())
    with pytest.raises(UsageError, match="cannot be loaded"):
        render("no_such_module:show", answer())
    with pytest.raises(UsageError, match="no schema called 'receipt'"):
        schema("receipt")


def test_law_9_why_something_was_left_out_names_no_address_and_no_number_to_call() -> None:
    whys = ("“https://evil.example/x” is not there", "it says “0800” where the article has “eight”", "“Tom Wu” is not there")
    told = phrases.dropped([Dropped("x", why) for why in whys]) or ""
    assert "evil" not in told
    assert "0800" not in told
    assert "“Tom Wu” is not there" in told
