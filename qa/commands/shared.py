"""What every command needs: the global options in force, the house, and ways to say things on the right stream."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Annotated

import typer

from qa.config import KEY, Origin, Settings, Value, load

if TYPE_CHECKING:
    from qa.keywords import Filters
    from qa.types import Answer, Summary
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
    log: bool | None = None
    strict: bool = False
    """Whether claims that are less than supported are dropped."""
    flags: dict[str, Value | None] = field(default_factory=dict)
    """Further settings that a command was given."""
    file: bool = True
    """Whether the home's ``qa.toml`` is heeded."""

    @cached_property
    def configured(self) -> tuple[Settings, list[Origin]]:
        """The settings in force, and where each came from."""
        flags = {"home": self.home, "offline": self.offline or None, "model": self.model, "log": self.log, **self.flags}
        return load(flags, file=self.file)

    @cached_property
    def house(self) -> House:
        """What this command works with."""
        from qa.wiring import House

        settings, origins = self.configured
        if any(one.name == "model" and one.origin == KEY for one in origins):
            self.tell(f"{settings.model} answers, because {KEY} is set; --model extractive asks nobody")
        return House(settings, self.tell)

    def tell(self, words: str) -> None:
        """A line for whoever waits, on stderr; nothing with --quiet."""
        if not self.quiet:
            print(words, file=sys.stderr, flush=True)

    def remember(self, found: Answer | Summary) -> None:
        """Keeps an answer in the log, with the time of day."""
        from datetime import UTC, datetime

        self.house.remember(found, datetime.now(UTC).isoformat(timespec="seconds"))

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
Model = Annotated[str | None, typer.Option(metavar="NAME", help="Who drafts: extractive, which asks nobody, or provider:model.")]
MaxTokens = Annotated[int | None, typer.Option("--max-tokens", min=1, metavar="N", help="Tokens that a model's reply may have.")]
MaxCost = Annotated[float | None, typer.Option("--max-cost", min=0, metavar="SUM", help="What the model may cost in all.")]
Check = Annotated[
    str | None, typer.Option("--check", metavar="WHO", help="Who judges claims: rules, or model for its opinion as well.")
]
Prompts = Annotated[str | None, typer.Option("--prompts", metavar="DIR", help="Folder with prompts of your own.")]
NoLog = Annotated[bool, typer.Option("--no-log", help="Leave it out of the log.")]


def filters(since: str | None, until: str | None, source: str | None, author: str | None) -> Filters:
    """The filters a command was given, dates checked. Raises UsageError."""
    from qa.keywords import narrowed

    return narrowed(since, until, source, author)
