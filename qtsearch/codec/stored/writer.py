"""Compress and write stored fields."""

from __future__ import annotations

import zlib
from typing import Any, Final

import numpy as np

from qtsearch.codec.container.writer import ContainerWriter
from qtsearch.codec.packing.format import offsets_of
from qtsearch.codec.stored.format import LEVEL, LONGEST_DICTIONARY, RAW_DEFLATE, SAMPLE

_PIECE: Final = 512
_WORTH: Final = 16


class StoredWriter:
    """Takes the stored bytes of one document after the other; ``finish`` writes what is left."""

    def __init__(self, container: ContainerWriter) -> None:
        self._container = container
        self._waiting: list[bytes] = []
        self._waiting_size = 0
        self._compressor: Any = None
        self._sizes: list[int] = []
        self._section: Any = None
        self._write: Any = None

    def add(self, data: bytes) -> None:
        """Store the bytes of the next document; ``b""`` for none."""
        if self._compressor is not None:
            self._compress(data)
            return
        self._waiting.append(data)
        self._waiting_size += len(data)
        if self._waiting_size >= SAMPLE:
            self._begin(dictionary_of(self._waiting))

    def begin(self, dictionary: bytes) -> None:
        """Compress against a given dictionary, before the first document."""
        self._begin(dictionary)

    def add_compressed(self, data: bytes | memoryview) -> None:
        """Store the next document, which was compressed against the dictionary that ``begin`` was given."""
        self._write(data)
        self._sizes.append(len(data))

    def finish(self) -> None:
        """Write everything that is still held back, and the starts."""
        if self._compressor is None:
            self._begin(dictionary_of(self._waiting))
        self._section.__exit__(None, None, None)
        starts = offsets_of(np.array(self._sizes, dtype=np.int64))
        self._container.add("stored_starts", starts.astype("<u4" if starts[-1] < 2**32 else "<u8"))

    def _begin(self, dictionary: bytes) -> None:
        self._container.add("stored_dictionary", dictionary)
        self._compressor = zlib.compressobj(LEVEL, zlib.DEFLATED, RAW_DEFLATE, 9, zlib.Z_DEFAULT_STRATEGY, dictionary)
        self._section = self._container.section("stored")
        self._write = self._section.__enter__()
        for data in self._waiting:
            self._compress(data)
        self._waiting.clear()

    def _compress(self, data: bytes) -> None:
        if data:
            # A copy of a compressor that has read the dictionary is cheaper than reading it again.
            compressor = self._compressor.copy()
            packed = compressor.compress(data) + compressor.flush()
            self._write(packed)
            self._sizes.append(len(packed))
        else:
            self._sizes.append(0)


def dictionary_of(documents: list[bytes]) -> bytes:
    """Return what the documents have in common: pieces of evenly chosen ones, of 1/16 of their bytes at most."""
    total = sum(map(len, documents))
    pieces = min(LONGEST_DICTIONARY, total // _WORTH) // _PIECE
    if not pieces:
        return b""
    step = max(1, len(documents) // pieces)
    chosen = [data[max(0, (len(data) - _PIECE) // 4) :][:_PIECE] for data in documents[::step][:pieces]]
    return b"".join(chosen)
