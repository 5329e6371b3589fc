"""Languages that are stated."""

from __future__ import annotations

import re

_TAG = re.compile(r"([A-Za-z]{2,3})(?:[-_]([A-Za-z]{4}))?(?:[-_]([A-Za-z]{2}|\d{3}))?(?:[-_][A-Za-z0-9]{4,8})*(?:\.[\w-]+)?")
_NONE = frozenset({"und", "mul", "zxx", "mis", "xx"})


def tag(value: str) -> str | None:
    """``value`` as a BCP 47 tag in its usual spelling (``en_us`` is ``en-US``); None for what is no tag, as ``English``."""
    found = _TAG.fullmatch(value.strip())
    if found is None or found.group(1).lower() in _NONE:
        return None
    language, script, region = found.groups()
    return "-".join(filter(None, (language.lower(), script and script.title(), region and region.upper())))
