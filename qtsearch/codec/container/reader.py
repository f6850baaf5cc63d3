"""Read a container from memory-mapped bytes."""

from __future__ import annotations

import json
import mmap
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from qtsearch.codec.container.format import (
    ALIGNMENT,
    END_MAGIC,
    FOOTER,
    FOOTER_END,
    FOOTER_SIZE,
    HEADER,
    MAGIC,
    PAGE_SIZE,
    VERSION,
)
from qtsearch.errors import MEND, IndexDamaged, IndexOutdated
from qtsearch.values import dataclass

_NOTHING = bytes(1)


class StructureDamaged(IndexDamaged):
    """One structure of one file is not as it was written.

    Args:
        file: the file's name.
        structure: the part of the file.
        what: what is wrong, actual against expected, without a full stop.
    """

    def __init__(self, file: str, structure: str, what: str) -> None:
        self.file = file
        self.structure = structure
        self.what = what
        super().__init__(f"{file}: {structure}: {what}; {MEND}")

    def __reduce__(self) -> tuple[type[StructureDamaged], tuple[str, str, str]]:
        return (type(self), (self.file, self.structure, self.what))


class SegmentFileMissing(IndexDamaged, FileNotFoundError):
    """A file of the index is not there. Also a ``FileNotFoundError``, at which Whoosh looks for a newer commit."""


def read_whole(storage: Any, name: str) -> memoryview:
    """Return the bytes of a file of a Whoosh storage: mapped where it is a folder, else read.

    Raises:
        SegmentFileMissing: there is no such file.
    """
    try:
        folder = getattr(storage, "folder", None)
        if folder is None or not getattr(storage, "supports_mmap", False):
            with storage.open_file(name) as file:
                return memoryview(bytes(file.read()))
        with (Path(folder) / name).open("rb") as file:
            if not file.seek(0, 2):
                return memoryview(b"")
            return memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    except (FileNotFoundError, NameError, KeyError) as error:
        raise SegmentFileMissing(f"{name}: the file is missing; {MEND}") from error


@dataclass(frozen=True, slots=True)
class MappedFolder:
    """What reading asks of a Whoosh storage, for whoever has no other use for one."""

    folder: Path
    supports_mmap: bool = True


