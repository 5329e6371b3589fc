"""Groundwire beside the LangChain tutorial way, both as whole processes, in turn: medians of paired runs as a table.

    python bench/compare.py FOLDER_OR_JSONL [--runs 3] [--question "..."]

The rival's chat model is a server on loopback that answers at once, so that no model's speed is measured.

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
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent


@dataclass(frozen=True)
class Run:
    """One finished process."""

    seconds: float
    megabytes: float
    """Largest resident memory."""


class Instant(BaseHTTPRequestHandler):
    """An OpenAI-compatible chat endpoint that says the same at once."""

    def do_POST(self) -> None:
        """One completion."""
        self.rfile.read(int(self.headers["Content-Length"]))
        message = {"role": "assistant", "content": "An answer."}
        body = {
            "id": "1",
            "object": "chat.completion",
            "created": 0,
            "model": "local",
            "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
            "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
        }
        content = json.dumps(body).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Silence."""


def run(command: list[str], environment: dict[str, str]) -> Run:
    """Runs a command to its end; its output goes nowhere. Raises CalledProcessError where it fails."""
    began = time.perf_counter()
    whole = {**os.environ, "PYTHONPATH": str(ROOT), "ANONYMIZED_TELEMETRY": "False", **environment}
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=whole)
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


@dataclass(frozen=True)
class Side:
    """One of those compared."""

    name: str
    command: Callable[[str, str, Path], list[str]]
    environment: dict[str, str]
    once: bool = False
    """Only adds everything: what is slow about it shows there."""

    def measured(self, source: Path, question: str) -> dict[str, float]:
        """All figures, on a home of its own that is thrown away."""
        with tempfile.TemporaryDirectory() as folder:
            scratch, home = Path(folder), Path(folder) / "home"
            copy = scratch / "copy" / source.name
            copy.parent.mkdir()
            shutil.copytree(source, copy) if source.is_dir() else shutil.copy(source, copy)
            first = self._run("add", str(copy), home)
            disk = size(home)
            adding = {
                "add everything, s": first.seconds,
                "peak memory of adding, MB": first.megabytes,
                "on disk, MB": disk,
            }
            if self.once:
                return adding
            cold = self._run("ask", question, home)
            again = self._run("add", str(copy), home)
            changed(source, copy.parent)
            one = self._run("add", str(copy), home)
        return adding | {
            "add again, unchanged, s": again.seconds,
            "add again, one changed, s": one.seconds,
            "cold question, s": cold.seconds,
            "peak memory of asking, MB": cold.megabytes,
        }

    def _run(self, command: str, what: str, home: Path) -> Run:
        return run(self.command(command, what, home), self.environment)


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
    server = ThreadingHTTPServer(("127.0.0.1", 0), Instant)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    model = {"OPENAI_BASE_URL": f"http://127.0.0.1:{server.server_port}/v1", "OPENAI_API_KEY": "none"}
    sides = [
        Side("Groundwire", groundwire, {}),
        Side("tutorial way, same embedder", tutorial, model),
        Side("tutorial way, padded batches", tutorial, {**model, "PADDED": "1"}, once=True),
    ]
    rows: list[list[dict[str, float]]] = []
    for number in range(options.runs):
        rows.append([side.measured(source, options.question) for side in sides])
        print(f"round {number + 1} of {options.runs} done", file=sys.stderr)
    print(table(sides, rows, f"{source.parent.name}/{source.name}", articles(source)))


def table(sides: list[Side], rows: list[list[dict[str, float]]], name: str, number: int) -> str:
    """The medians in Markdown, with the median of the ratios taken round by round."""
    lines = [f"{name}: {number} articles, medians of {len(rows)} rounds on {os.cpu_count()} cores", ""]
    lines += ["| | " + " | ".join(side.name for side in sides) + " | ratios |", "|---|" + "---|" * (len(sides) + 1)]
    for figure in rows[0][0]:
        having = [side for side in range(len(sides)) if figure in rows[0][side]]
        medians = {side: statistics.median(row[side][figure] for row in rows) for side in having}
        ratios = [statistics.median(row[0][figure] / row[side][figure] for row in rows) for side in having[1:]]
        cells = [f"{medians[side]:.2f}" if side in having else "" for side in range(len(sides))]
        lines.append(f"| {figure} | " + " | ".join([*cells, " · ".join(f"{ratio:.3f}" for ratio in ratios)]) + " |")
    speeds = [number / statistics.median(row[side]["add everything, s"] for row in rows) for side in range(len(sides))]
    ratios = " · ".join(f"{speeds[0] / speed:.2f}" for speed in speeds[1:])
    lines.append("| articles added a second | " + " | ".join(f"{speed:.1f}" for speed in speeds) + f" | {ratios} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
