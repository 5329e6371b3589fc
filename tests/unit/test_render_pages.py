from __future__ import annotations

import json
from dataclasses import replace

import pytest

from qa.render import render
from qa.types import Answer, Passage
from tests.unit.test_render import FIRST, SECOND, answer, article
from vectorstore.types import Span


def paged() -> Answer:
    """Two quotes, the second of which goes on overleaf."""
    plain = article()
    second = plain.text.index(SECOND) + 5
    return answer(replace(plain, pages=(0, second)), (FIRST, SECOND))


@pytest.mark.parametrize("form", ["terminal", "markdown", "footnotes"])
def test_the_page_of_each_citation_is_told_where_there_are_pages(form: str) -> None:
    shown = render(form, paged())
    assert "p. 1," in shown
    assert "pp. 1-2," in shown
    assert "p. 1" not in render(form, answer())


def test_bibliographies_name_the_pages_that_are_cited() -> None:
    assert "  pages = {1, 1--2},\n" in render("bibtex", paged())
    assert json.loads(render("csl", paged()))[0]["page"] == "1, 1-2"
    assert "pages" not in render("bibtex", answer())
    assert "page" not in json.loads(render("csl", answer()))[0]


def test_passages_tell_their_page_and_an_article_how_many_it_has() -> None:
    from qa.render.terminal import article as shown
    from qa.render.terminal import passages

    of = paged().citations[0].article
    assert "p. 1, chars 0-10" in passages([Passage(of, Span(0, 10), 1.0, ())])
    assert "pages: 2" in shown(of)
    assert "pages" not in shown(article())
