"""Whoever knows the word pieces that ranking and reading begin with."""

from __future__ import annotations

from typing import Protocol

from qa.draft.likeness import TokenEmbedder
from qa.draft.reader import WordTable


class Words(TokenEmbedder, WordTable, Protocol):
    """Gives the vectors of word pieces, before the first layer and after the last."""
