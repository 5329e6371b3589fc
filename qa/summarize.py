"""The extractive summary: the sentences that say the most of one article or topic and repeat the least.

A sentence's worth is a weighted sum of: its place (news leads with what matters), its centrality (the eigenvector of the graph
of sentence likeness: LexRank, Erkan and Radev 2004, over sentence vectors instead of tf-idf), its likeness to the title and,
where there is one, to the topic; less what makes a sentence stand badly by itself. Sentences are then taken one after the
other, each time the one whose worth less its likeness to those taken is highest (MMR: Carbonell and Goldstein 1998).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby
from typing import Final

import numpy as np
from numpy.typing import NDArray

from qa.draft.interface import Draft, DraftClaim, Reference
from qa.text import words
from qa.types import Sentence
from vectorstore.types import Vectors

Embed = Callable[[Sequence[str]], Vectors]
"""One vector of length 1 for each text."""
_Scores = NDArray[np.float32]

CANDIDATES: Final = 480
"""Sentences that are weighed at most: the first half of them from the start, the others spread evenly over the rest."""
RELEVANT: Final = 0.3
"""Cosine to the topic under which a sentence is not about it."""
