"""What makes vectors: one file and one line in the table for each. A dotted name from outside works as well."""

from __future__ import annotations

from pkgutil import resolve_name
from typing import cast

from vectorstore.interface import Embedder, Unknown

EMBEDDERS = {
    "minilm": "vectorstore.embedders.minilm:MiniLM",
    "langchain": "vectorstore.embedders.langchain:LangChain",
}


def open_embedder(name: str) -> Embedder:
    """The embedder of that name; what stands behind its first colon is handed to it, as in ``langchain:openai:MODEL``.

    Raises Unknown for a name that leads nowhere.
    """
    kind, _, rest = name.partition(":")
    place, arguments = (EMBEDDERS[kind], [rest] if rest else []) if kind in EMBEDDERS else (name, [])
    try:
        return cast(Embedder, resolve_name(place)(*arguments))
    except (ValueError, ImportError, AttributeError, TypeError) as error:
        known = ", ".join(EMBEDDERS)
        raise Unknown(f"no embedder is called {name!r}: {error}", f"choose one of {known}, as langchain:openai:MODEL") from error
