"""The one door through which foreign exceptions leave the engine: as ours, in one line, saying what to do."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from qtsearch.errors import MEND, IndexDamaged, IndexFault, QtsearchError

_SPACE = "free some space and run it again; the last commit still answers"
_RIGHTS = "give this user the right to it, or name another folder with --index"
_ADVICE = {
    errno.ENOSPC: _SPACE,
    errno.ENOMEM: "free some memory and run it again; the last commit still answers",
    errno.EDQUOT: _SPACE,
    errno.EFBIG: "raise the limit of file sizes (ulimit -f) and run it again; the last commit still answers",
    errno.EROFS: "the disk is read-only; name another folder with --index",
    errno.EACCES: _RIGHTS,
    errno.EPERM: _RIGHTS,
    errno.ENOTDIR: "name a folder with --index",
    errno.EEXIST: "name a folder with --index",
    errno.ELOOP: "remove that symbolic link",
    errno.EMFILE: "raise the limit of open files (ulimit -n)",
    errno.ENOSYS: "the file system has no locks; name a folder on a local disk with --index",
}
_OTHERWISE = "look at the disk and run it again"
_UNREADABLE = "look at the disk; if it is sound, " + MEND

_NO_FILE = (errno.EISDIR, errno.ELOOP, errno.ENXIO)
"""Something else than a file has the name of a file of the index: that is damage."""


@contextmanager
def translated(folder: Path, doing: str) -> Iterator[None]:
    """Turn what goes wrong inside into an ``IndexFault``.

    Args:
        folder: the index folder.
        doing: ``open``, ``read`` or ``write``. While opening, ``FileNotFoundError`` passes: it may only mean that a
            newer commit has taken the place of this one.
    """
    try:
        yield
    except QtsearchError:
        raise
    except OSError as error:
        if doing == "open" and isinstance(error, FileNotFoundError):
            raise
        place = error.filename if isinstance(error.filename, str) else folder
        what = f"{place}: {error.strerror or error}"
        if doing != "write" and error.errno in _NO_FILE:
            raise IndexDamaged(f"cannot {doing} {what}; {MEND}") from error
        advice = _ADVICE.get(error.errno or 0, _OTHERWISE if doing == "write" else _UNREADABLE)
        raise IndexFault(f"cannot {doing} {what}; {advice}") from error
    except MemoryError:
        raise
    except Exception as error:
        # Whoosh reports damage as whatever its parsing trips over: struct.error, TypeError, UnpicklingError, ...
        if doing == "write":
            raise
        what = f"{type(error).__name__}: {error}"
        raise IndexDamaged(f"the index in {folder} is damaged ({what}); {MEND}") from error
