"""Books (.epub): one article with the chapters in their reading order, as one PDF is one article.

Somebody who adds a book looks for the book, by its title, in ``qa list``; and a book's files are cut where its maker's program
liked, seldom at chapters.
"""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import dirname, join, normpath
from typing import BinaryIO, Final
from urllib.parse import unquote

from qa.ingest.dates import stated
from qa.ingest.decode import page_of
from qa.ingest.language import tag
from qa.ingest.markup import Element, html_of, paragraphs, within, words_of, xml_of
from qa.ingest.parts import Parts
from qa.ingest.plain import readable
from qa.ingest.types import Place, Unreadable
from qa.types import Document

_CONTAINER: Final = "META-INF/container.xml"
_LOCKS: Final = "META-INF/encryption.xml"
_PAGES: Final = ("application/xhtml+xml", "text/html", "application/x-dtbook+xml")


def read(stream: BinaryIO, place: Place) -> Iterator[Document]:
    """One article, with title, authors, publisher, date of publication and language as the book states them."""
    parts = Parts(stream, place)
    if _LOCKS in parts and b"xmlenc#aes" in parts.read(_LOCKS):
        raise Unreadable("locked (DRM)")
    root = next(within(xml_of(parts.read(_CONTAINER)), "rootfiles", "rootfile"), None)
    path = normpath((root.get("full-path") if root is not None else None) or "")
    package = xml_of(parts.read(path))
    text = "\n\n".join(filter(None, (_chapter(parts, name) for name in _spine(package, path) if name in parts)))
    if not text:
        raise Unreadable("no text in it")
    said = next(within(package, "metadata"), package)
    changed = (words_of(meta) for meta in within(said, "meta") if meta.get("property") == "dcterms:modified")
    yield Document(
        text=text,
        origin=place.origin,
        title=_first(said, "title") or readable(place.stem),
        author=", ".join(filter(None, map(words_of, within(said, "creator")))) or None,
        source=_first(said, "publisher") or None,
        published=next(filter(None, map(stated, _published(said))), None),
        updated=next(filter(None, map(stated, changed)), None),
        language=tag(_first(said, "language")),
    )


def _spine(package: Element, path: str) -> Iterator[str]:
    """The names of the book's pages in their reading order."""
    listed = {item.get("id"): item for item in within(package, "manifest", "item")}
    for reference in within(package, "spine", "itemref"):
        item = listed.get(reference.get("idref"))
        if item is not None and item.get("media-type") in _PAGES and item.get("href") and reference.get("linear") != "no":
            yield normpath(join(dirname(path), unquote(item.get("href"))))


def _chapter(parts: Parts, name: str) -> str:
    page = page_of(parts.read(name))
    return paragraphs(html_of(page)) if page.strip() else ""


def _first(said: Element, name: str) -> str:
    return next(filter(None, map(words_of, within(said, name))), "")


def _published(said: Element) -> Iterator[str]:
    """Its dates, without those that are said to be of something else."""
    for date in within(said, "date"):
        if {value for name, value in date.attrib.items() if name.endswith("event")} <= {"publication", "original-publication"}:
            yield words_of(date)
