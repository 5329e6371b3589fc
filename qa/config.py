"""Settings, and where each came from: flag, then environment, then ``qa.toml`` in the home folder, then the default."""

from __future__ import annotations

import json
import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import cast

from qa.errors import ConfigError
from qa.files import private, replaced

FILE = "qa.toml"
KEY = "OPENAI_API_KEY"
DEFAULT_MODEL = "openai:gpt-4.1-mini"
"""Who drafts where KEY is set and no model is named."""


_BY_HAND = "mend the file or move it away"

Value = str | int | float | bool


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be set. Each field's metadata names its environment variable and says what it does."""

    home: Path = field(metadata={"env": "QA_HOME", "help": "folder of the library and the index"})
    model: str = field(default="extractive", metadata={"env": "QA_MODEL", "help": "who drafts answers"})
    embedder: str = field(
        default="minilm", metadata={"env": "QA_EMBEDDER", "help": "who makes vectors: minilm, or langchain:provider:model"}
    )
    store: str = field(
        default="chroma", metadata={"env": "QA_STORE", "help": "where vectors are kept: chroma, or a Chroma server's address"}
    )
    encoding: str = field(
        default="auto", metadata={"env": "QA_ENCODING", "help": "what plain text is in: auto, or a name as windows-1251"}
    )
    readers: str = field(
        default="shipped", metadata={"env": "QA_READERS", "help": "readers of your own: .suffix=package.module:function ..."}
    )
    passages: int = field(default=8, metadata={"env": "QA_PASSAGES", "help": "how many passages an answer may draw on"})
    limit_mb: int = field(default=20, metadata={"env": "QA_LIMIT_MB", "help": "largest file or page that is read, in megabytes"})
    allow_private: bool = field(
        default=False, metadata={"env": "QA_ALLOW_PRIVATE", "help": "read addresses of this machine and of private networks, too"}
    )
    rate: float = field(default=1.0, metadata={"env": "QA_RATE", "help": "requests a second to one host; 0 for no limit"})
    entries: int = field(
        default=200, metadata={"env": "QA_ENTRIES", "help": "pages of one feed or sitemap that are asked for in one run"}
    )
    offline: bool = field(default=False, metadata={"env": "QA_OFFLINE", "help": "forbid every network call"})
    max_tokens: int = field(
        default=800, metadata={"env": "QA_MAX_TOKENS", "help": "the most tokens that a model's reply may have"}
    )
    max_cost: float = field(
        default=0.0, metadata={"env": "QA_MAX_COST", "help": "the most that one command may spend on a model; 0 for no limit"}
    )
    price_in: float = field(default=0.0, metadata={"env": "QA_PRICE_IN", "help": "what a million tokens sent to the model cost"})
    price_out: float = field(default=0.0, metadata={"env": "QA_PRICE_OUT", "help": "what a million tokens it writes cost"})
    window: int = field(default=8192, metadata={"env": "QA_WINDOW", "help": "tokens that the model takes with its reply"})
    timeout: int = field(default=120, metadata={"env": "QA_TIMEOUT", "help": "seconds that one request to a model may take"})
    retries: int = field(default=2, metadata={"env": "QA_RETRIES", "help": "how often a request that failed is made again"})
    reader: str = field(
        default="auto",
        metadata={"env": "QA_READER", "help": "who picks sentences to write from: auto, own, model or none"},
    )
    check: str = field(
        default="rules",
        metadata={"env": "QA_CHECK", "help": "who judges whether cited words carry a claim: rules, or model as well"},
    )
    prompts: str = field(default="shipped", metadata={"env": "QA_PROMPTS", "help": "folder with prompts of your own"})
    wait: int = field(default=3600, metadata={"env": "QA_WAIT", "help": "seconds to wait for another qa that is writing"})
    log: bool = field(default=True, metadata={"env": "QA_LOG", "help": "keep what was asked and answered in the library"})


@dataclass(frozen=True, slots=True)
class Origin:
    """One setting with its value and the place it was set."""

    name: str
    value: Value
    origin: str


