"""README says what the program does, and no more."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest
import typer.main
from typer.testing import CliRunner

from qa.cli import INTERRUPTED, app
from qa.commands.answers import NOT_ANSWERED
from qa.commands.verify import FAILED
from qa.config import Settings
from qa.errors import QAError
from qa.render.schema import schema
from vectorstore.stores.server import TOKEN

ROOT = Path(__file__).parent.parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = [
    *("add", "list", "show", "diff", "remove", "search", "ask", "summarize", "verify", "check", "log", "schema", "doctor"),
    *("refresh", "rebuild", "export", "import", "backup", "config show", "config set", "config unset", "origins"),
    *(f"eval {name}" for name in ("run", "compare", "gate", "raise", "report")),
]


def help_of(*command: str) -> str:
    done = CliRunner().invoke(app, [*command, "--help"])
    assert done.exit_code == 0, done.output
    return done.output


def flags_of(text: str) -> set[str]:
    return set(re.findall(r"(?<![\w-])--[a-z]+", text))


def test_readme_opens_with_the_two_commands() -> None:
    assert README.index("make demo") < README.index("make test") < 300


def test_every_command_is_in_readme_and_every_command_there_exists() -> None:
    group = typer.main.get_command(app)
    names = set(group.commands)  # type: ignore[attr-defined]
    assert names == {command.split()[0] for command in COMMANDS}
    assert set(re.findall(r"^\| `qa (\w+)", README, re.MULTILINE)) == names


def test_every_flag_is_in_readme_and_every_flag_there_exists() -> None:
    real = flags_of(help_of()) | {flag for command in COMMANDS for flag in flags_of(help_of(*command.split()))}
    assert flags_of(re.sub(r"`chroma run [^`]*`", "", README)) == real


def test_every_setting_is_in_readme_with_its_variable_and_default() -> None:
    for setting in fields(Settings):
        row = next(line for line in README.splitlines() if line.startswith(f"| {setting.name} |"))
        assert f"`{setting.metadata['env']}`" in row
        assert setting.metadata["help"].split(",")[0].split(":")[0] in row
        if setting.name != "home":
            assert str(setting.default).lower() in row
    assert set(re.findall(r"\bQA_[A-Z_]+", README)) == {setting.metadata["env"] for setting in fields(Settings)} | {TOKEN}


def test_every_exit_code_is_in_readme() -> None:
    told = {int(code) for code in re.findall(r"^\| (\d+) \|", README, re.MULTILINE)}
    raised = {kind.exit_code for kind in [QAError, *QAError.__subclasses__()]}
    assert told == raised | {0, NOT_ANSWERED, FAILED, INTERRUPTED}


def test_the_record_in_readme_names_every_field_of_the_schema() -> None:
    shown = README[README.index('{"schema"') : README.index("Not answered, `reason`")]
    for name in schema("answer")["properties"]:  # type: ignore[union-attr]
        assert f'"{name}":' in shown


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_says_what_it_does_and_what_it_takes(command: str) -> None:
    shown = help_of(*command.split())
    assert re.search(r"\n  [A-Z]", shown)


def test_changelog_names_this_version() -> None:
    from qa import __version__

    assert f"## {__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
