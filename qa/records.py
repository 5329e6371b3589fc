"""Saved records read back: answers, summaries and sessions, from files, folders or stdin. Nothing in them is believed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import BinaryIO

from qa.errors import NothingThere, UsageError
from qa.verdicts import Cited

_SUFFIXES = (".json", ".jsonl", ".ndjson")
_HINT = "qa verify takes what qa ask --json, qa summarize --json or a session saved"


def citations(what: str, stdin: BinaryIO) -> tuple[list[Cited], list[str]]:
    """Every citation of the records in ``what``: a file, a folder (recursively), or ``-`` for stdin; JSON or JSON lines.

    Second, what in a folder is no record, with the reason. Raises NothingThere for a path that is not there, UsageError for
    what holds no record at all, or one that is damaged.
    """
    if what == "-":
        return _read("stdin", stdin.read()), []
    path = Path(what)
    if not path.exists():
        raise NothingThere(f"there is no file {what!r}", _HINT)
    if not path.is_dir():
        return _read(what, path.read_bytes()), []
    found: list[Cited] = []
    others: list[str] = []
    files = sorted(one for one in path.rglob("*") if one.suffix in _SUFFIXES and one.is_file())
    for file in files:
        try:
            found += _read(str(file), file.read_bytes())
        except UsageError as error:
            others.append(error.message)
    if len(others) == len(files):
        raise UsageError(f"the folder {what} holds no record", _HINT)
    return found, others


def _read(name: str, content: bytes) -> list[Cited]:
    return [one for record in _records(name, _decoded(name, content)) for one in _cited(*record)]


def _decoded(name: str, content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UsageError(f"{name} is not UTF-8", _HINT) from None


def _records(name: str, text: str) -> list[tuple[str, object]]:
    """Each record with a name for it: the whole text as one, or its lines."""
    try:
        whole = json.loads(text)
        return [(name, whole)] if isinstance(whole, dict) else [(f"{name}:{at}", one) for at, one in _numbered(name, whole)]
    except json.JSONDecodeError:
        pass
    lines = [(at, line) for at, line in enumerate(text.split("\n"), 1) if line.strip()]
    found: list[tuple[str, object]] = []
    for at, line in lines:
        try:
            found.append((f"{name}:{at}", json.loads(line)))
        except json.JSONDecodeError as error:
            raise UsageError(f"{name}, line {at}, is not JSON: {error.msg}", _HINT) from None
    if not found:
        raise UsageError(f"{name} holds no record", _HINT)
    return found


def _numbered(name: str, whole: object) -> list[tuple[int, object]]:
    if not isinstance(whole, list):
        raise UsageError(f"{name} holds no record", _HINT)
    return list(enumerate(whole, 1))


def _cited(name: str, record: object) -> Iterator[Cited]:
    given = record.get("citations") if isinstance(record, dict) else None
    if not isinstance(given, list):
        raise UsageError(f"{name} is not a record: it has no citations", _HINT)
    for one in given:
        if not isinstance(one, dict):
            raise UsageError(f"{name} has a citation that is not an object", _HINT)
        values = {field.name: one.get(field.name, _DEFAULTS.get(field.name)) for field in fields(Cited) if field.name != "record"}
        wrong = [key for key, value in values.items() if type(value) is not _KINDS[key]]
        if wrong:
            raise UsageError(f"{name} has a citation whose {', '.join(wrong)} cannot be right", _HINT)
        yield Cited(name, **values)
    _whole(name, record, [one["number"] for one in given])


def _whole(name: str, record: object, known: list[int]) -> None:
    """Raises UsageError where a claim cites a number that the record does not have."""
    claims = record.get("claims") if isinstance(record, dict) else None
    used = [number for claim in claims or [] if isinstance(claim, dict) for number in claim.get("citations") or []]
    lost = [number for number in used if number not in known]
    if lost:
        raise UsageError(f"{name} has a claim that cites {lost[0]}, and no citation with that number", _HINT)


_DEFAULTS: dict[str, object] = {"prefix": "", "suffix": "", "version": 0, "article_sha256": ""}
_KINDS: dict[str, type] = {field.name: {"int": int, "str": str}[str(field.type)] for field in fields(Cited)}
