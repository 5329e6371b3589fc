"""Chroma, kept in a folder: ids and vectors, nothing else. Texts, names and dates are the library's.

Writing goes through Chroma's client. Reading goes straight to the engine beneath it (``chromadb_rust_bindings``, of the same
distribution): importing the client takes half a second, which is more than everything else that a question needs together.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import sqlite3
import struct
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from functools import cache, cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import chromadb_rust_bindings as engine
import numpy as np

from vectorstore.interface import Stranger, VectorStoreError
from vectorstore.types import Hit, Vectors

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.models.Collection import Collection

_FILE = "chroma.sqlite3"
_GRAPHS = "*/index_metadata.pickle"
_COLLECTION = "chunks"
_PLACE = ("default_tenant", "default_database")
_BATCH = 500
_FILES = 64
"""Opened index files that the engine may keep."""
_SYNC = 100
"""Rows that may wait in Chroma's queue. A waiting row takes twice its place on disk and is sorted in anew by whoever opens."""
_SPARE = 0.25
"""Share of Chroma's file that may lie empty before it is packed: each write leaves its queue behind as free pages."""
_LEAST = 250_000
_ARENA_MAX = -8
"""M_ARENA_MAX of glibc's malloc.h."""
_MEND = "qa rebuild"
_FULL = ("disk is full", "no space left", "file too large")
_ROOM = "make room on the disk and give the same command again; nothing that was finished is lost"


class Chroma:
    """One collection in one folder. Not for two processes at once: whoever opens it holds the index's lock."""

    def __init__(self, folder: Path, embedder: str, dimension: int) -> None:
        """Opens the collection or makes it. Raises Stranger, or VectorStoreError where the folder cannot be read."""
        self._folder = folder
        self._embedder, self._dimension = embedder, dimension
        self._reader: _Reader | None = None
        self._client: ClientAPI | None = None
        self._wrote = False
        _one_heap()
        with _told(folder):
            made = self._described()
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
        """All ids. Raises VectorStoreError where a file of the vectors is shorter than it says."""
        if _cut(self._folder):
            raise VectorStoreError(f"the index in {self._folder} has lost a part of its vectors", _MEND)
        with _told(self._folder):
            return self._reading.ids()

    def count(self) -> int:
        """How many."""
        with _told(self._folder):
            return self._reading.count()

    def close(self) -> None:
        """Closes Chroma's files and packs its database where writing left much of it empty."""
        if self._reader is not None:
            self._reader.close()
            self._reader = None
        if self._client is not None:
            self._client.close()  # type: ignore[attr-defined]  # the class has it, its interface does not
            self._client = None
        if self._wrote:
            self._pack()

    def _described(self) -> Mapping[str, object]:
        """What the collection says of itself. Where there is none yet, as after a crash in the first moments, it is made."""
        if self.exists(self._folder):
            described = self._reading.metadata
            if described is not None:
                return described
        elif any(self._folder.glob(_GRAPHS)):
            raise VectorStoreError(f"the index in {self._folder} has lost its {_FILE}", _MEND)
        return self._writing.metadata or {}

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
            configuration={"hnsw": {"space": "cosine", "batch_size": _SYNC, "sync_threshold": _SYNC, "ef_search": 200}},
            embedding_function=None,
        )

    def _pack(self) -> None:
        self._wrote = False
        path = self._folder / _FILE
        # A file that someone else holds, or a full disk, is no reason to fail a write that is done: the next one packs.
        with suppress(sqlite3.Error), closing(sqlite3.connect(path, timeout=1)) as connection:
            (free,) = connection.execute("PRAGMA freelist_count").fetchone()
            (page,) = connection.execute("PRAGMA page_size").fetchone()
            if free * page > max(_LEAST, _SPARE * path.stat().st_size):
                connection.execute("VACUUM")


@cache
def _one_heap() -> None:
    """Has glibc give every thread its memory from one heap, where glibc it is.

    Each opening starts the engine's threads anew. With a heap for each of them, what one opening let go of is of no use to the
    next: memory grew by 13 MB an opening at 12,000 rows.
    """
    if sys.platform == "linux" and (tune := getattr(ctypes.CDLL(None), "mallopt", None)):
        tune(_ARENA_MAX, 1)