def load(
    flags: Mapping[str, Value | None], environment: Mapping[str, str] = os.environ, *, file: bool = True
) -> tuple[Settings, list[Origin]]:
    """The settings in force and where each came from; without ``file`` as if there were no ``qa.toml``.

    Raises ConfigError for a value or a name that does not fit, and for a file that cannot be read.
    """
    home, home_origin = home_of(flags.get("home"), environment)
    kept = _file(home / FILE) if file else {}
    found: dict[str, Value] = {}
    origins = [Origin("home", str(home), home_origin)]
    for setting in fields(Settings)[1:]:
        name, variable = setting.name, setting.metadata["env"]
        default = cast(Value, setting.default)
        places = (
            (flags.get(name), f"--{name}"),
            (environment.get(variable) or None, variable),
            (kept.get(name), str(home / FILE)),
        )
        value, origin = next(((value, place) for value, place in places if value is not None), (default, "default"))
        if name == "model" and origin == "default":
            value, origin = _by_key(environment, bool(flags.get("offline")))
        found[name] = _typed(name, value, type(default), origin)
        origins.append(Origin(name, found[name], origin))
    return Settings(home, **found), origins  # type: ignore[arg-type]


def keep(home: Path, name: str, value: str | None) -> Value | None:
    """Writes a setting into the home's ``qa.toml``, or takes it out where ``value`` is None; gives the value as it now stands.

    Every other line stays as it is. Raises ConfigError for a name that is no setting and for a value that does not fit.
    """
    path = home / FILE
    known = {setting.name: setting for setting in fields(Settings)[1:]}
    if value is not None and name not in known:
        raise ConfigError(
            f"{name} is no setting that can be kept", f"the settings are {', '.join(known)}; keys stay out of files"
        )
    kept = None if value is None else _typed(name, value, type(cast(Value, known[name].default)), "given")
    before = _content(path)
    line = re.compile(rf"""^[ \t]*["']?{re.escape(name)}["']?[ \t]*=.*\n?""", re.MULTILINE)
    new = "" if kept is None else f"{name} = {json.dumps(kept, ensure_ascii=False)}\n"
    text, found = line.subn(lambda _: new, before, count=1)
    if not found and new:
        text = f"{before.rstrip()}\n{new}".lstrip()
    _agree(path, before, text, name, kept)
    _replace(path, text)
    return kept


def _content(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path} cannot be read: {error}", _BY_HAND) from error


def _agree(path: Path, before: str, after: str, name: str, kept: Value | None) -> None:
    """Raises ConfigError where the new text does not say what the old one said but for the one setting."""
    try:
        wanted, now = tomllib.loads(before), tomllib.loads(after)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path} cannot be changed: {error}", _BY_HAND) from error
    wanted.pop(name, None)
    if now != (wanted if kept is None else {**wanted, name: kept}):
        raise ConfigError(f"{path} sets {name} in a form that is not changed here", _BY_HAND)


def _replace(path: Path, text: str) -> None:
    """The file anew, as a whole or not at all, readable by its owner alone."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with private(), replaced(path) as new:
        new.write(text.encode())


def _by_key(environment: Mapping[str, str], offline: bool) -> tuple[str, str]:
    """Who drafts where nobody is named: OpenAI's model where there is a key for it, and the network is allowed."""
    if environment.get(KEY, "").strip() and not offline:
        return DEFAULT_MODEL, KEY
    return "extractive", "default"


def home_of(flag: Value | None, environment: Mapping[str, str] = os.environ) -> tuple[Path, str]:
    """The home folder, and where it was set."""
    if flag:
        return Path(str(flag)).expanduser(), "--home"
    if environment.get("QA_HOME"):
        return Path(environment["QA_HOME"]).expanduser(), "QA_HOME"
    from platformdirs import user_data_path

    return user_data_path("groundwire"), "default"


def _file(path: Path) -> dict[str, Value]:
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except NotADirectoryError as error:
        raise ConfigError(f"the home {path.parent} is no folder", "choose another with --home, or move that file away") from error
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{path} cannot be read: {error}", _BY_HAND) from error
    known = {setting.name for setting in fields(Settings)} - {"home"}
    if unknown := content.keys() - known:
        raise ConfigError(
            f"{path} sets {', '.join(sorted(unknown))}, which is no setting", f"the settings are {', '.join(sorted(known))}"
        )
    return content


def _typed(name: str, value: Value, kind: type[Value], origin: str) -> Value:
    """``value`` as ``kind``; whole numbers are at least 1, switches are true or false, 1 or 0, yes or no."""
    words = str(value).strip()
    if kind is bool and words.lower() in {"true", "1", "yes", "false", "0", "no"}:
        return words.lower() in {"true", "1", "yes"}
    if kind is int and words.isascii() and words.isdigit() and int(words) > 0:
        return int(words)
    if kind is float and re.fullmatch(r"\d+(?:\.\d+)?", words, re.ASCII):
        return float(words)
    if kind is str and words:
        return words
    wanted = {bool: "true or false", int: "a whole number above 0", float: "a number", str: "not empty"}[kind]
    raise ConfigError(f"{name} must be {wanted}, not {value!r} ({origin})", f"set {name} to something else")
