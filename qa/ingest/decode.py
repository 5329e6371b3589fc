"""Bytes to text. A guess at plain text is told as one; a web page is read as a browser would."""

from __future__ import annotations

import codecs
import re

from qa.errors import ConfigError
from qa.ingest.types import Unreadable

AUTO = "auto"
"""The setting for texts that tell their encoding, or leave it to be guessed."""
_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
"""UTF-32 before UTF-16: its mark begins with the other's."""
_HEAD = 8192
_CONTROL_SHARE = 0.1
"""Of the first bytes; more means that this is no text."""
_CONTROLS = bytes(set(range(32)) - set(b"\b\t\n\v\f\r\x1b"))
_META = re.compile(
    rb"""<(?:meta\b[^>]{0,400}?\bcharset|\?xml\b[^>]{0,100}?\bencoding)\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE
)
_TEXT_CODEC = re.compile(r"utf-(?:8|16|32)|iso8859|cp\d|koi8|mac-|gb|big5|euc|shift_jis|iso2022|johab|hz|tis-620|ptcp154|kz1048")
_WIDER = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
}
"""What pages mean by these names, after the WHATWG Encoding Standard."""

_WESTERN = frozenset("äöüÄÖÜßéÉèÈêëàÀâçÇîïôûùñÑáÁíÍóÓúÚåÅøØæÆœ“”‘’‚„–—…€£§°«»·•™®©½¿¡ºª\N{NO-BREAK SPACE}")
"""What is often beyond ASCII in the languages of western Europe, and seldom where the same bytes mean Polish or Turkish."""
_WESTERN_SHARE, _FOREIGN_SHARE = 0.98, 0.2
_SAMPLE = 1 << 16


def text_of(content: bytes, charset: str | None = None) -> str:
    """``content`` exactly as it is, without a leading byte order mark. Without a mark and ``charset`` it is UTF-8.

    Raises Unreadable for a binary and for bytes that are not valid.
    """
    encoding, content = _marked(content)
    if encoding is None:
        _refuse_binary(content)
        encoding = _codec(charset) or "utf-8"
    return _strictly(content, encoding)


def codec_of(content: bytes, charset: str | None = None, encoding: str | None = None) -> tuple[str, bool]:
    """Python's name for the encoding of a text, and whether it is no more than a guess.

    In this order: the user's word (``encoding``), a byte order mark, what came with it (``charset``), UTF-8 if it is valid, what
    the text declares as XML or HTML; else a guess. Raises Unreadable for a binary, for UTF-8 with a few bad bytes, and where
    nothing fits.
    """
    marked = _marked(content)[0]
    if encoding in ("utf-16", "utf-32") and marked:
        return marked, False
    if encoding or marked:
        return encoding or marked or "", False
    _refuse_binary(content)
    stated = _codec(charset)
    if stated:
        return stated, False
    try:
        content.decode("utf-8")
        return "utf-8", False
    except UnicodeDecodeError as error:
        why = f"not valid UTF-8 at byte {error.start}; --encoding NAME reads it as what it is"
    stated = _codec(_declared(content))
    if stated and _fits(content, stated):
        return stated, False
    guess = None if _is_damaged(content) else _guessed(content)
    if guess is None:
        raise Unreadable(why)
    return guess, True


def decoded(content: bytes, codec: str) -> str:
    """``content`` without its byte order mark, exactly. Raises Unreadable where it is not valid."""
    return _strictly(_marked(content)[1], codec)


def _strictly(content: bytes, codec: str) -> str:
    try:
        return content.decode(codec)
    except (UnicodeError, ValueError) as error:
        at = f" at byte {error.start}" if isinstance(error, UnicodeDecodeError) else ""
        raise Unreadable(f"not valid {codec.upper()}{at}") from error


def page_of(content: bytes, charset: str | None = None) -> str:
    """A web page's text: by its byte order mark, else as the server (``charset``) or the page declares, else UTF-8, else cp1252.

    Bytes that do not fit become U+FFFD. Raises Unreadable for a binary.
    """
    encoding, content = _marked(content)
    if encoding is not None:
        return content.decode(encoding, "replace")
    _refuse_binary(content)
    for name in (charset, _declared(content), "utf-8"):
        codec = _codec(name)
        if codec is None:
            continue
        try:
            return content.decode(codec)
        except UnicodeDecodeError:
            continue
    return _mended(content)


def utf8(content: bytes) -> bytes:
    """``content`` without its byte order mark, in UTF-8 where that says it is wider. Raises Unreadable where it is not valid."""
    encoding, rest = _marked(content)
    return rest if encoding in (None, "utf-8") else text_of(content).encode()


def is_wide(head: bytes) -> bool:
    """Whether a byte order mark says UTF-16 or UTF-32, where a line's end is not one byte."""
    return _marked(head)[0] not in (None, "utf-8")


def _marked(content: bytes) -> tuple[str | None, bytes]:
    """The encoding a byte order mark tells, if any, and the rest."""
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            return encoding, content[len(mark) :]
    return None, content


def _refuse_binary(content: bytes) -> None:
    head = content[:_HEAD]
    controls = len(head) - len(head.translate(None, _CONTROLS))
    if b"\0" in head or controls > _CONTROL_SHARE * len(head):
        raise Unreadable("binary, not text")


def _codec(name: str | None) -> str | None:
    """Python's name for a declared character set; None for what is unknown or no character set."""
    if name is None:
        return None
    try:
        codec = codecs.lookup(name.lower().removeprefix("x-")).name
    except (LookupError, ValueError):
        return None
    return _WIDER.get(codec, codec) if _TEXT_CODEC.match(codec) else None


def _declared(content: bytes) -> str | None:
    """What the page says of itself; a page that could say UTF-16 in single bytes is UTF-8."""
    found = _META.search(content, 0, _HEAD)
    if found is None:
        return None
    name = found.group(1).decode("ascii", "replace")
    return "utf-8" if name.lower().startswith(("utf-16", "utf-32")) else name


def _mended(content: bytes) -> str:
    """UTF-8 with a few bad bytes, or cp1252: whichever leaves less that does not fit."""
    return content.decode("utf-8" if _is_damaged(content) else "cp1252", "replace")


def _is_damaged(content: bytes) -> bool:
    """Whether this is UTF-8 but for some bad bytes."""
    text = content.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    return sum(not letter.isascii() for letter in text) - bad > bad


def _guessed(content: bytes) -> str | None:
    """The most likely encoding: a detector takes French or German in cp1252 for its neighbours, so that is looked for first."""
    if _fits(content, "cp1252"):
        beyond = [letter for letter in content.decode("cp1252") if not letter.isascii()]
        western = sum(letter in _WESTERN for letter in beyond)
        if western >= _WESTERN_SHARE * len(beyond) and len(beyond) <= _FOREIGN_SHARE * len(content):
            return "cp1252"
    from charset_normalizer import from_bytes

    best = from_bytes(content[:_SAMPLE]).best()
    return best.encoding if best is not None and _fits(content, best.encoding) else None


def known(name: str | None) -> str | None:
    """Python's name for an encoding that the user names, taken at its word; None for none. Raises ConfigError."""
    if name in (None, AUTO):
        return None
    try:
        codec = codecs.lookup(name or "").name
    except (LookupError, ValueError):
        codec = ""
    if not _TEXT_CODEC.match(codec) and codec != "ascii":
        raise ConfigError(f"there is no encoding called {name!r}", "use a name such as windows-1252, koi8-r or shift_jis")
    return codec


def _fits(content: bytes, codec: str) -> bool:
    try:
        content.decode(codec)
    except (UnicodeError, ValueError):
        return False
    return True
