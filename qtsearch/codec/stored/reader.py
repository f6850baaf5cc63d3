"""Read stored fields."""

from __future__ import annotations

from functools import cached_property
from threading import local
from typing import Any

import numpy as np
import zstandard
from numpy.typing import NDArray

from qtsearch.codec import values
from qtsearch.codec.container.reader import Container, StructureDamaged
from qtsearch.codec.packing.reader import scalars
from qtsearch.codec.stored.format import LONGEST_DOCUMENT
from qtsearch.errors import IndexDamaged


class StoredReader:
    """The stored fields of one segment. Safe for many threads.

    Args:
        container: the docs file.
        doc_count_all: documents of the segment.
    """

    def __init__(self, container: Container, doc_count_all: int) -> None:
        self._container = container
        self._start, self._end = container.section("stored")
        starts, starts_end = container.section("stored_starts")
        self._width = (starts_end - starts) // (doc_count_all + 1)
        if self._width not in (4, 8) or self._width * (doc_count_all + 1) != starts_end - starts:
            raise StructureDamaged(container.name, "stored_starts", f"not as many as {doc_count_all} documents need")
        self._doc_count_all = doc_count_all
        self.dictionary = bytes(container.view("stored_dictionary"))
        self._dictionary = zstandard.ZstdCompressionDict(self.dictionary) if self.dictionary else None
        self._own = local()

    def data(self, docnum: int) -> bytes:
        """Return the bytes stored for a document, ``b""`` where there are none. About 5 us for 3 KB.

        Raises:
            IndexDamaged: they are not as they were written.
        """
        packed = self.compressed(docnum)
        if not packed:
            return b""
        try:
            if not 0 <= zstandard.frame_content_size(packed) <= LONGEST_DOCUMENT:
                raise self._damaged(docnum, "the compressed bytes do not say how many they stand for")
            # No limit of its own, one frame only, nothing behind it; by name that takes a third longer.
            return self._decompressor.decompress(packed, 0, False, False)
        except zstandard.ZstdError as error:
            raise self._damaged(docnum, str(error)) from error

    @property
    def _decompressor(self) -> zstandard.ZstdDecompressor:
        # One for each thread: a decompressor works without the interpreter's lock and must not be shared.
        try:
            found: zstandard.ZstdDecompressor = self._own.decompressor
        except AttributeError:
            found = self._own.decompressor = zstandard.ZstdDecompressor(dict_data=self._dictionary)
        return found

    def compressed(self, docnum: int) -> memoryview:
        """Return the bytes stored for a document as they are compressed.

        Raises:
            IndexDamaged: they are not as they were written.
        """
        bounds = self._bounds
        start, end = self._start + bounds[docnum], self._start + bounds[docnum + 1]
        if not start <= end <= self._end:
            raise self._damaged(docnum, f"bytes {start} to {end}")
        if start < end:
            self._container.require(start, end)
        return self._container.data[start:end]

    @cached_property
    def _bounds(self) -> memoryview:
        """Where each document starts, and the end: one by one these come out of it faster than out of an array."""
        return scalars(self._all_starts())

    def _all_starts(self) -> NDArray[np.unsignedinteger[Any]]:
        return self._container.array("stored_starts", f"<u{self._width}", self._doc_count_all + 1)

    def frames(self) -> tuple[memoryview, NDArray[np.int64]]:
        """Return all documents as they are compressed, one after the other, and where each starts, and the end.

        Raises:
            IndexDamaged: they are not as they were written.
        """
        starts = self._all_starts().astype(np.int64)
        frames = self._container.view("stored")
        if starts[0] or starts[-1] != len(frames) or (np.diff(starts) < 0).any():
            raise StructureDamaged(self._container.name, "stored_starts", "the documents do not fill their section")
        return frames, starts

    def fields(self, docnum: int) -> dict[str, Any]:
        """Return the stored fields of a document, empty where there are none.

        Raises:
            IndexDamaged: they are not as they were written.
        """
        data = self.data(docnum)
        if not data:
            return {}
        try:
            fields = values.decode(data)
        except ValueError as error:
            raise self._damaged(docnum, str(error)) from error
        if type(fields) is not dict:
            raise self._damaged(docnum, "not a mapping of fields")
        return fields

    def _damaged(self, docnum: int, what: str) -> IndexDamaged:
        return StructureDamaged(self._container.name, f"stored fields of document {docnum}", what)
