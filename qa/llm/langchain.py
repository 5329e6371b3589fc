"""Any chat model that LangChain knows by ``provider:model``: OpenAI and compatible servers, Ollama, Anthropic, and the rest."""

from __future__ import annotations

import os
import re
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any, TypeVar

from qa.errors import ConfigError, QAError
from qa.llm import Options
from qa.llm.failures import broken_off, explained, wait_before_again
from qa.llm.interface import Message, Reply
from qa.llm.waiting import awaited, flowing
from qa.types import Usage

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import BaseMessage

T = TypeVar("T")
EXTRAS = ("anthropic", "google_genai", "groq", "mistralai", "ollama")
"""Providers whose package this one's extras install; an extra has the provider's name, with a hyphen for the underscore."""
_ALTERNATIVES = 20
"""How many first tokens' probabilities are asked for: the most that is allowed."""
_SAY_WHEN_DONE = {"anthropic", "ollama", "openai"}
"""Providers whose streams always end with a reason: one that has none was cut off, which the connection itself may not show."""
_LIMITS = {"ollama": "num_predict", "google_genai": "max_output_tokens"}
"""What a provider's package calls the most tokens of a reply, where that is not ``max_tokens``."""


class LangChain:
    """One model of one provider. Its package is imported in the background from the start; the first request waits for it."""

    def __init__(self, name: str, options: Options) -> None:
        """``name`` is ``provider:model``. Raises ConfigError for OpenAI without a key or with an empty address."""
        self.name = name
        self.window = options.window
        self._options = options
        self._provider, _, self._model = name.partition(":")
        self._base = os.environ.get("OPENAI_BASE_URL") if self._provider == "openai" else None
        if self._provider == "openai":
            self._check()
        with_thread = ThreadPoolExecutor(1, "import")
        self._opening = with_thread.submit(self._open)
        with_thread.shutdown(wait=False)

    def _check(self) -> None:
        if self._base is not None and not self._base.strip():
            raise ConfigError("OPENAI_BASE_URL is empty", "unset it for the public service, or set it to your server's address")
        if not self._base and not os.environ.get("OPENAI_API_KEY", "").strip():
            raise ConfigError(
                f"there is no key for {self.name}", "set OPENAI_API_KEY, or use --model extractive, which needs none"
            )

    @property
    def place(self) -> str:
        """Where requests go, for messages."""
        return self._base or self._provider

    @property
    def structured(self) -> bool:
        """Whether it can be held to a JSON schema: OpenAI's own models whose profile says so."""
        if self._options.structured is not None:
            return self._options.structured
        return self._provider == "openai" and not self._base and bool(self._profile().get("structured_output"))

    def reply(
        self, messages: Sequence[Message], *, max_tokens: int, schema: Mapping[str, object] | None = None, logprobs: bool = False
    ) -> Reply:
        """The whole reply. Raises ConfigError for a key, a model or a package that is not there, else ProviderError."""
        chat, turns = self._opened(), [(message.role, message.text) for message in messages]
        wanted = self._wanted(max_tokens, schema)
        if logprobs and self._provider == "openai":
            wanted |= {"logprobs": True, "top_logprobs": _ALTERNATIVES}

        async def whole() -> Reply:
            with self._unseen():
                return _reply(await chat.ainvoke(turns, **wanted))

        return self._insisting(lambda: awaited(whole(), self._options.timeout))

    def stream(
        self, messages: Sequence[Message], *, max_tokens: int, schema: Mapping[str, object] | None = None
    ) -> Iterator[Reply]:
        """The reply in pieces. Errors as in ``reply``; what fails after the first piece is not tried again."""
        chat, turns = self._opened(), [(message.role, message.text) for message in messages]
        wanted = self._wanted(max_tokens, schema)

        async def pieces() -> AsyncIterator[Reply]:
            with self._unseen():
                async for piece in chat.astream(turns, **wanted):
                    yield _reply(piece)

        def begun() -> tuple[Iterator[Reply], Reply | None]:
            flow = flowing(pieces(), self._options.timeout)
            return flow, next(flow, None)

        flow, piece = self._insisting(begun)
        ended = self._provider not in _SAY_WHEN_DONE
        while piece is not None:
            ended = ended or bool(piece.finish)
            yield piece
            piece = self._once(lambda: next(flow, None), midway=True)
        if not ended:
            raise broken_off()

    def _unseen(self) -> AbstractContextManager[None]:
        """Offline, a block in which LangChain sends no trace to anybody."""
        from langsmith import tracing_context

        return tracing_context(enabled=False) if self._options.offline else nullcontext()

    def _insisting(self, work: Callable[[], T]) -> T:
        """What ``work`` gives, tried again after a failure that may pass, as often as the options allow."""
        for attempt in range(self._options.retries):
            try:
                return work()
            except Exception as error:
                wait = wait_before_again(error, attempt)
                if wait is None:
                    if isinstance(error, QAError):
                        raise
                    raise explained(error, self.name, self.place, self._options.timeout) from error
                self._options.tell(f"{self.place} failed ({type(error).__name__}); again in {wait:g} s")
                time.sleep(wait)
        return self._once(work)

    def _once(self, work: Callable[[], T], *, midway: bool = False) -> T:
        try:
            return work()
        except Exception as error:
            if isinstance(error, QAError):
                raise
            raise explained(error, self.name, self.place, self._options.timeout, midway=midway) from error

    def _wanted(self, max_tokens: int, schema: Mapping[str, object] | None) -> dict[str, Any]:
        """What the provider is asked for beside the messages."""
        wanted: dict[str, Any] = {_LIMITS.get(self._provider, "max_tokens"): max_tokens}
        if self._base:
            # LangChain sends OpenAI's newer name for the limit, which not every compatible server knows.
            wanted = {"extra_body": {"max_tokens": max_tokens}}
        if self._profile().get("temperature", True):
            wanted["temperature"] = 0
        if schema is not None and self.structured:
            held = {"name": "reply", "schema": dict(schema), "strict": True}
            # LangChain's own argument would have it parsed on the way: that loses the tokens, and fails for a reply cut off.
            body = {"response_format": {"type": "json_schema", "json_schema": held}}
            wanted["extra_body"] = {**wanted.get("extra_body", {}), **body}
        return wanted

    def _profile(self) -> Mapping[str, Any]:
        return self._opened().profile or {}

    def _opened(self) -> BaseChatModel:
        return self._opening.result()

    def _open(self) -> BaseChatModel:
        from langchain.chat_models import init_chat_model
        from langchain_core.exceptions import LangChainException
        from openai import OpenAIError

        chosen: dict[str, Any] = {}
        if self._provider in {"openai", "anthropic"}:
            chosen = {"timeout": self._options.timeout, "max_retries": 0}
        if self._provider == "openai":
            # Without the last, a limit of LangChain's own stops a slow local server before ours does.
            chosen |= {"stream_usage": True, "stream_chunk_timeout": None}
        if self._base:
            chosen |= {"base_url": self._base, "api_key": os.environ.get("OPENAI_API_KEY") or "none"}
        try:
            made: BaseChatModel = init_chat_model(self._model, model_provider=self._provider, **chosen)
        except ImportError as error:
            raise ConfigError(
                f"{self._provider} needs a package that is not installed", _install(self._provider, error)
            ) from error
        except (ValueError, LangChainException, OpenAIError) as error:
            hint = "name it as provider:model and set its provider's key, or use --model extractive"
            raise ConfigError(f"the model {self.name} cannot be set up: {_line(error)}", hint) from error
        return made


