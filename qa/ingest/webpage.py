"""Web pages: the article in them without what stands around it, by trafilatura.

Of the settings tried on real news pages, precision with tables gave the best text; each date is the page's own statement, because
the library's search for dates also takes any that it finds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from html import unescape
from typing import BinaryIO

from trafilatura import bare_extraction, load_html
from trafilatura.settings import Document as Extract

from qa.agencies import agency, credit
from qa.furniture import is_furniture
from qa.ingest.dates import stated
from qa.ingest.decode import page_of
from qa.ingest.language import tag
from qa.ingest.linked import HtmlElement, Told, told
from qa.ingest.plain import readable
from qa.ingest.types import UNFORESEEN, Place, Unreadable, whole
from qa.ingest.unseen import take_out
from qa.types import Document

_PUBLISHED = (
    "article:published_time article:published article.published og:published_time og:article:published_time datepublished "
    "date_published dc.date.issued dcterms.issued dc.date dcterms.date dcterms.created parsely-pub-date sailthru.date "
    "article_date_original published published_at published_time publish-date publish_date publication_date pubdate pub_date "
    "pdate sn-post-date date"
).split()
"""Names under which pages state when they were published, in lower case; the first that holds a date counts."""
_UPDATED = (
    "article:modified_time article:modified article.updated og:updated_time og:article:modified_time datemodified date_modified "
    "dc.date.modified dcterms.modified article_date_updated updated updated_time updated-date last-modified modified lastmod"
).split()
"""Likewise, when they were last changed."""
_SECTION = "article:section article.section og:section articlesection parsely-section prism.section section category".split()
_AUTHOR = "author dc.creator dcterms.creator parsely-author sailthru.author article:author byl".split()
_LANGUAGE = "inlanguage dc.language dcterms.language og:locale language content-language".split()
_SOURCE = "syndication-source original-source article:provider".split()
_PUBLISHED_CLASS = re.compile(r"\b(?:published|entry-date|pubdate)\b")
_UPDATED_CLASS = re.compile(r"\b(?:updated|modified)\b")
_URL_DATE = re.compile(r"/(\d{4})[/-](\d{1,2}|[a-z]{3})[/-](\d{1,2})/")
_ZONE = re.compile(r"T.*(?:Z|[+-]\d\d:\d\d)$")
_DAY, _MINUTE = len("2024-05-06"), len("2024-05-06T07:08")
_ELEMENTS = 40_000
"""Of one page; a long real one has a quarter of it, and the extractor's time grows with their square."""
_LONGEST_NAME = 120
_HEADLINE = 15
"""Code points that a stated headline has at least for a longer title to be cut back to it."""
_NAMES = re.compile(r"\s*[;|]\s*|,\s+(?=[A-ZÀ-Ý]\S+ [A-ZÀ-Ý])")
_BY = re.compile(r"^by:? +", re.IGNORECASE)
_TRAILING = re.compile(
    r"(?:^|\s+)(?:is an? .*|published\b.*|updated\b.*|(?:mon|tues|wednes|thurs|fri|satur|sun)day\b.*|(?:jan|febr)uary|march|"
    r"april|june|july|august|(?:septem|octo|novem|decem)ber)$",
    re.IGNORECASE,
)
"""What the extractor reads as the rest of a name."""
_EDGE = 4
"""Paragraphs at the beginning and at the end among which a by-line or a credit may stand."""
_PARAGRAPH = re.compile(r"\s*\n\s*(?![-|])")


def read(stream: BinaryIO, place: Place) -> Iterator[Document]:
    """One article: text in paragraphs, and the title, author, date, outlet and canonical URL that the page states."""
    page = page_of(whole(stream, place), place.charset)
    if not page.strip():
        raise Unreadable("empty")
    try:
        tree = load_html(page)
        if tree is not None and sum(1 for _ in tree.iter()) > _ELEMENTS:
            raise Unreadable(f"a page of more than {_ELEMENTS:,} elements")
        said, hidden = (None, {}) if tree is None else (told(tree), take_out(tree))
        found = None if tree is None else _extract(tree)
        if tree is None or said is None or found is None:
            raise Unreadable("no article text found")
        yield _document(found, said, tree, hidden, place)
    except UNFORESEEN as error:
        raise Unreadable(f"a page that cannot be taken apart ({type(error).__name__})") from error


def _document(found: Extract, said: Told, tree: HtmlElement, hidden: Mapping[str, int], place: Place) -> Document:
    url = found.url if found.url and found.url.startswith(("http://", "https://")) else None
    text = _body((found.text or "").strip())
    author = _author(said, found)
    return Document(
        text=text,
        origin=place.origin,
        title=_own_title(found.title or "", said, found.sitename) or readable(place.stem),
        source=found.sitename or None,
        url=url,
        author=author,
        published=_finest(_published(tree, said, url or "")),
        extra={"hidden_text": dict(hidden)} if hidden else {},
        updated=_finest(_updated(tree, said)),
        language=_language(tree, said),
        section=", ".join(dict.fromkeys([*said.texts("articleSection")] or [*said.values(*_SECTION)][:1])) or None,
        credit=_credit(said, found.sitename) or credit("; ".join(filter(None, [author, *said.values(*_AUTHOR)])), text),
    )


