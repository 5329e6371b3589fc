"""An article among its copies: what each says the same, what it says otherwise, and what was changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TypeVar

from qa.copies import Counterpart, Sentences
from qa.diff import Change
from qa.library import Library
from qa.origins import Member, Origins
from qa.types import Answer, Article, Citation, Summary, Variant
from qa.versions import changes

Found = TypeVar("Found", Answer, Summary)
_LOOKED_AT = 24
"""How many copies of a cited article are read, the closest to the origin first."""


@dataclass(frozen=True, slots=True)
class Copy:
    """One article of a group beside its origin."""

    article: Article
    member: Member
    changes: tuple[Change, ...] = ()
    """From the origin's words to this one's; empty for the origin."""
    variants: tuple[Variant, ...] = ()
    """Where words of its stand for others of the origin's, or it adds or drops a number, a negation, a hedge or a restriction."""


def family(library: Library, id: str) -> list[Copy]:
    """The origin of an article and then each copy; the article alone where there are no copies. Raises NothingThere."""
    article = library.article(id)
    members = Origins(library.connection).group(article.id)
    if not members:
        return [Copy(article, Member(article.id, article.id, 1.0, "no copies are known"))]
    origin = library.article(members[0].article_id)
    said = [span.of(origin.text) for span in library.sentences(origin)]
    return [Copy(origin, members[0])] + [_copy(library, origin, said, member) for member in members[1:]]


def _copy(library: Library, origin: Article, said: list[str], member: Member) -> Copy:
    article = library.article(member.article_id)
    sentences = Sentences(article.text, library.sentences(article))
    found = (sentences.counterpart(one) for one in said)
    return Copy(article, member, changes(origin, article), tuple(_variant(article, one) for one in found if one and one.differs))


def with_copies(library: Library, citations: Iterable[Citation]) -> tuple[Citation, ...]:
    """The citations, each told which copies of its article say the same and which say otherwise."""
    return tuple(_among_copies(library, citation) for citation in citations)


def among_copies(library: Library, found: Found) -> Found:
    """An answer or a summary whose citations are told their copies."""
    return replace(found, citations=with_copies(library, found.citations))


def _among_copies(library: Library, citation: Citation) -> Citation:
    members = Origins(library.connection).group(citation.article.id)
    if not members:
        return citation
    text, span = citation.article.text, citation.span
    inside = [one for one in library.sentences(citation.article) if one.start < span.end and span.start < one.end]
    quoted = [text[max(one.start, span.start) : min(one.end, span.end)] for one in inside]
    copies: list[str] = []
    variants: list[Variant] = []
    for member in [one for one in members if one.article_id != citation.article.id][:_LOOKED_AT]:
        article = library.article(member.article_id)
        sentences = Sentences(article.text, library.sentences(article))
        found = [sentences.counterpart(one) for one in quoted if not sentences.holds(one)]
        variants += [_variant(article, one) for one in found if one and one.differs]
        copies += [] if any(one is None or one.differs for one in found) else [article.id]
    return replace(citation, origin=members[0].origin, copies=tuple(copies), variants=tuple(variants))


def _variant(article: Article, found: Counterpart) -> Variant:
    return Variant(article, found.span, tuple((change.quoted, change.source) for change in found.telling))
