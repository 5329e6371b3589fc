"""Words compared: what was changed from an article to what is said to be quoted from it, and of what kind each change is."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

NEGATIONS = frozenset(
    "no not never none nobody nothing nowhere neither nor cannot without hardly barely scarcely deny denies denied denying fail "
    "fails failed refuse refuses refused reject rejects rejected dont doesnt didnt wont isnt arent wasnt werent cant couldnt "
    "wouldnt shouldnt havent hasnt hadnt".split()
)
HEDGES = frozenset(
    "may might could would should perhaps maybe possibly probably presumably reportedly allegedly alleged apparently seemingly "
    "supposedly purportedly likely unlikely seem seems seemed appear appears appeared suggest suggests suggested believe "
    "believes believed think thinks thought hope hopes hoped if unless whether almost nearly about around roughly "
    "approximately".split()
)
RESTRICTIONS = frozenset(
    "only just merely solely except excluding unless until but partly partially mostly mainly largely some few rarely seldom "
    "sometimes least most temporarily exclusively provided".split()
)
_DATES = frozenset(
    "january february march april june july august september october november december monday tuesday wednesday thursday friday "
    "saturday sunday jan feb mar apr jun jul aug sep sept oct nov dec today yesterday tomorrow".split()
)
_NUMBERS = frozenset(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen "
    "nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million billion trillion half quarter third "
    "dozen first second twice double triple % $ € £ ¥".split()
)
_SIGNED = re.compile(r"[-–−+]?\d")


@dataclass(frozen=True, slots=True)
class Change:
    """One run of words in a comparison."""

    op: str
    """``equal``, ``replace``, ``insert`` (only quoted) or ``delete`` (only in the article)."""
    quoted: str
    """The words as they are quoted; empty for ``delete``."""
    source: str
    """The words as they stand in the article; empty for ``insert``."""
    kind: str = ""
    """What was changed: ``negation``, ``number``, ``date``, ``name``, ``hedge``, ``restriction`` or ``words``."""


def compared(source: Sequence[str], quoted: Sequence[str]) -> tuple[Change, ...]:
    """How ``quoted`` differs from ``source``, word by word; words count as equal whatever their case."""
    plain = [_plain(word) for word in source], [_plain(word) for word in quoted]
    matcher = SequenceMatcher(None, *plain, autojunk=False)
    return tuple(_change(op, quoted[c:d], source[a:b]) for op, a, b, c, d in matcher.get_opcodes())


def _change(op: str, quoted: Sequence[str], source: Sequence[str]) -> Change:
    if op == "equal":
        return Change(op, " ".join(quoted), " ".join(source))
    same = {_plain(word) for word in quoted} & {_plain(word) for word in source}
    kinds = set(_kinds([word for word in (*quoted, *source) if _plain(word) not in same]))
    kind = next((one for one in ("negation", "number", "date", "name", "hedge", "restriction") if one in kinds), "words")
    return Change(op, " ".join(quoted), " ".join(source), kind)


def _kinds(words: Collection[str]) -> Iterator[str]:
    for word in words:
        bare = _plain(word)
        if bare in _DATES or (word == "May" and len(words) > 1):
            yield "date"
        elif _SIGNED.match(bare) or bare in _NUMBERS:
            yield "number"
        else:
            yield caution(word) or ("name" if word[:1].isupper() else "words")


def caution(word: str) -> str:
    """Whether a word turns, weakens or narrows what is said: ``negation``, ``hedge``, ``restriction``, or nothing."""
    bare = _plain(word).replace("'", "")
    if bare in NEGATIONS or _plain(word).endswith("n't"):
        return "negation"
    return "hedge" if bare in HEDGES else "restriction" if bare in RESTRICTIONS else ""


def _plain(word: str) -> str:
    return word.casefold().replace("’", "'").strip('.,;:!?"“”()[]…')


def marked(changes: Sequence[Change]) -> str:
    """The comparison in one line: ``[-what the article says-]`` and ``{+what is quoted instead+}``."""
    return " ".join(part for change in changes for part in _marks(change))


def _marks(change: Change) -> Iterator[str]:
    if change.op == "equal":
        yield change.quoted
        return
    if change.source:
        yield f"[-{change.source}-]"
    if change.quoted:
        yield f"{{+{change.quoted}+}}"
