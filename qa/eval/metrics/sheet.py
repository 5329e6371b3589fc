"""The figures of a whole set of questions, as it is or for many resamples of it at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from qa.eval.metrics.evidence import Texts, distinct, shared_words
from qa.eval.metrics.refusal import Flags, Floats, aurc, auroc, ece
from qa.eval.types import Row

RIGHT, WRONG, REFUSED, ANSWERED = "right", "wrong", "refused", "answered"


def right(row: Row) -> bool | None:
    """Whether the answer is right: its first citation is gold, or, where no evidence is known, ``contains_lenient`` holds.

    A refusal never is, nor an answer to what cannot be answered: this is what ``confidence`` is a probability of. None where
    the data knows neither evidence nor answers.
    """
    if not row.case.answerable or not row.outcome.answered:
        return False
    value = row.values.get("hit@1", row.values.get("contains_lenient"))
    return None if value is None else bool(value)


def state(row: Row) -> str:
    """How it went: ``right``, ``wrong`` or ``refused``; ``answered`` where there is no telling."""
    if not row.outcome.answered:
        return REFUSED
    told = right(row)
    return ANSWERED if told is None else RIGHT if told else WRONG


class Sheet:
    """Rows as arrays: every metric is a quotient of two sums over the questions, or is made from confidence and ``right``."""

    def __init__(self, rows: Sequence[Row], texts: Texts) -> None:
        self._n = len(rows)
        self._sums: dict[str, tuple[Floats, Floats]] = {}
        told = [right(row) for row in rows]
        self.confidence: Floats = np.array([row.outcome.confidence for row in rows], float)
        self.right: Flags = np.array([bool(one) for one in told], bool)
        self.known: Flags = np.array([one is not None for one in told], bool)
        self._answerable: Flags = np.array([row.case.answerable for row in rows], bool)
        self._answered: Flags = np.array([row.outcome.answered for row in rows], bool)
        for name in dict.fromkeys(name for row in rows for name in row.values):
            self._mean(name, [row.values.get(name) for row in rows])
        self._pool(rows, texts)
        self._refusals()

    def whole(self) -> dict[str, float]:
        """Metric -> its value over all questions; one with nothing to say is absent."""
        found = self.figures(np.ones((self._n, 1)))
        return {name: float(value[0]) for name, value in found.items() if np.isfinite(value[0])}

    def figures(self, copies: Floats) -> dict[str, Floats]:
        """Metric -> one value for each column of ``copies`` (how often each question counts); nan where it says nothing."""
        if not self._n:
            return {}
        above, below = (np.stack(parts) @ copies for parts in zip(*self._sums.values(), strict=True))
        values = np.divide(above, below, out=np.full(above.shape, np.nan), where=below > 0)
        return {name: values[at] for at, name in enumerate(self._sums)} | self._curves(copies)

    def counts(self) -> dict[str, int]:
        """Metric -> over how many questions it speaks."""
        known = int(self.known.sum())
        return {name: int((below > 0).sum()) for name, (_, below) in self._sums.items()} | {
            "auroc": self._n,
            "auroc_right": known,
            "aurc": known,
            "ece": known,
            "ece_answered": int((self.known & self._answered).sum()),
        }

    def _curves(self, copies: Floats) -> dict[str, Floats]:
        judged = copies * self.known[:, None]
        return {
            "auroc": auroc(self.confidence, self._answerable, copies),
            "auroc_right": auroc(self.confidence, self.right, judged),
            "aurc": aurc(self.confidence, self.right, judged),
            "ece": ece(self.confidence, self.right, judged),
            "ece_answered": ece(self.confidence, self.right, judged * self._answered[:, None]),
        }

    def _mean(self, name: str, values: Iterable[float | None]) -> None:
        pairs = [(0.0, 0.0) if value is None else (value, 1.0) for value in values]
        self._sum(name, pairs)

    def _sum(self, name: str, pairs: Sequence[tuple[float, float]]) -> None:
        """A metric that is the sum of the first over the sum of the second; left out where it says nothing at all."""
        above, below = np.array(pairs, float).T
        if below.any():
            self._sums[name] = above, below

    def _pool(self, rows: Sequence[Row], texts: Texts) -> None:
        """Shares over all citations and claims of the set, and the words of all answers together."""
        if not rows:
            return
        outcomes = [row.outcome for row in rows]
        claims = [len(one.support) for one in outcomes]
        for name, verdict in (("claims_supported", "supported"), ("unsupported_shown", "unsupported")):
            self._sum(name, [(one.support.count(verdict), count) for one, count in zip(outcomes, claims, strict=True)])
        self._sum("citations_exact", [(sum(cited.exact for cited in one.citations), len(one.citations)) for one in outcomes])
        words = []
        for row in rows:
            places = distinct(cited.place for cited in row.outcome.citations) if row.outcome.answered else []
            golds = row.case.evidence if row.case.answerable else ()
            both, cited, gold = shared_words(places, golds, texts) if golds else (0, 0, 0)
            words.append((2 * both, cited + gold))
        self._sum("word_f1_micro", words)

    def _refusals(self) -> None:
        """Precision, recall and F1 of refusing; silent where every question can be answered."""
        if self._answerable.all():
            return
        refused, due = ~self._answered * 1.0, ~self._answerable * 1.0
        for name, above, below in (
            ("refusal_precision", refused * due, refused),
            ("refusal_recall", refused * due, due),
            ("refusal_f1", 2 * refused * due, refused + due),
        ):
            self._sum(name, list(zip(above, below, strict=True)))
