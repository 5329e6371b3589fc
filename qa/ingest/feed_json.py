"""JSON Feed, versions 1 and 1.1."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import BinaryIO, Final

from qa.ingest.dates import stated
from qa.ingest.decode import text_of
from qa.ingest.feed import MOST, articles, place_of, web_address
from qa.ingest.jsonl import parsed
from qa.ingest.language import tag
from qa.ingest.markup import html_of, paragraphs
from qa.ingest.types import Entry, Place, Skipped, Unreadable, whole
from qa.types import Document

_SIGN: Final = re.compile(rb'(?:\xef\xbb\xbf)?\s*\{[^\0]{0,4000}?"version"\s*:\s*"https?:(?:\\?/){2}jsonfeed\.org(?:\\?/)version')


def is_feed(content: bytes) -> bool:
    """Whether this says that it is a JSON Feed."""
    return _SIGN.match(content) is not None


def read(stream: BinaryIO, place: Place) -> Iterator[Document | Skipped]:
    """The entries as articles of their own words, in order; no address in the feed is read."""
    yield from articles(entries(whole(stream, place), place.origin), place.origin)


def entries(content: bytes, origin: str) -> list[Entry]:
    """The entries of a feed, in order, at most one more than MOST. Raises Unreadable for what is none."""
    try:
        feed = parsed(text_of(content))
    except (ValueError, RecursionError) as error:
        raise Unreadable("not valid JSON") from error
    items = feed.get("items") if isinstance(feed, Mapping) else None
    if not isinstance(feed, Mapping) or not isinstance(items, list) or not items:
        raise Unreadable("a feed without entries")
    return [_entry(item, feed, origin) for item in items[: MOST + 1] if isinstance(item, Mapping)]


def _entry(item: Mapping[str, object], feed: Mapping[str, object], origin: str) -> Entry:
    page = _words(item, "content_html")
    text = paragraphs(html_of(page)) if page else _words(item, "content_text")
    link = web_address(_words(item, "url"))
    published, updated = stated(_words(item, "date_published")), stated(_words(item, "date_modified"))
    given = item.get("id")
    key = _words(item, "id") or (str(given) if isinstance(given, int) else link)
    told = Document(
        text=text or _words(item, "summary"),
        origin=place_of(key, text, origin),
        title=_words(item, "title"),
        source=_words(feed, "title") or None,
        url=link,
        author=", ".join(_names(item) or _names(feed)) or None,
        published=published,
        updated=updated if updated != published else None,
        language=tag(_words(item, "language") or _words(feed, "language")),
    )
    return Entry(told, link, bool(text))


def _names(fields: Mapping[str, object]) -> list[str]:
    authors = fields.get("authors")
    listed = authors if isinstance(authors, list) else [fields.get("author")]
    return [name for one in listed if isinstance(one, Mapping) and (name := _words(one, "name"))]


def _words(fields: Mapping[str, object], name: str) -> str:
    found = fields.get(name)
    return found.encode("utf-8", "ignore").decode().strip() if isinstance(found, str) else ""
