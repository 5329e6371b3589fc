"""Places: where words stand. Nothing here knows what they mean."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeAlias

if TYPE_CHECKING:  # numpy stays out of whoever only needs to know where words stand
    import numpy as np
    from numpy.typing import NDArray

Vectors: TypeAlias = "NDArray[np.float32]"
"""Shape (n, dimension), one vector of length 1 a row."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range ``[start, end)`` of Unicode code points in one text."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """The words at this place in ``text``."""
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Chunk:
    """A run of whole sentences of one article version, as the index sees it."""

    id: str
    """Names this chunk's row in the library and its content; never reused for other words."""
    span: Span
    """Its place in the article's text."""
    text: str
    """Exactly ``article.text[span.start:span.end]``."""
    context: str
    """Title and date, embedded before the text and never part of it."""

    @property
    def embedded(self) -> str:
        """What the embedder is given: the context line, then the text."""
        return f"{self.context}\n{self.text}" if self.context else self.text


@dataclass(frozen=True, slots=True)
class Hit:
    """One chunk found by its vector."""

    id: str
    score: float
    """Cosine similarity, -1 to 1."""


class Filter(Protocol):
    """Which chunks may be found. The library answers; the index only asks."""

    def count(self) -> int:
        """How many chunks pass."""

    def ids(self) -> Sequence[str]:
        """The ids of all that pass; asked for only where they are few."""

    def keep(self, ids: Collection[str]) -> set[str]:
        """Those of ``ids`` that pass."""
