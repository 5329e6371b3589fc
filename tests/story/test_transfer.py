"""An archive that moves to another machine: exported, taken in, and the same."""

from __future__ import annotations

import gzip
import stat
from pathlib import Path

from tests.story.conftest import Qa


def test_a_library_moves_to_another_home_and_answers_there(qa: Qa, sample_home: Path, tmp_path: Path) -> None:
    done = qa("--home", str(sample_home), "export", "news.jsonl.gz")
    assert (done.code, done.out) == (0, "16 articles in news.jsonl.gz\n")
    assert stat.S_IMODE((tmp_path / "news.jsonl.gz").stat().st_mode) == 0o600
    moved = qa("import", "news.jsonl.gz", "--json")
    assert (moved.record["added"], moved.record["skipped"]) == (16, [])
    assert qa("export", "-").out == gzip.decompress((tmp_path / "news.jsonl.gz").read_bytes()).decode()
    assert qa("ask", "Who said the harbour crane was unsafe?", "--json").record["answered"]
    assert qa("doctor").code == 0


def test_what_cannot_be_taken_in_is_told(qa: Qa, tmp_path: Path) -> None:
    (tmp_path / "none.jsonl").write_bytes(b'{"schema": "groundwire/export/1", "articles": 1}\n\xff\xfe\n')
    assert "nothing was taken in" in qa("import", "none.jsonl").told(1)
    (tmp_path / "no.gz").write_bytes(b"no")
    assert qa("import", "no.gz").told(1)
    assert qa("import", "missing.jsonl").told(1)
    assert qa("import", "-", stdin="{}").told(2)
    assert qa("export", "x.jsonl").told(4)
    assert not (tmp_path / "x.jsonl").exists()
