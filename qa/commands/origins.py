"""``qa origins``: an article among its copies."""

from __future__ import annotations

from typing import Annotated

import typer

from qa.commands.shared import globals_of
from qa.commands.verify import look


def origins(
    context: typer.Context,
    id: Annotated[str, typer.Argument(metavar="ID", help="An article's id or its unique beginning, its path or its URL.")],
) -> None:
    """The copies of an article under their origin: how much they share, what was changed, which figures differ."""
    from qa.family import family
    from qa.render import verdict_data, verdict_terminal

    options = globals_of(context)
    found = family(options.house.library, id)
    options.give(verdict_data.family_record(found), verdict_terminal.family(found, look()))
