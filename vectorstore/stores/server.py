"""Chroma as a server, spoken to over HTTP: ids and vectors, nothing else, in a collection of its own for each home.

Chroma's own client waits for ever where a server hangs, raises a bare ``Exception`` for what a proxy says, and takes half a
second to import. What is needed of the server's interface (version 2) is seven requests, so they are made here.
"""

from __future__ import annotations

import json
import os
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from secrets import token_hex
from typing import Any, TypeVar
from urllib.parse import SplitResult, parse_qs, quote, urlsplit

import numpy as np
import urllib3

from vectorstore.interface import Stranger, Unknown, Unreachable, VectorStoreError
from vectorstore.types import Hit, Vectors

T = TypeVar("T")

TOKEN = "QA_STORE_TOKEN"  # noqa: S105 the name of a variable, not what is in it
"""The environment variable with the server's token; it is sent as a bearer and as Chroma Cloud wants it."""
_BATCH = 300
"""Records a write: Chroma Cloud takes no more, and a server of one's own is no faster with more."""
_CONNECT = 5.0
_PATIENCE = 30.0
_SETUP = {"hnsw": {"space": "cosine", "ef_search": 200}}
_AGAIN = "see that it runs and can be reached (chroma run --path FOLDER), then the same again: nothing that was read is lost"


@dataclass(frozen=True, slots=True)
class Server:
    """Opens a home's collection on the server at an address, as ``http://127.0.0.1:8000``.

    A tenant and a database that are not the server's own stand behind it: ``?tenant=NAME&database=NAME``. The collection's
    random name is kept in a file beside the home's index folder, so that homes do not mix; nothing else of it is there.
    """

    address: str
    patience: float = _PATIENCE
    """Seconds that one request may be waited for; it is made once more where it fails."""
    loopback: bool = False
    """Whether only a server on this machine may be asked."""

    def __post_init__(self) -> None:
        """Raises Unknown for what is no address, for one with a password in it, and for one that may not be asked."""
        parts = _parts(self.address)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise Unknown(f"{self.address!r} is not the address of a server", "give it as http://host:port")
        if "@" in parts.netloc:
            raise Unknown("a store's address holds a password", f"leave it out and set {TOKEN} in the environment")
        if self.loopback and not _is_loopback(parts.hostname):
            raise Unknown(
                f"the store {self.address} is not on this machine, and --offline forbids asking it",
                "qa config set store chroma, or go without --offline",
            )

    def __call__(self, folder: Path, embedder: str, dimension: int) -> Collection:
        """Opens the home's collection or makes it. Raises Stranger, or Unreachable."""
        file = _name(folder)
        if not (name := _read(file)):
            name = f"groundwire-{token_hex(8)}"
            file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            file.write_text(name, encoding="ascii")
        return Collection(_Door(self.address, self.patience), name, embedder, dimension)

    def exists(self, folder: Path) -> bool:
        """Whether the server has the home's collection; a home without one asks nobody. Raises Unreachable."""
        name = _read(_name(folder))
        return bool(name) and _Door(self.address, self.patience).asked("GET", f"/{name}", bool) is not None

    def erase(self, folder: Path) -> None:
        """Takes the home's collection away. Raises Unreachable."""
        if name := _read(_name(folder)):
            _Door(self.address, self.patience).asked("DELETE", f"/{name}", bool)


class Collection:
    """One collection of the server's, open."""

    def __init__(self, door: _Door, name: str, embedder: str, dimension: int) -> None:
        self._door, self._dimension = door, dimension
        body = {"name": name, "metadata": {"embedder": embedder, "dimension": dimension}, "configuration": _SETUP}
        id, made = door.need("POST", "", lambda got: (str(got["id"]), got["metadata"] or {}), {**body, "get_or_create": True})
        if (made.get("embedder"), made.get("dimension")) != (embedder, dimension):
            door.close()
            raise Stranger(made.get("embedder"), made.get("dimension"), embedder, dimension)
        self._at = f"/{quote(id, safe='')}"

    def add(self, ids: Sequence[str], vectors: Vectors) -> None:
        """Keeps the pairs whose id is new: the server passes over the others."""
        most, packed = self._door.limits()
        for start in range(0, len(ids), size := min(_BATCH, most)):
            rows = np.ascontiguousarray(vectors[start : start + size], "<f4")
            sent = [b64encode(row.tobytes()).decode() for row in rows] if packed else rows.tolist()
            self._door.need("POST", f"{self._at}/add", bool, {"ids": list(ids[start : start + size]), "embeddings": sent})

    def remove(self, ids: Sequence[str]) -> None:
        """Forgets these ids."""
        for start in range(0, len(ids), _BATCH):
            self._door.need("POST", f"{self._at}/delete", bool, {"ids": list(ids[start : start + _BATCH])})

    def nearest(self, vector: Vectors, k: int) -> list[Hit]:
        """The ``k`` nearest by the server's approximate search."""
        body = {"query_embeddings": [vector.tolist()], "n_results": k, "include": ["distances"]}
        return self._door.need("POST", f"{self._at}/query", _hits, body)

    def vectors(self, ids: Sequence[str]) -> tuple[list[str], Vectors]:
        """Those that are there, in the order asked for."""
        rows: dict[str, list[float]] = {}
        for start in range(0, len(ids), _BATCH):
            body = {"ids": list(ids[start : start + _BATCH]), "include": ["embeddings"]}
            rows |= self._door.need(
                "POST", f"{self._at}/get", lambda got: dict(zip(got["ids"], got["embeddings"], strict=True)), body
            )
        found = [id for id in ids if id in rows]
        return found, np.array([rows[id] for id in found], np.float32).reshape(len(found), self._dimension)

    def ids(self) -> list[str]:
        """All ids."""
        return self._door.need("POST", f"{self._at}/get", lambda got: [str(id) for id in got["ids"]], {"include": []})

    def count(self) -> int:
        """How many."""
        return self._door.need("GET", f"{self._at}/count", int)

    def close(self) -> None:
        """Lets go of the connection."""
        self._door.close()


