"""Files that are their owner's alone, whatever the umask of whoever starts the program."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def private() -> Iterator[None]:
    """What is made within the block, by whichever package, gets the modes 0600 and 0700. The umask is the whole process's."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)
