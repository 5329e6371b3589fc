from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import pytest

from qa.render import render
from qa.types import Answer, Citation, Summary
from tests.unit.test_render import FIRST, HOSTILE, SECOND, answer, article, refused
from vectorstore.types import Span


def csl(found: Answer | Summary) -> Any:
    return json.loads(render("csl", found))


def entries(text: str) -> dict[str, dict[str, str]]:
    """BibTeX entries by key, read by counting braces as BibTeX does."""
    found: dict[str, dict[str, str]] = {}
    for entry in re.split(r"(?m)^(?=@)", text):
        if not entry.startswith("@"):
            continue
        key, body = re.fullmatch(r"@misc\{([^,\s]+),\n(.*)\}\s*", entry, re.DOTALL).groups()  # type: ignore[union-attr]
        fields = {}
        for line in body.splitlines():
            name, value = re.fullmatch(r"  (\w+) = (.*),", line).groups()  # type: ignore[union-attr]
            depth = 0
            for at, letter in enumerate(value):
                depth += {"{": 1, "}": -1}.get(letter, 0)
                assert depth > 0 or at == len(value) - 1 or value.isalpha(), line
            assert depth == 0, line
            fields[name] = value
        assert key not in found
        found[key] = fields
    return found


def test_an_article_is_one_entry_however_often_it_is_cited() -> None:
    (entry,) = entries(render("bibtex", answer())).items()
    key, fields = entry
    assert key == "elin-1"
    assert fields["title"] == "{{Harbour to close}}"
    assert (fields["year"], fields["month"], fields["day"]) == ("{2024}", "apr", "{30}")
    assert fields["howpublished"] == "{Elin Post}"
    assert fields["url"] == "{https://elin.example/a}"
    assert fields["annote"] == f"{{“{FIRST}” ‘{SECOND}’}}"
    assert article().sha256 in fields["note"]
    assert "author" not in fields


def test_language_and_section_stand_where_a_format_has_a_place_for_them() -> None:
    found = answer(article(language="en-GB", section="Harbour & port"))
    (item,) = csl(found)
    assert (item["language"], item["section"]) == ("en-GB", "Harbour & port")
    (fields,) = entries(render("bibtex", found)).values()
    assert fields["language"] == "{en-GB}"


def test_csl_says_the_same() -> None:
    (item,) = csl(answer())
    assert (item["id"], item["type"], item["title"]) == ("elin-1", "article-newspaper", "Harbour to close")
    assert item["container-title"] == "Elin Post"
    assert item["issued"] == {"date-parts": [[2024, 4, 30]]}
    assert item["URL"] == "https://elin.example/a"
    assert FIRST in item["annote"]
    assert "author" not in item


@pytest.mark.parametrize(
    ("stated", "parts"),
    [
        ("2024", [2024]),
        ("2024-05", [2024, 5]),
        ("2024-05-06T07:08:09+02:00", [2024, 5, 6]),
        ("2024-13-01", [2024]),
        ("May 2024", None),
        (None, None),
    ],
)
def test_a_date_is_told_as_far_as_it_is_stated_and_never_guessed(stated: str | None, parts: list[int] | None) -> None:
    found = answer(article(published=stated))
    (item,) = csl(found)
    assert item.get("issued") == ({"date-parts": [parts]} if parts else None)
    (fields,) = entries(render("bibtex", found)).values()
    assert len({"year", "month", "day"} & set(fields)) == len(parts or [])


def test_an_author_is_one_name_as_printed_and_is_not_taken_apart() -> None:
    found = answer(article(author="Petra Ilves and Agencies, London"))
    (fields,) = entries(render("bibtex", found)).values()
    assert fields["author"] == "{{Petra Ilves and Agencies, London}}"
    assert csl(found)[0]["author"] == [{"literal": "Petra Ilves and Agencies, London"}]


def test_two_versions_and_two_like_ids_are_entries_with_keys_of_their_own() -> None:
    of = article()
    kinds = [of, replace(of, version=2), replace(of, id="elin 1"), replace(of, id="ELIN-1"), replace(of, id="港")]
    citations = tuple(Citation(number, one, Span(18, 63), "exact") for number, one in enumerate(kinds, 1))
    found = replace(answer(quotes=(FIRST,)), citations=citations)
    keys = list(entries(render("bibtex", found)))
    assert keys == [item["id"] for item in csl(found)]
    assert len({key.lower() for key in keys}) == 5
    assert keys[:2] == ["elin-1", "elin-1-v2"]
    assert all(re.fullmatch(r"[\w.:-]+", key, re.ASCII) for key in keys)


def test_hostile_words_cannot_leave_their_field() -> None:
    evil = HOSTILE + r" } \input{x} @misc{y, % $ & # _ ^ ~"
    of = replace(article(evil, title=evil, author=evil, source=evil, url="https://elin.example/}{"), id=evil)
    found = answer(of, (evil,))
    shown = render("bibtex", found)
    (fields,) = entries(shown).values()
    assert "input" in fields["title"]
    assert not re.search(r"\\input", shown)
    assert not re.search(r"(?<!\\)[$&#_%]", fields["title"] + fields["author"] + fields["annote"])
    for text in (shown, render("csl", found)):
        assert not set(text) & set("\x1b\x07\x9b\u202e\u202c\u200b\udc80")
    assert csl(found)[0]["title"] == evil


def test_without_claims_there_is_nothing_to_cite() -> None:
    assert csl(refused()) == []
    shown = render("bibtex", refused())
    assert shown == "% Not found in these articles: none says who paid.\n"
    assert "@" not in render("bibtex", replace(refused(), message="none mentions @misc{x,"))
