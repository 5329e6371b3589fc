from __future__ import annotations

import json

import pytest

from qa.hidden import found, of_articles, told
from qa.library import Library
from qa.types import Document


@pytest.mark.parametrize(
    ("text", "kind", "count"),
    [
        ("The cr\u200bane\u2060 fell.", "zero-width", 2),
        ("The crane \ufefffell.", "zero-width", 1),
        ("The crane fell.\U000e0049\U000e0067\U000e006e", "tag", 3),
        ("The crane \u202elleF\u202c.", "direction", 2),
        ("The crane\u2066 fell\u2069.", "direction", 2),
        ("The crane fell 😀\ufe01\ufe02\U000e0101.", "variation selector", 2),
        ("The crane \u00ad\u00ad\u00adfell.", "soft hyphen", 3),
        ("The crane \ue000fell.", "private use", 1),
        ("The crane \x1b[2Jfell.", "control", 1),
        ("The crane\u3164fell.", "zero-width", 1),
        ("الرافعة \u202eسقطت.", "direction", 1),
    ],
)
def test_a_hidden_character_is_found_and_counted_by_its_kind(text: str, kind: str, count: int) -> None:
    (one,) = found(text)
    assert (one.kind, one.count) == (kind, count)


@pytest.mark.parametrize(
    "text",
    [
        "The crane fell.\r\n\tIt was “blue”.\x0c\n",
        "A family 👨\u200d👩\u200d👧, a heart ❤\ufe0f, a hand 👍🏽, a rainbow 🏳\ufe0f\u200d🌈.",
        "Scotland 🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f won.",
        "می\u200cخواهم برگردم",
        "क्\u200dष",
        "The mayor of ירושלים\u200f said so.",
        "\u2067ירושלים\u2069 is old.",
        "The harbour\u00admaster closed the quay.",
        "ภาษา\u200bไทย",
        "葛\U000e0100城市",
        "",
    ],
)
def test_ordinary_uses_do_not_cry_wolf(text: str) -> None:
    assert found(text) == ()


def test_the_articles_of_a_library_are_named_with_what_is_hidden_in_their_current_version(tmp_path) -> None:
    library = Library(tmp_path, create=True)
    page = {"hidden_text": {"display:none": 80}}
    with library.writing():
        for document in (
            Document("The crane fell.", "a", id="plain", extra={"hidden_text": "a word of its own"}),
            Document("The cr\u200bane fell.", "b", id="marked"),
            Document("The crane fell again.", "c", id="page", extra=page),
            Document("The cr\u200bane fell twice.", "d", id="mended"),
            Document("The crane fell twice.", "d", id="mended"),
        ):
            library.put(document, lambda texts: [len(text) for text in texts])
    listed = dict(of_articles(library.connection, ["plain", "marked", "page", "mended"]))
    assert {id: told(what) for id, what in listed.items()} == {
        "marked": "1 zero-width character",
        "page": "80 characters of text hidden by display:none",
    }
    assert list(of_articles(library.connection, ["plain", "page"])) == [("page", listed["page"])]
    assert json.loads(library.connection.execute("SELECT extra FROM versions WHERE article_id = 'page'").fetchone()[0]) == page


def test_what_is_hidden_in_an_earlier_version_is_that_versions_own(tmp_path) -> None:
    library = Library(tmp_path, create=True)
    with library.writing():
        for text in ("The \u200bcrane fell.", "The crane fell.", "The crane \u202efell."):
            library.put(Document(text, "a", id="a"), lambda texts: [9 for _ in texts])
    kinds = [[hidden[0].kind for _, hidden in of_articles(library.connection, ["a"], version)] for version in (1, 2, 3, None)]
    assert kinds == [["zero-width"], [], ["direction"], ["direction"]]
