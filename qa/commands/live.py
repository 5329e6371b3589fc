"""An answer as it comes: each claim is shown once it is proven, and never before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from qa.ask import Undrafted
from qa.commands.shared import Globals, screen
from qa.render import Look, render
from qa.types import NOTHING, Usage

if TYPE_CHECKING:
    from qa.keywords import Filters
    from qa.types import Answer, Passage


def answered(options: Globals, question: str, chosen: Filters, form: str, before: Usage = NOTHING) -> Answer:
    """The answer, shown on stdout in ``form``; for a person, claim by claim. ``before`` is what making the question took.

    Where the drafter fails, what had been proven and the passages that were found are shown before Undrafted goes on.
    """
    here = screen()
    look = Look(here.width, here.color, here.links)
    live = Live(look) if form == "terminal" else None
    try:
        told = live.more if live else _nothing
        answer = options.house.ask(question, chosen, told, strict=options.strict, before=before)
    except Undrafted as failed:
        _left(failed, question, form, look)
        raise
    whole = render(form, answer, width=look.width, color=look.color, links=look.links)
    print((live.rest(whole) if live else whole).rstrip("\n"), flush=True)
    if answer.usage.input_tokens or answer.usage.output_tokens:
        options.tell(options.house.spent(answer.usage))
    return answer


def _nothing(answer: Answer) -> None:
    """A script reads whole records."""


class Live:
    """Prints what is new of an answer that grows."""

    def __init__(self, look: Look) -> None:
        self._look = look
        self._shown = ""

    def more(self, answer: Answer) -> None:
        """One more claim is proven."""
        from qa.render.terminal import claims

        whole = claims(answer, self._look)
        print(whole.removeprefix(self._shown).removesuffix("\n"), flush=True)
        self._shown = whole

    def rest(self, whole: str) -> str:
        """What of the whole answer, which begins with its claims, has not been shown."""
        return whole.removeprefix(self._shown)


def _left(failed: Undrafted, question: str, form: str, look: Look) -> None:
    """What there is without the drafter: the passages, which a script is given as ``qa search`` gives them."""
    from qa.render.terminal import citations

    if failed.answer and form != "json":
        print("\n" + citations(failed.answer.citations, look).rstrip("\n"))
        print("\nNo more than that was written.")
    left(question, failed.passages, form)


def left(question: str, found: Sequence[Passage], form: str) -> None:
    """Shows passages where nobody writes from them; a script is given them as ``qa search`` gives them."""
    from qa.render.data import dumps, passage_record
    from qa.render.terminal import passages

    if form == "json":
        print(dumps({"query": question, "passages": [passage_record(passage) for passage in found]}), flush=True)
        return
    here = screen()
    print("The passages that were found:\n")
    print(passages(found, width=here.width, color=here.color, links=here.links).rstrip("\n"), flush=True)
