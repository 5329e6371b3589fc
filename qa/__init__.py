"""Groundwire: answers from your own news archive, every sentence backed by words found in the article.

``Library`` opens a home folder; its methods give the frozen values of ``qa.types``. Nothing is loaded before it is used.
"""

from __future__ import annotations

from pkgutil import resolve_name
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qa.api import Library
    from qa.errors import QAError
    from qa.types import Answer, Article, Citation, Claim, Document, Passage, Summary

__version__ = "0.1.0"

__all__ = ["Answer", "Article", "Citation", "Claim", "Document", "Library", "Passage", "QAError", "Summary"]

_HOMES = {"Library": "qa.api", "QAError": "qa.errors"}
"""Where a public name lives; the others are in ``qa.types``."""


def __getattr__(name: str) -> object:
    if name in __all__:
        return resolve_name(f"{_HOMES.get(name, 'qa.types')}:{name}")
    raise AttributeError(f"module 'qa' has no attribute {name!r}")
