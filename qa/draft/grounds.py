"""Why the extractive drafter chose a sentence, in words: its place, what the reader made of it, what was demanded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from qa.draft.closely import around
from qa.draft.demands import Demand, demands, met, told
from qa.draft.features import Scene
from qa.draft.interface import Statistics
from qa.draft.rank import chances, observed
from qa.draft.reader import Reader
from qa.draft.words import Words
from qa.types import Citation, Passage

_WHERE = {
    "sentence": "in the quote",
    "speaker": "by who speaks in it",
    "neighbour": "in the sentence beside it",
    "title": "in the title",
    "date": "by the date of publication",
    "article": "elsewhere in the article only",
    "": "nowhere in the article",
}


def grounds(
    question: str,
    passages: Sequence[Passage],
    citation: Citation,
    words: Words,
    statistics: Statistics,
) -> Iterator[str]:
    """A line for each thing that speaks for or against the sentence cited, from ranking the passages anew."""
    scene = Scene(question, passages, statistics)
    article, start = citation.article, citation.span.start
    here = [
        at for at, one in enumerate(scene.sentences) if one.article.id == article.id and one.span.start <= start < one.span.end
    ]
    if not here:
        yield "order: its sentence is no longer among those that were found"
        return
    seen = observed(scene, words, Reader(words))
    if here[0] not in seen.chosen:
        yield f"order: not among the {len(seen.chosen)} of {len(scene.sentences)} sentences that were read closely"
        return
    row, shares = seen.chosen.index(here[0]), chances(seen)
    place = int(np.sum(shares > shares[row])) + 1
    yield f"order: {place} of the {len(seen.chosen)} read closely, out of {len(scene.sentences)} sentences found"
    yield f"chance of being the best of them: {shares[row]:.0%}"
    yield f"read in its paragraph, the bundled reader gives it {seen.column('read_alone')[row]:.0%} that it answers"
    (setting,) = around(scene, [here[0]])
    for one in demands(question):
        found = met(one, setting)
        other = f" (there it is “{found.instead}”)" if found.instead else ""
        yield f"asked for {_wanted(one)}: {_WHERE[found.where]}{other}"


def _wanted(demand: Demand) -> str:
    kinds = {"speaker": f"words said by “{told(demand)}”", "someone": "whoever said it"}
    return kinds.get(demand.kind, f"“{told(demand)}”")
