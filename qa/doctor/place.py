"""The home folder itself: who may read it, what was left lying, who is writing, how much room there is."""

from __future__ import annotations

import os
import shutil
import stat
import struct
from collections.abc import Iterator
from pathlib import Path

from qa.doctor.types import FIX, Check, State, listed, numbered
from qa.library import FILE
from qa.lock import HOLDER, holder

ROOM = 500_000_000
"""Bytes that should be free beside a copy of the library, which the next upgrade or backup will want."""
_OURS = (f"{FILE}*", "write.*", "index", "index.*", "index/**/*", "history", "replies*")
"""What the program makes, in which nobody else has business; ``qa.toml`` is the user's own."""
_COPIES = f"{FILE}.before-*"
_MB = 1_000_000


def checks(home: Path, room: int = ROOM) -> list[Check]:
    """All that can be said without opening the library."""
    return [_modes(home), _strays(home), _writer(home), _room(home, room)]


def _ours(home: Path) -> Iterator[Path]:
    for pattern in _OURS:
        yield from home.glob(pattern)


def _open(home: Path) -> list[Path]:
    """What others may read or write; Windows has no such modes. A user's own folder may be seen into, but not written to."""
    if os.name == "nt":
        return []
    wide = [path for path in _ours(home) if not path.is_symlink() and _mode(path) & 0o077]
    return [home, *wide] if home.is_dir() and _mode(home) & 0o022 else wide


def _mode(path: Path) -> int:
    try:
        return stat.S_IMODE(path.stat().st_mode)
    except OSError:  # gone again
        return 0


def _modes(home: Path) -> Check:
    wide = _open(home)
    if wide:
        return Check("privacy", State.BAD, f"other users may read or write {listed([path.name for path in wide])}", FIX)
    return Check("privacy", State.OK, "what is in the home is its owner's alone")


def _left(home: Path) -> list[Path]:
    """Files that somebody was writing who is no more; whoever asks holds the lock or has seen that nobody does."""
    found = [path for path in home.glob("*.partial") if path.is_file()]
    return found + [path for path in [home / HOLDER] if path.exists()]


def _strays(home: Path) -> Check:
    left = [] if writing(home) else _left(home)
    if left:
        hint = "qa doctor --fix takes them away"
        return Check("left-overs", State.REMARK, f"unfinished files: {listed([path.name for path in left])}", hint)
    copies = sorted(home.glob(_COPIES))
    if copies:
        size = sum(path.stat().st_size for path in copies) / _MB
        named = listed([path.name for path in copies])
        hint = "delete them once you are sure that you will not go back"
        return Check("left-overs", State.REMARK, f"the library from before an upgrade, {size:,.1f} MB: {named}", hint)
    return Check("left-overs", State.OK, "nothing was left lying")


def _writer(home: Path) -> Check:
    found = holder(home)
    if found:
        return Check("writer", State.REMARK, f"{found.told} has been writing for {found.seconds:,.0f} s")
    return Check("writer", State.OK, "nobody is writing")


def writing(home: Path) -> bool:
    """Whether another process holds the write lock."""
    return holder(home) is not None


def _room(home: Path, room: int) -> Check:
    there = next((folder for folder in (home, *home.absolute().parents) if folder.is_dir()), home)
    free = shutil.disk_usage(there).free
    library = sum(path.stat().st_size for path in home.glob(f"{FILE}*"))
    index = sum(path.stat().st_size for path in home.glob("index/**/*") if path.is_file())
    detail = f"{free / _MB:,.0f} MB free; the library takes {library / _MB:,.1f} MB, its index {index / _MB:,.1f} MB"
    if free < room + library:
        return Check("room", State.REMARK, detail, "make room on the disk: an upgrade and a backup keep a copy of the library")
    return Check("room", State.OK, detail)


def holes(folder: Path, vectors: int) -> Check | None:
    """A remark where most of Chroma's file is places of vectors that were forgotten."""
    from vectorstore.stores.chroma import slots

    try:
        places, size = slots(folder)
    except (OSError, struct.error):  # what is damaged is told by opening it
        return None
    if places <= 2 * max(vectors, 1) or (empty := places - vectors) * size < _MB:
        return None
    detail = f"{empty:,} of the {places:,} places in its file are of vectors that were forgotten, {empty * size / _MB:,.0f} MB"
    return Check("index file", State.REMARK, detail, "qa rebuild makes it small again")


def mended(home: Path) -> list[str]:
    """Takes away what was left lying and closes what is open to others; the caller holds the write lock. Tells what was done."""
    left = [path for path in _left(home) if path.name != HOLDER]
    for path in left:
        path.unlink(missing_ok=True)
    wide = _open(home)
    for path in wide:
        path.chmod(_mode(path) & 0o700)
    told = {"unfinished files taken away": len(left), "files and folders made private": len(wide)}
    return numbered(told)
