"""The home's write lock: one process writes at a time, and whoever waits learns for whom."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from qa.errors import QAError

LOCK = "write.lock"
HOLDER = "write.pid"
"""Who holds the lock; left behind by a process that was killed, so it counts only while the lock is held."""
_NOTICE = 2.0
"""Seconds after which a wait is told."""


@dataclass(frozen=True, slots=True)
class Holder:
    """The process that is writing."""

    pid: int
    """0 where it is not known."""
    seconds: float
    """For how long it has been."""

    @property
    def told(self) -> str:
        """In words."""
        return f"another qa (process {self.pid})" if self.pid else "another qa"


@contextmanager
def writing_alone(home: Path, wait: float, tell: Callable[[str], None]) -> Iterator[None]:
    """Holds the lock for the block; ``tell`` is told of a wait. Raises QAError after ``wait`` seconds of it."""
    from filelock import FileLock, Timeout

    lock = FileLock(home / LOCK, mode=0o600)
    try:
        lock.acquire(timeout=min(_NOTICE, wait))
    except Timeout:
        tell(f"waiting for {_holder(home).told}, which is writing to this library")
        try:
            lock.acquire(timeout=max(0, wait - _NOTICE))
        except Timeout:
            message = f"{_holder(home).told} has kept this library for longer than {wait:,.0f} s"
            raise QAError(
                message, "let it finish or end it, and give the same command again; the setting wait is how long"
            ) from None
    note = home / HOLDER
    try:
        with suppress(OSError):  # who it is matters less than that the work is done, on a full disk too
            note.write_text(str(os.getpid()), encoding="ascii")
            note.chmod(0o600)
        yield
    finally:
        with suppress(OSError):
            note.unlink(missing_ok=True)
        lock.release()


def holder(home: Path) -> Holder | None:
    """Who is writing now; None where nobody is. Makes no file."""
    from filelock import FileLock, Timeout

    if not (home / LOCK).exists():
        return None
    try:
        with FileLock(home / LOCK, timeout=0, mode=0o600):
            return None
    except Timeout:
        return _holder(home)
    except (OSError, NotImplementedError):  # a lock that may not be opened for writing is held by nobody that we could wait for
        return None


def _holder(home: Path) -> Holder:
    note = home / HOLDER
    try:
        return Holder(int(note.read_text(encoding="ascii")), max(0.0, time.time() - note.stat().st_mtime))
    except (OSError, ValueError):
        return Holder(0, 0.0)
