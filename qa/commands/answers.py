"""``qa search ask summarize schema``: what the library says."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from qa.commands.shared import (
    Author,
    Check,
    Globals,
    MaxCost,
    MaxTokens,
    Model,
    NoLog,
    Prompts,
    Since,
    Source,
    Until,
    filters,
    globals_of,
    screen,
)
from qa.errors import UsageError

if TYPE_CHECKING:
    from qa.keywords import Filters
    from qa.types import Summary


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
    max_tokens: MaxTokens = None,
    max_cost: MaxCost = None,
    reader: Annotated[str | None, typer.Option(metavar="WHO", help="Who picks sentences: auto, own, model or none.")] = None,
    check: Check = None,
    prompts: Prompts = None,
    strict: Annotated[bool, typer.Option("--strict", help="Drop what is not fully supported; end with 5 for no answer.")] = False,
    no_log: NoLog = False,
    form: AsFormat = Format.terminal,
) -> None:
    """One cited answer; with - a record a line; without a question, a session."""
    options = globals_of(context)
    options.model = model or options.model
    options.log = False if no_log else None
    options.strict = strict
    options.flags |= {"max_tokens": max_tokens, "max_cost": max_cost, "reader": reader, "check": check, "prompts": prompts}
    chosen = filters(since, until, source, author)
    unanswered = _put(options, question, chosen, Format.json if options.json else form)
    options.house.need_articles()
    if strict and unanswered:
        raise typer.Exit(NOT_ANSWERED)


def _put(options: Globals, question: str | None, chosen: Filters, form: Format) -> int:
    """Puts the question, or each of stdin's, and says how many had no answer."""
    if question is None:
        from qa.commands.session import converse

        converse(options, chosen, form.value)
        return 0
    if question == "-":
        return sum(not _answered(options, line, chosen, Format.json) for line in _lines())
    if not question.strip():
        raise UsageError("the question is empty", 'qa ask "what did she say about the harbour?"')
    return int(not _answered(options, question, chosen, form))


def _lines() -> Iterator[str]:
    """Stdin a line at a time, as it comes; bytes that are no UTF-8 are replaced and cannot match anything."""
    while line := sys.stdin.buffer.readline():
        yield line.decode(errors="replace").rstrip("\r\n")


def _answered(options: Globals, question: str, chosen: Filters, form: Format) -> bool:
    """Answers one question, shows it and keeps it in the log; whether there was an answer."""
    from qa.commands.live import answered

    answer = answered(options, question, chosen, form.value)
    options.remember(answer)
    return answer.answered


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
    language: Annotated[str | None, typer.Option("--language", metavar="NAME", help="What a model writes it in.")] = None,
    max_tokens: MaxTokens = None,
    max_cost: MaxCost = None,
    check: Check = None,
    prompts: Prompts = None,
    no_log: NoLog = False,
    form: AsFormat = Format.terminal,
) -> None:
    """What matters most, each sentence cited: chosen from the articles, or by a model in its own words."""
    from qa.commands.live import left
    from qa.digest import Unsummarized

    options = globals_of(context)
    options.model = model or options.model
    options.log = False if no_log else None
    options.flags |= {"max_tokens": max_tokens, "max_cost": max_cost, "check": check, "prompts": prompts}
    try:
        summary = _summarized(options, what, about, filters(since, until, source, author), length, language)
    except Unsummarized as failed:
        left(failed.about, failed.passages, "json" if options.json else form.value)
        raise
    _shown(summary, Format.json if options.json else form, style)
    if summary.usage.input_tokens or summary.usage.output_tokens:
        options.tell(options.house.spent(summary.usage))
    options.remember(summary)


def _summarized(
    options: Globals, what: str | None, about: str | None, chosen: Filters, length: int, language: str | None
) -> Summary:
    """A summary of one thing or of a topic, and never of both."""
    if (what is None) == (about is None):
        raise UsageError("summarize takes either WHAT or --about TOPIC", 'qa summarize ID, or qa summarize --about "the harbour"')
    if about is None and chosen:
        raise UsageError(f"{chosen.told()} narrows --about TOPIC only", 'qa summarize --about "the harbour" --since 2023')
    if about is not None and not about.strip():
        raise UsageError("the topic is empty", 'qa summarize --about "the harbour"')
    if about is not None:
        options.house.need_articles()
        return options.house.summarize_topic(about, chosen, length, language)
    return options.house.summarize_one(what or "", sys.stdin.buffer, length, language)


def _shown(summary: Summary, form: Format, style: Style) -> None:
    from qa.render import render

    here = screen()
    shown = render(form.value, summary, width=here.width, color=here.color, links=here.links, style=style.value)
    print(shown.rstrip("\n"), flush=True)


def schema(
    context: typer.Context,
    record: Annotated[
        str, typer.Argument(metavar="RECORD", help="answer, summary, passages, articles, or a command: verify, check, log ...")
    ],
) -> None:
    """The JSON Schema of a record."""
    from qa.render.data import dumps
    from qa.render.schema import schema as published

    del context
    print(dumps(published(record)))
