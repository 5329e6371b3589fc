from __future__ import annotations

import re
from dataclasses import replace

from markdown_it import MarkdownIt

from qa.render import render
from qa.render.footnotes import label
from qa.types import Claim
from tests.unit.test_render import FIRST, HOSTILE, SECOND, answer, article, refused, summary


def test_each_claim_is_a_paragraph_and_each_citation_a_footnote_that_links_to_its_words() -> None:
    shown = render("footnotes", answer())
    one, two = (label(citation) for citation in answer().citations)
    assert shown.startswith(
        f"{FIRST}[^{one}]\n\n{SECOND}[^{two}]\n\n[^{one}]: [Harbour to close](https://elin.example/a#:~:text=The"
    )
    assert f"Elin Post, 2024-04-30, “{FIRST}”\n" in shown
    assert f"Elin Post, 2024-04-30, ‘{SECOND}’\n" in shown
    assert "confidence" not in shown


def test_every_mark_has_its_footnote_and_every_footnote_its_mark() -> None:
    for found in (answer(), summary()):
        shown = render("footnotes", found)
        notes = re.findall(r"^\[\^(\w+)\]:", shown, re.MULTILINE)
        assert sorted(notes) == sorted(set(re.findall(r"\[\^(\w+)\](?!:)", shown)))


def test_labels_follow_from_the_words_and_not_from_their_number() -> None:
    alone = answer(quotes=(SECOND,)).citations[0]
    assert label(alone) == label(answer().citations[1])
    newer = replace(alone, article=replace(alone.article, version=2))
    other = replace(alone, article=replace(alone.article, id="elin-2"))
    assert len({label(alone), label(newer), label(other), label(answer().citations[0])}) == 4


def test_a_summary_is_a_list_or_one_paragraph() -> None:
    assert render("footnotes", summary()).startswith(f"- {FIRST}[^")
    assert f"] {SECOND}[^" in render("footnotes", summary(), style="prose")


def test_a_doubtful_claim_says_so_and_a_refusal_is_words_alone() -> None:
    found = answer()
    assert "*(only partly supported)*" in render("footnotes", replace(found, claims=(Claim(FIRST, (1,), "partly"),)))
    assert render("footnotes", refused()) == "Not found in these articles: none says who paid.\n"


def test_hostile_words_are_only_words_to_a_markdown_reader() -> None:
    of = article(HOSTILE, title=HOSTILE, url="https://elin.example/a)](javascript:b) <i>")
    shown = render("footnotes", answer(of, (HOSTILE,)))
    links = []
    for token in MarkdownIt("commonmark").parse(re.sub(r"^\[\^\w+\]: ", "", shown, flags=re.MULTILINE)):
        assert token.type in {"paragraph_open", "paragraph_close", "inline"}
        links += [str(child.attrs["href"]) for child in token.children or () if child.type == "link_open"]
        assert not [child for child in token.children or () if child.type in {"html_inline", "image", "code_inline"}]
    assert len(links) == 1
    assert links[0].startswith("https://elin.example/a")
