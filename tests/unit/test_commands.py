from __future__ import annotations

import pytest

from qa.cli import hoisted
from qa.commands.shared import _opens_links, filters
from qa.errors import UsageError


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
