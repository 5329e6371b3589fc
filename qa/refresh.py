"""Sources read, remembered, and read again: what ``qa add`` and ``qa refresh`` have in common."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, BinaryIO

from qa.config import Settings
from qa.errors import Gone, NetworkError, NothingThere, QAError
from qa.ingest import offered
from qa.ingest.types import Lost, Skipped
from qa.intake import Desk, Report, gone
from qa.removed import Removed
from qa.sources import Source, Sources
from qa.types import Document

if TYPE_CHECKING:
    from qa.ingest.web import Web

Counted = Callable[[Iterator[Document | Skipped]], Iterable[Document | Skipped]]
READ = "read"
"""The status of a source that could be read."""


class Round:
    """Sources read one after the other into one library."""

    def __init__(self, settings: Settings, desk: Desk, stdin: BinaryIO, *, again: bool = False) -> None:
        """``again``, what somebody removed does not come back."""
        self.left_out: list[str] = []
        """Origins of articles that did not."""
        self._removed = Removed(desk.library.connection) if again else None
        self.status: dict[str, str] = {}
        """Of each source that was begun: READ, or why it could not be."""
        self.unreached: list[str] = []
        """Sources that the network kept away."""
        self._settings, self._desk, self._stdin = settings, desk, stdin
        self._web: Web | None = None

    @cached_property
    def _sources(self) -> Sources:
        return Sources(self._desk.library.connection)

    @property
    def moved(self) -> dict[str, str]:
        """Addresses that have moved for good, with their new ones."""
        return self._web.moved if self._web else {}

    def read(self, sources: Sequence[str], counted: Counted) -> Report:
        """What became of everything in ``sources``; one that cannot be read is skipped with its reason, the others are kept."""
        report = self._desk.add(counted(found for source in sources for found in self._offered(source) if not self._left(found)))
        report.gone += gone(self._desk.library, sources, report)
        return report

    def keep(self, moment: str) -> None:
        """Remembers, once all was taken in, what was learned at ``moment`` (ISO 8601, UTC)."""
        known = {one.name for one in self._sources.all()}
        named = {_name(source): status for source, status in self.status.items() if source != "-"}
        kept = [Source(name, moment, status) for name, status in named.items() if status == READ or name in known]
        learned = self._web.learned if self._web else {}
        if kept or learned:
            with self._desk.library.writing():
                self._sources.keep(kept, learned)

    def _offered(self, source: str) -> Iterator[Document | Skipped]:
        self.status[source] = READ
        try:
            yield from offered(source, self._stdin, self._settings, self._open)
        except Gone as error:
            seen = self._sources.seen(source)
            self.status[source] = error.message
            yield Lost(seen.origin if seen else source, f"{error.message} ({error.hint})")
        except QAError as error:
            self.status[source] = error.message
            self.unreached += [source] if isinstance(error, NetworkError) else []
            yield Skipped(source, f"{error.message} ({error.hint})")

    def _left(self, found: Document | Skipped) -> bool:
        if self._removed is None or isinstance(found, Skipped) or not self._removed.has(found):
            return False
        self.left_out.append(found.origin)
        return True

    def _open(self) -> Web:
        from qa.ingest.web import web_of

        if self._web is None:
            self._web = web_of(self._settings, self._sources)
        return self._web


def chosen(sources: Sources, names: Sequence[str]) -> list[str]:
    """The names of the remembered sources, all of them where none is named. Raises NothingThere for one that was never added."""
    known = [one.name for one in sources.all()]
    if not known:
        raise NothingThere("no source was added to this library", "qa add SOURCE reads a file, a folder, a page or a feed")
    wanted = [_name(name) for name in names]
    for name in wanted:
        if name not in known:
            raise NothingThere(f"{name} was never added", f"the sources are: {', '.join(known[:5])}{' ...' * (len(known) > 5)}")
    return wanted or known


def _name(source: str) -> str:
    return source if "://" in source else os.path.realpath(source)
