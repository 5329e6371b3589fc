"""The seam between finding passages and proving claims."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from qa.types import Passage, Sentence, Usage


@dataclass(frozen=True, slots=True)
class Reference:
    """What a claim leans on."""

    sentence: int
    """Position in the numbered sentences, from 0."""
    words: str
    """The words of it that are relied on; may be wrong, ``qa.cite`` looks."""


@dataclass(frozen=True, slots=True)
class DraftClaim:
    """One proposed sentence of an answer."""

    text: str
    references: tuple[Reference, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """A proposal: claims best first, over ``sentences`` numbered by position."""

    sentences: tuple[Sentence, ...]
    claims: tuple[DraftClaim, ...]
    confidence: float
    """Probability that the articles answer the question and the first claim does so."""
    missing: str | None = None
    """With no claims: in words, what the passages lack."""
    usage: Usage = field(default_factory=Usage)


class Drafter(Protocol):
    """Proposes an answer from passages. Never called with an empty question or without passages."""

    @property
    def name(self) -> str:
        """What the record says answered, e.g. ``extractive/1``."""

    @property
    def prompt(self) -> str | None:
        """Fingerprint of the prompt, or None where there is none."""

    def draft(self, question: str, passages: Sequence[Passage]) -> Draft:
        """The proposed answer; no claims where the passages do not answer."""


@runtime_checkable
class Streams(Protocol):
    """A drafter that proposes claims one after the other."""

    def draft_stream(self, question: str, passages: Sequence[Passage]) -> Iterator[Draft]:
        """The draft so far, each time it has another claim; the last is the whole."""


def drafts(drafter: Drafter, question: str, passages: Sequence[Passage]) -> Iterator[Draft]:
    """The draft so far, in as many steps as the drafter gives; the last is the whole."""
    if isinstance(drafter, Streams):
        yield from drafter.draft_stream(question, passages)
    else:
        yield drafter.draft(question, passages)


class Statistics(Protocol):
    """What the library knows about words, for weighing them."""

    def document_frequency(self, words: Sequence[str]) -> list[int]:
        """In how many chunks each word (or one of its inflections) stands; at most ``chunk_count()``."""

    def chunk_count(self) -> int:
        """How many chunks the current articles have."""


def fingerprints(*prompts: str | None) -> str:
    """What a record calls several prompts together; empty where there is none."""
    return "+".join(filter(None, prompts))


def numbered(passages: Sequence[Passage]) -> tuple[Sentence, ...]:
    """All sentences of the passages in order, the numbering that references use."""
    return tuple(Sentence(p.article, span) for p in passages for span in p.sentences)
