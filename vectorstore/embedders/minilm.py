"""The bundled default: all-MiniLM-L6-v2, which works right after install, without a download or a key.

``words.onnx`` holds its word table and ``minilm.onnx`` its layers, in 8 bits (``tools/build_minilm.py`` wrote them from the
original weights), and ``vocab.txt`` the word pieces; NOTICE names them. A text's vector does not depend on the other texts it is
embedded with. Another model that was taught over the same word table begins with ``MiniLM.begun``.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from numpy.typing import NDArray

from vectorstore.interface import VectorStoreError
from vectorstore.types import Vectors

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import BertWordPieceTokenizer, Encoding

T = TypeVar("T")

LIMIT = 256
"""Tokens of a text that count, [CLS] and [SEP] included; the model was trained on no more."""
_BATCH_TOKENS = 512
_SHA256 = {
    "minilm.onnx": "6f86d9e5e08ecb000e2637bd47c725f281ae887a77632600f79d542e048bf828",
    "words.onnx": "783f6c3ca9c975729d9259bf9064a06ff385e4a7041aebd362db6488c0f637a2",
    "vocab.txt": "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3",
}


class MiniLM:
    """Mean-pooled sentence vectors, and the token vectors they are made of.

    The vocabulary and the model are each loaded, and checked against their sha256, when first needed: VectorStoreError then
    says that a file is not the one this was written for.
    """

    name = "minilm-l6-v2-q8/1"
    dimension = 384

    def __init__(self, threads: int = 0) -> None:
        """``threads`` work at a time, a batch each; 0 takes as many as there are cores."""
        self._threads = threads or os.cpu_count() or 1

    @cached_property
    def _tokenizer(self) -> BertWordPieceTokenizer:
        from tokenizers import BertWordPieceTokenizer

        _checked("vocab.txt")
        tokenizer = BertWordPieceTokenizer(str(_file("vocab.txt")), lowercase=True)
        tokenizer.enable_truncation(LIMIT)
        return tokenizer

    @cached_property
    def _words(self) -> Layers:
        return Layers(_checked("words.onnx"))

    @cached_property
    def _layers(self) -> Layers:
        return Layers(_checked("minilm.onnx"))

    @cached_property
    def _workers(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(self._threads, "minilm")

    def count(self, texts: Sequence[str]) -> list[int]:
        """How many tokens each text has, at most LIMIT, the two special ones included."""
        return [len(encoding.ids) for encoding in self._tokenizer.encode_batch(list(texts))]

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Vectors of length 1, shape (len(texts), 384)."""
        out = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for rows, pooled in self._each_batch(self._encoded(texts), _pooled):
            out[rows] = pooled
        return out

    def tokens(self, texts: Sequence[str]) -> list[tuple[list[str], Vectors]]:
        """For each text its word pieces and their vectors of length 1, shape (pieces, 384), special tokens left out."""
        encodings = self._encoded(texts)
        out: list[tuple[list[str], Vectors]] = [([], np.zeros((0, self.dimension), np.float32))] * len(texts)
        for rows, kept in self._each_batch(encodings, _unit_tokens):
            for row, vectors in zip(rows, kept, strict=True):
                out[row] = (encodings[row].tokens[1:-1], vectors)
        return out

    def ids(self, texts: Sequence[str]) -> list[list[int]]:
        """The numbers of each text's word pieces, at most LIMIT - 2 of them, special tokens left out."""
        return [encoding.ids[1:-1] for encoding in self._encoded(texts)]

    def begun(self, ids: NDArray[np.int64]) -> Vectors:
        """What the first layer is given for ids of shape (n, longest): words at their places, shape (n, longest, 384)."""
        return self._words(input_ids=ids)

    def _encoded(self, texts: Sequence[str]) -> list[Encoding]:
        encodings: list[Encoding] = self._tokenizer.encode_batch(list(texts))
        return encodings

    def _each_batch(
        self, encodings: Sequence[Encoding], finish: Callable[[Vectors, Vectors], T]
    ) -> Iterator[tuple[list[int], T]]:
        """Rows of similar length together, and what ``finish`` makes of their last hidden states and masks.

        Several batches run at once, one thread each: on two cores that is a sixth faster than two threads on one batch.
        """
        rows_of = batches([len(encoding.ids) for encoding in encodings])
        layers = self._layers
        self._words  # noqa: B018 opened once, before the threads start

        def run(rows: list[int]) -> T:
            ids, mask = padded([encodings[row].ids for row in rows])
            return finish(layers(layer0=self.begun(ids), attention_mask=mask), mask.astype(np.float32))

        yield from zip(rows_of, self._workers.map(run, rows_of), strict=True)


def batches(lengths: Sequence[int]) -> list[list[int]]:
    """Rows of similar length together, up to _BATCH_TOKENS tokens with the padding; one alone where it has more."""
    found: list[list[int]] = []
    for row in sorted(range(len(lengths)), key=lambda at: lengths[at]):
        if not found or (len(found[-1]) + 1) * lengths[row] > _BATCH_TOKENS:
            found.append([])
        found[-1].append(row)
    return found


def padded(rows: Sequence[Sequence[int]]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Token ids and their attention mask, shape (n, longest), with zeros behind the shorter ones."""
    longest = max(len(row) for row in rows)
    ids, mask = np.zeros((2, len(rows), longest), np.int64)
    for line, row in enumerate(rows):
        ids[line, : len(row)] = row
        mask[line, : len(row)] = 1
    return ids, mask


class Layers:
    """Transformer layers from a file's content; they work in the thread that calls them."""

    def __init__(self, model: bytes) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.log_severity_level = 3
        self._session: InferenceSession = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])

    def __call__(self, **given: NDArray[np.generic]) -> Vectors:
        """Their one output, for inputs by their names, all of shape (n, longest, ...)."""
        (found,) = self._session.run(None, given)
        return np.asarray(found, np.float32)


def _pooled(hidden: Vectors, mask: Vectors) -> Vectors:
    """The mean over each text's tokens, as vectors of length 1, shape (n, 384)."""
    total = np.einsum("nld,nl->nd", hidden, mask)
    return np.asarray(total / np.linalg.norm(total, axis=1, keepdims=True), np.float32)


def _unit_tokens(hidden: Vectors, mask: Vectors) -> list[Vectors]:
    """For each text its tokens' vectors of length 1, without the first and the last."""
    lengths = mask.sum(axis=1).astype(int)
    kept = [states[1 : length - 1] for states, length in zip(hidden, lengths, strict=True)]
    return [np.asarray(states / np.linalg.norm(states, axis=1, keepdims=True), np.float32) for states in kept]


def _file(name: str) -> Path:
    return Path(__file__).with_name(name)


def _checked(name: str) -> bytes:
    return checked(_file(name), _SHA256[name])


def checked(path: Path, sha256: str) -> bytes:
    """The file's content. Raises VectorStoreError where it is missing or another."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise VectorStoreError(f"{path} cannot be read: {error.strerror}", "reinstall groundwire") from error
    if hashlib.sha256(content).hexdigest() != sha256:
        raise VectorStoreError(f"{path} is not the file Groundwire was made for", "reinstall groundwire")
    return content
