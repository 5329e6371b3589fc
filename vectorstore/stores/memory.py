"""Vectors in this process's memory: what every other store is compared with, and a real store for tests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

import numpy as np

from vectorstore.interface import Stranger
from vectorstore.types import Hit, Vectors


@dataclass(slots=True)
class _Shelf:
    embedder: str
    dimension: int
    vectors: dict[str, Vectors] = field(default_factory=dict)


class Memory:
    """Exact cosine over everything. What is stored lasts as long as the process, under its folder's name."""

    _shelves: ClassVar[dict[Path, _Shelf]] = {}

    def __init__(self, folder: Path, embedder: str, dimension: int) -> None:
        """Opens the shelf of that name. Raises Stranger where another embedder filled it."""
        self._shelf = self._shelves.setdefault(folder.resolve(), _Shelf(embedder, dimension))
        if (self._shelf.embedder, self._shelf.dimension) != (embedder, dimension):
            raise Stranger(self._shelf.embedder, self._shelf.dimension, embedder, dimension)

    @classmethod
    def exists(cls, folder: Path) -> bool:
        """Whether anything opened that shelf before."""
        return folder.resolve() in cls._shelves

    @classmethod
    def erase(cls, folder: Path) -> None:
        """Forgets the shelf, whoever filled it."""
        cls._shelves.pop(folder.resolve(), None)

    def add(self, ids: Sequence[str], vectors: Vectors) -> None:
        """Keeps the pairs whose id is new."""
        for id, vector in zip(ids, vectors, strict=True):
            self._shelf.vectors.setdefault(id, np.asarray(vector, np.float32))

    def remove(self, ids: Sequence[str]) -> None:
        """Forgets these ids."""
        for id in ids:
            self._shelf.vectors.pop(id, None)

    def nearest(self, vector: Vectors, k: int) -> list[Hit]:
        """The ``k`` nearest, ties by id."""
        found, vectors = self.vectors(self.ids())
        scored = [Hit(id, float(score)) for id, score in zip(found, vectors @ vector, strict=True)]
        return sorted(scored, key=lambda hit: (-hit.score, hit.id))[:k]

    def vectors(self, ids: Sequence[str]) -> tuple[list[str], Vectors]:
        """Those that are there."""
        found = [id for id in ids if id in self._shelf.vectors]
        rows = [self._shelf.vectors[id] for id in found]
        return found, np.stack(rows) if rows else np.zeros((0, self._shelf.dimension), np.float32)

    def ids(self) -> list[str]:
        """All ids."""
        return list(self._shelf.vectors)

    def count(self) -> int:
        """How many."""
        return len(self._shelf.vectors)

    def close(self) -> None:
        """Nothing to let go of."""
