"""Follow-up questions made self-contained by a language model, and by rule where it fails."""

from __future__ import annotations

from collections.abc import Sequence

from prompts import Prompt
from qa.errors import ProviderError
from qa.followup import standalone
from qa.llm.interface import ChatModel
from qa.text import words
from qa.types import NOTHING, Answer, Usage

TURNS = 3
"""How many of the last questions and answers a model is shown."""
_MAX_TOKENS = 100
_LONGEST = 400
"""Code points of a rewritten question; a model that says more has not done what it was asked."""


def condensed(question: str, before: Sequence[Answer], model: ChatModel, prompt: Prompt) -> tuple[str, Usage]:
    """``question`` as it can be put without the answers ``before`` it, the last one last, and the tokens that took.

    The model sees questions and claims, no articles. What it gives that is no question of one line is left, and so is a failure
    of the provider: then ``qa.followup`` decides.
    """
    if not before:
        return question, NOTHING
    turns = "\n".join(f"Q: {_line(one.question)}\nA: {_line(_told(one))}" for one in before[-TURNS:])
    try:
        reply = model.reply(prompt.render(turns=turns, question=_line(question)), max_tokens=_MAX_TOKENS)
    except ProviderError:
        return standalone(question, before[-1]), NOTHING
    lines = [line for line in reply.text.strip().splitlines() if line.strip()]
    found = (
        lines[0].strip().removeprefix("Q:").strip().strip('"“”').strip() if len(lines) == 1 and reply.finish != "length" else ""
    )
    fits = words(found) and len(found) <= _LONGEST
    return found if fits else standalone(question, before[-1]), reply.usage


def _told(answer: Answer) -> str:
    return answer.claims[0].text if answer.claims else answer.message or "not found"


def _line(text: str) -> str:
    return " ".join(text.split())
