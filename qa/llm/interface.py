"""The seam to language models: messages in, words out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from prompts import Message
from qa.types import Usage

__all__ = ["ChatModel", "Message", "Reply"]


@dataclass(frozen=True, slots=True)
class Reply:
    """What a model said, whole or a piece of it."""

    text: str
    usage: Usage = field(default_factory=Usage)
    """Tokens of this request; zero in the pieces of a stream but one, and where the endpoint does not count."""
    finish: str = "stop"
    """Why it ended: ``stop``, ``length`` where ``max_tokens`` cut it off, or the endpoint's own word; empty in a piece that is
    not the last."""
    first: tuple[tuple[str, float], ...] = ()
    """What the first token could have been and the natural logarithm of each one's probability; empty where not given."""


class ChatModel(Protocol):
    """One model of one provider. Errors are ConfigError (key, name, address) and ProviderError (everything else)."""

    @property
    def name(self) -> str:
        """``provider:model``."""

    @property
    def window(self) -> int:
        """Tokens that a request and its reply may have together."""

    @property
    def structured(self) -> bool:
        """Whether it can be held to a JSON schema."""

    def reply(
        self, messages: Sequence[Message], *, max_tokens: int, schema: Mapping[str, object] | None = None, logprobs: bool = False
    ) -> Reply:
        """The whole reply, of at most ``max_tokens`` tokens.

        It is JSON that fits ``schema`` where one is given and ``structured`` holds. With ``logprobs`` its ``first`` is filled
        in where the endpoint can.
        """

    def stream(
        self, messages: Sequence[Message], *, max_tokens: int, schema: Mapping[str, object] | None = None
    ) -> Iterator[Reply]:
        """The same reply piece by piece as it comes: the texts joined are its text, the usages added its usage."""
