"""W3C Web Annotations (JSON-LD): each citation as a place that any annotation client finds, with the claims that rest on it."""

from __future__ import annotations

import base64
import json
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from qa.cite import surroundings
from qa.render import Look
from qa.render.data import Json, Record, dumps
from qa.render.phrases import refusal
from qa.render.safe import web_link
from qa.types import Answer, Article, Citation, Claim, Summary

_CONTEXT: Final = "http://www.w3.org/ns/anno.jsonld"
_SCHEMA: Final = "http://schema.org/"


def show(found: Answer | Summary, look: Look) -> str:
    """An AnnotationCollection as one line of JSON-LD: an annotation for each citation that a claim uses.

    The question or topic is its label, and so is what is missing where there are no claims. Nothing in it depends on when it
    was made: the same answer has the same ids.
    """
    del look
    items = [_annotation(one, found) for one in found.citations] if found.claims else []
    asked = found.question if isinstance(found, Answer) else found.about
    label: Json = asked if found.claims else [asked, refusal(found)]
    page: Record = {"id": _id("page", asked, items), "type": "AnnotationPage", "startIndex": 0, "items": items}
    return dumps(
        {
            "@context": [_CONTEXT, {"schema": _SCHEMA}],
            "id": _id("collection", asked, items),
            "type": "AnnotationCollection",
            "label": label,
            "total": len(items),
            "first": page,
        }
    )


def _annotation(citation: Citation, found: Answer | Summary) -> Json:
    bodies: list[Json] = [_body(claim) for claim in found.claims if citation.number in claim.citations]
    target: Record = {"type": "SpecificResource", "source": source(citation.article), "selector": selectors(citation)}
    return {
        "id": _id("annotation", bodies, target),
        "type": "Annotation",
        "motivation": "describing",
        "generator": {"id": _id("model", found.model), "type": "Software", "name": found.model},
        "body": bodies,
        "target": target,
    }


def _body(claim: Claim) -> Json:
    return {"type": "TextualBody", "value": claim.text, "format": "text/plain", "purpose": "describing"}


def selectors(citation: Citation) -> list[Json]:
    """The quote with its surroundings, and its place in code points of the stored text: either finds the words."""
    before, after = surroundings(citation)
    return [
        {"type": "TextQuoteSelector", "exact": citation.quote, "prefix": before, "suffix": after},
        {"type": "TextPositionSelector", "start": citation.span.start, "end": citation.span.end},
    ]


def source(article: Article) -> Record:
    """The article: its web address, or else the name of its text by digest (RFC 6920), and what is known of it."""
    digest = base64.urlsafe_b64encode(bytes.fromhex(article.sha256)).decode().rstrip("=")
    known: dict[str, str | None] = {
        "schema:headline": article.title or None,
        "schema:publisher": article.source,
        "schema:author": article.author,
        "schema:datePublished": article.published,
    }
    return {
        "id": web_link(article.url) or f"ni:///sha-256;{digest}",
        "type": "Text",
        "schema:identifier": article.id,
        "schema:version": article.version,
        "schema:sha256": article.sha256,
        **{name: value for name, value in known.items() if value},
    }


def _id(*content: Json) -> str:
    """A name that follows from the content alone."""
    return f"urn:uuid:{uuid5(NAMESPACE_URL, json.dumps(content))}"
