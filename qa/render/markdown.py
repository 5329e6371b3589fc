"""For notes and articles in the making: Markdown with numbered footnotes. Article text cannot become markup in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from qa.render import Look, phrases
from qa.render.safe import safe, web_link
from qa.types import Answer, Citation, Claim, Summary

_ENTITIES: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_SPECIAL: Final = re.compile(r"[\\`*_{}\[\]|~$^#&<>]|:(?=//)|(?<=www)\.|!(?=\[)", re.IGNORECASE)
_BLOCK_START: Final = re.compile(r"[-+=:]|\d+(?=[.)])")
_DIGEST: Final = 12
"""Hexadecimal digits of the text's sha256 that are shown."""
_LINK_UNSAFE: Final = str.maketrans({"(": "%28", ")": "%29", "[": "%5B", "]": "%5D", "&": "&amp;"})
_DOT: Final = " · "


def show(found: Answer | Summary, look: Look) -> str:
    """An answer, or a summary in the style that ``look`` names."""
    return answer(found) if isinstance(found, Answer) else summary(found, style=look.style)


def answer(found: Answer) -> str:
    """The question as a heading, the claims with footnote marks, and a footnote for each citation."""
    return _report(found, found.question, "\n\n".join(_claim(claim) for claim in found.claims))


def summary(found: Summary, *, style: str = "bullets") -> str:
    """The topic as a heading, the claims as ``bullets`` or in one paragraph (``prose``), and the footnotes."""
    claims = [_claim(claim) for claim in found.claims]
    return _report(found, found.about, " ".join(claims) if style == "prose" else "\n".join(f"- {claim}" for claim in claims))


def _report(found: Answer | Summary, heading: str, body: str) -> str:
    parts = [f"## {escaped(heading)}"] if heading.strip() else []
    parts.append(body if found.claims else escaped(phrases.refusal(found)))
    lost = phrases.dropped(found.dropped)
    if lost:
        parts.append(f"*{escaped(lost)}*")
    parts.append(f"*{escaped(_DOT.join(phrases.closing(found)))}*")
    parts += [_footnote(citation) for citation in found.citations] if found.claims else []
    return "\n\n".join(parts) + "\n"


def _claim(claim: Claim) -> str:
    marks = "".join(f"[^{number}]" for number in claim.citations)
    doubt = phrases.doubt(claim)
    return escaped(claim.text) + marks + (f" *({doubt})*" if doubt else "")


def _footnote(citation: Citation) -> str:
    notes = "".join(f"\n\n    *{escaped(note)}*" for note in phrases.noted(citation.article))
    told = "".join(f"\n\n    {escaped(one)}" for one in phrases.variants(citation))
    return f"[^{citation.number}]: {', '.join(_facts(citation))}\n\n    > {escaped(citation.quote)}{told}{notes}"


def _facts(citation: Citation) -> Iterator[str]:
    article = citation.article
    yield linked(phrases.headline(article), web_link(article.url))
    yield from map(escaped, phrases.byline(article))
    yield phrases.place(citation)
    yield from phrases.copies(citation)
    yield f"article {escaped(article.id)}, version {article.version}"
    yield f"sha256 {article.sha256[:_DIGEST]}"


def linked(words: str, link: str | None) -> str:
    """``words``, as a link where there is one, which must be printable ASCII."""
    return f"[{escaped(words)}]({link.translate(_LINK_UNSAFE)})" if link else escaped(words)


def escaped(text: str) -> str:
    """``text`` on one line, as words only: no mark of it opens emphasis, code, a link, HTML, a table or a block."""
    line = " ".join(safe(text).split())
    words = _SPECIAL.sub(lambda found: _ENTITIES.get(found.group(), "\\" + found.group()), line)
    return _BLOCK_START.sub(_held, words, count=1) if _BLOCK_START.match(words) else words


def _held(found: re.Match[str]) -> str:
    """A list's or rule's first mark, escaped; of a number it is the point behind it that must be."""
    return f"{found.group()}\\" if found.group().isdigit() else f"\\{found.group()}"
