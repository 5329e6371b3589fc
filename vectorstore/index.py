"""A store and an embedder behind one lock: safe for several processes on one folder.

Chroma is not: two writers lose each other's rows, and a reader that stays open never sees another's. So a writer takes the
lock, leaves a mark, opens, writes, closes and lets go; a reader takes it for the time of a search, and opens anew where the
mark is not the one it opened at.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex

import numpy as np
from filelock import FileLock, Timeout

from vectorstore.interface import Embedder, Store, VectorStoreError
from vectorstore.stores import store_named
from vectorstore.types import Chunk, Filter, Hit, Vectors

EXACT = 512
"""Up to so many chunks pass a filter, their vectors are fetched and compared one by one: exact, and within 15 ms. Beyond, it is
faster to search wider: where 4,000 of 60,000 chunks pass, fetching them takes 180 ms and searching 25."""

PATIENCE = 60.0
"""Seconds that a reader waits for the lock at most: a write of many chunks keeps it for some, one that was stopped for ever."""

_PART = 128
"""Chunks of like length that are embedded between two words of progress."""

_NO_LOCK = (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOENT)
"""What stands in the way of a lock file where nothing can be written anyway."""


class Index:
    """Vectors of chunks, by id."""

    def __init__(
        self, folder: Path, embedder: Embedder, store: str = "chroma", *, offline: bool = False, wait: float = 3600.0
    ) -> None:
        """Opens nothing yet, and makes nothing until the first write; a writer waits ``wait`` seconds for the lock at most.

        Raises Unknown for a store that is not there, and where ``offline`` for one that is not on this machine.
        """
        self._folder = folder
        self._embedder = embedder
        self._store = store
        self._wait = wait
        self._maker = store_named(store, offline=offline)
        self._reader: Store | None = None
        self._mark = ""
        self._known = False

    # Writing

    def write(self, remove: Sequence[str], chunks: Sequence[Chunk], progress: Callable[[int], None] = lambda _: None) -> None:
        """Forgets the ids, embeds and keeps the chunks; doing it again changes nothing. Raises Stranger before it embeds.

        ``progress`` is told of each number of chunks that were embedded.
        """
        self._meet()
        ordered = sorted(chunks, key=lambda chunk: len(chunk.text))
        vectors = []
        for start in range(0, len(ordered), _PART):
            part = ordered[start : start + _PART]
            vectors.append(self._embedder.embed([chunk.embedded for chunk in part]))
            progress(len(part))
        self.close()
        with self._locked(), self._opened() as store:
            if remove:
                store.remove(remove)
            if vectors:
                store.add([chunk.id for chunk in ordered], np.concatenate(vectors))

    def clear(self) -> None:
        """Forgets everything, whoever made it; the next write makes a new index for this embedder."""
        self.close()
        with self._locked():
            self._sign()
            self._maker.erase(self._folder)

    def _sign(self) -> None:
        """Leaves a mark that no other write has left, before anything is changed: readers compare it. It names the store."""
        self._folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        Path(f"{self._folder}.written").write_text(f"{token_hex()} {self._store}", encoding="utf-8")

    def _written(self) -> str:
        """The last writer's mark; empty where there is none."""
        try:
            return Path(f"{self._folder}.written").read_text(encoding="utf-8")
        except OSError:
            return ""

    def _ours(self) -> bool:
        """Whether no other store was written since: what this one has may be older than the library's books."""
        return self._written().partition(" ")[2] in {"", self._store}

    def exists(self) -> bool:
        """Whether anything was ever written, and is still there, with nothing written to another store since."""
        return self._ours() and self._maker.exists(self._folder)

    # Reading

    def search(self, question: str, k: int, accept: Filter | None) -> list[Hit]:
        """The ``k`` chunks nearest to the question among those that ``accept`` lets through, best first."""
        vector = self._embedder.embed([question])[0]
        with self._reading() as store:
            if store is None:
                return []
            if accept is None:
                return store.nearest(vector, k)
            passing = accept.count()
            return _exact(store, vector, k, accept) if passing <= EXACT else _wide(store, vector, k, accept, passing)

    def ids(self) -> list[str]:
        """Every id in it, as it stands on disk now."""
        self.close()
        with self._reading() as store:
            return store.ids() if store else []

    def close(self) -> None:
        """Lets go of what a reader keeps open."""
        if self._reader is not None:
            self._reader.close()
            self._reader = None

    # Opening

    def _meet(self) -> None:
        """Finds out once, before anything is embedded, whether the store is there and the index this embedder's."""
        if not self._known:
            with self._locked(), self._opened():
                pass
        self._known = True

    @contextmanager
    def _opened(self) -> Iterator[Store]:
        """The store, for a writer who holds the lock. What it had before another store was written is forgotten."""
        if not self._ours():
            self._maker.erase(self._folder)
        store = self._maker(self._folder, self._embedder.name, self._embedder.dimension)
        try:
            self._sign()
            yield store
        finally:
            store.close()

    @contextmanager
    def _reading(self) -> Iterator[Store | None]:
        """The open store, None where there is none; opened anew where somebody has written since."""
        with self._locked(min(self._wait, PATIENCE)):
            mark = self._written()
            if mark != self._mark:
                self.close()
            if self._reader is None and self.exists():
                self._reader = self._maker(self._folder, self._embedder.name, self._embedder.dimension)
            self._mark = mark
            yield self._reader

    @contextmanager
    def _locked(self, patience: float | None = None) -> Iterator[None]:
        """The lock beside the folder; without it where no file can be made there, for then nobody can write either.

        Raises VectorStoreError where another process keeps it for longer than ``patience`` seconds, a writer's ``wait`` if None.
        """
        patience = self._wait if patience is None else patience
        path = Path(f"{self._folder}.lock")
        lock = FileLock(path, mode=0o600)
        try:
            lock.acquire(timeout=patience, poll_interval=0.01)
        except Timeout:
            raise VectorStoreError(*_kept(path, patience)) from None
        except (OSError, NotImplementedError) as error:
            if isinstance(error, OSError) and error.errno not in _NO_LOCK:
                raise
            yield
            return
        try:
            yield
        finally:
            lock.release()


