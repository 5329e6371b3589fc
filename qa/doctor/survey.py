"""Every stored text read once, and held against all that was made from it."""

from __future__ import annotations

import hashlib
import sqlite3
from dataclasses import dataclass, field
from itertools import pairwise

from qa.chunk import context, mark
from qa.hidden import of_article, told
from qa.rows import unpacked
from qa.shingles import Shingles
from vectorstore.types import Span

SAMPLE = 2000
"""Of more versions than this, about so many are held against the index of word runs: each takes a hundred look-ups."""
_VERSIONS = """
    SELECT v.key, v.article_id, v.version, v.chars, v.sentences, v.title, v.published, v.extra, v.key = a.current
    FROM versions v LEFT JOIN articles a ON a.id = v.article_id WHERE v.sha256 = ?
"""


@dataclass(frozen=True, slots=True)
class _Version:
    """A row of _VERSIONS."""

    key: int
    article: str
    number: int
    chars: int
    sentences: bytes
    title: str
    published: str | None
    extra: str
    current: int

    @property
    def told(self) -> str:
        return self.article if self.current else f"{self.article} version {self.number}"


@dataclass(slots=True)
class Survey:
    """What was found; versions by their keys, each with its name."""

    versions: int = 0
    texts: dict[int, str] = field(default_factory=dict)
    """Whose text is not what its sha256 says."""
    chars: dict[int, str] = field(default_factory=dict)
    """Whose length is not their text's."""
    sentences: dict[int, str] = field(default_factory=dict)
    """Whose sentences do not tile the text."""
    chunks: dict[int, str] = field(default_factory=dict)
    """Current ones whose chunks do not tile the text, or are marked for other words."""
    shingles: dict[int, str] = field(default_factory=dict)
    """Of which the index of word runs lacks some."""
    compared: int = 0
    """How many versions were held against that index."""
    kept: int = 0
    """Entries which it should have for them."""
    hidden: list[str] = field(default_factory=list)
    """Articles with something that no reader sees, and what."""


def surveyed(connection: sqlite3.Connection) -> Survey:
    """One pass over the texts, one held at a time; versions whose text is damaged are held against nothing else."""
    found = Survey()
    (total,) = connection.execute("SELECT count(*) FROM versions").fetchone()
    step = -(-total // SAMPLE) or 1
    for digest, raw in connection.execute("SELECT sha256, CAST(text AS BLOB) FROM texts"):
        text = raw.decode() if hashlib.sha256(raw).hexdigest() == digest else None
        for row in connection.execute(_VERSIONS, [digest]).fetchall():
            version = _Version(*row)
            found.versions += 1
            if text is None:
                found.texts[version.key] = version.told
                continue
            _look(found, connection, version, text)
            if found.versions % step == 0:
                _compare(found, connection, version, text)
    return found


def _look(found: Survey, connection: sqlite3.Connection, version: _Version, text: str) -> None:
    if version.chars != len(text):
        found.chars[version.key] = version.told
    if not _tiled(text, version.sentences):
        found.sentences[version.key] = version.told
    if version.current:
        if not _cut(connection, version, text):
            found.chunks[version.key] = version.told
        if hidden := of_article(text, version.extra):
            found.hidden.append(f"{version.article} ({told(hidden)})")


def _compare(found: Survey, connection: sqlite3.Connection, version: _Version, text: str) -> None:
    wanted, there = Shingles(connection).held(version.key, text)
    found.compared += 1
    found.kept += wanted
    if wanted != there:
        found.shingles[version.key] = version.told


def _tiled(text: str, blob: bytes) -> bool:
    try:
        return tiles(text, unpacked(blob))
    except (ValueError, TypeError):  # bytes that are no offsets, or no bytes at all
        return False


def _cut(connection: sqlite3.Connection, version: _Version, text: str) -> bool:
    """Whether the chunks tile the text and each mark is its words'."""
    query = "SELECT start, end, mark FROM chunks WHERE version_key = ? ORDER BY start"
    rows = connection.execute(query, [version.key]).fetchall()
    line = context(version.title, version.published)
    marked = all(tag == mark(version.article, line, text[start:end]) for start, end, tag in rows)
    return marked and tiles(text, [Span(start, end) for start, end, _ in rows])


def tiles(text: str, spans: list[Span]) -> bool:
    """Whether the spans stand in order without overlap and only white space of ``text`` lies outside them."""
    edges = [Span(0, 0), *spans, Span(len(text), len(text))]
    return all(one.end <= two.start and not text[one.end : two.start].strip() for one, two in pairwise(edges))
