"""Which files there are to read."""

from __future__ import annotations

import difflib
import stat
from collections.abc import Collection
from pathlib import Path

from qa.errors import NothingThere

_JUNK = frozenset({"__MACOSX", "__pycache__", "node_modules", "$RECYCLE.BIN", "System Volume Information"})
_ANY = "name a file, a folder, a web address, or - for stdin"


def files(folder: Path, suffixes: Collection[str]) -> list[Path]:
    """The files below ``folder`` whose suffix is among ``suffixes``, each once, a folder's entries in the order of their names.

    Hidden entries, well-known junk and the parts of saved web pages are passed over. Links are followed, and each place is
    visited once. A folder that cannot be listed stands for itself.
    """
    found: list[Path] = []
    seen: set[Path] = set()
    waiting = [folder]
    while waiting:
        path = waiting.pop()
        wanted = path.suffix.lower() in suffixes
        try:
            mode = path.stat().st_mode
            real = path.resolve()
            if real in seen:
                continue
            seen.add(real)
            if stat.S_ISDIR(mode):
                wanted = True
                waiting += _entries(path)
            elif wanted:
                found.append(path)
        except OSError:
            found += [path] if wanted else []
    return found


def _entries(folder: Path) -> list[Path]:
    """What ``folder`` holds, last name first, without what nobody means who names it."""
    entries = sorted(folder.iterdir(), reverse=True)
    names = {entry.name for entry in entries}
    return [entry for entry in entries if not is_junk(entry.name, names)]


def is_junk(name: str, beside: Collection[str]) -> bool:
    """Whether an entry is hidden, well-known junk, or the folder of a saved web page that stands ``beside`` it."""
    page = name.removesuffix("_files")
    part_of_page = page != name and not {f"{page}.html", f"{page}.htm"}.isdisjoint(beside)
    return name.startswith((".", "~$")) or name in _JUNK or part_of_page


def existing(source: str) -> Path:
    """``source`` as an absolute path without links. Raises NothingThere where there is nothing."""
    if not source.strip():
        raise NothingThere("a source without a name", _ANY)
    path = Path(source)
    try:
        path.stat()
        return path.resolve()
    except (OSError, ValueError) as error:
        raise NothingThere(f"{source} does not exist", _hint(path)) from error


def _hint(path: Path) -> str:
    """The next step: a name in the same folder that is nearly the same, where there is one."""
    try:
        names = sorted(entry.name for entry in path.parent.iterdir())
    except (OSError, ValueError):
        names = []
    near = difflib.get_close_matches(path.name, names, n=1)
    return f"did you mean {path.parent / near[0]}?" if near else _ANY
