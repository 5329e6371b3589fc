"""Verdicts for people at a terminal or a pipe; whatever came from a draft, a record or an article is made safe in ``flow``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from qa.diff import Change
from qa.family import Copy
from qa.render import Look
from qa.render.flow import Run, flow, painted
from qa.render.phrases import byline, counted, headline, otherwise
from qa.verdicts import CITATION_VERDICTS, QUOTE_VERDICTS, Checked, Verified
from qa.versions import Difference, Version

_BOLD, _FAINT, _GOOD, _DOUBT, _BAD = "1", "2", "32", "33", "31"
_INDENT: Final = 4
_AROUND: Final = 8
"""Words of an unchanged run that are shown beside a change."""
_DIGEST: Final = 12
"""Hexadecimal digits of a sha256 that are shown."""


def verified(found: Sequence[Verified], look: Look) -> str:
    """Each citation with its verdict, and what became of one that no longer stands; last the counts."""
    lines: list[list[Run]] = []
    for one in found:
        style = _GOOD if one.ok else _BAD
        where = [f"{one.article_id}, chars {one.span.start}-{one.span.end}"] if one.span and one.article_id else []
        lines += flow(
            [Run(f"[{one.cited.number}]"), Run(f" {one.verdict}", style, firm=True), Run(f" “{one.cited.quote}”")],
            look.width,
            hanging=_INDENT,
        )
        lines += flow([Run(" · ".join([one.cited.record, *where]), _FAINT)], look.width, _INDENT)
        lines += flow([Run(one.note, style)], look.width, _INDENT) if one.note else []
        lines += [*_difference(one.diff, look), []]
    return _joined([*lines, *_counts("citation", CITATION_VERDICTS, [one.verdict for one in found], look)], look)


def checked(found: Sequence[Checked], look: Look) -> str:
    """Each quotation with its verdict, worst first; last the counts."""
    lines: list[list[Run]] = []
    for one in found:
        style = _BAD if not one.ok else _DOUBT if one.warning or one.verdict == "elided" else _GOOD
        by = [Run(f" ({one.speaker})", _FAINT)] if one.speaker else []
        lines += flow(
            [Run(one.verdict.replace("_", " "), style, firm=True), Run(f" “{one.quote}”"), *by], look.width, hanging=_INDENT
        )
        place = f"draft {one.span.start}-{one.span.end}"
        there = (
            [one.title or one.article_id, f"chars {one.at.start}-{one.at.end}", one.article_id]
            if one.at and one.article_id
            else []
        )
        lines += flow([Run(" · ".join(filter(None, [place, *there])), _FAINT)], look.width, _INDENT)
        lines += flow([Run(one.warning, style)], look.width, _INDENT) if one.warning else []
        for words in one.left_out:
            lines += flow([Run("left out: ", _FAINT), Run(f"“{words}”")], look.width, _INDENT)
        lines += [*_difference(one.diff, look), []]
    return _joined([*lines, *_counts("quotation", QUOTE_VERDICTS, [one.verdict for one in found], look)], look)


def versions(found: Sequence[Version], look: Look) -> str:
    """Each version in a line: number, when it was read, length, digest, title."""
    lines: list[list[Run]] = []
    for one in found:
        facts = f"version {one.number} · read {one.added} · {one.chars:,} chars · sha256 {one.sha256[:_DIGEST]}"
        lines += flow([Run(facts), Run(f" {one.title}", _BOLD)], look.width, hanging=_INDENT)
    return _joined(lines, look)


def difference(found: Difference, look: Look) -> str:
    """What changed, with a few words around each change."""
    head = f"{found.after.id}: version {found.before.version} to {found.after.version}"
    lines = [*flow([Run(head, _BOLD)], look.width), []]
    lines += list(_difference(found.changes, look)) or flow([Run("The words are the same.")], look.width)
    return _joined(lines, look)


def family(found: Sequence[Copy], look: Look) -> str:
    """The origin, then each copy with what it shares, what was changed, and what it says otherwise."""
    lines: list[list[Run]] = []
    for one in found:
        article = one.article
        shared = [] if article.id == one.member.origin else [f"overlap {one.member.share:.2f}"]
        lines += flow([Run(headline(article), _BOLD)], look.width, hanging=_INDENT)
        why = [one.member.why] if one.member.why != "overlap" else []
        lines += flow([Run(" · ".join([*byline(article), *shared, *why, article.id]), _FAINT)], look.width, _INDENT)
        for variant in one.variants:
            lines += flow([Run(otherwise("this copy", variant), _BAD)], look.width, _INDENT)
        lines += [*_difference(one.changes, look), []]
    copies = len(found) - 1
    told = f"{counted(len(found), 'article')}, 1 origin" if copies else "1 article, no copies"
    return _joined([*lines, *flow([Run(told, _FAINT)], look.width)], look)


def _difference(changes: Sequence[Change], look: Look) -> Iterator[list[Run]]:
    """``[-what the article says-] {+what is said instead+}``, in the lines that it fills."""
    if any(one.op != "equal" for one in changes):
        yield from flow(list(_runs(changes)), look.width, _INDENT)


def _runs(changes: Sequence[Change]) -> Iterator[Run]:
    for at, one in enumerate(changes):
        yield Run(" ")
        if one.op == "equal":
            yield Run(_near(one.quoted, at > 0, at + 1 < len(changes)), _FAINT)
            continue
        if one.source:
            yield Run(f"[-{one.source}-]", _BAD)
        if one.source and one.quoted:
            yield Run(" ")
        if one.quoted:
            yield Run(f"{{+{one.quoted}+}}", _GOOD)


def _near(text: str, after: bool, before: bool) -> str:
    """Of a long unchanged run, the words next to a change."""
    words = text.split()
    if len(words) <= _AROUND * (after + before):
        return text
    head = [*words[:_AROUND], "…"] if after else ["…"]
    return " ".join([*head, *words[-_AROUND:]] if before else head)


def _counts(noun: str, order: Sequence[str], verdicts: Sequence[str], look: Look) -> list[list[Run]]:
    counts = Counter(verdicts)
    told = [f"{counts[name]} {name.replace('_', ' ')}" for name in order if counts[name]]
    return flow([Run(" · ".join([counted(len(verdicts), noun), *told]), _FAINT)], look.width)


def _joined(lines: Iterable[Sequence[Run]], look: Look) -> str:
    return "\n".join(painted(line, look.color, look.links) for line in lines).strip("\n") + "\n"
