"""Learns the numbers in ``qa/draft/weights.py`` and prints how well they do on questions they were not learned from.

    python tools/train_ranker.py --data DIR... --reader FILE... --cache DIR --write

Each ``--data`` folder holds ``articles.jsonl`` and ``questions.jsonl`` with the evidence as offsets; all of them go into one
library. Half of its questions (by the CRC-32 of their ids) is learned from, the other half is only reported on. Each ``--reader``
file holds questions with a passage, its sentences and the gold ones; a fixed sample of them goes into a second library and is
learned from, too.
"""

from __future__ import annotations

import argparse
import hashlib
import pickle
import random
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import fit_ranker
import numpy as np
from reader_rows import aside, lines

from qa.chunk import context
from qa.draft.features import Scene
from qa.draft.rank import Candidates, glimpsed, read_closely
from qa.draft.reader import Reader
from qa.keywords import Keywords
from qa.library import Library
from qa.retrieve import passages
from qa.types import Document, Passage
from vectorstore.embedders.minilm import MiniLM
from vectorstore.types import Filter, Hit, Vectors

PASSAGES = 8
PER_SOURCE = 60
"""How many reader questions of each source, answerable or not, are learned from."""


@dataclass(frozen=True)
class Case:
    """One question and where its answer stands."""

    id: str
    question: str
    answerable: bool
    gold: tuple[tuple[str, int, int], ...]
    """Article, start and end of each piece of evidence."""


@dataclass(frozen=True)
class Example:
    """What the ranker saw of one case, and which candidates are gold."""

    set: str
    case: Case
    seen: Candidates
    gold: tuple[bool, ...]
    """For each candidate."""
    reachable: bool
    """Whether any sentence of the passages is gold."""

    @property
    def learned(self) -> bool:
        """Whether it belongs to the half that is learned from."""
        return learned(self.set, self.case)


@dataclass(frozen=True)
class Laid:
    """A case laid beside its passages."""

    set: str
    case: Case
    scene: Scene
    gold: tuple[bool, ...]
    """For each sentence."""


def learned(name: str, case: Case) -> bool:
    """Whether a case belongs to the half that is learned from."""
    return name == "reader" or zlib.crc32(case.id.encode()) % 2 == 0


def read_data(folder: Path) -> tuple[list[Document], list[Case]]:
    """The articles and questions of one data set."""
    articles = [
        Document(one["text"], one["id"], one["id"], one.get("title") or "", one.get("source"), None, None, one.get("published"))
        for one in lines(folder / "articles.jsonl")
        if one["text"].strip()
    ]
    cases = []
    for one in lines(folder / "questions.jsonl"):
        places = list(one["evidence"])
        for other in one.get("alt") or []:
            places += other if isinstance(other, list) else [other]
        gold = tuple((place["article_id"], place["start"], place["end"]) for place in places)
        cases.append(Case(one["id"], one["question"], one["answerable"], gold))
    return articles, cases


def read_reader(files: Sequence[Path]) -> tuple[list[Document], list[Case]]:
    """A fixed sample of the questions that the reader never saw, their passages as articles, none near an evaluation set's."""
    rows = [row for path in files for row in lines(path) if aside(row["passage"])]
    rows = [row for row in rows if not row.get("eval_article") and row.get("level", "Adv") == "Adv"]
    random.Random(7).shuffle(rows)
    taken: Counter[tuple[str, bool]] = Counter()
    articles, cases = {}, []
    for row in rows:
        group = row["source"], row["answerable"]
        if taken[group] >= PER_SOURCE:
            continue
        taken[group] += 1
        id = hashlib.sha256(row["passage"].encode()).hexdigest()[:12]
        articles[id] = Document(row["passage"], id, id)
        gold = tuple((id, *row["sentences"][at]) for at in row["gold"]) if row["answerable"] else ()
        cases.append(Case(row["id"], row["question"], row["answerable"], gold))
    return list(articles.values()), cases


class Shelf:
    """The embedder with a memory, so that a sentence that many questions meet is encoded once."""

    def __init__(self, minilm: MiniLM) -> None:
        self.minilm = minilm
        self._kept: dict[str, tuple[list[str], Vectors]] = {}

    def tokens(self, texts: Sequence[str]) -> list[tuple[list[str], Vectors]]:
        """As MiniLM's."""
        new = [text for text in dict.fromkeys(texts) if text not in self._kept]
        for text, (pieces, vectors) in zip(new, self.minilm.tokens(new), strict=True):
            self._kept[text] = pieces, vectors.astype(np.float16)
        return [(self._kept[text][0], self._kept[text][1].astype(np.float32)) for text in texts]


