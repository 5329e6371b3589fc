"""Word documents (.docx): paragraphs and tables in their order, with what was inserted while changes were tracked and without
what was deleted, and what they say of themselves.

Read from the XML itself: python-docx leaves out tracked insertions and content controls without a word.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, Final

from qa.ingest.language import tag
from qa.ingest.markup import Element, name_of, within, words_of, xml_of
from qa.ingest.parts import Parts
from qa.ingest.plain import readable
from qa.ingest.stated import own_author, own_title
from qa.ingest.types import Place, Unreadable
from qa.types import Document

_BODY: Final = "word/document.xml"
_CORE: Final = "docProps/core.xml"
_SIGNS: Final = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "\N{NON-BREAKING HYPHEN}", "softHyphen": "\N{SOFT HYPHEN}"}
_UNSEEN: Final = frozenset({"del", "moveFrom", "Fallback", "instrText", "delText", "pPr", "rPr"})


def read(stream: BinaryIO, place: Place) -> Iterator[Document]:
    """One article. Its title is stated, a paragraph styled as one, or the file's name; a file's dates are not the article's."""
    parts = Parts(stream, place)
    body = next(within(xml_of(parts.read(_BODY)), "body"), None)
    blocks = [] if body is None else [(style, words.strip("\n")) for style, words in _blocks(body)]
    text = "\n\n".join(words for _, words in blocks if words.strip())
    if not text:
        raise Unreadable("no text in it")
    core = xml_of(parts.read(_CORE)) if _CORE in parts else None
    said = {} if core is None else {name_of(child): words_of(child) for child in core}
    styled = next((words for style, words in blocks if style in ("Title", "Heading1") and words.strip()), "")
    yield Document(
        text=text,
        origin=place.origin,
        title=own_title(said.get("title")) or styled.strip() or readable(place.stem),
        author=own_author(said.get("creator")),
        language=tag(said.get("language", "")),
    )


def _blocks(parent: Element) -> Iterator[tuple[str, str]]:
    """Each paragraph and each table below ``parent``, with the paragraph's style."""
    for child in parent.iterchildren("{*}p", "{*}tbl", "{*}sdt", "{*}ins", "{*}customXml", "{*}sdtContent"):
        name = name_of(child)
        if name == "p":
            style = next(within(child, "pPr", "pStyle"), None)
            yield ("" if style is None else next(iter(style.attrib.values()), "")), _words(child)
        elif name == "tbl":
            yield "", "\n".join(" | ".join(_cell(cell) for cell in row.iterchildren("{*}tc")) for row in child.iter("{*}tr"))
        else:
            yield from _blocks(child)


def _cell(cell: Element) -> str:
    return " ".join(" ".join(words.split()) for _, words in _blocks(cell) if words.strip())


def _words(element: Element) -> str:
    """The text of a paragraph as the last version of it reads."""
    pieces = []
    for child in element.iterchildren():
        name = name_of(child)
        if name == "t":
            pieces.append(child.text or "")
        elif name not in _UNSEEN:
            pieces.append(_SIGNS.get(name) or _words(child))
    return "".join(pieces)
