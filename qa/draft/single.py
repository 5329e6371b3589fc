"""Claims from a small model, which is shown one sentence at a time and writes one claim from each.

Such a model cannot be relied on to name the sentence that it writes from, nor to copy words out of it; here it need not. Where
what it writes does not follow from the sentence, the sentence itself is proposed as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from prompts import Prompt
from qa.draft.interface import DraftClaim, Reference
from qa.draft.writing import Written
from qa.draft.yesno import told
from qa.errors import Unformed
from qa.llm.interface import ChatModel, Reply
from qa.support import Context, support
from qa.types import Sentence, Usage

_LONGEST = 120
"""Tokens that one claim may have."""


class Single:
    """One model with one prompt about one sentence."""

    def __init__(self, model: ChatModel, prompt: Prompt, max_tokens: int) -> None:
        """``max_tokens`` is the most that one reply may have."""
        self.model = model
        self.prompt = prompt
        self._longest = min(_LONGEST, max_tokens)

    def written(
        self, sentences: Sequence[tuple[Sentence, Sentence | None]], picked: Sequence[int], values: Mapping[str, str]
    ) -> Iterator[Written]:
        """What is proposed so far, each time another of the picked sentences was written from; the last is the whole.

        Each sentence comes with the one before it; ``values`` are what the prompt wants besides. Raises as the model does, and
        Unformed where it writes nothing of use about any of them.
        """
        claims: dict[DraftClaim, None] = {}
        usage = Usage()
        for at in picked:
            asked = self.prompt.render(**told(*sentences[at]), **values)
            reply = self.model.reply(asked, max_tokens=self._longest)
            usage = usage + reply.usage
            if text := _line(reply):
                claims |= dict.fromkeys(_claims(text, at, *sentences[at], values.get("question", "")))
                yield Written(tuple(claims), None, usage)
        if not claims:
            raise Unformed(f"{self.model.name} wrote nothing that can be used", "try another --model")


def _claims(text: str, at: int, sentence: Sentence, before: Sentence | None, question: str) -> Iterator[DraftClaim]:
    """What the model wrote, and after it the sentence where that does not carry it."""
    references = (Reference(at, sentence.text),)
    yield DraftClaim(text, references)
    if support(text, (sentence,), Context(question, (before,) if before else ())).verdict == "unsupported":
        yield DraftClaim(sentence.text, references)


def _line(reply: Reply) -> str:
    """The one line that was asked for; nothing where there is more, or where it was cut off."""
    lines = reply.text.strip().splitlines()
    return " ".join(lines[0].split()) if len(lines) == 1 and reply.finish != "length" else ""
