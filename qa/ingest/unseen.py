"""What of a web page no reader sees: taken out before the article is looked for, and counted: it is not lost in silence."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import islice

from qa.ingest.linked import HtmlElement

_RULES = (
    ("display:none", re.compile(r"display:none")),
    ("visibility:hidden", re.compile(r"visibility:(?:hidden|collapse)")),
    ("font-size:0", re.compile(r"font-size:0(?:\.0+)?(?:px|pt|em|rem|%|;|!|$)")),
    ("opacity:0", re.compile(r"(?:^|;)opacity:0?(?:\.0+)?(?:%|;|!|$)")),
    (
        "off the screen",
        re.compile(r"(?:^|;)(?:left|right|top|bottom|text-indent|margin-left|margin-top):-\d{4,}(?:\.\d+)?(?:px|em|rem|pt|;|$)"),
    ),
)
_COLOUR = re.compile(r"(?:^|;)(background-color|background|color):([^;!]+)")
_SAME = {"white": "#ffffff", "black": "#000000", "#fff": "#ffffff", "#000": "#000000", "rgb(255,255,255)": "#ffffff"}
_ASIDE = frozenset("nav form footer header aside menu select button dialog noscript svg iframe head".split())
"""Menus, forms and the like open when somebody asks for them: hidden, but no part of an article that could deceive."""
_FEWEST = 30
"""Letters of a hidden text that are worth a word."""
_DEPTH = 100
_MOST = 0.5
"""Of a page's words. What hides more in one of these ways waits for a script to show it."""
_SHOWN_LATER = frozenset({"visibility:hidden", "opacity:0", "off the screen"})


def take_out(tree: HtmlElement) -> Counter[str]:
    """Takes out of the page what its own marks hide; gives the code points of hidden prose by the way it was hidden.

    A page hidden as a whole is left as it is, and so is its greater part where scripts use to show it later.
    """
    elements = [element for element in tree.iter() if isinstance(element.tag, str)]
    letters = _letters(elements)
    gone: set[HtmlElement] = set()
    hidden: list[HtmlElement] = []
    counted: Counter[str] = Counter()
    for element in elements:
        way = "" if element.getparent() in gone else _way(element)
        if way is None or (way in _SHOWN_LATER and letters[element] > _MOST * letters[tree]):
            continue
        gone.add(element)
        if way:
            hidden.append(element)
        if way and letters[element] >= _FEWEST and not _set_aside(element):
            counted[way] += letters[element]
    for element in hidden:
        if element.getparent() is not None:
            element.drop_tree()
    return counted


def _way(element: HtmlElement) -> str | None:
    """How the element itself is hidden; None where it is not."""
    if element.tag in ("html", "body"):
        return None
    if element.tag == "template" or element.get("hidden") is not None:
        return "template" if element.tag == "template" else "hidden"
    style = re.sub(r"\s+", "", element.get("style") or "").lower()
    if not style:
        return None
    colours = {name.partition("-")[0]: _SAME.get(value, value) for name, value in _COLOUR.findall(style)}
    if "color" in colours and colours["color"] == colours.get("background"):
        return "colour of its background"
    return next((way for way, mark in _RULES if mark.search(style)), None)


def _letters(elements: Sequence[HtmlElement]) -> dict[HtmlElement, int]:
    """How many code points of words each of them holds, without blanks at the ends; in one pass, however deep they lie."""
    counts = {element: 0 if element.tag in ("script", "style") else len((element.text or "").strip()) for element in elements}
    for element in reversed(elements):
        parent = element.getparent()
        if parent in counts:
            counts[parent] += counts[element] + len((element.tail or "").strip())
    return counts


def _set_aside(element: HtmlElement) -> bool:
    inside = {element.tag, *(one.tag for one in islice(element.iterancestors(), _DEPTH))}
    return bool(_ASIDE & inside) or any(
        element.find(f".//{name}") is not None for name in ("nav", "form", "input", "button", "li")
    )
