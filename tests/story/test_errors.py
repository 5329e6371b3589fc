from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.story.conftest import Qa, environment


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["nonsense"], 2),
        (["ask", "--nonsense", "x"], 2),
        (["add"], 2),
        (["search", "x", "-k", "0"], 2),
        (["search", "x", "-k", "many"], 2),
        (["ask", "x", "--since", "yesterday"], 2),
        (["ask", "x", "--until", "2023-13"], 2),
        (["summarize"], 2),
        (["summarize", "x", "--about", "y"], 2),
        (["summarize", "x", "--length", "0"], 2),
        (["summarize", "x", "--since", "2023"], 2),
        (["summarize", "x", "--model", "nobody"], 3),
        (["schema", "nothing"], 2),
        (["show", "nobody"], 4),
        (["remove", "nobody"], 4),
        (["search", "x"], 4),
        (["summarize", "--about", "x"], 4),
        (["rebuild"], 4),
        (["ask", "x", "--model", "nobody"], 3),
        (["add", "no-such-file"], 1),
        (["add", "ftp://example.org/x"], 1),
    ],
)
def test_an_error_is_two_lines_and_its_exit_code(qa: Qa, home: Path, arguments: list[str], code: int) -> None:
    assert qa(*arguments).told(code)
    assert not (home / "index").exists()


@pytest.mark.parametrize("setting", [{"QA_LIMIT_MB": "many"}, {"QA_PASSAGES": "0"}, {"QA_OFFLINE": "perhaps"}])
def test_a_setting_that_does_not_fit_is_a_configuration_error(qa: Qa, setting: dict[str, str]) -> None:
    (name,) = setting
    assert name in qa("list", **setting).told(3)


def test_a_mistyped_setting_in_the_file_is_told(qa: Qa, home: Path) -> None:
    home.mkdir()
    (home / "qa.toml").write_text('modell = "extractive"')
    assert "modell" in qa("list").told(3)
    (home / "qa.toml").write_text("passages = [")
    assert qa("list").told(3)


def test_settings_say_where_they_come_from(qa: Qa, home: Path) -> None:
    home.mkdir()
    (home / "qa.toml").write_text("passages = 5\nlimit_mb = 7\n")
    rows = {one["name"]: one for one in qa("config", "show", "--json", QA_LIMIT_MB="3").record["settings"]}
    assert (rows["passages"]["value"], rows["limit_mb"]["value"], rows["limit_mb"]["origin"]) == (5, 3, "QA_LIMIT_MB")
    assert rows["passages"]["origin"].endswith("qa.toml")
    assert rows["model"]["origin"] == "default"


def test_global_options_work_before_and_after_a_command(qa: Qa, tmp_path: Path) -> None:
    other = str(tmp_path / "other")
    (tmp_path / "a.txt").write_text("The crane is closed.")
    qa("--home", other, "add", "a.txt")
    assert len(qa("list", f"--home={other}", "--json").record["articles"]) == 1
    assert len(qa("--json", "--home", other, "list").record["articles"]) == 1
    assert qa("list", "--json").record["articles"] == []


