"""For people at a terminal or a pipe: text in, text out. Whatever came from an article or a user is made safe in ``flow``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from qa.render import Look, phrases
from qa.render.flow import NARROWEST, Run, flow, painted
from qa.render.safe import web_link
from qa.text import front_matter
from qa.types import Answer, Article, Citation, Claim, Passage, Summary

_BOLD, _FAINT, _NUMBER, _WARNING = "1", "2", "36", "33"
_SHORT: Final = 15
"""Code points of a fact that stays on one line: a date, a place, a number with its unit."""
_INDENT: Final = 4
_PARAGRAPH: Final = re.compile(r"[^\S\n]*\n\s*\n\s*")
_CUT_WORD: Final = re.compile(r"^\S*\s")
_WORD_CUT: Final = re.compile(r"\s\S*$")
_OPEN, _CLOSE = "⟦", "⟧"
"""Around the quote where there is no bold to show it."""


def show(found: Answer | Summary, look: Look) -> str:
    """An answer or a summary as ``look`` wants it."""
    if isinstance(found, Answer):
        return answer(found, width=look.width, color=look.color, links=look.links)
    return summary(found, style=look.style, width=look.width, color=look.color, links=look.links)


def answer(found: Answer, *, width: int = 80, color: bool = False, links: bool = False) -> str:
    """The claims with their numbers, then each citation in its surroundings; not answered, what is missing and nothing else."""
    return _report(found, _paragraphs(found, width), Look(width, color, links))


def claims(found: Answer, look: Look) -> str:
    """The claims with their numbers: what the whole answer begins with."""
    return _joined(_paragraphs(found, look.width), look.color, look.links)


def _paragraphs(found: Answer, width: int) -> list[list[Run]]:
    return [line for claim in found.claims for line in [[], *flow(_claim(claim), width)]]


def summary(found: Summary, *, style: str = "bullets", width: int = 80, color: bool = False, links: bool = False) -> str:
    """The topic, the claims as ``bullets`` or in one paragraph (``prose``), then each citation in its surroundings."""
    look = Look(width, color, links, style)
    body: list[list[Run]] = [*flow([Run(found.about, _BOLD)], width), []] if found.about.strip() else []
    if style == "prose":
        body += flow((run for claim in found.claims for run in [Run(" "), *_claim(claim)]), width)
    else:
        body += [line for claim in found.claims for line in flow([Run("• "), *_claim(claim)], width, hanging=2)]
    return _report(found, body, look)


def passages(found: Sequence[Passage], *, width: int = 80, color: bool = False, links: bool = False) -> str:
    """Passages as given, numbered, each with its exact place and all its words."""
    look = Look(width, color, links)
    lines: list[list[Run]] = []
    for number, passage in enumerate(found, 1):
        where = phrases.where(passage.article, passage.span)
        lines += [*_source(number, passage.article, where, look), *flow([Run(passage.text)], width, _INDENT), []]
    return _joined(lines, color, links)


def citations(found: Sequence[Citation], look: Look) -> str:
    """Each citation in its surroundings, as below an answer."""
    return _joined(_citations(found, look), look.color, look.links)


def articles(found: Sequence[tuple[Article, int]], *, width: int = 80, color: bool = False, links: bool = False) -> str:
    """Articles as given, each with its length in code points: the title, then what identifies it; last how many."""
    lines: list[list[Run]] = []
    for article, chars in found:
        version = [f"version {article.version}"] if article.version > 1 else []
        facts = [*phrases.byline(article), f"{chars:,} chars", *version, article.id]
        lines += flow([_title(article)], width, hanging=2)
        lines += flow(_facts(facts), width, indent=2)
    lines += [[], *flow(_facts([phrases.counted(len(found), "article")]), width)]
    return _joined(lines, color, links)


def article(found: Article, *, width: int = 80, color: bool = False, links: bool = False, remarks: Sequence[str] = ()) -> str:
    """One article: its title, what is known of it, ``remarks``, what its editors noted on it, and its text line by line."""
    facts = {
        "id": found.id,
        "outlet": found.source,
        "author": found.author,
        "published": found.published,
        "updated": found.updated,
        "section": found.section,
        "language": found.language,
        "credit": found.credit,
        "url": found.url,
        "read from": found.origin if found.origin != found.url else None,
        "version": str(found.version),
        "length": f"{len(found.text):,} chars",
        "pages": f"{len(found.pages):,}" if found.pages else None,
        "sha256": found.sha256,
    }
    lines = flow([_title(found)], width)
    for name, value in facts.items():
        lines += flow([Run(f"{name}:", _FAINT), Run(f" {value}")], width, hanging=2) if value else []
    for remark in [*remarks, *phrases.noted(found)]:
        lines += flow([Run(remark, _WARNING)], width, hanging=2)
    for paragraph in _PARAGRAPH.split(found.text):
        lines += [[], *(line for row in paragraph.splitlines() for line in flow([Run(row)], width))]
    return _joined(lines, color, links)


def _report(found: Answer | Summary, body: Sequence[list[Run]], look: Look) -> str:
    """What an answer and a summary have in common, from the claims down."""
    lines = [*body, []] if found.claims else [*flow([Run(phrases.refusal(found))], look.width), []]
    lines += _citations(found.citations if found.claims else (), look)
    lost = phrases.dropped(found.dropped)
    if lost:
        lines += flow([Run(lost, _WARNING)], look.width)
    lines += flow(_facts(phrases.closing(found)), look.width)
    return _joined(lines, look.color, look.links)


def _claim(claim: Claim) -> Iterator[Run]:
    yield Run(claim.text)
    if claim.citations:
        yield Run(" " + "".join(f"[{number}]" for number in claim.citations), _NUMBER, firm=True)
    doubt = phrases.doubt(claim)
    if doubt:
        yield Run(f" ({doubt})", _WARNING)


def _citations(found: Sequence[Citation], look: Look) -> Iterator[list[Run]]:
    """Each citation; below the first of an article what its editors noted on it."""
    told: set[tuple[str, int]] = set()
    for citation in found:
        yield from _citation(citation, look)
        key = citation.article.id, citation.article.version
        for note in () if key in told else phrases.noted(citation.article):
            yield from flow([Run(note, _WARNING)], look.width, _INDENT)
        told.add(key)
        yield []


def _citation(citation: Citation, look: Look) -> Iterator[list[Run]]:
    where = " · ".join([phrases.place(citation), *phrases.copies(citation)])
    yield from _source(citation.number, citation.article, where, look)
    before, after = _surroundings(citation, max(look.width, NARROWEST) - _INDENT)
    bare = not look.color
    quote = Run(_OPEN + citation.quote + _CLOSE if bare else citation.quote, _BOLD)
    yield from flow([Run(before, _FAINT), quote, Run(after, _FAINT)], look.width, _INDENT)
    for told in phrases.variants(citation):
        yield from flow([Run(told, _WARNING)], look.width, _INDENT)


def _source(number: int, article: Article, where: str, look: Look) -> Iterator[list[Run]]:
    """Number and title, then outlet, author, date, place and article; the address too where the title cannot carry it."""
    label = f"[{number}]"
    yield from flow([Run(label, _NUMBER), Run(" "), _title(article)], look.width, hanging=_INDENT)
    yield from flow(_facts([*phrases.byline(article), where, article.id, *phrases.changed(article)]), look.width, _INDENT)
    if article.url and not (look.links and web_link(article.url)):
        yield from flow([Run(article.url, _FAINT)], look.width, _INDENT)


def _facts(facts: Sequence[str]) -> Iterator[Run]:
    """Facts in one faint line, with dots between them; a short one is not broken."""
    for number, fact in enumerate(facts):
        if number:
            yield Run(" ·", _FAINT, firm=True)
            yield Run(" ")
        yield Run(fact, _FAINT, firm=len(fact) <= _SHORT)


def _title(article: Article) -> Run:
    return Run(phrases.headline(article), _BOLD, web_link(article.url))


def _surroundings(citation: Citation, side: int) -> tuple[str, str]:
    """About ``side`` code points of prose before and after the quote, cut between words; ``¶`` stands for a new paragraph."""
    text, span = citation.article.text, citation.span
    prose = min(front_matter(text), span.start)
    first, last = max(span.start - side, prose), min(span.end + side, len(text))
    before, after = text[first : span.start], text[span.end : last]
    if first > prose:
        before = "… " + (before if text[first - 1].isspace() else _CUT_WORD.sub("", before, count=1))
    if last < len(text):
        after = (after if text[last].isspace() else _WORD_CUT.sub("", after, count=1)) + " …"
    return _PARAGRAPH.sub(" ¶ ", before), _PARAGRAPH.sub(" ¶ ", after)


def _joined(lines: Iterable[Sequence[Run]], color: bool, links: bool) -> str:
    return "\n".join(painted(line, color, links) for line in lines).strip("\n") + "\n"
