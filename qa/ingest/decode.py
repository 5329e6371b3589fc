"""Bytes to text. Plain text is never guessed at; a web page is read as a browser would."""

from __future__ import annotations

import codecs
import re

from qa.ingest.types import Unreadable

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


def text_of(content: bytes, charset: str | None = None) -> str:
    """``content`` exactly as it is, without a leading byte order mark. Without a mark and ``charset`` it is UTF-8.

    Raises Unreadable for a binary and for bytes that are not valid.
    """
    encoding, content = _marked(content)
    if encoding is None:
        _refuse_binary(content)
        encoding = _codec(charset) or "utf-8"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        name = encoding.upper()
        raise Unreadable(f"not valid {name} at byte {error.start}") from error


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
    text = content.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    good = sum(not letter.isascii() for letter in text) - bad
    return text if good > bad else content.decode("cp1252", "replace")
