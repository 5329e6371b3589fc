"""The command line: flags in, one call, one render, and the one place where errors are shown.

Global options work before and after any command. Exit codes are those of ``qa.errors``, 5 for ``--strict`` without an
answer, and 130 for an interruption.
"""

from __future__ import annotations

import io
import os
import sys
from typing import Annotated

import typer
from typer.exceptions import Abort, Exit, TyperException

from prompts import PromptError
from qa import __version__
from qa.commands import answers, archive, check, evaluate, log, origins, refresh, transfer, upkeep, verify
from qa.commands.shared import Globals
from qa.errors import QAError
from vectorstore.interface import VectorStoreError

EPILOG = "Global options work before and after any command. Every command takes --help."
_SWITCHES = {"--json", "--quiet", "--debug", "--offline"}
_WITH_VALUE = {"--home"}
INTERRUPTED = 130
_MENDS = {
    "readonly": "see who may write to the home folder, or choose another with --home",
    "unable to open": "see who may read and write the home folder, or choose another with --home",
    "disk is full": "make room on the disk and give the same command again; nothing that was finished is lost",
    "disk I/O": "see whether the disk is full or failing, and give the same command again",
    "locked": "another qa is writing; give the same command again in a moment",
}
"""What mends a library that SQLite will not use, by words of its message."""

app = typer.Typer(
    name="qa", rich_markup_mode=None, no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False, epilog=EPILOG
)


def _version(wanted: bool) -> None:
    if wanted:
        print(f"groundwire {__version__}")
        raise Exit(0)


@app.callback()
def everywhere(
    context: typer.Context,
    home: Annotated[str | None, typer.Option(metavar="DIR", help="Folder of the library (QA_HOME).", show_default=False)] = None,
    json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress and no notices on stderr.")] = False,
    debug: Annotated[bool, typer.Option("--debug", help="A traceback with an error.")] = False,
    offline: Annotated[bool, typer.Option("--offline", help="Forbid every network call.")] = False,
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="The version.")] = False,
) -> None:
    """Answers questions about your own archive of news articles. Every sentence is backed by words found in an article."""
    del version
    context.obj = Globals(home=home, json=json, quiet=quiet, debug=debug, offline=offline)


app.command()(archive.add)
app.command("list")(archive.list_)
app.command()(archive.show)
app.command()(archive.diff)
app.command()(origins.origins)
app.command()(archive.remove)
app.command()(refresh.refresh)
app.command()(answers.search)
app.command()(answers.ask)
app.command()(answers.summarize)
app.command()(verify.verify)
app.command()(check.check)
app.command()(log.log)
app.command()(answers.schema)
app.command()(upkeep.doctor)
app.command()(upkeep.rebuild)
app.command()(transfer.export)
app.command("import")(transfer.import_)
app.command()(transfer.backup)
app.add_typer(upkeep.config, name="config")
app.add_typer(evaluate.evaluation, name="eval")


def hoisted(arguments: list[str]) -> list[str]:
    """The arguments with global options moved to the front; what follows ``--`` stays where it is."""
    front: list[str] = []
    rest: list[str] = []
    waiting = iter(arguments)
    for argument in waiting:
        if argument == "--":
            rest += [argument, *waiting]
        elif argument in _SWITCHES or (argument.partition("=")[0] in _WITH_VALUE and "=" in argument):
            front.append(argument)
        elif argument in _WITH_VALUE:
            front += [argument, *([value] if (value := next(waiting, None)) is not None else [])]
        else:
            rest.append(argument)
    return front + rest


def run(arguments: list[str]) -> int:
    """Does what the arguments say and gives the exit code; every error ends here, in two lines on stderr."""
    try:
        code = int(app(hoisted(arguments), prog_name="qa", standalone_mode=False) or 0)
        if code != INTERRUPTED:
            return code
        raise KeyboardInterrupt
    except Exit as exit:
        return exit.exit_code
    except (KeyboardInterrupt, Abort):
        return _told("interrupted", "the same command again; what was finished is kept", INTERRUPTED)
    except SystemExit:
        return 0  # Typer leaves in this way only where the reader of a pipe has gone
    except Exception as error:  # noqa: BLE001 the boundary where everything unforeseen becomes two lines
        if "--debug" in arguments:
            import traceback

            traceback.print_exc()
        return _explained(error, arguments)


def _explained(error: Exception, arguments: list[str]) -> int:
    import sqlite3

    if isinstance(error, QAError | VectorStoreError | PromptError):
        return _told(error.message, error.hint, error.exit_code)
    if isinstance(error, TyperException):
        if type(error).__name__ == "NoArgsIsHelpError":
            print(error.format_message())
            return 0
        names = {one.name or getattr(one.callback, "__name__", "") for one in app.registered_commands}
        names |= {one.name or "" for one in app.registered_groups}
        command = next((word for word in arguments if word in names), "")
        return _told(error.format_message().rstrip("."), f"qa {command} --help".replace("  ", " "), error.exit_code)
    if isinstance(error, sqlite3.Error):
        hint = next(
            (hint for words, hint in _MENDS.items() if words in str(error)),
            "qa doctor says what is wrong with it, and the way back",
        )
        return _told(f"the library cannot be used: {error}", hint, 1)
    if isinstance(error, OSError):
        where = f": {error.filename}" if error.filename else ""
        return _told(f"{error.strerror or error}{where}", "check the path, its rights and the free space", 1)
    return _told(
        f"something unforeseen: {type(error).__name__}: {error}", "again with --debug for the whole story, and report it", 1
    )


def _told(message: str, hint: str, code: int) -> int:
    from qa.render.safe import safe

    sys.stderr.write(f"qa: {safe(' '.join(message.split()))}\ntry: {safe(' '.join(hint.split()))}\n")
    return code


def main() -> None:
    """The console script."""
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by whoever started this
            setattr(sys, name, open(os.devnull, "r" if name == "stdin" else "w", encoding="utf-8"))  # noqa: SIM115, PTH123
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    code = run(sys.argv[1:])
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(code)