def _install(provider: str, error: ImportError) -> str:
    if provider in EXTRAS:
        return f'pip install "groundwire[{provider.replace("_", "-")}]"'
    named = re.search(r"langchain[\w-]+", str(error).replace("_", "-"))
    return f"pip install {named.group() if named else f'langchain-{provider}'}"


def _line(error: Exception) -> str:
    return " ".join(str(error).partition("\n\n")[0].split())[:200]


def _reply(message: BaseMessage) -> Reply:
    """A LangChain message, whole or a piece, as a reply."""
    told = getattr(message, "usage_metadata", None) or {}
    about = message.response_metadata
    finish = str(about.get("finish_reason") or about.get("stop_reason") or about.get("done_reason") or "")
    usage = Usage(int(told.get("input_tokens", 0)), int(told.get("output_tokens", 0)))
    finish = {"end_turn": "stop", "max_tokens": "length"}.get(finish, finish)
    return Reply(str(message.text), usage, finish, _first(about.get("logprobs")))


def _first(given: object) -> tuple[tuple[str, float], ...]:
    """The first token's alternatives in what OpenAI calls ``logprobs``; nothing where it is not in that form."""
    content = given.get("content") if isinstance(given, dict) else None
    top = content[0].get("top_logprobs") if content else None
    return tuple((str(one["token"]), float(one["logprob"])) for one in top or ())
