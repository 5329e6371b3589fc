"""Markdown to paste into an article: the claims as running text, and under it a footnote for each citation.

A footnote's label follows from the words it cites, so that footnotes of several answers can stand in one document.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Final

from qa.render import Look, phrases
from qa.render.fragments import link
from qa.render.markdown import escaped, linked
from qa.types import Answer, Citation, Claim, Summary

_LABEL: Final = 8
"""Hexadecimal digits."""


def show(found: Answer | Summary, look: Look) -> str:
    """The claims with their marks (a summary in the style that ``look`` names) and the footnotes; or else the refusal."""
    if not found.claims:
        return escaped(phrases.refusal(found)) + "\n"
    labels = {one.number: label(one) for one in found.citations}
    claims = [_claim(one, labels) for one in found.claims]
    if isinstance(found, Answer):
        body = "\n\n".join(claims)
    else:
        body = " ".join(claims) if look.style == "prose" else "\n".join(f"- {claim}" for claim in claims)
    return "\n\n".join([body, *(f"[^{labels[one.number]}]: {', '.join(_facts(one))}" for one in found.citations)]) + "\n"


def label(citation: Citation) -> str:
    """Eight hexadecimal digits that name these words of this article's version."""
    article, span = citation.article, citation.span
    place = f"{article.sha256} {article.version} {span.start} {span.end} {article.id}"
    return hashlib.sha256(place.encode("utf-8", "surrogatepass")).hexdigest()[:_LABEL]


def _claim(claim: Claim, labels: Mapping[int, str]) -> str:
    marks = "".join(f"[^{labels[number]}]" for number in claim.citations)
    doubt = phrases.doubt(claim)
    return escaped(claim.text) + marks + (f" *({doubt})*" if doubt else "")


def _facts(citation: Citation) -> Iterator[str]:
    article = citation.article
    yield linked(phrases.headline(article), link(article.url, article.text, citation.span))
    yield from map(escaped, phrases.byline(article))
    yield from phrases.on_page(article, citation.span)
    yield phrases.quoted(escaped(citation.quote))
