"""A drafter whose claims a model judges, too."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from qa.draft.interface import Draft, Drafter, drafts, fingerprints
from qa.support.second import Second
from qa.types import Passage


class Checked:
    """Drafts as the one within. Whoever proves the claims asks ``second`` about each, and the record names its prompt."""

    def __init__(self, drafter: Drafter, second: Second) -> None:
        self._drafter = drafter
        self.second = second

    @property
    def name(self) -> str:
        """The drafter's."""
        return self._drafter.name

    @property
    def prompt(self) -> str:
        """Fingerprints of the drafter's prompts and of the check's."""
        return fingerprints(self._drafter.prompt, self.second.prompt)

    def draft(self, question: str, passages: Sequence[Passage]) -> Draft:
        """The drafter's."""
        return self._drafter.draft(question, passages)

    def draft_stream(self, question: str, passages: Sequence[Passage]) -> Iterator[Draft]:
        """The drafter's, in as many steps as it gives."""
        return drafts(self._drafter, question, passages)
