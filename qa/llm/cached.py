"""A model's replies kept, so that the same request is paid for once: for evaluations that are run again and again."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path

from qa.files import private
from qa.llm.around import Around
from qa.llm.interface import ChatModel, Message, Reply
from qa.types import Usage

FILE = "replies.sqlite3"
"""Its name in the home folder."""
_PATIENCE = 5.0
_TABLE = "CREATE TABLE IF NOT EXISTS replies (key TEXT PRIMARY KEY, reply TEXT NOT NULL) WITHOUT ROWID"


class Cached(Around):
    """Another model, asked only for what it has not said before.

    A reply given again has the usage it had the first time, so that a run repeated gives the same records. A file that cannot
    be used is as good as an empty one: the model is asked. Failures are never kept.
    """

    def __init__(self, model: ChatModel, path: Path, parameters: Mapping[str, object] | None = None) -> None:
        """``parameters`` is whatever else decides what the model says, as its address and temperature: no key, no clock."""
        super().__init__(model)
        self._path = path
        self._parameters = dict(parameters or {})

    def reply(
        self, messages: Sequence[Message], *, max_tokens: int, schema: Mapping[str, object] | None = None, logprobs: bool = False
    ) -> Reply:
        """The reply kept for this very request, else the model's."""
        key = self._key(messages, max_tokens, schema, logprobs)
        kept = self._kept(key)
        if kept is None:
            kept = self._model.reply(messages, max_tokens=max_tokens, schema=schema, logprobs=logprobs)
            self._keep(key, kept)
        return kept

    def stream(
        self, messages: Sequence[Message], *, max_tokens: int, schema: Mapping[str, object] | None = None
    ) -> Iterator[Reply]:
        """The reply kept for this very request in one piece, else the model's as it comes; kept once it has come to its end."""
        key = self._key(messages, max_tokens, schema, logprobs=False)
        kept = self._kept(key)
        if kept is not None:
            yield kept
            return
        pieces: list[Reply] = []
        for piece in self._model.stream(messages, max_tokens=max_tokens, schema=schema):
            pieces.append(piece)
            yield piece
        if pieces and pieces[-1].finish:
            self._keep(key, _joined(pieces))

    def _key(self, messages: Sequence[Message], max_tokens: int, schema: Mapping[str, object] | None, logprobs: bool) -> str:
        said = [[message.role, message.text] for message in messages]
        request = [self._model.name, self._parameters, said, max_tokens, schema, logprobs]
        return hashlib.sha256(json.dumps(request, sort_keys=True).encode()).hexdigest()

    def _kept(self, key: str) -> Reply | None:
        try:
            with closing(self._opened()) as connection:
                row = connection.execute("SELECT reply FROM replies WHERE key = ?", [key]).fetchone()
        except (sqlite3.Error, OSError):
            return None
        return _read(row[0]) if row else None

    def _keep(self, key: str, reply: Reply) -> None:
        usage = [reply.usage.input_tokens, reply.usage.output_tokens]
        written = json.dumps([reply.text, *usage, reply.finish, reply.first])
        try:
            with closing(self._opened()) as connection:
                connection.execute("INSERT OR REPLACE INTO replies VALUES (?, ?)", [key, written])
        except (sqlite3.Error, OSError):
            return

    def _opened(self) -> sqlite3.Connection:
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with private():
            connection = sqlite3.connect(self._path, timeout=_PATIENCE, isolation_level=None)
        try:
            connection.execute(_TABLE)
        except sqlite3.Error:
            connection.close()
            raise
        return connection


def _read(written: str) -> Reply:
    text, sent, received, finish, first = json.loads(written)
    return Reply(text, Usage(sent, received), finish, tuple((token, chance) for token, chance in first))


def _joined(pieces: Sequence[Reply]) -> Reply:
    usage = Usage(sum(one.usage.input_tokens for one in pieces), sum(one.usage.output_tokens for one in pieces))
    return Reply("".join(one.text for one in pieces), usage, pieces[-1].finish)
