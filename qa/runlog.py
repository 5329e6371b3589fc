"""What was asked of a library and what it answered, kept in its own file.

An answer is worth more than its entry here: writing waits a second for other writers and no longer, so that a question put
while a large batch is taken in is not held up. Reading waits for nobody, because the file keeps a write-ahead log.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

from qa.errors import NothingThere
from qa.library import Library
from qa.types import Usage

PATIENCE = 1.0
"""Seconds to wait for another process's write before an entry is given up."""
_FIELDS = "moment, question, answered, model, prompt, input_tokens, output_tokens, seconds, record"
_PLACES = ", ".join("?" * len(_FIELDS.split()))


@dataclass(frozen=True, slots=True)
class Entry:
    """One question or summary."""

    moment: str
    """When it was answered: ISO 8601, UTC."""
    question: str
    """As it was put, follow-ups made self-contained; a summary's topic or title."""
    answered: bool
    """Whether anything was found."""
    model: str
    prompt: str | None
    """The prompt's fingerprint."""
    usage: Usage
    seconds: float
    """All its parts together."""
    record: str
    """The whole record as JSON."""
    number: int = 0
    """Its place in the log, from 1; 0 before it is written."""


class RunLog:
    """The entries of one library's file. A file that is not there has none and is not made."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def write(self, entry: Entry) -> None:
        """Adds an entry. Raises sqlite3.Error where the file may not be written to or another process keeps it too long."""
        if not self._library.path.exists():
            return
        where = f"{self._library.path.absolute().as_uri()}?mode=rw"
        with closing(sqlite3.connect(where, timeout=PATIENCE, isolation_level=None, uri=True)) as connection:
            connection.execute(f"INSERT INTO asked ({_FIELDS}) VALUES ({_PLACES})", _values(entry))

    def restore(self, entry: Entry) -> int:
        """Takes in, inside ``Library.writing()``, an entry of another log: 1 where it was not in this one, else 0."""
        values = _values(entry)
        same = "SELECT 1 FROM asked WHERE moment = ? AND question = ? AND record = ?"
        query = f"INSERT INTO asked ({_FIELDS}) SELECT {_PLACES} WHERE NOT EXISTS ({same})"
        return self._library.connection.execute(query, [*values, entry.moment, entry.question, entry.record]).rowcount

    def all(self) -> Iterator[Entry]:
        """Every entry, the oldest first."""
        for row in self._library.connection.execute(f"SELECT {_FIELDS}, number FROM asked ORDER BY number"):
            yield _entry(*row)

    def entries(self, limit: int, question: str = "") -> list[Entry]:
        """The last ``limit`` entries, newest first; of those whose question holds ``question``, whatever its case."""
        query = f"SELECT {_FIELDS}, number FROM asked WHERE instr(folded(question), ?) > 0 ORDER BY number DESC LIMIT ?"
        return self._read(query, [question.casefold(), limit])

    def entry(self, number: int) -> Entry:
        """One entry. Raises NothingThere."""
        found = self._read(f"SELECT {_FIELDS}, number FROM asked WHERE number = ?", [number])
        if not found:
            raise NothingThere(f"the log has no entry {number}", "qa log shows the entries there are")
        return found[0]

    def _read(self, query: str, values: list[str | int]) -> list[Entry]:
        connection = self._library.connection
        connection.create_function("folded", 1, lambda text: (text or "").casefold(), deterministic=True)
        known = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'asked'").fetchone()
        return [_entry(*row) for row in connection.execute(query, values)] if known else []


def _values(entry: Entry) -> list[object]:
    usage = entry.usage
    told = [entry.moment, entry.question, entry.answered, entry.model, entry.prompt]
    return [*told, usage.input_tokens, usage.output_tokens, entry.seconds, entry.record]


def _entry(
    moment: str,
    question: str,
    answered: int,
    model: str,
    prompt: str | None,
    sent: int,
    received: int,
    seconds: float,
    record: str,
    number: int,
) -> Entry:
    return Entry(moment, question, bool(answered), model, prompt, Usage(sent, received), seconds, record, number)
