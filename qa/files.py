"""How files are made: for their owner alone, and as a whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO


@contextmanager
def private() -> Iterator[None]:
    """What is made within the block, by whichever package, gets the modes 0600 and 0700. The umask is the whole process's."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


@contextmanager
def replaced(path: Path) -> Iterator[BinaryIO]:
    """Where to write a file anew, as a whole or not at all: it has its name, and what was there is gone, once the block is done.

    Raises OSError with its name where it cannot be written. Nothing half done is left lying, but by a process that is killed.
    """
    partial = path.with_name(f"{path.name}.{os.getpid()}.partial")
    try:
        with partial.open("wb") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        partial.replace(path)
    except OSError as error:
        if error.filename in (None, str(partial)):
            error.filename = str(path)
        raise
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
