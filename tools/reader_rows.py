"""The rows of reader files, and which of them the reader never learns from."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def lines(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a JSONL file, gzipped or not."""
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as file:
        yield from map(json.loads, file)


def aside(passage: str) -> bool:
    """Whether the questions of a passage are kept from the reader (one in 32), for those who learn from what it says."""
    return hashlib.sha256(passage.encode()).digest()[0] < 8
