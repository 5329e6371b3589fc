"""The only place that turns Settings into objects. Each is made when it is first needed, and heavy packages with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pkgutil import resolve_name
from typing import TYPE_CHECKING, BinaryIO, cast

from qa.ask import Reading, Undrafted, answer, read
from qa.errors import ConfigError, NothingThere, UsageError
from qa.family import among_copies
from qa.files import private
from qa.intake import Desk
from qa.keywords import Filters, Keywords
from qa.ledger import Ledger
from qa.library import FILE, Library
from qa.lock import holder, writing_alone
from qa.models import Models, is_model
from qa.retrieve import passages
from qa.runlog import Entry, RunLog
from qa.schema import gone
from qa.types import NOTHING, Answer, Citation, Passage, Summary, Usage
from vectorstore.interface import VectorStoreError
from vectorstore.types import Filter, Hit

if TYPE_CHECKING:
    from qa.digest import Summarizer
    from qa.draft.interface import Drafter
    from qa.draft.single import Single
    from vectorstore.embedders.minilm import MiniLM
    from vectorstore.index import Index
    from vectorstore.interface import Embedder

INDEX = "index"


class House(Models):
    """What a command works with: the library, the index, the embedder and the drafter of one home folder."""

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

        chosen = self.settings
        return Index(chosen.home / INDEX, self.embedder, chosen.store, offline=chosen.offline, wait=chosen.wait)

    @cached_property
    def drafter(self) -> Drafter:
        """Whoever drafts by the settings. Raises ConfigError for a name, a key or a prompt that does not do."""
        made = self.drafter_named(self.settings.model)
        if self.second is None:
            return made
        from qa.draft.checked import Checked

        return Checked(made, self.second)

    def drafter_named(self, name: str) -> Drafter:
        """Another drafter over the same library: one of the table, ``package.module:Class``, or a model as ``provider:model``.

        Raises ConfigError for a name that leads nowhere.
        """
        from qa.draft import DRAFTERS

        hint = f"use --model with one of {', '.join(DRAFTERS)}, or a language model as provider:model"
        if ":" not in (place := DRAFTERS.get(name, name)):
            raise ConfigError(f"no drafter is called {name!r}", hint)
        if is_model(name):
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

    def _reader(self) -> str:
        """Who picks sentences, ``own``, ``model`` or ``none``: models on this machine mostly are small, and do not do it well."""
        from qa.llm import is_local

        wanted = self.settings.reader
        if wanted not in (names := ("auto", "own", "model", "none")):
            raise ConfigError(f"no reader is called {wanted!r}", f"choose one of {', '.join(names)}")
        return wanted if wanted != "auto" else "own" if is_local(self.settings.model) else "none"

    def nearest(self, question: str, k: int, accept: Filter | None) -> list[Hit]:
        """The index's hits. Raises VectorStoreError for one that is lost, and that nobody is just making anew."""
        hits = self.index.search(question, k, accept)
        written = not hits and Ledger(self.library.connection).written()
        if written and not holder(self.settings.home) and not self.index.ids():
            raise VectorStoreError("the index is lost: the library has chunks and it has none", "qa rebuild")
        return hits

    def ask(
        self,
        question: str,
        filters: Filters,
        told: Callable[[Answer], None] = lambda _: None,
        *,
        strict: bool = False,
        before: Usage = NOTHING,
    ) -> Answer:
        """One answer; ``told`` is given it each time another claim is proven, and ``strict`` drops what is less than supported.

        ``before`` is what making the question self-contained took, and counts as the answer's. Raises Undrafted where a model
        fails.
        """
        drafter = self.drafter
        try:
            found = answer(self.read(question, filters), drafter, strict=strict, told=told, before=before)
        except Undrafted as failed:
            failed.answer = failed.answer and among_copies(self.library, failed.answer)
            raise
        return among_copies(self.library, found)

    def read(self, question: str, filters: Filters) -> Reading:
        """What there is to answer from."""
        return read(question, self.library, self.nearest, limit=self.settings.passages, filters=filters)

    def ready(self) -> None:
        """Opens and loads what an answer needs. Raises what opening it raises."""
        self.nearest(self.drafter.name, 1, None)

    def standalone(self, question: str, before: Sequence[Answer]) -> tuple[str, Usage]:
        """A follow-up question as it can be put without the answers before it, the last one last, and what that took.

        By the model, else by rule; by rule for a small one too, which answers the question instead.
        """
        if is_model(self.settings.model) and self._reader() == "none":
            from qa.condense import condensed

            return condensed(question, before, self.model, self.prompt("condense/v1"))
        from qa.followup import standalone

        return standalone(question, before[-1] if before else None), NOTHING

    def grounds(self, found: Answer, citation: Citation) -> list[str]:
        """Why the bundled ranker chose the sentence cited, a line for each reason; nothing of an answer that it did not give."""
        from qa.draft.extractive import Extractive
        from qa.draft.grounds import grounds

        if found.model != Extractive.name:
            return []
        return list(grounds(found.question, found.passages, citation, self.minilm, Keywords(self.library.connection)))

    def search(self, query: str, limit: int, filters: Filters) -> list[Passage]:
        """Passages for a query, best first."""
        return passages(query, self.library, self.nearest, limit=limit, filters=filters)

    def summarize_one(self, what: str, stdin: BinaryIO, length: int, language: str | None = None) -> Summary:
        """A summary of one article, of a file, a page or stdin."""
        from qa.cite import Scrutiny
        from qa.digest import found, of_articles, outside
        from qa.ingest import offered

        summarizer = self._summarizer(language)
        articles = found(what, self.library, lambda source: offered(source, stdin, self.settings))
        summary = of_articles(articles, summarizer, length, Scrutiny(language, self.second))
        return summary if outside(what) else among_copies(self.library, summary)

    def summarize_topic(self, topic: str, filters: Filters, length: int, language: str | None = None) -> Summary:
        """A summary of what the library says about a topic."""
        from qa.cite import Scrutiny
        from qa.digest import of_topic

        summarizer = self._summarizer(language)
        read = self.search(topic, max(self.settings.passages, length), filters)
        return among_copies(self.library, of_topic(topic, read, summarizer, length, Scrutiny(language, self.second)))

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
        found, ids = self.index.search("anything", 1, None), self.index.ids()
        if ids and not found:
            raise VectorStoreError("the index has ids and no vectors", "qa rebuild")
        return ids

    def need_articles(self) -> None:
        """Raises NothingThere where the library is empty."""
        if not self.library.count():
            raise NothingThere("the library is empty", "qa add FILE reads articles into it")

    def desk(self, progress: Callable[[int], None] = lambda _: None) -> Desk:
        """Where articles are taken in and out; makes the home folder, and a library where there is none or it is gone."""
        lost = gone(self.settings.home / FILE)
        self.__dict__["library"] = Library(self.settings.home, create=True, tell=self._tell)
        if lost:
            self._tell(f"the library in {self.settings.home} is gone: a new one is begun")
            with self.library.writing():
                Ledger(self.library.connection).order_rebuild()  # what the index has is the old one's
        return Desk(self.library, self._lock, lambda: self.index, self._count, progress)

    def _count(self, texts: Sequence[str]) -> Sequence[int]:
        return self.minilm.count(texts)

    @contextmanager
    def _lock(self) -> Iterator[None]:
        """The home's write lock, for whoever writes to library or index; what is made meanwhile is private to the user."""
        with writing_alone(self.settings.home, self.settings.wait, self._tell), private():
            yield
