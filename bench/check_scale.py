"""How ``qa check`` grows with the library: python bench/check_scale.py ARTICLES [--sizes 1000 10000 100000] [--plot FILE].

Articles are put together from the sentences of real ones (a folder with articles.jsonl, or the file itself) with one word in
eight exchanged for another, so that hardly two are alike, and taken into a library without vectors, which ``check`` does not
need. A draft of 2,000 words quotes forty of them: half as they are, half with a word changed. Printed for each size: seconds of
one check on the clock and on the processor (medians, once warm), and the size of the file; with --plot also as a chart.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from qa.check import Checker
from qa.library import Library
from qa.text import sentences
from qa.types import Document
from qa.verdicts import Checked

QUOTES, WORDS, ROUNDS, BATCH, EXCHANGED = 40, 2000, 5, 500, 0.125
FILLER = "The committee met again in the old hall by the river and heard what had been prepared for it since the spring."


def articles(lines: Sequence[str], count: int, chance: random.Random) -> Iterator[Document]:
    """That many texts of twenty sentences."""
    words = [word for line in lines for word in line.split()]
    for number in range(count):
        body = [_varied(line, words, chance) for line in chance.choices(lines, k=20)]
        yield Document("\n\n".join(" ".join(body[at : at + 4]) for at in range(0, len(body), 4)), f"bench/{number}")


def _varied(line: str, words: Sequence[str], chance: random.Random) -> str:
    return " ".join(chance.choice(words) if chance.random() < EXCHANGED else word for word in line.split())


def fill(library: Library, found: Sequence[Document]) -> None:
    """Takes the articles in, batch by batch."""
    for at in range(0, len(found), BATCH):
        with library.writing():
            for document in found[at : at + BATCH]:
                library.put(document, lambda texts: [len(text.split()) for text in texts])


def draft(found: Sequence[Document], chance: random.Random) -> str:
    """About WORDS words that quote QUOTES of the articles, every second one with a word changed."""
    parts = []
    for at, document in enumerate(chance.sample(found, QUOTES)):
        spans = [span for span in sentences(document.text) if 8 <= len(span.of(document.text).split()) <= 25]
        words = chance.choice(spans).of(document.text).replace('"', "'").replace("“", "‘").replace("”", "’").split()
        if at % 2:
            words[len(words) // 2] = "quince"
        parts.append(f"The paper wrote: “{' '.join(words)}” {FILLER}")
    while sum(len(part.split()) for part in parts) < WORDS:
        parts.append(FILLER)
    return "\n\n".join(parts)


def measured(library: Library, text: str) -> tuple[float, float, list[Checked]]:
    """The medians of ROUNDS checks by a new checker each, after one to warm the file's pages; and the last findings."""
    clock, processor, found = [], [], Checker(library).check(text)
    for _ in range(ROUNDS):
        began = time.perf_counter(), time.process_time()
        found = Checker(library).check(text)
        clock.append(time.perf_counter() - began[0])
        processor.append(time.process_time() - began[1])
    return statistics.median(clock), statistics.median(processor), found


def plotted(rows: Sequence[tuple[int, float]], file: Path) -> None:
    """Seconds over articles, as an SVG chart."""
    import leather

    chart = leather.Chart("Seconds to check a draft of 2,000 words, by thousand articles")
    chart.add_line([(size / 1000, seconds) for size, seconds in rows])
    chart.add_dots([(size / 1000, seconds) for size, seconds in rows])
    chart.to_svg(str(file))


def main() -> None:
    """The table, size by size into one library that grows."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("articles", type=Path)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--seed", type=int, default=20261124)
    parser.add_argument("--plot", type=Path)
    given = parser.parse_args()
    path = given.articles / "articles.jsonl" if given.articles.is_dir() else given.articles
    texts = [json.loads(line)["text"] for line in path.read_text(encoding="utf-8").splitlines()]
    chance = random.Random(given.seed)
    lines = [" ".join(span.of(text).split()) for text in texts for span in sentences(text)]
    found = list(articles(lines, max(given.sizes), chance))
    rows: list[tuple[int, float]] = []
    print("| articles | clock, s | processor, s | right | file, MB | filling, s |\n|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        library = Library(Path(folder), create=True)
        for size in sorted(given.sizes):
            began = time.perf_counter()
            fill(library, found[rows[-1][0] if rows else 0 : size])
            filling = time.perf_counter() - began
            clock, processor, verdicts = measured(library, draft(found[:size], random.Random(given.seed + size)))
            rows.append((size, clock))
            right = sum(one.ok != ("quince" in one.quote) for one in verdicts)
            megabytes = sum(file.stat().st_size for file in Path(folder).iterdir()) / 1e6
            told = f"{right} of {len(verdicts)} | {megabytes:.0f} | {filling:.0f}"
            print(f"| {size:,} | {clock:.2f} | {processor:.2f} | {told} |", flush=True)
    if given.plot:
        plotted(rows, given.plot)


if __name__ == "__main__":
    main()
