"""``qa doctor rebuild config``: is all well, and what is set."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Annotated

import typer

from qa.commands.shared import Globals, globals_of, screen
from qa.config import FILE, home_of, keep
from qa.errors import ConfigError

if TYPE_CHECKING:
    from qa.doctor import Check

config = typer.Typer(help="Settings, and where each came from.", no_args_is_help=True, rich_markup_mode=None)


Fix = Annotated[bool, typer.Option("--fix", help="Mend what can be mended, and tell each thing that was done.")]


def doctor(context: typer.Context, fix: Fix = False) -> None:
    """Look at everything that must hold of the library, its index and the home folder; ends with 1 where something does not."""
    from qa.commands.archive import progress
    from qa.doctor import examine, mend, place, summed
    from qa.ingest import offered

    options = globals_of(context)
    settings = _in_force(options)
    house, home = options.house, options.house.settings.home
    done: list[str] = []
    if fix:
        with progress(options) as (_, embedded):
            done = mend(
                lambda: house.desk(embedded), house.index_ids, home, lambda file: offered(file, sys.stdin.buffer, house.settings)
            )
    checks = [*examine(lambda: house.library, house.index_ids, home), *place.checks(home), settings]
    ok, summary = all(check.ok for check in checks), summed(checks)
    fields = [
        {"name": one.name, "ok": one.ok, "state": one.state.lower(), "detail": one.detail, "hint": one.hint} for one in checks
    ]
    record = {"ok": ok, "home": str(home), "checks": fields, "mended": done, "summary": summary}
    told = [("home", str(home)), *(("mended", one) for one in done)]
    for one in checks:
        told += [(one.state, f"{one.name}: {one.detail}"), *([("", one.hint)] if one.hint else [])]
    options.give(record, _screenful(told, summary))
    if not ok:
        raise typer.Exit(1)


def _in_force(options: Globals) -> Check:
    """What decides where vectors are and what they mean: the first thing to know where something is odd.

    A ``qa.toml`` that cannot be used is told, and then not heeded.
    """
    from qa.doctor import Check, State

    try:
        options.house  # noqa: B018 which reads the settings
    except ConfigError as error:
        options.file = False
        if not options.house.settings.home.is_dir():
            raise
        return Check("settings", State.BAD, f"{error.message}; all else here goes by the other settings", error.hint)
    chosen = options.house.settings
    return Check("settings", State.OK, f"vectors kept in {chosen.store}, made by {chosen.embedder}; {chosen.model} answers")


def _screenful(lines: list[tuple[str, str]], summary: str) -> str:
    """Each with its mark before it, within the screen's width; paths and ids may be longer than that, and stay whole."""
    from textwrap import TextWrapper

    from qa.render.safe import safe

    wrapper = TextWrapper(screen().width, break_long_words=False, break_on_hyphens=False, subsequent_indent=" " * 7)
    shown = []
    for mark, text in lines:
        wrapper.initial_indent = f"{mark:<7}"
        shown.append(wrapper.fill(safe(text)))
    wrapper.initial_indent = wrapper.subsequent_indent = ""
    return "\n".join([*shown, "", wrapper.fill(safe(summary))])


def rebuild(context: typer.Context) -> None:
    """Make sentences, keywords and vectors anew from the library's texts; also after changing the embedder."""
    from qa.doctor.types import listed

    options = globals_of(context)
    began = time.perf_counter()
    options.house.need_articles()
    chunks, torn = options.house.desk().rebuild()
    seconds = time.perf_counter() - began
    articles = options.house.library.count()
    if torn:
        options.tell(f"left out, for it is lost or damaged: a text of {listed(torn)} (qa doctor says how it can be had again)")
    told = {"articles": articles, "chunks": chunks, "damaged": torn, "embedder": options.house.embedder.name}
    options.give({**told, "seconds": round(seconds, 3)}, f"{articles} articles, {chunks} chunks, made anew in {seconds:.1f} s")


@config.command("show")
def config_show(context: typer.Context) -> None:
    """Every setting in force and where it was set."""
    options = globals_of(context)
    origins = options.configured[1]
    wide = max(len(one.name) for one in origins)
    record = {"settings": [{"name": one.name, "value": one.value, "origin": one.origin} for one in origins]}
    options.give(record, "\n".join(f"{one.name:<{wide}}  {one.value}  ({one.origin})" for one in origins))


@config.command("set")
def config_set(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="A setting; qa config show lists them.")],
    value: Annotated[str, typer.Argument(metavar="VALUE", help="What it is to be.")],
) -> None:
    """Keep a setting in the home folder's qa.toml; every other line of it stays as it is."""
    options = globals_of(context)
    if name == "store":
        from vectorstore.stores import store_named

        store_named(value)
    file = home_of(options.home)[0] / FILE
    kept = keep(file.parent, name, value)
    options.give({"name": name, "value": kept, "file": str(file)}, f"{name} = {kept}  ({file})")


@config.command("unset")
def config_unset(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="A setting in qa.toml.")],
) -> None:
    """Take a setting out of qa.toml, so that its default, or the environment, holds again."""
    options = globals_of(context)
    file = home_of(options.home)[0] / FILE
    keep(file.parent, name, None)
    options.give({"name": name, "value": None, "file": str(file)}, f"{name} is not set in {file}")
