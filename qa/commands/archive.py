"""``qa add list show diff remove``: what is in the library."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from qa.commands.shared import Globals, globals_of, screen
from qa.errors import QAError, UsageError

if TYPE_CHECKING:
    from qa.intake import Report
    from qa.refresh import Round

T = TypeVar("T")

Prune = Annotated[bool, typer.Option("--prune", help="Also remove articles whose file or page is gone.")]
AllowPrivate = Annotated[bool, typer.Option("--allow-private", help="Read addresses of private networks, too.")]
Entries = Annotated[
    int | None, typer.Option("--entries", min=1, metavar="N", help="Pages of one feed or sitemap that are asked for.")
]
_TOLD = 20
"""How many skipped or missing sources are told on stderr, one a line."""


def add(
    context: typer.Context,
    sources: Annotated[list[str], typer.Argument(metavar="SOURCE...", help="Files, folders, web addresses, or - for stdin.")],
    prune: Prune = False,
    encoding: Annotated[str | None, typer.Option("--encoding", metavar="NAME", help="What plain text is in.")] = None,
    allow_private: AllowPrivate = False,
    entries: Entries = None,
) -> None:
    """Read articles into the library; unchanged ones cost nothing, changed ones become a new version."""
    from qa.commands.tally import table

    options = globals_of(context)
    options.flags.update(encoding=encoding, allow_private=allow_private or None, entries=entries)
    began = time.perf_counter()
    _, report = taken_in(options, sources, prune=prune)
    record = record_of(report)
    counts = {name: len(value) for name, value in record.items()}
    told = ", ".join(f"{number} {name}" for name, number in counts.items() if number or name == "added")
    seconds = round(time.perf_counter() - began, 3)
    options.give({**record, "seconds": seconds}, f"{table(report)}{told} in {seconds:.1f} s")
    if not report.read and not report.removed:
        raise QAError("nothing was read", f"qa add --help says what can be read; {reasons(options)}")


def taken_in(options: Globals, sources: Sequence[str], *, prune: bool, again: bool = False) -> tuple[Round, Report]:
    """What became of the sources, which are remembered; what a person should know of it is told on stderr.

    ``again``, articles that were removed are left out.
    """
    from datetime import UTC, datetime

    from qa.refresh import Round

    with progress(options) as (counted, embedded):
        desk = options.house.desk(embedded)
        tour = Round(options.configured[0], desk, sys.stdin.buffer, again=again)
        report = tour.read(sources, counted)
        if prune and report.gone:
            report.removed = desk.remove(report.gone, remember=False)
        tour.keep(datetime.now(UTC).isoformat(timespec="seconds"))
    _tell_report(options, report, tour.moved, prune=prune)
    return tour, report


def _tell_report(options: Globals, report: Report, moved: Mapping[str, str], *, prune: bool) -> None:
    """What a person should know of it beside the counts, on stderr."""
    from qa.commands.tally import why
    from qa.hidden import of_articles
    from qa.hidden import told as hidden

    _tell(options, [f"moved for good: {old} is now {new}" for old, new in moved.items()])
    _tell(options, [f"skipped {skipped.source}: {why(skipped)}" for skipped in report.skipped])
    guesses = report.guessed.items()
    _tell(options, [f"guessed: {id} is read as {name}, which it does not say (--encoding)" for id, name in guesses])
    marked = of_articles(options.house.library.connection, [*report.added, *report.updated])
    _tell(options, [f"hidden in {id}: {hidden(what)}" for id, what in marked])
    _tell(options, [f"removed: {id}, which is gone" for id in report.removed])
    if not prune:
        _tell(options, [f"gone: {id} (--prune, or qa remove {id}, takes it out of answers)" for id in report.gone])


def reasons(options: Globals) -> str:
    """Where the reasons are that sources were skipped for."""
    return "without --quiet each reason is told" if options.quiet else "the reasons are above"


def record_of(report: Report) -> dict[str, list[object]]:
    """What became of everything, as a record."""
    return {
        "added": [*report.added],
        "updated": [*report.updated],
        "unchanged": [*report.unchanged],
        "skipped": [{"source": skipped.source, "reason": skipped.reason} for skipped in report.skipped],
        "gone": [*report.gone],
        "removed": [*report.removed],
    }


@contextmanager
def progress(options: Globals) -> Iterator[tuple[Callable[[Iterable[T]], Iterable[T]], Callable[[int], None]]]:
    """Counts what goes by: a moving line on a terminal's stderr, nothing elsewhere."""
    if options.quiet or not sys.stderr.isatty():
        yield (lambda items: items), (lambda _: None)
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(bar_width=20), TextColumn("{task.fields[told]}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("adding", total=None, told="")
        seen = {"articles": 0, "chunks": 0}

        def show(kind: str, number: int) -> None:
            seen[kind] += number
            bar.update(task, told=f"{seen['articles']} read, {seen['chunks']} chunks embedded")

        def counted(items: Iterable[T]) -> Iterator[T]:
            for item in items:
                show("articles", 1)
                yield item

        yield counted, lambda number: show("chunks", number)


def _tell(options: Globals, lines: list[str]) -> None:
    from qa.render.safe import safe

    for line in lines[:_TOLD]:
        options.tell(safe(line))
    if len(lines) > _TOLD:
        options.tell(f"... and {len(lines) - _TOLD} more; --json has them all")


def list_(
    context: typer.Context,
    number: Annotated[int | None, typer.Option("--number", "-n", min=1, metavar="N", help="Only the newest N.")] = None,
) -> None:
    """The articles, newest first."""
    from qa.render.data import header_record
    from qa.render.terminal import articles

    options = globals_of(context)
    every = options.house.library.headers()
    headers = every[:number]
    if len(headers) < len(every):
        options.tell(f"{len(headers)} of {len(every)} articles")
    here = screen()
    shown = (
        articles(headers, width=here.width, color=here.color, links=here.links)
        if headers
        else "The library is empty. qa add FILE reads articles into it."
    )
    options.give({"articles": [header_record(article, chars) for article, chars in headers]}, shown)


def show(
    context: typer.Context,
    id: Annotated[str, typer.Argument(metavar="ID", help="An article's id or its unique beginning, its path or its URL.")],
    text: Annotated[bool, typer.Option("--text", help="Print the stored text and nothing else, byte for byte.")] = False,
    version: Annotated[int | None, typer.Option("--version", metavar="N", help="An earlier version.")] = None,
    every: Annotated[bool, typer.Option("--versions", help="List its versions instead.")] = False,
) -> None:
    """One article."""
    from qa.hidden import of_articles, told
    from qa.render.data import article_record
    from qa.render.terminal import article as shown

    options = globals_of(context)
    if every:
        _versions(options, options.house.library.resolve(id))
        return
    article = options.house.library.article(id, version)
    if text and not options.json:
        sys.stdout.buffer.write(article.text.encode())
        sys.stdout.buffer.flush()
        return
    here = screen()
    hidden = dict(of_articles(options.house.library.connection, [article.id], version)).get(article.id, ())
    remarks = [f"hidden: {told(hidden)}"] if hidden else []
    record = {**article_record(article), "hidden": {one.kind: one.count for one in hidden}}
    options.give(record, shown(article, width=here.width, color=here.color, links=here.links, remarks=remarks))


def _versions(options: Globals, id: str) -> None:
    from qa.commands.verify import look
    from qa.render import verdict_data, verdict_terminal
    from qa.versions import versions

    found = versions(options.house.library, id)
    options.give(verdict_data.versions_record(id, found), verdict_terminal.versions(found, look()))


def diff(
    context: typer.Context,
    id: Annotated[str, typer.Argument(metavar="ID", help="An article's id or its unique beginning, its path or its URL.")],
    before: Annotated[int | None, typer.Option("--from", metavar="N", help="The earlier version; the one before.")] = None,
    after: Annotated[int | None, typer.Option("--to", metavar="N", help="The later version; the current one.")] = None,
) -> None:
    """What changed in an article from one version to another, word by word."""
    from qa.commands.verify import look
    from qa.render import verdict_data, verdict_terminal
    from qa.versions import difference

    options = globals_of(context)
    found = difference(options.house.library, id, before, after)
    options.give(verdict_data.difference_record(found), verdict_terminal.difference(found, look()))


def remove(
    context: typer.Context,
    ids: Annotated[list[str], typer.Argument(metavar="ID...", help="Ids, or their unique beginnings.")],
) -> None:
    """Take articles out of answers, with every version; the files they were read from stay."""
    if not all(ids):
        raise UsageError("an id is empty", "qa list shows the ids")
    options = globals_of(context)
    for id in ids:
        options.house.library.resolve(id)
    removed = options.house.desk().remove(ids)
    options.give({"removed": removed}, "removed " + ", ".join(removed))
