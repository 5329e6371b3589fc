"""Parquet: an article a row, its parts by the names of the columns, a batch of rows at a time. Needs pyarrow."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO, Final

from qa.ingest.csvfile import columns
from qa.ingest.jsonl import articles
from qa.ingest.types import Place, Skipped, Unreadable
from qa.types import Document

if TYPE_CHECKING:
    from pyarrow.parquet import ParquetFile

_ROWS: Final = 8
"""Held at a time: each may be as long as an article may."""
_GROUP: Final = 20
"""A group of rows, which is unpacked at once, may have this many times the bytes of one article."""


def read(stream: BinaryIO, place: Place) -> Iterator[Document | Skipped]:
    """The article of each row. Raises Unreadable without pyarrow, and for what is damaged or has no column for the text."""
    if not stream.read(1):
        raise Unreadable("empty")
    stream.seek(0)
    try:
        from pyarrow import ArrowException
        from pyarrow.parquet import ParquetFile
    except ImportError as error:
        raise Unreadable("Parquet needs pyarrow: pip install 'groundwire[parquet]'") from error
    faults = (ArrowException, OSError, ValueError, OverflowError)
    try:
        file = ParquetFile(stream, memory_map=False, pre_buffer=False)
        names = columns(file.schema_arrow.names)
    except faults as error:
        raise Unreadable("damaged, or of another kind") from error
    yield from articles(_rows(file, names, place.limit, faults), place)


def _rows(file: ParquetFile, names: list[str], limit: int, faults: tuple[type[Exception], ...]) -> Iterator[tuple[str, object]]:
    number = 0
    try:
        for group in range(file.num_row_groups):
            if file.metadata.row_group(group).total_byte_size > _GROUP * limit:
                yield f"row {number + 1}", Unreadable(f"its rows stand in groups of more than {_GROUP} times the limit")
                return
            for batch in file.iter_batches(batch_size=_ROWS, row_groups=[group], use_threads=False):
                for row in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                    number += 1
                    yield f"row {number}", {name: _plain(value) for name, value in zip(names, row, strict=True)}
    except faults:
        yield f"row {number + 1}", Unreadable("damaged from here on")


def _plain(value: object) -> object:
    """A value as JSON has it: dates in ISO 8601, other kinds as their words, a number that is none as null."""
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return {str(name): _plain(one) for name, one in value.items()}
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