class _Door:
    """The collections of one database of the server's."""

    def __init__(self, address: str, patience: float) -> None:
        parts = _parts(address)
        self._server = f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"
        asked = parse_qs(parts.query)
        tenant, database = (quote(asked.get(one, [f"default_{one}"])[0], safe="") for one in ("tenant", "database"))
        self._place = f"/tenants/{tenant}/databases/{database}/collections"
        token = os.environ.get(TOKEN, "").strip()
        self._headers = {"Authorization": f"Bearer {token}", "X-Chroma-Token": token} if token else {}
        # What is asked may be asked twice: ids that are there already keep their vectors, and those that are gone stay so.
        again = urllib3.Retry(1, redirect=False, status=0, allowed_methods=None)
        self._pool = urllib3.PoolManager(timeout=urllib3.Timeout(_CONNECT, patience), retries=again)

    def limits(self) -> tuple[int, bool]:
        """How many records the server takes at once, and whether it takes vectors packed."""
        return self._sent(
            "GET", "/pre-flight-checks", lambda got: (int(got["max_batch_size"]), bool(got.get("supports_base64_encoding")))
        ) or (_BATCH, False)

    def asked(self, method: str, path: str, read: Callable[[Any], T], body: Mapping[str, object] | None = None) -> T | None:
        """What ``read`` makes of the server's answer below the collections, None where it says that there is no such thing."""
        return self._sent(method, f"{self._place}{path}", read, body)

    def need(self, method: str, path: str, read: Callable[[Any], T], body: Mapping[str, object] | None = None) -> T:
        """Likewise, where it must be there. Raises VectorStoreError where it is not."""
        found = self.asked(method, path, read, body)
        if found is None:
            raise VectorStoreError(f"the index on {self._server} is lost", "qa rebuild")
        return found

    def close(self) -> None:
        self._pool.clear()

    def _sent(self, method: str, path: str, read: Callable[[Any], T], body: Mapping[str, object] | None = None) -> T | None:
        try:
            response = self._pool.request(method, f"{self._server}/api/v2{path}", json=body, headers=self._headers)
        except (urllib3.exceptions.HTTPError, ValueError) as error:
            raise Unreachable(f"the store {self._server} did not answer: {_cause(error)}", _AGAIN) from error
        if response.status in {401, 403}:
            raise Unreachable(
                f"the store {self._server} refuses the token ({response.status})", f"set {TOKEN}, then the same again"
            )
        try:
            answer = json.loads(response.data)
            if response.status == 404 and answer["error"] == "NotFoundError":
                return None
            if response.status < 300:
                return read(answer)
            said = f"{answer['error']}: {answer['message']}"
        except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
            raise Unreachable(
                f"{self._server} does not answer as a Chroma server does ({response.status})",
                "see that store names a Chroma server of version 1, and what stands before it",
            ) from error
        raise Unreachable(f"the store {self._server} cannot do it ({response.status}): {said[:200]}", _AGAIN)


def _hits(got: Any) -> list[Hit]:
    return [Hit(str(id), 1 - float(distance)) for id, distance in zip(got["ids"][0], got["distances"][0], strict=True)]


def _parts(address: str) -> SplitResult:
    """The address in parts. Raises Unknown for what cannot be one."""
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError as error:
        raise Unknown(f"{address!r} is not the address of a server: {error}", "give it as http://host:port") from error
    return parts


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _name(folder: Path) -> Path:
    return Path(f"{folder}.collection")


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return ""


def _cause(error: Exception) -> str:
    """The last reason of a chain of them, in a line."""
    reason = getattr(error, "reason", None)
    return " ".join(str(reason or error).rpartition(": ")[2].split())[:200]
