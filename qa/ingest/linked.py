"""What a web page says of itself for machines: linked data (JSON-LD) and named values (``meta``). Nothing is guessed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

HtmlElement: TypeAlias = Any
"""lxml's; it ships no types."""
Node: TypeAlias = Mapping[str, object]
_LONGEST = 1_000_000
"""Code points of one script of linked data; a longer one is not read."""
_NODES = 5000
"""Objects of one page's linked data that are looked at."""
_ARTICLE = re.compile(r"(?:^|:|/)\w*(?:Article|Posting|Report|Review)$")
_PAGE = re.compile(r"(?:^|:|/)\w*WebPage$")
_DATES = {"datePublished", "dateModified"}
_BROKEN = re.compile(r'"(datePublished|dateModified)"\s*:\s*"([^"\\]{8,60})"')


@dataclass(frozen=True, slots=True)
class Told:
    """All that a page says of itself."""

    article: Node = field(default_factory=dict)
    """The article of its linked data; empty where there is none."""
    page: Node = field(default_factory=dict)
    """The page, or an object that does not say what it is."""
    named: Mapping[str, str] = field(default_factory=dict)
    """Its ``meta`` values by their names in lower case."""
    known: Mapping[str, Node] = field(default_factory=dict)
    """Objects that others refer to, by ``@id``."""

    def texts(self, *names: str) -> Iterator[str]:
        """What article and page say under these names, in the order of the names: words, or the names of what they refer to."""
        for node in (self.article, self.page):
            for name in names:
                yield from self._texts(node.get(name))

    def values(self, *names: str) -> Iterator[str]:
        """The ``meta`` values of these names that are not empty, in the order of the names."""
        return (value for name in names if (value := self.named.get(name, "").strip()))

    def _texts(self, value: object) -> Iterator[str]:
        for one in value if isinstance(value, list) else [value]:
            whole = self.known.get(str(one.get("@id")), one) if isinstance(one, dict) and "name" not in one else one
            words = whole.get("name") if isinstance(whole, dict) else whole
            for part in words if isinstance(words, list) else [words]:
                if isinstance(part, str) and part.strip():
                    yield " ".join(part.split())


def told(tree: HtmlElement) -> Told:
    """What the page says of itself. Linked data that is no JSON only says its dates."""
    named: dict[str, str] = {}
    for element in tree.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop") or ""
        if element.get("content"):
            named.setdefault(name.strip().lower(), element.get("content"))
    nodes: list[Node] = []
    for element in tree.iter("script"):
        if "ld+json" in element.get("type", "").lower():
            nodes += _nodes(element.text or "", _NODES - len(nodes))
    kinds = [(_kinds(node), node) for node in nodes]
    article = next((node for kind, node in kinds if any(map(_ARTICLE.search, kind))), {})
    pages = (node for kind, node in kinds if any(map(_PAGE.search, kind)) or (not kind and _DATES & node.keys()))
    return Told(article, next(pages, {}), named, {str(node["@id"]): node for node in nodes if "@id" in node and len(node) > 1})


def _nodes(script: str, most: int) -> list[Node]:
    """The objects of one script, outer ones before those within them, at most ``most``."""
    try:
        waiting: Sequence[object] = [json.loads(script.strip().strip(";"), strict=False)] if len(script) <= _LONGEST else []
    except (ValueError, RecursionError):
        return [dict(_BROKEN.findall(script[:_LONGEST]))]
    found: list[Node] = []
    while waiting and len(found) < most:
        found += [one for one in waiting if isinstance(one, dict)][: most - len(found)]
        inner = [list(one.values()) if isinstance(one, dict) else one for one in waiting if isinstance(one, dict | list)]
        waiting = [value for values in inner for value in values]
    return found


def _kinds(node: Node) -> list[str]:
    kind = node.get("@type")
    return [one for one in (kind if isinstance(kind, list) else [kind]) if isinstance(one, str)]