def build(home: Path, articles: Sequence[Document], minilm: MiniLM) -> tuple[Library, list[str], Vectors]:
    """A library of the articles with its chunks' ids and vectors."""
    library = Library(home, create=True)
    with library.writing():
        for article in articles:
            library.put(article, minilm.count)
    ids = [id for (id,) in library.connection.execute("SELECT id || '-' || mark FROM chunks ORDER BY id")]
    kept = home / "vectors.npy"
    if not kept.exists():
        places = library.places(ids)
        texts = []
        for source, span in (places[id] for id in ids):
            line = context(source.title, source.published)
            texts.append(f"{line}\n{span.of(source.text)}" if line else span.of(source.text))
        np.save(kept, minilm.embed(texts))
    return library, ids, np.load(kept)


def collect(name: str, home: Path, articles: Sequence[Document], cases: Sequence[tuple[str, Case]], minilm: MiniLM) -> list[Laid]:
    """Retrieves for each case in a library of these articles."""
    library, ids, vectors = build(home / name, articles, minilm)
    words = Keywords(library.connection)

    def nearest(question: str, k: int, accept: Filter | None) -> list[Hit]:
        del accept
        cosines = vectors @ minilm.embed([question])[0]
        return [Hit(ids[at], float(cosines[at])) for at in np.argsort(-cosines, kind="stable")[:k]]

    scenes = []
    for set_name, case in cases:
        found = passages(case.question, library, nearest, limit=PASSAGES)
        scenes.append(Laid(set_name, case, Scene(case.question, found, words), _gold(case, found)))
    return scenes


def _gold(case: Case, found: Sequence[Passage]) -> tuple[bool, ...]:
    return tuple(
        any(id == passage.article.id and start < span.end and span.start < end for id, start, end in case.gold)
        for passage in found
        for span in passage.sentences
    )


def _examples(data: Sequence[Path], reader: Sequence[Path], home: Path) -> tuple[list[dict[str, float]], list[Example]]:
    """Learns what words alone can tell, then what vectors add, and reads closely what those put in front."""
    minilm = MiniLM(threads=1)
    sets = {folder.name: read_data(folder) for folder in data}
    cases = [(name, case) for name, (_, some) in sets.items() for case in some]
    laid = collect("open", home, [one for some, _ in sets.values() for one in some], cases, minilm)
    if reader:
        articles, more = read_reader(reader)
        laid += collect("reader", home, articles, [("reader", case) for case in more], minilm)
    learn = [learned(one.set, one.case) and any(one.gold) for one in laid]
    quick = fit_ranker.quick([(one.scene.features(), np.array(one.gold)) for one, yes in zip(laid, learn, strict=True) if yes])
    shelf = Shelf(minilm)
    glimpses = [glimpsed(one.scene, shelf, quick) for one in laid]
    golds = [np.array([one.gold[at] for at in seen.chosen]) for one, seen in zip(laid, glimpses, strict=True)]
    known = [
        (one.set, seen.features, gold)
        for one, seen, gold, yes in zip(laid, glimpses, golds, learn, strict=True)
        if yes and gold.any()
    ]
    rank = fit_ranker.glimpse(known)
    close = Reader(minilm)
    examples = []
    for one, glimpse in zip(laid, glimpses, strict=True):
        seen = read_closely(one.scene, glimpse, close, rank)
        examples.append(Example(one.set, one.case, seen, tuple(one.gold[at] for at in seen.chosen), any(one.gold)))
    return [quick, rank], examples


def main() -> None:
    """Reads, collects (or takes what the cache holds), fits, reports, and writes where asked to."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--data", type=Path, nargs="+", required=True)
    arguments.add_argument("--reader", type=Path, nargs="*", default=[])
    arguments.add_argument("--cache", type=Path, required=True, help="libraries, vectors and features are kept here")
    arguments.add_argument("--write", action="store_true", help="put the numbers into qa/draft/weights.py")
    given = arguments.parse_args()
    kept = given.cache / "examples.pickle"
    if not kept.exists():
        kept.write_bytes(pickle.dumps(_examples(given.data, given.reader, given.cache)))
    tables, examples = pickle.loads(kept.read_bytes())
    numbers, report = fit_ranker.fit(*tables, examples)
    print(report)
    if given.write:
        Path(__file__).parents[1].joinpath("qa/draft/weights.py").write_text(numbers, encoding="utf-8")


if __name__ == "__main__":
    main()
