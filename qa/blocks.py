"""An answer as LangChain's content blocks: one text block a claim, with the standard citation annotations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.types import Answer, Citation, Claim, Summary

if TYPE_CHECKING:  # the blocks are plain dictionaries: nobody has to load LangChain to make them
    from langchain_core.messages.content import Citation as Annotation
    from langchain_core.messages.content import TextContentBlock


def content_blocks(found: Answer | Summary) -> list[TextContentBlock]:
    """One block a claim, best first; not answered, one block that says what is missing.

    ``start_index`` and ``end_index`` are of the block's own text, as the standard has them. Where the quote stands in the
    article is in ``extras``: ``start`` and ``end`` in code points, with the article's id, version and sha256.
    """
    if not found.claims:
        return [{"type": "text", "text": found.message or ""}]
    return [_block(claim, found.citations) for claim in found.claims]


def _block(claim: Claim, citations: tuple[Citation, ...]) -> TextContentBlock:
    cited = [_annotation(one, claim) for one in citations if one.number in claim.citations]
    return {"type": "text", "text": claim.text, "annotations": [*cited], "extras": {"support": claim.support}}


def _annotation(citation: Citation, claim: Claim) -> Annotation:
    article, span = citation.article, citation.span
    annotation: Annotation = {
        "type": "citation",
        "title": article.title,
        "start_index": 0,
        "end_index": len(claim.text),
        "cited_text": citation.quote,
        "extras": {
            "number": citation.number,
            "article_id": article.id,
            "article_sha256": article.sha256,
            "version": article.version,
            "start": span.start,
            "end": span.end,
            "source": article.source,
            "published": article.published,
            "verdict": citation.verdict,
        },
    }
    if article.url:
        annotation["url"] = article.url
    return annotation
