"""The door to language models: a name and how to use it become a ChatModel."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from qa.config import DEFAULT_MODEL
from qa.errors import ConfigError

if TYPE_CHECKING:
    from qa.llm.interface import ChatModel


@dataclass(frozen=True, slots=True)
class Options:
    """How a model is used."""

    timeout: float = 120.0
    """Seconds for one request, its reply included."""
    retries: int = 2
    """How often a request that failed for want of luck is made again."""
    window: int = 8192
    """Tokens that a request and its reply may have together."""
    structured: bool | None = None
    """Whether the endpoint can be held to a JSON schema; None to go by what is known of the model."""
    offline: bool = False
    """Whether nobody but the model may hear of a request: no collector of traces, whatever the environment says."""
    tell: Callable[[str], None] = lambda _: None
    """Is given what a person who waits should know."""


def open_model(name: str, options: Options, *, offline: bool = False) -> ChatModel:
    """The model ``provider:model`` of LangChain's, or the replies in a file for ``scripted:FILE``.

    Raises ConfigError for a name, a key or an address that does not do, and for one beyond this machine where ``offline``.
    """
    provider, _, rest = name.partition(":")
    if not provider or not rest:
        raise ConfigError(f"no drafter is called {name!r}", f"use --model extractive, or provider:model such as {DEFAULT_MODEL}")
    if provider == "scripted":
        from qa.llm.scripted import Scripted

        return Scripted.read(Path(rest))
    if offline and not is_local(name):
        raise ConfigError(f"{name} is not on this machine, and --offline forbids asking it", "use --model extractive")
    from qa.llm.langchain import LangChain

    return LangChain(name, replace(options, offline=offline))


def is_local(name: str, environment: Mapping[str, str] = os.environ) -> bool:
    """Whether asking the model leaves this machine alone: its address is a loopback one."""
    provider = name.partition(":")[0]
    if provider == "scripted":
        return True
    addresses = {"openai": environment.get("OPENAI_BASE_URL", ""), "ollama": environment.get("OLLAMA_HOST") or "127.0.0.1"}
    address = addresses.get(provider, "")
    host = urlsplit(address if "://" in address else f"//{address}").hostname or ""
    return host in {"localhost", "::1"} or (host.startswith("127.") and host.replace(".", "").isdigit())
