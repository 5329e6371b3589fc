"""XML and HTML taken apart with nothing fetched and no entity expanded, and all their text in paragraphs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, TypeAlias

from lxml import etree, html

from qa.ingest.types import Unreadable

Element: TypeAlias = Any
"""lxml's; it ships no types."""
_BLOCKS = frozenset(
    "p div h1 h2 h3 h4 h5 h6 hl1 hl2 ul ol li dl dt dd blockquote bq table caption section article aside header footer main "
    "figure figcaption pre hr address body media media-caption note block".split()
)
_LINES = frozenset({"br", "tr", "nitf-tr"})
_UNSEEN = frozenset("script style template noscript svg math head media-metadata media-reference media-producer".split())
_CELLS = frozenset({"td", "th"})
_BLANKS = re.compile(r"[ \t\r\n\f]+")
_AROUND_END = re.compile(r" *\n *")
_GAPS = re.compile(r"\n{3,}")
_NO_DISPLAY = re.compile(r"display\s*:\s*none", re.IGNORECASE)


def xml_of(content: bytes) -> Element:
    """The root element. Raises Unreadable for what is not well-formed, is nested very deep, or declares entities of its own."""
    if not content.strip():
        raise Unreadable("empty")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        told = str(error).partition(" (<string>")[0].partition("\n")[0]  # no file of that name is known to anybody
        raise Unreadable(f"not XML ({told or 'nothing in it'})") from error
    declared = root.getroottree().docinfo.internalDTD
    if declared is not None and declared.entities():
        raise Unreadable("declares entities of its own, which are never expanded")
    return root


def html_of(page: str) -> Element:
    """The root element of a page or a part of one, however broken. Raises Unreadable where there is nothing."""
    try:
        parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
        return html.document_fromstring(page.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError) as error:
        raise Unreadable("a page that cannot be taken apart") from error


def name_of(element: Element) -> str:
    """The element's name without its namespace; empty for what is no element."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def within(element: Element, *path: str) -> Iterator[Element]:
    """The elements down ``path`` from ``element``, child by child, whatever their namespace."""
    if not path:
        yield element
        return
    for child in element.iterchildren(f"{{*}}{path[0]}"):
        yield from within(child, *path[1:])


def words_of(element: Element | None) -> str:
    """All text within ``element`` on one line; empty where there is none."""
    return " ".join("".join(element.itertext()).split()) if element is not None else ""


def paragraphs(element: Element) -> str:
    """All that is seen of ``element``: a blank line between blocks, a row of a table on one line, its cells between bars."""
    pieces: list[str] = []
    walk = etree.iterwalk(element, events=("start", "end"))
    for event, node in walk:
        name = name_of(node)
        if event == "start":
            if not name or name in _UNSEEN or _is_hidden(node):
                walk.skip_subtree()
                continue
            pieces += [_before(node, name), _flat(node.text)]
            continue
        pieces.append("\n\n" if name in _BLOCKS else "")
        pieces.append(_flat(node.tail) if node is not element else "")
    return _GAPS.sub("\n\n", _AROUND_END.sub("\n", "".join(pieces))).strip()


def _before(node: Element, name: str) -> str:
    if name in _CELLS and node.getprevious() is not None:
        return " | "
    return "\n\n" if name in _BLOCKS else "\n" if name in _LINES else ""


def _is_hidden(node: Element) -> bool:
    return node.get("hidden") is not None or bool(_NO_DISPLAY.search(node.get("style") or ""))


def _flat(text: str | None) -> str:
    return _BLANKS.sub(" ", text or "")
