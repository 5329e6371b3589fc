"""The two seams of this package: what keeps vectors, and what makes them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from vectorstore.types import Hit, Vectors


class VectorStoreError(Exception):
    """The index cannot do what was asked; ``hint`` says what will mend it."""

    exit_code = 1
    """What a command ends with."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class Stranger(VectorStoreError):
    """The index was made by another embedder: its vectors mean nothing to this one."""

    exit_code = 3

    def __init__(self, made: object, size: object, embedder: str, dimension: int) -> None:
        super().__init__(
            f"the index was made by {made} ({size} numbers a vector), not by {embedder} ({dimension})",
            "qa rebuild makes it anew; or set the embedder back",
        )


class Unknown(VectorStoreError):
    """A store or an embedder that is not there, or cannot be set up as it is named."""

    exit_code = 3


class Unreachable(VectorStoreError):
    """A provider that did not answer, or not as it should."""

    exit_code = 7


class Embedder(Protocol):
    """Turns texts into vectors."""

    @property
    def name(self) -> str:
        """Identifies the weights: two embedders with one name give the same vectors."""

    @property
    def dimension(self) -> int:
        """Length of each vector."""

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One vector of length 1 for each text, in order: shape (len(texts), dimension)."""


class Store(Protocol):
    """Keeps (id, vector) pairs for one embedder and finds the nearest.

    Raises VectorStoreError when it was written by another embedder or cannot be read.
    """

    def add(self, ids: Sequence[str], vectors: Vectors) -> None:
        """Keeps the pairs. An id that is there already keeps its vector: an id never changes its content."""

    def remove(self, ids: Sequence[str]) -> None:
        """Forgets these ids; unknown ones are no error."""

    def nearest(self, vector: Vectors, k: int) -> list[Hit]:
        """The ``k`` ids with the highest cosine to ``vector`` (shape (dimension,)), best first; fewer where there are fewer."""

    def vectors(self, ids: Sequence[str]) -> tuple[list[str], Vectors]:
        """The stored vectors of those of ``ids`` that are there: ids, and shape (len(ids), dimension) in that order."""

    def ids(self) -> list[str]:
        """All ids, in no particular order."""

    def count(self) -> int:
        """How many ids there are."""

    def close(self) -> None:
        """Lets go of files and memory. The store is not used afterwards."""
