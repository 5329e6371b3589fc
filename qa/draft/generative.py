"""Answers in a model's own words: it is shown numbered sentences, and returns claims with the numbers and words they rest on.

What a model proposes is proven elsewhere (``qa.cite``); nothing here believes it. That goes for a refusal, too: what it says is
missing is passed on only in the question's own words.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from prompts import Message
from qa.draft.interface import Draft, DraftClaim, Reference, numbered
from qa.draft.material import material, shorter, tokens
from qa.draft.terms import stems
from qa.draft.writing import Writer
from qa.draft.yesno import Judge
from qa.errors import TooLong
from qa.keywords import STOP
from qa.text import words
from qa.types import Passage, Sentence

_SAYING = frozenset(
    "article articles passage passages sentence sentences text texts information mention mentions mentioned say says said "
    "state states stated tell tells name names named give gives given provide provides provided contain contains whether".split()
)
"""Words that a refusal may have which are not the question's."""
_UNSAID = "the model finds no answer in the passages."


class Generative:
    """The drafter that writes."""

    def __init__(self, writer: Writer, judge: Judge) -> None:
        """``judge`` says how likely the passages answer at all."""
        self._writer = writer
        self._judge = judge

    @property
    def name(self) -> str:
        """The model's."""
        return self._writer.model.name

    @property
    def prompt(self) -> str:
        """The prompt's fingerprint."""
        return self._writer.prompt.fingerprint

    def draft(self, question: str, passages: Sequence[Passage]) -> Draft:
        """The model's answer. Raises ProviderError where it gives none that can be read, ConfigError for a key that fails."""
        *_, last = self.draft_stream(question, passages)
        return last

    def draft_stream(self, question: str, passages: Sequence[Passage]) -> Iterator[Draft]:
        """The answer so far, each time another claim is complete; the last is the whole. Errors as for ``draft``."""
        judged = self._judge(question, passages)
        shown = self._fitted(question, passages)
        try:
            yield from self._written(question, shown, judged.confidence)
        except TooLong:
            # The estimate was too low for this model's way of counting; half of it is worth one more attempt.
            half = shown[: len(shown) // 2] or shorter(shown)
            if not half:
                raise
            yield from self._written(question, half, judged.confidence)

    def _fitted(self, question: str, passages: Sequence[Passage]) -> Sequence[Passage]:
        """As many of the passages as fit into the model's window. Raises TooLong where not one sentence does."""
        while passages:
            if sum(tokens(message.text) for message in self._messages(question, passages)) <= self._writer.room:
                return passages
            passages = shorter(passages)
        raise TooLong(f"not one sentence fits into the window of {self.name}", "set a larger QA_WINDOW or a smaller --max-tokens")

    def _messages(self, question: str, passages: Sequence[Passage]) -> tuple[Message, ...]:
        data = material(passages)
        return self._writer.messages(fence=data.fence, articles=data.articles, question=" ".join(question.split()))

    def _written(self, question: str, passages: Sequence[Passage], confidence: float) -> Iterator[Draft]:
        sentences = numbered(passages)
        for written in self._writer.written(self._messages(question, passages), len(sentences)):
            missing = None if written.claims else _told(written.missing or "", question)
            yield Draft(sentences, _filled(written.claims, sentences), confidence, missing, written.usage)


def _told(missing: str, question: str) -> str:
    """What the model says is missing, where it says so in the question's words; else that it found nothing.

    An article can make a model say anything, and this is not proven by any words of an article.
    """
    said = [word for word in words(missing) if word not in STOP and word not in _SAYING]
    if not said or not set(stems(" ".join(said))) <= set(stems(question)):
        return _UNSAID
    sentence = " ".join(missing.split()).rstrip(".")
    return f"{sentence}."


def _filled(claims: Sequence[DraftClaim], sentences: Sequence[Sentence]) -> tuple[DraftClaim, ...]:
    """The claims with the whole sentence for a reference that has a number and no words."""
    return tuple(DraftClaim(claim.text, tuple(_whole(one, sentences) for one in claim.references)) for claim in claims)


def _whole(reference: Reference, sentences: Sequence[Sentence]) -> Reference:
    if reference.words or not 0 <= reference.sentence < len(sentences):
        return reference
    return Reference(reference.sentence, sentences[reference.sentence].text)
