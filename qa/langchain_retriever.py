"""Groundwire as a LangChain retriever: documents that know where their words stand."""

from __future__ import annotations

import threading
from pathlib import Path

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import PrivateAttr

from qa.api import Library
from qa.types import Passage


class GroundwireRetriever(BaseRetriever):
    """The passages nearest to a question, best first.

    ``page_content`` is ``article.text[start:end]`` in code points; ``metadata`` says which article and where, besides its
    title, outlet, address, date and the passage's score. May be called from several threads: each opens the home for itself.
    """

    home: Path | None = None
    """The home folder; None for ``QA_HOME`` or the platform's user data folder."""
    k: int = 8
    """How many passages at most."""
    since: str | None = None
    """Only articles published on or after this day, month or year."""
    until: str | None = None
    """Only articles published on or before it."""
    source: str | None = None
    """Only articles of an outlet whose name holds this."""
    author: str | None = None
    """Only articles of an author whose name holds this."""
    _here: threading.local = PrivateAttr(default_factory=threading.local)

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        del run_manager
        if not hasattr(self._here, "library"):
            self._here.library = Library(self.home)
        library: Library = self._here.library
        found = library.search(query, limit=self.k, since=self.since, until=self.until, source=self.source, author=self.author)
        return [_document(passage) for passage in found]


def _document(passage: Passage) -> Document:
    article = passage.article
    metadata = {
        "article_id": article.id,
        "article_sha256": article.sha256,
        "version": article.version,
        "start": passage.span.start,
        "end": passage.span.end,
        "title": article.title,
        "source": article.source,
        "url": article.url,
        "author": article.author,
        "published": article.published,
        "score": passage.score,
    }
    return Document(page_content=passage.text, metadata=metadata)
