"""Summaries from whatever was asked for: an article of the library, a file or page outside it, or a topic over the library."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from qa.cite import PLAIN, Resolver, Scrutiny
from qa.draft.interface import Draft
from qa.draft.material import together
from qa.errors import QAError, Unwritten
from qa.furniture import prose
from qa.ingest.types import Skipped
from qa.library import Library
from qa.notes import notes
from qa.rows import article_of, sha256_of, told_by
from qa.summarize import Embed, draft_summary
from qa.text import sentences
from qa.types import Article, Document, Passage, Sentence, Summary


class Summarizer(Protocol):
    """Proposes a summary."""

    @property
    def name(self) -> str:
        """What the record says wrote it, e.g. ``extractive/1``."""

    @property
    def prompt(self) -> str | None:
        """Fingerprint of the prompt, or None where there is none."""

    def draft(self, articles: Sequence[tuple[Sentence, ...]], length: int, topic: str | None) -> Draft:
        """Up to ``length`` claims over the sentences of the articles, about the topic where there is one."""


class Unsummarized(Unwritten):
    """The summarizer failed; the sentences that it was to write from are still there."""

    def __init__(self, error: QAError, about: str, articles: Sequence[tuple[Sentence, ...]], length: int) -> None:
        """``passages`` are the first ``length`` sentences of each of the first ``length`` articles."""
        super().__init__(error)
        self.about = about
        self.passages = together(one for article in articles[:length] for one in article[:length])


class Choosing:
    """The summarizer that needs no model but the bundled embedder: it chooses sentences."""

    name = "extractive/1"
    prompt = None

    def __init__(self, embed: Embed) -> None:
        self._embed = embed

    def draft(self, articles: Sequence[tuple[Sentence, ...]], length: int, topic: str | None) -> Draft:
        """The sentences that say the most and repeat the least."""
        return draft_summary(articles, self._embed, length=length, topic=topic)


def outside(what: str) -> bool:
    """Whether ``what`` is read anew: stdin as ``-``, an address, a path that exists; else it names an article of the library."""
    return what == "-" or "://" in what or os.path.exists(what)  # noqa: PTH110 where a name is too long for a path, Path raises


def found(what: str, library: Library, read: Callable[[str], Iterable[Document | Skipped]]) -> list[Article]:
    """The articles behind ``what``: what is ``outside`` is ``read`` anew, anything else is the library's article.

    Raises NothingThere for a name that is none of these, NetworkError for a page that cannot be had, QAError where nothing
    in it can be read.
    """
    if not outside(what):
        return [library.article(what)]
    articles: list[Article] = []
    reasons: list[str] = []
    for item in read(what):
        if isinstance(item, Skipped):
            reasons.append(f"{item.source}: {item.reason}")
        else:
            articles.append(_outside(item))
    if not articles:
        raise QAError(
            f"nothing to summarize in {what}: {'; '.join(reasons) or 'no articles'}", "qa summarize takes text, HTML and JSONL"
        )
    return articles


def _outside(document: Document) -> Article:
    """An article that is in no library: its origin is its id, and this is its first version."""
    digest = sha256_of(document.text)
    return article_of((document.id or document.origin, 1, digest, *told_by(document)[:-1]), document.text)


def of_articles(articles: Sequence[Article], summarizer: Summarizer, length: int, scrutiny: Scrutiny = PLAIN) -> Summary:
    """A summary of these articles taken together."""
    about = articles[0].title if len(articles) == 1 else f"{len(articles)} articles"
    return _summary(about, [_prose(article) for article in articles], summarizer, length, None, scrutiny)


def of_topic(topic: str, passages: Iterable[Passage], summarizer: Summarizer, length: int, scrutiny: Scrutiny = PLAIN) -> Summary:
    """A summary of what these passages say about a topic."""
    by_article: dict[str, list[Sentence]] = {}
    for passage in passages:
        by_article.setdefault(passage.article.id, []).extend(Sentence(passage.article, span) for span in passage.sentences)
    ordered = [tuple(sorted(group, key=lambda sentence: sentence.span)) for group in by_article.values()]
    return _summary(topic, ordered, summarizer, length, topic, scrutiny)


def _prose(article: Article) -> tuple[Sentence, ...]:
    noted = [note.span for note in notes(article.text)]
    spans = prose(article.text, sentences(article.text), article.title)
    told = [span for span in spans if not any(note.start <= span.start < note.end for note in noted)]
    return tuple(Sentence(article, span) for span in told or spans)


def _summary(
    about: str,
    articles: Sequence[tuple[Sentence, ...]],
    summarizer: Summarizer,
    length: int,
    topic: str | None,
    scrutiny: Scrutiny,
) -> Summary:
    began = time.perf_counter()
    try:
        draft = summarizer.draft(articles, length, topic)
    except QAError as error:
        raise Unsummarized(error, about, articles, length) from error
    resolver = Resolver(draft.sentences, topic or "", scrutiny)
    claims, dropped = resolver.all(draft.claims)
    used = tuple(dict.fromkeys(citation.article.id for citation in resolver.citations))
    missing = f": {draft.missing}" if draft.missing else ""
    message = None if claims else f"Not found in these articles{missing}."
    seconds = {"draft": time.perf_counter() - began}
    told = (summarizer.name, scrutiny.prompts(summarizer.prompt), draft.usage + resolver.usage)
    return Summary(about, used, claims, tuple(resolver.citations), dropped, message, *told, seconds)
