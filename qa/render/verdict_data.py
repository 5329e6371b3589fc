"""The records of ``verify``, ``check``, ``diff`` and ``show --versions``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from qa.diff import Change
from qa.family import Copy
from qa.render.data import Json, Record, variant_record
from qa.verdicts import Checked, Verified
from qa.versions import Difference, Version
from vectorstore.types import Span

VERIFY: Final = "groundwire/verify/1"
CHECK: Final = "groundwire/check/1"


def verify_record(found: Sequence[Verified]) -> Record:
    """``groundwire/verify/1``: ``start`` and ``end`` are in the version named; null where the words have no place."""
    return {"schema": VERIFY, "ok": all(one.ok for one in found), "citations": [_verified(one) for one in found]}


def _verified(one: Verified) -> Record:
    return {
        "record": one.cited.record,
        "number": one.cited.number,
        "verdict": one.verdict,
        "start": one.span.start if one.span else None,
        "end": one.span.end if one.span else None,
        "article_id": one.article_id,
        "version": one.version,
        "since": one.since,
        "note": one.note,
        "diff": changes(one.diff),
        "recorded": {
            "article_id": one.cited.article_id,
            "start": one.cited.start,
            "end": one.cited.end,
            "quote": one.cited.quote,
        },
    }


def check_record(found: Sequence[Checked]) -> Record:
    """``groundwire/check/1``: ``start`` and ``end`` are in the draft, ``at`` in the article."""
    return {"schema": CHECK, "ok": all(one.ok for one in found), "quotes": [_checked(one) for one in found]}


def _checked(one: Checked) -> Record:
    return {
        "quote": one.quote,
        "start": one.span.start,
        "end": one.span.end,
        "speaker": one.speaker,
        "verdict": one.verdict,
        "article_id": one.article_id,
        "title": one.title,
        "version": one.version,
        "at": _place(one.at),
        "source": one.source,
        "said_by": one.said_by,
        "left_out": list(one.left_out),
        "diff": changes(one.diff),
        "warning": one.warning,
    }


def _place(span: Span | None) -> list[Json] | None:
    return [span.start, span.end] if span else None


def changes(found: Sequence[Change]) -> list[Json]:
    """A comparison, run by run."""
    return [{"op": one.op, "quoted": one.quoted, "source": one.source, "kind": one.kind or None} for one in found]


def versions_record(id: str, found: Sequence[Version]) -> Record:
    """The versions of an article, the first first."""
    return {
        "id": id,
        "versions": [
            {
                "version": one.number,
                "sha256": one.sha256,
                "chars": one.chars,
                "added": one.added,
                "title": one.title,
                "published": one.published,
            }
            for one in found
        ],
    }


def family_record(found: Sequence[Copy]) -> Record:
    """An article's origin and its copies, each with what it shares with the origin and what it says otherwise."""
    return {"origin": found[0].article.id, "articles": [_copy(one) for one in found]}


def _copy(one: Copy) -> Record:
    article = one.article
    return {
        "id": article.id,
        "version": article.version,
        "title": article.title,
        "source": article.source,
        "author": article.author,
        "url": article.url,
        "published": article.published,
        "credit": article.credit,
        "overlap": round(one.member.share, 4),
        "why": one.member.why,
        "changes": _changes(one.changes),
        "differences": [variant_record(variant) for variant in one.variants],
    }


def difference_record(found: Difference) -> Record:
    """Two versions of an article and what changed: ``before`` and ``after`` hold each run's words."""
    return {
        "id": found.after.id,
        "from": found.before.version,
        "to": found.after.version,
        "changes": _changes(found.changes),
    }


def _changes(found: Sequence[Change]) -> list[Json]:
    return [{"op": one.op, "before": one.source, "after": one.quoted, "kind": one.kind or None} for one in found]
