"""News agencies' XML: NewsML-G2 with the text inside it as NITF, HTML or plain text, and NITF by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO, Final

from qa.ingest.dates import stated
from qa.ingest.language import tag
from qa.ingest.markup import Element, name_of, paragraphs, within, words_of, xml_of
from qa.ingest.plain import readable
from qa.ingest.types import Place, Skipped, Unreadable, whole
from qa.types import Document

_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"
_EMPTY: Final = ("newsMessage", "packageItem")
_BASIC: Final = re.compile(r"(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)?(Z|[+-]\d\d:?\d\d)?")
_BY: Final = re.compile(r"^by:?\s+", re.IGNORECASE)
_WITHDRAWN: Final = re.compile(r"\bcancel+ed\b|\bwithheld\b", re.IGNORECASE)


def read(stream: BinaryIO, place: Place) -> Iterator[Document | Skipped]:
    """The article of each news item, in order; an item without text of its own is skipped with the reason."""
    root = xml_of(whole(stream, place))
    name = name_of(root)
    if name == "nitf":
        yield _nitf(root, place.origin, place)
        return
    items = [root] if name == "newsItem" else list(root.iter("{*}newsItem")) if name == "newsMessage" else []
    if not items:
        raise Unreadable("no news item in it" if name in _EMPTY else f"XML of another kind ({name or 'no element'})")
    for number, item in enumerate(items, 1):
        origin = place.origin if len(items) == 1 else f"{place.origin}#{item.get('guid') or number}"
        try:
            yield _item(item, origin, place)
        except Unreadable as error:
            yield Skipped(origin, error.reason)


def _item(item: Element, origin: str, place: Place) -> Document:
    if any(_WITHDRAWN.search(status.get("qcode") or "") for status in within(item, "itemMeta", "pubStatus")):
        raise Unreadable("withdrawn by whoever sent it")
    text, inner = _content(item)
    version = item.get("version") or "1"
    first, last = _date(item, "itemMeta", "firstCreated"), _date(item, "itemMeta", "versionCreated")
    published = first or _date(item, "contentMeta", "contentCreated") or (last if version == "1" else None)
    language = next((one.get("tag") for one in within(item, "contentMeta", "language")), None) or item.get(_LANG)
    credit = _words(item, "contentMeta", "creditline") or _named(item, "rightsInfo", "copyrightHolder")
    source = _named(item, "itemMeta", "provider")
    said = _nitf(inner, origin, place) if inner is not None else Document(text, origin)
    dateline = _words(item, "contentMeta", "dateline")
    return Document(
        text=text,
        origin=origin,
        title=_words(item, "contentMeta", "headline") or said.title or _words(item, "itemMeta", "title") or readable(place.stem),
        author=_author(_words(item, "contentMeta", "by")) or _named(item, "contentMeta", "creator") or said.author,
        source=source or said.source,
        published=published or said.published,
        updated=last if last != published else None,
        language=tag(language or "") or said.language,
        section=said.section,
        credit=credit if credit != source else None,
        extra={**said.extra, **({"guid": item.get("guid")} if item.get("guid") else {}), **_noted("dateline", dateline)},
    )


def _content(item: Element) -> tuple[str, Element | None]:
    """The item's text, and the NITF element it stands in, if any."""
    for form in within(item, "contentSet", "inlineXML"):
        inner = next(form.iterchildren("{*}*"), None)
        nitf = inner if inner is not None and name_of(inner) == "nitf" else None
        body = next(form.iter("{*}body.content" if nitf is not None else "{*}body"), form)
        if text := paragraphs(body):
            return text, nitf
    for form in within(item, "contentSet", "inlineData"):
        if form.get("encoding") is None and (text := "".join(form.itertext()).strip()):
            return text, None
    raise Unreadable("its text is not in it")


def _nitf(root: Element, origin: str, place: Place) -> Document:
    body = next(root.iter("{*}body.content"), None)
    text = "" if body is None else paragraphs(body)
    if not text:
        raise Unreadable("no text in it")
    head = next(within(root, "body", "body.head"), root)
    published = next(within(root, "head", "pubdata"), None)
    told = {} if published is None else dict(published.attrib)
    distributor = _words(head, "distributor")
    holder = next((one.get("holder") for one in root.iter("{*}doc.copyright")), None)
    issued = (one.get("norm") or "" for one in root.iter("{*}date.issue"))
    return Document(
        text=text,
        origin=origin,
        title=_words(head, "hedline", "hl1") or _words(root, "head", "title") or readable(place.stem),
        author=_author(_words(head, "byline", "person") or _words(head, "byline")),
        source=told.get("name") or distributor or None,
        published=next(filter(None, map(_stated, [told.get("date.publication") or "", *issued])), None),
        language=tag(root.get(_LANG) or ""),
        section=told.get("position.section") or None,
        credit=next((one for one in (distributor, holder) if one and one != (told.get("name") or distributor)), None),
        extra=_noted("dateline", _words(head, "dateline")),
    )


def _words(element: Element, *path: str) -> str:
    return next(filter(None, map(words_of, within(element, *path))), "")


def _named(element: Element, *path: str) -> str | None:
    """The name of whoever stands there: written out, else as its maker wrote it in an attribute."""
    found = next(within(element, *path), None)
    return None if found is None else _words(found, "name") or found.get("literal") or words_of(found) or None


def _author(words: str) -> str | None:
    return _BY.sub("", words) or None


def _noted(name: str, words: str) -> dict[str, str]:
    return {name: words} if words else {}


def _date(element: Element, *path: str) -> str | None:
    return _stated(_words(element, *path))


def _stated(words: str) -> str | None:
    """A date as agencies write it: ISO 8601 with or without its dashes."""
    return stated(
        _BASIC.sub(
            lambda found: f"{found[1]}-{found[2]}-{found[3]}T{found[4]}:{found[5]}:{found[6] or '00'}{found[7] or ''}", words
        )
    )
