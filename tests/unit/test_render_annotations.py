from __future__ import annotations

import base64
import json
from dataclasses import replace
from typing import Any

from qa.render import render
from qa.types import Claim
from tests.unit.test_render import FIRST, HOSTILE, SECOND, TEXT, answer, article, refused, summary


def shown(found: Any) -> Any:
    return json.loads(render("annotations", found))


def test_each_citation_is_an_annotation_that_two_selectors_lead_to() -> None:
    collection = shown(answer())
    assert collection["@context"][0] == "http://www.w3.org/ns/anno.jsonld"
    assert (collection["type"], collection["label"], collection["total"]) == ("AnnotationCollection", "When?", 2)
    items = collection["first"]["items"]
    assert [item["body"][0]["value"] for item in items] == [FIRST, SECOND]
    for item, words in zip(items, (FIRST, SECOND), strict=True):
        quote, place = item["target"]["selector"]
        assert quote["type"] == "TextQuoteSelector"
        assert quote["exact"] == words
        assert quote["prefix"] + words + quote["suffix"] in TEXT
        assert place["type"] == "TextPositionSelector"
        assert TEXT[place["start"] : place["end"]] == words


def test_positions_count_code_points() -> None:
    text = "😀 👩\u200d🚀 " + TEXT
    (item,) = shown(answer(article(text), (FIRST,)))["first"]["items"]
    place = item["target"]["selector"][1]
    assert place["start"] == text.index(FIRST)
    assert text[place["start"] : place["end"]] == FIRST


def test_an_article_is_named_by_its_web_address_or_else_by_the_digest_of_its_text() -> None:
    (item, _) = shown(answer())["first"]["items"]
    source = item["target"]["source"]
    assert source["id"] == "https://elin.example/a"
    assert source["schema:sha256"] == article().sha256
    assert "schema:author" not in source, "what is not known is not there"
    for url in (None, "javascript:alert(1)"):
        (item, _) = shown(answer(article(url=url)))["first"]["items"]
        scheme, digest = item["target"]["source"]["id"].split(";")
        assert scheme == "ni:///sha-256"
        assert base64.urlsafe_b64decode(digest + "=").hex() == article().sha256


def test_a_citation_that_two_claims_use_is_one_annotation_with_both() -> None:
    found = answer()
    both = replace(found, claims=(*found.claims, Claim("And again.", (1,), "partly")))
    first = shown(both)["first"]["items"][0]
    assert [body["value"] for body in first["body"]] == [FIRST, "And again."]


def test_the_same_answer_has_the_same_ids_and_another_has_others() -> None:
    assert render("annotations", answer()) == render("annotations", answer())
    ids = [shown(one)["id"] for one in (answer(), answer(question="Where?"), answer(quotes=(FIRST,)), summary(), refused())]
    assert len(set(ids)) == len(ids)


def test_a_refusal_has_no_annotations_and_says_what_is_missing() -> None:
    collection = shown(refused())
    assert (collection["total"], collection["first"]["items"]) == (0, [])
    assert collection["label"] == ["When?", "Not found in these articles: none says who paid."]


def test_hostile_words_are_kept_exactly_and_cannot_drive_a_terminal() -> None:
    words = HOSTILE.replace("\udc80", "")
    line = render("annotations", answer(article(words + TEXT), (words,)))
    assert json.loads(line)["first"]["items"][0]["target"]["selector"][0]["exact"] == words
    assert not set(line) & set("\x1b\x07\x9b\u202e\u202c\u200b")
