"""How a run ends: its exit status, and at most one line of error.

0    hits found; the thing asked for was done
1    no hits; something was found amiss (check), an article could not be indexed (reindex)
2    an error, also of usage
75   another process is writing the index
130  interrupted with Ctrl-C
141  whoever read the output went away
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import TextIO

import click

from qtsearch.cli.app import app
from qtsearch.cli.sanitize import sanitize_line
from qtsearch.errors import IndexBusy, QtsearchError

DONE = 0
NOTHING = 1
ERROR = 2
BUSY = 75
INTERRUPTED = 130
PIPE_CLOSED = 141


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status. See ``qtsearch.cli.main``."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # what the encoding of the terminal lacks becomes "?"
            stream.reconfigure(errors="replace")
    try:
        status = _invoke(words)
        if sys.stdout is not None:
            sys.stdout.flush()
    except BaseException as error:
        if "--debug" in words and not isinstance(error, SystemExit | click.exceptions.Exit):
            import traceback

            traceback.print_exc()
        return _failure(error)
    return status


def _invoke(words: list[str]) -> int:
    if "_QTSEARCH_COMPLETE" in os.environ:  # click answers the shell's completion function here
        app.main(words, prog_name="qtsearch", standalone_mode=False)
    with app.make_context("qtsearch", words) as context:
        status = app.invoke(context)
    return status if isinstance(status, int) else DONE


def _failure(error: BaseException) -> int:
    """Say what went wrong, and return the exit status."""
    match error:
        case click.exceptions.Exit():
            return error.exit_code
        case SystemExit():
            return error.code if isinstance(error.code, int) else ERROR
        case KeyboardInterrupt() | click.Abort():
            complain("interrupted")
            return INTERRUPTED
        case BrokenPipeError():
            _discard(sys.stdout)
            return PIPE_CLOSED
        case click.UsageError():
            complain(_usage_message(error))
        case IndexBusy():
            complain(str(error))
            return BUSY
        case QtsearchError():
            complain(str(error))
        case click.ClickException():
            _discard(sys.stdout)
            complain(error.format_message())
        case OSError():
            _discard(sys.stdout)
            place = f"{os.fsdecode(error.filename)}: " if isinstance(error.filename, str | bytes) else ""
            complain(f"{place}{error.strerror or error}")
        case _:
            said = f"{type(error).__name__}: {error}"
            complain(f"internal error: {said}; run again with --debug")
    return ERROR


def _usage_message(error: click.UsageError) -> str:
    message = " ".join(error.format_message().split()).rstrip(".")
    context = error.ctx
    words = context.params.get("words") if context else None
    if isinstance(error, click.NoSuchOption) and (context is None or context.info_name == "search"):
        return f"{message}; to search for words that start with a dash, put -- before them"
    if "unexpected extra argument" in message and context and not words:
        return f"{message}; to search for the word {context.info_name}: qtsearch search {context.info_name} ..."
    return f"{message}; see: {context.command_path if context else 'qtsearch'} --help"


def complain(message: str) -> None:
    """Write one line to stderr."""
    if sys.stderr is not None:
        print(f"qtsearch: {sanitize_line(message)}", file=sys.stderr)


def _discard(stream: TextIO | None) -> None:
    """Let whatever is still buffered go nowhere, or Python would complain about it on its way out."""
    try:
        if stream is not None:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    except OSError:  # not a real file, as under a test: nothing is buffered in it
        return
