"""What a check says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """What was found."""

    OK = "ok"
    REMARK = "remark"
    """Nothing is wrong, and there is something to know."""
    BAD = "BAD"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at."""

    name: str
    state: State
    detail: str
    """What was found, in a line."""
    hint: str = ""
    """What mends it, or what can be done; empty where there is nothing to do."""

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return self.state is not State.BAD


FIX = "qa doctor --fix mends it"


def judged(name: str, wrong: str, right: str, hint: str = FIX) -> Check:
    """BAD with ``hint`` where anything is ``wrong``, else ok with what is ``right``."""
    return Check(name, State.BAD, wrong, hint) if wrong else Check(name, State.OK, right)


def numbered(found: Mapping[str, int]) -> list[str]:
    """What there is any of, and how many of it."""
    return [f"{what}: {number:,}" for what, number in found.items() if number]


NAMED = 10
"""How many articles a check names at most."""


def listed(names: list[str]) -> str:
    """The first few names, and how many more there are."""
    more = f" and {len(names) - NAMED:,} more" if len(names) > NAMED else ""
    return f"{'; '.join(names[:NAMED])}{more}"
