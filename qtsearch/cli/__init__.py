"""What does the person at the terminal see?

    words.py        which command is meant
    app.py          the command group (imports click)
    process.py      how a run ends: exit status, one line of error
    usage.py        what was meant by words that cannot be read
    options.py      options that several commands share
    folders.py      where the articles of an index lie
    tab.py          what the shell offers where Tab is pressed
    bash.py         the same where bash takes a colon for a word
    commands/       one module for each command
    searching.py    what a search does
    sanitize.py     hostile text made harmless
    layout.py       what stands on each line, as styled spans
    screen.py       where it is written: terminal, pager, pipe
    pager.py        long output on a terminal
    styled.py       lines for a terminal, wrapped and coloured (imports rich)
    article_view.py one whole article
    hits.py         results and related articles as lines
    details.py      facets and explanations as lines
    reports.py      reports of reindex and check, and stats, as lines
    forms.py        the same as JSON
    progress.py     the progress bar (imports rich)
    reference.py    writes docs/cli.md

Modules are imported on use: a search whose output is piped must not pay for what only a terminal needs.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False  # typing is imported later, when what it makes is no longer looked through for garbage
if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Args:
        arguments: the words after the program's name; None for those of this process.

    Returns:
        The exit status; see ``qtsearch.cli.process``. Where the words are those of this process and all went well,
        the process ends here instead.
    """
    try:
        if arguments is None:
            _make_haste()
        from qtsearch.cli.process import DONE, INTERRUPTED, NOTHING, run

        status = run(arguments)
        if arguments is None and status in (DONE, NOTHING, INTERRUPTED):
            _leave(status)
        return status
    except KeyboardInterrupt:  # Ctrl-C while modules were still being imported, or twice in a row
        if arguments is None:
            _leave(130)
        return 130


def _make_haste() -> None:
    """Save what a short process pays for and never uses: a third of its processor time. Only for a process of our own.

    No program that calls ``main`` with arguments, and none that uses the library, finds these settings changed.
    """
    import gc  # in here, where Ctrl-C is caught, as all that takes time

    # Importing numpy starts a thread for each processor, to multiply large matrices. There are none here.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # Importing makes many objects and no garbage, and is looked through for it dozens of times.
    gc.set_threshold(100_000)
    sys.unraisablehook = _hear_of_lost


def _hear_of_lost(lost: sys.UnraisableHookArgs) -> None:
    """End the process after Ctrl-C in a callback, as of an import: Python would say so at length, and go on."""
    if lost.exc_type is not KeyboardInterrupt:
        sys.__unraisablehook__(lost)
        return
    if sys.stderr is not None:
        sys.stderr.write("qtsearch: interrupted\n")
    _leave(130)


def _leave(status: int) -> None:
    """End the process at once: taking all modules apart first, as Python does, takes 5 ms and leaves nothing behind.

    Whatever a command opened or started, it has closed and waited for. Besides, once Ctrl-C has passed through an
    ``exec``, Python ends its process with a signal, whoever caught it.
    """
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:
                stream.flush()
        except OSError:  # nobody reads what is left to say
            pass
    os._exit(status)
