"""Article text made harmless: for a terminal, for JSON that may be printed on one, and for links.

An article is data. Whatever its characters would do (move the cursor, turn the line around, hide words, open a link), here
they become something to be seen. Nothing is dropped in silence.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final
from urllib.parse import quote, urlsplit

_HARMFUL = (
    r"\x00-\x08\x0b-\x1f\x7f-\x9f\xad"  # C0 but tab and line feed, DEL, C1, the soft hyphen
    r"\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"  # invisible joiners, fillers and vowels; Arabic letter mark
    r"\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0"  # zero widths, separators, bidi controls, fillers
    r"\ud800-\udfff\ufdd0-\ufdef\ufe00-\ufe0f\ufff0-\ufffb"  # lone surrogates, noncharacters, variation selectors
    r"\U00013430-\U0001345f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"  # format controls and tags
    + "".join(rf"\U{plane:04x}fffe\U{plane:04x}ffff" for plane in range(17))
)
_CARE: Final = re.compile(f"[{_HARMFUL}]")
_URL_KEPT: Final = "!#$%&'*+,-./:;=?@_~()[]"
_URL_LIMIT: Final = 2000
"""Code points; terminals ignore longer links or choke on them."""

_ZWNJ: Final = "\u200c"
_ZWJ: Final = "\u200d"
_JOINING: Final = re.compile(r"[\u0600-\u07ff\u08a0-\u0dff\u1000-\u109f\u1780-\u17ff\u1820-\u18aa\ufb50-\ufdff\ufe70-\ufefc]")
_SELECTORS: Final = re.compile(r"[\ufe00-\ufe0f]")


def safe(text: str) -> str:
    """``text`` with each control, bidi control and invisible character replaced by a sign for it.

    ESC becomes ``␛`` and a bidi override ``⟨U+202E⟩``; a soft hyphen becomes ``‧``. Tabs and line feeds stay, and CR LF counts
    as one line feed. Joiners stay where writing needs them: within emoji and between letters of joining scripts.
    """
    return "".join(shown for _, shown in signed(text))


def signed(text: str) -> Iterator[tuple[str, str]]:
    """Pieces that make up ``text``, each with what ``safe`` shows for it: the same words, or a sign for one character.

    The CR of a CR LF is shown as nothing.
    """
    last = 0
    for found in _CARE.finditer(text):
        if last < found.start():
            yield (words := text[last : found.start()]), words
        last = found.end()
        yield found.group(), "" if text[found.start() : last + 1] == "\r\n" else _shown(found)
    if last < len(text):
        yield (words := text[last:]), words


def _shown(found: re.Match[str]) -> str:
    letter, at, text = found.group(), found.start(), found.string
    if _belongs(letter, text[at - 1 : at], text[at + 1 : at + 2]):
        return letter
    code = ord(letter)
    if code < 0x20:
        return chr(0x2400 + code)
    return {0x7F: "␡", 0xAD: "‧"}.get(code) or f"⟨U+{code:04X}⟩"


def _belongs(letter: str, before: str, after: str) -> bool:
    """Whether an invisible character is part of how its neighbours are written."""
    if _SELECTORS.match(letter):
        return bool(before) and not before.isspace() and not _CARE.match(before)
    if letter in (_ZWNJ, _ZWJ) and _JOINING.match(before):
        return letter == _ZWJ or bool(_JOINING.match(after))
    return letter == _ZWJ and _is_emoji(before) and _is_emoji(after)


def _is_emoji(letter: str) -> bool:
    return letter == "\ufe0f" or "\U0001f3fb" <= letter <= "\U0001f3ff" or (letter != "" and unicodedata.category(letter) == "So")


def escaped(json_text: str) -> str:
    """JSON text with the same characters written as ``\\uXXXX``: it parses to the same values."""
    return _CARE.sub(_escape, json_text)


def _escape(found: re.Match[str]) -> str:
    units = found.group().encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))


def web_link(url: str | None) -> str | None:
    """``url`` in printable ASCII, anything else percent-encoded; None where it is not a web address or is too long."""
    if url is None:
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    link = quote(url.strip().encode("utf-8", "surrogatepass"), safe=_URL_KEPT)
    return link if parts.scheme in ("http", "https") and parts.netloc and len(link) <= _URL_LIMIT else None
