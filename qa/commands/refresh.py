"""``qa refresh``: what was added before, read again."""

from __future__ import annotations

import time
from typing import Annotated

import typer

from qa.commands.archive import AllowPrivate, Entries, Prune, reasons, record_of, taken_in
from qa.commands.shared import globals_of
from qa.errors import NetworkError, UsageError


def refresh(
    context: typer.Context,
    sources: Annotated[
        list[str] | None,
        typer.Argument(metavar="SOURCE...", help="Only these of the sources that were added.", show_default=False),
    ] = None,
    prune: Prune = False,
    allow_private: AllowPrivate = False,
    entries: Entries = None,
) -> None:
    """Read again what was added: files, folders, pages, feeds and sitemaps; what has not changed is not even sent."""
    from qa.refresh import chosen
    from qa.sources import Sources

    options = globals_of(context)
    if sources and not all(sources):
        raise UsageError("a source is empty", "qa refresh without a source reads all of them again")
    options.flags.update(allow_private=allow_private or None, entries=entries)
    began = time.perf_counter()
    names = chosen(Sources(options.house.library.connection), sources or [])
    tour, report = taken_in(options, names, prune=prune, again=True)
    record = record_of(report)
    counts = {name: len(value) for name, value in record.items()}
    told = ", ".join(f"{number} {name}" for name, number in counts.items() if number) or "nothing new"
    told += f", {len(tour.left_out)} removed before and left out" if tour.left_out else ""
    seconds = round(time.perf_counter() - began, 3)
    status = [{"source": name, "status": said} for name, said in tour.status.items()]
    whole = {**record, "left_out": tour.left_out, "counts": counts, "moved": tour.moved, "sources": status, "seconds": seconds}
    if options.json or not options.quiet:  # cron mails whatever is printed
        options.give(whole, f"{told} in {seconds:.1f} s")
    if len(tour.unreached) == len(names):
        first = tour.status[names[0]]
        raise NetworkError(f"none of the sources could be reached: {first}", f"check the network; {reasons(options)}")