def test_a_damaged_library_is_told_in_two_lines_and_left_as_it_is(qa: Qa, home: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("The crane is closed.")
    qa("add", "a.txt")
    for name in ("library.sqlite3-wal", "library.sqlite3-shm"):
        (home / name).unlink(missing_ok=True)
    (home / "library.sqlite3").write_bytes(b"this was a library once" * 500)
    before = (home / "library.sqlite3").read_bytes()
    for command in (["ask", "x"], ["list"], ["add", "a.txt"]):
        assert qa(*command).told(1)
    assert (home / "library.sqlite3").read_bytes() == before


@pytest.mark.parametrize(
    "extra",
    [
        {"QA_EMBEDDER": "nobody"},
        {"QA_STORE": "nowhere"},
        {"QA_STORE": "memory"},
        {"QA_EMBEDDER": "langchain:openai:x", "OPENAI_BASE_URL": ""},
    ],
)
def test_an_embedder_or_store_that_cannot_be_opened_takes_nothing_in(qa: Qa, tmp_path: Path, extra: dict[str, str]) -> None:
    (tmp_path / "a.txt").write_text("The crane is closed.")
    assert qa("add", "a.txt", **extra).told(3)
    assert qa("list", "--json").record["articles"] == []


def test_a_provider_that_does_not_answer_ends_with_7_and_the_next_add_finishes(qa: Qa, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("The crane is closed.")
    away = {"OPENAI_BASE_URL": "http://127.0.0.1:9/v1", "OPENAI_API_KEY": "none"}
    assert qa("add", "a.txt", QA_EMBEDDER="langchain:openai:x", **away).told(7)
    assert qa("add", "a.txt").code == 0
    assert qa("doctor").code == 0


def test_a_database_cut_short_is_told_with_a_way_back_and_left_as_it_is(qa: Qa, home: Path) -> None:
    library = home / "library.sqlite3"
    home.mkdir()
    with closing(sqlite3.connect(library)) as connection, connection:
        connection.execute("CREATE TABLE one (row)")
        connection.executemany("INSERT INTO one VALUES (?)", [["x" * 1000]] * 20)
    library.write_bytes(library.read_bytes()[:9000])
    before = library.read_bytes()
    for command in (["list"], ["add", "a.txt"]):
        done = qa(*command)
        assert done.told(1)
        assert "qa doctor" in done.err
    done = qa("doctor", "--fix", "--json")
    assert (done.code, done.record["ok"], done.record["mended"]) == (1, False, [])
    assert library.read_bytes() == before


def test_a_home_that_is_a_file_is_told_by_every_command(qa: Qa, home: Path) -> None:
    home.write_text("not a folder")
    for command in (["list"], ["doctor"]):
        assert "no folder" in qa(*command).told(3)
    assert home.read_text() == "not a folder"


def test_the_doctor_mends_what_is_torn_and_ends_with_what_it_says(qa: Qa, home: Path, tmp_path: Path) -> None:
    assert "All is well" in qa("doctor").out
    assert qa("doctor", "--fix").code == 0
    assert not home.exists()
    (tmp_path / "a.txt").write_text("The harbour crane is closed, said Hanne Voss.")
    qa("add", "a.txt")
    assert "All is well" in qa("doctor").out.splitlines()[-1]
    (home / "library.sqlite3").chmod(0o644)
    with closing(sqlite3.connect(home / "library.sqlite3")) as connection, connection:
        connection.execute("UPDATE versions SET sentences = x''")
    torn = qa("doctor")
    assert torn.code == 1
    assert "BAD    sentences:" in torn.out
    assert torn.out.splitlines()[-1].endswith("Next: qa doctor --fix")
    for file in (home / "index").glob("*"):
        subprocess.run(["rm", "-rf", str(file)], check=True)
    (home / "index" / "chroma.sqlite3").write_bytes(b"this was an index once" * 500)
    mended = qa("doctor", "--fix")
    assert mended.code == 0, mended.out
    for told in (
        "files and folders made private",
        "sentences made anew, of versions: 1",
        "the index made anew, chunks embedded: 1",
    ):
        assert told in mended.out
    assert qa("doctor", "--fix", "--json").record["mended"] == []
    assert qa("ask", "Who said the harbour crane is closed?", "--json").record["answered"]


@pytest.mark.parametrize("arguments", [[], ["config"]])
def test_a_command_that_needs_another_shows_its_help(qa: Qa, arguments: list[str]) -> None:
    done = qa(*arguments)
    assert done.code == 0
    assert "Commands:" in done.out


def test_streams_that_were_closed_are_no_traceback(sample_home: Path) -> None:
    for redirect in (">&-", "2>&-", "<&-"):
        command = f"{sys.executable} -m qa list {redirect}"
        done = subprocess.run(["bash", "-c", command], env=environment(sample_home), capture_output=True, check=False)
        assert done.returncode == 0, (redirect, done.stderr)
        assert b"Traceback" not in done.stderr


def test_a_lost_index_is_told_found_by_the_doctor_and_mended_by_it_or_by_rebuild(qa: Qa, home: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("The harbour crane is closed, said Hanne Voss.")
    qa("add", "a.txt")
    subprocess.run(["rm", "-rf", str(home / "index")], check=True)
    assert qa("ask", "Who said the crane is closed?").told(1)
    doctor = qa("doctor", "--json")
    assert (doctor.code, doctor.record["ok"]) == (1, False)
    assert doctor.record["summary"] == "Not all is well: index. Next: qa doctor --fix"
    assert "chunks embedded that the index did not have: 1" in qa("doctor", "--fix").out
    subprocess.run(["rm", "-rf", str(home / "index")], check=True)
    assert qa("rebuild", "--json").record["chunks"] == 1
    assert qa("doctor").code == 0
    assert qa("ask", "Who said the harbour crane is closed?", "--json").record["answered"]


def test_another_embedder_is_refused_until_rebuild(qa: Qa, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("The harbour crane is closed, said Hanne Voss.")
    qa("add", "a.txt")
    outside = {"QA_EMBEDDER": "tests.unit.test_index:Hashed", "PYTHONPATH": str(Path(__file__).parents[2])}
    assert "rebuild" in qa("search", "1", **outside).err
    assert qa("search", "1", **outside).told(3)


def test_offline_forbids_addresses(qa: Qa) -> None:
    done = qa("add", "http://127.0.0.1:9/x", "--offline")
    assert done.told(1)
    assert "offline" in done.err


def test_a_reader_that_closes_the_pipe_early_is_no_error(sample_home: Path) -> None:
    command = f"{sys.executable} -m qa list | head -n 1"
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command}"], env=environment(sample_home), capture_output=True, check=False
    )
    assert b"Traceback" not in done.stderr
    assert done.returncode == 0


def committed(home: Path) -> bool:
    """Whether the articles are in the library, so that embedding has begun."""
    try:
        with closing(sqlite3.connect(home / "library.sqlite3")) as connection:
            return bool(connection.execute("SELECT count(*) FROM articles").fetchone()[0])
    except sqlite3.OperationalError:
        return False


def test_an_interruption_ends_with_130_and_keeps_the_library(qa: Qa, home: Path, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for at in range(40):
        (tmp_path / "in" / f"{at}.txt").write_text(
            " ".join(f"Sentence {at} {word} is long enough to take a while." for word in range(90))
        )
    process = subprocess.Popen(
        [sys.executable, "-m", "qa", "add", "in"],
        env=environment(home),
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a job in the background has it ignored
    )
    while not committed(home):
        time.sleep(0.05)
    time.sleep(4)  # past the imports, well within the embedding
    os.kill(process.pid, signal.SIGINT)
    _, said = process.communicate()
    assert process.returncode == 130, said.decode()
    assert said.decode().splitlines()[-2].startswith("qa: interrupted")
    assert b"Traceback" not in said
    assert qa("add", "in").code == 0
    assert qa("doctor").code == 0


def test_debug_shows_the_traceback_and_nothing_else_does(qa: Qa) -> None:
    assert "Traceback" in qa("show", "nobody", "--debug").err
    assert "Traceback" not in qa("show", "nobody").err
