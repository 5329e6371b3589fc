"""Articles into the library, and from there into the index: in batches that each survive a kill at any moment.

A batch is committed to the library first, with its chunks marked as waiting; then embedded, written to the index, and marked
as done. Whoever holds the lock next finishes what is waiting, so a killed process leaves work, never a hole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from qa.chunk import Count
from qa.errors import UsageError
from qa.ingest.types import Skipped
from qa.ledger import Ledger
from qa.library import Library
from qa.types import Document
from vectorstore.types import Chunk

BATCH_LETTERS = 500_000
"""Code points of new text that are committed and embedded together: half a minute's work on two cores."""
SLICE = 512
"""Chunks embedded and written to the index at a time."""


class Writer(Protocol):
    """What intake needs of an index."""

    def write(self, remove: Sequence[str], chunks: Sequence[Chunk], progress: Callable[[int], None]) -> None:
        """Forgets the ids, takes in the chunks and tells how many were embedded; safe to repeat."""

    def clear(self) -> None:
        """Forgets everything, whoever made it."""


@dataclass(slots=True)
class Report:
    """What became of everything that was offered."""

    added: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    """Articles whose file, or line, is no longer there."""
    removed: list[str] = field(default_factory=list)
    """Those of ``gone`` that were taken out."""

    def note(self, id: str, change: str) -> None:
        """Counts an article once, under the first thing that happened to it."""
        if not any(id in seen for seen in (self.added, self.updated)):
            into: list[str] = getattr(self, change)
            if id not in self.unchanged:
                into.append(id)

    @property
    def read(self) -> int:
        """How many articles were read, whether or not they were new."""
        return len(self.added) + len(self.updated) + len(self.unchanged)


@dataclass(frozen=True, slots=True)
class Desk:
    """Where articles are taken in."""

    library: Library
    lock: Callable[[], AbstractContextManager[object]]
    """Holds the home's write lock."""
    index: Callable[[], Writer]
    """Opens the index; called only once there is something to embed or forget."""
    count: Count
    progress: Callable[[int], None]
    """Told of each number of chunks that were embedded."""

    def add(self, offered: Iterable[Document | Skipped]) -> Report:
        """Reads all that is offered and leaves library and index in agreement."""
        report = Report()
        batch: list[Document] = []
        for item in offered:
            if isinstance(item, Skipped):
                report.skipped.append(item)
            elif id := self.library.unchanged(item):
                report.note(id, "unchanged")
            else:
                batch.append(item)
                if sum(len(document.text) for document in batch) >= BATCH_LETTERS:
                    self._take_in(batch, report)
                    batch = []
        self._take_in(batch, report)
        return report

    def remove(self, ids: Sequence[str]) -> list[str]:
        """Takes articles out of library and index; all or none of them. Raises NothingThere for an unknown one."""
        with self.lock():
            with self.library.writing():
                removed = [self.library.remove(id) for id in dict.fromkeys(ids)]
            self.sync()
        return removed

    def _take_in(self, batch: Sequence[Document], report: Report) -> None:
        ledger = Ledger(self.library.connection)
        if not batch and not ledger.behind():
            return
        with self.lock():
            if batch:
                with self.library.writing():
                    for document in batch:
                        self._put(document, report)
            self.sync()

    def _put(self, document: Document, report: Report) -> None:
        try:
            report.note(*self.library.put(document, self.count))
        except UsageError as error:
            report.skipped.append(Skipped(document.origin, error.message))

    def rebuild(self) -> int:
        """Makes sentences, chunks, keywords and vectors anew from the texts; gives the number of chunks. A kill is no loss."""
        with self.lock():
            with self.library.writing():
                Ledger(self.library.connection).order_rebuild()
            self.sync()
        return len(Ledger(self.library.connection).expected())

    def sync(self) -> None:
        """Brings the index up to the library; the caller holds the lock."""
        ledger = Ledger(self.library.connection)
        if ledger.rebuilding():
            self.index().clear()
            with self.library.writing():
                self.library.recut(self.count)
                ledger.emptied()
        while True:
            stale, waiting = ledger.stale(), ledger.waiting(SLICE)
            if not stale and not waiting:
                return
            self.index().write(stale, waiting, self.progress)
            with self.library.writing():
                ledger.done([chunk.id for chunk in waiting], stale)


def gone(library: Library, sources: Sequence[str], report: Report) -> list[str]:
    """Ids of articles read from below ``sources`` before, whose file is gone or no longer holds their line."""
    seen = {*report.added, *report.updated, *report.unchanged}
    doubtful = {skipped.source for skipped in report.skipped}
    roots = [Path(source).resolve() for source in sources if source != "-" and "://" not in source]
    missing = []
    for article, _ in library.headers():
        if article.id in seen or "://" in article.origin:
            continue
        file = _file(article.origin)
        below = any(file == root or root in file.parents or article.origin.startswith(f"{root}#") for root in roots)
        line = str(file) != article.origin
        if below and (not file.exists() or (line and str(file) not in doubtful)):
            missing.append(article.id)
    return missing


def _file(origin: str) -> Path:
    """The file of an origin, which for a line of a file goes on with ``#`` and the line's id; either may hold more of them."""
    whole = Path(origin)
    if whole.exists():
        return whole
    cuts = (Path(origin[:at]) for at, letter in enumerate(origin) if letter == "#")
    return next((path for path in cuts if path.is_file()), whole)
