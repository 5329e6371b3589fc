"""What commands report is as their published schemas say."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from qa.cli import run
from qa.render.schema import schema

DAY = "The council of Port Elin closed the harbour crane on Monday. “It is unsafe,” said the inspector Hanne Voss. "
MORE = "It had lifted 40 containers a day since the spring. The mayor said that it will be repaired within three weeks."


def test_what_commands_report_is_as_the_published_schemas_say(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.txt").write_text(DAY + MORE)
    Path("b.txt").write_text(DAY + MORE.replace("40", "50"))
    Path("draft.txt").write_text("“It is unsafe,” said Hanne Voss. “It is quite unsafe and red,” said Hanne Voss.")

    def reported(*command: str) -> list[object]:
        assert run([*command]) in (0, 6)
        return [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    def held(name: str, *command: str) -> object:
        found = reported(*command)
        for one in found:
            Draft202012Validator(schema(name)).validate(one)
        return found[0]

    reported("add", "a.txt", "b.txt", "--json")
    Path("answer.json").write_text(json.dumps(held("answer", "ask", "Who said the crane was unsafe?", "--json")))
    Path("b.txt").write_text("Something else happened in Port Elin, and nobody said a word of it.")
    family = held("origins", "origins", "a.txt", "--json")
    assert isinstance(family, dict)
    assert len(family["articles"]) == 2
    reported("add", "b.txt", "--json")
    verified = held("verify", "verify", "answer.json", "--json")
    assert isinstance(verified, dict)
    assert verified["citations"]
    held("check", "check", "draft.txt", "--json")
    held("log", "log", "--json")
    held("doctor", "doctor", "--json")
    held("articles", "list", "--json")
    held("passages", "search", "harbour crane", "--json")
    held("export", "export", "-", "--log")


def test_a_schema_refuses_what_lacks_a_field_or_has_another_verdict() -> None:
    for name, wrong in (
        ("log", {"log": [{"number": 1}]}),
        ("export", {"id": "a", "identity": "at:a"}),
        ("doctor", {"ok": True}),
        ("verify", {"schema": "groundwire/verify/2", "ok": True, "citations": []}),
        ("check", {"schema": "groundwire/check/1", "ok": True, "quotes": [{"verdict": "fine"}]}),
    ):
        assert not Draft202012Validator(schema(name)).is_valid(wrong)
