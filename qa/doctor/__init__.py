"""Whether everything that must hold of a home does hold, check by check."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

from qa.doctor import place, tables
from qa.doctor.mend import integrity, mend
from qa.doctor.survey import surveyed, tiles
from qa.doctor.types import FIX, Check, State
from qa.errors import QAError
from qa.ledger import Ledger
from qa.library import FILE, Library
from qa.schema import GONE, STEPS, gone
from vectorstore.interface import Unknown, Unreachable, VectorStoreError

__all__ = ["Check", "State", "examine", "mend", "place", "summed", "tiles"]

_DAMAGED = "move {home} away; then qa backup --restore FILE puts a backup back, qa import FILE an export, or qa add reads anew"


def examine(opened: Callable[[], Library], index_ids: Callable[[], list[str]], home: Path) -> list[Check]:
    """Every check of library and index: a file that cannot even be opened is a failed check, not an error."""
    if gone(home / FILE):
        return [Check("database", State.BAD, f"{FILE} is gone, and there was a library here", f"{GONE}{_kept(home)}")]
    try:
        library = opened()
        verdict = integrity(library.connection)
    except (sqlite3.Error, OSError, QAError) as error:
        return [Check("database", State.BAD, f"cannot be opened: {error}", _way_back(home, error))]
    if verdict != "ok":
        return [Check("database", State.BAD, f"damaged: {verdict}", _way_back(home, None))]
    if not library.path.exists():
        return [Check("database", State.OK, "there is no library here yet; qa add makes one")]
    return _all(library, index_ids, home)


def _all(library: Library, index_ids: Callable[[], list[str]], home: Path) -> list[Check]:
    """One state of the library, whoever writes meanwhile."""
    connection = library.connection
    articles, size = library.count(), f"schema {len(STEPS)}"
    checks = [Check("database", State.OK, f"sound, {size}, {articles:,} articles")]
    sound = tables.searchable(connection)
    connection.execute("BEGIN")
    try:
        checks += tables.checks(connection, surveyed(connection), sound=sound)
        return checks + _index(library, index_ids, home)
    finally:
        connection.execute("ROLLBACK")


def _way_back(home: Path, error: Exception | None) -> str:
    """Where the library can be had again; a copy from before an upgrade is the nearest."""
    if isinstance(error, QAError):
        return error.hint
    return _DAMAGED.format(home=home) + _kept(home)


def _kept(home: Path) -> str:
    copies = sorted(home.glob(f"{FILE}.before-*"), key=lambda path: path.stat().st_mtime)
    return f"; {copies[-1].name} in it is the library before its last upgrade" if copies else ""


def _index(library: Library, index_ids: Callable[[], list[str]], home: Path) -> list[Check]:
    ledger = Ledger(library.connection)
    expected = ledger.expected()
    if not expected and not ledger.behind():
        return [Check("index", State.OK, "nothing to index")]
    try:
        there = set(index_ids())
    except (VectorStoreError, QAError) as error:
        hint = error.hint if isinstance(error, QAError | Unknown | Unreachable) else FIX
        return [Check("index", State.BAD, error.message, hint)]
    missing, extra = len(expected - there), len(there - expected)
    if not missing and not extra and not ledger.behind():
        whole = Check("index", State.OK, f"{len(expected):,} chunks, each with its vector")
        return [whole, *filter(None, [place.holes(home / "index", len(there))])]
    detail = f"{missing:,} of {len(expected):,} chunks have no vector, {extra:,} vectors have no chunk"
    if place.writing(home):
        return [Check("index", State.REMARK, f"{detail}: another qa is at it", "look again when it has finished")]
    return [Check("index", State.BAD, detail, FIX)]


def summed(checks: list[Check]) -> str:
    """In words, whether all is well, or what to do."""
    bad = [check for check in checks if not check.ok]
    remarks = [check.name for check in checks if check.state is State.REMARK]
    if not bad:
        known = f" Worth knowing, and no damage: {', '.join(remarks)}." if remarks else ""
        return f"All is well: {len(checks)} checks, nothing is wrong.{known}"
    named = f"Not all is well: {', '.join(check.name for check in bad)}."
    fixable = sum(check.hint == FIX for check in bad)
    if fixable == len(bad):
        return f"{named} Next: qa doctor --fix"
    also = f"qa doctor --fix mends {fixable} of {len(bad)}; for the rest, what" if fixable else "What"
    return f"{named} {also} to do is said above."