class Container:
    """One open container. Reading keeps no state but which pages are known to be sound; safe for many threads.

    Args:
        data: the whole file.
        name: the file's name, for messages.
        kind: what the file must hold, as given to its writer.

    Raises:
        IndexDamaged: header, footer, contents or size are not as they were written.
        IndexOutdated: a newer version wrote the file.
    """

    def __init__(self, data: memoryview, name: str, kind: bytes) -> None:
        self.name = name
        self.data = data
        self._check_header(kind)
        self.body_size, contents, self.page_sums = self._read_index()
        self._sound = bytearray(len(self.page_sums))
        with self.trusting("contents"):
            self.properties: dict[str, Any] = dict(contents["properties"])
            self.sections: dict[str, tuple[int, int]] = {
                name: (offset, offset + length) for name, (offset, length) in contents["sections"].items()
            }
            self._check_sections()

    @contextmanager
    def trusting(self, structure: str) -> Iterator[None]:
        """Turn what goes wrong in using the contents into the error for damage: their checksum may be forged."""
        try:
            yield
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise StructureDamaged(self.name, structure, f"the contents do not fit: {error!r}") from error

    def release(self) -> None:
        """Let the system take back the memory of what was read so far; reading it again maps it in again.

        For whoever reads a large file once from end to end: mapped pages count as the process's memory.
        """
        if isinstance(self.data.obj, mmap.mmap) and hasattr(mmap, "MADV_DONTNEED"):
            self.data.obj.madvise(mmap.MADV_DONTNEED)

    def section(self, name: str) -> tuple[int, int]:
        """Return where a section starts and ends.

        Raises:
            IndexDamaged: there is no such section.
        """
        try:
            return self.sections[name]
        except KeyError:
            raise StructureDamaged(self.name, name, "the section is missing") from None

    def require(self, start: int, end: int) -> None:
        """Verify the checksums of the pages under some bytes, unless that was done before.

        Raises:
            IndexDamaged: a page is not as it was written, or the bytes do not lie in the body.
        """
        if start < 0 or end > self.body_size:
            raise StructureDamaged(self.name, "body", f"bytes {start} to {end} of {self.body_size}")
        first, last = start // PAGE_SIZE, (end - 1) // PAGE_SIZE + 1
        while (page := self._sound.find(_NOTHING, first, last)) >= 0:
            if not self.page_is_sound(page):
                raise StructureDamaged(self.name, self.structure(page), f"checksum of page {page} does not match")
            self._sound[page] = 1
            first = page + 1

    def page_is_sound(self, page: int) -> bool:
        """Return whether the checksum of one page is right."""
        piece = self.data[page * PAGE_SIZE : min((page + 1) * PAGE_SIZE, self.body_size)]
        return zlib.crc32(piece) == int(self.page_sums[page])

    def structure(self, page: int) -> str:
        """Return the names of the sections that lie on a page."""
        start, end = page * PAGE_SIZE, (page + 1) * PAGE_SIZE
        names = [name for name, (first, last) in self.sections.items() if first < end and last > start]
        return ", ".join(names) or "header"

    def view(self, name: str) -> memoryview:
        """Return a whole section, verified."""
        start, end = self.section(name)
        self.require(start, end)
        return self.data[start:end]

    def array(self, name: str, dtype: str, count: int) -> NDArray[Any]:
        """Return a whole section as a read-only array, verified.

        Args:
            name: the section.
            dtype: numpy's name of the little-endian number type.
            count: the numbers it must have.

        Raises:
            IndexDamaged: it has another length, or a page of it is not as it was written.
        """
        data = self.view(name)
        with self.trusting(name):  # the type's width may come from a forged property: numpy has no "<u5"
            known = np.dtype(dtype)
        if len(data) != count * known.itemsize:
            raise StructureDamaged(self.name, name, f"{len(data)} bytes, expected {count} times {dtype}")
        return np.frombuffer(data, known)

    def _check_header(self, kind: bytes) -> None:
        if len(self.data) < HEADER.size + FOOTER_SIZE:
            raise StructureDamaged(self.name, "header", f"the file has only {len(self.data)} bytes")
        magic, self.version, found = HEADER.unpack_from(self.data)
        if magic != MAGIC:
            raise StructureDamaged(self.name, "header", "not a file of a qtsearch index")
        if self.version > VERSION:
            self._refuse_newer(self.version)
        if self.version < 1 or found != kind:
            raise StructureDamaged(self.name, "header", f"version {self.version} and kind {found!r}, expected {kind!r}")

    def _refuse_newer(self, version: int) -> NoReturn:
        """Refuse the file, as damaged if its end is as we know it and says that the header is not as it was written."""
        try:
            self.body_size, _, self.page_sums = self._read_index()
        except StructureDamaged:
            pass  # a newer version may end in another way
        else:
            if len(self.page_sums) and not self.page_is_sound(0):
                raise StructureDamaged(self.name, "header", f"version {version}, and checksum does not match")
        raise IndexOutdated(
            f"{self.name}: format version {version}, this qtsearch reads up to {VERSION}; upgrade qtsearch, or {MEND}"
        )

    def _read_index(self) -> tuple[int, dict[str, Any], NDArray[np.uint32]]:
        place = len(self.data) - FOOTER_SIZE
        footer = self.data[place : place + FOOTER.size]
        checksum, magic = FOOTER_END.unpack_from(self.data, place + FOOTER.size)
        if magic != END_MAGIC or checksum != zlib.crc32(footer):
            raise StructureDamaged(self.name, "footer", "checksum does not match; the file may be cut short")
        body, length, size, pages, index_sum = FOOTER.unpack(footer)
        if size != len(self.data) or body + length + 4 * pages != place or pages != -(-body // PAGE_SIZE):
            raise StructureDamaged(self.name, "footer", f"the file has {len(self.data)} bytes, expected {size}")
        if zlib.crc32(self.data[body:place]) != index_sum:
            raise StructureDamaged(self.name, "contents", "checksum does not match")
        try:
            contents = json.loads(bytes(self.data[body : body + length]))
        except (ValueError, RecursionError) as error:
            raise StructureDamaged(self.name, "contents", f"not JSON: {error}") from error
        return body, contents, np.frombuffer(self.data, "<u4", pages, body + length)

    def _check_sections(self) -> None:
        for name, (start, end) in self.sections.items():
            if type(start) is not int or type(end) is not int:
                raise StructureDamaged(self.name, name, f"bytes {start!r} to {end!r}")
            if start % ALIGNMENT or not HEADER.size <= start <= end <= self.body_size:
                raise StructureDamaged(self.name, name, f"bytes {start} to {end} of {self.body_size}")
