"""How a run ends: its exit status, and at most one line of error.

0    hits found; the thing asked for was done
1    no hits; something was found amiss (check), an article could not be indexed (reindex)
2    an error, also of usage
75   another process is writing the index
130  interrupted with Ctrl-C
141  whoever read the output went away
"""

from __future__ import annotations

import codecs
import contextlib
import os
import sys
from collections.abc import Sequence
from typing import TextIO

from qtsearch.cli.sanitize import sanitize_line, stand_in
from qtsearch.cli.words import plain_search
from qtsearch.errors import IndexBusy, QtsearchError

DONE = 0
NOTHING = 1
ERROR = 2
BUSY = 75
INTERRUPTED = 130
PIPE_CLOSED = 141

STAND_IN = "qtsearch.stand-in"
"""The name of our way to write signs that an encoding lacks."""


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status. See ``qtsearch.cli.main``."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    streams = [(stream, stream.errors) for stream in (sys.stdout, sys.stderr) if hasattr(stream, "reconfigure")]
    codecs.register_error(STAND_IN, stand_in)
    for stream, _ in streams:  # what the encoding of the terminal lacks becomes another sign
        stream.reconfigure(errors=STAND_IN)
    try:
        return _run(words)
    finally:
        if arguments is not None:  # the streams of a program that goes on
            for stream, errors in streams:
                stream.reconfigure(errors=errors)


def _run(words: list[str]) -> int:
    try:
        status = _invoke(words)
        if sys.stdout is not None:
            sys.stdout.flush()
    except BaseException as error:
        if "--debug" in words and not _is_exit(error):
            import traceback

            _write_to_stderr(traceback.format_exc())
        return _failure(error, words)
    return status


def _invoke(words: list[str]) -> int:
    if "_QTSEARCH_COMPLETE" not in os.environ and (asked := plain_search(words)):
        return _search(*asked)
    return _invoke_with_click(words)


def _search(text: str, options: dict[str, str]) -> int:
    from qtsearch.cli.folders import settings_of
    from qtsearch.cli.screen import Screen
    from qtsearch.cli.searching import search

    return search(text, settings_of(options), Screen.of(sys.stdout, "auto", os.environ))


def _invoke_with_click(words: list[str]) -> int:
    from qtsearch.cli.app import app

    if "_QTSEARCH_COMPLETE" in os.environ:  # click answers the shell's completion function here
        from click.shell_completion import add_completion_class

        from qtsearch.cli.bash import BashTab

        add_completion_class(BashTab)
        app.main(words, prog_name="qtsearch", standalone_mode=False)
    with app.make_context("qtsearch", words) as context:
        status = app.invoke(context)
    return status if isinstance(status, int) else DONE


def _is_exit(error: BaseException) -> bool:
    import click

    return isinstance(error, SystemExit | click.exceptions.Exit)


def _failure(error: BaseException, words: Sequence[str]) -> int:
    """Say what went wrong, and return the exit status."""
    match error:
        case SystemExit():
            return error.code if isinstance(error.code, int) else ERROR
        case KeyboardInterrupt():
            complain("interrupted")
            return INTERRUPTED
        case BrokenPipeError():
            _discard(sys.stdout)
            return PIPE_CLOSED
        case IndexBusy():
            complain(str(error))
            return BUSY
        case QtsearchError():
            from qtsearch.cli.folders import naming_places, places_in

            complain(naming_places(str(error), places_in(words)))
        case OSError():
            place = f"{os.fsdecode(error.filename)}: " if isinstance(error.filename, str | bytes) else ""
            place = place or ("cannot write the output: " if _is_of_output(error) else "")
            _discard(sys.stdout)
            complain(f"{place}{error.strerror or error}")
        case MemoryError():
            what = str(error) or "none is left"
            complain(f"not enough memory ({what}); free some, or raise its limit, and run it again")
        case _:
            return _click_failure(error, words)
    return ERROR


def _click_failure(error: BaseException, words: Sequence[str]) -> int:
    """As ``_failure``, for what click raises and for what nobody foresaw."""
    import click  # takes as long as a search, and most searches have no options for it to read

    match error:
        case click.exceptions.Exit():
            return error.exit_code
        case click.Abort():
            complain("interrupted")
            return INTERRUPTED
        case click.UsageError():
            from qtsearch.cli.usage import usage_message

            complain(usage_message(error, words))
        case click.ClickException():
            _discard(sys.stdout)
            complain(error.format_message())
        case _:
            _complain_of_defect(error)
    return ERROR


def _complain_of_defect(error: BaseException) -> None:
    complain(f"internal error: {type(error).__name__}: {error}; run again with --debug")


def complain(message: str) -> None:
    """Write one line to stderr. That it cannot be written is no error: nobody could be told."""
    _write_to_stderr(f"qtsearch: {sanitize_line(message)}\n")


def _write_to_stderr(text: str) -> None:
    if sys.stderr is None:  # closed with 2>&-
        return
    try:
        sys.stderr.write(text)
        sys.stderr.flush()
    except OSError:
        _discard(sys.stderr)


def _is_of_output(error: BaseException) -> bool:
    """Whether help or a script that click prints cannot be written; for what we print ourselves Screen says so."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return trace is not None and trace.tb_frame.f_globals.get("__name__") in ("click.utils", __name__)


def _discard(stream: TextIO | None) -> None:
    """Let whatever is still buffered go nowhere, or Python would complain about it on its way out."""
    try:
        if stream is None:
            return
        number = stream.fileno()
        place, nowhere = os.dup(number), os.open(os.devnull, os.O_WRONLY)
    except OSError:  # not a real file, as under a test: nothing is buffered in it
        return
    os.dup2(nowhere, number)
    with contextlib.suppress(OSError):
        stream.flush()
    os.dup2(place, number)  # it may belong to a program that goes on
    os.close(place)
    os.close(nowhere)
