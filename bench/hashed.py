"""A stand-in embedder for measuring everything but the embedder: a word's vector comes from its hash, a text's is their mean."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from zlib import crc32

import numpy as np

from qa.keywords import STOP
from qa.text import words
from vectorstore.types import Vectors


class Hashed:
    """Texts that share words are near; set ``embedder`` to ``hashed:Hashed`` with ``bench`` on the path of Python."""

    name = "hashed/1"
    dimension = 384

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Vectors of length 1, shape (len(texts), 384)."""
        rows = [sum((_vector(word) for word in words(text) if word not in STOP), _vector("")) for text in texts]
        out = np.array(rows, np.float32)
        return np.asarray(out / np.linalg.norm(out, axis=1, keepdims=True), np.float32)


@lru_cache(100_000)
def _vector(word: str) -> Vectors:
    return np.random.default_rng(crc32(word.encode())).standard_normal(Hashed.dimension, np.float32)
