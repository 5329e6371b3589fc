"""A library as lines of JSON and back: every article with all its versions, each line whole in itself.

What follows from the texts (sentences, chunks, keywords, shingles, vectors) is left out, and made anew by whoever reads it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from qa.errors import UsageError
from qa.ingest.types import Skipped
from qa.intake import BATCH_LETTERS, Desk
from qa.library import Library
from qa.origins import Origins
from qa.rows import TOLD, identity_of, sha256_of, told_by
from qa.types import Document

SCHEMA = "groundwire/export/1"
_COLUMNS = ("version", "sha256", "added", *TOLD)


@dataclass(frozen=True, slots=True)
class Kept:
    """One article of an export."""

    id: str
    identity: str
    versions: tuple[tuple[Document, str], ...]
    """Each with the moment at which it was added, the oldest first."""


def lines(library: Library) -> Iterator[str]:
    """The head and then a line an article, in the order in which they came: one state, whoever writes meanwhile."""
    connection = library.connection
    connection.execute("BEGIN")
    try:
        (versions,) = connection.execute("SELECT count(*) FROM versions").fetchone()
        yield _line({"schema": SCHEMA, "articles": library.count(), "versions": versions})
        order = "SELECT a.id, a.identity FROM articles a JOIN versions v ON v.article_id = a.id GROUP BY a.id ORDER BY min(v.key)"
        for id, identity in connection.execute(order):
            yield _line({"id": id, "identity": identity, "versions": list(_versions(library, id))})
    finally:
        connection.execute("ROLLBACK")


def _versions(library: Library, id: str) -> Iterator[dict[str, object]]:
    columns = ", ".join(f"v.{name}" for name in _COLUMNS)
    query = (
        f"SELECT {columns}, t.text FROM versions v JOIN texts t ON t.sha256 = v.sha256 WHERE v.article_id = ? ORDER BY v.version"
    )
    for row in library.connection.execute(query, [id]):
        found = dict(zip((*_COLUMNS, "text"), row, strict=True))
        yield {**found, "extra": json.loads(found["extra"]), "pages": json.loads(found["pages"]) if found["pages"] else []}


def _line(record: dict[str, object]) -> str:
    return json.dumps(record, ensure_ascii=False) + "\n"


def parsed(line: str) -> Kept:
    """The article of a line, its texts held to their digests. Raises UsageError with what is wrong with it."""
    try:
        record = json.loads(line)
        kept = Kept(_text(record["id"]), _text(record["identity"]), tuple(_version(one, record) for one in record["versions"]))
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise UsageError(f"it is damaged: {type(error).__name__}: {error}", "export it again") from error
    if [one["version"] for one in record["versions"]] != list(range(1, len(kept.versions) + 1)) or not kept.versions:
        raise UsageError("its versions are not 1, 2, 3 and so on", "export it again")
    if kept.identity not in {identity_of(document) for document, _ in kept.versions}:
        raise UsageError("its identity is not its own", "export it again")
    return kept


def _version(row: dict[str, Any], record: dict[str, Any]) -> tuple[Document, str]:
    told = {name: _text(row[name]) for name in TOLD[:-2] if row[name] is not None}
    if sha256_of(_text(row["text"])) != row["sha256"]:
        raise UsageError(f"the text of version {row['version']} is not what its sha256 says", "export it again")
    id = record["id"] if record["identity"].startswith("id:") else None
    pages = tuple(int(page) for page in row["pages"])
    return Document(row["text"], id=id, extra=dict(row["extra"]), pages=pages, **told), _text(row["added"])


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r:.40} is no text")
    return value


@dataclass(slots=True)
class Brought:
    """What became of the lines of an export."""

    added: int = 0
    updated: int = 0
    """Articles of which later versions were new."""
    unchanged: int = 0
    skipped: list[Skipped] = field(default_factory=list)
    """Lines that were damaged, and articles that are others here."""


def bring_in(desk: Desk, given: Iterable[str]) -> Brought:
    """Merges an export into a library, batch by batch, each committed and embedded as those of an add.

    Raises UsageError where it does not begin as an export does.
    """
    numbered = enumerate(given, 1)
    _, head = next(numbered, (0, ""))
    if not head.startswith(_line({"schema": SCHEMA})[:-2]):
        raise UsageError("this is no export of a library: its first line does not say so", "qa add reads other files")
    brought = Brought()
    batch: list[tuple[int, Kept]] = []
    letters = 0
    for number, line in numbered:
        try:
            kept = parsed(line)
        except UsageError as error:
            brought.skipped.append(Skipped(f"line {number}", error.message))
            continue
        batch.append((number, kept))
        letters += len(line)
        if letters >= BATCH_LETTERS:
            _take_in(desk, batch, brought)
            batch, letters = [], 0
    _take_in(desk, batch, brought)
    return brought


def _take_in(desk: Desk, batch: list[tuple[int, Kept]], brought: Brought) -> None:
    with desk.lock():
        if batch:
            desk.index()  # a store or embedder that cannot be opened is told before anything is taken in
            with desk.library.writing():
                for number, kept in batch:
                    try:
                        change = _merge(desk, kept)
                    except UsageError as error:
                        brought.skipped.append(Skipped(f"line {number}", error.message))
                    else:
                        setattr(brought, change, getattr(brought, change) + 1)
                Origins(desk.library.connection).follow(kept.id for _, kept in batch)
        desk.sync()


def _merge(desk: Desk, kept: Kept) -> str:
    """``added``, ``updated`` or ``unchanged``. Raises UsageError where the article is another one here, or went another way."""
    connection = desk.library.connection
    query = "SELECT id, identity FROM articles WHERE id = ? OR identity = ?"
    found = connection.execute(query, [kept.id, kept.identity]).fetchall()
    if found and found != [(kept.id, kept.identity)]:
        raise UsageError(f"{kept.id!r} and {found[0][0]!r} here are not the same article", f"qa remove {found[0][0]}")
    query = f"SELECT sha256, added, {', '.join(TOLD)} FROM versions WHERE article_id = ? ORDER BY version"
    here = connection.execute(query, [kept.id]).fetchall()
    there = [(sha256_of(document.text), moment, *told_by(document)) for document, moment in kept.versions]
    if any(one != other for one, other in zip(here, there, strict=False)):
        raise UsageError(f"the versions of {kept.id!r} are others here", f"qa remove {kept.id}")
    if len(there) > len(here):
        desk.library.restore(kept.id, kept.identity, kept.versions, len(here), desk.count)
        return "updated" if here else "added"
    return "unchanged"
