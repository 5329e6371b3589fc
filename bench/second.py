"""How much a model's second opinion adds to the rules that judge claims.

    python bench/second.py CLAIMS.jsonl --model openai:NAME [--limit 80] [--seed 5]

CLAIMS is what ``tools/train_support.py`` takes; only lines of the half that it does not learn from are judged, as many supported
as other ones. Printed: precision and recall of "supported" and of "caught" (less than supported), for the rules, for the model
alone, and for both, where the model may only lower what the rules say.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import zlib
from collections.abc import Sequence
from pathlib import Path

from prompts import load
from qa.llm import Options, open_model
from qa.support import RANKS, Context, support
from qa.support.second import Second
from qa.types import Article, Sentence
from vectorstore.types import Span

sys.path.insert(0, str(Path(__file__).parent.parent / "tools"))
from train_support import leading, shares


def title(row: dict[str, str]) -> str:
    """What stands for the title of the page that the evidence is from."""
    return (row.get("page") or "").replace("_", " ") or leading(row["claim"])


def sample(path: Path, limit: int, seed: int) -> list[dict[str, str]]:
    """Held-out lines in random order, half of them supported."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    held = [row for row in rows if zlib.crc32((title(row) or row["evidence"]).encode()) % 2]
    random.Random(seed).shuffle(held)
    kinds = [[row for row in held if (row["label"] == "supported") is kind][: limit // 2] for kind in (True, False)]
    return [row for pair in zip(*kinds, strict=False) for row in pair]


def report(name: str, verdicts: Sequence[str], truth: Sequence[bool]) -> None:
    """One line: supported P R F1, caught P R F1, what is dropped of either kind."""
    yes = [one == "supported" for one in verdicts]
    lost = [sum(v == "unsupported" for v, t in zip(verdicts, truth, strict=True) if t is kind) for kind in (True, False)]
    caught = shares([not one for one in yes], [not one for one in truth])
    print(f"{name:18} supported {shares(yes, truth)}  caught {caught}  dropped {lost[0]} true, {lost[1]} other")


def main() -> None:
    """Asks, and prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("claims", type=Path)
    parser.add_argument("--model", required=True)
    parser.add_argument("--limit", type=int, default=80)
    parser.add_argument("--seed", type=int, default=5)
    options = parser.parse_args()
    second = Second(open_model(options.model, Options(timeout=300.0)), load("check/v1"), print)
    truth, rules, said, both = [], [], [], []
    for row in sample(options.claims, options.limit, options.seed):
        article = Article("evidence", 1, row["evidence"], "", "", title(row), None, None, None, None)
        cited = [Sentence(article, Span(0, len(article.text)))]
        one = support(row["claim"], cited, Context()).verdict
        other = second.opinion(row["claim"], cited).verdict or one
        truth.append(row["label"] == "supported")
        rules.append(one)
        said.append(other)
        both.append(min(one, other, key=RANKS.index))
    print(f"{len(truth)} claims, {sum(truth)} of them supported")
    for name, verdicts in (("rules", rules), ("model", said), ("rules and model", both)):
        report(name, verdicts, truth)


if __name__ == "__main__":
    main()
