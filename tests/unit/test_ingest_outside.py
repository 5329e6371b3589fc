from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import pytest

from qa.errors import ConfigError
from qa.ingest import read
from qa.ingest.types import Place
from qa.types import Document
from tests.papers import zipped


def backwards(stream: BinaryIO, place: Place) -> Iterator[Document]:
    """Somebody's own format: the text from its end."""
    yield Document(stream.read().decode()[::-1], place.origin)


HERE = f"{__name__}:backwards"


def one(source: Path, readers: str | None = None) -> Document:
    (found,) = read(str(source), fetch=False, readers=readers)
    assert isinstance(found, Document), found
    return found


@pytest.fixture
def odd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a file of a kind that nobody knows, and a package that reads it installed."""
    (tmp_path / "site" / "oddly-1.0.dist-info").mkdir(parents=True)
    (tmp_path / "site" / "oddly.py").write_text(
        "from qa.types import Document\n"
        "def read(stream, place):\n    yield Document(stream.read().decode()[::-1], place.origin)\n"
    )
    (tmp_path / "site" / "oddly-1.0.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: oddly\nVersion: 1.0\n")
    (tmp_path / "site" / "oddly-1.0.dist-info" / "entry_points.txt").write_text("[groundwire.readers]\nodd = oddly:read\n")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.odd").write_text(".llef tI")
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    yield tmp_path / "in" / "a.odd"
    sys.modules.pop("oddly", None)


def test_an_installed_package_brings_a_reader_for_a_file_a_folder_and_an_archive(odd: Path) -> None:
    assert one(odd).text == "It fell."
    assert one(odd.parent).kind == "odd"
    (odd.parent / "a.odd").unlink()
    (odd.parent / "a.zip").write_bytes(zipped({"b.odd": b".llef tI"}))
    assert one(odd.parent / "a.zip").text == "It fell."


def test_a_reader_named_in_a_setting_goes_before_all_others(tmp_path: Path) -> None:
    sys.modules["tests_outside_here"] = sys.modules[__name__]
    (tmp_path / "a.txt").write_text(".llef tI")
    assert one(tmp_path / "a.txt", ".txt=tests_outside_here:backwards, odd=tests_outside_here:backwards").text == "It fell."


@pytest.mark.parametrize("setting", [".odd", ".odd=nothing", ".odd=no.such.module:read", f"{HERE}"])
def test_a_setting_that_names_no_reader_is_an_error_with_a_next_step(setting: str) -> None:
    with pytest.raises(ConfigError) as told:
        read("-", fetch=False, readers=setting)
    assert ".suffix=" in told.value.hint
