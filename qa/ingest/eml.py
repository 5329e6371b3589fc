"""E-mail (.eml): the message as one article, each attachment that has a reader as another.

A message without a plain part is read as all that its HTML part shows: unlike a web page, it has nothing around the article.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage, MIMEPart
from email.utils import parseaddr
from pathlib import PurePosixPath
from typing import BinaryIO, Final

from qa.ingest import member
from qa.ingest.dates import stated
from qa.ingest.decode import codec_of, decoded, page_of
from qa.ingest.language import tag
from qa.ingest.markup import html_of, paragraphs
from qa.ingest.plain import readable
from qa.ingest.types import Place, Skipped, Unreadable, whole
from qa.types import Document

_FAULTS = (ValueError, LookupError, AttributeError, TypeError, RecursionError, AssertionError)
"""What a message that nobody foresaw makes the library raise."""
_ATTACHMENTS: Final = 200
_HEADERS: Final = 100_000
"""Bytes of all headers."""
_WORDS: Final = 10_000
"""Encoded words, in all headers together."""
_PARTS: Final = 100
"""Messages, and parts that have parts."""
_NESTED: Final = re.compile(rb"^content-type:\s*(?:message|multipart)/", re.IGNORECASE | re.MULTILINE)
_DEPTH: Final = 2
"""Messages and archives within a message."""


def read(stream: BinaryIO, place: Place) -> Iterator[Document | Skipped]:
    """The message, then its attachments in order. The date is the one its sender stated, with the zone."""
    content = whole(stream, place)
    if not content.strip():
        raise Unreadable("empty")
    _refuse_endless(content)
    try:
        message = message_from_bytes(content, policy=policy.default)
        article = _message(message, place)
        attached = list(_attachments(message))
    except _FAULTS as error:
        raise Unreadable(f"a message that cannot be taken apart ({type(error).__name__})") from error
    if article is not None:
        yield article
    found = article is not None
    for number, (name, part) in enumerate(attached):
        if place.depth >= _DEPTH or number >= _ATTACHMENTS:
            yield Skipped(f"{place.origin}#{name}", "too many attachments, or messages within messages")
            return
        for one in member(part, name, place):
            found = True
            yield one
    if not found:
        raise Unreadable("no text in it")


def _refuse_endless(content: bytes) -> None:
    """Raises Unreadable for headers that the library, whose time grows with their square, would read for hours."""
    head = re.split(rb"\r?\n\r?\n", content, maxsplit=1)[0]
    if len(head) > _HEADERS or content.count(b"=?") > _WORDS or len(_NESTED.findall(content)) > _PARTS:
        raise Unreadable("its headers are too long, or too many messages are in it")


def _message(message: EmailMessage, place: Place) -> Document | None:
    body = message.get_body(("plain", "html"))
    text, guessed = ("", None) if body is None else _text(body)
    if not text.strip():
        return None
    name, address = parseaddr(str(message.get("From", "")))
    return Document(
        text=text,
        origin=place.origin,
        title=" ".join(str(message.get("Subject", "")).split()) or readable(place.stem),
        author=name or address or None,
        published=stated(str(message.get("Date", "")).partition("(")[0]),
        language=tag(str(message.get("Content-Language", "")).partition(",")[0]),
        extra={"guessed_encoding": guessed} if guessed else {},
    )


def _text(part: MIMEPart) -> tuple[str, str | None]:
    """The words of a part, and its encoding where that is a guess."""
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return "", None
    charset = part.get_content_charset()
    if part.get_content_type() == "text/html":
        page = page_of(content, charset)
        return (paragraphs(html_of(page)) if page.strip() else ""), None
    codec, guessed = codec_of(content, charset)
    return decoded(content, codec).replace("\r\n", "\n"), codec if guessed else None


def _attachments(message: EmailMessage) -> Iterator[tuple[str, bytes]]:
    """Each attached file's name and bytes, names made different; a message that was passed on is one, too."""
    seen: set[str] = set()
    for number, part in enumerate(message.iter_attachments() if message.is_multipart() else (), 1):
        inner = part.get_content_type() == "message/rfc822"
        name = PurePosixPath((part.get_filename() or "").replace("\\", "/")).name or (f"message-{number}.eml" if inner else "")
        held = part.get_payload(0) if inner and part.is_multipart() else None
        content = held.as_bytes() if isinstance(held, EmailMessage) else part.get_payload(decode=True)
        if not name or not isinstance(content, bytes):
            continue
        name = f"{number}-{name}" if name in seen else name
        seen.add(name)
        yield name, content
