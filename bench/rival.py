"""The LangChain tutorial way, as a person would write it: split 1000/200, embed, keep in Chroma, retrieve, show.

    python bench/rival.py add FOLDER_OR_JSONL HOME      python bench/rival.py ask QUESTION HOME

It uses Groundwire's embedder (QA_EMBEDDER, the bundled one by default) through LangChain's interface, so that what differs is the
way around it; with PADDED=1 in the environment it runs the bundled model as Chroma's own embedding function does, in batches of
32 padded to 256 tokens.
``ask`` puts the passages to the chat model at OPENAI_BASE_URL; ``compare.py`` serves one on loopback that answers at once.
"""

from __future__ import annotations

import json
import os
import sys
import time
from functools import cached_property
from pathlib import Path

import numpy as np
import onnxruntime
from langchain.chat_models import init_chat_model
from langchain_chroma import Chroma
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_core.prompts import ChatPromptTemplate
from langchain_text_splitters import RecursiveCharacterTextSplitter

from vectorstore.embedders import minilm, open_embedder
from vectorstore.embedders.minilm import LIMIT, MiniLM
from vectorstore.types import Vectors

BATCH = 32


class Padded(MiniLM):
    """The same model, every text padded to the limit, 32 at a time, all cores on one batch."""

    @cached_property
    def _all_cores(self) -> onnxruntime.InferenceSession:
        return onnxruntime.InferenceSession(
            str(Path(minilm.__file__).with_name("minilm.onnx")), providers=["CPUExecutionProvider"]
        )

    def embed(self, texts: list[str]) -> Vectors:  # type: ignore[override]
        """One vector a text."""
        self._tokenizer.enable_padding(length=LIMIT)
        return np.concatenate([self._padded(texts[start : start + BATCH]) for start in range(0, len(texts), BATCH)])

    def _padded(self, texts: list[str]) -> Vectors:
        encodings = self._encoded(texts)
        ids, mask = (np.array([getattr(one, name) for one in encodings], np.int64) for name in ("ids", "attention_mask"))
        (hidden,) = self._all_cores.run(None, {"layer0": self.begun(ids), "attention_mask": mask})
        total = (hidden * mask[:, :, None]).sum(axis=1)
        return np.asarray(total / np.linalg.norm(total, axis=1, keepdims=True), np.float32)


PROMPT = ChatPromptTemplate.from_messages([("system", "Answer from these passages only.\n\n{passages}"), ("human", "{question}")])


class Interface(Embeddings):
    """An embedder as LangChain wants it."""

    def __init__(self) -> None:
        self._model = Padded() if os.environ.get("PADDED") else open_embedder(os.environ.get("QA_EMBEDDER", "minilm"))

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
        found = store.similarity_search(what, k=4)
        messages = PROMPT.invoke({"passages": "\n\n".join(one.page_content for one in found), "question": what})
        print(init_chat_model("openai:local").invoke(messages).content)


if __name__ == "__main__":
    main()
