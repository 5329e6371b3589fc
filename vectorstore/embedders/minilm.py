"""The bundled default: all-MiniLM-L6-v2, which works right after install, without a download or a key.

``minilm.onnx`` holds its weights in 8 bits (``tools/build_minilm.py`` wrote it from the original ones) and ``vocab.txt`` the
word pieces; NOTICE names both. A text's vector does not depend on the other texts it is embedded with.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from vectorstore.interface import VectorStoreError
from vectorstore.types import Vectors

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import BertWordPieceTokenizer, Encoding

LIMIT = 256
"""Tokens of a text that count, [CLS] and [SEP] included; the model was trained on no more."""
_BATCH_TOKENS = 1024
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
        """``threads`` that work on one batch; 0 takes all the cores this process may use."""
        self._threads = threads or len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else threads

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
        options.intra_op_num_threads = self._threads
        options.log_severity_level = 3
        return onnxruntime.InferenceSession(_checked("minilm.onnx"), options, providers=["CPUExecutionProvider"])

    def count(self, texts: Sequence[str]) -> list[int]:
        """How many tokens each text has, at most LIMIT, the two special ones included."""
        return [len(encoding.ids) for encoding in self._tokenizer.encode_batch(list(texts))]

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Vectors of length 1, shape (len(texts), 384)."""
        out = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for rows, hidden, mask in self._batches(self._encoded(texts)):
            pooled = np.einsum("nld,nl->nd", hidden, mask)
            out[rows] = pooled / np.linalg.norm(pooled, axis=1, keepdims=True)
        return out

    def tokens(self, texts: Sequence[str]) -> list[tuple[list[str], Vectors]]:
        """For each text its word pieces and their vectors of length 1, shape (pieces, 384), special tokens left out."""
        encodings = self._encoded(texts)
        out: list[tuple[list[str], Vectors]] = [([], np.zeros((0, self.dimension), np.float32))] * len(texts)
        for rows, hidden, _ in self._batches(encodings):
            for row, vectors in zip(rows, hidden, strict=True):
                kept = vectors[1 : len(encodings[row].ids) - 1]
                out[row] = (encodings[row].tokens[1:-1], kept / np.linalg.norm(kept, axis=1, keepdims=True))
        return out

    def _encoded(self, texts: Sequence[str]) -> list[Encoding]:
        encodings: list[Encoding] = self._tokenizer.encode_batch(list(texts))
        return encodings

    def _batches(self, encodings: Sequence[Encoding]) -> Iterator[tuple[list[int], Vectors, Vectors]]:
        """Rows of similar length, their last hidden states (n, length, 384) and attention masks (n, length)."""
        batch: list[int] = []
        for row in sorted(range(len(encodings)), key=lambda at: len(encodings[at].ids)):
            if batch and (len(batch) + 1) * len(encodings[row].ids) > _BATCH_TOKENS:
                yield self._run(batch, encodings)
                batch = []
            batch.append(row)
        if batch:
            yield self._run(batch, encodings)

    def _run(self, rows: list[int], encodings: Sequence[Encoding]) -> tuple[list[int], Vectors, Vectors]:
        longest = len(encodings[rows[-1]].ids)
        ids = np.zeros((len(rows), longest), np.int64)
        mask = np.zeros((len(rows), longest), np.int64)
        for line, row in enumerate(rows):
            length = len(encodings[row].ids)
            ids[line, :length] = encodings[row].ids
            mask[line, :length] = 1
        (hidden,) = self._session.run(None, {"input_ids": ids, "attention_mask": mask})
        return rows, hidden, mask.astype(np.float32)


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
