"""Saved citations put to the library again: whether the words still stand where the record says, or what became of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qa.diff import Change, compared
from qa.errors import NothingThere
from qa.library import Library
from qa.match import Ground, Quote
from qa.near import nearest
from qa.text import fold
from qa.types import Article
from qa.verdicts import Cited, Verified
from qa.versions import versions
from qa.whereabouts import Whereabouts
from vectorstore.types import Span

_LIKE = 0.5
"""Of the words at the recorded place, how many a record must share with them to count as an alteration of them."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where words stand in one version."""

    article: Article
    spans: tuple[Span, ...]
    exact: bool


class Verifier:
    """Re-checks citations against one library."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._grounds: dict[tuple[str, int], Ground] = {}

    def verify(self, cited: Cited) -> Verified:
        """The verdict for one citation.

        ``valid``: the current version has the very words at the very place. ``moved``: elsewhere. ``ambiguous``: at several
        places, none of which the recorded surroundings single out. ``changed``: only an earlier version has them. ``altered``:
        the recorded words are not the article's. ``misattributed``: they stand in another article. ``missing``: nowhere.
        """
        kept = self._kept(cited.article_id)
        if not kept:
            return self._elsewhere(cited) or _lost(cited, f"there is no article {cited.article_id!r}")
        current = kept[-1]
        recorded = next((one for one in reversed(kept) if one.sha256 == cited.article_sha256), None)
        if _slice(current, cited) == cited.quote and (recorded is current or self._stands(current, cited)):
            return Verified(cited, "valid", current.id, current.version, Span(cited.start, cited.end), "")
        place = self._places(current, cited)
        older = next((one for one in reversed(kept[:-1]) if self._places(one, cited).exact), None)
        if place.exact or (place.spans and (older or recorded is None)):
            return _moved(cited, place)
        if older is not None:
            return self._changed(cited, older, current)
        return self._elsewhere(cited) or self._altered(cited, recorded or current)

    def _kept(self, id: str) -> list[Article]:
        """Every version of an article with exactly that id, the current one last."""
        try:
            found = self._library.article(id)
        except NothingThere:
            return []
        if found.id != id:
            return []
        earlier = [self._library.article(id, one.number) for one in versions(self._library, id)[:-1]]
        return [*earlier, found]

    def _ground(self, article: Article) -> Ground:
        return self._grounds.setdefault((article.id, article.version), Ground(article.text))

    def _stands(self, article: Article, cited: Cited) -> bool:
        """Whether the words at the recorded place are no piece of longer ones."""
        return self._ground(article).alone(Span(cited.start, cited.end))

    def _places(self, article: Article, cited: Cited) -> _Place:
        """Where the words stand: to the character, or else in all but typography."""
        exact = tuple(self._ground(article).exactly(cited.quote))
        if exact:
            return _Place(article, exact, True)
        folded = fold(article.text).find(fold(cited.quote).text)
        return _Place(article, tuple(span for span in folded if self._ground(article).alone(span)), False)

    def _changed(self, cited: Cited, older: Article, current: Article) -> Verified:
        """Since when the words are gone, and what stands there now."""
        added = {one.number: one.added for one in versions(self._library, current.id)}
        since = older.version + 1
        note = f"version {since}, read on {added[since][:10]}, no longer has these words"
        near = nearest(Quote(cited.quote), self._ground(current))
        span, changes = (near.span, near.changes) if near else (None, ())
        return Verified(cited, "changed", current.id, current.version, span, note, since, changes)

    def _altered(self, cited: Cited, article: Article) -> Verified:
        """What the article has in place of the recorded words; ``missing`` where that is nothing like them."""
        there = _slice(article, cited)
        changes = compared(there.split(), cited.quote.split())
        shared = sum(len(one.quoted.split()) for one in changes if one.op == "equal")
        if there and shared >= _LIKE * max(1, len(cited.quote.split())):
            changes = changes if shared < len(cited.quote.split()) or there.split() != cited.quote.split() else ()
            return self._told(cited, article, Span(cited.start, cited.end), changes)
        near = nearest(Quote(cited.quote), self._ground(article)) if Quote(cited.quote).words else None
        if near:
            return self._told(cited, article, near.span, near.changes)
        return _lost(cited, "no version of the article has these words, nor does any other article")

    def _told(self, cited: Cited, article: Article, span: Span, changes: Sequence[Change]) -> Verified:
        kinds = dict.fromkeys(change.kind for change in changes if change.kind)
        note = f"the article's words are others: {', '.join(kinds) or 'case, spacing or typography'}"
        return Verified(cited, "altered", article.id, article.version, span, note, diff=tuple(changes))

    def _elsewhere(self, cited: Cited) -> Verified | None:
        """The first other article with the very words; None where there is none."""
        quote = Quote(cited.quote)
        if not quote.words:
            return None
        where = Whereabouts(self._library)
        for key in where.keys(quote):
            source = where.source(key)
            span = next(source.ground.exactly(cited.quote), None) if source.current else None
            if span and source.article.id != cited.article_id:
                note = f"these words stand in another article, {source.article.id}"
                return Verified(cited, "misattributed", source.article.id, source.article.version, span, note)
        return None


def _slice(article: Article, cited: Cited) -> str:
    return article.text[cited.start : cited.end] if 0 <= cited.start < cited.end else ""


def _lost(cited: Cited, note: str) -> Verified:
    return Verified(cited, "missing", None, None, None, note)


def _moved(cited: Cited, place: _Place) -> Verified:
    """``moved`` to the one place, or the one with the recorded surroundings; ``ambiguous`` where several may be meant."""
    article = place.article
    scores = [_surrounded(article.text, span, cited) for span in place.spans]
    best = [span for span, score in zip(place.spans, scores, strict=True) if score == max(scores)]
    but = "" if place.exact else ", but for case, spacing or typography"
    if len(best) > 1:
        note = f"the article has these words {len(place.spans)} times, none of them at the recorded place{but}"
        return Verified(cited, "ambiguous", article.id, article.version, best[0], note)
    note = f"the same words, {best[0].start - cited.start:+d} characters from the recorded place{but}"
    return Verified(cited, "moved", article.id, article.version, best[0], note)


def _surrounded(text: str, span: Span, cited: Cited) -> int:
    """How many of the recorded prefix and suffix stand around ``span``."""
    before = bool(cited.prefix) and text[: span.start].endswith(cited.prefix)
    after = bool(cited.suffix) and text[span.end :].startswith(cited.suffix)
    return before + after
