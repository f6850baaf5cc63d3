"""Everything that can go wrong, as one tree.

    QtsearchError
    ├── ConfigError        a setting that cannot be used: unknown key, wrong type, missing folder
    ├── ArticleError       one file that is not a readable article (path, line, what to do)
    ├── RequestError       a search request that makes no sense: a negative limit, a text for a date
    ├── ArticleNotFound    no indexed article has this id, url or path
    └── IndexFault         the index itself
        ├── IndexMissing   there is no index in this folder yet
        ├── IndexBusy      another writer holds the lock
        ├── IndexDamaged   a file of the index cannot be trusted
        └── IndexOutdated  written by another format version or with other settings

Every message is one line that says what happened, where, and what to do next.
"""

from __future__ import annotations

from pathlib import Path

MEND = "mend it with: qtsearch reindex --full"
"""What to do about a damaged index."""


def shown(value: object) -> str:
    """Return an argument that cannot be used as a message shows it."""
    try:
        return repr(value)
    except ValueError:  # Python writes no whole number of more than 4,300 digits
        return "a number of too many digits"


class QtsearchError(Exception):
    """Base of everything that qtsearch raises on purpose."""


class ConfigError(QtsearchError):
    """A setting cannot be used."""


class ArticleError(QtsearchError):
    """One file cannot be read as an article.

    Args:
        path: the file, as the message should name it.
        what: what is wrong with it, without a full stop.
        todo: what its writer should do about it.
        line: the line the trouble was found on, counted from 1, where that is known.
    """

    def __init__(self, path: str, what: str, todo: str, line: int | None = None) -> None:
        self.path = path
        self.what = what
        self.todo = todo
        self.line = line
        place = path if line is None else f"{path}:{line}"
        super().__init__(f"{place}: {what}; {todo}")

    def __reduce__(self) -> tuple[type[ArticleError], tuple[str, str, str, int | None]]:
        return (type(self), (self.path, self.what, self.todo, self.line))


class RequestError(QtsearchError):
    """A search request makes no sense."""


class ArticleNotFound(QtsearchError):
    """No indexed article has this id, url or path."""


class IndexFault(QtsearchError):
    """Something about the index; the base of the four below."""


class IndexMissing(IndexFault):
    """There is no index in this folder yet."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        super().__init__(f"no index in {folder}; build one with: qtsearch reindex")

    def __reduce__(self) -> tuple[type[IndexMissing], tuple[Path]]:
        return (type(self), (self.folder,))


class IndexBusy(IndexFault):
    """Another writer holds the lock.

    Args:
        folder: the index folder.
        holder: who holds it, ready to print: ``process 4711 on host since 2026-01-31 03:00:02``.
    """

    def __init__(self, folder: Path, holder: str) -> None:
        self.folder = folder
        self.holder = holder
        super().__init__(f"{folder} is being written by {holder}; try again later or use --wait SECONDS")

    def __reduce__(self) -> tuple[type[IndexBusy], tuple[Path, str]]:
        return (type(self), (self.folder, self.holder))


class IndexDamaged(IndexFault):
    """A file of the index cannot be trusted."""


class IndexOutdated(IndexFault):
    """The index was written by another format version or with other settings."""
