"""``qa`` as a process of its own, with its streams, its environment, its folder and its exit code.

Most of a short command is imports, so it is forked from a process that has done them. With TESTS_FRESH set it is an interpreter
of its own, as at a prompt; that is how the built wheel is tested.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from pkgutil import walk_packages
from tempfile import TemporaryDirectory
from typing import Any

import qa

_SERVER = get_context("forkserver")
_OWN = [found.name for found in walk_packages(qa.__path__, "qa.") if not found.name.endswith("__main__")]
_SERVER.set_forkserver_preload([*_OWN, "chromadb", "onnxruntime", "tokenizers", "trafilatura", "langchain_openai"])


@dataclass(frozen=True)
class Done:
    """A finished command."""

    code: int
    out: str
    err: str

    @property
    def record(self) -> Any:
        """Its one JSON object."""
        return json.loads(self.out)

    @property
    def records(self) -> list[Any]:
        """Its JSON objects, one a line."""
        return [json.loads(line) for line in self.out.splitlines()]

    def told(self, code: int) -> str:
        """The error, having checked its form: two lines, the right code, no traceback."""
        assert self.code == code, (self.code, self.err)
        lines = self.err.strip().splitlines()[-2:]
        assert lines[0].startswith("qa: "), self.err
        assert lines[1].startswith("try: "), self.err
        assert "Traceback" not in self.err
        return lines[0]


def command(*arguments: str, given: bytes = b"", environment: Mapping[str, str] = os.environ, folder: Path = Path()) -> Done:
    """``qa`` with arguments, started in ``folder`` with ``given`` on stdin."""
    run = _fresh if "TESTS_FRESH" in os.environ else _forked
    code, out, err = run(arguments, given, environment, folder.absolute())
    return Done(code, out.decode(), err.decode())


def _fresh(arguments: Sequence[str], given: bytes, environment: Mapping[str, str], folder: Path) -> tuple[int, bytes, bytes]:
    line = [sys.executable, "-m", "qa", *arguments]
    done = subprocess.run(line, input=given, capture_output=True, env=environment, cwd=folder, check=False)
    return done.returncode, done.stdout, done.stderr


def _forked(arguments: Sequence[str], given: bytes, environment: Mapping[str, str], folder: Path) -> tuple[int, bytes, bytes]:
    with TemporaryDirectory() as streams:
        files = [os.path.join(streams, name) for name in ("in", "out", "err")]  # noqa: PTH118
        for path in files:
            Path(path).write_bytes(given if path == files[0] else b"")
        process = _SERVER.Process(target=_main, args=(arguments, dict(environment), folder, files))
        process.start()
        process.join()
        return process.exitcode or 0, Path(files[1]).read_bytes(), Path(files[2]).read_bytes()


def _main(arguments: Sequence[str], environment: dict[str, str], folder: Path, files: Sequence[str]) -> None:
    for number, path in enumerate(files):
        os.dup2(os.open(path, os.O_WRONLY if number else os.O_RDONLY), number)
    sys.stdin, sys.stdout, sys.stderr = (
        io.TextIOWrapper(open(number, "wb" if number else "rb", closefd=False), "utf-8")  # noqa: SIM115
        for number in range(3)
    )
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    sys.argv = ["qa", *arguments]
    from qa.cli import main

    main()
