"""Long output on a terminal, shown in ``$PAGER`` or less."""

from __future__ import annotations

import contextlib
import shlex
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import PurePath

from qtsearch.cli.sanitize import without_escape_codes
from qtsearch.patterns import pattern

_COLOURLESS = ("more", "most", "pg")
"""Pagers that take escape codes for text, and break rows by them."""
_LINK = pattern(r"\x1b\]8;[^\x1b]*\x1b\\")


def write_to_pager(text: str, environ: Mapping[str, str], *, styled: bool) -> bool:
    """Show the text in a pager; return when that has ended.

    Args:
        text: what to show.
        environ: PAGER names the program, else it is less; an empty PAGER or ``cat`` means none. Unless LESS
            says otherwise, less leaves at once if the text fits, and keeps it on the screen. By TERM a terminal may be
            too simple for any pager.
        styled: whether the text holds escape codes, which less must be told to let through. Of other pagers it
            is not known whether they take those of links; some take none.

    Returns:
        False if the pager is switched off or cannot be started.
    """
    if environ.get("TERM", "dumb") in ("dumb", "unknown"):
        return False
    try:
        command = shlex.split(environ.get("PAGER", "less"))
    except ValueError:  # a quotation mark too many
        return False
    if not command or command == ["cat"] or not shutil.which(command[0]):
        return False
    if (name := PurePath(command[0]).name) != "less":
        text = without_escape_codes(text) if name in _COLOURLESS else _LINK.sub("", text)
    elif styled:
        command.append("-R")
    try:
        process = subprocess.Popen(command, stdin=subprocess.PIPE, env={"LESS": "FRX", **environ})
    except OSError:
        return False
    _feed(process, text.encode("utf-8", "replace"))
    return True


def _feed(process: subprocess.Popen[bytes], text: bytes) -> None:
    """Write to the pager and wait for its end. Until then Ctrl-C is its business, not ours."""
    with contextlib.suppress(KeyboardInterrupt):
        process.communicate(text)
    while process.poll() is None:
        with contextlib.suppress(KeyboardInterrupt):
            process.wait()
