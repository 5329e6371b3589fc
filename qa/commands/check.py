"""``qa check``: whether the quotations in a draft are true."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from qa.commands.shared import Globals, globals_of
from qa.commands.verify import FAILED, AsForm, Form, give, look
from qa.errors import QAError

if TYPE_CHECKING:
    from qa.types import Document


def check(
    context: typer.Context,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="A draft: a file, a web address, or - for stdin.")],
    form: AsForm = Form.terminal,
) -> None:
    """Judge every quotation in a draft against the library; ends with 6 where one is altered, misattributed or not found."""
    from qa.check import Checker
    from qa.render import verdict_data, verdict_html, verdict_markdown, verdict_terminal

    options = globals_of(context)
    draft = _draft(options, text)
    options.house.need_articles()
    library = options.house.library
    found = Checker(library).check(draft.text)
    if form is Form.html:
        shown = verdict_html.checked(draft.title or "A draft", found, library.article)
    else:
        shown = verdict_markdown.checked(found) if form is Form.markdown else verdict_terminal.checked(found, look())
    give(options, form, verdict_data.check_record(found), shown)
    if not all(one.ok for one in found):
        raise typer.Exit(FAILED)


def _draft(options: Globals, source: str) -> Document:
    """The one text in ``source``. Raises QAError where there is none, or more than one."""
    from qa.ingest import offered
    from qa.ingest.types import Skipped

    found = list(offered(source, sys.stdin.buffer, options.configured[0]))
    drafts = [one for one in found if not isinstance(one, Skipped)]
    if len(drafts) == 1:
        return drafts[0]
    reasons = "; ".join(one.reason for one in found if isinstance(one, Skipped))
    if drafts:
        raise QAError(f"{source} holds {len(drafts)} texts", "give one draft at a time")
    raise QAError(f"nothing to check in {source}: {reasons or 'no text'}", "qa check takes text, Markdown and HTML")
