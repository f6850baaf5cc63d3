"""A folder of articles: what lies in it, and what one file says.

Names are always given as posix paths below the folder, in the order of those paths.
"""

from __future__ import annotations

import os
import re
import stat
import sys
import time
from bisect import bisect_left
from collections.abc import Callable, Iterator
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple, overload

from qtsearch.articles.front_matter import read_article
from qtsearch.articles.model import Article, ArticleId, Fingerprint, Problem
from qtsearch.articles.text_repair import fit_for_message
from qtsearch.config import MAX_BYTES
from qtsearch.errors import ArticleError, ConfigError
from qtsearch.values import dataclass

SUFFIXES = (".md", ".markdown", ".txt")
"""Endings of article files, in any case."""

_DIGEST_BYTES = 16
_SAME_MOMENT_NS = 2_000_000_000
_TIMES = range(1, 2**63)
"""Times of change that an index can hold. A file of any other one is compared byte by byte, in every run."""
_NO_TIME = -1
_PIECE = 1 << 20


class ArticleFile(NamedTuple):
    """A file that was found: posix path below the folder, size in bytes, time of last change in ns.

    The time is -1 where it is not after 1970 or too late for an index to hold; no known file has that.
    """

    path: str
    size: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class Scan:
    """What a folder holds.

    Attributes:
        files: sorted by path.
        problems: files and folders that were passed over, sorted by path.
        unread: paths of the files and folders that are there but could not be looked at, sorted. What an
            index holds of them, or below them, is not gone.
    """

    files: tuple[ArticleFile, ...]
    problems: tuple[Problem, ...]
    unread: tuple[str, ...] = ()

    def hides(self, path: str) -> bool:
        """Return whether ``path`` is an unread file or lies in an unread folder."""
        return any(self._is_unread(place) for place in (path, *_folders_of(path)))

    def _is_unread(self, path: str) -> bool:
        place = bisect_left(self.unread, path)
        return place < len(self.unread) and self.unread[place] == path


@dataclass(frozen=True, slots=True)
class LoadedArticle:
    """One file, read: the article, the fingerprint of the bytes it was read from, the warnings."""

    article: Article
    fingerprint: Fingerprint
    problems: tuple[Problem, ...]

    @property
    def id_text(self) -> str:
        """The article's id as text, "" for none."""
        return "" if self.article.id is None else str(self.article.id)


class Library:
    """A folder of articles. Holds no open file and no cache; cheap to pickle.

    Args:
        folder: where the articles lie.
        max_bytes: larger files are not read.
        extra: further front-matter keys to read.
    """

    def __init__(self, folder: Path, max_bytes: int = MAX_BYTES, extra: tuple[str, ...] = ()) -> None:
        self.folder = folder
        self.max_bytes = max_bytes
        self.extra = extra

    def scan(self, found: Callable[[int], None] = lambda _: None) -> Scan:
        """Find all article files, at any depth.

        Hidden files and folders (leading dot) are skipped. A symbolic link is never followed out of the
        folder (warned), and no link to a folder is followed at all, so there are no loops. A link to an
        article in the folder is skipped too, since that is found under its own name; only a link to a
        file that has no such name, say in a hidden folder, stands for it.

        Args:
            found: called after each folder with how many files were found so far.

        Raises:
            ConfigError: the folder is missing, is no folder, or may not be read, or names are not read as UTF-8 here.
        """
        return _Walk(self.folder, self.max_bytes).run(found)

    @overload
    def load(self, file: ArticleFile) -> LoadedArticle | Problem: ...

    @overload
    def load(self, file: ArticleFile, known: bytes) -> LoadedArticle | Problem | None: ...

    def load(self, file: ArticleFile, known: bytes = b"") -> LoadedArticle | Problem | None:
        """Read one article file that ``scan`` found.

        The bytes are read once; size and time are those of the open file, not of the scan. The fingerprint's
        time is 0 if the file changed less than two seconds before it was read: coarse clocks (FAT counts in
        steps of two seconds) could give a change still to come the same time.

        Args:
            file: the file.
            known: the digest of what is known already, b"" for nothing.

        Returns:
            The article; the problem that prevents it, since a bad or vanished file never raises; None if it is known.
        """
        path = os.path.join(self.folder, file.path)  # noqa: PTH118 - hot
        try:
            data, mtime_ns = _read(path, self.max_bytes)
        except (OSError, ValueError) as error:
            return _unreadable(file.path, error)
        if len(data) > self.max_bytes:
            return _too_large(file.path, len(data), self.max_bytes)
        found = digest(data)
        if found == known:
            return None
        try:
            article, problems = read_article(path, file.path, data, self.extra)
        except ArticleError as error:
            return Problem(file.path, error.what, error.todo, error.line)
        if abs(time.time_ns() - mtime_ns) < _SAME_MOMENT_NS or mtime_ns not in _TIMES:
            mtime_ns = 0
        return LoadedArticle(article, Fingerprint(len(data), mtime_ns, found), problems)


