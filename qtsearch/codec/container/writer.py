"""Write a container in one pass, without seeking."""

from __future__ import annotations

import json
import zlib
from array import array
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from qtsearch.codec.container.format import (
    ALIGNMENT,
    END_MAGIC,
    FOOTER,
    FOOTER_END,
    HEADER,
    MAGIC,
    PAGE_SIZE,
    VERSION,
)

Data = bytes | memoryview | NDArray[Any]


class Sink(Protocol):
    """A file being written."""

    def write(self, data: bytes | memoryview, /) -> Any:
        """Append bytes."""

    def close(self) -> None:
        """Close the file."""


@contextmanager
def new_file(storage: Any, name: str) -> Iterator[Sink]:
    """Create a file for a ``ContainerWriter``, which closes it at the end; close it here if anything raises."""
    sink = storage.create_file(name)
    try:
        yield sink
    except BaseException:
        sink.close()
        raise


class ContainerWriter:
    """Writes one container.

    Args:
        sink: the new, empty file; closed by ``finish``.
        kind: four bytes that say what the file holds.
    """

    def __init__(self, sink: Sink, kind: bytes) -> None:
        self._sink = sink
        self._size = 0
        self._page_sums = array("I")
        self._page_sum = 0
        self._sections: dict[str, tuple[int, int]] = {}
        self._write(HEADER.pack(MAGIC, VERSION, kind))

    def add(self, name: str, data: Data) -> None:
        """Write a section whose bytes are all there. Arrays must be little-endian and contiguous."""
        with self.section(name) as write:
            write(data)

    def add_numbers(self, name: str, numbers: NDArray[np.integer[Any]]) -> int:
        """Write numbers from 0 as a section, and return how many bytes each takes: 1, 2 or 4."""
        largest = int(numbers.max(initial=0))
        width = 1 if largest < 2**8 else 2 if largest < 2**16 else 4
        self.add(name, numbers.astype(f"<u{width}"))
        return width

    @contextmanager
    def section(self, name: str) -> Iterator[Any]:
        """Write a section piece by piece: the context is a function that takes the next bytes.

        Raises:
            ValueError: there is a section of this name already.
        """
        if name in self._sections:
            raise ValueError(f"section {name!r} is there already")
        self._align()
        start = self._size
        yield self._write
        self._sections[name] = (start, self._size - start)

    def finish(self, properties: Mapping[str, Any]) -> None:
        """Write contents, checksums and footer, and close the file.

        Args:
            properties: small values that JSON can hold.
        """
        self._align()
        body = self._size
        contents = json.dumps(
            {"properties": properties, "sections": self._sections}, separators=(",", ":"), sort_keys=True
        ).encode()
        contents += b" " * (-len(contents) % ALIGNMENT)
        if body % PAGE_SIZE:
            self._page_sums.append(self._page_sum)
        index = contents + np.array(self._page_sums, dtype="<u4").tobytes()
        footer = FOOTER.pack(
            body,
            len(contents),
            body + len(index) + FOOTER.size + FOOTER_END.size,
            len(self._page_sums),
            zlib.crc32(index),
        )
        self._sink.write(index + footer + FOOTER_END.pack(zlib.crc32(footer), END_MAGIC))
        self._sink.close()

    def _align(self) -> None:
        self._write(bytes(-self._size % ALIGNMENT))

    def _write(self, data: Data) -> None:
        view = data.reshape(-1).view(np.uint8).data if isinstance(data, np.ndarray) else memoryview(data)
        self._sink.write(view)
        place = 0
        while place < len(view):
            room = PAGE_SIZE - self._size % PAGE_SIZE
            piece = view[place : place + room]
            self._page_sum = zlib.crc32(piece, self._page_sum)
            self._size += len(piece)
            place += len(piece)
            if self._size % PAGE_SIZE == 0:
                self._page_sums.append(self._page_sum)
                self._page_sum = 0
