"""Sitemaps: the pages that a site says it has, and when each was last changed."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from itertools import islice
from typing import Final

from qa.ingest.dates import stated
from qa.ingest.feed import web_address
from qa.ingest.language import tag
from qa.ingest.markup import Element, name_of, within, words_of, xml_of
from qa.ingest.types import Entry, Unreadable, over
from qa.types import Document

ROOTS: Final = ("urlset", "sitemapindex")
MOST: Final = 50_000
"""Pages that are taken of a sitemap and all that it names: what the protocol allows to one."""
FURTHER: Final = 50
"""Sitemaps that one may name, however deep."""
MORE: Final = f"more than the {MOST:,} pages that are taken of one sitemap and all that it names: add some of those by themselves"
FURTHER_MORE: Final = f"more than the {FURTHER} further sitemaps that are read: add the others by themselves"
_PACKED: Final = b"\x1f\x8b"
_NAME: Final = re.compile(r"sitemap[^/]*(?:\.txt)?(?:\.gz)?$", re.IGNORECASE)


def unpacked(content: bytes, limit: int) -> bytes:
    """``content``, taken out of gzip where it is in one. Raises Unreadable for what is broken or unfolds past ``limit`` bytes."""
    if not content.startswith(_PACKED):
        return content
    try:
        plain = zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(content, limit + 1)
    except zlib.error as error:
        raise Unreadable("not packed as it says") from error
    if len(plain) > limit:
        raise Unreadable(over(limit))
    return plain


def is_list(url: str, content: bytes) -> bool:
    """Whether a text is a sitemap by its name, with an address on every line."""
    lines = content[: 1 << 16].split()
    return bool(_NAME.search(url)) and bool(lines) and all(line.startswith((b"http://", b"https://")) for line in lines)


def listed(content: bytes) -> list[Entry]:
    """The pages of a sitemap that is a list of addresses, at most one more than MOST."""
    words = content.decode("utf-8", "replace").splitlines()
    return [Entry(Document("", link, url=link), link) for link in islice(filter(None, map(web_address, words)), MOST + 1)]


def read(content: bytes) -> tuple[list[Entry], list[str]]:
    """The pages of a sitemap, and the further sitemaps that it names: of each at most one more than are taken.

    Raises Unreadable for what is none.
    """
    root = xml_of(content)
    if name_of(root) not in ROOTS:
        raise Unreadable("neither a feed nor a sitemap")
    pages = filter(None, map(_entry, within(root, "url")))
    links = dict.fromkeys(islice(filter(None, _links(root)), MOST))
    return [*islice(pages, MOST + 1)], [*islice(links, FURTHER + 1)]


def _links(root: Element) -> Iterator[str | None]:
    for place in within(root, "sitemap", "loc"):
        yield web_address(words_of(place))


def _entry(element: Element) -> Entry | None:
    link = web_address(_words(element, "loc"))
    if link is None:
        return None
    news = next(within(element, "news"), element)
    told = Document(
        text="",
        origin=link,
        url=link,
        title=_words(news, "title"),
        source=_words(news, "publication", "name") or None,
        published=stated(_words(news, "publication_date")),
        language=tag(_words(news, "publication", "language")),
    )
    return Entry(told, link, stamp=_words(element, "lastmod") or None)


def _words(element: Element, *path: str) -> str:
    return words_of(next(within(element, *path), None))
