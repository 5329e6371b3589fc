"""What one check of a claim finds, and what the checks look at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from qa.speech.marks import Marks
from qa.text import sentences
from qa.types import Sentence


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something that the claim says and the cited words do not carry."""

    kind: str
    """One of KINDS."""
    grave: bool
    """Whether the claim is then unsupported; otherwise it is partly supported at best."""
    why: str
    """In words, to be read after the claim."""


KINDS = ("number", "date", "name", "quote", "negation", "hedge", "opposite", "order", "only", "speaker", "fact", "words")
"""What may be lost, added or changed."""


@dataclass(frozen=True, slots=True)
class Context:
    """What a claim may take for granted beside the words it cites; the cited articles' titles and dates count by themselves."""

    question: str = ""
    neighbours: tuple[Sentence, ...] = ()
    """Sentences around the cited ones, where their pronouns find their names."""
    language: str | None = None
    """The language that the claim was asked to be in, by name; None for that of the question."""


class Case:
    """A claim beside what it cites, each read once."""

    def __init__(self, claim: str, cited: Sequence[Sentence], context: Context) -> None:
        """Reads nothing yet."""
        self.claim = claim
        self.cited = tuple(cited)
        self.context = context

    @cached_property
    def shown(self) -> str:
        """The cited words, a line for each place."""
        return "\n".join(dict.fromkeys(one.text for one in self.cited))

    @cached_property
    def topic(self) -> str:
        """The question and the cited articles' titles, a line each."""
        return "\n".join(dict.fromkeys([self.context.question, *(one.article.title for one in self.cited)]))

    @cached_property
    def named(self) -> str:
        """The topic, the outlets and the authors, a line each."""
        about = [part for one in self.cited for part in (one.article.source, one.article.author) if part]
        return "\n".join(dict.fromkeys([self.topic, *about]))

    @cached_property
    def around(self) -> str:
        """Those and the neighbours, a line each: where names may come from, and nothing else."""
        return "\n".join(dict.fromkeys([self.named, *(one.text for one in self.context.neighbours)]))

    @cached_property
    def said(self) -> Marks:
        """The claim's words and their kinds."""
        return Marks(self.claim)

    @cached_property
    def parts(self) -> list[str]:
        """The cited text's sentences."""
        return [span.of(self.shown) for span in sentences(self.shown)]
