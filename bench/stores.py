"""What adding to and searching a store costs: Chroma in a folder beside a Chroma server on loopback, in turn, in one run.

    python bench/stores.py ARTICLES [ROWS] [ROUNDS]

``ARTICLES`` is a folder of text or a JSONL file; the rows are mixtures of the vectors of two of its sentences each.
Prints medians and the median of each round's ratio.
"""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import numpy as np

from qa.text import sentences
from vectorstore.embedders.minilm import MiniLM
from vectorstore.stores import store_named
from vectorstore.types import Vectors

SEED, WRITE, QUESTIONS, K = 20261124, 512, 100, 20


def rows_of(source: Path, number: int) -> Vectors:
    """``number`` vectors of length 1 in a random order."""
    files = sorted(source.rglob("*.txt")) if source.is_dir() else [source]
    texts = [
        json.loads(line)["text"] if file.suffix == ".jsonl" else line
        for file in files
        for line in file.read_text(encoding="utf-8").splitlines()
        if line.strip()
    ]
    cut = [span.of(text) for text in texts for span in sentences(text)][:2000]
    made = np.asarray(MiniLM().embed(cut), np.float32)
    dice = np.random.default_rng(SEED)
    one, two = (dice.integers(0, len(made), number) for _ in range(2))
    mixed = made[one] + dice.uniform(0, 0.9, (number, 1)).astype(np.float32) * made[two]
    return np.asarray(mixed / np.linalg.norm(mixed, axis=1, keepdims=True), np.float32)


@contextmanager
def server(folder: Path) -> Iterator[str]:
    """The address of a Chroma server of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        str(Path(sys.executable).parent / "chroma"),
        "run",
        "--path",
        str(folder),
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
    ]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while True:
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.1)
    yield f"http://127.0.0.1:{port}"
    process.kill()
    process.wait()


def measured(name: str, folder: Path, rows: Vectors) -> tuple[float, float]:
    """Seconds of adding all rows, each write opening the store as intake does; median milliseconds of a warm search."""
    maker, size = store_named(name), rows.shape[1]
    began = time.perf_counter()
    for start in range(0, len(rows), WRITE):
        store = maker(folder, "bench", size)
        store.add([str(at) for at in range(start, min(start + WRITE, len(rows)))], rows[start : start + WRITE])
        store.close()
    added = time.perf_counter() - began
    store = maker(folder, "bench", size)
    taken = []
    for at in np.random.default_rng(SEED).integers(0, len(rows), QUESTIONS + 1):
        began = time.perf_counter()
        store.nearest(rows[at], K)
        taken.append(1000 * (time.perf_counter() - began))
    store.close()
    return added, median(taken[1:])


def main() -> None:
    """Measures in turn and prints."""
    source, number, rounds = Path(sys.argv[1]), *(int(one) for one in [*sys.argv[2:], *("10000", "3")[len(sys.argv) - 2 :]])
    rows = rows_of(source, number)
    figures: dict[str, list[tuple[float, float]]] = {"chroma": [], "server": []}
    with TemporaryDirectory() as made, server(Path(made) / "served") as address:
        for turn in range(rounds):
            for name in list(figures)[:: 1 if turn % 2 else -1]:
                place = address if name == "server" else name
                figures[name].append(measured(place, Path(made) / f"{name}{turn}", rows))
                print(name, turn, *(f"{one:.2f}" for one in figures[name][-1]), flush=True)
    for at, what in enumerate(("add, s", "warm search, ms")):
        disk, served = ([one[at] for one in figures[name]] for name in figures)
        ratio = median(two / one for one, two in zip(disk, served, strict=True))
        print(f"{what}: chroma {median(disk):.2f}, server {median(served):.2f}, server over chroma {ratio:.2f}")


if __name__ == "__main__":
    main()
