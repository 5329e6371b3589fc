"""``qa log``: what was asked, and what was answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from qa.commands.shared import globals_of, screen

if TYPE_CHECKING:
    from qa.runlog import Entry


def log(
    context: typer.Context,
    number: Annotated[
        int | None, typer.Argument(metavar="N", help="An entry's number: prints its record and nothing else.", min=1)
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=10_000, help="How many entries at most.")] = 20,
    question: Annotated[str, typer.Option("--question", metavar="TEXT", help="Only questions that hold this.")] = "",
) -> None:
    """What was asked of this library, newest first; with a number, the record of that answer."""
    options = globals_of(context)
    if number is not None:
        print(options.house.log.entry(number).record, flush=True)
        return
    entries = options.house.log.entries(limit, question)
    options.give({"log": [_record(entry) for entry in entries]}, _shown(entries))


def _record(entry: Entry) -> dict[str, object]:
    import json

    return {
        "number": entry.number,
        "when": entry.moment,
        "question": entry.question,
        "answered": entry.answered,
        "model": entry.model,
        "prompt": entry.prompt,
        "usage": {"input_tokens": entry.usage.input_tokens, "output_tokens": entry.usage.output_tokens},
        "seconds": round(entry.seconds, 4),
        "record": json.loads(entry.record),
    }


def _shown(entries: list[Entry]) -> str:
    from qa.render.flow import Run, flow, painted

    if not entries:
        return "The log is empty."
    here = screen()
    lines: list[list[Run]] = []
    for entry in entries:
        tokens = entry.usage.input_tokens + entry.usage.output_tokens
        facts = [entry.moment.replace("+00:00", "Z"), "answered" if entry.answered else "not found", entry.model]
        facts += [f"{tokens:,} tokens"] if tokens else []
        lines += flow([Run(f"{entry.number:>4} ", "36"), Run(entry.question, "1")], here.width, hanging=5)
        lines += flow([Run(" · ".join([*facts, f"{entry.seconds:.2f} s"]), "2")], here.width, indent=5)
    return "\n".join(painted(line, here.color, here.links) for line in lines)
