"""The LangChain tutorial way, as a person would write it: split 1000/200, embed, keep in Chroma, retrieve, show.

    python bench/rival.py add FOLDER_OR_JSONL HOME      python bench/rival.py ask QUESTION HOME

It uses the same embedder as Groundwire through LangChain's interface, so that what differs is the way around it. There is
no model to answer with, so ``ask`` prints the passages that a prompt would be filled with.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from langchain_chroma import Chroma
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_text_splitters import RecursiveCharacterTextSplitter

from vectorstore.embedders.minilm import MiniLM


class Interface(Embeddings):
    """MiniLM as LangChain wants it."""

    def __init__(self) -> None:
        self._model = MiniLM()

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """One vector a text."""
        return self._model.embed(texts).tolist()

    def embed_query(self, text: str) -> list[float]:
        """The vector of one text."""
        return self.embed_documents([text])[0]


def documents(source: Path) -> list[Document]:
    """The articles of a JSONL file or of a folder of texts."""
    if source.is_dir():
        files = sorted(path for path in source.rglob("*") if path.suffix in {".txt", ".md"})
        return [Document(path.read_text(encoding="utf-8"), metadata={"source": str(path)}) for path in files]
    rows = [json.loads(line) for line in source.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [Document(row["text"], metadata={"source": row["id"], "title": row.get("title") or ""}) for row in rows]


def main() -> None:
    """``add`` or ``ask``."""
    command, what, home = sys.argv[1:]
    store = Chroma("articles", embedding_function=Interface(), persist_directory=home)
    if command == "add":
        began = time.perf_counter()
        splits = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200).split_documents(documents(Path(what)))
        store.add_documents(splits)
        print(json.dumps({"chunks": len(splits), "seconds": time.perf_counter() - began}))
    else:
        for document in store.similarity_search(what, k=4):
            print(document.metadata["source"], document.page_content)


if __name__ == "__main__":
    main()
