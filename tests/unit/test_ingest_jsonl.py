from __future__ import annotations

import hashlib
import json
from io import BytesIO
from pathlib import Path

import pytest

from qa.ingest import read
from qa.ingest.jsonl import read as read_lines
from qa.ingest.types import Place, Skipped
from qa.types import Document


@pytest.fixture
def lines(tmp_path: Path):
    def write(*lines: bytes | str | object, name: str = "a.jsonl", limit: int = 20_000_000) -> list[Document | Skipped]:
        spelled = [
            line if isinstance(line, bytes) else line.encode() if isinstance(line, str) else json.dumps(line).encode()
            for line in lines
        ]
        (tmp_path / name).write_bytes(b"\n".join(spelled))
        return list(read(str(tmp_path / name), limit=limit, fetch=False))

    return write


def reasons(found: list[Document | Skipped]) -> list[str]:
    return [item.reason for item in found if isinstance(item, Skipped)]


def texts(found: list[Document | Skipped]) -> list[str]:
    return [item.text for item in found if isinstance(item, Document)]


def test_every_field_is_kept_and_unknown_ones_beside_it(lines, tmp_path: Path) -> None:
    (found,) = lines(
        {"id": "a", "title": "T", "text": " One.\r\n\0", "url": "https://example.org/a", "published": "2023-04-05", "source": "S"}
        | {"author": "A", "tags": ["x", None], "n": 1.5}
    )
    assert found == Document(
        text=" One.\r\n\0",
        origin=f"{tmp_path / 'a.jsonl'}#a",
        id="a",
        title="T",
        source="S",
        url="https://example.org/a",
        author="A",
        published="2023-04-05",
        extra={"tags": ["x", None], "n": 1.5},
    )


def test_change_language_section_and_agency_are_fields_of_their_own_and_what_states_none_is_kept_as_it_is(lines) -> None:
    one, two = lines(
        {"text": "One.", "updated": "2023-04-06", "language": "en_gb", "section": "Harbour", "agency": "Reuters"},
        {"text": "Two.", "modified": "lately", "lang": "English", "category": ["Harbour", "News"], "byline": "Associated Press"},
    )
    assert (one.updated, one.language, one.section, one.credit, one.extra) == ("2023-04-06", "en-GB", "Harbour", "Reuters", {})
    assert (two.updated, two.language, two.section, two.credit) == (None, None, "Harbour, News", "AP")
    assert two.extra == {"modified": "lately", "lang": "English"}


def test_other_names_for_the_same_things_are_understood(lines) -> None:
    (found,) = lines(
        {"body": "One.", "date": "Wed, 05 Apr 2023 10:30:00 +0000", "publisher": "S", "author": ["A", "B"], "title": None}
    )
    assert isinstance(found, Document)
    assert (found.text, found.published, found.source) == ("One.", "2023-04-05T10:30:00+00:00", "S")
    assert (found.author, found.title, dict(found.extra)) == ("A, B", "", {})


def test_a_text_comes_before_other_names_for_it(lines) -> None:
    (found,) = lines({"content": "Other.", "text": "One."})
    assert isinstance(found, Document)
    assert (found.text, dict(found.extra)) == ("One.", {"content": "Other."})


@pytest.mark.parametrize("value", ["01/02/2023", "last week", 20230405, ["2023-04-05"], "0001-01-01T00:00:00Z"])
def test_a_date_that_is_not_plain_is_kept_aside_and_never_guessed(lines, value: object) -> None:
    (found,) = lines({"text": "One.", "published": value})
    assert isinstance(found, Document)
    assert (found.published, dict(found.extra)) == (None, {"published": value})


def test_a_field_of_an_odd_kind_is_kept_aside(lines) -> None:
    (found,) = lines({"text": "One.", "author": {"name": "A"}, "title": True, "source": [], "url": 5})
    assert isinstance(found, Document)
    assert (found.author, found.title, found.source, found.url) == (None, "", None, "5")
    assert dict(found.extra) == {"author": {"name": "A"}, "title": True, "source": []}


@pytest.mark.parametrize(("id", "given"), [("a b", "a b"), (7, "7"), (1.5, "1.5"), (True, "true"), (None, None), ("", None)])
def test_an_id_of_any_simple_kind_becomes_words(lines, id: object, given: str | None) -> None:
    (found,) = lines({"id": id, "text": "One."})
    assert isinstance(found, Document)
    assert found.id == given


@pytest.mark.parametrize("id", ["a\nb", "\x1b[2J", "a\u2028b", "x" * 201, ["a"], {"a": 1}])
def test_an_id_that_could_not_be_typed_is_refused(lines, id: object) -> None:
    (reason,) = reasons(lines({"id": id, "text": "One."}))
    assert reason.startswith("line 1: its id")


