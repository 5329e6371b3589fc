"""The summary by a small model: the sentences are chosen without it, and it retells each of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from qa.draft.interface import Draft
from qa.draft.single import Single, followed
from qa.types import Sentence

Choose = Callable[[Sequence[tuple[Sentence, ...]], int, str | None], Draft]
"""Articles, length, topic -> a draft whose claims each are one sentence."""


class Retelling:
    """The summarizer that chooses first and then writes."""

    def __init__(self, choose: Choose, single: Single, language: str | None = None) -> None:
        """``language`` is that of the claims, in words; None for the articles' own."""
        self._choose = choose
        self._single = single
        self._language = language or "the language of the article"

    @property
    def name(self) -> str:
        """The model's."""
        return self._single.model.name

    @property
    def prompt(self) -> str:
        """The prompt's fingerprint."""
        return self._single.prompt.fingerprint

    def draft(self, articles: Sequence[tuple[Sentence, ...]], length: int, topic: str | None) -> Draft:
        """Up to ``length`` retold sentences, each before itself where it was not retold truly. Raises ProviderError."""
        chosen = self._choose(articles, length, topic)
        picked = [claim.references[0].sentence for claim in chosen.claims]
        if not picked:
            return chosen
        *_, last = self._single.written(followed(articles), picked, {"language": self._language})
        return Draft(chosen.sentences, last.claims, 0.0, None, last.usage)
