"""The part of the wiring that has to do with language models: whoever is asked, with which prompts, and what it costs."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from qa.config import Settings
from qa.errors import ConfigError
from qa.types import Usage

if TYPE_CHECKING:
    from prompts import Prompt
    from qa.llm.interface import ChatModel
    from qa.llm.metered import Prices
    from qa.support.second import Second


class Models:
    """The language model of the settings, opened when it is first needed."""

    def __init__(self, settings: Settings, tell: Callable[[str], None] = lambda _: None, *, replies: Path | None = None) -> None:
        """Opens nothing yet. ``tell`` is given what a person who waits should know; ``replies`` keeps what a model said."""
        self.settings = settings
        self._tell = tell
        self._replies = replies

    @cached_property
    def model(self) -> ChatModel:
        """The language model, which counts what it costs. Raises ConfigError for a name, a key or a limit that does not do."""
        from qa.llm import Options, open_model
        from qa.llm.cached import Cached
        from qa.llm.metered import Metered

        chosen = self.settings
        options = Options(chosen.timeout, chosen.retries, chosen.window, tell=self._tell)
        opened = open_model(chosen.model, options, offline=chosen.offline)
        if self._replies:
            opened = Cached(opened, self._replies, {"address": os.environ.get("OPENAI_BASE_URL", "")})
        return Metered(opened, self._prices, chosen.max_cost)

    @property
    def _prices(self) -> Prices:
        from qa.llm.metered import Prices

        return Prices(self.settings.price_in, self.settings.price_out)

    def spent(self, usage: Usage) -> str:
        """Tokens in words, and the cost where prices are set."""
        cost = self._prices.of(usage.input_tokens, usage.output_tokens)
        told = f"{self.settings.model}: {usage.input_tokens:,} tokens sent, {usage.output_tokens:,} written"
        return f"{told}, cost {cost:.4f}" if cost else told

    def prompt(self, name: str) -> Prompt:
        """The prompt ``task/version``, the user's own where there is one."""
        from prompts import load

        return load(name, None if self.settings.prompts == "shipped" else Path(self.settings.prompts).expanduser())

    @cached_property
    def second(self) -> Second | None:
        """The model as a second judge of claims, where one is wanted. Raises ConfigError for another word, or as ``model``.

        Who does not write needs none: what it claims are the quoted words themselves. That is told.
        """
        wanted = self.settings.check
        if wanted not in {"rules", "model"}:
            raise ConfigError(f"no check is called {wanted!r}", "choose one of rules, model")
        if wanted == "rules":
            return None
        if not is_model(self.settings.model):
            self._tell(f"{self.settings.model} claims nothing but the words it quotes: there is nothing that a model could check")
            return None
        from qa.support.second import Second

        return Second(self.model, self.prompt("check/v1"), self._tell)


def is_model(name: str) -> bool:
    """Whether a drafter's name is that of a language model, rather than one of the table or a class from outside."""
    from qa.draft import DRAFTERS

    return name not in DRAFTERS and "." not in name.partition(":")[0]
