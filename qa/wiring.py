"""The only place that turns Settings into objects. Each is made when it is first needed, and heavy packages with it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from pkgutil import resolve_name
from typing import TYPE_CHECKING, BinaryIO, cast

from qa.ask import Reading, answer, read
from qa.config import Settings
from qa.errors import ConfigError, NothingThere, UsageError
from qa.intake import Desk
from qa.keywords import Filters, Keywords
from qa.ledger import Ledger
from qa.library import Library
from qa.private import private
from qa.retrieve import passages
from qa.runlog import Entry, RunLog
from qa.types import Answer, Passage, Summary, Usage
from vectorstore.interface import VectorStoreError
from vectorstore.types import Filter, Hit

if TYPE_CHECKING:
    from prompts import Prompt
    from qa.digest import Summarizer
    from qa.draft.interface import Drafter
    from qa.draft.single import Single
    from qa.llm.interface import ChatModel
    from qa.llm.metered import Prices
    from vectorstore.embedders.minilm import MiniLM
    from vectorstore.index import Index
    from vectorstore.interface import Embedder

INDEX = "index"


class House:
    """What a command works with: the library, the index, the embedder and the drafter of one home folder."""

    def __init__(self, settings: Settings, tell: Callable[[str], None] = lambda _: None, *, replies: Path | None = None) -> None:
        """Opens nothing yet. ``tell`` is given what a person who waits should know; ``replies`` keeps what a model said."""
        self.settings = settings
        self._tell = tell
        self._replies = replies

    @cached_property
    def library(self) -> Library:
        """For reading: a home that is not there is an empty library and stays away."""
        return Library(self.settings.home, tell=self._tell)

    @cached_property
    def minilm(self) -> MiniLM:
        """The bundled model, which also ranks sentences and counts tokens."""
        from vectorstore.embedders.minilm import MiniLM

        return MiniLM()

    @cached_property
    def embedder(self) -> Embedder:
        """Whoever makes the index's vectors. Raises ConfigError for one that would call out under ``--offline``."""
        name = self.settings.embedder
        if name == "minilm":
            return self.minilm
        if self.settings.offline:
            raise ConfigError(f"the embedder {name} may need the network, and --offline forbids it", "set embedder to minilm")
        from vectorstore.embedders import open_embedder

        return open_embedder(name)

    @cached_property
    def index(self) -> Index:
        """The vector index, opened for the embedder in force. Raises ConfigError for a store that ends with the process."""
        if self.settings.store == "memory":
            raise ConfigError("the store 'memory' forgets its vectors when a command ends", "set store to chroma")
        from vectorstore.index import Index

        return Index(self.settings.home / INDEX, self.embedder, self.settings.store, offline=self.settings.offline)

    @cached_property
    def drafter(self) -> Drafter:
        """Whoever drafts by the settings. Raises ConfigError for a name, a key or a prompt that does not do."""
        return self.drafter_named(self.settings.model)

    def drafter_named(self, name: str) -> Drafter:
        """Another drafter over the same library: one of the table, ``package.module:Class``, or a model as ``provider:model``.

        Raises ConfigError for a name that leads nowhere.
        """
        from qa.draft import DRAFTERS

        hint = f"use --model with one of {', '.join(DRAFTERS)}, or a language model as provider:model"
        if ":" not in (place := DRAFTERS.get(name, name)):
            raise ConfigError(f"no drafter is called {name!r}", hint)
        if _is_model(name):
            return self._generative()
        try:
            return cast("Drafter", resolve_name(place)(self.minilm, Keywords(self.library.connection)))
        except (ValueError, ImportError, AttributeError, TypeError) as error:
            raise ConfigError(f"no drafter is called {name!r}: {error}", hint) from error

    def _generative(self) -> Drafter:
        from qa.draft.generative import Generative
        from qa.draft.judge import Ranked
        from qa.draft.single import Retold
        from qa.draft.writing import Writer
        from qa.draft.yesno import YesNo

        judge = Ranked(self.minilm, Keywords(self.library.connection))
        if self._reader() == "none":
            return Generative(Writer(self.model, self.prompt("answer/v1"), self.settings.max_tokens), judge)
        asked = self._reader() == "model"
        picker = YesNo(self.model, self.prompt("relevant/v1"), judge) if asked else self.drafter_named("extractive")
        return Retold(picker, self._single("write/v1"))

    def _single(self, prompt: str) -> Single:
        from qa.draft.single import Single

        return Single(self.model, self.prompt(prompt), self.settings.max_tokens)

    @cached_property
    def model(self) -> ChatModel:
        """The language model, which counts what it costs. Raises ConfigError for a name, a key or a limit that does not do."""
        from qa.llm import Options, open_model
        from qa.llm.cached import Cached
        from qa.llm.metered import Metered

        chosen = self.settings
        options = Options(chosen.timeout, chosen.retries, chosen.window, tell=self._tell)
        opened = open_model(chosen.model, options, offline=chosen.offline)
        if self._replies:
            opened = Cached(opened, self._replies, {"address": os.environ.get("OPENAI_BASE_URL", "")})
        return Metered(opened, self._prices, chosen.max_cost)

    @property
    def _prices(self) -> Prices:
        from qa.llm.metered import Prices

        return Prices(self.settings.price_in, self.settings.price_out)

    def spent(self, usage: Usage) -> str:
        """Tokens in words, and the cost where prices are set."""
        cost = self._prices.of(usage.input_tokens, usage.output_tokens)
        told = f"{self.settings.model}: {usage.input_tokens:,} tokens sent, {usage.output_tokens:,} written"
        return f"{told}, cost {cost:.4f}" if cost else told

    def prompt(self, name: str) -> Prompt:
        """The prompt ``task/version``, the user's own where there is one."""
        from prompts import load

        return load(name, None if self.settings.prompts == "shipped" else Path(self.settings.prompts).expanduser())

    def _reader(self) -> str:
        """Who picks sentences, ``own``, ``model`` or ``none``: models on this machine mostly are small, and do not do it well."""
        from qa.llm import is_local

        wanted = self.settings.reader
        if wanted not in (names := ("auto", "own", "model", "none")):
            raise ConfigError(f"no reader is called {wanted!r}", f"choose one of {', '.join(names)}")
        return wanted if wanted != "auto" else "own" if is_local(self.settings.model) else "none"

    def nearest(self, question: str, k: int, accept: Filter | None) -> list[Hit]:
        """The index's hits. Raises VectorStoreError for an index that was lost."""
        hits = self.index.search(question, k, accept)
        if not hits and Ledger(self.library.connection).written() and not self.index.ids():
            raise VectorStoreError("the index is lost: the library has chunks and it has none", "qa rebuild")
        return hits

    def ask(
        self, question: str, filters: Filters, told: Callable[[Answer], None] = lambda _: None, *, strict: bool = False
    ) -> Answer:
        """One answer; ``told`` is given it each time another claim is proven, and ``strict`` drops what is less than supported.

        Raises Undrafted where a model fails.
        """
        drafter = self.drafter
        return answer(self.read(question, filters), drafter, strict=strict, told=told)

    def read(self, question: str, filters: Filters) -> Reading:
        """What there is to answer from."""
        return read(question, self.library, self.nearest, limit=self.settings.passages, filters=filters)

    def ready(self) -> None:
        """Opens and loads what an answer needs. Raises what opening it raises."""
        self.nearest(self.drafter.name, 1, None)

    def standalone(self, question: str, before: Sequence[Answer]) -> str:
        """A follow-up question as it can be put without the answers before it, the last one last: by the model, else by rule."""
        if _is_model(self.settings.model):
            from qa.condense import condensed

            return condensed(question, before, self.model, self.prompt("condense/v1"))
        from qa.followup import standalone

        return standalone(question, before[-1] if before else None)

    def search(self, query: str, limit: int, filters: Filters) -> list[Passage]:
        """Passages for a query, best first."""
        return passages(query, self.library, self.nearest, limit=limit, filters=filters)

    def summarize_one(self, what: str, stdin: BinaryIO, length: int, language: str | None = None) -> Summary:
        """A summary of one article, of a file, a page or stdin."""
        from qa.digest import found, of_articles
        from qa.ingest import offered

        summarizer = self._summarizer(language)
        return of_articles(found(what, self.library, lambda source: offered(source, stdin, self.settings)), summarizer, length)

    def summarize_topic(self, topic: str, filters: Filters, length: int, language: str | None = None) -> Summary:
        """A summary of what the library says about a topic."""
        from qa.digest import of_topic

        summarizer = self._summarizer(language)
        return of_topic(topic, self.search(topic, max(self.settings.passages, length), filters), summarizer, length)

    def _summarizer(self, language: str | None) -> Summarizer:
        """Whoever summarizes. Raises ConfigError as for ``drafter``, and UsageError for a language that nobody can write."""
        from qa.digest import Choosing

        if self.settings.model != "extractive" and self._reader() != "none":
            from qa.summarize_single import Retelling

            return Retelling(Choosing(self.minilm.embed).draft, self._single("retell/v1"), language)
        if self.settings.model != "extractive":
            from qa.draft.writing import Writer
            from qa.summarize_model import Writing

            return Writing(Writer(self.model, self.prompt("summarize/v1"), self.settings.max_tokens), language)
        if language:
            raise UsageError("--language needs a model that writes", "add --model provider:model, or leave --language out")
        return Choosing(self.minilm.embed)

    @property
    def log(self) -> RunLog:
        """What was asked of this library."""
        return RunLog(self.library)

    def remember(self, found: Answer | Summary, moment: str) -> None:
        """Keeps an answer given at ``moment`` (ISO 8601, UTC) in the log, where the settings want one.

        A log that cannot be written is told, and breaks nothing.
        """
        import sqlite3

        from qa.render.data import record_of

        if not self.settings.log:
            return
        question = found.question if isinstance(found, Answer) else found.about
        seconds = sum(found.seconds.values())
        entry = Entry(moment, question, bool(found.claims), found.model, found.prompt, found.usage, seconds, record_of(found))
        try:
            self.log.write(entry)
        except sqlite3.Error as error:
            self._tell(f"not kept in the log: {error} (--no-log leaves it out)")

    def index_ids(self) -> list[str]:
        """Every id in the index, for the doctor, which also searches it once. Raises VectorStoreError for one that cannot."""
        self.index.search("anything", 1, None)
        return self.index.ids()

    def need_articles(self) -> None:
        """Raises NothingThere where the library is empty."""
        if not self.library.count():
            raise NothingThere("the library is empty", "qa add FILE reads articles into it")

    def desk(self, progress: Callable[[int], None] = lambda _: None) -> Desk:
        """Where articles are taken in and out; makes the home folder."""
        self.__dict__["library"] = Library(self.settings.home, create=True, tell=self._tell)
        return Desk(self.library, self._lock, lambda: self.index, self._count, progress)

    def _count(self, texts: Sequence[str]) -> Sequence[int]:
        return self.minilm.count(texts)

    @contextmanager
    def _lock(self) -> Iterator[None]:
        """The home's write lock, for whoever writes to library or index; what is made meanwhile is private to the user."""
        from qa.lock import writing_alone

        with writing_alone(self.settings.home, self.settings.wait, self._tell), private():
            yield


def _is_model(name: str) -> bool:
    """Whether a drafter's name is that of a language model, rather than one of the table or a class from outside."""
    from qa.draft import DRAFTERS

    return name not in DRAFTERS and "." not in name.partition(":")[0]
