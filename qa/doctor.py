"""Whether everything that must hold of a home does hold, check by check."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from qa.hidden import of_articles, told
from qa.ledger import Ledger
from qa.library import Library
from qa.origins import agreed
from qa.rows import sha256_of
from vectorstore.interface import VectorStoreError
from vectorstore.types import Span

MEND = "qa rebuild makes the index anew from the library"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at."""

    name: str
    ok: bool
    detail: str
    """What was found, in a line."""
    hint: str = ""
    """What mends it; empty where nothing needs mending."""


_NAMED = 10
"""Articles that a check names at most."""
MEND_GROUPS = "qa rebuild compares all articles anew"
DAMAGED = "restore a copy of the home folder, or move it away and add the articles anew"


def examine(opened: Callable[[], Library], index_ids: Callable[[], list[str]]) -> list[Check]:
    """Every check, worst news included: a file that cannot even be opened is a failed check, not an error."""
    try:
        library = opened()
    except sqlite3.DatabaseError as error:
        return [Check("database", False, f"damaged: {error}", DAMAGED)]
    checks = [_database(library)]
    if checks[0].ok:
        checks += [_texts(library), _sentences(library), _chunks(library), _keywords(library), _index(library, index_ids)]
        checks += [_origins(library), _hidden(library)]
    return checks


def _origins(library: Library) -> Check:
    wrong = agreed(library.connection)
    (groups,) = library.connection.execute("SELECT count(DISTINCT origin) FROM origins").fetchone()
    told = f"{groups} articles have copies" if groups != 1 else "1 article has copies"
    return Check("origins", not wrong, "; ".join(wrong) or told, MEND_GROUPS if wrong else "")


def _database(library: Library) -> Check:
    try:
        (verdict,) = library.connection.execute("PRAGMA integrity_check(1)").fetchone()
        orphans = library.connection.execute("PRAGMA foreign_key_check").fetchall()
    except sqlite3.DatabaseError as error:
        verdict, orphans = str(error), []
    ok = verdict == "ok" and not orphans
    detail = "sound" if ok else f"damaged: {verdict}" if verdict != "ok" else f"{len(orphans)} rows without their owner"
    return Check("database", ok, detail, "" if ok else DAMAGED)


def _texts(library: Library) -> Check:
    wrong = [digest for digest, text in library.connection.execute("SELECT sha256, text FROM texts") if sha256_of(text) != digest]
    count = library.count()
    return Check(
        "texts",
        not wrong,
        f"{count} articles, every text as its sha256 says" if not wrong else f"{len(wrong)} texts are not what was read",
        "" if not wrong else "add the articles again from their files",
    )


def _sentences(library: Library) -> Check:
    return _tiled("sentences", library, lambda name: library.sentences(library.article(name)))


def _chunks(library: Library) -> Check:
    query = "SELECT start, end FROM chunks c JOIN articles a ON a.current = c.version_key WHERE a.id = ? ORDER BY start"
    return _tiled("chunks", library, lambda name: [Span(*row) for row in library.connection.execute(query, [name])])


def _tiled(name: str, library: Library, spans: Callable[[str], list[Span]]) -> Check:
    torn = [id for id in _ids(library) if not tiles(library.article(id).text, spans(id))]
    detail = (
        "cover every article, only white space lies between them" if not torn else f"do not fit the text of {', '.join(torn[:5])}"
    )
    return Check(name, not torn, detail, MEND if torn else "")


def tiles(text: str, spans: list[Span]) -> bool:
    """Whether the spans stand in order without overlap and only white space of ``text`` lies outside them."""
    edges = [Span(0, 0), *spans, Span(len(text), len(text))]
    return all(one.end <= two.start and not text[one.end : two.start].strip() for one, two in pairwise(edges))


def _ids(library: Library) -> Iterator[str]:
    for article, _ in library.headers():
        yield article.id


def _keywords(library: Library) -> Check:
    (indexed,) = library.connection.execute("SELECT count(*) FROM keywords_docsize").fetchone()
    (chunks,) = library.connection.execute("SELECT count(*) FROM chunks").fetchone()
    ok = indexed == chunks
    return Check("keywords", ok, f"{indexed} of {chunks} chunks have keywords", "" if ok else MEND)


def _hidden(library: Library) -> Check:
    """Characters and text that no reader sees are kept and no damage; whoever keeps the archive should know of them."""
    marked = [f"{id} ({told(what)})" for id, what in of_articles(library.connection)]
    more = f" and {len(marked) - _NAMED} more" if len(marked) > _NAMED else ""
    named = "; ".join(marked[:_NAMED]) + more
    return Check(
        "hidden text", True, f"what readers do not see stands in {named}" if marked else "nothing that readers do not see"
    )


def _index(library: Library, index_ids: Callable[[], list[str]]) -> Check:
    ledger = Ledger(library.connection)
    expected = ledger.expected()
    if not expected and not ledger.behind():
        return Check("index", True, "nothing to index")
    try:
        there = set(index_ids())
    except VectorStoreError as error:
        return Check("index", False, error.message, error.hint)
    missing, extra = len(expected - there), len(there - expected)
    if missing or extra or ledger.behind():
        return Check("index", False, f"{missing} of {len(expected)} chunks have no vector, {extra} vectors have no chunk", MEND)
    return Check("index", True, f"{len(expected)} chunks, each with its vector")
