"""Objects written in a file, each knowing its line: JSON Lines, and YAML written by hand."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from qa.errors import NothingThere, UsageError
from qa.ingest.jsonl import parsed
from qa.ingest.types import Unreadable

YAML = (".yaml", ".yml")
LINES = (".jsonl", ".ndjson")


@dataclass(frozen=True, slots=True)
class Entry:
    """One object, read field by field; whatever is not of the kind asked for is a UsageError that names file and line."""

    file: str
    line: int
    """From 1: where the object begins."""
    fields: Mapping[str, object]
    """As JSON has them. Every scalar of YAML is a string as it was written, or None, and every mapping an Entry."""

    def wrong(self, what: str, hint: str = "") -> UsageError:
        """The error that says what is wrong here."""
        return UsageError(f"{self.file}, line {self.line}: {what}", hint or "mend that line and give the same command again")

    def text(self, name: str) -> str | None:
        """A string; numbers as they are written; None where there is none."""
        value = self.fields.get(name)
        return None if value is None else self._text(name, value)

    def _text(self, name: str, value: object) -> str:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return json.dumps(value)
        if not isinstance(value, str):
            raise self.wrong(f"{name} is not a text")
        try:
            value.encode()
        except UnicodeEncodeError as error:
            raise self.wrong(f"{name} has half a surrogate pair, which no file can hold") from error
        return value

    def needed(self, name: str) -> str:
        """A string with something in it."""
        found = self.text(name)
        if not found or not found.strip():
            raise self.wrong(f"it has no {name}")
        return found

    def texts(self, name: str) -> tuple[str, ...]:
        """Strings, as a list or one alone; none where there is none."""
        return tuple(self._text(name, value) for value in self._list(name))

    def flag(self, name: str) -> bool | None:
        """true or false, in YAML also yes or no."""
        value = self.fields.get(name)
        if value is None or isinstance(value, bool):
            return value
        known = {"true": True, "yes": True, "false": False, "no": False}
        word = str(value).lower()
        if word not in known:
            raise self.wrong(f"{name} is neither true nor false")
        return known[word]

    def whole(self, name: str) -> int | None:
        """A whole number, 0 or more."""
        value = self.fields.get(name)
        if isinstance(value, str) and value.isascii() and value.isdigit():
            value = int(value)
        if value is None or (isinstance(value, int) and not isinstance(value, bool) and value >= 0):
            return value
        raise self.wrong(f"{name} is not a whole number")

    def wholes(self, name: str) -> tuple[int, ...]:
        """Whole numbers, as a list or one alone."""
        found = [Entry(self.file, self.line, {name: value}).whole(name) for value in self._list(name)]
        return tuple(value for value in found if value is not None)

    def number(self, name: str) -> float:
        """Any number; 0 where there is none."""
        value = self.fields.get(name)
        if value is None or (isinstance(value, int | float) and not isinstance(value, bool)):
            return float(value or 0)
        raise self.wrong(f"{name} is not a number")

    def numbers(self) -> dict[str, float]:
        """Every field as a number."""
        return {name: self.number(name) for name in self.fields}

    def entry(self, name: str) -> Entry:
        """An object; an empty one where there is none."""
        value = self.fields.get(name)
        return Entry(self.file, self.line, {}) if value is None else self._entry(name, value)

    def entries(self, name: str) -> tuple[Entry, ...]:
        """Objects, as a list or one alone."""
        return tuple(self._entry(name, value) for value in self._list(name))

    def groups(self, name: str) -> tuple[tuple[Entry, ...], ...]:
        """Lists of objects; an object that stands in no list counts as a list of one."""
        return tuple(
            tuple(self._entry(name, one) for one in value) if isinstance(value, list) else (self._entry(name, value),)
            for value in self._list(name)
        )

    def _entry(self, name: str, value: object) -> Entry:
        if isinstance(value, Entry):
            return value
        if isinstance(value, dict):
            return Entry(self.file, self.line, value)
        raise self.wrong(f"{name} holds something that is no object")

    def _list(self, name: str) -> list[object]:
        value = self.fields.get(name)
        if value is None:
            return []
        return value if isinstance(value, list) else [value]


def entries(path: Path) -> list[Entry]:
    """The objects of a JSON Lines or YAML file, by its suffix. Raises NothingThere, or UsageError with the line."""
    if path.suffix.lower() not in (*YAML, *LINES):
        raise UsageError(f"{path} is neither JSON Lines nor YAML", f"its name should end in one of {' '.join((*LINES, *YAML))}")
    try:
        content = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError as error:
        raise NothingThere(f"there is no file {path}", "check the path") from error
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise Entry(path.name, line, {}).wrong("not UTF-8", "save the file as UTF-8") from error
    return _yaml(path.name, content) if path.suffix.lower() in YAML else list(lines(path.name, content))


def lines(file: str, content: str) -> Iterator[Entry]:
    """The object of each line that holds one. Raises UsageError for a line that holds something else."""
    for number, line in enumerate(content.split("\n"), 1):
        if line.strip():
            here = Entry(file, number, {})
            try:
                value = parsed(line)
            except Unreadable as error:
                raise here.wrong(error.reason) from error
            if not isinstance(value, dict):
                raise here.wrong("not an object")
            yield Entry(file, number, value)


def _yaml(file: str, content: str) -> list[Entry]:
    import yaml

    try:
        for event in yaml.parse(content, Loader=yaml.SafeLoader):
            if isinstance(event, yaml.AliasEvent):
                raise Entry(file, event.start_mark.line + 1, {}).wrong("an alias stands for other words", "write them out")
        root = yaml.compose(content, Loader=yaml.SafeLoader)
        found = [] if root is None else _value(file, root)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise Entry(file, line, {}).wrong(f"not YAML ({error.problem or error.context})") from error
    except yaml.reader.ReaderError as error:
        line = content.count("\n", 0, error.position) + 1
        raise Entry(file, line, {}).wrong(f"a character that YAML does not take: {error.character!r}") from error
    except RecursionError as error:
        raise Entry(file, 1, {}).wrong("nested too deep") from error
    if not isinstance(found, list):
        raise Entry(file, 1, {}).wrong("not a list of questions", "begin each question with '- question: ...'")
    for at, item in enumerate(found):
        if not isinstance(item, Entry):
            raise Entry(file, root.value[at].start_mark.line + 1, {}).wrong("not an object")
    return [item for item in found if isinstance(item, Entry)]


def _value(file: str, node: object) -> object:
    """A node of YAML as ``Entry.fields`` has it."""
    import yaml

    if isinstance(node, yaml.ScalarNode):
        return None if node.tag == "tag:yaml.org,2002:null" else node.value
    if isinstance(node, yaml.SequenceNode):
        return [_value(file, item) for item in node.value]
    assert isinstance(node, yaml.MappingNode)  # noqa: S101 YAML has no fourth kind
    fields: dict[str, object] = {}
    for key, value in node.value:
        name = str(key.value)
        if name in fields:
            raise Entry(file, key.start_mark.line + 1, {}).wrong(f"{name} stands twice in one object")
        fields[name] = _value(file, value)
    return Entry(file, node.start_mark.line + 1, fields)
