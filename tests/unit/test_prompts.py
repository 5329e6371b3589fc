from __future__ import annotations

from pathlib import Path

import pytest

from prompts import PromptError, load

SHIPPED = ["answer/v1", "condense/v1", "relevant/v1", "retell/v1", "summarize/v1", "write/v1"]
VALUES = dict.fromkeys("fence articles question form length language about article before sentence earlier".split(), "x")


def own(folder: Path, text: str, name: str = "answer/v1") -> Path:
    path = folder / f"{name}.md"
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_prompt_has_a_system_and_a_user_part_and_a_fingerprint(name: str) -> None:
    prompt = load(name)
    assert {"system", "user"} <= prompt.variables().keys()
    assert prompt.fingerprint.startswith(f"{name}@")
    assert prompt == load(name)


def test_values_go_in_as_they_are_and_only_once() -> None:
    values = {**VALUES, "articles": "costs $5, $question {braces} %s", "question": "Why $fence?"}
    system, user = load("answer/v1").render(**values)
    assert (system.role, user.role) == ("system", "user")
    assert "costs $5, $question {braces} %s" in user.text
    assert "Why $fence?" in user.text


def test_what_is_missing_is_named_all_at_once() -> None:
    with pytest.raises(PromptError, match=r"\$articles, \$fence"):
        load("answer/v1").part("user", question="Why?")


def test_law_7_another_text_has_another_fingerprint(tmp_path: Path) -> None:
    shipped = load("relevant/v1")
    text = "[system]\nBe kind.\n[user]\n$article $before $sentence $question"
    prompt = load("relevant/v1", own(tmp_path, text, "relevant/v1"))
    assert prompt.fingerprint != shipped.fingerprint
    assert prompt.part("system") == "Be kind."


def test_a_folder_without_a_prompt_of_the_name_leaves_the_shipped_one(tmp_path: Path) -> None:
    assert load("answer/v1", tmp_path) == load("answer/v1")


def test_a_copy_of_ones_own_is_checked_for_its_parts_and_variables(tmp_path: Path) -> None:
    text = "[system]\n$fence\n[user]\n$articles $weather\n[lines]\nx\n[object]\ny"
    with pytest.raises(PromptError) as told:
        load("answer/v1", own(tmp_path, text))
    for fault in ("leaves out $form", "leaves out $fence, $question", "asks for $weather", "no part [repair]"):
        assert fault in told.value.message


def test_a_dollar_sign_that_begins_no_variable_is_told(tmp_path: Path) -> None:
    with pytest.raises(PromptError, match=r"\$"):
        load("answer/v1", own(tmp_path, "[system]\nIt costs $5\n[user]\n$articles"))


def test_a_prompt_that_is_not_there_is_told() -> None:
    with pytest.raises(PromptError, match="nothing/v1"):
        load("nothing/v1")
