"""One citation seen from close by: the article around it, and why it is cited."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from qa.keywords import STOP
from qa.render import Look, phrases
from qa.render.flow import Run, flow, painted
from qa.text import front_matter, words
from qa.types import Answer, Citation, Passage

AROUND: Final = 1500
"""Code points of the article before and after the quote that are shown, and what is left of the paragraphs they end in."""
_BOLD, _FAINT = "1", "2"
_PARAGRAPH: Final = re.compile(r"\n\s*\n\s*")


def opened(citation: Citation, look: Look) -> str:
    """The paragraphs around the quote, which is bold, or between ``⟦ ⟧`` where there is no bold."""
    article, span = citation.article, citation.span
    text, prose = article.text, min(front_matter(article.text), span.start)
    first = max(text.rfind("\n", prose, max(span.start - AROUND, prose)), prose)
    end = text.find("\n", min(span.end + AROUND, len(text)))
    last = end if end >= 0 else len(text)
    lines = flow([Run(phrases.headline(article), _BOLD)], look.width)
    lines += flow([Run(" · ".join([*phrases.byline(article), phrases.place(citation), article.id]), _FAINT)], look.width)
    quote = citation.quote if look.color else f"⟦{citation.quote}⟧"
    runs = [Run("… " if first > prose else ""), Run(text[first : span.start]), Run(quote, _BOLD), Run(text[span.end : last])]
    runs.append(Run(" …" if text[last:].strip() else ""))
    for paragraph in _paragraphs(runs):
        lines += [[], *flow(paragraph, look.width)]
    return "\n".join(painted(line, look.color, look.links) for line in lines)


def _paragraphs(runs: Sequence[Run]) -> list[list[Run]]:
    """The runs parted where an empty line stands, each piece in its run's style."""
    found: list[list[Run]] = [[]]
    for run in runs:
        for number, part in enumerate(_PARAGRAPH.split(run.text)):
            if number:
                found.append([])
            found[-1].append(Run(part, run.style))
    return [paragraph for paragraph in found if any(run.text.strip() for run in paragraph)]


def reasons(answer: Answer, citation: Citation, passages: Sequence[Passage], look: Look, grounds: Sequence[str] = ()) -> str:
    """Why it is cited: for which claim, how its words were found, which words of the question it has, where it ranked.

    ``grounds`` are further lines, of whoever chose it.
    """
    using = [(at, claim) for at, claim in enumerate(answer.claims, 1) if citation.number in claim.citations]
    told = [f"claim {at}: {claim.support}{f', {claim.why}' if claim.why else ''}" for at, claim in using]
    told.append(
        "words: found in the article exactly"
        if citation.verdict == "exact"
        else "words: found in the article but for case, spacing or typography"
    )
    asked = [word for word in dict.fromkeys(words(answer.question)) if word not in STOP]
    here = set(words(citation.quote))
    title = set(words(citation.article.title)) - here
    told.append(f"of the question, in the quote: {_listed(word for word in asked if word in here)}")
    told.append(f"of the question, in the title only: {_listed(word for word in asked if word in title)}")
    told.append(_ranked(citation, passages))
    told += grounds
    told.append(f"confidence that this answers the question: {answer.confidence:.2f} ({answer.model})")
    lines = [line for one in told for line in flow([Run(one)], look.width, hanging=2)]
    return "\n".join(painted(line, look.color, look.links) for line in lines)


def _ranked(citation: Citation, passages: Sequence[Passage]) -> str:
    """Where the passage that holds the quote stands among those found for the question."""
    for rank, passage in enumerate(passages, 1):
        same = (passage.article.id, passage.article.version) == (citation.article.id, citation.article.version)
        if same and passage.span.start <= citation.span.start and citation.span.end <= passage.span.end:
            near = f"cosine to the question {passage.similarity:.2f}" if passage.similarity else "found by its words alone"
            return f"passage: {rank} of {len(passages)}, fused score {passage.score:.4f}, {near}"
    return f"passage: no longer among the {len(passages)} that this question finds"


def _listed(found: Iterable[str]) -> str:
    return ", ".join(found) or "none"
