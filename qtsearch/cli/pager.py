"""Long output on a terminal, shown in ``$PAGER`` or less."""

from __future__ import annotations

import contextlib
import shlex
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import PurePath


def write_to_pager(text: str, environ: Mapping[str, str], *, styled: bool) -> bool:
    """Show the text in a pager; return when that has ended.

    Args:
        text: what to show.
        environ: PAGER names the program, else it is less; an empty PAGER or ``cat`` means none. Unless LESS
            says otherwise, less leaves at once if the text fits, and keeps it on the screen.
        styled: whether the text holds escape codes, which less must be told to let through.

    Returns:
        False if the pager is switched off or cannot be started.
    """
    try:
        command = shlex.split(environ.get("PAGER", "less"))
    except ValueError:  # a quotation mark too many
        return False
    if not command or command == ["cat"] or not shutil.which(command[0]):
        return False
    if styled and PurePath(command[0]).name == "less":
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
