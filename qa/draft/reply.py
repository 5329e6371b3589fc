"""What a model replied, read strictly and as it comes: lines (``CLAIM: ... FROM 3: ... END``) or one JSON object.

Nothing is guessed. What is not in one of the two forms is a fault, in words that a model can mend it by.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from qa.draft.interface import DraftClaim, Reference
from qa.errors import QAError

SCHEMA: dict[str, object] = {
    "type": "object",
    "properties": {
        "claims": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "text": {"type": "string"},
                    "from": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "properties": {"sentence": {"type": "integer"}, "words": {"type": "string"}},
                            "required": ["sentence", "words"],
                            "additionalProperties": False,
                        },
                    },
                },
                "required": ["text", "from"],
                "additionalProperties": False,
            },
        },
        "missing": {"type": ["string", "null"]},
    },
    "required": ["claims", "missing"],
    "additionalProperties": False,
}
"""The JSON form, in the subset of JSON Schema that providers hold a reply to."""

_CLAIM = re.compile(r"CLAIM(?: \d{1,2})?:\s*(\S.*)")
_FROM = re.compile(r"FROM \[?(\d{1,6})\]?(?::\s*(.*))?")
_NONE = re.compile(r"NONE:\s*(\S.*)")
_FENCE = re.compile(r"```\w*")
_QUOTED = re.compile(r"""(["“'‘«])(.*)(["”'’»])""")
_LIST = re.compile(r'\s*(?:```(?:json)?\s*)?\{\s*"claims"\s*:\s*\[')
_ITEM = re.compile(r"[\s,]*(?=\{)")
_SHOWN = 60
"""Code points of a line at fault that are told."""


class Unreadable(QAError):
    """A reply in none of the forms; ``message`` says what is wrong with it."""

    def __init__(self, fault: str) -> None:
        super().__init__(fault, "ask again")


@dataclass
class Reading:
    """Takes a reply piece by piece; what is complete of it stands in ``claims`` and ``missing``."""

    sentences: int
    """How many numbered sentences there are; numbers in a reply begin at 1."""
    claims: list[DraftClaim] = field(default_factory=list)
    missing: str | None = None
    """What the articles lack, where the model declined."""
    _text: str = ""
    _read: int = 0
    _open: str | None = None
    _references: list[Reference] = field(default_factory=list)
    _over: bool = False

    def take(self, piece: str) -> None:
        """One more piece. Raises Unreadable as soon as it can be told that the reply is in no form."""
        self._text += piece
        if self._is_object():
            self._take_items()
        else:
            while (end := self._text.find("\n", self._read)) >= 0 and not self._over:
                line, self._read = self._text[self._read : end], end + 1
                self._line(line.strip())
            if self._references and self._text[self._read :].lstrip().startswith(("CLAIM", "END")):
                self._close()  # the next line has begun: whoever waits for this claim need not wait for that one

    def finish(self, *, cut: bool = False) -> None:
        """The reply is over; ``cut`` where it was stopped at a limit, and what is not complete then counts for nothing.

        Raises Unreadable where it is empty, incomplete or in no form.
        """
        if not self._text.strip():
            raise Unreadable("the reply is empty")
        if cut and not self._over:
            if not self.claims:
                raise Unreadable("the reply is too long: it was cut off before its first claim was complete")
            return
        if self._is_object():
            self._whole()
            return
        if not self._over:
            self._line(self._text[self._read :].strip())
        self._close()
        if not self.claims and self.missing is None:
            raise Unreadable("there is neither a line CLAIM: nor a line NONE:")

    def unknown(self) -> list[int]:
        """Sentence numbers, as the model wrote them, that do not exist."""
        numbers = {reference.sentence for claim in self.claims for reference in claim.references}
        return sorted(number + 1 for number in numbers if not 0 <= number < self.sentences)

    def _is_object(self) -> bool:
        return _FENCE.sub("", self._text, count=1).lstrip()[:1] == "{"

    def _line(self, line: str) -> None:
        if not line or _FENCE.fullmatch(line) or self._over:
            return
        if line == "END":
            self._close()
            self._over = True
        elif found := _CLAIM.fullmatch(line):
            self._close()
            self._open = found[1]
        elif found := _FROM.fullmatch(line):
            if self._open is None:
                raise Unreadable(f"the line “{line[:_SHOWN]}” stands before any line CLAIM:")
            self._references.append(Reference(int(found[1]) - 1, _bare(found[2] or "")))
        elif (found := _NONE.fullmatch(line)) and self._open is None and not self.claims:
            self.missing = found[1]
        else:
            if self._references:
                self._close()
            raise Unreadable(f"the line “{line[:_SHOWN]}” is none of CLAIM:, FROM number:, NONE: and END")

    def _close(self) -> None:
        """The claim that was open is complete."""
        if self._open is None:
            return
        if not self._references:
            raise Unreadable(f"no line FROM stands below the claim “{self._open[:_SHOWN]}”")
        if self.missing is not None:
            raise Unreadable("there is a line NONE: and a line CLAIM:")
        self.claims.append(DraftClaim(self._open, tuple(self._references)))
        self._open, self._references = None, []

    def _take_items(self) -> None:
        """The claims of a JSON object whose end has not come."""
        if not self._read:
            found = _LIST.match(self._text)
            if not found:
                return
            self._read = found.end()
        while item := _ITEM.match(self._text, self._read):
            try:
                value, end = json.JSONDecoder().raw_decode(self._text, item.end())
            except ValueError:
                return
            self.claims.append(_claim(value))
            self._read = end

    def _whole(self) -> None:
        """The object once more, complete: what came piece by piece must be what it says."""
        bare = re.sub(r"^\s*```\w*\s*|\s*```\s*$", "", self._text)
        try:
            value = json.loads(bare)
        except ValueError as error:
            raise Unreadable(f"the JSON is broken or not complete ({error})") from error
        if not isinstance(value.get("claims"), list) or not isinstance(value.get("missing"), str | None):
            raise Unreadable('the JSON object must have a list "claims", and "missing" that is a string or null')
        self.claims = [_claim(one) for one in value["claims"]]
        self.missing = None if self.claims else value["missing"] or ""


def _claim(value: object) -> DraftClaim:
    """A claim from JSON. Raises Unreadable for what is not one."""
    if isinstance(value, dict) and isinstance(value.get("text"), str) and isinstance(value.get("from"), list):
        references = list(_references(value["from"]))
        text = " ".join(value["text"].split())
        if text and references:
            return DraftClaim(text, tuple(references))
    raise Unreadable('each claim must have a "text" and a list "from" that is not empty')


def _references(values: list[object]) -> Iterator[Reference]:
    for value in values:
        number = value.get("sentence") if isinstance(value, dict) else None
        words = value.get("words") if isinstance(value, dict) else None
        if not isinstance(number, int) or isinstance(number, bool) or not isinstance(words, str):
            raise Unreadable('each of "from" must have a whole number "sentence" and a string "words"')
        yield Reference(number - 1, words.strip())


def _bare(words: str) -> str:
    """Words without the quotation marks that a model puts around what it copies."""
    found = _QUOTED.fullmatch(words.strip())
    inner = found[2] if found else words
    return inner.strip() if not found or not set(inner) & {found[1], found[3]} else words.strip()
