"""Plain text and Markdown: the text as it is, and what its first lines say of themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import BinaryIO

from qa.agencies import credit
from qa.furniture import byline
from qa.ingest.dates import stated
from qa.ingest.decode import codec_of, decoded
from qa.ingest.language import tag
from qa.ingest.types import Place, Unreadable, whole
from qa.text import front_matter
from qa.types import Document

_HEAD = 20_000
"""Code points. What an article says of itself stands before."""
_TOP = 8
"""Lines with words in them among which a by-line or a date may stand."""
_LONGEST_HEADLINE = 200
FIELDS = {
    "title": ("title", "headline"),
    "author": ("author", "authors", "byline"),
    "source": ("source", "outlet", "publisher"),
    "url": ("url", "link"),
    "published": ("published", "date", "pubdate", "datepublished"),
    "updated": ("updated", "modified", "lastmod", "last_modified", "datemodified"),
    "language": ("language", "lang", "locale"),
    "section": ("section", "category", "categories"),
    "credit": ("credit", "agency"),
}
"""What an article may say of itself in front matter and JSONL, and by which names, in lower case."""
_PAIR = re.compile(r"([A-Za-z][\w -]{0,30}?)\s*:(?:\s+(.*))?")
_ITEM = re.compile(r"\s*-\s+(.+)")
_HEADING = re.compile(r"#{1,6}\s+(.*?)\s*#*")
_UNDERLINE = re.compile(r"(?:=+|-{2,})\s*")
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_PUBLISHED = re.compile(r"(?:published|posted|date)(?: on)?:? +", re.IGNORECASE)


def read(stream: BinaryIO, place: Place) -> Iterator[Document]:
    """One article. Its title is stated, a heading, a headline or the file's name; its date is stated or None."""
    content = whole(stream, place)
    codec, guessed = codec_of(content, place.charset, place.encoding)
    text = decoded(content, codec)
    if not text.strip():
        raise Unreadable("empty")
    head = text[:_HEAD]
    said = _front(head[: front_matter(head)].splitlines())
    body = head[front_matter(head) if said else 0 :].splitlines()
    top = _top(body)
    author = said.get("author") or next(filter(None, map(byline, top)), None)
    yield Document(
        text=text,
        origin=place.origin,
        title=said.get("title") or _heading(body) or _headline(body) or readable(place.stem),
        source=said.get("source"),
        url=said.get("url"),
        author=author,
        published=stated(said["published"]) if "published" in said else next(filter(None, map(_dated, top)), None),
        updated=stated(said.get("updated", "")),
        language=tag(said.get("language", "")),
        section=said.get("section"),
        credit=said.get("credit") or credit(author, text[front_matter(text) :]),
        extra={"guessed_encoding": codec} if guessed else {},
    )


def readable(stem: str) -> str:
    """A file's name as a title: ``nato-china_russia`` is ``Nato china russia``."""
    words = " ".join(re.split(r"[\s_-]+", stem)).strip()
    return words[:1].upper() + words[1:]


def _front(lines: Sequence[str]) -> Mapping[str, str]:
    """What the lines of a leading block of ``key: value`` state, under our names; of two names for one thing the first counts."""
    values: dict[str, list[str]] = {}
    last: list[str] = []
    for line in lines:
        pair, item = _PAIR.fullmatch(line.rstrip()), _ITEM.fullmatch(line)
        if pair:
            last = values.setdefault(pair.group(1).lower(), _listed(pair.group(2) or ""))
        elif item:
            last += _listed(item.group(1))
    return {ours: ", ".join(values[name]) for ours, names in FIELDS.items() for name in reversed(names) if values.get(name)}


def _listed(value: str) -> list[str]:
    """The parts of ``[a, b]``, or the one value, without quotation marks around them."""
    value = value.strip()
    parts = value[1:-1].split(",") if value.startswith("[") and value.endswith("]") else [value]
    bare = (part.strip() for part in parts)
    return [part[1:-1] if len(part) > 1 and part[0] == part[-1] and part[0] in "\"'" else part for part in bare if part]


def _top(lines: Sequence[str]) -> list[str]:
    """The first lines with words in them, without emphasis."""
    return [_bare(line) for line in lines if line.strip()][:_TOP]


def _bare(line: str) -> str:
    return line.strip().strip("*_").strip()


def _heading(lines: Sequence[str]) -> str:
    """The first Markdown heading of the top; empty where there is none."""
    found = filter(None, map(_HEADING.fullmatch, _top(lines)))
    return next((_LINK.sub(r"\1", heading.group(1)).strip("*_ ") for heading in found), "")


def _headline(lines: Sequence[str]) -> str:
    """The first line that is no date and no by-line, where it stands apart, is short and no sentence; else empty."""
    filled = [at for at, line in enumerate(lines) if line.strip()]
    for at in filled[:_TOP]:
        line = _bare(lines[at])
        if _dated(line) or byline(line):
            continue
        after = _bare(lines[at + 1]) if at + 1 < len(lines) else ""
        apart = not after or _UNDERLINE.fullmatch(after) or byline(after) or _dated(after)
        sentence = line.rstrip("\"'”’)").endswith(".") and not line.endswith("...")
        return line if apart and not sentence and len(line) <= _LONGEST_HEADLINE and at != filled[-1] else ""
    return ""


def _dated(line: str) -> str | None:
    """The date that ``line`` states and nothing else."""
    return None if line.isdigit() else stated(_PUBLISHED.sub("", line, count=1))
