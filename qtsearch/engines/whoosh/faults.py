"""The one door through which foreign exceptions leave the engine: as ours, in one line, saying what to do."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from qtsearch.errors import IndexDamaged, IndexFault, QtsearchError

_ADVICE = {
    errno.ENOSPC: "free some space and run it again; the last commit still answers",
    errno.EDQUOT: "free some space and run it again; the last commit still answers",
    errno.EROFS: "the disk is read-only; name another folder with --index",
    errno.EACCES: "give this user the right to it, or name another folder with --index",
    errno.EPERM: "give this user the right to it, or name another folder with --index",
    errno.ENOTDIR: "name a folder with --index",
    errno.EMFILE: "raise the limit of open files (ulimit -n)",
}


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
        advice = _ADVICE.get(error.errno or 0, "look at the disk and run it again")
        place = error.filename if isinstance(error.filename, str) else folder
        raise IndexFault(f"cannot {doing} {place}: {error.strerror or error}; {advice}") from error
    except MemoryError:
        raise
    except Exception as error:
        # Whoosh reports damage as whatever its parsing trips over: struct.error, TypeError, UnpicklingError, ...
        if doing == "write":
            raise
        what = f"{type(error).__name__}: {error}"
        raise IndexDamaged(
            f"the index in {folder} is damaged ({what}); mend it with: qtsearch reindex --full"
        ) from error