def digest(data: bytes) -> bytes:
    """Return the 16-byte BLAKE2b digest of the content of a file."""
    return blake2b(data, digest_size=_DIGEST_BYTES).digest()


def duplicate_id_problem(first_path: str, second_path: str, article_id: ArticleId) -> Problem:
    """Return the problem of a second file with the id of a first one, which is the one that counts."""
    first = fit_for_message(first_path, 200)
    what = f"the id {fit_for_message(str(article_id))} is already that of {first}, so this file is left out"
    return Problem(second_path, what, "give one of the two another id")


class _Walk:
    """One walk through a folder; ``run`` once."""

    def __init__(self, folder: Path, max_bytes: int) -> None:
        self._root = folder
        self._max_bytes = max_bytes
        self._files: list[ArticleFile] = []
        self._problems: list[Problem] = []
        self._unread: list[str] = []
        self._waiting = [""]
        self._links: list[str] = []
        self._has_other_bytes = False

    def run(self, found: Callable[[int], None]) -> Scan:
        if not self._root.is_dir():
            raise ConfigError(f"there is no articles folder {self._root}; name one that exists")
        while self._waiting:
            self._enter(self._waiting.pop())
            found(len(self._files))
        self._resolve_links()
        self._refuse_other_encodings()
        self._files.sort()
        self._problems.sort(key=lambda problem: problem.path)
        return Scan(tuple(self._files), tuple(self._problems), tuple(sorted(self._unread)))

    def _enter(self, prefix: str) -> None:
        """List one folder; ``prefix`` is its path with a slash behind it, "" for the root."""
        try:
            with os.scandir(os.path.join(self._root, prefix)) as listing:  # noqa: PTH118 - hot
                for entry in listing:
                    self._visit(prefix, entry)
        except OSError as error:
            if not prefix:
                reason = error.strerror or str(error)
                raise ConfigError(f"cannot read the articles folder {self._root}: {reason}; check it") from None
            self._unread.append(prefix[:-1])
            self._problems.append(_unreadable(prefix[:-1], error))

    def _visit(self, prefix: str, entry: os.DirEntry[str]) -> None:
        name = entry.name
        if name[0] == ".":
            return
        path = prefix + name
        is_article = name.endswith(SUFFIXES) or name.lower().endswith(SUFFIXES)
        if entry.is_file(follow_symlinks=False):  # asked first, since nearly every entry is one
            if is_article and self._has_good_name(path, name):
                try:
                    self._add(path, entry.stat(follow_symlinks=False))
                except FileNotFoundError:
                    return  # it vanished since the folder was listed
        elif entry.is_dir(follow_symlinks=False):
            if self._has_good_name(path, name):
                self._waiting.append(path + "/")
        elif entry.is_symlink() and (is_article or _leads_to_folder(entry)):
            self._links.append(path)

    def _add(self, path: str, status: os.stat_result) -> None:
        if status.st_size > self._max_bytes:
            self._unread.append(path)
            self._problems.append(_too_large(path, status.st_size, self._max_bytes))
        else:
            mtime_ns = status.st_mtime_ns
            self._files.append(ArticleFile(path, status.st_size, mtime_ns if mtime_ns in _TIMES else _NO_TIME))

    def _has_good_name(self, path: str, name: str) -> bool:
        if name.isprintable() or not any(_is_bad(char) for char in name):
            return True
        self._has_other_bytes |= not name.isascii()
        what = "the name holds control characters, line breaks, changes of direction or bytes that are not UTF-8"
        self._problems.append(Problem(fit_for_message(path, 200), what, "rename it"))
        return False

    def _refuse_other_encodings(self) -> None:
        """Refuse to go on where names are not read as UTF-8, if it matters: the files would have other names here."""
        encoding = sys.getfilesystemencoding()
        if encoding == "utf-8":
            return
        if self._has_other_bytes or not all(file.path.isascii() for file in self._files):
            raise ConfigError(
                f"names of files are read as {encoding} here, not as UTF-8; set PYTHONUTF8=1, or a locale of UTF-8"
            )

    def _resolve_links(self) -> None:
        root = os.path.realpath(self._root)
        taken: set[str] = set()
        for path in sorted(self._links):
            if not self._has_good_name(path, path.rpartition("/")[2]):
                continue
            try:
                target = os.path.realpath(os.path.join(root, path))  # noqa: PTH118
            except OSError as error:
                self._warn_link(path, f"cannot be followed: {error.strerror or error}")
                continue
            if target != root and not target.startswith(root.rstrip("/") + "/"):
                self._warn_link(path, "leads out of the articles folder and is not followed")
            elif not os.path.lexists(target) or os.path.islink(target):  # noqa: PTH114
                self._warn_link(path, "leads to nothing")
            elif not _is_found_itself(target[len(root) :]) and target not in taken:
                taken.add(target)
                self._add_link(path, target)

    def _add_link(self, path: str, target: str) -> None:
        try:
            status = os.stat(target)  # noqa: PTH116
        except OSError:
            self._warn_link(path, "leads to nothing")
            return
        if stat.S_ISREG(status.st_mode):
            self._add(path, status)

    def _warn_link(self, path: str, what: str) -> None:
        todo = "put the file itself there or remove the link"
        self._problems.append(Problem(path, f"the symbolic link {what}", todo, fatal=False))


