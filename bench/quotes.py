"""How well ``qa check`` and ``qa verify`` tell honest quotations from altered ones: python bench/quotes.py ARTICLES.

Quotations are taken from real articles (a folder with articles.jsonl, or the file itself). Some are changed by rule, as a
careless or dishonest writer would; others as an honest one may. Each is put into a draft of its own and judged against a
library of all the articles. Printed: by rule, how many were judged rightly; the wrong ones with --show.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from altered import Case, Maker

from qa.check import Checker
from qa.library import Library
from qa.rows import sha256_of
from qa.types import Document
from qa.verdicts import Cited
from qa.verify import Verifier


def draft(case: Case, chance: random.Random) -> str:
    """The quotation in a sentence of a draft."""
    if case.speaker:
        return chance.choice([f"“{case.quote},” said {case.speaker}.", f"{case.speaker} said: “{case.quote}.”"])
    straight, curled = '"' in case.quote, bool(re.search("[“”]", case.quote))
    marks = ["«»"] if straight and curled else ["“”", "«»"] if straight else ['""', "«»"] if curled else ["“”", '""', "„“", "«»"]
    opener, closer = chance.choice(marks)
    return f"The report put it like this: {opener}{case.quote}{closer}. Nothing else was said."


def judged(case: Case, checker: Checker, chance: random.Random) -> tuple[bool, str]:
    """Whether the verdict is right, and what it was."""
    text = draft(case, chance)
    found = checker.check(text)
    told = "; ".join(f"{one.verdict} ({one.warning})" for one in found) or "no quotation"
    if case.hides:
        return bool(found) and all(one.verdict == "elided" and one.warning for one in found), told
    if case.honest:
        return bool(found) and all(one.ok for one in found), told
    return any(not one.ok for one in found), told


def swapped(
    texts: Sequence[str], ids: Sequence[str], verifier: Verifier, maker: Maker, each: int
) -> Iterator[tuple[bool, str, str]]:
    """Citations whose words stand in another article than they say."""
    for sentence in maker.chance.sample(maker.sentences, each):
        homes = [at for at, text in enumerate(texts) if sentence in text]
        at = maker.chance.choice([at for at in range(len(texts)) if at not in homes])
        start = maker.chance.randrange(max(1, len(texts[at]) - len(sentence)))
        cited = Cited("bench", 1, ids[at], sha256_of(texts[at]), 1, start, start + len(sentence), sentence, "", "")
        found = verifier.verify(cited)
        yield found.verdict == "misattributed" and found.article_id in {ids[one] for one in homes}, sentence, found.verdict


def main() -> None:
    """The table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("articles", type=Path)
    parser.add_argument("--seed", type=int, default=20261124)
    parser.add_argument("--each", type=int, default=160)
    parser.add_argument("--show", action="store_true")
    given = parser.parse_args()
    path = given.articles / "articles.jsonl" if given.articles.is_dir() else given.articles
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    with tempfile.TemporaryDirectory() as folder:
        library = Library(Path(folder), create=True)
        with library.writing():
            for row in rows:
                document = Document(row["text"], row["id"], id=row["id"], title=row["title"])
                library.put(document, lambda texts: [len(text.split()) for text in texts])
        texts, ids = [row["text"] for row in rows], [row["id"] for row in rows]
        maker, checker, chance = Maker(texts, given.seed), Checker(library), random.Random(given.seed)
        right, total = Counter[str](), Counter[str]()
        kinds: dict[str, str] = {}
        wrong: dict[str, list[str]] = defaultdict(list)
        for case in maker.cases(given.each):
            kinds[case.rule] = "warned" if case.hides else "honest" if case.honest else "altered"
            ok, told = judged(case, checker, chance)
            total[case.rule] += 1
            right[case.rule] += ok
            if not ok:
                wrong[case.rule].append(f"{case.quote!r} ({case.speaker}) -> {told}")
        kinds["another article (verify)"] = "altered"
        for ok, sentence, told in swapped(texts, ids, Verifier(library), maker, given.each):
            total["another article (verify)"] += 1
            right["another article (verify)"] += ok
            if not ok:
                wrong["another article (verify)"].append(f"{sentence!r} -> {told}")
    report(kinds, right, total, wrong if given.show else {}, given.seed)


def report(kinds: dict[str, str], right: Counter[str], total: Counter[str], wrong: dict[str, list[str]], seed: int) -> None:
    """By rule, and over all."""
    print(f"| kind | rule | cases | right |\n|---|---|---|---|  (seed {seed})")
    for rule, kind in sorted(kinds.items(), key=lambda pair: pair[1]):
        print(f"| {kind} | {rule} | {total[rule]} | {right[rule]} |")
        for line in wrong.get(rule, []):
            print(f"    {line}")
    for kind, name in (("altered", "detection"), ("honest", "false alarms"), ("warned", "hidden words warned about")):
        rules = [rule for rule, one in kinds.items() if one == kind]
        cases, hits = sum(total[rule] for rule in rules), sum(right[rule] for rule in rules)
        print(f"{name}: {(cases - hits if kind == 'honest' else hits) / max(1, cases):.4f} of {cases}")


if __name__ == "__main__":
    main()
