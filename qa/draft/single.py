"""Claims from a small model, which is shown one sentence at a time and writes one claim from each.

Such a model cannot be relied on to name the sentence that it writes from, nor to copy words out of it; here it need not. Where
what it writes does not follow from the sentence, the sentence itself is proposed as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from prompts import Prompt
from qa.draft.interface import DraftClaim, Reference
from qa.draft.writing import Written
from qa.draft.yesno import followed, told
from qa.errors import Unformed
from qa.llm.interface import ChatModel, Reply
from qa.support import Context, support
from qa.types import Passage, Sentence, Usage

_LONGEST = 120
"""Tokens that one claim may have."""


class Single:
    """One model with one prompt about one sentence."""

    def __init__(self, model: ChatModel, prompt: Prompt, max_tokens: int) -> None:
        """``max_tokens`` is the most that one reply may have."""
        self._model = model
        self._longest = min(_LONGEST, max_tokens)
        self.prompt = prompt

    def written(self, question: str, passages: Sequence[Passage], picked: Sequence[int]) -> Iterator[Written]:
        """What is proposed so far, each time another of the picked sentences was written from; the last is the whole.

        Raises as the model does, and Unformed where it writes nothing of use about any of them.
        """
        sentences = followed(passages)
        claims: dict[DraftClaim, None] = {}
        usage = Usage()
        for at in picked:
            reply = self._model.reply(self.prompt.render(**told(question, *sentences[at])), max_tokens=self._longest)
            usage = usage + reply.usage
            if text := _line(reply):
                claims |= dict.fromkeys(_claims(question, text, at, *sentences[at]))
                yield Written(tuple(claims), None, usage)
        if not claims:
            raise Unformed(f"{self._model.name} wrote nothing that can be used", "try another --model")


def _claims(question: str, text: str, at: int, sentence: Sentence, before: Sentence | None) -> Iterator[DraftClaim]:
    """What the model wrote, and after it the sentence where that does not carry it."""
    references = (Reference(at, sentence.text),)
    yield DraftClaim(text, references)
    context = Context(question, (before,) if before else ())
    if support(text, (sentence,), context).verdict == "unsupported":
        yield DraftClaim(sentence.text, references)


def _line(reply: Reply) -> str:
    """The one line that was asked for; nothing where there is more, or where it was cut off."""
    lines = reply.text.strip().splitlines()
    return " ".join(lines[0].split()) if len(lines) == 1 and reply.finish != "length" else ""
