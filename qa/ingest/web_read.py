"""What an address holds: a page, or a feed or a sitemap and then the pages that it names."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import islice
from typing import TypeVar

from qa.errors import Gone, NetworkError, UsageError
from qa.ingest import feed, feed_json, sitemap
from qa.ingest.sniff import root_of
from qa.ingest.types import Entry, Known, Lost, Seen, Skipped, Unreadable
from qa.ingest.web import Page, Web
from qa.types import Document

Parse = Callable[[Page, str], Iterator[Document | Skipped]]
"""The articles of a page, under an origin."""
_FEEDS = frozenset({"rss", "feed", "RDF", "CHANNEL"})
_OLDER = 3
"""How many older entries must still be in a feed before what left it is called gone: one or two may be pinned."""
T = TypeVar("T")
_FILLED = ("title", "source", "author", "published", "updated", "language", "section", "credit")


def read(url: str, web: Web, limit: int, parse: Parse) -> Iterator[Document | Skipped]:
    """The articles at ``url``. Raises NetworkError where it cannot be had, Unreadable where it is of no use.

    What an earlier run has seen and the server calls unchanged is a Known; a page that is no longer there is a Lost.
    """
    seen = web.memory.seen(url)
    page = web.get(url, limit, seen)
    if page.same and seen:
        web.learned[url] = seen
        if seen.entries is None:
            yield Known(seen.origin)
        else:
            index = _Index(url, web, limit, parse)
            yield from index.pages(list(seen.entries), seen.entries)
            web.learned[url] = replace(seen, entries=index.kept(seen.entries))
        return
    index = _Index(url, web, limit, parse)
    entries = index.entries(page)
    if entries is None:
        origin = seen.origin if seen else page.url
        yield from parse(page, origin)
        web.learned[url] = Seen(origin, page.etag, page.modified)
        return
    before = seen.entries or () if seen else ()
    yield from index.pages(entries, before)
    yield from index.unread
    again = (
        index.further or index.waiting
    )  # what it names may have changed where it has not; what waits is told until it is taken
    told = (None, None) if again else (page.etag, page.modified)
    web.learned[url] = Seen(page.url, *told, index.kept((*entries, *index.waiting)))


class _Index:
    """A feed or a sitemap, and how its pages are read."""

    def __init__(self, url: str, web: Web, limit: int, parse: Parse) -> None:
        self._url, self._web, self._limit, self._parse = url, web, limit, parse
        self._left = web.most
        self.further = False
        """Whether it names further sitemaps."""
        self.unread: list[Skipped] = []
        """What of it was not taken, and why."""
        self._unread: set[str] = set()
        """Origins of the entries whose pages could not be looked at."""
        self.waiting: list[Entry] = []
        """What is no longer named, and could not be looked at."""

    def entries(self, page: Page) -> list[Entry] | None:
        """The entries of a feed or sitemap; None for any other page."""
        root = root_of(page.content)
        if root in _FEEDS:
            return self._most(feed.entries(page.content, page.url, page.charset), feed.MOST, feed.MORE)
        if feed_json.is_feed(page.content):
            return self._most(feed_json.entries(page.content, page.url), feed.MOST, feed.MORE)
        content = sitemap.unpacked(page.content, self._limit) if page.url.endswith(".gz") else page.content
        if sitemap.is_list(page.url, content):
            return self._most(sitemap.listed(content), sitemap.MOST, sitemap.MORE)
        return self._most(self._sitemap(content), sitemap.MOST, sitemap.MORE) if root_of(content) in sitemap.ROOTS else None

    def _most(self, found: list[T], most: int, reason: str) -> list[T]:
        """The first ``most`` of them; that there are more is told."""
        self.unread += [Skipped(self._url, reason)] if len(found) > most else []
        return found[:most]

    def kept(self, entries: Iterable[Entry]) -> tuple[Entry, ...]:
        """The entries as they are remembered: without texts, and without the stamp of a page that was not read."""
        return tuple(
            replace(one, told=replace(one.told, text=""), stamp=None if one.told.origin in self._unread else one.stamp)
            for one in entries
        )

    def _sitemap(self, content: bytes) -> list[Entry]:
        """The pages of a sitemap and of those that it names; one that cannot be read is told, unless it is the only one."""
        found, further = sitemap.read(content)
        self.further = bool(further)
        fault: Exception | None = None
        for link in islice(further, sitemap.FURTHER):  # it grows meanwhile
            if len(found) > sitemap.MOST:
                break
            try:
                pages, more = sitemap.read(sitemap.unpacked(self._web.get(link, self._limit).content, self._limit))
                found += pages
                further += [one for one in more if one not in further]
            except (NetworkError, UsageError, Unreadable) as error:
                fault = error
                self.unread.append(Skipped(link, error.reason if isinstance(error, Unreadable) else error.message))
        if fault and not found:
            raise fault
        self._most(further, sitemap.FURTHER, sitemap.FURTHER_MORE)
        return found

    def pages(self, entries: list[Entry], before: tuple[Entry, ...]) -> Iterator[Document | Skipped]:
        """The articles of the entries, and of those that an earlier run saw and that are named no longer."""
        stamps = {entry.told.origin: entry.stamp for entry in before if entry.stamp}
        over = 0
        for entry in entries:
            if entry.stamp and stamps.get(entry.told.origin) == entry.stamp and self._web.memory.has(entry.told.origin):
                yield Known(entry.told.origin)
            elif self._left or not entry.link:
                self._left -= bool(entry.link)
                yield from self._one(entry)
            else:
                over += 1
                self._unread.add(entry.told.origin)
        named = {entry.told.origin for entry in entries}
        days = sorted(filter(None, map(_day, before)))
        still = sorted(filter(None, (_day(entry) for entry in before if entry.told.origin in named)))
        for entry in before:
            if entry.told.origin not in named and self._web.memory.has(entry.told.origin):
                yield from self._dropped(entry, bisect_left(days, _day(entry)), bisect_left(still, _day(entry)))
        if over:
            yield Skipped(self._url, f"{over} more pages than the {self._web.most} that are asked for in one run (--entries)")

    def _dropped(self, entry: Entry, older: int, still: int) -> Iterator[Document | Skipped]:
        """What became of an entry that is no longer named: feeds forget their oldest, which is no reason to doubt the article.

        Without a page it is called gone only where most of the ``older`` ones that stood beside it are ``still`` there.
        """
        if entry.link and self._left:
            self._left -= 1
            yield from self._one(entry, again=True)
        elif entry.link:
            self.waiting.append(entry)
        elif still >= _OLDER and 2 * still > older:
            self.waiting.append(entry)
            yield Lost(entry.told.origin, "no longer in the feed, which has older ones")

    def _one(self, entry: Entry, *, again: bool = False) -> Iterator[Document | Skipped]:
        """The page of an entry; its own words where the page cannot be had and they are whole."""
        if entry.link is None:
            yield self._own(entry, "no text in the entry, and no address")
            return
        try:
            yield from self._page(entry, entry.link)
        except Gone as error:
            if again:
                self.waiting.append(entry)
            elif entry.whole:
                yield self._own(entry, error.message)
                return
            yield Lost(entry.told.origin, error.message)
        except (NetworkError, UsageError) as error:
            self._unread.add(entry.told.origin)
            if again:
                self.waiting.append(entry)
            yield self._own(entry, error.message)
        except Unreadable as error:
            yield self._own(entry, error.reason)

    def _page(self, entry: Entry, link: str) -> Iterator[Document | Skipped]:
        web, origin = self._web, entry.told.origin
        seen = web.memory.seen(link)
        page = web.get(link, self._limit, seen)
        if page.same and seen:
            yield Known(seen.origin)
            return
        found = list(self._parse(page, origin))
        if not any(isinstance(one, Document) for one in found):
            raise Unreadable(found[0].reason if found and isinstance(found[0], Skipped) else "no article text found")
        yield from (_filled(one, entry.told) if isinstance(one, Document) and one.origin == origin else one for one in found)
        web.learned[link] = Seen(origin, page.etag, page.modified)

    def _own(self, entry: Entry, reason: str) -> Document | Skipped:
        if entry.link and (seen := self._web.memory.seen(entry.link)) and self._web.memory.has(seen.origin):
            return Known(seen.origin)  # its page was read before, and that is more than the feed says
        if entry.told.text and (entry.whole or entry.link is None):
            return entry.told
        if self._web.memory.has(entry.told.origin):
            return Known(entry.told.origin)
        summary = "; the feed has only a summary, which is not the article's words" if entry.told.text else ""
        return Skipped(entry.link or entry.told.origin, reason + summary)


def _day(entry: Entry) -> str:
    return (entry.told.published or "")[:10]


def _filled(article: Document, told: Document) -> Document:
    """The article with what only the feed says of it."""
    return replace(article, **{name: getattr(article, name) or getattr(told, name) for name in _FILLED})
