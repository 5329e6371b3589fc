"""An archive copied while it grows, and put back."""

from __future__ import annotations

from pathlib import Path

from tests.story.conftest import Qa
from tests.story.test_survival import articles, started, written


def test_a_backup_made_while_another_adds_is_whole_and_can_be_asked(qa: Qa, home: Path, tmp_path: Path) -> None:
    assert qa("add", written(tmp_path / "first.jsonl", articles(3, "a"))).code == 0
    adding = started(home, "add", written(tmp_path / "more.jsonl", articles(12, "b")))
    made = []
    while adding.poll() is None:
        made.append(qa("backup", f"copy{len(made)}.tar.gz", "--json").record)
    assert adding.returncode == 0, adding.communicate()[1]
    assert made
    assert made[0]["articles"] in (3, 15), "a state between two commits"
    into = ("--home", str(tmp_path / "other"))
    assert "qa rebuild" in qa(*into, "backup", "--restore", made[-1]["file"]).out
    assert "qa rebuild" in qa(*into, "ask", "Who mentioned the harbour?", "--no-log").err
    assert qa(*into, "rebuild").code == 0
    assert qa(*into, "doctor").code == 0
    assert len(qa(*into, "list", "--json").record["articles"]) == made[-1]["articles"]