def _extract(tree: HtmlElement) -> Extract | None:
    """What trafilatura finds, read strictly or, where nothing is left then, less so; None where there is no text."""
    for strict in (True, False):
        found = bare_extraction(
            tree,
            favor_precision=strict,
            include_comments=False,
            with_metadata=True,
            date_extraction_params={"extensive_search": False, "original_date": True},
        )
        if isinstance(found, Extract) and found.text and found.text.strip():
            return found
    return None


def _own_title(title: str, said: Told, source: str | None) -> str:
    """``title`` without what pages hang behind it: the outlet's name, or whatever follows the headline that they state."""
    headline = unescape(next(said.texts("headline"), ""))
    if len(headline) >= _HEADLINE and re.match(re.escape(headline) + r"\s+[-–—|]\s", title):
        return headline
    return re.sub(rf"\s+[-–—|]\s+{re.escape(source)}$", "", title, flags=re.IGNORECASE) if source else title


def _body(text: str) -> str:
    """The article in paragraphs, without those that are no prose: what is stored of a page is what was read out of it anyway."""
    paragraphs = _PARAGRAPH.sub("\n\n", text).split("\n\n")
    near = min(_EDGE, len(paragraphs) // 2)
    kept = [part for at, part in enumerate(paragraphs) if not is_furniture(part, edge=not near <= at < len(paragraphs) - near)]
    return "\n\n".join(kept or paragraphs)


def _author(said: Told, found: Extract) -> str | None:
    """The people whom the page's linked data name, else those that the extractor found; the outlet is not its own author."""
    outlets = {name.casefold() for name in (found.sitename or "", *said.texts("publisher"), "admin")}
    linked = [name for one in said.texts("author", "creator") for name in _NAMES.split(_BY.sub("", unescape(one)))]
    for names in (linked, [_TRAILING.sub("", name) for name in (found.author or "").split("; ")]):
        people = {
            name.casefold(): name for name in map(str.strip, names) if name and "://" not in name and len(name) <= _LONGEST_NAME
        }
        kept = [name for key, name in people.items() if not any(key in one for one in outlets)]
        if kept and any(" " in name or agency(name) for name in kept):
            return "; ".join(kept)
    return found.author if found.author and found.author.casefold() not in outlets and "; " not in found.author else None


def _language(tree: HtmlElement, said: Told) -> str | None:
    """The language that the page states, best sources first, where it is a tag that can be one."""
    stated_tags = (*said.texts("inLanguage"), tree.get("lang") or "", *said.values(*_LANGUAGE))
    return next(filter(None, map(tag, stated_tags)), None)


def _credit(said: Told, outlet: str | None) -> str | None:
    """Who the page's data say it came from, where that is not the outlet; of notices of copyright only an agency's."""
    publishers = {name.casefold() for name in (outlet or "", *said.texts("publisher"))}
    given = [*said.texts("sourceOrganization", "provider", "creditText"), *said.values(*_SOURCE)]
    others = (name for name in given if name.casefold() not in publishers and len(name) <= _LONGEST_NAME)
    held = (agency(name) for name in (*said.texts("copyrightHolder", "copyrightNotice"), *said.values("copyright")))
    return next(others, None) or next(filter(None, held), None)


def _finest(statements: Iterable[str]) -> str | None:
    """The first of the statements that is one plain date; where others say the same day or minute more exactly, theirs."""
    dates = [*filter(None, map(stated, statements))]
    if not dates:
        return None
    day = (
        next((one for one in dates if one.startswith(dates[0][:10]) and len(one) > _DAY), dates[0])
        if len(dates[0]) == _DAY
        else dates[0]
    )
    return next((one for one in dates if one.startswith(day[:_MINUTE]) and _ZONE.search(one)), day) if len(day) > _DAY else day


def _published(tree: HtmlElement, said: Told, url: str) -> Iterator[str]:
    """All that the page says of when it was published: linked data, named values, marked times, and its own address."""
    yield from said.values(*_PUBLISHED)
    yield from said.texts("datePublished")
    yield from _marked(tree, "datePublished", _PUBLISHED_CLASS)
    for year, month, day in _URL_DATE.findall(url):
        yield f"{year}-{month:0>2}-{day:0>2}" if month.isdigit() else f"{day} {month} {year}"


def _updated(tree: HtmlElement, said: Told) -> Iterator[str]:
    """Likewise of when it was last changed."""
    yield from said.values(*_UPDATED)
    yield from said.texts("dateModified")
    yield from _marked(tree, "dateModified", _UPDATED_CLASS)


def _marked(tree: HtmlElement, property: str, named: re.Pattern[str]) -> Iterator[str]:
    """The times that stand in the page itself, marked as what they are."""
    for element in tree.iter("time", "span", "div", "p", "abbr"):
        marked = element.get("itemprop") == property or (property == "datePublished" and element.get("pubdate") is not None)
        if marked or (element.tag == "time" and named.search(element.get("class", ""))):
            yield element.get("datetime") or element.get("content") or element.text_content()
