"""A folder whose files are on the disk, not only in its cache, once they are closed."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.structfile import StructFile


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
        (folder / oldname).replace(folder / newname)
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
        if os.name == "posix":
            descriptor = os.open(self.folder, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)


class _DurableFile:
    """A new binary file; closing it flushes it to the disk."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb")

    def close(self) -> None:
        if not self._file.closed:
            try:
                self._file.flush()
                os.fsync(self._file.fileno())
            finally:
                self._file.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)
