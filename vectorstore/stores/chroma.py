"""Chroma, kept in a folder: ids and vectors, nothing else. Texts, names and dates are the library's."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import chromadb
import numpy as np
from chromadb.config import Settings
from chromadb.errors import ChromaError, NotFoundError

from vectorstore.interface import Stranger, VectorStoreError
from vectorstore.types import Hit, Vectors

_FILE = "chroma.sqlite3"
_COLLECTION = "chunks"
_BATCH = 500
_SPARE = 0.25
"""Share of Chroma's file that may lie empty before it is packed: each write leaves its queue behind as free pages."""
_LEAST = 1_000_000
_MEND = "qa rebuild"


class Chroma:
    """One collection in one folder. Not for two processes at once: whoever opens it holds the index's lock."""

    def __init__(self, folder: Path, embedder: str, dimension: int) -> None:
        """Opens the collection or makes it. Raises Stranger, or VectorStoreError where the folder cannot be read."""
        self._folder = folder
        self._wrote = False
        with _told(folder):
            self._client = chromadb.PersistentClient(str(folder), Settings(anonymized_telemetry=False))
            try:
                self._collection = self._client.get_collection(_COLLECTION, embedding_function=None)
            except NotFoundError:
                self._collection = self._client.create_collection(
                    _COLLECTION,
                    metadata={"embedder": embedder, "dimension": dimension},
                    configuration={"hnsw": {"space": "cosine", "sync_threshold": _BATCH, "ef_search": 200}},
                    embedding_function=None,
                )
        made = self._collection.metadata or {}
        if (made.get("embedder"), made.get("dimension")) != (embedder, dimension):
            self.close()
            raise Stranger(made.get("embedder"), made.get("dimension"), embedder, dimension)

    @classmethod
    def exists(cls, folder: Path) -> bool:
        """Whether there is a Chroma database in the folder."""
        return (folder / _FILE).is_file()

    @classmethod
    def erase(cls, folder: Path) -> None:
        """Takes the folder away, whatever is in it."""
        shutil.rmtree(folder, ignore_errors=True)

    def add(self, ids: Sequence[str], vectors: Vectors) -> None:
        """Keeps the pairs whose id is new: Chroma passes over the others."""
        self._wrote = True
        with _told(self._folder):
            for start in range(0, len(ids), _BATCH):
                self._collection.add(ids=list(ids[start : start + _BATCH]), embeddings=vectors[start : start + _BATCH])

    def remove(self, ids: Sequence[str]) -> None:
        """Forgets these ids."""
        self._wrote = True
        with _told(self._folder):
            for start in range(0, len(ids), _BATCH):
                self._collection.delete(ids=list(ids[start : start + _BATCH]))

    def nearest(self, vector: Vectors, k: int) -> list[Hit]:
        """The ``k`` nearest by Chroma's approximate search."""
        with _told(self._folder):
            k = min(k, self._collection.count())
            if not k:
                return []
            found = self._collection.query(query_embeddings=vector[None, :], n_results=k, include=["distances"])
        distances = (found["distances"] or [[]])[0]
        return [Hit(id, 1 - float(distance)) for id, distance in zip(found["ids"][0], distances, strict=True)]

    def vectors(self, ids: Sequence[str]) -> tuple[list[str], Vectors]:
        """Those that are there, in the order asked for."""
        rows: dict[str, Vectors] = {}
        with _told(self._folder):
            for start in range(0, len(ids), _BATCH):
                got = self._collection.get(ids=list(ids[start : start + _BATCH]), include=["embeddings"])
                rows |= zip(got["ids"], np.asarray(got["embeddings"], np.float32), strict=True)
        found = [id for id in ids if id in rows]
        dimension = (self._collection.metadata or {})["dimension"]
        return found, np.stack([rows[id] for id in found]) if found else np.zeros((0, dimension), np.float32)

    def ids(self) -> list[str]:
        """All ids."""
        with _told(self._folder):
            return list(self._collection.get(include=[])["ids"])

    def count(self) -> int:
        """How many."""
        with _told(self._folder):
            return int(self._collection.count())

    def close(self) -> None:
        """Closes Chroma's files and packs its database where writing left much of it empty."""
        self._client.close()  # type: ignore[attr-defined]  # the class has it, its interface does not
        if self._wrote:
            self._pack()

    def _pack(self) -> None:
        path = self._folder / _FILE
        with closing(sqlite3.connect(path)) as connection:
            (free,) = connection.execute("PRAGMA freelist_count").fetchone()
            (page,) = connection.execute("PRAGMA page_size").fetchone()
            if free * page > max(_LEAST, _SPARE * path.stat().st_size):
                connection.execute("VACUUM")


@contextmanager
def _told(folder: Path) -> Iterator[None]:
    """What Chroma raises, as one error with the command that mends it."""
    try:
        yield
    except (ChromaError, ValueError, KeyError, OSError, RuntimeError, sqlite3.Error) as error:
        raise VectorStoreError(f"the index in {folder} cannot be used: {' '.join(str(error).split())[:200]}", _MEND) from error
