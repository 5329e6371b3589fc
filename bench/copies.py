"""How well copies are told from articles on one topic, and what that costs at intake.

    python bench/copies.py articles.jsonl [--sizes 1000 10000]

Copies are made from the articles by rule, one kind at a time and all at once; the unlike pairs are each article with the five
that share the most rare words with it. The threshold is chosen on the articles whose id has an even CRC-32 and every figure is
of the others. ``datasketch`` and ``rensa`` are measured beside it where they are installed.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count, pairwise
from math import log
from pathlib import Path
from zlib import crc32

sys.path.insert(0, str(Path(__file__).parent.parent))

from qa.copies import LEAST, Print, Sentences, overlap
from qa.library import Library
from qa.origins import Origins
from qa.text import sentences
from qa.types import Document

SEED = 20261124
NEAREST = 5
FIGURE = re.compile(r"(?<![\w.,:/-])(?:[2-9]\d|1\d\d?|\d)(?![\w.,:/-]|\s+(?:January|February|March|April|May|June|July|August))")


@dataclass(frozen=True)
class Made:
    """An article, or a copy of one made by rule."""

    of: str
    kind: str
    text: str
    updated: tuple[str, str] | None = None
    """The figure, and what it became."""


def paragraphs(text: str) -> list[str]:
    """What stands between blank lines."""
    return [part for part in re.split(r"\n\s*\n", text) if part.strip()]


def headed(text: str, _: random.Random, __: str) -> str:
    """Another opening line and a dateline before the first sentence."""
    first, *rest = paragraphs(text)
    return "\n\n".join(["What to know about today's developments", f"LONDON (Agency) - {first}", *rest])


def signed(text: str, _: random.Random, __: str) -> str:
    """A by-line above and two credits below."""
    return f"By Jane Roe and staff writers\n\n{text}\n\nReporting by Jane Roe; editing by Richard Miles. All rights reserved."


def cut(text: str, rng: random.Random, _: str) -> str:
    """The first third to two thirds."""
    spans = sentences(text)
    return text[: spans[max(1, int(len(spans) * rng.uniform(0.34, 0.67))) - 1].end]


def lengthened(text: str, rng: random.Random, other: str) -> str:
    """A paragraph of another article, of a length usual there, after the first or later."""
    parts = paragraphs(text)
    usual = sorted((part for part in paragraphs(other) if len(part) > 150), key=len) or [other]
    parts.insert(rng.randrange(1, len(parts) + 1), usual[len(usual) // 2])
    return "\n\n".join(parts)


def updated(text: str, rng: random.Random) -> tuple[str, tuple[str, str] | None]:
    """A figure raised a little, where there is one."""
    found = list(FIGURE.finditer(text))
    if not found:
        return text, None
    one = rng.choice(found[: max(1, len(found) // 2)])
    figure = str(int(one.group()) + rng.randint(1, 9))
    return text[: one.start()] + figure + text[one.end() :], (one.group(), figure)


EDITS: dict[str, Callable[[str, random.Random, str], str]] = {
    "changed head": headed,
    "by-line": signed,
    "cut tail": cut,
    "inserted paragraph": lengthened,
}


def copies(article: dict[str, str], others: Sequence[dict[str, str]], seed: int) -> list[Made]:
    """One copy of each kind, and two of several kinds at once."""
    rng = random.Random(f"{seed} {article['id']}")
    text, other = article["text"], rng.choice([one for one in others if one["id"] != article["id"]])["text"]
    made = [Made(article["id"], kind, edit(text, rng, other)) for kind, edit in EDITS.items()]
    figures = updated(text, rng)
    if figures[1]:
        made.append(Made(article["id"], "updated figure", *figures))
        made.append(Made(article["id"], "head, by-line, figure", signed(headed(figures[0], rng, other), rng, other), figures[1]))
    every = signed(lengthened(headed(cut(text, rng, other), rng, other), rng, other), rng, other)
    return [*made, Made(article["id"], "head, by-line, cut, paragraph", every)]


def unlike(articles: Sequence[dict[str, str]]) -> list[tuple[str, str]]:
    """Each article with those that share the most rare words with it."""
    bags = {one["id"]: set(re.findall(r"\w+", one["text"].casefold())) for one in articles}
    spread = Counter(word for bag in bags.values() for word in bag)
    rarity = {word: log(len(bags) / number) for word, number in spread.items()}
    pairs = set()
    for id, bag in bags.items():
        near = {other: sum(rarity[word] for word in bag & theirs) / (1 + len(theirs)) ** 0.5 for other, theirs in bags.items()}
        pairs |= {tuple(sorted((id, other))) for other in sorted(near, key=lambda one: -near[one])[: NEAREST + 1] if other != id}
    return sorted(pairs)


def held_out(id: str) -> bool:
    """Whether figures may be told of this article, and nothing chosen by it."""
    return bool(crc32(id.encode()) % 2)


def f1(found: Sequence[tuple[bool, float]], least: float) -> float:
    """Of pairs with whether they are copies and their overlap."""
    right = sum(copy and share >= least for copy, share in found)
    wrong = sum(not copy and share >= least for copy, share in found)
    missed = sum(copy and share < least for copy, share in found)
    return 2 * right / max(1, 2 * right + wrong + missed)


def pairs(articles: Sequence[dict[str, str]], seed: int) -> None:
    """Prints pair F1, chosen and held out, of all and of each kind, and how many updated figures are told."""
    prints = {one["id"]: Print(one["text"]) for one in articles}
    made = [copy for one in articles for copy in copies(one, articles, seed)]
    shares = [(copy.of, copy.kind, True, overlap(prints[copy.of], Print(copy.text))) for copy in made]
    shares += [(one, "unlike", False, overlap(prints[one], prints[other])) for one, other in unlike(articles)]
    chosen = [(copy, share) for of, _, copy, share in shares if not held_out(of)]
    tried = {least / 100: f1(chosen, least / 100) for least in range(30, 100, 5)}
    print("chosen half, F1 by threshold:", {least: round(score, 4) for least, score in tried.items()})
    rest = [one for one in shares if held_out(one[0])]
    negative = [(copy, share) for _, _, copy, share in rest if not copy]
    print(f"held-out half at {LEAST}: {len(rest)} pairs, {len(negative)} of them unlike")
    print(f"  all: F1 {f1([(copy, share) for _, _, copy, share in rest], LEAST):.4f}")
    for kind in dict.fromkeys(kind for _, kind, copy, _ in rest if copy):
        of_kind = [(copy, share) for _, one, copy, share in rest if one == kind]
        print(f"  {kind}: F1 {f1([*of_kind, *negative], LEAST):.4f} ({len(of_kind)} copies)")
    figures(articles, [copy for copy in made if copy.updated and held_out(copy.of)])


def figures(articles: Sequence[dict[str, str]], made: Sequence[Made]) -> None:
    """Prints how many updated figures are told, and how many are told of copies that changed none."""
    texts = {one["id"]: one["text"] for one in articles}
    told = 0
    for copy in made:
        there = Sentences(copy.text, sentences(copy.text))
        said = [there.counterpart(span.of(texts[copy.of])) for span in sentences(texts[copy.of])]
        changes = [(one.source, one.quoted) for found in said if found for one in found.telling]
        told += any(copy.updated[0] in source and copy.updated[1] in quoted for source, quoted in changes)  # type: ignore[index]
    print(f"updated figures told as differences: {told} of {len(made)} ({told / max(1, len(made)):.3f})")


def spread_out(articles: Sequence[dict[str, str]], size: int, seed: int) -> list[Made]:
    """A library of that size: articles whose every word once followed the one before it, and a tenth of them copies of others."""
    rng = random.Random(seed)
    pool = [part for one in articles for part in paragraphs(one["text"]) if 200 < len(part) < 900]
    follows: dict[str, list[str]] = defaultdict(list)
    for one, other in pairwise(" ".join(pool).split()):
        follows[one].append(other)
    made: list[Made] = []
    for at in count():
        said = [rng.choice(pool).split()[0]]
        while len(said) < 400:
            said.append(rng.choice(follows[said[-1]] or ["the"]))
        text = "\n\n".join(" ".join(said[start : start + 80]) for start in range(0, 400, 80))
        made.append(Made(str(at), "article", text))
        if at % 10 == 0:
            kind = rng.choice(list(EDITS))
            made.append(Made(str(at), kind, EDITS[kind](text, rng, rng.choice(pool))))
        if len(made) >= size:
            return made[:size]
    raise AssertionError


def cost(articles: Sequence[dict[str, str]], size: int, seed: int) -> None:
    """Prints what following the groups adds to intake, and how many copies are found, in a library of ``size`` articles."""
    made = spread_out(articles, size, seed)
    with tempfile.TemporaryDirectory() as home:
        library = Library(Path(home), create=True)
        spent: dict[str, float] = defaultdict(float)
        for start in range(0, size, 250):
            began = time.process_time()
            with library.writing():
                some = [
                    library.put(
                        Document(one.text, f"{one.of} {one.kind}", id=f"{one.of} {one.kind}"), lambda texts: [100 for _ in texts]
                    )
                    for one in made[start : start + 250]
                ]
                put = time.process_time()
                Origins(library.connection).follow(id for id, _ in some)
            spent["put"] += put - began
            spent["follow"] += time.process_time() - put
            last = time.process_time() - put
        wanted = [one for one in made if one.kind != "article"]
        groups = Origins(library.connection)
        found = sum(
            any(member.article_id == f"{one.of} article" for member in groups.group(f"{one.of} {one.kind}")) for one in wanted
        )
        grouped = library.connection.execute("SELECT count(*) FROM origins").fetchone()[0]
        library.close()
    print(
        f"{size} articles: library {1000 * spent['put'] / size:.1f} ms an article, groups {1000 * spent['follow'] / size:.1f} ms "
        f"(the last batch {4 * last:.1f}); {found} of {len(wanted)} copies found, {grouped - 2 * found} articles wrongly grouped"
    )
    rivals(made)


def rivals(made: Sequence[Made]) -> None:
    """The same library through MinHash with LSH, threshold .3 (it measures likeness, and a cut copy is little like the whole)."""
    try:
        from datasketch import MinHash, MinHashLSH  # type: ignore[import-not-found]
    except ImportError:
        return
    for permutations in (64, 128):
        lsh = MinHashLSH(threshold=0.3, num_perm=permutations)
        began, found, offered = time.process_time(), 0, 0
        for one in made:
            sketch = MinHash(num_perm=permutations)
            sketch.update_batch([hash.to_bytes(4, "big") for hash in Print(one.text).set])
            near = lsh.query(sketch)
            found += one.kind != "article" and f"{one.of} article" in near
            offered += len(near)
            lsh.insert(f"{one.of} {one.kind}", sketch)
        seconds = time.process_time() - began
        print(
            f"  MinHash {permutations}: {1000 * seconds / len(made):.1f} ms an article, {found} copies among {offered} candidates"
        )


def main() -> None:
    """Reads the articles and prints every figure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", type=Path)
    parser.add_argument("--sizes", type=int, nargs="*", default=[1000, 10000])
    parser.add_argument("--seed", type=int, default=SEED)
    given = parser.parse_args()
    articles = [json.loads(line) for line in given.articles.read_text(encoding="utf-8").splitlines()]
    pairs(articles, given.seed)
    for size in given.sizes:
        cost(articles, size, given.seed)


if __name__ == "__main__":
    main()
