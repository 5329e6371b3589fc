"""Floors below which an evaluation must not fall, and the one way in which they move: up."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from qa.errors import ConfigError, GateFailed, NotComparable
from qa.eval.metrics import BETTER_SMALL, NEUTRAL, SECTIONS
from qa.eval.types import Run, Scores
from qa.files import replaced

FLOORS: Final = "groundwire/floors/1"
_SCALE = 10_000
"""Limits are kept in parts of this, rounded to where the run that they come from holds them."""
_SLACK = 1e-6
"""A value this much beyond its limit still holds it: the same sum may differ a little from machine to machine."""


@dataclass(frozen=True, slots=True)
class Floors:
    """What a run must reach."""

    drafter: str | None
    """Whose scores of a run they are for; None for the drafter that was evaluated."""
    floors: Mapping[str, float]
    """Metric -> the least value."""
    ceilings: Mapping[str, float]
    """Metric -> the greatest value."""


@dataclass(frozen=True, slots=True)
class Check:
    """One metric against its limit."""

    metric: str
    ceiling: bool
    """Whether the limit is the greatest value rather than the least."""
    limit: float
    value: float | None
    """None where the run does not have the metric."""

    @property
    def held(self) -> bool:
        """Whether the value is within the limit."""
        if self.value is None:
            return False
        return self.value <= self.limit + _SLACK if self.ceiling else self.value >= self.limit - _SLACK


@dataclass(frozen=True, slots=True)
class Verdict:
    """A run against its floors."""

    data: str
    name: str
    """The drafter that was judged."""
    checks: tuple[Check, ...]
    """Every limit of the file, floors first."""

    @property
    def fallen(self) -> tuple[Check, ...]:
        """Those that were not held."""
        return tuple(check for check in self.checks if not check.held)

    def enforce(self) -> None:
        """Raises GateFailed, which names what fell, unless all was held."""
        if self.fallen:
            names = ", ".join(check.metric for check in self.fallen)
            raise GateFailed(
                f"{self.name} on {self.data} fell short in {len(self.fallen)} of {len(self.checks)}: {names}.",
                "see which answers changed: qa eval compare GOOD_RUN THIS_RUN",
            )


@dataclass(frozen=True, slots=True)
class Move:
    """A limit of the file and where the run would put it."""

    metric: str
    ceiling: bool
    before: float | None
    """None where the file had none."""
    after: float


@dataclass(frozen=True, slots=True)
class Raised:
    """What ``raise_floors`` did."""

    moved: tuple[Move, ...]
    refused: tuple[Move, ...]
    """Limits that the run does not reach and that were left as they were."""


def read_floors(path: Path) -> Floors:
    """The floors that ``path`` holds. Raises ConfigError where it cannot be read or is not such a file."""
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else error
        hint = "take them from a run: qa eval raise RUN --floors FILE"
        raise ConfigError(f"Cannot read the floors in {path}: {why}", hint) from error
    if not isinstance(record, dict) or record.get("schema") != FLOORS:
        raise ConfigError(f"{path} holds no floors.", f'it must be an object with "schema": "{FLOORS}"')
    drafter = record.get("drafter")
    if drafter is not None and not isinstance(drafter, str):
        raise ConfigError(f"{path}: drafter is no name.", "name a drafter, or leave it out")
    return Floors(drafter, _limits(path, record, "floors"), _limits(path, record, "ceilings"))


def _limits(path: Path, record: Mapping[str, object], part: str) -> dict[str, float]:
    limits = record.get(part, {})
    if not isinstance(limits, dict):
        raise ConfigError(f"{path}: {part} is no object.", 'write each as "metric": number')
    for metric, limit in limits.items():
        if isinstance(limit, bool) or not isinstance(limit, int | float) or not math.isfinite(limit):
            raise ConfigError(f"{path}: {part}: {metric} is no number.", 'write each as "metric": number')
    return {metric: float(limit) for metric, limit in limits.items()}


def gate(run: Run, floors: Floors) -> Verdict:
    """Each limit against the run's value; a metric that the run does not have has fallen.

    Raises NotComparable where the floors are for a drafter that the run did not evaluate.
    """
    scores = _judged(run, floors.drafter)
    checks = [Check(metric, False, limit, scores.figures.get(metric)) for metric, limit in floors.floors.items()]
    checks += [Check(metric, True, limit, scores.figures.get(metric)) for metric, limit in floors.ceilings.items()]
    return Verdict(run.data, scores.name, tuple(checks))


def _judged(run: Run, drafter: str | None) -> Scores:
    for scores in run.scores:
        if drafter is None or scores.name == drafter:
            return scores
    names = ", ".join(scores.name for scores in run.scores) or "nobody"
    raise NotComparable(
        f"The floors are for {drafter or 'a drafter'}; the run evaluated {names}.",
        "evaluate that drafter, or write floors for this one in a file of their own",
    )


def raise_floors(run: Run, path: Path, *, lower: bool = False) -> Raised:
    """Writes the run's values into the floors of ``path``, and says what moved and what did not.

    A floor only rises and a ceiling only falls, unless ``lower``. A file that exists keeps its metrics and its drafter; a new
    one gets every metric that judges, but for those of cost, and names no drafter. A metric that the run does not have keeps
    its limit. Raises ConfigError and NotComparable as ``read_floors`` and ``gate`` do.
    """
    exists = path.exists()
    floors = read_floors(path) if exists else _fresh(run)
    moved: list[Move] = []
    refused: list[Move] = []
    for check in gate(run, floors).checks:
        after = None if check.value is None else _rounded(check.value, check.ceiling)
        if after is None or (exists and after == check.limit):
            continue
        move = Move(check.metric, check.ceiling, check.limit if exists else None, after)
        tighter = after < check.limit if check.ceiling else after > check.limit
        (moved if tighter or lower or not exists else refused).append(move)
    changed = {(move.metric, move.ceiling): move.after for move in moved}
    _write(
        path,
        replace(
            floors,
            floors={metric: changed.get((metric, False), limit) for metric, limit in floors.floors.items()},
            ceilings={metric: changed.get((metric, True), limit) for metric, limit in floors.ceilings.items()},
        ),
    )
    return Raised(tuple(moved), tuple(refused))


def _fresh(run: Run) -> Floors:
    """The run's own values as limits, for whoever is evaluated: a drafter's name changes with its version."""
    scores = _judged(run, None)
    judging = [name for part, names in SECTIONS.items() if part != "Cost" for name in names if name not in NEUTRAL]
    limits = {name: scores.figures[name] for name in judging if name in scores.figures}
    return Floors(
        None,
        {name: _rounded(value, False) for name, value in limits.items() if name not in BETTER_SMALL},
        {name: _rounded(value, True) for name, value in limits.items() if name in BETTER_SMALL},
    )


def _rounded(value: float, ceiling: bool) -> float:
    """``value`` as a limit that it holds."""
    scaled = value * _SCALE
    return (math.ceil(scaled - _SLACK) if ceiling else math.floor(scaled + _SLACK)) / _SCALE


def _write(path: Path, floors: Floors) -> None:
    """The file made anew beside the old one and put in its place, so that it is never half written."""
    record: dict[str, object] = {"schema": FLOORS}
    if floors.drafter is not None:
        record["drafter"] = floors.drafter
    record |= {"floors": dict(floors.floors), "ceilings": dict(floors.ceilings)}
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with replaced(path) as out:
            out.write(f"{json.dumps(record, ensure_ascii=False, indent=2)}\n".encode())
    except OSError as error:
        raise ConfigError(f"Cannot write {path}: {error.strerror}", "choose a place that can be written") from error
