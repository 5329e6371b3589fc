"""What keeps vectors: one file and one line in the table for each. A dotted name from outside works as well."""

from __future__ import annotations

from pathlib import Path
from pkgutil import resolve_name
from typing import Protocol, cast

from vectorstore.interface import Store, Unknown

STORES = {
    "chroma": "vectorstore.stores.chroma:Chroma",
    "memory": "vectorstore.stores.memory:Memory",
    "server": "vectorstore.stores.server:Server",
}
"""A server is not asked for by its name but by its address."""
_HINT = "choose chroma, or the address of a Chroma server as http://host:port"


class Maker(Protocol):
    """A store's class. ``exists`` says whether there is one to open; opening one that is not there makes it."""

    def __call__(self, folder: Path, embedder: str, dimension: int) -> Store:
        """Opens or makes the store. Raises VectorStoreError where it was written by another embedder or cannot be read."""

    def exists(self, folder: Path) -> bool:
        """Whether something was ever stored there; makes nothing."""

    def erase(self, folder: Path) -> None:
        """Takes away whatever is stored there."""


def store_named(name: str, *, offline: bool = False) -> Maker:
    """What opens stores of that name, or at that address.

    Raises Unknown for one that leads nowhere, and where ``offline`` for a server that is not on this machine.
    """
    if "://" in name:
        return cast(Maker, resolve_name(STORES["server"])(name, loopback=offline))
    try:
        found = resolve_name(STORES.get(name, name))
    except (ValueError, ImportError, AttributeError) as error:
        raise Unknown(f"there is no store called {name!r}", _HINT) from error
    if name == "server":
        raise Unknown("a store on a server is named by its address", _HINT)
    return cast(Maker, found)
