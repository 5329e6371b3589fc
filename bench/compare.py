"""Groundwire beside the LangChain tutorial way, both as whole processes, in turn: medians of paired runs as a table.

    python bench/compare.py FOLDER_OR_JSONL [--runs 3] [--question "..."]

Measured for each: adding everything to an empty home, adding it again unchanged, adding it with one article changed, a cold
question from process start to answer, the largest resident memory of the adding process, and the bytes the home has on disk.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent


@dataclass(frozen=True)
class Run:
    """One finished process."""

    seconds: float
    megabytes: float
    """Largest resident memory."""


def run(command: list[str]) -> Run:
    """Runs a command to its end; its output goes nowhere. Raises CalledProcessError where it fails."""
    began = time.perf_counter()
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "ANONYMIZED_TELEMETRY": "False"}
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment)
    said = process.stderr.read() if process.stderr else b""
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise subprocess.CalledProcessError(status, command, stderr=said)
    return Run(time.perf_counter() - began, usage.ru_maxrss / 1024)


def size(folder: Path) -> float:
    """Megabytes that the folder's files take on disk."""
    return sum(path.stat().st_blocks * 512 for path in folder.rglob("*") if path.is_file()) / 1e6


def changed(source: Path, into: Path) -> Path:
    """A copy of the source in which one article in the middle has one sentence more."""
    copy = into / source.name
    if source.is_dir():
        shutil.copytree(source, copy, dirs_exist_ok=True)
        files = sorted(path for path in copy.rglob("*") if path.suffix in {".txt", ".md"})
        with files[len(files) // 2].open("a", encoding="utf-8") as file:
            file.write("\nOne sentence was added.\n")
        return copy
    lines = [line for line in source.read_text(encoding="utf-8").splitlines() if line.strip()]
    row = json.loads(lines[len(lines) // 2])
    row["text"] += "\nOne sentence was added.\n"
    lines[len(lines) // 2] = json.dumps(row, ensure_ascii=False)
    copy.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return copy


def groundwire(command: str, what: str, home: Path) -> list[str]:
    """Groundwire's command line."""
    return [sys.executable, "-m", "qa", "--home", str(home), "--quiet", command, what]


def tutorial(command: str, what: str, home: Path) -> list[str]:
    """The rival's."""
    return [sys.executable, str(HERE / "rival.py"), command, what, str(home)]


def measured(make: Callable[[str, str, Path], list[str]], source: Path, question: str, scratch: Path) -> dict[str, float]:
    """All figures of one side, on a home of its own that is thrown away."""
    home = scratch / make.__name__
    work = scratch / "work"
    work.mkdir()
    copy = work / source.name
    shutil.copytree(source, copy) if source.is_dir() else shutil.copy(source, copy)
    first = run(make("add", str(copy), home))
    disk = size(home)
    cold = run(make("ask", question, home))
    again = run(make("add", str(copy), home))
    changed(source, work)
    one = run(make("add", str(copy), home))
    shutil.rmtree(home)
    shutil.rmtree(work)
    return {
        "add everything, s": first.seconds,
        "add again, unchanged, s": again.seconds,
        "add again, one changed, s": one.seconds,
        "cold question, s": cold.seconds,
        "peak memory of adding, MB": first.megabytes,
        "peak memory of asking, MB": cold.megabytes,
        "on disk, MB": disk,
    }


def articles(source: Path) -> int:
    """How many articles a source has."""
    if source.is_dir():
        return sum(path.suffix in {".txt", ".md"} for path in source.rglob("*"))
    return sum(bool(line.strip()) for line in source.read_text(encoding="utf-8").splitlines())


def main() -> None:
    """Prints the table, in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--question", default="Who said what about the fire?")
    options = parser.parse_args()
    source = options.source / "articles.jsonl" if (options.source / "articles.jsonl").is_file() else options.source
    rows: list[tuple[dict[str, float], dict[str, float]]] = []
    for number in range(options.runs):
        with tempfile.TemporaryDirectory() as folder:
            rows.append(
                (
                    measured(groundwire, source, options.question, Path(folder)),
                    measured(tutorial, source, options.question, Path(folder)),
                )
            )
        print(f"pair {number + 1} of {options.runs} done", file=sys.stderr)
    number = articles(source)
    print(
        f"{source.parent.name}/{source.name}: {number} articles, "
        f"medians of {options.runs} paired runs on {os.cpu_count()} cores\n"
    )
    print("| | Groundwire | LangChain tutorial way | ratio (median of pairs) |\n|---|---|---|---|")
    for name in rows[0][0]:
        ours, theirs = (statistics.median(pair[side][name] for pair in rows) for side in (0, 1))
        ratio = statistics.median(pair[0][name] / pair[1][name] for pair in rows)
        print(f"| {name} | {ours:.2f} | {theirs:.2f} | {ratio:.3f} |")
    speeds = [number / statistics.median(pair[side]["add everything, s"] for pair in rows) for side in (0, 1)]
    print(f"| articles added a second | {speeds[0]:.1f} | {speeds[1]:.1f} | {speeds[0] / speeds[1]:.2f} |")


if __name__ == "__main__":
    main()
