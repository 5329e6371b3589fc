"""``qa eval run compare gate raise report``: how good the answers are, and whether a change made them better."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qa.commands.shared import Globals, Model, globals_of

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from qa.eval.cases import Data
    from qa.eval.run import Watcher

evaluation = typer.Typer(
    help="How good the answers are, measured against golden ones.", no_args_is_help=True, rich_markup_mode=None
)
_EVERY = 15.0
"""Seconds between two lines of progress where there is no terminal to draw on."""

Finished = Annotated[Path, typer.Argument(metavar="RUN", help="The folder of a finished evaluation.")]
FloorsFile = Annotated[Path, typer.Option("--floors", metavar="FILE", help="The least that each metric must reach, as JSON.")]


@evaluation.command()
def run(
    context: typer.Context,
    data: Annotated[
        Path, typer.Argument(metavar="DATA", help="A folder with articles.jsonl and questions.jsonl, or a questions file.")
    ],
    out: Annotated[Path, typer.Option("--out", metavar="RUN", help="The folder that keeps answers, scores and reports.")],
    model: Model = None,
    limit: Annotated[int | None, typer.Option("--limit", metavar="N", min=1, help="Only the first N questions.")] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Forget the answers that RUN holds.")] = False,
    no_cache: Annotated[bool, typer.Option("--no-cache", help="Ask a language model again what it was asked before.")] = False,
) -> None:
    """Answer every question of a data set, beside four baselines, and score it; a stopped run goes on where it stopped.

    A questions file is JSON Lines or YAML and is put to the current library. A folder's articles stand in a library of their own.
    """
    from qa.eval.records import metrics
    from qa.eval.run import evaluate
    from qa.eval.tables import table
    from qa.llm.cached import FILE

    options = globals_of(context)
    options.model = model or options.model
    settings = options.configured[0]
    replies = None if no_cache else settings.home / FILE
    chosen = _opened(data, options).first(limit)
    with _watched(options) as watcher:
        done = evaluate(chosen, settings, out, watcher, fresh=fresh, replies=replies)
    options.tell(f"the report: {out / 'report.html'}")
    options.give(metrics(done), table(done))


def _opened(path: Path, options: Globals) -> Data:
    from qa.errors import NothingThere
    from qa.eval.cases import of_file, of_folder

    if not path.exists():
        raise NothingThere(f"there is no file or folder {path}", "check the path")
    if path.is_dir():
        return of_folder(path, options.configured[0].limit_mb * 1_000_000)
    options.house.need_articles()
    return of_file(path, options.house.library)


@evaluation.command()
def compare(
    context: typer.Context,
    one: Annotated[Path, typer.Argument(metavar="A", help="The folder of an evaluation.")],
    other: Annotated[Path, typer.Argument(metavar="B", help="That of another one on the same data.")],
) -> None:
    """Two evaluations, question by question: what changed from A to B, with 95 % intervals, and which answers flipped."""
    from qa.eval.compare import compare as compared
    from qa.eval.folder import Folder
    from qa.eval.tables import comparison_record, comparison_text

    found = compared(Folder(one).load(), Folder(other).load())
    globals_of(context).give(comparison_record(found), comparison_text(found))


@evaluation.command()
def gate(context: typer.Context, run: Finished, floors: FloorsFile) -> None:
    """Hold an evaluation against floors; ends with 8 and what fell where it is below one."""
    from qa.eval.folder import Folder
    from qa.eval.gate import gate as judged
    from qa.eval.gate import read_floors
    from qa.eval.tables import verdict_record, verdict_text

    limits = read_floors(floors)
    verdict = judged(Folder(run).load(), limits)
    globals_of(context).give(verdict_record(verdict), verdict_text(verdict))
    verdict.enforce()


@evaluation.command("raise")
def raise_(
    context: typer.Context,
    run: Finished,
    floors: FloorsFile,
    lower: Annotated[bool, typer.Option("--lower", help="Also lower floors that the evaluation does not reach.")] = False,
) -> None:
    """Raise the floors in a file to what an evaluation reaches."""
    from qa.eval.folder import Folder
    from qa.eval.gate import raise_floors
    from qa.eval.tables import raised_record, raised_text

    raised = raise_floors(Folder(run).load(), floors, lower=lower)
    globals_of(context).give(raised_record(raised), raised_text(raised))


@evaluation.command()
def report(context: typer.Context, run: Finished) -> None:
    """Write report.html and report.md of a finished evaluation anew."""
    from qa.eval.folder import Folder
    from qa.eval.run import report as reported

    reported(Folder(run).load(), run)
    files = {"html": str(run / "report.html"), "markdown": str(run / "report.md")}
    globals_of(context).give(files, "\n".join(files.values()))


@contextmanager
def _watched(options: Globals) -> Iterator[Watcher]:
    """Progress and time left: bars on a terminal's stderr, a line now and then elsewhere, nothing with --quiet."""
    if options.quiet or not sys.stderr.isatty():
        yield _Lines(options)
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(bar_width=20), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        yield _Bars(progress, options)


class _Lines:
    """A line of progress every few seconds."""

    def __init__(self, options: Globals) -> None:
        self._options = options
        self._began = self._told = time.monotonic()
        self._chunks = 0

    def embedded(self, chunks: int) -> None:
        self._chunks += chunks
        if self._due():
            self._options.tell(f"{self._chunks} chunks of the articles embedded")

    def answered(self, done: int, before: int, total: int) -> None:
        now = time.monotonic()
        if not done:
            self._began = now
            _resumed(self._options, before, total)
        elif done > before and (done == total or self._due()):
            left = (now - self._began) / (done - before) * (total - done)
            self._options.tell(f"{done} of {total} questions, {left:.0f} s left")

    def _due(self) -> bool:
        due = time.monotonic() - self._told >= _EVERY
        if due:
            self._told = time.monotonic()
        return due


class _Bars:
    """Bars that move."""

    def __init__(self, progress: Progress, options: Globals) -> None:
        self._progress, self._options = progress, options
        self._chunks: TaskID | None = None
        self._questions: TaskID | None = None

    def embedded(self, chunks: int) -> None:
        if self._chunks is None:
            self._chunks = self._progress.add_task("chunks", total=None)
        self._progress.update(self._chunks, advance=chunks)

    def answered(self, done: int, before: int, total: int) -> None:
        if self._questions is None:
            self._questions = self._progress.add_task("questions", total=total)
            _resumed(self._options, before, total)
        self._progress.update(self._questions, completed=done)


def _resumed(options: Globals, before: int, total: int) -> None:
    if before:
        options.tell(f"{before} of {total} questions were answered before; --fresh answers them anew")
