"""Whether the rows of the library's tables belong together, by SQL; and what takes away or mends those that do not."""

from __future__ import annotations

import sqlite3
from hashlib import sha256

from qa.doctor.survey import Survey
from qa.doctor.types import FIX, Check, State, judged, listed, numbered
from qa.origins import agreed
from qa.shingles import Shingles

ORPHANS = {
    "articles without a version": "articles WHERE id NOT IN (SELECT article_id FROM versions)",
    "texts that no version has": "texts WHERE sha256 NOT IN (SELECT sha256 FROM versions)",
    "chunks of no current version": "chunks WHERE version_key NOT IN (SELECT current FROM articles)",
    "word runs of no version": "shingles WHERE version NOT IN (SELECT key FROM versions)",
    "entries of the log that cannot be read": "asked WHERE NOT json_valid(record)",
    "pages remembered that cannot be read": "fetched WHERE entries IS NOT NULL AND NOT json_valid(entries)",
}
"""Rows that nothing needs, each kind with the clause that finds them."""
_OWNERLESS = "FROM versions WHERE article_id NOT IN (SELECT id FROM articles)"
_NEWEST = "(SELECT key FROM versions v WHERE v.article_id = articles.id ORDER BY version DESC LIMIT 1)"
_OUTDATED = f"articles WHERE current IS NOT {_NEWEST}"
_UNTOLD = "versions WHERE NOT json_valid(extra) OR NOT json_valid(coalesce(pages, '[]'))"
_GAPS = "SELECT article_id FROM versions GROUP BY article_id HAVING min(version) != 1 OR max(version) != count(*)"
_LOST = "SELECT article_id || ' version ' || version FROM versions WHERE sha256 NOT IN (SELECT sha256 FROM texts)"
BACK = "restore a backup or import an export that has them; else qa remove them and add them again"
REREAD = f"qa doctor --fix finds them again where the files they were read from are as they were; else {BACK}"


def checks(connection: sqlite3.Connection, survey: Survey, *, sound: bool) -> list[Check]:
    """All that can be said of the tables; ``sound`` is what ``searchable`` said."""
    return [
        _texts(connection, survey),
        _versions(connection, survey),
        _torn("sentences", survey.sentences, "cover every text, only white space lies between them"),
        _torn("chunks", survey.chunks, "cover every article, and each is marked for its own words"),
        _keywords(connection, sound=sound),
        shingles(connection, survey),
        _orphans(connection),
        _origins(connection),
        _hidden(survey),
    ]


def _names(connection: sqlite3.Connection, query: str) -> list[str]:
    return [str(name) for (name,) in connection.execute(query)]


def count(connection: sqlite3.Connection, clause: str) -> int:
    """How many rows a clause finds."""
    (number,) = connection.execute(f"SELECT count(*) FROM {clause}").fetchone()
    return int(number)


def _texts(connection: sqlite3.Connection, survey: Survey) -> Check:
    wrong = [*survey.texts.values(), *_names(connection, _LOST)]
    detail = f"not what was read, or lost: {listed(wrong)}" if wrong else ""
    return judged("texts", detail, f"{survey.versions:,}, every one as its sha256 says", REREAD)


def _versions(connection: sqlite3.Connection, survey: Survey) -> Check:
    gaps = _names(connection, _GAPS)
    if gaps:
        return Check("versions", State.BAD, f"some are missing of {listed(gaps)}", BACK)
    found = {
        "versions whose article is gone": count(connection, _OWNERLESS.removeprefix("FROM ")),
        "articles whose newest version is not current": count(connection, _OUTDATED),
        "versions whose details cannot be read": count(connection, _UNTOLD),
        "versions whose length is not their text's": len(survey.chars),
    }
    return judged(
        "versions", "; ".join(numbered(found)), f"{survey.versions:,}, numbered from 1 without a gap, the newest current"
    )


def _torn(name: str, torn: dict[int, str], right: str) -> Check:
    return judged(name, f"do not fit the text of {listed([*torn.values()])}" if torn else "", right)


def unpaired(connection: sqlite3.Connection) -> dict[str, int]:
    """How many chunks are without keywords, and the other way round; empty where there are none."""
    pairs = {
        "chunks without keywords": ("chunks", "keywords_docsize"),
        "keywords without a chunk": ("keywords_docsize", "chunks"),
    }
    found = {
        what: count(connection, f"(SELECT id FROM {one} EXCEPT SELECT id FROM {other})") for what, (one, other) in pairs.items()
    }
    return {what: number for what, number in found.items() if number}


