"""The examples that ``train_reader.py`` learns from: questions beside windows that answer them, and beside some that do not."""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from reader_rows import aside, lines
from tokenizers import BertWordPieceTokenizer

TAKEN = {
    "onestopqa": 1425, "qamr_wikinews": 5000, "qadiscourse_wikinews": 4500, "qasrl_gs_wikinews": 400, "nq_qed_dev": 1156,
    "squadshifts_new_wiki": 7703, "squad1_train_tok": 4844, "squad1_train_para": 4064, "squad1_train_reqa": 2000,
    "squad1_train_qg": 1000, "timeqa_human_train": 1100, "selqa": 2000, "fairytaleqa": 1000, "hotpotqa_sample": 240,
    "qamr_wikipedia": 1000, "constructed": 3500,
}  # fmt: skip
"""Questions of each source."""
TESTED = frozenset("squadshifts_new_wiki nq_qed_dev qamr_wikinews onestopqa constructed".split())
_NAME = re.compile(r"(?<=[a-z,’'] )(?:[A-Z][\w’'-]+)(?: (?:of |de |van |the )?[A-Z][\w’'-]+)*")
_NUMBER = re.compile(r"\b\d[\d,.]*\d\b|\b\d\b")
_MONTH = re.compile(
    r"\b(?:January|February|March|April|May|June|July|August|September|October|November|December|Monday|Tuesday|Wednesday|Thursday"
    r"|Friday|Saturday|Sunday)\b"
)


@dataclass(frozen=True)
class Question:
    """One row of a reader file."""

    id: str
    question: str
    passage: str
    sentences: tuple[tuple[int, int], ...]
    gold: frozenset[int]
    answer: tuple[int, int] | None
    source: str
    title: str
    several: bool


@dataclass(frozen=True)
class Example:
    """What the model sees once."""

    question: str
    title: str
    text: tuple[str, ...]
    """Sentences."""
    gold: frozenset[int]
    """Positions in ``text``; empty where none answers."""
    answer: tuple[int, int, int] | None
    """Sentence, start and end within it of the words that answer."""


def read(files: Sequence[Path]) -> list[Question]:
    """The questions, without those near an evaluation set's articles."""
    found = []
    for path in files:
        for row in lines(path):
            if row.get("eval_article") or row["source"].startswith("squad2"):
                continue
            start = row.get("answer_start")
            answer = (start, start + len(row["answer"])) if start is not None and row["answer"] else None
            doc = str(row.get("doc", "")).removeprefix("/wiki/")
            title = "" if ":" in doc or "-" in doc else doc.replace("_", " ")
            source = "constructed" if row.get("constructed") else row["source"]
            sentences = tuple((start, end) for start, end in row["sentences"])
            gold, several = frozenset(row["gold"]), bool(row.get("multi_sentence"))
            found.append(Question(row["id"], row["question"], row["passage"], sentences, gold, answer, source, title, several))
    return found


def chosen(rows: Sequence[Question], seed: int) -> tuple[list[Question], list[Question]]:
    """Those to learn from, by TAKEN, and 600 of those kept aside."""
    tests, kept = [], []
    counts: dict[str, int] = {}
    shuffled = sorted(rows, key=lambda one: hashlib.sha256(f"{seed}{one.id}".encode()).digest())
    for row in shuffled:
        if aside(row.passage):
            if len(tests) < 600 and row.source in TESTED:
                tests.append(row)
            continue
        if counts.get(row.source, 0) < TAKEN.get(row.source, 0):
            counts[row.source] = counts.get(row.source, 0) + 1
            kept.append(row)
    return kept, tests


class Strangers:
    """For a question the passage of other questions that shares most words with it."""

    def __init__(self, rows: Sequence[Question]) -> None:
        from sklearn.feature_extraction.text import TfidfVectorizer

        self.passages = list({row.passage: row for row in rows}.values())
        self.vectorizer = TfidfVectorizer(sublinear_tf=True, stop_words="english", dtype=np.float32)
        self.matrix = self.vectorizer.fit_transform([row.passage for row in self.passages])

    def near(self, row: Question, draw: random.Random) -> Question | None:
        """One of the five nearest without the answer's words; None where there is none."""
        scores = (self.matrix @ self.vectorizer.transform([row.question]).T).toarray().ravel()
        words = row.passage[slice(*row.answer)].lower() if row.answer else None
        near = [self.passages[at] for at in np.argsort(-scores)[:8] if scores[at] > 0.1]
        near = [one for one in near if one.passage != row.passage and not (words and words in one.passage.lower())]
        near = [one for one in near if not one.title or one.title != row.title]
        return draw.choice(near[:5]) if near and words else None


