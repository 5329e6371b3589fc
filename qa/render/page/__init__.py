"""What every HTML page of the house has in common: one file that loads nothing, sends nothing and runs only its own script."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib.resources import files
from typing import Final

import jinja2
from markupsafe import Markup

from qa.render.safe import safe

_HERE: Final = "qa.render.page"
_SHARED: Final = "base.html.j2"


def fill(package: str, name: str, **values: object) -> str:
    """The page made of ``name.html.j2``, ``name.css`` and ``name.js`` in ``package``, in the common frame and style.

    Its Content-Security-Policy forbids every request and lets only its own style sheet and script in, named by their digests.
    Values become text, never markup, unless they are Markup. Raises jinja2.UndefinedError where the template lacks a value.
    """
    style = part(_HERE, "base.css") + part(package, f"{name}.css")
    script = part(package, f"{name}.js")
    return (
        _environment(package)
        .get_template(f"{name}.html.j2")
        .render(
            style=Markup(style),  # noqa: S704 - the package's own file
            script=Markup(script),  # noqa: S704 - likewise
            style_digest=_digest(style),
            script_digest=_digest(script),
            **values,
        )
    )


def part(package: str, name: str) -> str:
    """A file of ``package`` as text."""
    return files(package).joinpath(name).read_text(encoding="utf-8")


@cache
def _environment(package: str) -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(lambda name: part(_HERE if name == _SHARED else package, name)),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters["safe_text"] = safe
    return environment


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