def _kept(lock: Path, patience: float) -> tuple[str, str]:
    """What to tell of a lock that another keeps, and what to do."""
    pid = _holder(lock)
    who, end = (f"process {pid}", f"kill -CONT {pid} wakes it, if it was stopped") if pid else ("another process", "end it")
    return f"{who} has kept the index for longer than {patience:,.0f} s", f"let it finish ({end}), and give the command again"


def _holder(lock: Path) -> int | None:
    """The process that holds the lock, where the system lists such (Linux); None where it is not known."""
    try:
        inode = str(lock.stat().st_ino)
        rows = [row.split() for row in Path("/proc/locks").read_text(encoding="ascii").splitlines()]
    except OSError:
        return None
    pids = [int(row[4]) for row in rows if row[1] != "->" and row[5].rpartition(":")[2] == inode]
    return next((pid for pid in pids if pid > 0 and pid != os.getpid()), None)


def _exact(store: Store, vector: Vectors, k: int, accept: Filter) -> list[Hit]:
    ids, vectors = store.vectors(accept.ids())
    scores = vectors @ vector
    best = np.argsort(-scores, kind="stable")[:k]
    return [Hit(ids[at], float(scores[at])) for at in best]


def _wide(store: Store, vector: Vectors, k: int, accept: Filter, passing: int) -> list[Hit]:
    """Looks further and further until ``k`` hits pass or everything was seen."""
    total = store.count()
    reach = min(total, max(k, 2 * k * total // passing))
    while True:
        hits = store.nearest(vector, reach)
        kept = accept.keep({hit.id for hit in hits})
        found = [hit for hit in hits if hit.id in kept]
        if len(found) >= k or reach >= total:
            return found[:k]
        reach = min(total, 2 * reach)
