"""What became of an article: its versions, one after the other, and what changed between two of them."""

from __future__ import annotations

from dataclasses import dataclass

from qa.diff import Change, compared
from qa.errors import NothingThere
from qa.library import Library
from qa.text import sentences
from qa.types import Article

_WORD_LIMIT = 20_000
"""Words; longer texts are compared by whole sentences, not by words."""


@dataclass(frozen=True, slots=True)
class Version:
    """One version of an article, without its text."""

    number: int
    sha256: str
    chars: int
    """Length of its text in code points."""
    added: str
    """When it was read, ISO 8601 in UTC."""
    title: str
    published: str | None


@dataclass(frozen=True, slots=True)
class Difference:
    """What changed from one version to another."""

    before: Article
    after: Article
    changes: tuple[Change, ...]
    """``source`` holds the earlier version's words, ``quoted`` the later one's."""


def versions(library: Library, id: str) -> list[Version]:
    """Every version of an article, the first first. Raises NothingThere for an unknown one."""
    query = "SELECT version, sha256, chars, added, title, published FROM versions WHERE article_id = ? ORDER BY version"
    return [Version(*row) for row in library.connection.execute(query, [library.resolve(id)])]


def difference(library: Library, id: str, before: int | None = None, after: int | None = None) -> Difference:
    """What changed between two versions; without numbers, between the current one and the one before it.

    Raises NothingThere for an unknown article or version, and for an article that has one version only.
    """
    later = library.article(id, after)
    number = later.version - 1 if before is None else before
    if number < 1:
        raise NothingThere(f"article {later.id} has one version only", f"qa show {later.id}")
    earlier = library.article(later.id, number)
    return Difference(earlier, later, changes(earlier, later))


def changes(before: Article, after: Article) -> tuple[Change, ...]:
    """What changed from one text to another, as ``Difference`` has it."""
    return compared(*(_units(article.text) for article in (before, after)))


def _units(text: str) -> list[str]:
    words = text.split()
    return words if len(words) <= _WORD_LIMIT else [" ".join(span.of(text).split()) for span in sentences(text)]
