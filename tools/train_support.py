"""Learns the numbers in ``qa/support/weights.py`` and prints how well the check does on claims it was not learned from.

    python tools/train_support.py CLAIMS.jsonl [--sample 6000] [--write]

Each line holds ``claim``, ``evidence``, ``label`` (``supported``, ``refuted`` or ``neutral``), ``source`` and perhaps ``page``,
the title of the page that the evidence is from; without one, the capitals that the claim begins with stand for the title.
Half of the titles (by their CRC-32) is learned from, the other half is only reported on.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qa.support import flaws, verdict
from qa.support.flaw import Case, Context, Flaw
from qa.support.score import features, probability
from qa.types import Article, Sentence
from vectorstore.types import Span

WEIGHTS = Path(__file__).parent.parent / "qa" / "support" / "weights.py"
MAY_DROP = 0.03
"""The share of supported claims that a low score alone may drop."""
_RIDGE = 3.0
_TITLE = re.compile(r"(?:(?:The|An?) )?(?:[A-Z0-9(]\S*(?: of the| of| the| and| in| a| de| on| for)?[ ,:]*){1,9}")

Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Example:
    """One judged claim and what the check saw."""

    source: str
    supported: bool
    learned: bool
    flaws: tuple[Flaw, ...]
    features: dict[str, float]


def example(row: dict[str, str]) -> Example:
    """What the check sees of one line."""
    title = (row.get("page") or "").replace("_", " ") or leading(row["claim"])
    article = Article("evidence", 1, row["evidence"], "", "", title, None, None, None, None)
    case = Case(row["claim"], [Sentence(article, Span(0, len(article.text)))], Context())
    found = flaws(case)
    learned = zlib.crc32((title or row["evidence"]).encode()) % 2 == 0
    return Example(row["source"], row["label"] == "supported", learned, tuple(found), features(case, found))


def leading(claim: str) -> str:
    """The capitalised words that ``claim`` begins with."""
    found = _TITLE.match(claim)
    return re.sub(r"['’]s$", "", found.group().strip(" ,:")) if found else ""


def fitted(examples: Sequence[Example]) -> dict[str, float]:
    """The weights of a logistic regression with a ridge, by Newton's method; the intercept has an empty name."""
    names = sorted(examples[0].features)
    table = np.array([[1.0, *(one.features[name] for name in names)] for one in examples])
    truth = np.array([float(one.supported) for one in examples])
    ridge = np.diag([0.0, *[_RIDGE] * len(names)])
    weights: Matrix = np.zeros(len(names) + 1)
    for _ in range(30):
        chance = 1 / (1 + np.exp(-table @ weights))
        slope = table.T @ (truth - chance) - ridge @ weights
        bend = (table * (chance * (1 - chance))[:, None]).T @ table + ridge
        weights = weights + np.linalg.solve(bend, slope)
    return {name: round(float(value), 3) for name, value in zip(["", *names], weights, strict=True)}


def auroc(scores: Sequence[float], truth: Sequence[bool]) -> float:
    """The chance that a supported claim scores above another; ties count half."""
    values = np.array(scores)
    order = np.argsort(np.argsort(values, kind="stable"), kind="stable") + 1.0
    for value in np.unique(values):
        order[values == value] = order[values == value].mean()
    yes = np.array(truth, bool)
    return float((order[yes].sum() - yes.sum() * (yes.sum() + 1) / 2) / max(yes.sum() * (~yes).sum(), 1))


def best_cut(scores: Sequence[float], truth: Sequence[bool], allowed: Sequence[bool]) -> float:
    """The score from which on "supported" has the highest F0.5, where only ``allowed`` ones are told so.

    Precision counts more than recall: doubt about a true claim is told, a false claim without a doubt misleads.
    """
    yes = np.array(truth, bool)
    cuts = np.linspace(0.02, 0.98, 97)
    told = [(np.array(scores) >= cut) & np.array(allowed, bool) for cut in cuts]
    return float(cuts[int(np.argmax([1.25 * (yes & one).sum() / max(0.25 * yes.sum() + one.sum(), 1) for one in told]))])


