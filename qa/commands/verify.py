"""``qa verify``: whether a saved record still stands."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from qa.commands.shared import Globals, globals_of, screen

if TYPE_CHECKING:
    from qa.render import Look

FAILED = 6
"""The exit code where a citation or a quotation does not stand."""


class Form(StrEnum):
    """How verdicts are shown; --json is short for json."""

    terminal = "terminal"
    markdown = "markdown"
    json = "json"
    html = "html"


AsForm = Annotated[Form, typer.Option("--format", help="How to show it.")]


def verify(
    context: typer.Context,
    record: Annotated[str, typer.Argument(metavar="RECORD", help="A saved record, a folder of them, or - for stdin.")],
    form: AsForm = Form.terminal,
) -> None:
    """Re-check every citation of saved answers, summaries and sessions; ends with 6 where one no longer stands."""
    from qa.records import citations
    from qa.render import verdict_data, verdict_html, verdict_markdown, verdict_terminal
    from qa.verify import Verifier

    options = globals_of(context)
    cited, others = citations(record, sys.stdin.buffer)
    for reason in others:
        notice(options, f"passed over: {reason}")
    library = options.house.library
    verifier = Verifier(library)
    found = [verifier.verify(one) for one in cited]
    if form is Form.html:
        shown = verdict_html.verified("A saved record", found, library.article)
    else:
        shown = verdict_markdown.verified(found) if form is Form.markdown else verdict_terminal.verified(found, look())
    give(options, form, verdict_data.verify_record(found), shown)
    if not all(one.ok for one in found):
        raise typer.Exit(FAILED)


def notice(options: Globals, words: str) -> None:
    """A line on stderr that may hold words from outside."""
    from qa.render.safe import safe

    options.tell(safe(words))


def look() -> Look:
    """What the screen can show."""
    from qa.render import Look

    here = screen()
    return Look(here.width, here.color, here.links)


def give(options: Globals, form: Form, record: Mapping[str, object], shown: str) -> None:
    """The result on stdout, as JSON where that is asked for in either way."""
    options.json = options.json or form is Form.json
    options.give(record, shown)
