"""One suite for every embedder in the table; LangChain's speaks to a real server on loopback."""

from __future__ import annotations

import hashlib
import json
import os
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest

from vectorstore.embedders import EMBEDDERS, open_embedder
from vectorstore.interface import Embedder, VectorStoreError

TEXTS = [
    "",
    "The crane is unsafe.",
    "😀 👩‍👩‍👧",
    "مرحبا بالعالم",
    "word " * 2000,
    "x" * 10_000,
    "The harbour crane was closed on Monday.",
]


class Server(BaseHTTPRequestHandler):
    """An OpenAI-compatible endpoint whose vectors are made of a text's hash."""

    status = 200

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        inputs = body["input"] if isinstance(body["input"], list) else [body["input"]]
        assert all(isinstance(text, str) for text in inputs)
        data = [{"object": "embedding", "index": at, "embedding": self._vector(text)} for at, text in enumerate(inputs)]
        answer = {"object": "list", "data": data, "model": body["model"], "usage": {"prompt_tokens": 1, "total_tokens": 1}}
        content = json.dumps(
            answer if self.status == 200 else {"error": {"message": "bad key", "code": "invalid_api_key"}}
        ).encode()
        self.send_response(self.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _vector(self, text: str) -> list[float]:
        return [byte / 10 - 12 for byte in hashlib.sha256(text.encode()).digest()]

    def log_message(self, *_: object) -> None:
        """Silence."""


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Server]]:
    handler = type("Handler", (Server,), {})
    endpoint = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=endpoint.serve_forever, daemon=True).start()
    monkeypatch.setenv("OPENAI_BASE_URL", f"http://127.0.0.1:{endpoint.server_port}/v1")
    monkeypatch.setenv("OPENAI_API_KEY", "none")
    yield handler
    endpoint.shutdown()


@pytest.fixture(params=EMBEDDERS)
def embedder(request: pytest.FixtureRequest, server: type[Server]) -> Embedder:
    return open_embedder("langchain:openai:local" if request.param == "langchain" else request.param)


def test_every_text_gets_a_vector_of_length_one(embedder: Embedder) -> None:
    vectors = embedder.embed(TEXTS)
    assert vectors.shape == (len(TEXTS), embedder.dimension)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_nothing_gives_nothing(embedder: Embedder) -> None:
    assert embedder.embed([]).shape == (0, embedder.dimension)


def test_a_vector_depends_on_its_text_alone(embedder: Embedder) -> None:
    together = embedder.embed(TEXTS)
    alone = np.concatenate([embedder.embed([text]) for text in TEXTS])
    assert np.abs(together - alone).max() < 1e-4
    backwards = embedder.embed(TEXTS[::-1])[::-1]
    assert np.abs(together - backwards).max() < 1e-4


def test_an_embedder_is_named_for_good(embedder: Embedder) -> None:
    assert embedder.name == open_embedder("langchain:openai:local" if "langchain" in embedder.name else "minilm").name


def test_like_texts_are_nearer_than_unlike_ones(minilm: Embedder) -> None:
    one, like, unlike = minilm.embed(["The crane is unsafe.", "It is dangerous to use the crane.", "Eggs cost more in spring."])
    assert one @ like > one @ unlike + 0.3


def test_token_vectors_stand_for_the_word_pieces() -> None:
    from vectorstore.embedders.minilm import MiniLM

    (pieces, vectors), (none, empty) = MiniLM().tokens(["Stoltenberg warned", ""])
    assert "".join(piece.removeprefix("##") for piece in pieces) == "stoltenbergwarned"
    assert vectors.shape == (len(pieces), 384)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert (none, empty.shape) == ([], (0, 384))


def test_tokens_are_counted_up_to_the_limit() -> None:
    from vectorstore.embedders.minilm import LIMIT, MiniLM

    assert MiniLM().count(["", "the crane", "word " * 2000]) == [2, 4, LIMIT]


def test_a_server_set_by_the_older_variable_gets_words_too(server: type[Server], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_BASE", os.environ["OPENAI_BASE_URL"])
    monkeypatch.delenv("OPENAI_BASE_URL")
    assert open_embedder("langchain:openai:local").embed(["a", "b"]).shape == (2, 32)


def test_a_refused_key_is_one_error_with_a_hint(server: type[Server]) -> None:
    server.status = 401
    with pytest.raises(VectorStoreError, match="did not embed") as caught:
        open_embedder("langchain:openai:local").embed(["a"])
    assert "key" in caught.value.hint


@pytest.mark.parametrize("name", ["nobody", "langchain:", "langchain:nobody:model", "no.such:Thing", "langchain"])
def test_an_embedder_that_does_not_exist_is_named(name: str) -> None:
    with pytest.raises(VectorStoreError):
        open_embedder(name)
