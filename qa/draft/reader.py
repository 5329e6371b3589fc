"""A small transformer that reads the question beside a few sentences and says which of them answers, or that none does.

It was taught with ``tools/train_reader.py``, and ``reader.onnx`` holds its layers in 8 bits; its words are those of the bundled
embedder. A softmax over the tokens of the sentences and over "none of them" is shared out to the sentences.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from vectorstore.embedders.minilm import Layers, batches, checked, padded
from vectorstore.types import Vectors

LENGTH = 224
"""Tokens of a window at most, the question and the title with it."""
_QUESTION, _TITLE = 48, 32
_START, _END = 101, 102
_FILE = Path(__file__).with_name("reader.onnx")
_SHA256 = "44fa565aecac72e122af5d1ea904215369c9d33be8341452964d73d3450c6dee"
_ABSENT = -12.0
"""The log-odds of a sentence of which nothing was read."""


class WordTable(Protocol):
    """Turns texts into numbers and numbers into the vectors that layers begin with."""

    def ids(self, texts: Sequence[str]) -> list[list[int]]:
        """The numbers of each text's word pieces."""

    def begun(self, ids: NDArray[np.int64]) -> Vectors:
        """Shape (n, longest, dimension) for ids of shape (n, longest)."""


@dataclass(frozen=True, slots=True)
class Window:
    """Neighbouring sentences and what stands over them."""

    title: str
    sentences: tuple[str, ...]


class Reader:
    """Reads windows, several at a time."""

    def __init__(self, words: WordTable, threads: int = 0) -> None:
        """Opens its file, checked against its sha256, when first needed. ``threads`` 0: as many as there are cores."""
        self._words = words
        self._threads = threads or os.cpu_count() or 1

    @cached_property
    def _layers(self) -> Layers:
        return Layers(checked(_FILE, _SHA256))

    @cached_property
    def _workers(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(self._threads, "reader")

    def read(self, question: str, windows: Sequence[Window]) -> list[list[float]]:
        """For each window, for each of its sentences, the log-odds that it answers against that none of the window does."""
        (asked,) = self._words.ids([question])
        laid = [self._laid(asked[:_QUESTION], window) for window in windows]
        out: list[list[float]] = [[]] * len(windows)
        rows_of = batches([len(ids) for ids, _ in laid])
        layers = self._layers

        def run(rows: list[int]) -> list[list[float]]:
            ids, mask = padded([laid[row][0] for row in rows])
            scores = layers(layer0=self._words.begun(ids), attention_mask=mask)
            return [_shared(one, laid[row][1], len(windows[row].sentences)) for one, row in zip(scores, rows, strict=True)]

        for rows, found in zip(rows_of, self._workers.map(run, rows_of), strict=True):
            for row, odds in zip(rows, found, strict=True):
                out[row] = odds
        return out

    def _laid(self, asked: Sequence[int], window: Window) -> tuple[list[int], list[int]]:
        """[CLS] question [SEP] title [SEP] sentences [SEP] as numbers, and for each the sentence it belongs to, -1 for none."""
        title, *sentences = self._words.ids([window.title, *window.sentences])
        ids = [_START, *asked, _END, *title[:_TITLE], _END]
        home = [-1] * len(ids)
        for at, sentence in enumerate(sentences):
            ids += sentence
            home += [at] * len(sentence)
        return [*ids[: LENGTH - 1], _END], [*home[: LENGTH - 1], -1]


def _shared(scores: Vectors, home: Sequence[int], count: int) -> list[float]:
    """The log of the sum over each sentence's tokens, against none; ``scores`` has shape (longest, 2): token, none."""
    none = float(scores[0, 1])
    places = np.array(home)
    odds = []
    for at in range(count):
        own = scores[: len(home), 0][places == at]
        odds.append(float(np.logaddexp.reduce(own)) - none if len(own) else _ABSENT)
    return odds
