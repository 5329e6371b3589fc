from __future__ import annotations

import json
from pathlib import Path

from qa.library import Library
from tests.story.conftest import Qa

CRANE = "The harbour crane is unsafe, said Hanne Voss. It will stay closed until May."


def test_the_same_folder_twice_changes_nothing(qa: Qa, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for name in ("a", "b"):
        (tmp_path / "in" / f"{name}.txt").write_text(f"{CRANE} {name}")
    first = qa("add", "in", "--json").record
    second = qa("--json", "add", "in").record
    assert len(first["added"]) == 2
    assert (second["added"], second["updated"], sorted(second["unchanged"])) == ([], [], sorted(first["added"]))
    assert len(qa("list", "--json").record["articles"]) == 2


def test_a_changed_file_becomes_a_new_version_and_only_the_new_words_are_found(qa: Qa, tmp_path: Path) -> None:
    file = tmp_path / "crane.txt"
    file.write_text(CRANE)
    (id,) = qa("add", "crane.txt", "--json").record["added"]
    file.write_text("The harbour crane is open again, said Hanne Voss.")
    assert qa("add", "crane.txt", "--json").record["updated"] == [id]
    (passage,) = qa("search", "harbour crane", "--json").record["passages"]
    assert "open again" in passage["text"]
    assert qa("show", id, "--json").record["version"] == 2
    assert qa("show", id, "--version", "1", "--text").out == CRANE


def test_show_text_gives_the_file_back_byte_for_byte(qa: Qa, tmp_path: Path) -> None:
    raw = "\r\nOne 😀 line.\r\n\u00a0“Two” cafe\u0301\u202e.\x0b\n\n".encode()
    (tmp_path / "odd.txt").write_bytes(raw)
    (id,) = qa("add", "odd.txt", "--json").record["added"]
    assert qa("show", id, "--text").out.encode() == raw


def test_removal_is_complete(qa: Qa, tmp_path: Path) -> None:
    (tmp_path / "crane.txt").write_text(CRANE)
    (tmp_path / "other.txt").write_text("A bridge was opened in the north of the town on Monday.")
    ids = qa("add", "crane.txt", "other.txt", "--json").record["added"]
    assert qa("remove", ids[0], "--json").record == {"removed": [ids[0]]}
    assert "crane" not in qa("search", "harbour crane", "--json").out.replace('"query":"harbour crane"', "").replace(
        '"query": "harbour crane"', ""
    )
    assert qa("show", ids[0]).told(4)
    assert qa("doctor").code == 0


def test_a_file_that_is_gone_is_told_and_with_prune_removed(qa: Qa, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for name in ("a", "b"):
        (tmp_path / "in" / f"{name}.txt").write_text(f"{CRANE} {name}")
    qa("add", "in")
    (tmp_path / "in" / "a.txt").unlink()
    done = qa("add", "in", "--json")
    assert len(done.record["gone"]) == 1
    assert "gone: " in done.err
    assert len(qa("list", "--json").record["articles"]) == 2
    pruned = qa("add", "in", "--prune", "--json")
    assert pruned.record["removed"] == done.record["gone"]
    assert f"removed: {done.record['gone'][0]}, which is gone" in pruned.err
    assert len(qa("list", "--json").record["articles"]) == 1


def test_a_line_that_is_gone_is_told_unless_its_file_had_lines_that_could_not_be_read(qa: Qa, tmp_path: Path) -> None:
    file = tmp_path / "lines #1.jsonl"
    rows = [json.dumps({"id": f"c#{at}", "text": f"{CRANE} {at}"}) for at in range(3)]
    file.write_text("\n".join(rows))
    qa("add", str(file))
    file.write_text("\n".join([rows[0], rows[1], "{broken"]))
    assert qa("add", str(file), "--json").record["gone"] == []
    file.write_text("\n".join(rows[:2]))
    assert qa("add", str(file), "--json").record["gone"] == ["c#2"]
    file.unlink()
    assert len(qa("add", str(tmp_path), "--prune", "--json").record["removed"]) == 3


def test_one_bad_file_loses_nothing_else(qa: Qa, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "good.txt").write_text(CRANE)
    (tmp_path / "in" / "binary.txt").write_bytes(bytes(range(256)) * 10)
    (tmp_path / "in" / "empty.txt").write_text("")
    (tmp_path / "in" / "bytes.txt").write_bytes(b"caf\xe9 au lait")
    lines = [
        '{"id": "one", "text": "A tram line opened."}',
        "{broken",
        '{"title": "no text"}',
        "[1]",
        '{"id": "two", "text": "A bridge fell."}',
    ]
    (tmp_path / "in" / "lines.jsonl").write_text("\n".join(lines))
    done = qa("add", "in", "--json")
    assert done.code == 0
    assert len(done.record["added"]) == 4
    assert len(done.record["skipped"]) == 5
    assert "is read as cp1252, which it does not say" in done.err
    assert all(skipped["reason"] for skipped in done.record["skipped"])
    assert {"one", "two"} <= {article["id"] for article in qa("list", "--json").record["articles"]}
    first = qa("list", "--json", "-n", "2")
    assert (len(first.record["articles"]), first.err.strip()) == (2, "2 of 4 articles")


def test_an_answer_says_of_a_wire_story_how_many_carry_it_and_origins_lists_them(qa: Qa, tmp_path: Path) -> None:
    story = f"{CRANE}\n\nThe port kept the quay closed on Tuesday while two engineers climbed the boom with a gauge.\n"
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "first.md").write_text(f"---\npublished: 2024-03-01\n---\n\n{story}")
    (tmp_path / "in" / "copy.md").write_text(f"---\npublished: 2024-03-02\n---\n\n{story}")
    qa("add", "in")
    question = "Who climbed the boom with a gauge?"
    (cited, *_) = qa("ask", question, "--json").record["citations"]
    assert len(cited["copies"]) == 1
    assert "copy" in qa("ask", question).out
    family = json.dumps(qa("origins", cited["article_id"], "--json").record)
    assert all(id in family for id in (cited["article_id"], *cited["copies"]))


def test_nothing_read_is_an_error_that_says_why(qa: Qa) -> None:
    done = qa("add", "no-such-file.txt")
    done.told(1)
    assert "no-such-file.txt" in done.err


def test_stdin_can_be_added(qa: Qa) -> None:
    assert len(qa("add", "-", "--json", stdin=CRANE).record["added"]) == 1
    assert qa("search", "crane", "--json").record["passages"][0]["text"] == CRANE


def test_the_trap_articles_go_in_and_every_passage_is_exact(qa: Qa, home: Path) -> None:
    news = Path(__file__).parent.parent / "news"
    done = qa("add", str(news), "--json")
    assert done.code == 0
    library = Library(home)
    texts = {article.id: library.article(article.id).text for article, _ in library.headers()}
    assert len(texts) >= 15
    for query in ("the", "price", "minister said", "repeated sentence", "ignore previous instructions", "مرحبا"):
        for passage in qa("search", query, "--json", "-k", "50").record["passages"]:
            assert texts[passage["article_id"]][passage["start"] : passage["end"]] == passage["text"]
    assert qa("doctor", "--json").record["ok"]


def test_nothing_an_article_holds_reaches_the_terminal_as_a_control(qa: Qa, tmp_path: Path) -> None:
    evil = "The crane\x1b[31m is red\x1b]0;owned\x07\u202e and \x9b2J unsafe\0, said the \u2066mayor\u2069."
    line = {
        "id": "evil",
        "title": "T\x1b[2J\u202ewide",
        "text": evil,
        "source": "S\x07",
        "author": "A\x1b",
        "url": "https://example.org/\x1b",
    }
    (tmp_path / "evil.jsonl").write_text(json.dumps(line))
    assert qa("add", "evil.jsonl").code == 0
    for command in (
        ["list"],
        ["show", "evil"],
        ["search", "crane"],
        ["ask", "Who said the crane is unsafe?"],
        ["summarize", "evil"],
    ):
        for form in ([], ["--json"]):
            done = qa(*command, *form)
            shown = done.out + done.err
            assert not set(shown) & set("\x1b\x07\x9b\0\u202e\u2066\u2069"), (command, form)
    assert qa("show", "evil", "--json").record["text"] == evil


def test_hidden_characters_and_notes_are_told_once_by_add_then_by_show_and_doctor_and_never_dropped(
    qa: Qa, tmp_path: Path
) -> None:
    (tmp_path / "crane.txt").write_text(f"{CRANE}\u200b\U000e0041\n\nCorrection: The crane reopens in June.\n", encoding="utf-8")
    added = qa("add", "crane.txt", "--json")
    (id,) = added.record["added"]
    told = "1 zero-width character, 1 tag character"
    assert f"hidden in {id}: {told}" in added.err
    assert "hidden" not in qa("add", "crane.txt").err
    shown = qa("show", id)
    assert f"hidden: {told}" in shown.out
    assert "this article carries a correction: “Correction: The crane reopens in June.”" in " ".join(shown.out.split())
    assert "\u200b\U000e0041" in qa("show", id, "--text").out
    doctor = qa("doctor")
    assert doctor.code == 0
    assert f"{id} ({told})" in " ".join(doctor.out.split())


def test_whether_an_article_was_corrected_can_be_asked(qa: Qa, tmp_path: Path) -> None:
    (tmp_path / "crane.txt").write_text(f"{CRANE}\n\nCorrection: The crane was corrected to reopen in June, not May.\n")
    qa("add", "crane.txt")
    record = qa("ask", "What was corrected about when the crane will reopen?", "--json").record
    assert any("not May" in one["quote"] for one in record["citations"])
    assert record["citations"][0]["notes"][0]["kind"] == "correction"
