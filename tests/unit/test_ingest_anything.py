"""Whatever the bytes, each reader gives articles or a reason, and nothing else."""

from __future__ import annotations

from contextlib import suppress
from io import BytesIO
from pkgutil import resolve_name

import pyarrow
import pyarrow.parquet
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.ingest import BY_SUFFIX
from qa.ingest.types import Place, Skipped, Unreadable
from tests.papers import docx, epub, paragraph, pdf, tarred, zipped

_TABLE = BytesIO()
pyarrow.parquet.write_table(pyarrow.table({"text": ["One.", "Two."]}), _TABLE)
SEEDS = {
    ".pdf": pdf([["The crane fell.", "Nobody was hurt."], ["On Monday."]], "/Title (Crane)"),
    ".docx": docx(paragraph("The crane fell."), "<dc:title>Crane</dc:title>"),
    ".epub": epub({"a.xhtml": "<p>The crane fell.</p>"}),
    ".eml": b"From: a@b\nSubject: =?utf-8?q?x?=\nContent-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/plain;"
    b" charset=koi8-r\n\nIt fell.\n--x\nContent-Disposition: attachment; filename=a.txt\n\nText\n--x--\n",
    ".zip": zipped({"a.txt": b"One.", "b.jsonl": b'{"text": "Two."}'}),
    ".tar": tarred({"a.txt": b"One."}),
    ".tgz": tarred({"a.txt": b"One."}, "w:gz"),
    ".nitf": b"<nitf><body><body.content><p>It fell.</p></body.content></body></nitf>",
    ".xml": b"<newsItem><contentSet><inlineXML><html><body><p>It fell.</p></body></html></inlineXML></contentSet></newsItem>",
    ".rss": b"<rss><channel><title>C</title><item><link>https://example.org/a</link><description>It fell.</description>"
    b"</item></channel></rss>",
    ".csv": b'title,text\n"a","It fell."\nb,c\n',
    ".parquet": _TABLE.getvalue(),
    ".html": b"<html><body><p>It fell.</p></body></html>",
    ".jsonl": b'{"id": 1, "text": "It fell."}\n',
    ".json": b'[{"text": "It fell."}]',
    ".txt": b"It fell.\n\nBy Petra Ilves\n",
}


def test_every_reader_of_the_table_has_a_seed_here() -> None:
    assert {BY_SUFFIX[suffix] for suffix in SEEDS} == set(BY_SUFFIX.values())


@pytest.mark.parametrize("suffix", sorted(SEEDS))
@settings(max_examples=60)
@given(data=st.data())
def test_bytes_changed_at_random_become_articles_or_a_reason(suffix: str, data: st.DataObject) -> None:
    seed = bytearray(SEEDS[suffix])
    for _ in range(data.draw(st.integers(0, 6))):
        at = data.draw(st.integers(0, max(0, len(seed) - 1)))
        cut = data.draw(st.integers(0, 12))
        seed[at : at + cut] = data.draw(
            st.binary(max_size=6) | st.sampled_from([b"\0\0\0\0", b"\xff\xff\xff\xff", b"<p>", b'"', b"\n"])
        )
    place = Place("a", 100_000, "a", len(seed), readers=BY_SUFFIX)
    with suppress(Unreadable):
        for found in resolve_name(BY_SUFFIX[suffix])(BytesIO(bytes(seed)), place):
            assert found.reason if isinstance(found, Skipped) else found.text.strip()
