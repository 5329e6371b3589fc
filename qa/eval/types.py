"""What passes between the rooms of an evaluation: frozen values, one for each idea."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from qa.types import Usage
from vectorstore.types import Span


@dataclass(frozen=True, slots=True)
class Place:
    """Words at their place in an article."""

    article: str
    """The article's id."""
    span: Span
    """Code points, half-open."""
    quote: str
    """The words there, as the data or the record states them."""


@dataclass(frozen=True, slots=True)
class Case:
    """One golden question."""

    id: str
    question: str
    answers: tuple[str, ...]
    """Wordings that are right; empty where the question cannot be answered."""
    answerable: bool
    evidence: tuple[tuple[Place, ...], ...]
    """Complete sets of evidence, each as good as the first; empty where none is known."""
    gold_articles: tuple[str, ...]
    """Ids of the articles that hold the evidence, or that the data names where it marks no words."""
    kind: str | None = None
    """The data's own type of question, by which figures are grouped."""
    since: str | None = None
    until: str | None = None
    """The days, as ISO dates, that the question is narrowed to."""


@dataclass(frozen=True, slots=True)
class Cited:
    """One citation of an answer as its record states it."""

    place: Place
    claim: int
    """Position of the first claim that uses it, from 0."""
    exact: bool
    """Whether the article's text has exactly this quote at this place."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was answered to one case, and from what."""

    answered: bool
    reason: str | None
    message: str | None
    confidence: float
    """Probability of a right answer, as the drafter states it; it is given when not answered, too."""
    claims: tuple[str, ...]
    """Their texts, best first."""
    support: tuple[str, ...]
    """The verdict on each claim: ``supported``, ``partly`` or ``unsupported``."""
    dropped: int
    """Claims that were proposed and not shown."""
    citations: tuple[Cited, ...]
    """In the order of their numbers."""
    passages: tuple[Place, ...]
    """What was retrieved, best first."""
    seconds: float
    """All parts together."""
    usage: Usage = field(default_factory=Usage)


@dataclass(frozen=True, slots=True)
class Source:
    """An article that evidence or citations stand in."""

    text: str
    sentences: tuple[Span, ...]
    """Its sentences, in order."""
    title: str = ""
    source: str | None = None
    published: str | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One case, what was answered, and what that is worth."""

    case: Case
    outcome: Outcome
    values: Mapping[str, float]
    """Metric -> its value for this question; a metric that says nothing about this question is absent."""


@dataclass(frozen=True, slots=True)
class Bin:
    """One bar of a reliability diagram."""

    low: float
    high: float
    count: int
    confidence: float
    """Mean stated probability of the answers in it; 0 where there is none."""
    right: float
    """Share of them that were right; 0 where there is none."""


@dataclass(frozen=True, slots=True)
class Scores:
    """One drafter over one data set."""

    name: str
    """The drafter."""
    rows: tuple[Row, ...]
    """In the questions' order."""
    figures: Mapping[str, float]
    """Metric -> its value over all questions it says something about."""
    counts: Mapping[str, int]
    """Metric -> over how many questions."""
    groups: Mapping[str, Mapping[str, float]]
    """Type of question -> metric -> value; empty where the data names no types."""
    curve: tuple[tuple[float, float], ...]
    """Risk-coverage: share of the questions answered, and the share of those answered wrong, most confident first."""
    bins: tuple[Bin, ...]


@dataclass(frozen=True, slots=True)
class Run:
    """An evaluation as its folder keeps it."""

    data: str
    """The name of what it was run on."""
    digest: str
    """SHA-256 over the questions and the articles' texts: runs with another one cannot be compared."""
    scores: Sequence[Scores]
    """The drafter that was evaluated first, then the baselines."""
    sources: Mapping[str, Source]
    """Article id -> the article, for each that evidence, citations or passages name."""
    settings: Mapping[str, str]
    """What else decided the result: model, prompt, embedder, passages, version."""
