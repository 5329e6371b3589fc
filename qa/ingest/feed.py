"""RSS and Atom feeds, however odd: what each entry says of its article."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import BinaryIO, Final

import feedparser

from qa.ingest.dates import stated
from qa.ingest.language import tag
from qa.ingest.markup import html_of, paragraphs
from qa.ingest.types import UNFORESEEN, Entry, Place, Skipped, Unreadable, whole
from qa.types import Document

MOST: Final = 10_000
"""Entries of one feed that are read."""
MORE: Final = f"more than the {MOST:,} entries that are read of one feed"
LONGEST: Final = 10_000_000
"""Bytes of a feed: what parses broken ones takes its time."""
_START: Final = re.compile(rb"<(?:[\w.-]+:)?(?:item|entry)[\s/>]")
_ENTITY: Final = re.compile(rb"<!ENTITY[^>]{0,2000}")
_UNFOLDS: Final = re.compile(rb"&(?!#)\w|.{300}", re.DOTALL)
_AMERICAN: Final = {"EST": "-0500", "EDT": "-0400", "CST": "-0600", "CDT": "-0500", "MST": "-0700", "MDT": "-0600"} | {
    "PST": "-0800",
    "PDT": "-0700",
}
"""The zones that RFC 822 names."""
_ZONE: Final = re.compile(r" ([ECMP][SD]T)$")


def read(stream: BinaryIO, place: Place) -> Iterator[Document | Skipped]:
    """The entries as articles of their own words, in order; no address in the feed is read."""
    yield from articles(entries(whole(stream, place), place.origin, place.charset), place.origin)


def articles(found: list[Entry], origin: str) -> Iterator[Document | Skipped]:
    """What the entries themselves hold; that there are too many is told."""
    for entry in found[:MOST]:
        yield entry.told if entry.told.text else Skipped(entry.told.origin, "no text in the entry")
    if len(found) > MOST:
        yield Skipped(origin, MORE)


def entries(content: bytes, origin: str, charset: str | None = None) -> list[Entry]:
    """The entries of a feed, in order, at most one more than MOST.

    Raises Unreadable for what is none, is too long, or holds entities that unfold.
    """
    if not content.strip():
        raise Unreadable("empty")
    if len(content) > LONGEST:
        raise Unreadable(f"over the limit of {LONGEST // 1_000_000} MB for a feed")
    if any(_UNFOLDS.search(found[8:]) for found in _ENTITY.findall(content[: 1 << 20].replace(b"\0", b""))):
        raise Unreadable("declares entities that unfold into more")
    starts = [found.start() for found in _START.finditer(content)]
    if len(starts) > MOST + 1:  # parsing takes its time, so the first ones and the last, behind which the feed is closed
        content = content[: starts[MOST]] + content[starts[-1] :]
    headers = {"content-type": f"application/xml; charset={charset}"} if charset else {}
    try:
        parsed = feedparser.parse(BytesIO(content), response_headers=headers, sanitize_html=False, resolve_relative_uris=False)
        found = [_entry(entry, parsed.feed, origin) for entry in parsed.entries]
    except UNFORESEEN as error:
        raise Unreadable(f"a feed that cannot be taken apart ({type(error).__name__})") from error
    if not found:
        raise Unreadable("a feed without entries" if parsed.get("version") else "neither a feed nor a sitemap")
    return found


def _entry(entry: Mapping[str, object], feed: Mapping[str, object], origin: str) -> Entry:
    contents = _said(entry, "content")
    text = ""
    if isinstance(contents, list) and contents:
        text = max((_text(one) for one in contents), key=len)
    complete = bool(text)
    text = text or _text(_said(entry, "summary_detail"))
    link = web_address(_words(entry, "link"))
    source = _said(entry, "source")
    published, updated = _date(entry, "published"), _date(entry, "updated")
    told = Document(
        text=text,
        origin=place_of(_words(entry, "id") or link, text or _words(entry, "title"), origin),
        title=flat(_words(entry, "title")),
        source=flat(_words(feed, "title")) or None,
        url=link,
        author=flat(_words(entry, "author")) or None,
        published=published,
        updated=updated if updated != published else None,
        language=tag(_words(feed, "language")),
        credit=(flat(_words(source, "title")) or None) if isinstance(source, Mapping) else None,
    )
    return Entry(told, link, complete)


def place_of(key: str | None, text: str, feed: str) -> str:
    """What identifies an entry: the address it names, else its place in its feed."""
    named = web_address(key or "")
    return named or f"{feed}#{key or hashlib.sha256(text.encode('utf-8', 'replace')).hexdigest()[:12]}"


def web_address(words: str) -> str | None:
    """``words`` where they are a web address."""
    return words.strip() if words.strip().lower().startswith(("http://", "https://")) and len(words.split()) == 1 else None


def flat(words: str) -> str:
    """A title or name on one line, without markup."""
    return " ".join(_seen(words).split()) if "<" in words or "&" in words else " ".join(words.split())


def _seen(page: str) -> str:
    return paragraphs(html_of(page)) if page.strip() else ""


def _text(detail: object) -> str:
    """The words of a part of an entry, paragraph by paragraph."""
    if not isinstance(detail, Mapping):
        return ""
    words = _words(detail, "value").strip()
    return words if detail.get("type") == "text/plain" else _seen(words)


def _said(fields: Mapping[str, object], name: str) -> object:
    """What is there, without what feedparser would put in its place."""
    return dict.get(fields, name) if isinstance(fields, dict) else fields.get(name)


def _words(fields: Mapping[str, object], name: str) -> str:
    found = _said(fields, name)
    return found.encode("utf-8", "ignore").decode() if isinstance(found, str) else ""


def _date(entry: Mapping[str, object], name: str) -> str | None:
    return stated(_ZONE.sub(lambda zone: f" {_AMERICAN.get(zone[1], zone[1])}", _words(entry, name).strip()))
