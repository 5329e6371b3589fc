"""``qa search ask summarize schema``: what the library says."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated

import typer

from qa.commands.shared import Author, Model, Since, Source, Until, filters, globals_of, screen
from qa.errors import UsageError
from qa.types import Answer


class Style(StrEnum):
    """How a summary is laid out."""

    bullets = "bullets"
    prose = "prose"


class Format(StrEnum):
    """How an answer is shown; --json is short for json."""

    terminal = "terminal"
    markdown = "markdown"
    json = "json"
    html = "html"
    annotations = "annotations"
    footnotes = "footnotes"
    bibtex = "bibtex"
    csl = "csl"


class Record(StrEnum):
    """Records with a published JSON Schema."""

    answer = "answer"
    summary = "summary"


AsFormat = Annotated[Format, typer.Option("--format", help="How to show it.")]
NOT_ANSWERED = 5


def search(
    context: typer.Context,
    query: Annotated[str, typer.Argument(metavar="QUERY", help="Words or a question.")],
    number: Annotated[int, typer.Option("-k", "--number", min=1, max=100, help="How many passages at most.")] = 8,
    since: Since = None,
    until: Until = None,
    source: Source = None,
    author: Author = None,
) -> None:
    """The passages nearest to a query, best first, with their exact place."""
    from qa.render.data import passage_record
    from qa.render.terminal import passages as shown

    options = globals_of(context)
    chosen = filters(since, until, source, author)
    if not query.strip():
        raise UsageError("the query is empty", 'qa search "a few words"')
    options.house.need_articles()
    found = options.house.search(query, number, chosen)
    record = {"query": query, "passages": [passage_record(passage) for passage in found]}
    here = screen()
    nothing = f"Nothing found that passes {chosen.told()}." if chosen else "Nothing found."
    options.give(record, shown(found, width=here.width, color=here.color, links=here.links) if found else nothing)


def ask(
    context: typer.Context,
    question: Annotated[
        str | None, typer.Argument(metavar="QUESTION", help="A question, or - for one a line from stdin.")
    ] = None,
    since: Since = None,
    until: Until = None,
    source: Source = None,
    author: Author = None,
    model: Model = None,
    strict: Annotated[bool, typer.Option("--strict", help="End with 5 where there is no answer.")] = False,
    form: AsFormat = Format.terminal,
) -> None:
    """One cited answer; with - a record a line; on a terminal without a question, a session."""
    options = globals_of(context)
    options.model = model or options.model
    chosen = filters(since, until, source, author)
    form = Format.json if options.json else form
    unanswered = 0
    if question is None or question == "-":
        at_terminal = question is None and sys.stdin.isatty()
        for line in _lines(prompt=at_terminal):
            answer = options.house.ask(line, chosen)
            unanswered += not answer.answered
            _show(answer, form if at_terminal else Format.json)
    elif not question.strip():
        raise UsageError("the question is empty", 'qa ask "what did she say about the harbour?"')
    else:
        answer = options.house.ask(question, chosen)
        unanswered += not answer.answered
        _show(answer, form)
    options.house.need_articles()
    if strict and unanswered:
        raise typer.Exit(NOT_ANSWERED)


def _lines(*, prompt: bool) -> Iterator[str]:
    """Stdin a line at a time, as it comes; bytes that are no UTF-8 are replaced and cannot match anything."""
    while True:
        if prompt:
            print("? ", end="", file=sys.stderr, flush=True)
        line = sys.stdin.buffer.readline()
        if not line:
            if prompt:
                print(file=sys.stderr)
            return
        question = line.decode(errors="replace").rstrip("\r\n")
        if question.strip() or not prompt:
            yield question


def _show(answer: Answer, form: Format) -> None:
    from qa.render import render

    here = screen()
    print(render(form.value, answer, width=here.width, color=here.color, links=here.links).rstrip("\n"), flush=True)


def summarize(
    context: typer.Context,
    what: Annotated[
        str | None, typer.Argument(metavar="WHAT", help="An article's id, a file, a web address, or - for stdin.")
    ] = None,
    about: Annotated[
        str | None, typer.Option("--about", metavar="TOPIC", help="Over the library's articles on this topic.")
    ] = None,
    length: Annotated[int, typer.Option("--length", min=1, max=200, help="How many sentences.")] = 5,
    style: Annotated[Style, typer.Option("--style", help="How it is laid out.")] = Style.bullets,
    since: Since = None,
    until: Until = None,
    source: Source = None,
    author: Author = None,
    model: Model = None,
    form: AsFormat = Format.terminal,
) -> None:
    """The sentences that cover the most with the least repetition, each cited."""
    from qa.render import render

    options = globals_of(context)
    options.model = model or options.model
    chosen = filters(since, until, source, author)
    if (what is None) == (about is None):
        raise UsageError("summarize takes either WHAT or --about TOPIC", 'qa summarize ID, or qa summarize --about "the harbour"')
    if about is None and chosen:
        raise UsageError(f"{chosen.told()} narrows --about TOPIC only", 'qa summarize --about "the harbour" --since 2023')
    if about is not None and not about.strip():
        raise UsageError("the topic is empty", 'qa summarize --about "the harbour"')
    if about is not None:
        options.house.need_articles()
        summary = options.house.summarize_topic(about, chosen, length)
    else:
        summary = options.house.summarize_one(what or "", sys.stdin.buffer, length)
    here = screen()
    chosen_form = Format.json if options.json else form
    shown = render(chosen_form.value, summary, width=here.width, color=here.color, links=here.links, style=style.value)
    print(shown.rstrip("\n"), flush=True)


def schema(
    context: typer.Context,
    record: Annotated[Record, typer.Argument(metavar="RECORD", help="answer or summary.")],
) -> None:
    """The JSON Schema of a record."""
    from qa.render.data import dumps
    from qa.render.schema import schema as published

    del context
    print(dumps(published(record.value)))
