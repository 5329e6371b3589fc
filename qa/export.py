"""A library as lines of JSON and back: every article with all its versions, each line whole in itself; then the sources that
it remembers, and its log where that is wanted.

What follows from the texts (sentences, chunks, keywords, shingles, vectors) is left out, and made anew by whoever reads it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any, TextIO

from qa.errors import QAError, UsageError
from qa.ingest.types import Skipped
from qa.intake import BATCH_LETTERS, Desk
from qa.library import Library
from qa.origins import Origins
from qa.rows import TOLD, damaged, identity_of, sha256_of, told_by
from qa.runlog import Entry, RunLog
from qa.sources import Source, Sources
from qa.types import Document, Usage

SCHEMA = "groundwire/export/1"
LONGEST = 100_000_000
"""Characters that a line may have: what is longer is passed over, and never held in memory as a whole."""
_COLUMNS = ("version", "sha256", "added", *TOLD)


@dataclass(frozen=True, slots=True)
class Kept:
    """One article of an export."""

    id: str
    identity: str
    versions: tuple[tuple[Document, str], ...]
    """Each with the moment at which it was added, the oldest first."""


def lines(library: Library, *, log: bool = False) -> Iterator[str]:
    """The head, a line an article in the order in which they came, a line a source, and with ``log`` one an entry of the log.

    One state, whoever writes meanwhile. Raises QAError, once all else is given, where articles had to be left out: those of which
    a text is lost or damaged.
    """
    connection = library.connection
    connection.execute("BEGIN")
    try:
        (versions,) = connection.execute("SELECT count(*) FROM versions").fetchone()
        yield _line({"schema": SCHEMA, "articles": library.count(), "versions": versions})
        torn = list(dict.fromkeys(damaged(connection).values()))
        order = "SELECT a.id, a.identity FROM articles a JOIN versions v ON v.article_id = a.id GROUP BY a.id ORDER BY min(v.key)"
        for id, identity in (row for row in connection.execute(order) if row[0] not in torn):
            yield _line({"id": id, "identity": identity, "versions": list(_versions(library, id))})
        for source in Sources(connection).all():
            yield _line({"source": source.name, "checked": source.checked, "status": source.status})
        for entry in RunLog(library).all() if log else ():
            fields = {name: value for name, value in asdict(entry).items() if name not in ("moment", "number", "usage")}
            yield _line({"asked": entry.moment, **fields, **asdict(entry.usage)})
        if torn:
            named = ", ".join(torn[:5]) + " ..." * (len(torn) > 5)
            raise QAError(
                f"left out, for a text of theirs is lost or damaged: {named} ({len(torn)} in all)",
                "qa doctor says how they can be had again; qa export - gives all the others",
            )
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


def parsed(line: str) -> Kept | Source | Entry:
    """What a line holds, texts held to their digests. Raises UsageError with what is wrong with it."""
    try:
        record = json.loads(line)
        if "source" in record:
            return Source(_text(record["source"]), _text(record["checked"]), _text(record["status"]))
        if "asked" in record:
            return _entry(record)
        kept = Kept(_text(record["id"]), _text(record["identity"]), tuple(_version(one, record) for one in record["versions"]))
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise UsageError(f"it is damaged: {type(error).__name__}: {error}", "export it again") from error
    if [one["version"] for one in record["versions"]] != list(range(1, len(kept.versions) + 1)) or not kept.versions:
        raise UsageError("its versions are not 1, 2, 3 and so on", "export it again")
    if kept.identity not in {identity_of(document) for document, _ in kept.versions}:
        raise UsageError("its identity is not its own", "export it again")
    return kept


def _entry(row: dict[str, Any]) -> Entry:
    json.loads(_text(row["record"]))
    usage = Usage(int(_number(row["input_tokens"])), int(_number(row["output_tokens"])))
    prompt = None if row["prompt"] is None else _text(row["prompt"])
    told = _text(row["asked"]), _text(row["question"]), row["answered"] is True, _text(row["model"])
    return Entry(*told, prompt, usage, _number(row["seconds"]), row["record"])


def _version(row: dict[str, Any], record: dict[str, Any]) -> tuple[Document, str]:
    told = {name: _text(row[name]) for name in TOLD[:-2] if row[name] is not None}
    if sha256_of(_text(row["text"])) != row["sha256"]:
        raise UsageError(f"the text of version {row['version']} is not what its sha256 says", "export it again")
    id = record["id"] if record["identity"].startswith("id:") else None
    pages = tuple(int(page) for page in row["pages"])
    extra = dict(row["extra"])
    _text(json.dumps(extra, ensure_ascii=False))
    return Document(row["text"], id=id, extra=extra, pages=pages, **told), _text(row["added"])


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r:.40} is no text")
    value.encode()  # half a surrogate pair can be written in JSON, and in no file
    return value


def _number(value: object) -> float:
    if not isinstance(value, int | float) or not 0 <= value < 1 << 63:
        raise TypeError(f"{value!r:.40} is no number of anything")
    return value


def bounded(file: TextIO, longest: int = LONGEST) -> Iterator[str | None]:
    """The lines of a file, None for each that is longer than so many characters."""
    while line := file.readline(longest):
        whole = line.endswith("\n") or len(line) < longest
        while not whole:
            rest = file.readline(longest)
            whole = rest.endswith("\n") or not rest
            line = ""
        yield line or None


@dataclass(slots=True)
class Brought:
    """What became of the lines of an export."""

    added: int = 0
    updated: int = 0
    """Articles of which later versions were new."""
    unchanged: int = 0
    sources: int = 0
    """Those that were not remembered here."""
    log: int = 0
    """Entries of the log that were not in this one."""
    skipped: list[Skipped] = field(default_factory=list)
    """Lines that were damaged, and articles that are others here."""


def bring_in(desk: Desk, given: Iterable[str | None]) -> Brought:
    """Merges an export into a library, batch by batch, each committed and embedded as those of an add.

    A line that is None was too long. Raises UsageError where it does not begin as an export does.
    """
    numbered = enumerate(given, 1)
    _, head = next(numbered, (0, ""))
    if not (head or "").startswith(_line({"schema": SCHEMA})[:-2]):
        raise UsageError("this is no export of a library: its first line does not say so", "qa add reads other files")
    brought = Brought()
    batch: list[tuple[int, Kept | Source | Entry]] = []
    letters = 0
    for number, line in numbered:
        if line is None:
            brought.skipped.append(Skipped(f"line {number}", f"it is longer than {LONGEST:,} characters"))
            continue
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


def _take_in(desk: Desk, batch: list[tuple[int, Kept | Source | Entry]], brought: Brought) -> None:
    with desk.lock():
        if batch:
            desk.index()  # a store or embedder that cannot be opened is told before anything is taken in
            with desk.library.writing():
                for number, kept in batch:
                    try:
                        change, times = _brought(desk, kept)
                    except UsageError as error:
                        brought.skipped.append(Skipped(f"line {number}", error.message))
                    else:
                        setattr(brought, change, getattr(brought, change) + times)
                Origins(desk.library.connection).follow(kept.id for _, kept in batch if isinstance(kept, Kept))
        desk.sync()


def _brought(desk: Desk, kept: Kept | Source | Entry) -> tuple[str, int]:
    """The count that grows, and by how much."""
    if isinstance(kept, Entry):
        return "log", RunLog(desk.library).restore(kept)
    if isinstance(kept, Source):
        return "sources", Sources(desk.library.connection).restore(kept)
    return _merge(desk, kept), 1


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
