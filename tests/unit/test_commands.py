from __future__ import annotations

import json
from pathlib import Path

import pytest

from qa.cli import hoisted, run
from qa.commands.shared import _opens_links, filters
from qa.errors import UsageError
from qa.library import Library


@pytest.mark.parametrize(
    ("environment", "opens"),
    [
        ({"TERM": "xterm-256color"}, False),
        ({"TERM": "linux"}, False),
        ({"TERM": "xterm-kitty"}, True),
        ({"TERM": "xterm-256color", "VTE_VERSION": "7200"}, True),
        ({"TERM": "xterm-256color", "VTE_VERSION": "4800"}, False),
        ({"TERM_PROGRAM": "Apple_Terminal"}, False),
        ({"TERM_PROGRAM": "iTerm.app"}, True),
        ({"WT_SESSION": "1"}, True),
    ],
)
def test_links_are_only_for_terminals_that_open_them(environment: dict[str, str], opens: bool) -> None:
    assert _opens_links(environment) is opens


@pytest.mark.parametrize(
    ("given", "since", "until"),
    [("2023", "2023-01-01", "2023-12-31"), ("2023-04", "2023-04-01", "2023-04-31"), ("2023-04-05", "2023-04-05", "2023-04-05")],
)
def test_a_day_a_month_or_a_year_is_a_date(given: str, since: str, until: str) -> None:
    chosen = filters(given, given, None, None)
    assert (chosen.since, chosen.until) == (since, until)


@pytest.mark.parametrize("given", ["", "yesterday", "23-04-05", "2023-13", "2023-02-30", "05/04/2023"])
def test_what_is_no_date_is_told(given: str) -> None:
    with pytest.raises(UsageError, match="not a date"):
        filters(given, None, None, None)


def test_global_options_move_to_the_front_and_nothing_after_two_dashes_does() -> None:
    assert hoisted(["ask", "x", "--json", "--home", "h", "--home=i"]) == ["--json", "--home", "h", "--home=i", "ask", "x"]
    assert hoisted(["ask", "--", "--json"]) == ["ask", "--", "--json"]


@pytest.mark.parametrize("content", [b"passages = ", b"\xff\xfe", b"passage = 5", b"passages = 'many'", None])
def test_the_doctor_tells_a_qa_toml_that_cannot_be_used_and_looks_at_all_else(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes | None
) -> None:
    Library(tmp_path / "home", create=True).close()
    file = tmp_path / "home" / "qa.toml"
    file.mkdir() if content is None else file.write_bytes(content)
    assert run(["doctor", "--json"]) == 1
    checks = {check["name"]: check for check in json.loads(capsys.readouterr().out)["checks"]}
    assert {name for name, check in checks.items() if not check["ok"]} == {"settings"}
    assert str(file) in checks["settings"]["detail"]
    assert checks["settings"]["hint"]
    assert "sound" in checks["database"]["detail"]


def test_a_list_of_a_library_that_is_gone_is_told_with_the_way_back_and_no_empty_list(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "home" / "index").mkdir(parents=True)
    assert run(["list"]) == 4
    told = capsys.readouterr()
    assert (told.out, "is gone" in told.err, "qa backup --restore" in told.err) == ("", True, True)
