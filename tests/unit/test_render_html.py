from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.diff import Change
from qa.render import render
from qa.render.exact import Written
from qa.render.html import Place, Sheet, Statement, page
from qa.render.safe import safe
from qa.types import Claim, Dropped
from tests.unit.test_render import FIRST, HOSTILE, SECOND, TEXT, answer, article, refused, summary
from vectorstore.types import Span

PIECES = [
    "word ",
    "\r\n",
    "\r",
    "\n\n",
    "\0",
    "\x1b[31m",
    "\u202eevil\u202c",
    "</script>",
    "<b>&amp;",
    "😀👩\u200d🚀",
    "e\u0301",
    "\ufeff",
    "'\"",
]
texts = st.one_of(
    st.lists(st.sampled_from(PIECES), min_size=1, max_size=20).map("".join),
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60),
)


@dataclass
class Element:
    """One element of a page as a browser would have it."""

    name: str
    attributes: dict[str, str | None]
    inside: list[Element | str] = field(default_factory=list)

    def all(self, name: str = "", **wanted: str) -> list[Element]:
        """The elements below it with that name, and with these words among those of these attributes."""
        found = []
        for one in self.inside:
            if isinstance(one, Element):
                named = {key.rstrip("_").replace("_", "-"): value for key, value in wanted.items()}
                fits = all(value in (one.attributes.get(key) or "").split() for key, value in named.items())
                found += ([one] if fits and name in ("", one.name) else []) + one.all(name, **wanted)
        return found

    @property
    def seen(self) -> str:
        """The words to be seen."""
        return "".join(one if isinstance(one, str) else one.seen for one in self.inside)

    @property
    def words(self) -> str:
        """The words that its signs stand for."""
        if "data-code" in self.attributes:
            return chr(int(self.attributes["data-code"] or "", 16))
        return "".join(one if isinstance(one, str) else one.words for one in self.inside)


