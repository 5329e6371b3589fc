"""Records put to the library again, and drafts checked, as a person does it: real processes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.story.conftest import Qa

FIRST = (
    "The harbour crane was closed on Monday, the council said.\n\n"
    "“The crane has 15 cracks, and I would not let my own crew stand under it,” inspector Hanne Voss said.\n\n"
    "“Nobody has asked the sailors about any of this,” said Tom Wu, who speaks for the pilots.\n"
)
DRAFT = (
    "“I would not let my own crew stand under it,” Hanne Voss said.\n\n"
    "“The crane has 51 cracks,” Hanne Voss said.\n\n"
    "“Nobody has asked the sailors about any of this,” said Hanne Voss.\n\n"
    "“Penguins have taken the southern terminal,” said Tom Wu.\n"
)


@pytest.fixture
def article(qa: Qa, tmp_path: Path) -> Path:
    path = tmp_path / "crane.txt"
    path.write_text(FIRST, encoding="utf-8")
    assert qa("add", str(path)).code == 0
    return path


def test_a_saved_answer_is_true_until_its_article_changes_and_then_the_truth_is_told(
    qa: Qa, article: Path, tmp_path: Path
) -> None:
    saved = tmp_path / "a.json"
    saved.write_text(qa("ask", "How many cracks has the crane?", "--json").out, encoding="utf-8")
    done = qa("verify", str(saved), "--json")
    assert (done.code, done.record["ok"]) == (0, True)
    assert {one["verdict"] for one in done.record["citations"]} == {"valid"}

    article.write_text(f"Updated at noon.\n\n{FIRST}", encoding="utf-8")
    assert qa("add", str(article)).code == 0
    done = qa("verify", str(saved), "--json")
    assert (done.code, {one["verdict"] for one in done.record["citations"]}) == (0, {"moved"})
    text = qa("show", "crane", "--text").out
    record = json.loads(saved.read_text(encoding="utf-8"))
    quotes = {one["number"]: one["quote"] for one in record["citations"]}
    assert all(text[one["start"] : one["end"]] == quotes[one["number"]] for one in done.record["citations"])

    article.write_text(FIRST.replace("15 cracks", "16 cracks"), encoding="utf-8")
    assert qa("add", str(article)).code == 0
    done = qa("verify", str(saved), "--json")
    changed = next(one for one in done.record["citations"] if "15 cracks" in quotes[one["number"]])
    assert (done.code, done.record["ok"], changed["verdict"], changed["since"]) == (6, False, "changed", 3)
    assert ("16", "15") in {(one["source"], one["quoted"]) for one in changed["diff"]}
    shown = qa("verify", str(saved))
    assert shown.code == 6
    assert "[-16-] {+15+}" in shown.out


def test_a_record_from_stdin_and_a_folder_of_records_are_verified(qa: Qa, article: Path, tmp_path: Path) -> None:
    asked = qa("ask", "-", stdin="Who speaks for the pilots?\nHow many cracks has the crane?\n").out
    folder = tmp_path / "records"
    folder.mkdir()
    (folder / "session.jsonl").write_text(asked, encoding="utf-8")
    assert qa("verify", "-", "--json", stdin=asked).record["ok"]
    assert qa("verify", str(folder)).code == 0
    tampered = asked.replace("15 cracks", "19 cracks")
    done = qa("verify", "-", "--json", stdin=tampered)
    assert done.code == 6
    assert "altered" in {one["verdict"] for one in done.record["citations"]}


def test_what_is_no_record_is_a_usage_error(qa: Qa, tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text("{}")
    assert "not a record" in qa("verify", "x.json").told(2)
    assert "no file" in qa("verify", "none.json").told(4)


def test_a_draft_with_a_true_an_altered_a_misattributed_and_an_invented_quotation_gets_all_four_right(
    qa: Qa, article: Path, tmp_path: Path
) -> None:
    draft = tmp_path / "draft.md"
    draft.write_text(DRAFT, encoding="utf-8")
    done = qa("check", str(draft), "--json")
    assert (done.code, done.record["ok"]) == (6, False)
    assert [one["verdict"] for one in done.record["quotes"]] == ["not_found", "altered", "misattributed", "exact"]
    text = qa("show", "crane", "--text").out
    for one in done.record["quotes"]:
        assert DRAFT[one["start"] : one["end"]] == one["quote"]
        assert one["at"] is None or text[one["at"][0] : one["at"][1]] == one["source"]
    assert [one["said_by"] for one in done.record["quotes"]][2] == "Tom Wu"
    shown = qa("check", "-", stdin=DRAFT).out
    assert "[-15-] {+51+}" in shown
    assert "Tom Wu says it" in " ".join(shown.split())


def test_a_clean_draft_ends_with_nothing_wrong(qa: Qa, article: Path) -> None:
    done = qa("check", "-", "--json", stdin="“Nobody has asked the sailors about any of this”, said Tom Wu.")
    assert (done.code, done.record["ok"], [one["verdict"] for one in done.record["quotes"]]) == (0, True, ["exact"])
    assert qa("check", "-", "--json", stdin="No quotations here.").record == {**done.record, "quotes": []}


def test_a_draft_cannot_be_checked_against_nothing(qa: Qa) -> None:
    assert "empty" in qa("check", "-", stdin=DRAFT).told(4)


def test_law_9_a_draft_and_a_record_cannot_drive_the_terminal(qa: Qa, article: Path) -> None:
    for form in ("terminal", "markdown", "json"):
        done = qa("check", "-", "--format", form, stdin="“Evil \x1b[31mred\x1b[0m and \u202eturned words here”, he said.")
        assert "\x1b" not in done.out
        assert "\u202e" not in done.out


def test_versions_are_listed_and_what_changed_is_shown(qa: Qa, article: Path) -> None:
    assert "one version" in qa("diff", "crane").told(4)
    article.write_text(FIRST.replace("Monday", "Tuesday"), encoding="utf-8")
    qa("add", str(article))
    assert [one["version"] for one in qa("show", "crane", "--versions", "--json").record["versions"]] == [1, 2]
    assert "version 2" in qa("show", "crane", "--versions").out
    changes = [one for one in qa("diff", "crane", "--json").record["changes"] if one["op"] != "equal"]
    assert [(one["before"], one["after"], one["kind"]) for one in changes] == [("Monday,", "Tuesday,", "date")]
    assert "[-Monday,-] {+Tuesday,+}" in qa("diff", "crane", "--from", "1", "--to", "2").out


def test_a_library_from_before_the_index_of_words_is_mended_by_a_rebuild(qa: Qa, article: Path, home: Path) -> None:
    import sqlite3

    with sqlite3.connect(home / "library.sqlite3") as connection:
        connection.executescript("DELETE FROM shingles; DELETE FROM facts WHERE name = 'shingled';")
    connection.close()
    assert "no index of quotations" in qa("check", "-", stdin=DRAFT).told(3)
    assert qa("rebuild").code == 0
    assert qa("check", "-", "--json", stdin=DRAFT).code == 6
