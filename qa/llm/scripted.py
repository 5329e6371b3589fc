"""A model that says what it was given to say: for tests, demonstrations, and trying a prompt without a provider."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from qa.errors import ConfigError, ProviderError
from qa.llm.interface import Message, Reply
from qa.types import Usage

_PIECE = re.compile(r"\S+\s*|\s+")


class Scripted:
    """Gives its replies in order, each once; keeps what it was asked."""

    def __init__(
        self, replies: Sequence[str | Reply], name: str = "scripted:1", *, window: int = 8192, structured: bool = False
    ) -> None:
        """``structured`` is what it claims to be able to; its replies are as given all the same."""
        self.name, self.window, self.structured = name, window, structured
        self.asked: list[tuple[Message, ...]] = []
        self._replies = iter(replies)

    @classmethod
    def read(cls, path: Path) -> Scripted:
        """The replies in a file: a JSON list of texts. Raises ConfigError for one that is not that."""
        try:
            replies = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise ConfigError(
                f"the script {path} cannot be read: {error}", "write a JSON list of texts, one for each reply"
            ) from error
        if not isinstance(replies, list) or not all(isinstance(reply, str) for reply in replies):
            raise ConfigError(f"the script {path} is no list of texts", "write a JSON list of texts, one for each reply")
        return cls(replies, f"scripted:{path.name}")

    def reply(
        self, messages: Sequence[Message], *, max_tokens: int, schema: Mapping[str, object] | None = None, logprobs: bool = False
    ) -> Reply:
        """The next reply, cut after ``max_tokens`` words; words count as tokens. Raises ProviderError after the last."""
        del schema, logprobs
        self.asked.append(tuple(messages))
        given = next(self._replies, None)
        if given is None:
            raise ProviderError("the script has no more replies", "write one for each request")
        if isinstance(given, Reply):
            return given
        pieces = _PIECE.findall(given)
        sent = sum(len(message.text.split()) for message in messages)
        usage = Usage(sent, min(len(pieces), max_tokens))
        return Reply("".join(pieces[:max_tokens]), usage, "length" if len(pieces) > max_tokens else "stop")

    def stream(
        self, messages: Sequence[Message], *, max_tokens: int, schema: Mapping[str, object] | None = None
    ) -> Iterator[Reply]:
        """The next reply word by word."""
        whole = self.reply(messages, max_tokens=max_tokens, schema=schema)
        for piece in _PIECE.findall(whole.text):
            yield Reply(piece, finish="")
        yield Reply("", whole.usage, whole.finish)
