"""One writer at a time: a lock file that the system frees when its process dies, and a note of who holds it."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import stat
import time
from pathlib import Path

from filelock import FileLock, Timeout

from qtsearch.engines.base import Lock
from qtsearch.errors import IndexBusy

LOCK_NAME = "write.lock"
HOLDER_NAME = "writer.json"
_LONGEST_NOTE = 4096


class WriteLock(Lock):
    """The lock of an index folder.

    Args:
        folder: the index folder; made if need be.
        wait: how long to wait for another writer, in seconds.

    Raises:
        IndexBusy: another writer held it all the time.
        OSError: the folder cannot be written.
    """

    def __init__(self, folder: Path, wait: float) -> None:
        _make(folder)
        self._folder = folder
        _clear_folder(folder / LOCK_NAME)
        self._lock = FileLock(folder / LOCK_NAME, thread_local=False)
        try:
            self._lock.acquire(timeout=max(wait, 0.0), poll_interval=0.05)
        except Timeout:
            raise IndexBusy(folder, _holder(folder)) from None
        with contextlib.suppress(OSError):  # a full disk must not stop a run that may have nothing to write
            _sign(folder)

    def release(self) -> None:
        """See ``Lock``."""
        if self._lock.is_locked:
            with contextlib.suppress(OSError):  # it only says who holds the lock, and the next writer removes it
                (self._folder / HOLDER_NAME).unlink()
            self._lock.release()


def _make(folder: Path) -> None:
    """Make a folder and those it lies in; the new names are on the disk afterwards."""
    if folder.is_dir():
        return
    if folder.parent != folder:
        _make(folder.parent)
    folder.mkdir(exist_ok=True)
    if os.name == "posix":
        descriptor = os.open(folder.parent, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _clear_folder(path: Path) -> None:
    """Remove a folder that stands where a file should; a file is left alone, whoever puts one there meanwhile."""
    if path.is_dir() and not path.is_symlink():
        with contextlib.suppress(FileNotFoundError, NotADirectoryError):
            shutil.rmtree(path)


def _sign(folder: Path) -> None:
    note = {"pid": os.getpid(), "host": socket.gethostname(), "since": time.strftime("%Y-%m-%d %H:%M:%S")}
    path = folder / HOLDER_NAME
    _clear_folder(path)
    path.unlink(missing_ok=True)
    # A new file, so that nothing is written through a link that somebody left there.
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(json.dumps(note) + "\n")
    except OSError:
        path.unlink(missing_ok=True)
        raise


def _holder(folder: Path) -> str:
    try:
        note = json.loads(_beginning(folder / HOLDER_NAME))
        return f"process {int(note['pid'])} on {note['host']} since {note['since']}"
    except (OSError, ValueError, KeyError, TypeError, OverflowError, RecursionError):
        return "another process"  # it has the lock but has not signed yet


def _beginning(path: Path) -> bytes:
    """Return what a file begins with; nothing of a pipe or a link, which somebody may have put there."""
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0))
    try:
        return os.read(descriptor, _LONGEST_NOTE) if stat.S_ISREG(os.fstat(descriptor).st_mode) else b""
    finally:
        os.close(descriptor)
