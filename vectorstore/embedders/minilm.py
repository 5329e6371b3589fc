"""The bundled default: all-MiniLM-L6-v2, which works right after install, without a download or a key.

``minilm.onnx`` holds its weights in 8 bits (``tools/build_minilm.py`` wrote it from the original ones) and ``vocab.txt`` the
word pieces; NOTICE names both. A text's vector does not depend on the other texts it is embedded with.
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
    "minilm.onnx": "3259b5db563a0c607ed5ca691f08bc7143bec3687036205c08c5ac27b64ee217",
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
    def _session(self) -> InferenceSession:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.log_severity_level = 3
        return onnxruntime.InferenceSession(_checked("minilm.onnx"), options, providers=["CPUExecutionProvider"])

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

    def _encoded(self, texts: Sequence[str]) -> list[Encoding]:
        encodings: list[Encoding] = self._tokenizer.encode_batch(list(texts))
        return encodings

    def _each_batch(
        self, encodings: Sequence[Encoding], finish: Callable[[Vectors, Vectors], T]
    ) -> Iterator[tuple[list[int], T]]:
        """Rows of similar length together, and what ``finish`` makes of their last hidden states and masks.

        Several batches run at once, one thread each: on two cores that is a sixth faster than two threads on one batch.
        """
        batches: list[list[int]] = [[]]
        for row in sorted(range(len(encodings)), key=lambda at: len(encodings[at].ids)):
            if batches[-1] and (len(batches[-1]) + 1) * len(encodings[row].ids) > _BATCH_TOKENS:
                batches.append([])
            batches[-1].append(row)
        session = self._session
        done = self._workers.map(lambda rows: finish(*_run(session, [encodings[row].ids for row in rows])), filter(None, batches))
        yield from zip(batches, done, strict=False)


def _run(session: InferenceSession, rows: Sequence[Sequence[int]]) -> tuple[Vectors, Vectors]:
    """Last hidden states, shape (n, longest, 384), and attention masks (n, longest), of token ids."""
    longest = max(len(row) for row in rows)
    ids = np.zeros((len(rows), longest), np.int64)
    mask = np.zeros((len(rows), longest), np.int64)
    for line, row in enumerate(rows):
        ids[line, : len(row)] = row
        mask[line, : len(row)] = 1
    (hidden,) = session.run(None, {"input_ids": ids, "attention_mask": mask})
    return hidden, mask.astype(np.float32)


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
    """The file's content. Raises VectorStoreError where it is missing or another."""
    try:
        content = _file(name).read_bytes()
    except OSError as error:
        raise VectorStoreError(f"{_file(name)} cannot be read: {error.strerror}", "reinstall groundwire") from error
    if hashlib.sha256(content).hexdigest() != _SHA256[name]:
        raise VectorStoreError(f"{_file(name)} is not the file Groundwire was made for", "reinstall groundwire")
    return content