def _leads_to_folder(link: os.DirEntry[str]) -> bool:
    """Return whether a link leads to a folder, to itself, or nowhere it could."""
    try:
        return link.is_dir()
    except OSError:
        return True


def _folders_of(path: str) -> Iterator[str]:
    """Yield the folders that a path lies in, from the outermost."""
    return (path[: match.start()] for match in re.finditer("/", path))


def _is_found_itself(path: str) -> bool:
    """Return whether the walk meets ``path`` under this very name, were it a file."""
    return path.lower().endswith(SUFFIXES) and "/." not in path


def _is_bad(char: str) -> bool:
    """Return whether no name may hold it: control characters, line separators, changes of direction, surrogates."""
    return (
        char < " "
        or "\x7f" <= char <= "\x9f"
        or "\u2028" <= char <= "\u202e"
        or "\u2066" <= char <= "\u2069"
        or "\ud800" <= char <= "\udfff"
    )


def _read(path: Path | str, max_bytes: int) -> tuple[bytes, int]:
    """Return the first ``max_bytes + 1`` bytes of a regular file and its time of last change."""
    # O_NONBLOCK: a pipe that has taken the file's place since the scan must not hang the run.
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise OSError("it is not a regular file")
        data = os.read(descriptor, min(status.st_size, max_bytes) + 1)
        if len(data) < status.st_size or len(data) > status.st_size:
            data += _rest(descriptor, max_bytes + 1 - len(data))
    finally:
        os.close(descriptor)
    return data, status.st_mtime_ns


def _rest(descriptor: int, limit: int) -> bytes:
    """Read on: a signal may have cut the first read short, or the file is growing."""
    pieces: list[bytes] = []
    while limit > 0 and (piece := os.read(descriptor, min(limit, _PIECE))):
        pieces.append(piece)
        limit -= len(piece)
    return b"".join(pieces)


def _unreadable(path: str, error: Exception) -> Problem:
    if isinstance(error, FileNotFoundError):
        return Problem(path, "the file vanished while it was to be read", "run reindex again")
    reason = (error.strerror if isinstance(error, OSError) else None) or fit_for_message(str(error))
    return Problem(path, f"cannot be read: {reason}", "check its permissions and the disk")


def _too_large(path: str, size: int, limit: int) -> Problem:
    what = f"the file has {'at least ' if size == limit + 1 else ''}{size:,} bytes, more than the limit of {limit:,}"
    return Problem(path, what, "split it, or raise the size limit")
