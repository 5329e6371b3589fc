"""What became of everything that ``qa add`` was given: a table, kind by kind."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from qa.render.safe import safe

if TYPE_CHECKING:
    from qa.ingest.types import Skipped
    from qa.intake import Report

_COLUMNS: Final = ("added", "updated", "unchanged", "skipped")
_REASONS: Final = 8
_OTHER: Final = "other"
_PLACE: Final = re.compile(r"^(?:line|row) \d+: | \(.*\)$")
"""Where in a file, and what exactly: told with each file, and not told apart here."""


def table(report: Report) -> str:
    """A row a kind and a column for each thing that happened, then why things were skipped; empty where it is one kind alone."""
    counts = {name: Counter(report.kinds.get(id) or _OTHER for id in getattr(report, name)) for name in _COLUMNS[:-1]}
    counts["skipped"] = Counter(map(_kind, report.skipped))
    kinds = sorted(set().union(*counts.values()), key=str.casefold)
    if len(kinds) < 2:
        return ""
    columns = [name for name in _COLUMNS if counts[name]]
    width = max(map(len, kinds))
    lines = [" ".join([" " * width, *columns])]  # all four fit a screen of 40 columns
    lines += [
        " ".join([f"{kind:<{width}}", *(f"{counts[name][kind] or '·':>{len(name)}}" for name in columns)]) for kind in kinds
    ]
    return "\n".join([*lines, "", *_reasons(report), ""])


def why(skipped: Skipped) -> str:
    """The reason, without the name of the source in front of it: that is told beside it."""
    return skipped.reason.removeprefix(f"{skipped.source} ")


def _kind(skipped: Skipped) -> str:
    return skipped.kind or ("web page" if "://" in skipped.source else _OTHER)


def _reasons(report: Report) -> list[str]:
    """Why things were skipped, the most frequent first."""
    reasons = Counter((_kind(skipped), _PLACE.sub("", why(skipped))) for skipped in report.skipped)
    told = [f"{count} skipped, {kind}: {safe(reason)}" for (kind, reason), count in reasons.most_common(_REASONS)]
    more = len(reasons) - _REASONS
    return [*told, *([f"... and {more} more reasons"] if more > 0 else []), *([""] if told else [])]
