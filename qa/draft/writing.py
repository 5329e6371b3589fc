"""Getting claims out of a model: one request, its reply read as it comes, and one repair that tells what was wrong."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from prompts import Message, Prompt
from qa.draft.interface import DraftClaim
from qa.draft.reply import SCHEMA, Reading, Unreadable
from qa.errors import Unformed
from qa.llm.interface import ChatModel, Reply
from qa.text import fold
from qa.types import Usage

_WIDEST = 12
"""Code points that a token may stand for, on average, before a reply counts as endless."""
_BLANKS = 400
"""Blank code points in a row after which a reply counts as endless."""
_NAMED = 5
"""Unknown sentence numbers that a repair names."""


@dataclass(frozen=True, slots=True)
class Written:
    """What a model has proposed so far."""

    claims: tuple[DraftClaim, ...] = ()
    missing: str | None = None
    """What the articles lack, in the model's own words, where it declined."""
    usage: Usage = field(default_factory=Usage)


class Writer:
    """One model with one prompt, which has the parts ``[lines]`` and ``[object]``, the two forms of a reply, and ``[repair]``."""

    def __init__(self, model: ChatModel, prompt: Prompt, max_tokens: int) -> None:
        """``max_tokens`` is the most that one reply may have."""
        self.model = model
        self.prompt = prompt
        self.max_tokens = max_tokens

    @property
    def room(self) -> int:
        """Tokens that the messages may have, so that the reply, and both again in a repair, still fit into the window."""
        return self.model.window - 2 * self.max_tokens

    def messages(self, **values: str) -> tuple[Message, ...]:
        """The prompt filled in, with the form of reply that the model can be held to."""
        return self.prompt.render(form=self.prompt.part("object" if self.model.structured else "lines"), **values)

    def written(self, messages: Sequence[Message], sentences: int) -> Iterator[Written]:
        """What is proposed so far, each time another claim is complete; the last is the whole.

        Claims that name no sentence out of ``sentences`` are kept from a reply that went wrong; others stay only where the
        repair has them again. Raises Unformed where neither reply can be read.
        """
        kept: list[DraftClaim] = []
        usage = Usage()
        asked = tuple(messages)
        for last in (False, True):
            attempt = _Attempt(self, asked, Reading(sentences), kept, usage)
            yield from attempt.run()
            usage = attempt.usage
            if attempt.fault is None or (last and attempt.readable):
                yield Written(tuple(attempt.claims()), attempt.reading.missing, usage)
                return
            kept = attempt.good()
            told = self.prompt.part("repair", fault=attempt.fault)
            asked = (*messages, Message("assistant", attempt.said.strip() or "(nothing)"), Message("user", told))
        if not kept:
            fault = attempt.fault
            raise Unformed(f"{self.model.name} did not reply in the form asked for: {fault}", "try another --model")
        yield Written(tuple(kept), None, usage)


class _Attempt:
    """One reply on its way."""

    def __init__(
        self, writer: Writer, messages: Sequence[Message], reading: Reading, kept: Sequence[DraftClaim], usage: Usage
    ) -> None:
        self.reading = reading
        self.said = ""
        self.usage = usage
        self.fault: str | None = None
        self.readable = False
        self._writer = writer
        self._messages = messages
        self._kept = list(kept)

    def run(self) -> Iterator[Written]:
        """What is proposed so far, as claims come; ``fault`` then says what is wrong with the reply."""
        told = 0
        try:
            cut = False
            for piece in self._pieces():
                self.said += piece.text
                self.usage = self.usage + piece.usage
                cut = cut or piece.finish == "length"
                self.reading.take(piece.text)
                if len(self.reading.claims) > told:
                    told = len(self.reading.claims)
                    yield Written(tuple(self.claims()), None, self.usage)
            self.reading.finish(cut=cut)
            self.readable = True
        except Unreadable as error:
            self.fault = error.message
            return
        if unknown := self.reading.unknown():
            named = ", ".join(str(number) for number in unknown[:_NAMED])
            self.fault = f"there is no sentence {named}: the sentences are numbered from 1 to {self.reading.sentences}"

    def _pieces(self) -> Iterator[Reply]:
        """The reply, left where it has no end."""
        writer, length, blank = self._writer, 0, 0
        schema = SCHEMA if writer.model.structured else None
        for piece in writer.model.stream(self._messages, max_tokens=writer.max_tokens, schema=schema):
            length += len(piece.text)
            blank = 0 if piece.text.strip() else blank + len(piece.text)
            if length > writer.max_tokens * _WIDEST or blank > _BLANKS:
                yield Reply("", piece.usage, "length")
                return
            yield piece

    def claims(self) -> list[DraftClaim]:
        """Those kept from before, and this reply's that are not the same."""
        known = {fold(claim.text).text for claim in self._kept}
        return [*self._kept, *(claim for claim in self.reading.claims if fold(claim.text).text not in known)]

    def good(self) -> list[DraftClaim]:
        """Those that name only sentences that exist."""
        there = range(self.reading.sentences)
        return [claim for claim in self.claims() if all(one.sentence in there for one in claim.references)]
