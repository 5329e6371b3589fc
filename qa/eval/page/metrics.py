"""Each metric in plain words: what it is called on the page, what it tells, and which way is better."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

_CUT: Final = re.compile(r"@(\d+)")


@dataclass(frozen=True, slots=True)
class Metric:
    """One line of the table."""

    name: str
    """As the records call it."""
    label: str
    told: str
    """One sentence for a reader who has never met it."""
    better: int = 1
    """1 where more is better, -1 where less is, 0 where neither is."""
    digits: int = 3


@dataclass(frozen=True, slots=True)
class Group:
    """Metrics that answer one question about the answers."""

    title: str
    metrics: tuple[Metric, ...]


MAIN: Final = (
    *"hit@1 hit@3 sentence_f1 word_f1 token_f1 contains_lenient recall@10 all_evidence@10".split(),
    *"auroc aurc ece citations_exact seconds_median".split(),
)
"""What stands open on the page; where the data has no marked evidence, the part of it that can be told."""

_GROUPS: Final[dict[str, tuple[Metric, ...]]] = {
    "Is it the right place?": (
        Metric(
            "hit@",
            "Right place among the first {k}",
            "Share of answerable questions where one of the first {k} cited places is evidence.",
        ),
        Metric(
            "claim_hit@",
            "Right place in the first {k} claims",
            "Share of answerable questions where one of the first {k} claims cites evidence.",
        ),
        Metric(
            "sentence_precision",
            "Sentences, precision",
            "Of the sentences cited, the share that is evidence; told only where something was cited.",
        ),
        Metric("sentence_recall", "Sentences, recall", "Of the sentences that are evidence, the share that was cited."),
        Metric("sentence_f1", "Sentences, F1", "Cited and evidence sentences compared: 1 when they are the same ones."),
        Metric("char_precision", "Characters, precision", "Of the characters cited, the share that is evidence."),
        Metric("char_recall", "Characters, recall", "Of the characters that are evidence, the share that was cited."),
        Metric("char_f1", "Characters, F1", "Cited and evidence text compared character by character."),
        Metric("word_precision", "Words, precision", "Of the words cited, the share that is evidence."),
        Metric("word_recall", "Words, recall", "Of the words that are evidence, the share that was cited."),
        Metric("word_f1", "Words, F1", "Cited and evidence text compared word by word."),
        Metric(
            "word_f1_micro",
            "Words, F1, all at once",
            "The same over the words of all answers together, so that long ones weigh more.",
        ),
        Metric(
            "cited_length",
            "Length cited",
            "Characters cited for each character of evidence: 1 is as long as the evidence itself.",
            0,
            2,
        ),
    ),
    "Is it the right answer?": (
        Metric(
            "exact_match",
            "Exact match",
            "Share of answers that are one of the right wordings, but for case, articles and punctuation.",
        ),
        Metric(
            "token_f1", "Words shared with the answer", "Overlap of the answer's words with the best right wording (SQuAD F1)."
        ),
        Metric("token_f1@", "Words shared, first {k} claim", "The same for the first {k} claim alone."),
        Metric(
            "contains_strict",
            "Answer stands in it, strictly",
            "Share of answers in which a right wording stands as it is, as whole words.",
        ),
        Metric(
            "contains_lenient",
            "Answer stands in it",
            "Share of answers that hold every telling word of a right wording, in any order.",
        ),
        Metric("rouge_l", "ROUGE-L", "Longest run of words in common order with the best right wording."),
    ),
    "Was it found at all?": (
        Metric("recall@", "Evidence in the first {k} passages", "Share of the evidence that the first {k} passages hold."),
        Metric(
            "all_evidence@",
            "All evidence in the first {k}",
            "Share of questions whose evidence is complete within the first {k} passages.",
        ),
        Metric("mrr", "First passage with evidence (MRR)", "1 when it comes first, one half when second, and so on."),
        Metric(
            "ndcg@",
            "Order of the first {k} passages",
            "Passages with evidence weigh more the higher they stand (nDCG); 1 is the best order.",
        ),
        Metric("article_recall@", "Articles in the first {k}", "Share of the right articles among those of the first {k}."),
        Metric("article_mrr", "First right article (MRR)", "1 when it comes first, one half when second, and so on."),
        Metric("article_ndcg@", "Order of the first {k} articles", "The same weighing for articles (nDCG)."),
    ),
    "Does it know when to be silent?": (
        Metric(
            "auroc",
            "Tells answerable from not (AUROC)",
            "Chance that an answerable question gets more confidence than one that has no answer; 0.5 is a coin.",
        ),
        Metric(
            "auroc_right",
            "Tells right from wrong (AUROC)",
            "Chance that a right answer gets more confidence than any other; 0.5 is a coin.",
        ),
        Metric(
            "aurc",
            "Risk over coverage, area",
            "Mean share of wrong answers as ever less sure ones are given. Less is better.",
            -1,
        ),
        Metric("ece", "Calibration error", "How far stated confidence lies from the share that is right. Less is better.", -1),
        Metric(
            "ece_answered",
            "Calibration error, answers alone",
            "The same over the questions that were answered. Less is better.",
            -1,
        ),
        Metric("brier", "Brier score", "Mean squared gap between stated confidence and what came of it. Less is better.", -1),
        Metric("refusal_precision", "Refusals, precision", "Of the questions refused, the share that has no answer."),
        Metric("refusal_recall", "Refusals, recall", "Of the questions without an answer, the share that was refused."),
        Metric("refusal_f1", "Refusals, F1", "Precision and recall of refusals in one figure."),
    ),
    "Does every quote stand?": (
        Metric(
            "citations_exact",
            "Quotes exact to the character",
            "Share of citations whose words stand in the article at their very place. Anything below 1 is a fault.",
        ),
        Metric("claims_supported", "Claims supported", "Share of claims that the cited words were found to support."),
        Metric(
            "unsupported_shown",
            "Unsupported claims shown",
            "Claims on show that the cited words do not support. Less is better.",
            -1,
        ),
    ),
    "What does it cost?": (
        Metric("seconds_median", "Seconds, median", "Time for one question; half take less.", -1),
        Metric("seconds_p95", "Seconds, 95th percentile", "Nineteen of twenty questions take less.", -1),
        Metric("seconds", "Seconds, mean", "Time for one question.", -1),
        Metric("tokens", "Tokens", "Sent to and from a language model for one question.", -1, 0),
    ),
}
_OTHERS: Final = "Other figures"


def grouped(names: Iterable[str]) -> list[Group]:
    """The metrics called ``names`` under their groups, in the page's order; those it has no words for come last."""
    left = dict.fromkeys(names)
    groups = []
    for title, known in _GROUPS.items():
        found = [worded(metric, name) for metric in known for name in left if _is(metric, name)]
        if found:
            groups.append(Group(title, tuple(found)))
        for metric in found:
            left.pop(metric.name, None)
    if left:
        groups.append(Group(_OTHERS, tuple(Metric(name, name, "", 0) for name in left)))
    return groups


def _is(metric: Metric, name: str) -> bool:
    return _CUT.sub("@", name) == metric.name


def worded(metric: Metric, name: str) -> Metric:
    """``metric`` with the cut-off of ``name`` in its words."""
    cut = _CUT.search(name)
    k = cut.group(1) if cut else ""
    label, told = (_singular(text.format(k=k)) for text in (metric.label, metric.told))
    return Metric(name, label, told, metric.better, metric.digits)


def _singular(text: str) -> str:
    """``text`` without the number and plural where the first of one is meant."""
    one = re.sub(r"among the first 1\b", "first", text)
    one = re.sub(r"one of the first 1 (cited place|claim)s?", r"the first \1", one)
    one = re.sub(r"the first 1 (passage|claim)s? (hold|cite)\b", r"the first \1 \2s", one)
    return re.sub(r"\bfirst 1( passage| claim| article)?s?\b", r"first\1", one)
