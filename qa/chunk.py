"""An article's sentences put together into chunks, the unit that is embedded and searched by keyword."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

from vectorstore.types import Span

TOKENS = 256
"""What the bundled embedder reads of a chunk, its context line and two special tokens included."""
_SPECIAL = 2
_CONTEXT_LETTERS = 160

Count = Callable[[Sequence[str]], Sequence[int]]
"""Tokens of each text, special tokens included."""


def context(title: str, published: str | None) -> str:
    """The line that tells the embedder what a chunk is from: title and date, never part of the chunk's text."""
    line = " ".join(title.split())[:_CONTEXT_LETTERS]
    day = (published or "")[:10]
    return f"{line} ({day})" if line and day else line or day


def chunks(text: str, sentences: Sequence[Span], line: str, count: Count) -> list[Span]:
    """Runs of whole sentences within TOKENS, in order; only white space of ``text`` lies outside them.

    ``line`` is the context they are embedded with. A sentence that alone is over the limit is a chunk of its own, of which
    the embedder reads the beginning. A run ends early at a blank line once it is half full, so that chunks follow paragraphs.
    """
    if not sentences:
        return []
    own, *sizes = (size - _SPECIAL for size in count([line, *(sentence.of(text) for sentence in sentences)]))
    room = TOKENS - _SPECIAL
    room -= min(own, room // 2)
    runs: list[Span] = []
    start, used = 0, 0
    for at, size in enumerate(sizes):
        full = used + size > room
        paragraph = used > room // 2 and "\n" in text[sentences[at - 1].end : sentences[at].start]
        if at > start and (full or paragraph):
            runs.append(Span(sentences[start].start, sentences[at - 1].end))
            start, used = at, 0
        used += size
    return [*runs, Span(sentences[start].start, sentences[-1].end)]


def mark(article_id: str, line: str, words: str) -> str:
    """Eight hexadecimal digits that tell a chunk's content apart from any other its number could ever have had."""
    return hashlib.blake2b("\0".join((article_id, line, words)).encode(), digest_size=4).hexdigest()
