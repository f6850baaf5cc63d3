"""Disks for tests: one remembers every call, so that a crash can be played after each; one fails at a call."""

from __future__ import annotations

import errno
import os
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from qtsearch.engines.whoosh.durable import Disk

Files = dict[str, bytes]
"""The files of a folder."""


class _Watched:
    """A file whose writes are told before they happen."""

    def __init__(self, file: Any, told: Any) -> None:
        self.file = file
        self._told = told

    def write(self, data: Any) -> int:
        self._told(bytes(data))
        return self.file.write(data)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.file, name)


class RecordingDisk(Disk):
    """Does as it is told, and keeps a log of it: ``(call, file number or names)``."""

    def __init__(self) -> None:
        self.log: list[tuple[Any, ...]] = []
        self._numbers: dict[int, int] = {}

    def create(self, path: Path) -> Any:
        file = super().create(path)
        number = len(self.log)
        self.log.append(("create", path.name, number))
        watched = _Watched(file, lambda data: self.log.append(("write", number, data)))
        self._numbers[id(watched)] = number
        self._kept = [*getattr(self, "_kept", []), watched]  # so that no two have the same id
        return watched

    def flush(self, file: Any) -> None:
        super().flush(file.file)
        self.log.append(("flush", self._numbers[id(file)]))

    def flush_folder(self, folder: Path) -> None:
        super().flush_folder(folder)
        self.log.append(("flush_folder",))

    def rename(self, old: Path, new: Path) -> None:
        super().rename(old, new)
        self.log.append(("rename", old.name, new.name))

    def remove(self, path: Path) -> None:
        super().remove(path)
        self.log.append(("remove", path.name))


class FailingDisk(Disk):
    """Fails at one call, and at every one after it that would write.

    Args:
        at: the number of the call, from 0.
        code: the error.
    """

    def __init__(self, at: int, code: int) -> None:
        self.calls = 0
        self._at = at
        self._code = code

    def _count(self, *, writes: bool = True) -> None:
        self.calls += 1
        if self.calls - 1 == self._at or (writes and self.calls > self._at):
            raise OSError(self._code, os.strerror(self._code))

    def create(self, path: Path) -> Any:
        self._count()
        return _Watched(super().create(path), lambda data: self._count())

    def flush(self, file: Any) -> None:
        self._count()
        super().flush(file.file)

    def flush_folder(self, folder: Path) -> None:
        self._count()
        super().flush_folder(folder)

    def rename(self, old: Path, new: Path) -> None:
        self._count()
        super().rename(old, new)

    def remove(self, path: Path) -> None:
        self._count(writes=self._code != errno.ENOSPC)
        super().remove(path)


@dataclass
class Replay:
    """A folder as the log of a ``RecordingDisk`` changes it, and as a crash would leave it.

    Args:
        start: the files before, all of them on the disk.
    """

    start: Files
    contents: dict[Any, bytes] = field(default_factory=dict)
    flushed: dict[Any, bytes] = field(default_factory=dict)
    names: dict[str, Any] = field(default_factory=dict)
    flushed_names: dict[str, Any] = field(default_factory=dict)
    pending: list[tuple[Any, ...]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.contents = dict(self.start)
        self.flushed = dict(self.start)
        self.names = {name: name for name in self.start}
        self.flushed_names = dict(self.names)

    def apply(self, call: tuple[Any, ...]) -> None:
        """Let a call of the log happen."""
        match call:
            case ("create", _, number):
                self.contents[number] = self.flushed[number] = b""
            case ("write", number, data):
                self.contents[number] += data
            case ("flush", number):
                self.flushed[number] = self.contents[number]
            case ("flush_folder",):
                self.flushed_names, self.pending = dict(self.names), []
        if call[0] in ("create", "rename", "remove"):
            if call[0] == "rename":
                call = (*call, self.names[call[1]])
            self.pending.append(call)
            _rename(self.names, call)

    def killed(self) -> Files:
        """What is there after the process was killed: everything it did."""
        return {name: self.contents[number] for name, number in self.names.items()}

    def power_cuts(self, choices: random.Random) -> Iterator[Files]:
        """What may be there after a power cut: what was flushed, and any part of the rest."""
        yield {name: self.flushed[number] for name, number in self.flushed_names.items()}
        yield {name: self.flushed[number] for name, number in self.names.items()}
        names = dict(self.flushed_names)
        for call in self.pending:
            if choices.random() < 0.5:
                _rename(names, call)
        yield {name: self._torn(number, choices) for name, number in names.items()}

    def _torn(self, number: Any, choices: random.Random) -> bytes:
        """What was flushed of a file, and of the rest a piece, zeros or nothing."""
        flushed, rest = self.flushed[number], self.contents[number][len(self.flushed[number]) :]
        kept = rest[: choices.randint(0, len(rest))]
        return flushed + choices.choice([b"", kept, kept + bytes(len(rest) - len(kept))])


def _rename(names: dict[str, Any], call: tuple[Any, ...]) -> None:
    match call:
        case ("create", name, number):
            names[name] = number
        case ("rename", old, new, number):
            names.pop(old, None)
            names[new] = number
        case ("remove", name):
            names.pop(name, None)


def files_of(folder: Path) -> Files:
    """Return the files of a folder."""
    return {path.name: path.read_bytes() for path in folder.iterdir()} if folder.exists() else {}


def write_files(folder: Path, files: Files) -> None:
    """Make a folder hold these files and no others."""
    folder.mkdir(exist_ok=True)
    for path in folder.iterdir():
        if path.name not in files:
            path.unlink()
    for name, data in files.items():
        path = folder / name
        if not path.exists() or path.read_bytes() != data:
            path.write_bytes(data)
