"""``qa export import backup``: the library as lines of JSON or as one file, and back."""

from __future__ import annotations

import gzip
import io
import json
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from qa.commands.shared import globals_of

if TYPE_CHECKING:
    from typing import BinaryIO

_FILE = "FILE, compressed where it ends in .gz, or - for"


def export(
    context: typer.Context,
    file: Annotated[str, typer.Argument(metavar="FILE", help=f"{_FILE} stdout.")],
    log: Annotated[bool, typer.Option("--log", help="And what was asked of it, with the answers.")] = False,
) -> None:
    """Write every article with all its versions, and the sources, as JSON lines for the user alone; one state of the library."""
    from qa.export import lines

    options = globals_of(context)
    options.house.need_articles()
    written = lines(options.house.library, log=log)
    with _written(file) as out:
        head = next(written)
        out.write(head)
        out.writelines(written)
    articles = json.loads(head)["articles"]
    if file != "-":
        options.give({"articles": articles, "file": file}, f"{articles} articles in {file}")


def import_(
    context: typer.Context,
    file: Annotated[str, typer.Argument(metavar="FILE", help=f"{_FILE} stdin.")],
) -> None:
    """Take in an export: what is here already stays as it is, and an article that is another one here is refused."""
    from qa.errors import QAError
    from qa.export import bring_in
    from qa.render.safe import safe

    options = globals_of(context)
    began = time.perf_counter()
    with _read(file) as given:
        brought = bring_in(options.house.desk(), given)
    for one in brought.skipped:
        options.tell(safe(f"skipped {one.source}: {one.reason}"))
    names = ("added", "updated", "unchanged", "sources", "log")
    counts = {name: getattr(brought, name) for name in names}
    skipped = [{"source": one.source, "reason": one.reason} for one in brought.skipped]
    seconds = round(time.perf_counter() - began, 3)
    told = ", ".join(f"{number} {name}" for name, number in {**counts, "skipped": len(skipped)}.items())
    options.give({**counts, "skipped": skipped, "seconds": seconds}, f"{told} in {seconds:.1f} s")
    if skipped and not any(counts.values()):
        raise QAError("nothing was taken in", "the reasons are above")


def backup(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A zip where it ends in .zip, else a tar packed with gzip.")],
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
    restore: Annotated[bool, typer.Option("--restore", help="Put FILE into a home that has no library.")] = False,
) -> None:
    """Copy the library and its settings into one file, whoever writes meanwhile; the index is left out, for it can be remade."""
    from qa import backup as copies

    options = globals_of(context)
    house = options.house
    if restore:
        made = copies.restore(file, house.settings.home, house.settings.wait, options.tell)
        said = f"{made.articles} articles restored from {file}; qa rebuild makes their index"
    else:
        made = copies.back_up(house.library, file, force=force)
        said = f"{made.articles} articles, {made.versions} versions in {file}"
    counts = {"articles": made.articles, "versions": made.versions, "settings": made.settings}
    options.give({**counts, "bytes": file.stat().st_size, "file": str(file)}, said)


@contextmanager
def _written(file: str) -> Iterator[TextIO]:
    """Where to write; a file gets its name once it is whole. The same texts make the same bytes, compressed or not."""
    if file == "-":
        yield sys.stdout
        return
    from qa.files import private, replaced

    with private(), replaced(Path(file)) as raw, ExitStack() as packed:
        # the head of a GzipFile without a name and a time is the same each time
        kept = packed.enter_context(gzip.GzipFile("", "wb", 6, raw, mtime=0)) if file.endswith(".gz") else raw
        out = io.TextIOWrapper(kept, encoding="utf-8", newline="\n")
        try:
            yield out
        finally:
            out.detach()  # which writes what is left, and leaves closing to whoever opened it


@contextmanager
def _read(file: str) -> Iterator[Iterator[str | None]]:
    """The lines of a file; bytes that are no UTF-8 damage their own line alone."""
    from qa.export import bounded

    binary: BinaryIO = sys.stdin.buffer if file == "-" else Path(file).open("rb")  # noqa: SIM115 it is closed with what wraps it
    opened = gzip.GzipFile(fileobj=binary) if file.endswith(".gz") else binary
    with io.TextIOWrapper(opened, encoding="utf-8", errors="surrogateescape", newline="\n") as lines:
        yield bounded(lines)
