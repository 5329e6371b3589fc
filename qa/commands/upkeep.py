"""``qa doctor rebuild config``: is all well, and what is set."""

from __future__ import annotations

import time
from typing import Annotated

import typer

from qa.commands.shared import globals_of
from qa.config import FILE, home_of, keep

config = typer.Typer(help="Settings, and where each came from.", no_args_is_help=True, rich_markup_mode=None)


def doctor(context: typer.Context) -> None:
    """Look at everything that must hold of the library and its index; ends with 1 where something does not."""
    from qa.doctor import examine

    options = globals_of(context)
    house = options.house
    checks = examine(lambda: house.library, house.index_ids)
    ok = all(check.ok for check in checks)
    lines = [
        f"{'ok  ' if check.ok else 'BAD '} {check.name}: {check.detail}" + (f"\n     {check.hint}" if check.hint else "")
        for check in checks
    ]
    fields = [{"name": check.name, "ok": check.ok, "detail": check.detail, "hint": check.hint} for check in checks]
    options.give({"ok": ok, "home": str(house.settings.home), "checks": fields}, "\n".join(lines))
    if not ok:
        raise typer.Exit(1)


def rebuild(context: typer.Context) -> None:
    """Make sentences, keywords and vectors anew from the library's texts; also after changing the embedder."""
    options = globals_of(context)
    began = time.perf_counter()
    options.house.need_articles()
    chunks = options.house.desk().rebuild()
    seconds = time.perf_counter() - began
    articles = options.house.library.count()
    record = {"articles": articles, "chunks": chunks, "embedder": options.house.embedder.name, "seconds": round(seconds, 3)}
    options.give(record, f"{articles} articles, {chunks} chunks, made anew in {seconds:.1f} s")


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
