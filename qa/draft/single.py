"""Claims from a small model, which is shown one sentence at a time and writes one claim from each.

Such a model cannot be relied on to name the sentence that it writes from, nor to copy words out of it; here it need not. Where
what it writes does not follow from the sentence, the sentence itself is proposed as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from prompts import Prompt
from qa.draft.interface import Draft, DraftClaim, Drafter, Reference, fingerprints, numbered
from qa.draft.material import heading, plain
from qa.draft.writing import Written
from qa.errors import Unformed
from qa.llm.interface import ChatModel, Reply
from qa.support import Context, support
from qa.types import Passage, Sentence, Usage

_LONGEST = 120
"""Tokens that one claim may have."""

Followed = tuple[Sentence, Sentence | None]
"""A sentence, and the one before it that is shown with it."""


class Single:
    """One model with one prompt about one sentence."""

    def __init__(self, model: ChatModel, prompt: Prompt, max_tokens: int) -> None:
        """``max_tokens`` is the most that one reply may have."""
        self.model = model
        self.prompt = prompt
        self._longest = min(_LONGEST, max_tokens)

    def written(self, sentences: Sequence[Followed], picked: Sequence[int], values: Mapping[str, str]) -> Iterator[Written]:
        """What is proposed so far, each time another of the picked sentences was written from; the last is the whole.

        ``values`` are what the prompt wants besides the sentence. Raises as the model does, and Unformed where it writes nothing
        of use about any of them.
        """
        claims: dict[DraftClaim, None] = {}
        usage = Usage()
        for at in picked:
            asked = self.prompt.render(**told(*sentences[at]), **values)
            reply = self.model.reply(asked, max_tokens=self._longest)
            usage = usage + reply.usage
            if text := _line(reply):
                claims |= dict.fromkeys(_claims(text, at, *sentences[at], values))
                yield Written(tuple(claims), None, usage)
        if not claims:
            raise Unformed(f"{self.model.name} wrote nothing that can be used", "try another --model")


class Retold:
    """The drafter that lets another pick sentences, and writes from each of them."""

    def __init__(self, picker: Drafter, single: Single) -> None:
        """``picker`` proposes whole sentences in their own words."""
        self._picker = picker
        self._single = single

    @property
    def name(self) -> str:
        """The model's."""
        return self._single.model.name

    @property
    def prompt(self) -> str:
        """Fingerprint of the prompt, and of the picker's where it has one."""
        return fingerprints(self._picker.prompt, self._single.prompt.fingerprint)

    def draft(self, question: str, passages: Sequence[Passage]) -> Draft:
        """The whole answer. Raises as the picker and the model do, and Unformed where that writes nothing of use."""
        *_, last = self.draft_stream(question, passages)
        return last

    def draft_stream(self, question: str, passages: Sequence[Passage]) -> Iterator[Draft]:
        """The answer so far, each time another claim is complete; the last is the whole."""
        chosen = self._picker.draft(question, passages)
        if not chosen.claims:
            yield chosen
            return
        picked = [claim.references[0].sentence for claim in chosen.claims]
        asked = {"question": " ".join(question.split())}
        for written in self._single.written(followed(numbered([one]) for one in passages), picked, asked):
            yield Draft(chosen.sentences, written.claims, chosen.confidence, None, chosen.usage + written.usage)


def told(sentence: Sentence, before: Sentence | None) -> dict[str, str]:
    """The values for a prompt about one sentence; ``before`` is a dash where there is none."""
    return {
        "article": heading(sentence.article),
        "before": plain(before.text) if before else "-",
        "sentence": plain(sentence.text),
    }


def followed(groups: Iterable[Sequence[Sentence]]) -> list[Followed]:
    """Each sentence with the one before it in its group, if any."""
    return [pair for group in groups for pair in zip(group, (None, *group), strict=False)]


def _claims(text: str, at: int, sentence: Sentence, before: Sentence | None, values: Mapping[str, str]) -> Iterator[DraftClaim]:
    """What the model wrote, and after it the sentence where that does not carry it."""
    references = (Reference(at, sentence.text),)
    yield DraftClaim(text, references)
    context = Context(values.get("question", ""), (before,) if before else (), values.get("language"))
    if support(text, (sentence,), context).verdict == "unsupported":
        yield DraftClaim(sentence.text, references)


def _line(reply: Reply) -> str:
    """The one line that was asked for; nothing where there is more, or where it was cut off."""
    lines = reply.text.strip().splitlines()
    return " ".join(lines[0].split()) if len(lines) == 1 and reply.finish != "length" else ""
