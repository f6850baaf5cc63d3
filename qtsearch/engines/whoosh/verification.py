"""Is an index folder safe, and is every byte of its last commit as it was written?"""

from __future__ import annotations

import contextlib
import os
import stat
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from qtsearch.codec.container.reader import MappedFolder, StructureDamaged
from qtsearch.codec.verify import verify
from qtsearch.engines.base import IndexProblem, VerifyProgress
from qtsearch.engines.whoosh.state import (
    CommitState,
    FileSum,
    SegmentInfo,
    is_own_name,
    require_file,
    state_name,
    toc_name,
)
from qtsearch.errors import MEND

PIECE: Final = 2**20
"""Bytes that are read at a time."""


def folder_problems(folder: Path) -> list[IndexProblem]:
    """Return how others could change the index: links that lead away, and rights to write for everybody.

    Raises:
        OSError: the folder cannot be looked at.
    """
    if os.name != "posix" or not folder.is_dir():
        return []
    found = []
    if folder.is_symlink() and not folder.resolve().is_relative_to(folder.parent.resolve()):
        todo = "name the folder itself with --index"
        found.append(IndexProblem(folder.name, "folder", f"a symbolic link to {folder.resolve()}", todo))
    found += _open_to_all(folder, "folder")
    for path in sorted(folder.iterdir()):
        with contextlib.suppress(FileNotFoundError):  # a writer has removed it since
            found += _file_problems(path)
    return found


def _file_problems(path: Path) -> list[IndexProblem]:
    if path.is_symlink() and is_own_name(path.name):
        return [IndexProblem(path.name, "file", f"a symbolic link to {path.readlink()}", MEND)]
    return list(_open_to_all(path, "file")) if path.is_file() else []


def _open_to_all(path: Path, structure: str) -> Iterator[IndexProblem]:
    mode = path.stat().st_mode
    if mode & stat.S_IWOTH:
        what = f"every user may write to it (mode {stat.S_IMODE(mode):04o})"
        yield IndexProblem(path.name, structure, what, f"take that right away with: chmod o-w {path}")


def verify_commit(folder: Path, generation: int, progress: VerifyProgress) -> list[IndexProblem]:
    """Verify all files of a commit, and then whether what they say makes sense.

    Args:
        folder: the index folder.
        generation: the commit.
        progress: called with the bytes verified so far and of how many.

    Raises:
        IndexOutdated: another version made the commit, and this one cannot read it.
    """
    try:
        state = CommitState.read(folder, generation)
    except StructureDamaged as damage:
        return [IndexProblem(damage.file, damage.structure, damage.what, MEND)]
    except OSError as error:
        return [_unreadable(state_name(generation), error)]
    state.refuse_other_versions()
    found = _toc_problems(folder / toc_name(generation), state.toc)
    sizes = [sum(_size(folder / name) for name in segment.file_names()) for segment in state.segments]
    done = _Done(sum(sizes), progress)
    for segment, size in zip(state.segments, sizes, strict=True):
        # Reading before mapping: an error of the disk is an exception here, but would end the process there.
        unreadable = [problem for name in segment.file_names() for problem in _read_problems(folder / name)]
        found += unreadable or _segment_problems(folder, segment, done)
        done.segment_ends(size)
    return found


def _segment_problems(folder: Path, segment: SegmentInfo, done: _Done) -> list[IndexProblem]:
    storage = MappedFolder(folder)
    faults = verify(storage, segment.segment_id, segment.doc_count_all, segment.deleted, done.in_file)
    return [IndexProblem(fault.file, fault.structure, fault.what, MEND) for fault in faults]


def _toc_problems(path: Path, expected: FileSum) -> list[IndexProblem]:
    crc32 = size = 0

    def add(piece: bytes) -> None:
        nonlocal crc32, size
        crc32 = zlib.crc32(piece, crc32)
        size += len(piece)

    problems = _read_problems(path, add)
    if problems:
        return problems
    if size != expected.size:
        return [IndexProblem(path.name, "file", f"{size} bytes, expected {expected.size}", MEND)]
    if crc32 != expected.crc32:
        return [IndexProblem(path.name, "file", f"CRC-32 {crc32:08x}, expected {expected.crc32:08x}", MEND)]
    return []


def _read_problems(path: Path, add: Callable[[bytes], None] = lambda _: None) -> list[IndexProblem]:
    """Read a whole file, piece by piece, and return why that is not possible."""
    try:
        require_file(path)
        with path.open("rb", buffering=0) as file:
            while piece := file.read(PIECE):
                add(piece)
    except StructureDamaged as damage:
        return [IndexProblem(damage.file, damage.structure, damage.what, MEND)]
    except OSError as error:
        return [_unreadable(path.name, error)]
    return []


def _unreadable(name: str, error: OSError) -> IndexProblem:
    what = "it is missing" if isinstance(error, FileNotFoundError) else f"cannot be read: {error.strerror}"
    return IndexProblem(name, "file", what, MEND)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:  # it will be found missing
        return 0


class _Done:
    """Adds up how far a verification is, over the files of each segment and over the segments."""

    def __init__(self, total: int, progress: VerifyProgress) -> None:
        self._segments_done = 0
        self._files_done = 0
        self._total = total
        self._progress = progress
        progress(0, total)

    def in_file(self, done: int, size: int) -> None:
        """Take how many bytes of the file at hand are done, and of how many: its pages, but not what stands after."""
        self._progress(min(self._segments_done + self._files_done + done, self._total), self._total)
        if done == size:
            self._files_done += size

    def segment_ends(self, size: int) -> None:
        """Take the bytes of all files of the segment at hand: all are done, also those that cannot be read."""
        self._segments_done += size
        self._files_done = 0
        self._progress(self._segments_done, self._total)
