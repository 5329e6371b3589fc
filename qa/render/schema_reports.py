"""The published JSON Schemas of what commands report: verdicts, an article's copies, the log, an export, health."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from qa.render.data import Record
from qa.render.fields import (
    digest,
    head,
    known,
    many,
    maybe,
    number,
    one_of,
    record,
    share,
    switch,
    text,
    text_or_null,
    variant,
    version,
)
from qa.render.verdict_data import CHECK, VERIFY
from qa.verdicts import CITATION_VERDICTS, QUOTE_VERDICTS

_KINDS: Final = ("negation", "number", "date", "name", "hedge", "restriction", "words")
_OPS: Final = ("equal", "replace", "insert", "delete")
_SECONDS: Final[Record] = {"type": "number", "minimum": 0, "description": "Seconds it took."}


def _verify() -> Record:
    recorded: Record = {
        "article_id": text("The article that the record names."),
        "start": number("Where the record has the words begin."),
        "end": number("One past their last code point, as recorded."),
        "quote": text("The words, as recorded."),
    }
    citation: Record = {
        "record": text("Where the record was read from, with its number there."),
        "number": number("What the record calls the citation."),
        "verdict": one_of(CITATION_VERDICTS, "Whether it still stands: it does where valid or moved."),
        "start": maybe(number("First code point of the words in the version named; null where they have no place.")),
        "end": maybe(number("One past their last code point.")),
        "article_id": text_or_null("The article that has the words now, or had them last."),
        "version": maybe(version()),
        "since": maybe(number("The first version without the words.")),
        "note": text("The finding in words; empty for valid."),
        "diff": many(record(_change("quoted", "source")), "From the article's words to the quoted ones, where they differ."),
        "recorded": {**record(recorded), "description": "What the record says."},
    }
    fields = {"schema": _const(VERIFY), "ok": switch("Whether every citation stands.")}
    return {
        **head("verify", VERIFY, "The citations of saved records, put to the library again."),
        **record({**fields, "citations": many(record(citation), "In the records' order.")}),
    }


def _check() -> Record:
    place: Record = {"type": ["array", "null"], "items": {"type": "integer", "minimum": 0}, "minItems": 2, "maxItems": 2}
    quote: Record = {
        "quote": text("The draft's words."),
        "start": number("Their first code point in the draft."),
        "end": number("One past their last code point there."),
        "speaker": text_or_null("Whom the draft gives them to."),
        "verdict": one_of(QUOTE_VERDICTS, "Whether they are true to an article."),
        "article_id": text_or_null("The article that has them, or those most like them."),
        "title": text("Its title."),
        "version": maybe(version()),
        "at": {**place, "description": "Start and end of its words, in its text."},
        "source": text("Its words there."),
        "said_by": text_or_null("Who speaks them in the article."),
        "left_out": many({"type": "string"}, "What ellipses leave out and brackets replace."),
        "diff": many(record(_change("quoted", "source")), "From the article's words to the quoted ones."),
        "warning": text_or_null("What else an editor should know."),
    }
    fields = {"schema": _const(CHECK), "ok": switch("Whether every quotation may be printed.")}
    return {
        **head("check", CHECK, "The quotations of a draft, judged against the library."),
        **record({**fields, "quotes": many(record(quote), "In the draft's order.")}),
    }


def _origins() -> Record:
    copy: Record = {
        "id": text("Names the article."),
        "version": version(),
        **known(),
        "author": text_or_null("Who wrote it, as stated."),
        "credit": text_or_null("The agency or other outlet that it says it came from."),
        "overlap": share("Of the shorter text's runs of three words, how many it shares with the origin."),
        "why": text("Why it is the origin, or a copy."),
        "changes": many(record(_change("before", "after")), "From the origin's words to its own."),
        "differences": many(record(variant()), "What it says that differs in a figure, date, name or not."),
    }
    fields: Record = {"origin": text("The id of the origin."), "articles": many(record(copy), "The origin first.")}
    return {**head("origins", "groundwire/origins/1", "An article among its copies."), **record(fields)}


def _log() -> Record:
    entry: Record = {"number": number("Its place in the log, from 1."), "when": text("ISO 8601, UTC."), **_asked()}
    entry |= {"usage": {**record(_tokens()), "description": "What a model was sent and sent back."}}
    entry |= {"record": {"type": "object", "description": "The answer or summary as it was given."}}
    fields: Record = {"log": many(record(entry), "Newest first.")}
    return {**head("log", "groundwire/log/1", "What was asked of a library."), **record(fields)}


def _export() -> Record:
    first: Record = {
        "schema": _const("groundwire/export/1"),
        "articles": number("How many there are."),
        "versions": number("How many they have together."),
    }
    texts = ("origin", "title", "source", "url", "author", "published", "updated", "language", "section", "credit")
    kept: Record = {
        "version": version(),
        "sha256": digest("Of its text in UTF-8."),
        "added": text("When it was taken in: ISO 8601, UTC."),
        **{name: text_or_null("As stated; null where it is not known.") for name in texts},
        "extra": {"type": "object", "description": "Fields that were read and mean nothing here."},
        "pages": many({"type": "integer", "minimum": 0}, "Where each page begins in the text."),
        "text": text("Its text."),
    }
    versions = many(record(kept), "The oldest first.", least=1)
    article: Record = {"id": text("Names it."), "identity": text("What makes it the same article again."), "versions": versions}
    source: Record = {
        "source": text("A path or an address that was added."),
        "checked": text("When it was last read: ISO 8601, UTC."),
        "status": text("read, or why it could not be."),
    }
    asked: Record = {"asked": text("When: ISO 8601, UTC."), **_asked(), **_tokens(), "record": text("The record as JSON.")}
    lines = [record(one) for one in (first, article, source, asked)]
    return {**head("export", "groundwire/export/1", "One line of an export."), "oneOf": [*lines]}


def _doctor() -> Record:
    check: Record = {
        "name": text("What was looked at."),
        "ok": switch("Whether it is as it must be."),
        "state": one_of(("ok", "remark", "bad"), "The same, and whether there is something to know."),
        "detail": text("What was found, in a line."),
        "hint": text("What mends it; empty where nothing needs mending."),
    }
    fields: Record = {
        "ok": switch("Whether all is well."),
        "home": text("The folder that was looked at."),
        "checks": many(record(check), "One by one."),
        "mended": many({"type": "string"}, "What --fix did."),
        "summary": text("All of it in a line."),
    }
    return {**head("doctor", "groundwire/doctor/1", "The health of a home."), **record(fields)}


def _asked() -> Record:
    return {
        "question": text("As it was put; a summary's topic or title."),
        "answered": switch("Whether anything was found."),
        "model": text("Who drafted."),
        "prompt": text_or_null("Fingerprint of the prompt; null where there is none."),
        "seconds": _SECONDS,
    }


def _tokens() -> Record:
    return {"input_tokens": number("Tokens sent to a model."), "output_tokens": number("Tokens it sent back.")}


def _change(first: str, second: str) -> Record:
    """One run of a comparison; its words stand in the two fields named."""
    kind: Record = {"enum": [*_KINDS, None], "description": "What was changed; null where nothing was."}
    words: Record = {name: text(f"The {name} words of the run.") for name in (first, second)}
    return {"op": one_of(_OPS, "What became of them."), **words, "kind": kind}


def _const(name: str) -> Record:
    return {"const": name, "description": "Names the shape of this record."}


SCHEMAS: Final[dict[str, Callable[[], Record]]] = {
    "verify": _verify,
    "check": _check,
    "origins": _origins,
    "log": _log,
    "export": _export,
    "doctor": _doctor,
}
"""By the command that reports it."""