def _keywords(connection: sqlite3.Connection, *, sound: bool) -> Check:
    wrong = "; ".join(numbered(unpaired(connection))) if sound else "their index is damaged in itself"
    return judged("keywords", wrong, f"{count(connection, 'chunks'):,} chunks, each with its keywords")


def searchable(connection: sqlite3.Connection) -> bool:
    """Whether the index of keywords is whole in itself, outside a transaction: SQLite counts its own check of it as a write.

    One that may not be written to, or that somebody else is writing to, is only asked for a word.
    """
    (patience,) = connection.execute("PRAGMA busy_timeout").fetchone()
    connection.execute("PRAGMA busy_timeout = 0")
    try:
        connection.execute("SELECT count(*) FROM keywords WHERE keywords MATCH 'the'").fetchone()
        connection.execute("INSERT INTO keywords (keywords) VALUES ('integrity-check')")
    except sqlite3.OperationalError as error:
        return "readonly" in str(error) or "locked" in str(error)
    except sqlite3.DatabaseError:
        return False
    finally:
        connection.execute(f"PRAGMA busy_timeout = {patience}")
    return True


def shingles(connection: sqlite3.Connection, survey: Survey) -> Check:
    """Whether the index of quotations has all that it should, of the versions that were looked at."""
    if not Shingles(connection).there():
        return Check("word runs", State.BAD, "this library has no index of quotations yet", FIX)
    wrong = f"missing from the index of quotations: {listed([*survey.shingles.values()])}" if survey.shingles else ""
    whole = survey.compared == survey.versions - len(survey.texts)
    if not wrong and whole and not survey.texts and (there := count(connection, "shingles")) != survey.kept:
        wrong = f"the index of quotations has {there:,} entries where {survey.kept:,} belong"
    of = "every version" if whole else f"a sample of {survey.compared:,} of {survey.versions:,} versions"
    return judged("word runs", wrong, f"of {of} are in the index of quotations")


def _orphans(connection: sqlite3.Connection) -> Check:
    found = {what: count(connection, clause) for what, clause in ORPHANS.items()}
    return judged("orphans", "; ".join(numbered(found)), "no row is without use")


def _origins(connection: sqlite3.Connection) -> Check:
    groups = count(connection, "(SELECT DISTINCT origin FROM origins)")
    told = f"{groups:,} articles have copies" if groups != 1 else "1 article has copies"
    return judged("origins", "; ".join(agreed(connection)), told)


def _hidden(survey: Survey) -> Check:
    """Characters and text that no reader sees are kept and no damage; whoever keeps the archive should know of them."""
    if not survey.hidden:
        return Check("hidden text", State.OK, "nothing that readers do not see")
    return Check("hidden text", State.REMARK, f"what readers do not see stands in {listed(survey.hidden)}")


def mended(connection: sqlite3.Connection) -> list[str]:
    """Brings the rows in order, inside ``Library.writing()``, but for what is made from the texts; tells what was done."""
    done = {
        "articles brought back for their versions": _adopt(connection),
        "articles given their newest version": _change(connection, f"UPDATE articles SET current = {_NEWEST} WHERE id IN "
            f"(SELECT id FROM {_OUTDATED} AND {_NEWEST} IS NOT NULL)"),
        "details that could not be read emptied": _change(connection, "UPDATE versions SET "
            "extra = iif(json_valid(extra), extra, '{}'), pages = iif(json_valid(pages), pages, NULL) "
            f"WHERE key IN (SELECT key FROM {_UNTOLD})"),
    }  # fmt: skip
    stale = f"INSERT OR IGNORE INTO stale SELECT id || '-' || mark FROM {ORPHANS['chunks of no current version']}"
    connection.execute(stale)
    done |= {f"{what} taken out": _change(connection, f"DELETE FROM {clause}") for what, clause in ORPHANS.items()}
    return numbered(done)


def _change(connection: sqlite3.Connection, statement: str) -> int:
    return connection.execute(statement).rowcount


def _adopt(connection: sqlite3.Connection) -> int:
    """Makes the articles anew whose versions are still there; an id that was minted ends in digits of its origin's hash."""
    lost = connection.execute(f"SELECT DISTINCT article_id, origin {_OWNERLESS} GROUP BY article_id").fetchall()
    for id, origin in lost:
        minted = sha256(origin.encode()).hexdigest().startswith(id.rpartition("-")[2])
        identity = f"at:{origin}" if minted else f"id:{id}"
        connection.execute("INSERT INTO articles VALUES (?, ?, 0)", [id, identity])
    return len(lost)
