"""Answers as an evaluation's folder keeps them, one record a line, and what is read back from there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from qa.eval.golden import Entry
from qa.eval.types import Bin, Case, Cited, Outcome, Place, Row, Run, Scores, Source
from qa.render.data import Record, answer_record
from qa.types import Answer, Usage
from vectorstore.types import Span

METRICS: Final = "groundwire/metrics/1"


def record(id: str, answer: Answer) -> Record:
    """The answer record of one golden question: ``groundwire/answer/1`` with its ``id`` and the ``passages`` that were read."""
    passages: list[Record] = [
        {
            "article_id": one.article.id,
            "start": one.span.start,
            "end": one.span.end,
            "score": float(one.score),
            "similarity": float(one.similarity),
        }
        for one in answer.passages
    ]
    return {"id": id, **answer_record(answer), "passages": [*passages]}


def outcome(entry: Entry, sources: Mapping[str, Source]) -> Outcome:
    """What a record says was answered; whether a citation is exact is looked up in ``sources``, not believed.

    Raises UsageError with file and line for a record that is not one.
    """
    claims = entry.entries("claims")
    used: dict[int, int] = {}
    for at, claim in enumerate(claims):
        for number in claim.wholes("citations"):
            used.setdefault(number, at)
    usage, seconds = entry.entry("usage"), entry.entry("seconds")
    return Outcome(
        answered=bool(entry.flag("answered")),
        reason=entry.text("reason"),
        message=entry.text("message"),
        confidence=entry.number("confidence"),
        claims=tuple(claim.needed("text") for claim in claims),
        support=tuple(claim.needed("support") for claim in claims),
        dropped=len(entry.entries("dropped")),
        citations=tuple(_cited(one, used, sources) for one in entry.entries("citations")),
        passages=tuple(_place(one, sources) for one in entry.entries("passages")),
        seconds=sum(seconds.number(part) for part in seconds.fields),
        usage=Usage(usage.whole("input_tokens") or 0, usage.whole("output_tokens") or 0),
    )


def named(entry: Entry) -> set[str]:
    """Ids of the articles that a record cites or read."""
    return {one.needed("article_id") for name in ("citations", "passages") for one in entry.entries(name)}


def _cited(entry: Entry, used: Mapping[int, int], sources: Mapping[str, Source]) -> Cited:
    place = _place(entry, sources)
    source = sources.get(place.article)
    exact = source is not None and place.span.of(source.text) == place.quote
    return Cited(place, used.get(entry.whole("number") or 0, 0), exact)


def _place(entry: Entry, sources: Mapping[str, Source]) -> Place:
    article, start, end = entry.needed("article_id"), entry.whole("start"), entry.whole("end")
    if start is None or end is None:
        raise entry.wrong("a place has no start or no end")
    span, quote = Span(start, end), entry.text("quote")
    source = sources.get(article)
    return Place(article, span, quote if quote is not None else span.of(source.text) if source else "")


def metrics(run: Run) -> Record:
    """The record ``groundwire/metrics/1``: each drafter's figures and each question's values."""
    first = run.scores[0]
    return {
        "schema": METRICS,
        "data": run.data,
        "digest": run.digest,
        "settings": dict(run.settings),
        "questions": len(first.rows),
        "drafters": {scores.name: _scored(scores) for scores in run.scores},
        "rows": [
            {
                "id": row.case.id,
                "type": row.case.kind,
                "values": {scores.name: _floats(scores.rows[at].values) for scores in run.scores},
            }
            for at, row in enumerate(first.rows)
        ],
    }


def _scored(scores: Scores) -> Record:
    return {
        "figures": _floats(scores.figures),
        "counts": {name: int(count) for name, count in scores.counts.items()},
        "groups": {kind: _floats(figures) for kind, figures in scores.groups.items()},
        "curve": [{"coverage": float(coverage), "risk": float(risk)} for coverage, risk in scores.curve],
        "bins": [
            {"low": one.low, "high": one.high, "count": one.count, "confidence": one.confidence, "right": one.right}
            for one in scores.bins
        ],
    }


def scores(name: str, entry: Entry, cases: Sequence[Case], outcomes: Sequence[Outcome]) -> Scores:
    """What the record ``groundwire/metrics/1`` in ``entry`` says of the drafter ``name``, with the answers it is about.

    Raises UsageError for a record of other questions.
    """
    own = entry.entry("drafters").entry(name)
    values = {row.needed("id"): row.entry("values").entry(name).numbers() for row in entry.entries("rows")}
    if values.keys() != {case.id for case in cases}:
        raise entry.wrong("it is about other questions", "give its qa eval run again; it scores anew")
    groups = own.entry("groups")
    return Scores(
        name,
        tuple(Row(case, one, values[case.id]) for case, one in zip(cases, outcomes, strict=True)),
        own.entry("figures").numbers(),
        {metric: int(count) for metric, count in own.entry("counts").numbers().items()},
        {kind: groups.entry(kind).numbers() for kind in groups.fields},
        tuple((point.number("coverage"), point.number("risk")) for point in own.entries("curve")),
        tuple(
            Bin(one.number("low"), one.number("high"), one.whole("count") or 0, one.number("confidence"), one.number("right"))
            for one in own.entries("bins")
        ),
    )


def _floats(values: Mapping[str, float]) -> Record:
    return {name: float(value) for name, value in values.items()}
