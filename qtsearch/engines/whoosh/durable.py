"""A storage that flushes every file to the disk when it is closed."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.structfile import StructFile


class Disk:
    """Every call by which a writer changes anything. Tests put a disk in its place that counts, forgets or fails."""

    def create(self, path: Path) -> Any:
        """Create a file for writing bytes.

        Whatever has the name goes first. So nothing is written through a symbolic link, or into a file that a reader
        has mapped.
        """
        if path.is_symlink() or path.exists():
            self.remove(path)
        return path.open("xb")

    def flush(self, file: Any) -> None:
        """See to it that the bytes of a file are on the disk."""
        file.flush()
        os.fsync(file.fileno())

    def flush_folder(self, folder: Path) -> None:
        """See to it that the names of all files of a folder are on the disk."""
        if os.name == "posix":
            descriptor = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)

    def rename(self, old: Path, new: Path) -> None:
        """Give a file another name, which may be that of a file it replaces."""
        old.replace(new)

    def remove(self, path: Path) -> None:
        """Remove a file, a link, or a folder that stands where a file should."""
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


disk = Disk()
"""The disk that all storages write to."""


class DurableStorage(FileStorage):
    """Whoosh's storage of files in a folder, with the flushes to disk that Whoosh leaves out."""

    def __init__(self, folder: Path) -> None:
        super().__init__(str(folder))  # type: ignore[no-untyped-call]

    def create_file(self, name: str, excl: bool = False, mode: str = "wb", **kwargs: Any) -> StructFile:
        """Create a file that is flushed to the disk when it is closed."""
        file: Any = _DurableFile(Path(self.folder) / name)
        return StructFile(file, name=name, **kwargs)

    def rename_file(self, oldname: str, newname: str, safe: bool = False) -> None:
        """Rename a file, replacing another, and see to it that the new name is on the disk."""
        folder = Path(self.folder)
        disk.rename(folder / oldname, folder / newname)
        self.sync()

    def write_file(self, name: str, data: bytes) -> None:
        """Write a whole file."""
        file = _DurableFile(Path(self.folder) / name)
        try:
            file.write(data)
        finally:
            file.close()

    def sync(self) -> None:
        """See to it that the names of all files are on the disk."""
        disk.flush_folder(Path(self.folder))


class _DurableFile:
    """A new binary file; closing it flushes it to the disk."""

    def __init__(self, path: Path) -> None:
        self._file = disk.create(path)

    def close(self) -> None:
        if not self._file.closed:
            try:
                disk.flush(self._file)
            finally:
                self._file.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)
