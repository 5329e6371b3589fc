"""What every command needs: the global options in force, the house, and ways to say things on the right stream."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Annotated

import typer

from qa.config import Origin, Settings, load
from qa.errors import UsageError

if TYPE_CHECKING:
    from qa.keywords import Filters
    from qa.wiring import House


_VTE = 5000
"""The version of GNOME's terminal library from which on it opens hyperlinks."""


@dataclass
class Globals:
    """The options that work before and after any command, and what follows from them."""

    home: str | None = None
    json: bool = False
    quiet: bool = False
    debug: bool = False
    offline: bool = False
    model: str | None = None

    @cached_property
    def configured(self) -> tuple[Settings, list[Origin]]:
        """The settings in force, and where each came from."""
        return load({"home": self.home, "offline": self.offline or None, "model": self.model})

    @cached_property
    def house(self) -> House:
        """What this command works with."""
        from qa.wiring import House

        return House(self.configured[0], self.tell)

    def tell(self, words: str) -> None:
        """A line for whoever waits, on stderr; nothing with --quiet."""
        if not self.quiet:
            print(words, file=sys.stderr, flush=True)

    def give(self, record: Mapping[str, object], shown: str) -> None:
        """The result, on stdout: the record with --json, else what is to be read."""
        from qa.render.data import dumps

        print(dumps(record) if self.json else shown.rstrip("\n"), flush=True)


@dataclass(frozen=True)
class Screen:
    """What the terminal, or the pipe, can show."""

    width: int
    color: bool
    links: bool


def screen() -> Screen:
    """Stdout's width (80 for a pipe), and whether colour and links are wanted there."""
    terminal = sys.stdout.isatty() and os.environ.get("TERM") != "dumb"
    width = shutil.get_terminal_size((80, 24)).columns if terminal else 80
    return Screen(max(width, 20), terminal and not os.environ.get("NO_COLOR"), terminal and _opens_links(os.environ))


def _opens_links(environment: Mapping[str, str]) -> bool:
    """Whether the terminal says that it is one of those known to open OSC 8 hyperlinks; others are shown the address."""
    if environment.get("TERM_PROGRAM") in {"iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "rio"}:
        return True
    if environment.get("TERM", "").startswith(("xterm-kitty", "xterm-ghostty", "alacritty", "foot", "wezterm", "contour")):
        return True
    vte = environment.get("VTE_VERSION", "")
    return (vte.isdigit() and int(vte) >= _VTE) or bool({"WT_SESSION", "KONSOLE_VERSION", "KITTY_WINDOW_ID"} & environment.keys())


def globals_of(context: typer.Context) -> Globals:
    """The global options of this run."""
    found = context.find_object(Globals)
    return found if found is not None else Globals()


Since = Annotated[str | None, typer.Option(metavar="DATE", help="Only articles published on or after this day, month or year.")]
Until = Annotated[str | None, typer.Option(metavar="DATE", help="Only articles published on or before this day, month or year.")]
Source = Annotated[str | None, typer.Option(metavar="NAME", help="Only articles of an outlet whose name holds this.")]
Author = Annotated[str | None, typer.Option(metavar="NAME", help="Only articles of an author whose name holds this.")]
Model = Annotated[str | None, typer.Option(metavar="NAME", help="Who drafts: extractive, which needs no key and no network.")]


def filters(since: str | None, until: str | None, source: str | None, author: str | None) -> Filters:
    """The filters a command was given, dates checked. Raises UsageError."""
    from qa.keywords import Filters

    return Filters(_day(since, "--since"), _day(until, "--until"), source, author)


def _day(given: str | None, flag: str) -> str | None:
    """``2023``, ``2023-04`` or ``2023-04-05`` as the first day that it means, or for ``--until`` the last."""
    from datetime import date

    if given is None:
        return None
    try:
        first = date.fromisoformat({4: f"{given}-01-01", 7: f"{given}-01"}.get(len(given), given)).isoformat()
    except ValueError:
        raise UsageError(
            f"{flag} {given!r} is not a date", f"write it as 2023-04-05, 2023-04 or 2023: {flag} 2023-04-05"
        ) from None
    last = {4: f"{given}-12-31", 7: f"{given}-31"}.get(len(given), first)
    return first if flag == "--since" else last
