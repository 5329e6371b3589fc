"""Links to words within a web page: the text directive ``#:~:text=[prefix-,]start[,end][,-suffix]`` (WICG, Text Fragments)."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote, urldefrag

from qa.render.safe import web_link
from qa.text import fold
from vectorstore.types import Span

_LONG: Final = 200
"""Code points. Longer words, and words across a line break, are named by their first and last few."""
_FEW: Final = 6
"""Words at either end of long ones, and of their surroundings."""
_UNSPACED: Final = 30
"""Code points of such an end in a script that writes no gaps between words."""
_DIRECTIVE: Final = ":~:"
_BREAK: Final = re.compile(r"[^\S\r\n]*[\r\n]+\s*")
_GONE: Final = re.compile("[\u00ad\u200b\u2060\ufeff]")


def link(url: str | None, text: str, span: Span) -> str | None:
    """``url`` with a directive that points at the words of ``text`` at ``span``; None where it is not a web address.

    Words that occur more than once in ``text`` are told apart by what stands before and after them in their paragraph.
    """
    address = web_link(url)
    words = span.of(text)
    if address is None or not _GONE.sub("", words).strip():
        return None
    page, fragment = urldefrag(address)
    kept = fragment.partition(_DIRECTIVE)[0]
    return f"{page}#{kept}{_DIRECTIVE}text={','.join(_parts(text, span, words))}"


def _parts(text: str, span: Span, words: str) -> list[str]:
    lines = [line for line in _BREAK.split(words.strip()) if line]
    parts = [words] if len(lines) == 1 and len(words) <= _LONG else [_first(lines[0]), _last(lines[-1])]
    encoded = [_encoded(part) for part in parts]
    if _repeated(text, parts[0]):
        before = _last(_BREAK.split(text[: span.start])[-1])
        after = _first(_BREAK.split(text[span.end :], maxsplit=1)[0])
        encoded = [*([f"{_encoded(before)}-"] if before else []), *encoded, *([f"-{_encoded(after)}"] if after else [])]
    return encoded


def _repeated(text: str, words: str) -> bool:
    """Whether a browser, which does not look at case, finds the words more than once."""
    places = fold(text).find(fold(words).text)
    return next(places, None) is not None and next(places, None) is not None


def _first(line: str) -> str:
    return " ".join(line.split()[:_FEW]) if " " in line.strip() else line.strip()[:_UNSPACED]


def _last(line: str) -> str:
    return " ".join(line.split()[-_FEW:]) if " " in line.strip() else line.strip()[-_UNSPACED:]


def _encoded(words: str) -> str:
    """Percent-encoded, the dash too, which has a meaning in a directive; white space as a page shows it."""
    seen = " ".join(_GONE.sub("", words).split())
    return quote(seen.encode("utf-8", "surrogatepass"), safe="").replace("-", "%2D")
