"""How Groundwire grows with the library: python bench/scale.py DATA [--sizes 1000 10000 100000] [--embedder minilm].

DATA is a folder with articles.jsonl and questions.jsonl. Its articles go first; the others are put together from their sentences
with words exchanged, as check_scale.py does. One library grows from size to size through ``qa add`` in processes of their own.
Printed for each size: articles and megabytes of text a second and peak memory of that add, the home on disk, a cold question
(whole process), and a warm one (median of --questions in one process, the first three left out), with that process's peak memory.
--rival N also adds and asks the LangChain tutorial way (rival.py) up to that size, with the same embedder. With
``--embedder hashed:Hashed`` vectors come from hashes (hashed.py), so that everything but the making of vectors is real; --plot
FILE draws both kinds of question.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from http.server import ThreadingHTTPServer
from pathlib import Path

from check_scale import articles
from compare import HERE, ROOT, Instant, Run, groundwire, run, size, tutorial

from qa.text import sentences

Row = dict[str, object]
HEAD = ("articles", "added/s", "MB/s", "adding, MB", "disk, MB", "cold, s", "warm, s", "asking, MB")


def lines(data: Path, count: int, seed: int) -> Iterator[str]:
    """That many articles as lines of JSONL: the real ones, then those put together."""
    real: list[Row] = [json.loads(line) for line in (data / "articles.jsonl").read_text(encoding="utf-8").splitlines()]
    texts = [str(row["text"]) for row in real]
    told = [" ".join(span.of(text).split()) for text in texts for span in sentences(text)]
    chance = random.Random(seed)
    for row in real[:count]:
        yield json.dumps(row)
    for at, one in enumerate(articles(told, max(count - len(real), 0), chance)):
        day = f"20{chance.randrange(10, 25)}-0{chance.randrange(1, 10)}-1{chance.randrange(10)}"
        yield json.dumps({"id": f"bench-{at}", "title": chance.choice(told)[:80], "text": one.text, "published": day})


def warm(questions: Sequence[str], home: Path, environment: dict[str, str]) -> tuple[float, float]:
    """The median of retrieving and drafting together in one process, in seconds; and that process's largest memory, MB."""
    with tempfile.TemporaryFile("w+") as given, tempfile.TemporaryFile("w+") as taken:
        given.write("\n".join(questions))
        given.seek(0)
        command = [sys.executable, "-m", "qa", "--home", str(home), "--json", "ask", "-", "--no-log"]
        process = subprocess.Popen(command, stdin=given, stdout=taken, env={**os.environ, "PYTHONPATH": str(ROOT), **environment})
        _, status, usage = os.wait4(process.pid, 0)
        if status:
            raise subprocess.CalledProcessError(status, command)
        taken.seek(0)
        seconds = [sum(json.loads(line)["seconds"].values()) for line in taken]
    return statistics.median(seconds[3:]), usage.ru_maxrss / 1024


def measured(command: list[str], environment: dict[str, str], question: list[str], home: Path, part: Path) -> tuple[Row, Run]:
    """Figures of one add and one cold question, by the names of HEAD; and the question's run."""
    added = run(command, environment)
    cold = run(question, environment)
    grown = part.read_text(encoding="utf-8").splitlines()
    told: Row = {"added/s": len(grown) / added.seconds, "MB/s": part.stat().st_size / 1e6 / added.seconds}
    return {**told, "adding, MB": added.megabytes, "disk, MB": size(home), "cold, s": cold.seconds}, cold


def plotted(rows: Sequence[Row], file: Path) -> None:
    """Seconds over thousand articles, as an SVG chart."""
    import leather

    chart = leather.Chart("Seconds to answer a question, by thousand articles")
    for name in ("cold, s", "warm, s"):
        chart.add_line([(float(str(row["articles"])) / 1000, row[name]) for row in rows], name=name)
    chart.to_svg(str(file))


def told(name: str, row: Row) -> str:
    """A row of the table."""
    cells = [row.get(one, "") for one in HEAD]
    return f"| {name} | " + " | ".join(f"{cell:,.2f}" if isinstance(cell, float) else f"{cell}" for cell in cells) + " |"


def main() -> None:
    """The table, size by size."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--embedder", default="minilm")
    parser.add_argument("--rival", type=int, default=1_000)
    parser.add_argument("--questions", type=int, default=23)
    parser.add_argument("--seed", type=int, default=20261124)
    parser.add_argument("--plot", type=Path)
    given = parser.parse_args()
    asked = [json.loads(line)["question"] for line in (given.data / "questions.jsonl").read_text(encoding="utf-8").splitlines()]
    asked = random.Random(given.seed).sample(asked, given.questions)
    whole = list(lines(given.data, max(given.sizes), given.seed))
    server = ThreadingHTTPServer(("127.0.0.1", 0), Instant)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    model = {"OPENAI_BASE_URL": f"http://127.0.0.1:{server.server_port}/v1", "OPENAI_API_KEY": "none"}
    ours = {"QA_EMBEDDER": given.embedder, "QA_MODEL": "extractive", "PYTHONPATH": f"{ROOT}{os.pathsep}{HERE}"}
    theirs = {**ours, **model}
    rows: list[Row] = []
    print("| | " + " | ".join(HEAD) + " |\n|" + "---|" * (len(HEAD) + 1))
    with tempfile.TemporaryDirectory() as scratch:
        home, rival, part = (Path(scratch) / name for name in ("home", "rival", "part.jsonl"))
        before = 0
        for count in sorted(given.sizes):
            part.write_text("\n".join(whole[before:count]) + "\n", encoding="utf-8")
            before = count
            ask = groundwire("ask", asked[0], home)
            row, _ = measured(groundwire("add", str(part), home), ours, ask, home, part)
            seconds, megabytes = warm(asked, home, ours)
            rows.append({"articles": count, **row, "warm, s": seconds, "asking, MB": megabytes})
            print(told("Groundwire", rows[-1]), flush=True)
            if count <= given.rival:
                command, question = tutorial("add", str(part), rival), tutorial("ask", asked[0], rival)
                row, cold = measured(command, theirs, question, rival, part)
                print(told("tutorial way", {"articles": count, **row, "asking, MB": cold.megabytes}), flush=True)
    if given.plot:
        plotted(rows, given.plot)


if __name__ == "__main__":
    main()
