from __future__ import annotations

from pathlib import Path

import pytest

from qa.config import FILE, keep, load
from qa.errors import ConfigError

WRITTEN = "# ours\npassages = 5\n\nmodel = 'extractive'  # asks nobody\n# the end"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / FILE).write_text(WRITTEN, encoding="utf-8")
    return tmp_path


def said(home: Path) -> str:
    return (home / FILE).read_text(encoding="utf-8")


def test_a_setting_that_is_kept_is_in_force_and_all_other_lines_stay(home: Path) -> None:
    assert keep(home, "passages", "9") == 9
    assert keep(home, "prompts", 'a "b" \\ c é') == 'a "b" \\ c é'
    assert load({"home": str(home)}, {})[0].passages == 9
    assert load({"home": str(home)}, {})[0].prompts == 'a "b" \\ c é'
    assert said(home).startswith(WRITTEN.replace("passages = 5", "passages = 9"))


def test_a_setting_that_is_taken_out_is_at_its_default_again(home: Path) -> None:
    keep(home, "offline", "yes")
    assert load({"home": str(home)}, {})[0].offline is True
    keep(home, "offline", None)
    assert load({"home": str(home)}, {})[0].offline is False
    assert said(home) == f"{WRITTEN}\n"


def test_the_first_setting_makes_the_home_and_a_file_for_its_owner_alone(tmp_path: Path) -> None:
    keep(tmp_path / "new", "limit_mb", "3")
    assert (tmp_path / "new" / FILE).stat().st_mode & 0o777 == 0o600
    assert [path.name for path in (tmp_path / "new").iterdir()] == [FILE]


@pytest.mark.parametrize(("name", "value"), [("passages", "none"), ("OPENAI_API_KEY", "x"), ("home", "/x"), ("model", " ")])
def test_what_is_no_setting_or_does_not_fit_is_refused_and_nothing_changes(home: Path, name: str, value: str) -> None:
    with pytest.raises(ConfigError):
        keep(home, name, value)
    assert said(home) == WRITTEN


@pytest.mark.parametrize("before", ["passages = ", "model = '''\npassages = 5\n'''\n", "[a]\nb = 1\n"])
def test_a_file_that_cannot_be_changed_line_by_line_is_left_as_it_is(home: Path, before: str) -> None:
    (home / FILE).write_text(before, encoding="utf-8")
    with pytest.raises(ConfigError, match=FILE):
        keep(home, "passages", "9")
    assert said(home) == before
