"""Web pages: the article in them without what stands around it, by trafilatura.

Of the settings tried on real news pages, precision with tables gave the best text; each date is the page's own statement, because
the library's search for dates also takes any that it finds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, BinaryIO, TypeAlias

from trafilatura import bare_extraction, load_html
from trafilatura.settings import Document as Extract

from qa.ingest.dates import stated
from qa.ingest.decode import page_of
from qa.ingest.plain import readable
from qa.ingest.types import Place, Unreadable, whole
from qa.types import Document

HtmlElement: TypeAlias = Any
"""lxml's; it ships no types."""
_DATE_NAMES = (
    "article:published_time article:published article.published og:published_time og:article:published_time datepublished "
    "date_published dc.date.issued dcterms.issued dc.date dcterms.date dcterms.created parsely-pub-date sailthru.date "
    "article_date_original published published_at published_time publish-date publish_date publication_date pubdate pub_date date"
).split()
"""Names under which pages state when they were published, in lower case; the first that holds a date counts."""
_LINKED_DATE = re.compile(r'"datePublished"\s*:\s*"([^"\\]{8,60})"')
_PUBLISHED_CLASS = re.compile(r"\b(?:published|entry-date|pubdate)\b")
_URL_DATE = re.compile(r"/(\d{4})[/-](\d{1,2})[/-](\d{1,2})/")
_STYLE = "translate(@style, 'DISPLAYNOE ', 'displaynoe')"
_HIDDEN = [f"//*[(@hidden or contains({_STYLE}, 'display:none')) and not(self::html or self::body)]"]
"""What no reader of the page sees. A page hidden as a whole waits for a script to show it."""
_PARAGRAPH = re.compile(r"\s*\n\s*(?![-|])")
_FAULTS = (ValueError, TypeError, AttributeError, LookupError, ArithmeticError, RecursionError, AssertionError)
"""What a page that nobody foresaw makes the extractor raise."""


def read(stream: BinaryIO, place: Place) -> Iterator[Document]:
    """One article: text in paragraphs, and the title, author, date, outlet and canonical URL that the page states."""
    page = page_of(whole(stream, place), place.charset)
    if not page.strip():
        raise Unreadable("empty")
    try:
        tree = load_html(page)
        found = None if tree is None else _extract(tree)
        published = None if tree is None or found is None else _date(tree, found.url or "")
    except _FAULTS as error:
        raise Unreadable(f"a page that cannot be taken apart ({type(error).__name__})") from error
    if found is None:
        raise Unreadable("no article text found")
    url = found.url if found.url and found.url.startswith(("http://", "https://")) else None
    yield Document(
        text=_PARAGRAPH.sub("\n\n", (found.text or "").strip()),
        origin=place.origin,
        title=_own_title(found.title or "", found.sitename) or readable(place.stem),
        source=found.sitename or None,
        url=url,
        author=found.author or None,
        published=published,
    )


def _extract(tree: HtmlElement) -> Extract | None:
    """What trafilatura finds, read strictly or, where nothing is left then, less so; None where there is no text."""
    for strict in (True, False):
        found = bare_extraction(
            tree,
            favor_precision=strict,
            include_comments=False,
            prune_xpath=_HIDDEN,
            with_metadata=True,
            date_extraction_params={"extensive_search": False, "original_date": True},
        )
        if isinstance(found, Extract) and found.text and found.text.strip():
            return found
    return None


def _own_title(title: str, source: str | None) -> str:
    """``title`` without the outlet's name that pages hang behind it."""
    if not source:
        return title
    return re.sub(rf"\s+[-–—|]\s+{re.escape(source)}$", "", title, flags=re.IGNORECASE)


def _date(tree: HtmlElement, url: str) -> str | None:
    """When the page says it was published, best sources first; None where it does not say so in an unambiguous form."""
    return next(filter(None, map(stated, _statements(tree, url))), None)


def _statements(tree: HtmlElement, url: str) -> Iterator[str]:
    """All that the page says of its date: named values, linked data, marked times, and its own address."""
    named: dict[str, str] = {}
    for element in tree.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop") or ""
        named.setdefault(name.lower(), element.get("content") or "")
    yield from (named[name] for name in _DATE_NAMES if name in named)
    for element in tree.iter("script"):
        if element.get("type", "").lower() == "application/ld+json":
            yield from _LINKED_DATE.findall(element.text or "")
    for element in tree.iter("time", "span", "div", "p", "abbr"):
        marked = element.get("itemprop") == "datePublished" or element.get("pubdate") is not None
        if marked or (element.tag == "time" and _PUBLISHED_CLASS.search(element.get("class", ""))):
            yield element.get("datetime") or element.get("content") or element.text_content()
    for year, month, day in _URL_DATE.findall(url):
        yield f"{year}-{month:0>2}-{day:0>2}"
