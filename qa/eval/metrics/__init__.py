"""Every figure of an evaluation by name: how tables group them, and which are better small.

``answers``, ``evidence`` and ``retrieval`` say what one answer is worth; ``refusal`` holds what only a whole set of questions
can say; ``sheet`` puts them together for a set, once or for thousands of resamples of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

SECTIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "Answers": ("exact_match", "token_f1", "token_f1@1", "contains_strict", "contains_lenient", "rouge_l"),
    "Evidence": (
        *("hit@1", "hit@2", "hit@3", "claim_hit@1"),
        *("sentence_precision", "sentence_recall", "sentence_f1"),
        *("char_precision", "char_recall", "char_f1"),
        *("word_precision", "word_recall", "word_f1", "word_f1_micro", "cited_length"),
    ),
    "Retrieval": (
        *("recall@1", "recall@5", "recall@10", "all_evidence@5", "all_evidence@10", "mrr", "ndcg@10"),
        *("article_recall@1", "article_recall@5", "article_recall@10", "article_mrr", "article_ndcg@10"),
    ),
    "Refusal": (
        *("refusal_precision", "refusal_recall", "refusal_f1", "auroc", "auroc_right", "aurc"),
        *("ece", "ece_answered", "brier"),
    ),
    "Integrity": ("citations_exact", "claims_supported", "unsupported_shown"),
    "Cost": ("seconds", "seconds_median", "seconds_p95", "tokens"),
}
"""Heading -> metrics, in the order in which tables show them."""

BETTER_SMALL: Final = frozenset(
    {"aurc", "ece", "ece_answered", "brier", "unsupported_shown", "seconds", "seconds_median", "seconds_p95", "tokens"}
)
"""Metrics of which less is better."""

NEUTRAL: Final = frozenset({"cited_length"})
"""Metrics that describe and do not judge."""
