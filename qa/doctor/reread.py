"""Texts that are damaged or lost, had again from the files they were read from, where those still hold them."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterable

from qa.doctor.types import numbered
from qa.errors import UsageError
from qa.ingest.types import Skipped
from qa.intake import file_of
from qa.rows import sha256_of
from qa.types import Document

Reread = Callable[[str], Iterable[Document | Skipped]]
"""What a file has now."""


def restored(connection: sqlite3.Connection, damaged: Iterable[int], reread: Reread) -> list[str]:
    """Puts back, inside ``Library.writing()``, each text of the versions ``damaged``, and each that is lost, that is found again.

    What is found is held to its sha256, so nothing else can come in. Files alone are read, no addresses.
    """
    lost = connection.execute("SELECT key FROM versions WHERE sha256 NOT IN (SELECT sha256 FROM texts)")
    wanted: dict[str, set[str]] = {}
    for key in {*damaged, *(key for (key,) in lost)}:
        digest, origin = connection.execute("SELECT sha256, origin FROM versions WHERE key = ?", [key]).fetchone()
        wanted.setdefault(_file(origin), set()).add(digest)
    wanted.pop("", None)
    count = 0
    for file, digests in wanted.items():
        for text in _texts(reread(file)):
            if (digest := _digest(text)) in digests:
                digests.discard(digest)
                connection.execute("INSERT OR REPLACE INTO texts VALUES (?, ?)", [digest, text])
                count += 1
    return numbered({"texts read again from their files": count})


def _texts(found: Iterable[Document | Skipped]) -> Iterable[str]:
    return (one.text for one in found if isinstance(one, Document))


def _digest(text: str) -> str:
    try:
        return sha256_of(text)
    except UsageError:  # no stored text is like that
        return ""


def _file(origin: str) -> str:
    """The file of an origin; empty where there is none."""
    file = file_of(origin)
    return file if os.path.isfile(file) else ""  # noqa: PTH113 Path raises for a name that no disk could hold
