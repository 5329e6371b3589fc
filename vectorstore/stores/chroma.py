"""Chroma, kept in a folder: ids and vectors, nothing else. Texts, names and dates are the library's.

Writing goes through Chroma's client. Reading goes straight to the engine beneath it (``chromadb_rust_bindings``, of the same
distribution): importing the client takes half a second, which is more than everything else that a question needs together.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import chromadb_rust_bindings as engine
import numpy as np

from vectorstore.interface import Stranger, VectorStoreError
from vectorstore.types import Hit, Vectors

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.models.Collection import Collection

_FILE = "chroma.sqlite3"
_COLLECTION = "chunks"
_PLACE = ("default_tenant", "default_database")
_BATCH = 500
_FILES = 64
"""Opened index files that the engine may keep."""
_SPARE = 0.25
"""Share of Chroma's file that may lie empty before it is packed: each write leaves its queue behind as free pages."""
_LEAST = 1_000_000
_MEND = "qa rebuild"


class Chroma:
    """One collection in one folder. Not for two processes at once: whoever opens it holds the index's lock."""

    def __init__(self, folder: Path, embedder: str, dimension: int) -> None:
        """Opens the collection or makes it. Raises Stranger, or VectorStoreError where the folder cannot be read."""
        self._folder = folder
        self._embedder, self._dimension = embedder, dimension
        self._reader: _Reader | None = None
        self._client: ClientAPI | None = None
        self._wrote = False
        with _told(folder):
            made = self._reading.metadata if self.exists(folder) else self._writing.metadata
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
        with _told(self._folder):
            for start in range(0, len(ids), _BATCH):
                self._writing.add(ids=list(ids[start : start + _BATCH]), embeddings=vectors[start : start + _BATCH])

    def remove(self, ids: Sequence[str]) -> None:
        """Forgets these ids."""
        with _told(self._folder):
            for start in range(0, len(ids), _BATCH):
                self._writing.delete(ids=list(ids[start : start + _BATCH]))

    def nearest(self, vector: Vectors, k: int) -> list[Hit]:
        """The ``k`` nearest by Chroma's approximate search."""
        with _told(self._folder):
            k = min(k, self._reading.count())
            return self._reading.nearest(vector, k) if k else []

    def vectors(self, ids: Sequence[str]) -> tuple[list[str], Vectors]:
        """Those that are there, in the order asked for."""
        rows: dict[str, list[float]] = {}
        with _told(self._folder):
            for start in range(0, len(ids), _BATCH):
                rows |= self._reading.vectors(list(ids[start : start + _BATCH]))
        found = [id for id in ids if id in rows]
        return found, np.array([rows[id] for id in found], np.float32).reshape(len(found), self._dimension)

    def ids(self) -> list[str]:
        """All ids."""
        with _told(self._folder):
            return self._reading.ids()

    def count(self) -> int:
        """How many."""
        with _told(self._folder):
            return self._reading.count()

    def close(self) -> None:
        """Closes Chroma's files and packs its database where writing left much of it empty."""
        self._reader = None
        if self._client is not None:
            self._client.close()  # type: ignore[attr-defined]  # the class has it, its interface does not
            self._client = None
        if self._wrote:
            self._pack()

    @property
    def _reading(self) -> _Reader:
        if self._reader is None:
            self.close()
            self._reader = _Reader(self._folder)
        return self._reader

    @property
    def _writing(self) -> Collection:
        import chromadb
        from chromadb.config import Settings

        if self._client is None:
            self.close()
            self._wrote = True
            self._client = chromadb.PersistentClient(str(self._folder), Settings(anonymized_telemetry=False))
        return self._client.get_or_create_collection(
            _COLLECTION,
            metadata={"embedder": self._embedder, "dimension": self._dimension},
            configuration={"hnsw": {"space": "cosine", "sync_threshold": _BATCH, "ef_search": 200}},
            embedding_function=None,
        )

    def _pack(self) -> None:
        path = self._folder / _FILE
        with closing(sqlite3.connect(path)) as connection:
            (free,) = connection.execute("PRAGMA freelist_count").fetchone()
            (page,) = connection.execute("PRAGMA page_size").fetchone()
            if free * page > max(_LEAST, _SPARE * path.stat().st_size):
                connection.execute("VACUUM")
        self._wrote = False


class _Reader:
    """The engine, opened on a collection that is there."""

    def __init__(self, folder: Path) -> None:
        database = engine.SqliteDBConfig(
            hash_type=engine.MigrationHash.MD5, migration_mode=engine.MigrationMode.Apply, url=str(folder / _FILE)
        )
        self._engine = engine.Bindings(
            allow_reset=False, sqlite_db_config=database, persist_path=str(folder), hnsw_cache_size=_FILES
        )
        collection = self._engine.get_collection(_COLLECTION, *_PLACE)
        self._id = str(collection.id)
        self.metadata: dict[str, object] = dict(collection.metadata or {})

    def count(self) -> int:
        return int(self._engine.count(self._id, *_PLACE))

    def nearest(self, vector: Vectors, k: int) -> list[Hit]:
        found = self._engine.query(self._id, None, [vector.tolist()], k, None, None, ["distances"], *_PLACE)
        return [Hit(id, 1 - float(distance)) for id, distance in zip(found.ids[0], found.distances[0], strict=True)]

    def vectors(self, ids: list[str]) -> dict[str, list[float]]:
        got = self._engine.get(self._id, ids, None, None, 0, None, ["embeddings"], *_PLACE)
        return dict(zip(got.ids, got.embeddings, strict=True))

    def ids(self) -> list[str]:
        return list(self._engine.get(self._id, None, None, None, 0, None, [], *_PLACE).ids)


@contextmanager
def _told(folder: Path) -> Iterator[None]:
    """What Chroma raises, as one error with the command that mends it."""
    try:
        yield
    except _failures() as error:  # looked up only once something was raised
        raise VectorStoreError(f"the index in {folder} cannot be used: {' '.join(str(error).split())[:200]}", _MEND) from error


def _failures() -> tuple[type[Exception], ...]:
    from chromadb.errors import ChromaError

    return (ChromaError, ValueError, KeyError, OSError, RuntimeError, sqlite3.Error)
