"""Articles into the library, and from there into the index: in batches that each survive a kill at any moment.

A batch is committed to the library first, with its chunks marked as waiting; then embedded, written to the index, and marked
as done. Whoever holds the lock next finishes what is waiting, so a killed process leaves work, never a hole.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Protocol

from qa.chunk import Count
from qa.errors import UsageError
from qa.ingest.types import Known, Lost, Skipped, shown
from qa.ledger import Ledger
from qa.library import Library
from qa.origins import Origins
from qa.removed import Removed
from qa.rows import unstorable
from qa.sources import article_at
from qa.types import Document
from vectorstore.types import Chunk

BATCH_LETTERS = 1_000_000
"""Code points of new text that are committed and embedded together: a minute's work on two cores."""
SLICE = 2048
"""Chunks embedded and written to the index at a time. Each write loads the whole index: fewer are faster, a kill costs more."""


class Writer(Protocol):
    """What intake needs of an index."""

    def write(self, remove: Sequence[str], chunks: Sequence[Chunk], progress: Callable[[int], None]) -> None:
        """Forgets the ids, takes in the chunks and tells how many were embedded; safe to repeat."""

    def exists(self) -> bool:
        """Whether anything was ever written, and is still there."""

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
    """Articles whose file, line or page is no longer there."""
    removed: list[str] = field(default_factory=list)
    """Those of ``gone`` that were taken out."""
    kinds: dict[str, str] = field(default_factory=dict)
    """What each article that was read came from, in a word."""
    guessed: dict[str, str] = field(default_factory=dict)
    """The encodings that were guessed at, by the articles' ids."""
    _changes: dict[str, str] = field(default_factory=dict, repr=False)

    def note(self, id: str, change: str) -> None:
        """Counts an article once: a change outweighs that it was found unchanged."""
        if self._changes.get(id, "unchanged") == "unchanged" and self._changes.get(id) != change:
            if id in self._changes:
                self.unchanged.remove(id)
            into: list[str] = getattr(self, change)
            into.append(id)
            self._changes[id] = change

    def tell(self, id: str, document: Document) -> None:
        """Keeps what is to be told of how an article was read."""
        self.kinds[id] = document.kind
        if "guessed_encoding" in document.extra:
            self.guessed[id] = str(document.extra["guessed_encoding"])

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
        letters = 0
        given: dict[str, str] = {}
        for item in offered:
            if isinstance(item, Skipped):
                self._left_out(item, report)
            elif reason := unstorable(item):
                report.skipped.append(Skipped(shown(str(item.origin)), reason))
            elif item.id is not None and given.setdefault(item.id, item.origin) != item.origin:
                report.skipped.append(Skipped(item.origin, f"the id {item.id!r} was given by {given[item.id]} already"))
            elif id := self.library.unchanged(item):
                report.note(id, "unchanged")
                report.tell(id, item)
            else:
                batch.append(item)
                letters += len(item.text)
                if letters >= BATCH_LETTERS:
                    self._take_in(batch, report)
                    batch, letters = [], 0
        self._take_in(batch, report)
        return report

    def _left_out(self, item: Skipped, report: Report) -> None:
        """Counts an article that its source calls unchanged or gone, else why something did not become one."""
        id = article_at(self.library.connection, item.source) if isinstance(item, Known | Lost) else None
        if id is None:
            report.skipped.append(item)
        elif isinstance(item, Known):
            report.note(id, "unchanged")
        elif id not in report.gone:
            report.gone.append(id)

    def remove(self, ids: Sequence[str], *, remember: bool = True) -> list[str]:
        """Takes articles out of library and index; all or none of them. Raises NothingThere for an unknown one.

        Those that are to be remembered are left out when their sources are read again.
        """
        with self.lock():
            with self.library.writing():
                whole = dict.fromkeys(self.library.resolve(id) for id in ids)
                Removed(self.library.connection).remember(whole if remember else ())
                removed = [self.library.remove(id) for id in whole]
                Origins(self.library.connection).follow(removed)
            self.sync()
            self.library.forget()
        return removed

    def _take_in(self, batch: Sequence[Document], report: Report) -> None:
        ledger = Ledger(self.library.connection)
        if not batch and not ledger.behind():
            return
        with self.lock():
            if batch:
                self.index()  # a store or embedder that cannot be opened is told before anything is taken in
                with self.library.writing():
                    changed = [id for document in batch if (id := self._put(document, report))]
                    Origins(self.library.connection).follow(changed)
            self.sync()

    def _put(self, document: Document, report: Report) -> str | None:
        try:
            id, change = self.library.put(document, self.count)
        except UsageError as error:
            report.skipped.append(Skipped(document.origin, error.message))
            return None
        report.note(id, change)
        report.tell(id, document)
        return id

    def rebuild(self) -> tuple[int, list[str]]:
        """Makes sentences, chunks, keywords and vectors anew from the texts. A kill is no loss.

        Gives the number of chunks, and the ids of articles of which a text is lost or damaged.
        """
        with self.lock():
            with self.library.writing():
                Ledger(self.library.connection).order_rebuild()
            torn = self.sync()
        return len(Ledger(self.library.connection).expected()), torn

    def sync(self) -> list[str]:
        """Brings the index up to the library; the caller holds the lock. Gives what ``Library.recut`` does, if there was one."""
        ledger = Ledger(self.library.connection)
        torn: list[str] = []
        if ledger.rebuilding():
            self.index().clear()
            with self.library.writing():
                torn = self.library.recut(self.count)
                Origins(self.library.connection).refill()
                ledger.emptied()
        elif ledger.behind() and ledger.written() and not self.index().exists():
            with self.library.writing():
                ledger.lost()
        while True:
            stale, waiting = ledger.stale(), ledger.waiting(SLICE)
            if not stale and not waiting:
                return torn
            self.index().write(stale, waiting, self.progress)
            with self.library.writing():
                ledger.done([chunk.id for chunk in waiting], stale)


def gone(library: Library, sources: Sequence[str], report: Report) -> list[str]:
    """Ids of articles read from below ``sources`` before, whose file is gone or no longer holds their line.

    Of a source that is not there only what bears its very name is gone: a whole folder may be a disk that is not mounted.
    """
    seen = {*report.added, *report.updated, *report.unchanged}
    doubtful = {file_of(skipped.source) for skipped in report.skipped}
    roots = [os.path.realpath(source) for source in sources if source != "-" and "://" not in source]
    folders = tuple(f"{root.rstrip(os.sep)}{os.sep}" for root in roots if os.path.isdir(root))
    missing = []
    every = "SELECT a.id, v.origin FROM articles a JOIN versions v ON v.key = a.current ORDER BY v.key"
    for id, origin in library.connection.execute(every):
        below = origin.startswith(folders) or any(origin == root or origin.startswith(f"{root}#") for root in roots)
        if below and id not in seen:
            file = file_of(origin)
            line = file != origin
            if not _there(file) or (line and file not in doubtful):
                missing.append(id)
    return missing


def _there(file: str) -> bool:
    """Whether the file may be there: only a plain no counts as one."""
    try:
        os.stat(file)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True
    return True


def file_of(origin: str) -> str:
    """The file of an origin, which for a line of a file goes on with ``#`` and the line's id; either may hold more of them."""
    cuts = (origin[:at] for at, letter in enumerate(origin) if letter == "#")
    return origin if os.path.exists(origin) else next((path for path in cuts if os.path.isfile(path)), origin)
