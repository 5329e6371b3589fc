"""Any embedding model that LangChain knows by ``provider:model``: OpenAI and compatible servers, Ollama, and the rest."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
from langchain.embeddings import init_embeddings
from langchain_core.embeddings import Embeddings
from langchain_core.exceptions import LangChainException
from openai import OpenAIError

from vectorstore.interface import Unknown, Unreachable
from vectorstore.types import Vectors

_BATCH = 256
_TIMEOUT = 60.0


class LangChain:
    """A provider's embeddings, scaled to length 1."""

    def __init__(self, model: str) -> None:
        """``model`` is ``provider:model``. Raises Unknown for one that cannot be set up here."""
        self.name = f"langchain:{model}"
        provider = model.partition(":")[0]
        options: dict[str, Any] = {}
        if provider == "openai":
            if os.environ.get("OPENAI_BASE_URL") == "":
                raise Unknown("OPENAI_BASE_URL is empty", "unset it for the public service, or set it to your server's address")
            # By default the client downloads a table and sends token numbers, to cut texts far longer than any chunk is; a
            # compatible server wants words.
            options = {"check_embedding_ctx_length": False, "timeout": _TIMEOUT, "max_retries": 2}
        try:
            made = init_embeddings(model, **options)
        except (ValueError, ImportError, LangChainException, OpenAIError) as error:
            hint = "name it as provider:model, install its langchain package and set its key"
            raise Unknown(f"the embedder {model!r} cannot be set up: {error}", hint) from error
        if not isinstance(made, Embeddings):
            raise Unknown(f"{model!r} makes no embeddings", "name it as provider:model")
        self._model = made

    @cached_property
    def dimension(self) -> int:
        """Asked of the provider once, with one word."""
        return int(self._asked(["dimension"]).shape[1])

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Vectors of length 1, shape (len(texts), dimension). Raises Unreachable where the provider does not answer."""
        if not texts:
            return np.zeros((0, self.dimension), np.float32)
        parts = [self._asked(texts[start : start + _BATCH]) for start in range(0, len(texts), _BATCH)]
        return np.concatenate(parts)

    def _asked(self, texts: Sequence[str]) -> Vectors:
        try:
            vectors = np.asarray(self._model.embed_documents([text or " " for text in texts]), np.float32)
        except (LangChainException, OpenAIError, OSError, ValueError, TypeError, KeyError) as error:
            raise self._failed(error) from error
        if vectors.ndim != 2 or len(vectors) != len(texts):
            raise Unreachable(f"{self.name} sent {vectors.shape} numbers for {len(texts)} texts", "try another embedder")
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        if not np.all(norms > 0):
            raise Unreachable(f"{self.name} sent a vector of nothing", "try another embedder")
        return np.asarray(vectors / norms, np.float32)

    def _failed(self, error: Exception) -> Unreachable:
        cause = f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"
        return Unreachable(f"{self.name} did not embed: {cause}", "check the key, the address and the network, then try again")
