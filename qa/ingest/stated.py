"""What office files state of themselves, as far as a person has written it."""

from __future__ import annotations

import re

_FILE_NAME = re.compile(r"\.(?:docx?|odt|rtf|txt|indd|qxp|qxd|pages|tex|dvi|pdf|html?|pptx?|xlsx?|eps|ps)\s*$", re.IGNORECASE)
_MADE = re.compile(
    r"^(?:microsoft \w+ -|untitled|document\d*$|title$|slide \d|layout \d|dokument\d*$|word document)", re.IGNORECASE
)
_NOBODY = frozenset(
    "admin administrator anonymous author default guest home hp microsoft office owner pc python-docx root system test unknown "
    "user username windows".split()
)


def own_title(words: str | None) -> str:
    """``words`` as a title; empty where a program or a file's name has put them there."""
    title = " ".join((words or "").split())
    made = _FILE_NAME.search(title) or _MADE.match(title) or not any(letter.isalpha() for letter in title)
    return "" if made or "\ufffd" in title else title


def own_author(words: str | None) -> str | None:
    """``words`` as a person's or an office's name; None where they are what a program puts there."""
    author = " ".join((words or "").split())
    parts = set(re.split(r"[\s._-]+", author.lower()))
    named = any(letter.isalpha() for letter in author) and not parts <= _NOBODY and not re.search(r"[@\\/\ufffd]", author)
    return author if named and author.lower() not in _NOBODY else None