def swapped(row: Question, draw: random.Random) -> str | None:
    """The question with a name, number or day replaced by another one of the passage (or a number changed); None without any."""
    question = row.question
    for pattern in draw.sample([_NAME, _NUMBER, _MONTH], 3):
        places = list(pattern.finditer(question))
        if not places:
            continue
        place = draw.choice(places)
        others = {one.group() for one in pattern.finditer(row.passage)} - {one.group() for one in places}
        others = {one for one in others if one not in question and place.group() not in one and one.split()[-1] not in question}
        if row.answer:
            others = {one for one in others if one not in row.passage[slice(*row.answer)]}
        other = draw.choice(sorted(others)) if others else None
        if other is None and pattern is _NUMBER and place.group().isdigit():
            other = str(int(place.group()) + draw.choice([-7, -3, -1, 1, 2, 5, 10]))
        if other and other != place.group():
            return question[: place.start()] + other + question[place.end() :]
    return None


def window(row: Question, count: Counter, draw: random.Random, *, gold: bool) -> Example | None:
    """Neighbouring sentences of the passage, with the gold ones or (where it can be) without any."""
    texts = [row.passage[start:end] for start, end in row.sentences]
    lengths = [count(text) for text in texts]
    room = draw.choice([80, 110, 140, 170])
    if gold and row.gold:
        first = draw.choice(sorted(row.gold))
    else:
        free = [at for at in range(len(texts)) if at not in row.gold]
        if not free:
            return None
        first = draw.choice(free)
    low = high = first
    used = lengths[first]
    barred = row.gold if not gold else frozenset()
    for _ in range(draw.choice([0, 1, 2, 3, 4, 6, 9])):
        options = [at for at in (low - 1, high + 1) if 0 <= at < len(texts) and at not in barred and used + lengths[at] <= room]
        if not options:
            break
        at = draw.choice(options)
        used += lengths[at]
        low, high = min(low, at), max(high, at)
    inside = range(low, high + 1)
    answer = None
    if gold and row.answer:
        answer = next(
            ((at - low, max(row.answer[0] - row.sentences[at][0], 0), row.answer[1] - row.sentences[at][0])
             for at in inside if at in row.gold and row.sentences[at][0] <= row.answer[0] < row.sentences[at][1]), None
        )  # fmt: skip
    return Example(
        row.question, row.title if draw.random() < 0.7 else "", tuple(texts[low : high + 1]),
        frozenset(at - low for at in inside if at in row.gold), answer,
    )  # fmt: skip


class Counter:
    """Tokens of a text, remembered."""

    def __init__(self, tokenizer: BertWordPieceTokenizer) -> None:
        self.tokenizer, self.kept = tokenizer, {}  # type: ignore[var-annotated]

    def __call__(self, text: str) -> int:
        """How many, special ones left out."""
        if text not in self.kept:
            self.kept[text] = len(self.tokenizer.encode(text).ids) - 2
        return self.kept[text]


def examples(rows: Sequence[Question], count: Counter, seed: int) -> list[Example]:
    """One or two examples a question: its window; and, for some, one without the answer or a question that is none of it."""
    draw = random.Random(seed)
    strangers = Strangers(rows)
    out = []
    for row in rows:
        one = window(row, count, draw, gold=True)
        if one:
            out.append(one)
        if not row.gold or row.several:
            continue
        chance = draw.random()
        other = None
        if chance < 0.22:
            other = window(row, count, draw, gold=False)
        elif chance < 0.42:
            question = swapped(row, draw)
            if question and one:
                other = Example(question, one.title, one.text, frozenset(), None)
        elif chance < 0.52:
            stranger = strangers.near(row, draw)
            bare = window(stranger, count, draw, gold=True) if stranger else None
            if bare:
                other = Example(row.question, bare.title, bare.text, frozenset(), None)
        if other:
            out.append(other)
    draw.shuffle(out)
    return out