class Reader(HTMLParser):
    """Builds the elements of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.top = Element("", {})
        self._open = [self.top]
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        made = Element(tag, dict(attrs))
        self._open[-1].inside.append(made)
        if tag not in {"meta", "br", "img"}:
            self._open.append(made)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop().name == tag, tag

    def handle_data(self, data: str) -> None:
        self._open[-1].inside.append(data)


def read(text: str) -> Element:
    return Reader(text).top


@given(texts, st.data())
def test_any_text_can_be_read_back_from_the_page_to_the_character(text: str, data: st.DataObject) -> None:
    written = Written(text)
    place = st.integers(0, len(text))
    start, end = sorted((data.draw(place), data.draw(place)))
    spans = [Span(*sorted((data.draw(place), data.draw(place)))) for _ in range(3)]
    marks = [(number, span) for number, span in enumerate(spans, 1) if span.start < span.end]
    html = written.html(Span(0, len(text)), marks, anchor="words")
    assert not set(html) & set("\r\0\x1b\u202e\u202c\ufeff")
    top = read(html)
    assert top.words == text
    assert top.seen == safe(text)
    for number, span in marks:
        assert "".join(one.words for one in top.all("mark", data_cites=str(number))) == span.of(text)
        assert len(top.all("a", id=f"words-{number}")) == 1
    assert read(written.html(Span(start, end), marks)).words == text[start:end]


@given(texts, st.data())
def test_an_excerpt_holds_its_quote_and_begins_and_ends_inside_the_text(text: str, data: st.DataObject) -> None:
    start, end = sorted((data.draw(st.integers(0, len(text))), data.draw(st.integers(0, len(text)))))
    near = Written(text).around(Span(start, end)).span
    assert 0 <= near.start <= start <= end <= near.end <= len(text)


def test_an_excerpt_is_the_paragraph_and_of_a_long_one_whole_words_near_the_quote() -> None:
    written = Written(TEXT)
    span = Span(TEXT.index(SECOND), TEXT.index(SECOND) + len(SECOND))
    assert written.around(span).span.of(TEXT) == f"{SECOND} Work starts in June."
    text = "---\ntitle: A\n---\n" + "before it " * 100 + FIRST + " after it" * 100
    near = Written(text).around(Span(text.index(FIRST), text.index(FIRST) + len(FIRST)))
    assert (near.begun, near.unended) == (True, True)
    shown = near.span.of(text)
    assert len(shown) <= len(FIRST) + 800
    assert set(shown.replace(FIRST, "").split()) == {"before", "it", "after"}


def test_the_page_shows_each_claim_beside_the_words_it_rests_on() -> None:
    top = read(render("html", answer()))
    assert [one.words for one in top.all("h1")] == ["When?"]
    for number, (one, words) in enumerate(zip(top.all("article", class_="statement"), (FIRST, SECOND), strict=True), 1):
        assert one.all(class_="claim")[0].words == words
        assert one.all(class_="badge")[0].seen == "The article’s own words"
        (passage,) = one.all("figure")
        assert passage.attributes["data-number"] == str(number)
        assert [mark.words for mark in passage.all("mark")] == [words]
        start, end = (int(passage.all(class_=side)[0].seen) for side in ("start", "end"))
        assert TEXT[start:end] == words
        excerpt = passage.all(class_="words")[0]
        begin = int(excerpt.attributes["data-from"] or "")
        assert TEXT[begin:].startswith(excerpt.words)
        assert f"#words-{number}" in [link.attributes["href"] for link in passage.all("a")]


def test_the_whole_article_is_in_the_page_with_what_identifies_it() -> None:
    (source,) = read(render("html", answer())).all("article", class_="source")
    assert source.all("div", class_="words")[0].words == TEXT
    assert "dir" not in source.all("div", class_="words")[0].attributes, "a browser would look at the whole text for each sign"
    assert source.all("code")[0].seen == hashlib.sha256(TEXT.encode()).hexdigest()
    assert source.all("h3")[0].all("a")[0].attributes["href"] == "https://elin.example/a"
    assert "Elin Post · 2024-04-30" in source.seen
    assert "version 1" in source.seen


def test_until_a_script_has_run_everything_is_not_re_checked() -> None:
    top = read(render("html", answer()))
    states = top.all(class_="state")
    assert len(states) == 5, "two quotes, two claims that are quotes, one text"
    assert {one.seen for one in states} == {"not re-checked"}
    assert top.all(id="result")[0].seen.startswith("Not re-checked.")


def test_only_the_pages_own_style_and_script_may_act() -> None:
    top = read(render("html", answer()))
    (policy,) = (one.attributes["content"] or "" for one in top.all("meta", http_equiv="Content-Security-Policy"))
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    assert "base-uri 'none'; form-action 'none'" in policy
    for name in ("style", "script"):
        (part,) = top.all(name)
        digest = base64.b64encode(hashlib.sha256(part.words.encode()).digest()).decode()
        assert f"{name}-src 'sha256-{digest}'" in policy
    assert not [one for one in top.all() if {"src", "style", "onload", "onerror"} & set(one.attributes)]
    assert not top.all("link") + top.all("img") + top.all("iframe")


def test_law_9_no_words_of_an_article_become_markup_whatever_field_they_stand_in() -> None:
    evil = HOSTILE.replace("\udc80", "") + "</script></style>\"'><img src=x onerror=alert(1)> {{ 7*7 }}"
    of = replace(article(evil, title=evil, author=evil, source=evil, published=evil, url="javascript:alert(1)"), id=evil)
    found = replace(answer(of, (evil,), evil), dropped=(Dropped(evil, evil),), model=evil)
    plain = read(render("html", answer(article(url=None), (FIRST,))))
    for shown in (render("html", found), render("html", replace(found, claims=(Claim(evil, (1,), evil),)))):
        top = read(shown)
        assert {one.name for one in top.all()} - {one.name for one in plain.all()} <= {"i"}
        assert not [one for one in top.all("a") if not (one.attributes.get("href") or "#").startswith("#")]
        assert top.all("div", class_="words")[0].words == evil
        assert not set(shown) & set("\x1b\x07\x9b\u202e\u202c\u200b")
        assert "49" not in top.all("h1")[0].seen


def test_only_web_addresses_are_linked_and_without_telling_where_from() -> None:
    links = [one for one in read(render("html", answer())).all("a") if not (one.attributes.get("href") or "#").startswith("#")]
    assert {(one.attributes["href"] or "")[:23] for one in links} == {"https://elin.example/a", "https://elin.example/a#"}
    assert {one.attributes["rel"] for one in links} == {"noopener noreferrer"}
    for url in (None, "javascript:alert(1)", "data:text/html,<script>", "file:///etc/passwd"):
        shown = read(render("html", answer(article(url=url))))
        assert not [one for one in shown.all("a") if (one.attributes.get("href") or "#")[0] != "#"]


def test_a_refusal_says_what_is_missing_and_holds_no_article() -> None:
    top = read(render("html", refused()))
    assert "none says who paid" in top.all("header")[0].seen
    assert not top.all("article") + top.all(class_="state") + top.all(id="result")


def test_a_summary_and_what_was_left_out_are_told() -> None:
    found = replace(summary(), dropped=(Dropped("a", "no such words"),))
    top = read(render("html", found))
    assert top.all(class_="kicker")[0].seen == "Summary"
    assert "1 proposed sentence left out: no such words" in top.all("footer")[0].seen


def test_a_claim_in_other_words_is_not_called_the_articles_own() -> None:
    found = replace(answer(), claims=(Claim("It closes in May.", (1, 2), "partly"),))
    (one,) = read(render("html", found)).all("article", class_="statement")
    assert one.all(class_="badge")[0].seen == "Only partly supported"
    assert "data-verbatim" not in one.attributes
    assert [passage.attributes["data-number"] for passage in one.all("figure")] == ["1", "2"]


def test_any_findings_make_a_page_with_their_verdicts_notes_and_differences() -> None:
    of = article()
    place = Place(1, of, Span(TEXT.index("3 May"), TEXT.index("3 May") + 5), "nearest words")
    altered = Statement(
        "4 May",
        "Altered",
        "bad",
        (1,),
        ("Said by the mayor.",),
        (Change("replace", "4", "3", "number"), Change("equal", "May", "may")),
    )
    invented = Statement("Never!", "Not found", "bad")
    top = read(page(Sheet("Quotations", "draft.md", [altered, invented], [place], "2 do not stand.", None, ["0.1 s"])))
    one, two = top.all("article", class_="statement")
    assert one.all("del")[0].seen == "[said: 4]"
    assert one.all("ins")[0].seen == "[in the article: 3]"
    assert "Said by the mayor." in one.seen
    assert "nearest words" in one.seen
    assert "No words in the articles to show." in two.seen
    assert "2 do not stand." in top.all("header")[0].seen


def test_two_versions_of_an_article_are_two_texts_and_overlapping_quotes_are_marked_apart() -> None:
    of = article()
    newer = replace(of, version=2)
    places = [Place(1, of, Span(0, 30)), Place(2, of, Span(20, 40)), Place(3, of, Span(20, 40)), Place(4, newer, Span(0, 5))]
    statement = Statement("All.", "Supported", "good", (1, 2, 3, 4))
    old, new = read(page(Sheet("Answer", "?", [statement], places))).all("article", class_="source")
    assert ["".join(mark.words for mark in old.all("mark", data_cites=number)) for number in "123"] == [
        TEXT[:30],
        TEXT[20:40],
        TEXT[20:40],
    ]
    assert [mark.attributes["data-cites"] for mark in old.all("mark")] == ["1", "1 2 3", "2 3"]
    assert [mark.words for mark in new.all("mark")] == [TEXT[:5]]


def test_a_place_that_is_missing_or_numbered_twice_is_refused() -> None:
    place = Place(1, article(), Span(0, 5))
    for statement, places in ((Statement("a", "b", "good", (2,)), [place]), (Statement("a", "b", "good", (1,)), [place, place])):
        with pytest.raises(ValueError, match="number of its own"):
            page(Sheet("Answer", "?", [statement], places))


def test_every_id_on_the_page_is_there_once_and_every_inner_link_leads_to_one() -> None:
    found = replace(answer(), claims=(*answer().claims, Claim("Again.", (1, 2), "supported")))
    shown = render("html", found)
    ids = re.findall(r'\sid="([^"]+)"', shown)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', shown)) <= set(ids)
    assert set(re.findall(r'aria-labelledby="([^"]+)"', shown)) <= set(ids)
