"""What ``verify`` and ``check`` find out: one frozen value for each citation and for each quotation."""

from __future__ import annotations

from dataclasses import dataclass

from qa.diff import Change
from vectorstore.types import Span

KEPT = ("valid", "moved")
"""Verdicts of a citation that still stands."""
CITATION_VERDICTS = (*KEPT, "changed", "altered", "misattributed", "ambiguous", "missing")
QUOTE_VERDICTS = ("not_found", "altered", "misattributed", "elided", "edited", "exact")
"""Worst first."""
HONEST = ("elided", "edited", "exact")
"""Verdicts of a quotation that may be printed."""


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation as a saved record has it; nothing in it is believed."""

    record: str
    """Where the record was read from, with its number there."""
    number: int
    article_id: str
    article_sha256: str
    version: int
    start: int
    end: int
    quote: str
    prefix: str
    suffix: str


@dataclass(frozen=True, slots=True)
class Verified:
    """What has become of a citation."""

    cited: Cited
    verdict: str
    """One of CITATION_VERDICTS."""
    article_id: str | None
    """The article that has the words now, or had them last; None where none does."""
    version: int | None
    """The version of it that ``span`` is in."""
    span: Span | None
    """Where the words stand, or what stands in their place; None where nothing like them does."""
    note: str
    """The finding in words; empty for ``valid``."""
    since: int | None = None
    """Of a ``changed`` one, the first version without the words."""
    diff: tuple[Change, ...] = ()
    """From the article's words to the quoted ones, where they differ."""

    @property
    def ok(self) -> bool:
        """Whether the citation still stands."""
        return self.verdict in KEPT


@dataclass(frozen=True, slots=True)
class Checked:
    """What is true of one quotation in a draft."""

    quote: str
    """The draft's words from ``span.start`` to ``span.end``, without the marks around them."""
    span: Span
    speaker: str | None
    """Whom the draft gives the words to."""
    verdict: str
    """One of QUOTE_VERDICTS."""
    article_id: str | None = None
    title: str = ""
    version: int | None = None
    at: Span | None = None
    """Where the article has the words, or those most like them."""
    said_by: str | None = None
    """Who speaks them in the article, where it says so."""
    source: str = ""
    """The article's words at ``at``."""
    left_out: tuple[str, ...] = ()
    """What ellipses leave out and brackets replace."""
    diff: tuple[Change, ...] = ()
    """From the article's words to the quoted ones; empty for any but ``altered``."""
    warning: str | None = None

    @property
    def ok(self) -> bool:
        """Whether it may be printed as it stands."""
        return self.verdict in HONEST
