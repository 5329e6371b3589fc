"""Readers from outside: named in a setting, or by an installed package."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib.metadata import entry_points
from pkgutil import resolve_name

from qa.errors import ConfigError

GROUP = "groundwire.readers"
"""The entry points of packages that bring a reader: a suffix, and where its function is."""
NONE = "shipped"
"""The setting for no others than those that came with the program."""
_HINT = "write readers as .suffix=package.module:function, several with blanks between them"


def table(shipped: Mapping[str, str], setting: str | None) -> dict[str, str]:
    """Suffixes with their readers: the setting goes before installed packages, and these before what came with the program.

    Raises ConfigError for a setting that is none, or names what cannot be loaded.
    """
    installed = {_suffix(point.name): point.value for point in entry_points(group=GROUP)}
    return {**shipped, **installed, **dict(_named(setting or NONE))}


def _named(setting: str) -> Iterator[tuple[str, str]]:
    for pair in setting.replace(",", " ").split() if setting != NONE else ():
        suffix, equals, name = pair.partition("=")
        if not equals or ":" not in name:
            raise ConfigError(f"readers: {pair!r} names no reader", _HINT)
        try:
            resolve_name(name)
        except (ValueError, ImportError, AttributeError) as error:
            raise ConfigError(f"the reader {name!r} cannot be loaded: {error}", _HINT) from error
        yield _suffix(suffix), name


def _suffix(name: str) -> str:
    return f".{name.lower().removeprefix('.')}"
