"""``qa ask`` without a question: a conversation at a terminal, or over a plain pipe."""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from qa.commands.shared import Globals, screen
from qa.errors import QAError
from vectorstore.interface import VectorStoreError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from prompt_toolkit.completion import CompleteEvent, Completion
    from prompt_toolkit.document import Document

    from qa.keywords import Filters
    from qa.session import Session
    from qa.types import Answer, Usage
    from qa.wiring import House

HISTORY = "history"
"""What was typed, in the home folder, for its owner's eyes only."""
_SIGN = "? "
_GREETING = "Ask about your articles. /help lists the commands, Ctrl-D leaves."
_AGAIN = "Ctrl-C again, or Ctrl-D, leaves."


def converse(options: Globals, filters: Filters, form: str) -> None:
    """Reads lines until there are no more, ``/quit`` comes, or Ctrl-C comes twice at the prompt; answers go to stdout."""
    session = _session(options, filters, form)
    fine = sys.stdin.isatty() and sys.stdout.isatty() and os.environ.get("TERM") != "dumb"
    read = _prompted(session, options.configured[0].home) if fine else _plainly
    if sys.stdin.isatty():
        options.tell(_GREETING)
    tired = False
    while not session.over:
        try:
            line = read()
        except EOFError:
            return
        except KeyboardInterrupt:
            if tired:
                return
            options.tell(_AGAIN)
            tired = True
            continue
        tired = False
        _answered(session, line, records=form == "json")


def _answered(session: Session, line: str, *, records: bool) -> None:
    """One line dealt with: what went wrong is told in two lines, Ctrl-C stops it, and the session goes on.

    With ``records`` stdout has answers and nothing else.
    """
    from prompts import PromptError

    try:
        for text in session.heard(line):
            print(text.strip("\n"), end="\n" if records else "\n\n", file=sys.stderr if records else sys.stdout, flush=True)
    except KeyboardInterrupt:
        print("\nstopped", file=sys.stderr, flush=True)
    except (QAError, VectorStoreError, PromptError) as error:
        _told(error.message, error.hint)
    except sqlite3.Error as error:
        _told(f"the library cannot be used: {error}", "qa doctor says what is wrong with it")


def _told(message: str, hint: str) -> None:
    from qa.render.safe import safe

    print(f"qa: {safe(' '.join(message.split()))}\ntry: {safe(' '.join(hint.split()))}", file=sys.stderr, flush=True)


def _session(options: Globals, filters: Filters, form: str) -> Session:
    """A session that shows its answers on stdout; what they need is loaded now, so that Ctrl-C cannot stop it half-way."""
    from qa.commands.live import answered
    from qa.render import Look
    from qa.session import Session

    here = screen()
    hosts = {options.house: options}

    def put(house: House, question: str, chosen: Filters, before: Usage) -> Answer:
        answer = answered(hosts[house], question, chosen, form, before)
        print(end="" if form == "json" else "\n", flush=True)
        return answer

    def reopen(model: str) -> House:
        other = replace(options, model=model)
        hosts[other.house] = other
        return other.house

    def moment() -> str:
        return datetime.now(UTC).isoformat(timespec="seconds")

    if options.house.library.count():
        options.house.ready()
    look = Look(here.width, here.color, here.links)
    return Session(options.house, look=look, put=put, reopen=reopen, moment=moment, filters=filters)


def _plainly() -> str:
    """The next line of a pipe, or of a terminal that can do nothing special. Raises EOFError after the last."""
    if sys.stdin.isatty():
        print(_SIGN, end="", file=sys.stderr, flush=True)
    line = sys.stdin.buffer.readline()
    if not line:
        raise EOFError
    return line.decode(errors="replace")


def _prompted(session: Session, home: Path) -> Callable[[], str]:
    """A prompt with history, which is kept where there is a home to keep it in, and with Tab for commands and ids."""
    from prompt_toolkit import PromptSession
    from prompt_toolkit.completion import Completer, Completion
    from prompt_toolkit.history import FileHistory, History, InMemoryHistory

    class Offers(Completer):
        def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
            del complete_event
            typed = document.text_before_cursor
            for line in session.completions(typed):
                yield Completion(line, start_position=-len(typed))

    path = _private(home / HISTORY)
    if path:
        shortened(path)
    history: History = FileHistory(path) if path else InMemoryHistory()
    return PromptSession[str](_SIGN, history=history, completer=Offers(), complete_while_typing=False).prompt


def shortened(path: Path, most: int = 500_000) -> None:
    """Leaves the newer half of a history of more than ``most`` bytes, whole entries only."""
    kept = path.read_bytes()
    if len(kept) > most:
        path.write_bytes(b"\n# " + kept[-most // 2 :].partition(b"\n# ")[2])


def _private(path: Path) -> Path | None:
    """The file, made for its owner alone; None where there is no folder for it or it may not be written to."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600))
        path.chmod(0o600)
    except OSError:
        return None
    return path
