from __future__ import annotations

from qa.commands.tally import table
from qa.ingest.types import Skipped
from qa.intake import Report


def report() -> Report:
    kinds = {"a": "web page", "b": "PDF", "c": "text", "d": "text"}
    skipped = [Skipped("x.jsonl", f"line {at}: not JSON (column {at})", "JSON") for at in range(9)]
    return Report(["a"], ["b"], ["c", "d"], [Skipped("y.doc", "no reader for .doc", ".doc"), *skipped], kinds=kinds)


def test_the_table_fits_a_narrow_screen_and_counts_kind_by_kind() -> None:
    head, *rows = table(report()).partition("\n\n")[0].splitlines()
    assert head.split() == ["added", "updated", "unchanged", "skipped"]
    assert [row.split() for row in rows] == [
        [".doc", "·", "·", "·", "1"],
        ["JSON", "·", "·", "·", "9"],
        ["PDF", "·", "1", "·", "·"],
        ["text", "·", "·", "2", "·"],
        ["web", "page", "1", "·", "·", "·"],
    ]
    assert max(map(len, [head, *rows])) <= 40


def test_a_reason_that_many_lines_of_files_have_is_told_once() -> None:
    assert "9 skipped, JSON: not JSON\n1 skipped, .doc: no reader for .doc\n" in table(report())


def test_an_address_is_not_told_twice_and_pages_refused_alike_are_counted_together() -> None:
    pages = [Skipped(f"http://a.example/{at}", f"http://a.example/{at} answered 404 Not Found") for at in range(3)]
    told = table(Report(["a"], skipped=pages, kinds={"a": "text"}))
    assert told.endswith("\n\n3 skipped, web page: answered 404 Not Found\n\n")


def test_what_is_of_one_kind_needs_no_table() -> None:
    assert table(Report(["a", "b"], kinds={"a": "text", "b": "text"})) == ""
