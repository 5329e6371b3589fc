"""A conversation over one library: lines in, texts out. Who reads the lines and shows the texts is ``qa.commands.session``."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from qa.errors import NothingThere, UsageError
from qa.files import replaced
from qa.keywords import EVERYTHING, Filters, narrowed
from qa.render import Look
from qa.render.closer import opened, reasons
from qa.render.data import record_of
from qa.render.safe import safe
from qa.render.terminal import article as shown_article
from qa.render.terminal import citations, passages
from qa.types import Answer, Citation, Usage
from qa.wiring import House

Put = Callable[[House, str, Filters, Usage], Answer]
"""Puts a question to a house, and shows its answer as it comes; with the tokens that making the question took."""


@dataclass(frozen=True, slots=True)
class Command:
    """What one word after a slash does."""

    takes: str
    """Its argument as help writes it; empty for none."""
    does: str


COMMANDS = {
    "sources": Command("", "the passages behind the last answer"),
    "open": Command("N", "the article around citation N of the last answer, or an article by its id"),
    "why": Command("N", "why citation N was chosen: what matched, where it ranked"),
    "since": Command("DATE", "only articles published on or after it; without a date, from any time"),
    "until": Command("DATE", "only articles published on or before it"),
    "source": Command("NAME", "only articles of an outlet whose name holds this"),
    "clear": Command("", "no filters, and nothing that was said before"),
    "model": Command("NAME", "who drafts from here on"),
    "save": Command("FILE", "the records of all answers so far, one a line"),
    "help": Command("", "these commands"),
    "quit": Command("", "leave"),
}
_SIGN = "/"


class Session:
    """What was asked and answered so far, and what narrows the next question."""

    def __init__(
        self,
        house: House,
        *,
        look: Look,
        put: Put,
        reopen: Callable[[str], House],
        moment: Callable[[], str],
        filters: Filters = EVERYTHING,
    ) -> None:
        """``put`` gives and shows an answer.

        ``reopen`` opens the same home with another model; ``moment`` is the time of day in ISO 8601, UTC.
        """
        self.over = False
        self._house, self._look, self._put = house, look, put
        self._reopen, self._moment = reopen, moment
        self._filters = filters
        self._answers: list[Answer] = []
        self._begun = 0
        self._saved: set[Path] = set()

    def heard(self, line: str) -> Iterator[str]:
        """What there is to say to one line besides an answer, text by text as it is known. An empty line is nothing.

        Raises QAError for what cannot be done; the session goes on all the same.
        """
        said = line.strip()
        if said.startswith(_SIGN):
            name, _, argument = said[1:].partition(" ")
            if name not in COMMANDS:
                raise UsageError(f"there is no command /{name}", "/help lists the commands; a question needs no slash")
            handle: Callable[[str], Iterator[str]] = getattr(self, f"_{name}")
            yield from handle(argument.strip())
        elif said:
            yield from self._ask(said)

    def completions(self, typed: str) -> list[str]:
        """Whole lines that ``typed`` may become."""
        name, space, rest = typed.partition(" ")
        if not typed.startswith(_SIGN):
            return []
        if not space:
            return [f"/{one}{' ' if COMMANDS[one].takes else ''}" for one in COMMANDS if one.startswith(name[1:])]
        offers: dict[str, Callable[[], list[str]]] = {
            "open": self._openable,
            "why": self._numbers,
            "source": self._outlets,
            "model": self._drafters,
        }
        found = offers[name[1:]]() if name[1:] in offers else []
        return [f"{name} {one}" for one in found if one.startswith(rest)]

    def _numbers(self) -> list[str]:
        return [str(one.number) for one in self._answers[-1].citations] if self._answers else []

    def _openable(self) -> list[str]:
        return self._numbers() + [article.id for article, _ in self._house.library.headers()]

    def _drafters(self) -> list[str]:
        return ["extractive"]

    def _outlets(self) -> list[str]:
        return sorted({article.source for article, _ in self._house.library.headers() if article.source})

    def _ask(self, question: str) -> Iterator[str]:
        asked, usage = self._house.standalone(question, self._answers[self._begun :])
        if asked != question:
            yield f"→ {safe(asked)}"
        answer = self._put(self._house, asked, self._filters, usage)
        self._answers.append(answer)
        self._house.remember(answer, self._moment())

    def _last(self) -> Answer:
        if not self._answers:
            raise NothingThere("nothing has been asked yet", "ask a question first")
        return self._answers[-1]

    def _citation(self, argument: str) -> Citation:
        last = self._last()
        found = next((one for one in last.citations if str(one.number) == argument.strip("[]")), None)
        if found is None:
            numbers = ", ".join(self._numbers()) or "none"
            raise NothingThere(f"the last answer has no citation {argument or 'without a number'}", f"its citations: {numbers}")
        return found

    def _sources(self, argument: str) -> Iterator[str]:
        del argument
        last = self._last()
        if last.citations:
            yield citations(last.citations, self._look)
            return
        found = self._house.search(last.question, self._house.settings.passages, self._filters)
        look = self._look
        yield passages(found, width=look.width, color=look.color, links=look.links) if found else "No passages were found."

    def _open(self, argument: str) -> Iterator[str]:
        if argument.strip("[]").isdigit():
            yield opened(self._citation(argument), self._look)
            return
        if not argument:
            raise UsageError("/open needs a citation's number or an article's id", "/open 1")
        look, article = self._look, self._house.library.article(argument)
        yield shown_article(article, width=look.width, color=look.color, links=look.links)

    def _why(self, argument: str) -> Iterator[str]:
        citation, last = self._citation(argument), self._last()
        found = self._house.search(last.question, self._house.settings.passages, self._filters)
        yield reasons(last, citation, found, self._look, self._house.grounds(last, citation))

    def _since(self, argument: str) -> Iterator[str]:
        return self._narrow(replace(self._filters, since=narrowed(since=argument or None).since))

    def _until(self, argument: str) -> Iterator[str]:
        return self._narrow(replace(self._filters, until=narrowed(until=argument or None).until))

    def _source(self, argument: str) -> Iterator[str]:
        return self._narrow(replace(self._filters, source=argument or None))

    def _narrow(self, filters: Filters) -> Iterator[str]:
        self._filters = filters
        yield safe(f"From here on: {filters.told() or 'all articles'}.")

    def _clear(self, argument: str) -> Iterator[str]:
        del argument
        self._filters = EVERYTHING
        self._begun = len(self._answers)
        yield "All articles, and a new conversation."

    def _model(self, argument: str) -> Iterator[str]:
        if not argument:
            yield f"{self._house.drafter.name} drafts."
            return
        house = self._reopen(argument)
        name = house.drafter.name
        self._house = house
        yield f"From here on {name} drafts."

    def _save(self, argument: str) -> Iterator[str]:
        self._last()
        if not argument:
            raise UsageError("/save needs a file", "/save answers.jsonl")
        path = Path(os.path.expanduser(argument)).absolute()  # noqa: PTH111 where there is no such user, Path raises
        records = "".join(f"{record_of(answer)}\n" for answer in self._answers)
        try:
            if path not in self._saved and os.path.lexists(path):
                raise UsageError(f"{argument} is there already", "choose another name")
            with replaced(path) as out:
                out.write(records.encode())
        except OSError as error:
            raise UsageError(f"{argument} cannot be written: {error.strerror or error}", "choose another place") from error
        self._saved.add(path)
        yield safe(f"{len(self._answers)} saved in {argument}.")

    def _help(self, argument: str) -> Iterator[str]:
        del argument
        lines = [(f"/{name} {command.takes}".rstrip(), command.does) for name, command in COMMANDS.items()]
        yield "\n".join(f"{line:<13} {does}" for line, does in lines)

    def _quit(self, argument: str) -> Iterator[str]:
        del argument
        self.over = True
        yield from ()
