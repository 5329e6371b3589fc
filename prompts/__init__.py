"""Prompts as files, one for each task and version, filled in without any of their own words changing.

A file has parts headed ``[system]``, ``[user]`` and, where a task has them, others such as ``[repair]``. Variables are those of
``string.Template`` (``$question``), so braces and percent signs in an article are nothing special. A released file is never
edited: a better one is a new version.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Literal

Role = Literal["system", "user", "assistant"]
_HEADING = re.compile(r"^\[([a-z]+)\][ \t]*$", re.MULTILINE)
_FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a conversation with a model."""

    role: Role
    text: str


class PromptError(Exception):
    """A prompt that cannot be used: what is wrong (``message``) and what to do (``hint``)."""

    exit_code = 3

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Prompt:
    """One version of one task's prompt."""

    name: str
    """``task/version``, e.g. ``answer/v1``."""
    parts: tuple[tuple[str, str], ...]
    """Heading and template, in the file's order."""
    fingerprint: str
    """``name@`` and the first 12 digits of the sha256 of the file's text in UTF-8, with line feeds as line ends."""

    def variables(self) -> dict[str, frozenset[str]]:
        """The names that each part needs."""
        return {heading: frozenset(Template(text).get_identifiers()) for heading, text in self.parts}

    def render(self, **values: str) -> tuple[Message, ...]:
        """The messages that open the conversation: ``[system]``, then ``[user]``. Raises PromptError for what is missing."""
        return Message("system", self.part("system", **values)), Message("user", self.part("user", **values))

    def part(self, heading: str, **values: str) -> str:
        """One part with its variables filled in; values are put in as they are, once. Raises PromptError for what is missing."""
        template = Template(dict(self.parts).get(heading, ""))
        if not template.template:
            raise PromptError(f"the prompt {self.name} has no part [{heading}]", "add it, or use the prompt that is shipped")
        if missing := set(template.get_identifiers()) - values.keys():
            raise PromptError(f"the prompt {self.name} wants {_listed(missing)} in [{heading}]", "give a value for each")
        return template.substitute(values)


def load(name: str, folder: Path | None = None) -> Prompt:
    """The prompt ``task/version``: from ``folder`` where that has a file of the name, else the shipped one.

    A copy of one's own has the shipped one's parts and uses the same variables in each; PromptError says all that differs.
    """
    shipped = _read(name, _FOLDER / f"{name}.md")
    own = folder / f"{name}.md" if folder else None
    if own is None or not own.exists():
        return shipped
    prompt = _read(name, own)
    if faults := list(_differences(prompt, shipped)):
        raise PromptError(f"{own}: {'; '.join(faults)}", "mend the file, or move it away to use the prompt that is shipped")
    return prompt


def _read(name: str, path: Path) -> Prompt:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise PromptError(f"the prompt {name} cannot be read: {error}", "see which prompts stand in the folder") from error
    pieces = _HEADING.split(text)
    parts = tuple((heading, body.strip()) for heading, body in zip(pieces[1::2], pieces[2::2], strict=True))
    for heading, body in parts:
        if not Template(body).is_valid():
            raise PromptError(f"{path}: [{heading}] has a $ that begins no variable", "write $$ for a dollar sign")
    return Prompt(name, parts, f"{name}@{hashlib.sha256(text.encode()).hexdigest()[:12]}")


def _differences(prompt: Prompt, shipped: Prompt) -> Iterable[str]:
    own = prompt.variables()
    for heading, wanted in shipped.variables().items():
        if heading not in own:
            yield f"there is no part [{heading}]"
            continue
        if missing := wanted - own[heading]:
            yield f"[{heading}] leaves out {_listed(missing)}"
        if unknown := own[heading] - wanted:
            yield f"[{heading}] asks for {_listed(unknown)}, which nobody gives"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"${name}" for name in sorted(names))
