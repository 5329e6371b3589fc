"""``qa export import``: the library as lines of JSON, and back."""

from __future__ import annotations

import gzip
import io
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
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
) -> None:
    """Write every article with all its versions as JSON lines, readable by the user alone; one state of the library."""
    from qa.export import lines

    options = globals_of(context)
    options.house.need_articles()
    articles = -1  # the head is no article
    with _written(file) as out:
        for line in lines(options.house.library):
            out.write(line)
            articles += 1
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
    counts = {"added": brought.added, "updated": brought.updated, "unchanged": brought.unchanged}
    skipped = [{"source": one.source, "reason": one.reason} for one in brought.skipped]
    seconds = round(time.perf_counter() - began, 3)
    told = ", ".join(f"{number} {name}" for name, number in {**counts, "skipped": len(skipped)}.items())
    options.give({**counts, "skipped": skipped, "seconds": seconds}, f"{told} in {seconds:.1f} s")
    if skipped and not any(counts.values()):
        raise QAError("nothing was taken in", "the reasons are above")


@contextmanager
def _written(file: str) -> Iterator[TextIO]:
    """Where to write; a file gets its name once it is whole. The same texts make the same bytes, compressed or not."""
    if file == "-":
        yield sys.stdout
        return
    from qa.private import private

    partial = Path(f"{file}.partial")
    try:
        with private(), partial.open("wb") as raw:
            packed = gzip.GzipFile("", "wb", 6, raw, mtime=0) if file.endswith(".gz") else None
            with io.TextIOWrapper(packed or raw, encoding="utf-8", newline="\n") as out:
                yield out
                out.flush()
                if packed:
                    packed.close()
                os.fsync(raw.fileno())
        partial.replace(file)
    finally:
        partial.unlink(missing_ok=True)


@contextmanager
def _read(file: str) -> Iterator[Iterator[str]]:
    """The lines of a file; bytes that are no UTF-8 damage their own line alone."""
    binary: BinaryIO = sys.stdin.buffer if file == "-" else Path(file).open("rb")  # noqa: SIM115 it is closed with what wraps it
    opened = gzip.GzipFile(fileobj=binary) if file.endswith(".gz") else binary
    with io.TextIOWrapper(opened, encoding="utf-8", errors="surrogateescape", newline="\n") as lines:
        yield iter(lines)
