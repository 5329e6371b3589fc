"""The summary in a model's own words. What does not fit into its window is read in parts, and summed up from what they chose.

Map: each part is summarized by itself. Reduce: the sentences that those claims rest on, and not the claims, are what the
next round is shown. So whatever the length, every claim rests on sentences of the articles.
"""

from __future__ import annotations

from collections.abc import Sequence

from prompts import Message
from qa.draft.interface import Draft, DraftClaim, Reference
from qa.draft.material import heading, material, together, tokens
from qa.draft.writing import Writer, Written
from qa.errors import TooLong
from qa.types import Passage, Sentence, Usage

_ROUNDS = 6
"""Each round keeps a part of the sentences at most; a model that does not choose is stopped here."""
_NUMBER = 3
"""Tokens that a sentence's number takes."""


class Writing:
    """The summarizer that writes."""

    def __init__(self, writer: Writer, language: str | None = None) -> None:
        """``language`` is that of the claims, in words; None for the articles' own."""
        self._writer = writer
        self._language = language or "the language of the articles"

    @property
    def name(self) -> str:
        """The model's."""
        return self._writer.model.name

    @property
    def prompt(self) -> str:
        """The prompt's fingerprint."""
        return self._writer.prompt.fingerprint

    def draft(self, articles: Sequence[tuple[Sentence, ...]], length: int, topic: str | None) -> Draft:
        """Up to ``length`` claims over the articles' sentences. Raises ProviderError for a reply that cannot be read."""
        sentences = tuple(sentence for article in articles for sentence in article)
        about = f"what they say about: {' '.join(topic.split())}" if topic else "them"
        chosen, usage = list(range(len(sentences))), Usage()
        for _ in range(_ROUNDS):
            parts = self._parts(sentences, chosen, about, length)
            written = [self._written(sentences, part, about, length) for part in parts]
            claims = [claim for one in written for claim in one.claims]
            usage = sum((one.usage for one in written), usage)
            if len(parts) <= 1 or not claims:
                break
            chosen = sorted({one.sentence for claim in claims for one in claim.references if one.sentence >= 0})
        missing = None if claims else "the model finds nothing to say in them"
        return Draft(sentences, tuple(claims[:length]), 0.0, missing, usage)

    def _parts(self, sentences: Sequence[Sentence], chosen: Sequence[int], about: str, length: int) -> list[list[int]]:
        """``chosen`` in runs that fit into the window. Raises TooLong where not one sentence does."""
        room = self._writer.room - sum(tokens(message.text) for message in self._messages([], about, length))
        parts: list[list[int]] = []
        left = 0
        for at in chosen:
            needed = tokens(sentences[at].text) + _NUMBER
            title = tokens(heading(sentences[at].article)) + _NUMBER
            if needed + title > room:
                raise TooLong(f"a sentence does not fit into the window of {self.name}", "set a larger QA_WINDOW")
            opens = not parts or sentences[at].article is not sentences[parts[-1][-1]].article
            if not parts or needed + title * opens > left:
                parts.append([])
                left, opens = room, True
            parts[-1].append(at)
            left -= needed + title * opens
        return parts

    def _messages(self, passages: Sequence[Passage], about: str, length: int) -> Sequence[Message]:
        data = material(passages)
        told = {"about": about, "length": f"up to {length}", "language": self._language}
        return self._writer.messages(fence=data.fence, articles=data.articles, **told)

    def _written(self, sentences: Sequence[Sentence], part: Sequence[int], about: str, length: int) -> Written:
        """The claims over one part, their references counted over all sentences; those that do not exist are left as unknown."""
        messages = self._messages(together(sentences[at] for at in part), about, length)
        *_, last = self._writer.written(messages, len(part))
        claims = tuple(
            DraftClaim(claim.text, tuple(_placed(one, part, sentences) for one in claim.references)) for claim in last.claims
        )
        return Written(claims, last.missing, last.usage)


def _placed(reference: Reference, part: Sequence[int], sentences: Sequence[Sentence]) -> Reference:
    if not 0 <= reference.sentence < len(part):
        return Reference(-1, reference.words)
    at = part[reference.sentence]
    return Reference(at, reference.words or sentences[at].text)
