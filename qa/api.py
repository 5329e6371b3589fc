"""The same in Python: one object for the library of a home folder, answers as frozen values."""

from __future__ import annotations

import io
import os
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from types import TracebackType
from typing import TypeAlias, TypeVar

from qa.config import Value, load
from qa.errors import QAError
from qa.ingest import offered
from qa.ingest.types import Skipped
from qa.intake import Report
from qa.keywords import narrowed
from qa.types import Answer, Article, Document, Passage, Summary
from qa.wiring import House

Source: TypeAlias = "str | os.PathLike[str] | Document"
Found = TypeVar("Found", Answer, Summary)


class Library:
    """The articles of one home folder, and what they say. For one thread; close it, or use it in a ``with`` statement.

    Settings are those of the command line: what is given here wins over the environment, and that over ``qa.toml``. Whatever
    goes wrong on purpose is a ``qa.QAError`` with a message and a hint.
    """

    def __init__(self, home: str | os.PathLike[str] | None = None, **settings: Value) -> None:
        """``home`` is the folder, made with the first article; None for ``QA_HOME`` or the platform's user data folder.

        ``settings`` are those that README lists, such as ``model="extractive"`` or ``offline=True``. Raises ConfigError.
        """
        self._settings = load({"home": None if home is None else os.fspath(home), **settings})[0]
        self._house = House(self._settings)
        self._others: dict[str, House] = {}

    def __enter__(self) -> Library:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Lets go of the files."""
        for house in (self._house, *self._others.values()):
            house.library.close()

    def add(self, *sources: Source) -> Report:
        """Reads files, folders, addresses and documents in; what was added, updated, unchanged, skipped and why.

        Nothing is raised for a source that cannot be read: it is in ``skipped``.
        """
        return self._house.desk().add(self._offered(sources))

    def _offered(self, sources: Iterable[Source]) -> Iterator[Document | Skipped]:
        for source in sources:
            if isinstance(source, Document):
                yield source
                continue
            try:
                yield from offered(os.fspath(source), io.BytesIO(), self._settings)
            except QAError as error:
                yield Skipped(os.fspath(source), f"{error.message} ({error.hint})")

    def remove(self, *ids: str) -> list[str]:
        """Takes articles out, with every version; their whole ids. Raises NothingThere for an unknown one."""
        return self._house.desk().remove(ids)

    def articles(self) -> list[Article]:
        """Every current article, newest first, without its text."""
        return [article for article, _ in self._house.library.headers()]

    def article(self, id: str, version: int | None = None) -> Article:
        """One article with its text; ``id`` may be a unique beginning, a path or an address. Raises NothingThere."""
        return self._house.library.article(id, version)

    def search(
        self,
        query: str,
        *,
        limit: int = 8,
        since: str | None = None,
        until: str | None = None,
        source: str | None = None,
        author: str | None = None,
    ) -> list[Passage]:
        """Up to ``limit`` passages, best first. Dates are a day, month or year in ISO 8601, inclusive."""
        return self._house.search(query, limit, narrowed(since, until, source, author))

    def ask(
        self,
        question: str,
        *,
        before: Answer | None = None,
        model: str | None = None,
        strict: bool = False,
        since: str | None = None,
        until: str | None = None,
        source: str | None = None,
        author: str | None = None,
    ) -> Answer:
        """One answer, every claim with words found in an article; ``answered`` is false where they do not say.

        With ``before``, a follow-up to that answer: its ``question`` is then the one that was put. ``model`` drafts this one.
        """
        house = self._with(model)
        asked, usage = house.standalone(question, [before] if before else [])
        return self._kept(house, house.ask(asked, narrowed(since, until, source, author), strict=strict, before=usage))

    def summarize(self, what: str | os.PathLike[str], *, length: int = 5, model: str | None = None) -> Summary:
        """``length`` cited sentences of an article (its id), a file or an address. Raises NothingThere."""
        house = self._with(model)
        return self._kept(house, house.summarize_one(os.fspath(what), io.BytesIO(), length))

    def about(
        self,
        topic: str,
        *,
        length: int = 5,
        model: str | None = None,
        since: str | None = None,
        until: str | None = None,
        source: str | None = None,
        author: str | None = None,
    ) -> Summary:
        """``length`` cited sentences of what the articles say about a topic."""
        house = self._with(model)
        return self._kept(house, house.summarize_topic(topic, narrowed(since, until, source, author), length))

    def _with(self, model: str | None) -> House:
        if model is None or model == self._settings.model:
            return self._house
        if model not in self._others:
            self._others[model] = House(replace(self._settings, model=model))
        return self._others[model]

    def _kept(self, house: House, found: Found) -> Found:
        house.remember(found, datetime.now(UTC).isoformat(timespec="seconds"))
        return found
