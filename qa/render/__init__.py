"""Answers and summaries as somebody reads them: one format, one file, one line in the table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pkgutil import resolve_name

from qa.errors import UsageError
from qa.types import Answer, Summary

FORMATS = {
    "terminal": "qa.render.terminal:show",
    "markdown": "qa.render.markdown:show",
    "json": "qa.render.data:show",
    "html": "qa.render.html:show",
    "annotations": "qa.render.annotations:show",
    "footnotes": "qa.render.footnotes:show",
    "bibtex": "qa.render.bibliography:bibtex",
    "csl": "qa.render.bibliography:csl",
}
"""Each format's name and its function from (answer or summary, look) to text. A dotted name from outside works as well."""


@dataclass(frozen=True, slots=True)
class Look:
    """How the reader wants it, and what the reader's screen can do. A format takes notice of what concerns it."""

    width: int = 80
    """Columns of the screen; a pipe has 80."""
    color: bool = False
    """Whether to use bold, faint and colour."""
    links: bool = False
    """Whether the screen opens OSC 8 hyperlinks."""
    style: str = "bullets"
    """A summary's: ``bullets`` or ``prose``."""


def render(
    form: str, found: Answer | Summary, *, width: int = 80, color: bool = False, links: bool = False, style: str = "bullets"
) -> str:
    """``found`` as text in the format ``form``. Raises UsageError for a format that is not there."""
    place = FORMATS.get(form, form)
    if ":" not in place:
        raise UsageError(f"there is no format called {form!r}", f"choose one of {', '.join(FORMATS)}")
    try:
        show: Callable[[Answer | Summary, Look], str] = resolve_name(place)
    except (ValueError, ImportError, AttributeError) as error:
        raise UsageError(f"the format {place!r} cannot be loaded: {error}", "name it as module:function") from error
    return show(found, Look(width, color, links, style))