def slots(folder: Path) -> tuple[int, int]:
    """How many vectors Chroma's files in a folder have room for, those of forgotten ids too, and the bytes of one.

    Its graph never gives a place back. Its header says so: a version, where data begins, the room, the places used, their size.
    """
    headers = list(_headers(folder))
    return sum(places for _, places, _ in headers), headers[-1][2] if headers else 0


def _headers(folder: Path) -> Iterator[tuple[Path, int, int]]:
    for header in folder.glob("*/header.bin"):
        *_, places, size = struct.unpack("<i4Q", header.read_bytes()[:36])
        yield header, places, size


def _cut(folder: Path) -> bool:
    """Whether the vectors, or their lengths (four bytes each), end too soon: the engine would make up the rest."""
    try:
        return any(
            header.with_name("data_level0.bin").stat().st_size < places * size
            or header.with_name("length.bin").stat().st_size < places * 4
            for header, places, size in _headers(folder)
        )
    except (OSError, struct.error):
        return True


class _Reader:
    """The engine, opened on a folder; ``metadata`` is None where no collection is in it."""

    def __init__(self, folder: Path) -> None:
        self._copy: TemporaryDirectory[str] | None = None
        path = folder / _FILE
        if os.access(path, os.W_OK) and os.access(folder, os.W_OK):
            try:
                self._engine = _bound(path, folder)
            except _failures() as error:
                if not _full(error):
                    raise
                self._engine = self._beside(path, folder)
        else:
            self._engine = self._beside(path, folder)
        found = [one for one in self._engine.list_collections(None, 0, *_PLACE) if one.name == _COLLECTION]
        self._id = str(found[0].id) if found else ""
        self.metadata: Mapping[str, object] | None = dict(found[0].metadata or {}) if found else None
        if found and self.count() > _BATCH and not any(folder.glob(_GRAPHS)):
            raise VectorStoreError(f"the index in {folder} has lost its vectors", _MEND)

    def _beside(self, path: Path, folder: Path) -> engine.Bindings:
        """The engine writes to its database merely to open it: it gets a copy, where it cannot, and reads vectors in place."""
        self._copy = TemporaryDirectory(prefix="groundwire-")
        return _bound(Path(shutil.copyfile(path, Path(self._copy.name) / _FILE)), folder)

    def close(self) -> None:
        del self._engine
        if self._copy is not None:
            self._copy.cleanup()

    def count(self) -> int:
        return self._size

    @cached_property
    def _size(self) -> int:
        """Counted once, which takes 50 ms where there are 300,000: nothing is written while this is open."""
        return int(self._engine.count(self._id, *_PLACE))

    def nearest(self, vector: Vectors, k: int) -> list[Hit]:
        found = self._engine.query(self._id, None, [vector.tolist()], k, None, None, ["distances"], *_PLACE)
        return [Hit(id, 1 - float(distance)) for id, distance in zip(found.ids[0], found.distances[0], strict=True)]

    def vectors(self, ids: list[str]) -> dict[str, list[float]]:
        got = self._engine.get(self._id, ids, None, None, 0, None, ["embeddings"], *_PLACE)
        return dict(zip(got.ids, got.embeddings, strict=True))

    def ids(self) -> list[str]:
        return list(self._engine.get(self._id, None, None, None, 0, None, [], *_PLACE).ids)


def _bound(path: Path, folder: Path) -> engine.Bindings:
    database = engine.SqliteDBConfig(hash_type=engine.MigrationHash.MD5, migration_mode=engine.MigrationMode.Apply, url=str(path))
    return engine.Bindings(allow_reset=False, sqlite_db_config=database, persist_path=str(folder), hnsw_cache_size=_FILES)


@contextmanager
def _told(folder: Path) -> Iterator[None]:
    """What Chroma raises, as one error with the command that mends it."""
    try:
        yield
    except _failures() as error:  # looked up only once something was raised
        mend = _ROOM if _full(error) else _MEND
        raise VectorStoreError(f"the index in {folder} cannot be used: {' '.join(str(error).split())[:200]}", mend) from error


def _full(error: Exception) -> bool:
    """Whether it is the disk that has no room."""
    return any(words in str(error).lower() for words in _FULL)


def _failures() -> tuple[type[Exception], ...]:
    from chromadb.errors import ChromaError

    return (ChromaError, ValueError, KeyError, OSError, RuntimeError, sqlite3.Error)
