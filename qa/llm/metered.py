"""What models cost: every request's tokens counted, and none made that could go over what may be spent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from qa.errors import ConfigError
from qa.llm.around import Around
from qa.llm.interface import ChatModel, Message, Reply

_TOKEN = 3
"""Bytes of UTF-8 to a token, at least, in text as it is written."""


@dataclass(frozen=True, slots=True)
class Prices:
    """What a million tokens cost, in the currency that limits are given in; 0 where it is not known."""

    sent: float = 0.0
    written: float = 0.0

    def of(self, sent: int, written: int) -> float:
        """The cost of so many tokens."""
        return (sent * self.sent + written * self.written) / 1_000_000

    def __bool__(self) -> bool:
        return bool(self.sent or self.written)


class Metered(Around):
    """A model that stops at a sum. It behaves as the one within in everything else."""

    def __init__(self, model: ChatModel, prices: Prices, most: float) -> None:
        """``most`` is what may be spent over its life; 0 for no limit. Raises ConfigError for a limit without prices."""
        if most and not prices:
            raise ConfigError("--max-cost needs prices", "set price_in and price_out, per million tokens, in qa.toml")
        super().__init__(model)
        self._prices = prices
        self._most = most
        self.spent = 0.0
        """So far, by the tokens that the provider counted."""

    def reply(
        self, messages: Sequence[Message], *, max_tokens: int, schema: Mapping[str, object] | None = None, logprobs: bool = False
    ) -> Reply:
        """The model's reply. Raises ConfigError where it could cost more than is left."""
        self._afford(messages, max_tokens)
        reply = self._model.reply(messages, max_tokens=max_tokens, schema=schema, logprobs=logprobs)
        self._count(reply)
        return reply

    def stream(
        self, messages: Sequence[Message], *, max_tokens: int, schema: Mapping[str, object] | None = None
    ) -> Iterator[Reply]:
        """The model's reply in pieces. Raises ConfigError where it could cost more than is left."""
        self._afford(messages, max_tokens)
        for piece in self._model.stream(messages, max_tokens=max_tokens, schema=schema):
            self._count(piece)
            yield piece

    def _afford(self, messages: Sequence[Message], max_tokens: int) -> None:
        sent = sum(len(message.text.encode()) for message in messages) // _TOKEN
        cost = self._prices.of(sent, max_tokens)
        left = self._most - self.spent
        if self._most and cost > left:
            raise ConfigError(
                f"the next request may cost {cost:.4f}, and of {self._most:g} there is {max(left, 0):.4f} left",
                "raise --max-cost, or lower --max-tokens or QA_PASSAGES",
            )

    def _count(self, reply: Reply) -> None:
        self.spent += self._prices.of(reply.usage.input_tokens, reply.usage.output_tokens)
