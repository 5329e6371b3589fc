"""Verdicts for notes and tickets: Markdown in which no word of a draft, a record or an article can become markup."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from qa.diff import marked
from qa.render.markdown import escaped
from qa.verdicts import Checked, Verified


def verified(found: Sequence[Verified]) -> str:
    """A list of the citations, each with its verdict and what became of it."""
    return "".join(f"{line}\n" for one in found for line in _verified(one)) or "No citations.\n"


def _verified(one: Verified) -> Iterator[str]:
    yield f"- **{one.verdict}** [{one.cited.number}] “{escaped(one.cited.quote)}”"
    if one.note:
        yield f"    - {escaped(one.note)}"
    if one.article_id and one.span:
        yield f"    - {escaped(one.article_id)}, version {one.version}, chars {one.span.start}-{one.span.end}"
    if one.diff:
        yield f"    - {escaped(marked(one.diff))}"


def checked(found: Sequence[Checked]) -> str:
    """A list of the quotations, worst first, each with its verdict and where the article has it."""
    return "".join(f"{line}\n" for one in found for line in _checked(one)) or "No quotations.\n"


def _checked(one: Checked) -> Iterator[str]:
    by = f" ({escaped(one.speaker)})" if one.speaker else ""
    yield f"- **{one.verdict.replace('_', ' ')}** “{escaped(one.quote)}”{by}"
    if one.article_id and one.at:
        yield f"    - {escaped(one.title or one.article_id)}: {escaped(one.article_id)}, chars {one.at.start}-{one.at.end}"
    if one.warning:
        yield f"    - {escaped(one.warning)}"
    for words in one.left_out:
        yield f"    - left out: “{escaped(words)}”"
    if one.diff:
        yield f"    - {escaped(marked(one.diff))}"