def test_the_origin_is_the_line_s_id_else_its_url_else_its_text(lines, tmp_path: Path) -> None:
    found = lines(
        {"text": "One.", "url": "https://example.org/a"},
        {"id": "b", "text": "Two.", "url": "https://example.org/b"},
        {"text": "Three."},
    )
    digest = hashlib.sha256(b"Three.").hexdigest()[:12]
    assert [item.origin for item in found if isinstance(item, Document)] == [
        "https://example.org/a",
        f"{tmp_path / 'a.jsonl'}#b",
        f"{tmp_path / 'a.jsonl'}#{digest}",
    ]


def test_a_bad_line_is_skipped_with_its_number_and_the_rest_kept(lines) -> None:
    found = lines(
        {"text": "One."},
        '{"text": "a" "b"}',
        "",
        "[1]",
        {"title": "T"},
        {"text": 5},
        {"text": " \n"},
        b'{"text": "caf\xe9"}',
        b"\0",
        '{"text": "\\ud83d"}',
        '{"text": "T", "x": ["\\udc00"]}',
        "[" * 100_000,
        '{"text": "T", "n": ' + "9" * 5000 + "}",
        {"text": "Two."},
    )
    assert texts(found) == ["One.", "Two."]
    assert reasons(found) == [
        "line 2: not JSON (Expecting ',' delimiter at column 14)",
        "line 4: not an object",
        "line 5: no text",
        "line 6: its text is not a string",
        "line 7: empty",
        "line 8: not valid UTF-8 at byte 13",
        "line 9: binary, not text",
        "line 10: half a surrogate pair in it, which cannot be stored",
        "line 11: half a surrogate pair in it, which cannot be stored",
        "line 12: nested too deep",
        "line 13: a number in it has too many digits",
    ]


def test_an_id_twice_in_one_file_is_skipped_naming_both_lines(lines) -> None:
    found = lines({"id": 1, "text": "One."}, {"text": "Two."}, {"id": "1", "text": "Three."}, {"text": "Two."})
    assert texts(found) == ["One.", "Two."]
    assert reasons(found) == [
        "line 3: the id '1' was given by line 1 already",
        "line 4: this text or URL was given by line 2 already",
    ]


def test_numbers_that_json_does_not_have_count_as_nothing(lines) -> None:
    (found,) = lines('{"text": "One.", "author": NaN, "x": [Infinity, 1e999, 2.5]}')
    assert isinstance(found, Document)
    assert (found.author, dict(found.extra)) == (None, {"x": [None, None, 2.5]})


def test_a_line_over_the_limit_is_passed_over_and_the_rest_kept(lines) -> None:
    long = json.dumps({"text": "x" * 200_000})
    found = lines({"text": "One."}, long, {"text": "Two."}, long, limit=1000)
    assert texts(found) == ["One.", "Two."]
    assert reasons(found) == ["line 2: over the limit of 1000 bytes", "line 4: over the limit of 1000 bytes"]


def test_a_file_far_over_the_limit_is_read_as_it_comes() -> None:
    class Endless(BytesIO):
        """Lines for ever; whoever reads it all never returns."""

        number = 0

        def readline(self, size: int | None = -1, /) -> bytes:
            assert size == 101
            self.number += 1
            return b'{"text": "Line %d."}\n' % self.number

    found = read_lines(Endless(), Place("endless", limit=100))
    assert [next(found).text for _ in range(3)] == ["Line 1.", "Line 2.", "Line 3."]  # type: ignore[union-attr]


@pytest.mark.parametrize("wide", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_tells_the_encoding(lines, wide: str) -> None:
    found = lines('{"text": "Één."}\n{"text": "Deux.\u010a"}\n'.encode(wide))
    assert texts(found) == ["Één.", "Deux.\u010a"]


def test_a_json_file_holds_one_object_or_a_list(lines) -> None:
    assert texts(lines('{\n "text": "One."\n}', name="a.json")) == ["One."]
    found = lines('[\n{"text": "One."},\n 5,\n {"text": "Two."}]', name="a.json")
    assert texts(found) == ["One.", "Two."]
    assert reasons(found) == ["item 2: not an object"]
    assert reasons(lines('{"a":\n x}', name="a.json")) == ["not JSON (Expecting value at line 2 column 2)"]
    assert reasons(lines("[]", name="a.json")) == ["empty"]


def test_a_json_file_that_holds_lines_is_read_as_lines(lines) -> None:
    found = lines({"text": "One."}, "{broken", {"text": "Two."}, name="a.json")
    assert texts(found) == ["One.", "Two."]
    assert reasons(found)[0].startswith("line 2: not JSON")


def test_blanks_alone_are_an_empty_file(lines) -> None:
    assert reasons(lines("", "  ", "")) == ["empty"]