def shares(told: Sequence[bool], truth: Sequence[bool]) -> str:
    """Precision, recall and F1 of ``told``."""
    one, yes = np.array(told, bool), np.array(truth, bool)
    precision, recall = (float((one & yes).sum() / max(count, 1)) for count in (one.sum(), yes.sum()))
    return f"{precision:.3f} {recall:.3f} {2 * precision * recall / max(precision + recall, 1e-9):.3f}"


def report(name: str, held: Sequence[Example], score: Callable[[Example], float], told: Callable[[Example], str]) -> None:
    """One line: supported P R F1, caught P R F1, AUROC, what is dropped of either kind."""
    truth = [one.supported for one in held]
    verdicts = [told(one) for one in held]
    yes = [one == "supported" for one in verdicts]
    lost = [sum(v == "unsupported" for v, t in zip(verdicts, truth, strict=True) if t is kind) for kind in (True, False)]
    print(
        f"{name:44} {len(held):5}  {shares(yes, truth)}  {shares([not one for one in yes], [not one for one in truth])}  "
        f"{auroc([score(one) for one in held], truth):.3f}  "
        f"{lost[0] / max(sum(truth), 1):.3f} {lost[1] / max(len(held) - sum(truth), 1):.3f}"
    )


def main() -> None:
    """Learns, reports, and writes where asked to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("claims", type=Path)
    parser.add_argument("--sample", type=int, default=10**9)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    rows = [json.loads(line) for line in options.claims.read_text(encoding="utf-8").splitlines()]
    random.Random(3).shuffle(rows)
    examples = [example(row) for row in rows[: options.sample]]
    evaluated(examples, options.write)


def evaluated(examples: Sequence[Example], write: bool) -> None:
    """Fits on one half, prints the other."""
    mine = [one for one in examples if one.learned]
    held = [one for one in examples if not one.learned]
    weights = fitted(mine)
    truth = [one.supported for one in mine]
    scores = [probability(one.features, weights) for one in mine]
    upper = best_cut(scores, truth, [not one.flaws for one in mine])
    lower = float(np.quantile([score for score, yes in zip(scores, truth, strict=True) if yes], MAY_DROP))
    overlap = best_cut([one.features["cover"] for one in mine], truth, [True] * len(mine))
    print(f"{'held-out':44} {'n':>5}  supported: P R F1   caught: P R F1     AUROC  dropped: supported, other")
    for source in ["", *sorted({one.source for one in held})]:
        part = [one for one in held if source in {"", one.source}]
        name = source or "all"
        report(f"{name}: everything supported", part, lambda _: 0.5, lambda _: "supported")
        report(f"{name}: word overlap >= {overlap:.2f}", part, lambda one: one.features["cover"],
               lambda one: "supported" if one.features["cover"] >= overlap else "partly")  # fmt: skip
        report(f"{name}: rules alone", part, lambda one: -len(one.flaws),
               lambda one: verdict(one.flaws, 1.0, upper, lower)[0])  # fmt: skip
        report(f"{name}: rules and score", part, lambda one: probability(one.features, weights),
               lambda one: verdict(one.flaws, probability(one.features, weights), upper, lower)[0])  # fmt: skip
    print(f"cuts: supported from {upper:.2f}, unsupported under {lower:.2f}; {weights}")
    if write:
        body = "\n".join(f'    "{name}": {value},' for name, value in weights.items())
        WEIGHTS.write_text(
            '"""The learned numbers of the support check.\n\nMade by ``python tools/train_support.py CLAIMS.jsonl --write``; '
            "do not edit by hand. Each is the weight of the feature\nit is named after; the empty name is the intercept.\n"
            f'"""\n\nWEIGHTS: dict[str, float] = {{\n{body}\n}}\nSUPPORTED = {upper:.2f}\n'
            '"""From this probability on a claim without a flaw is supported."""\n'
            f'UNSUPPORTED = {lower:.3f}\n"""Under this one a claim is unsupported, whatever the rules say."""\n',
            encoding="utf-8",
        )


if __name__ == "__main__":
    main()
