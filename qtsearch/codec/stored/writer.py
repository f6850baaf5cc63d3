"""Compress and write stored fields."""

from __future__ import annotations

from threading import local
from typing import Any, Final

import numpy as np
import zstandard
from numpy.typing import NDArray

from qtsearch.codec.container.writer import ContainerWriter
from qtsearch.codec.packing.format import offsets_of
from qtsearch.codec.stored.format import LEAST_SAMPLE, LEVEL, LONGEST_DICTIONARY, SAMPLE

_SAMPLE_SHARE: Final = 16
"""A dictionary is as long as this part of the sample that it is learned from,"""
_TOTAL_SHARE: Final = 64
"""or as this part of all documents, if that is longer,"""
_LONGEST_SHARE: Final = 4
"""but no longer than this part of the sample."""

_SEGMENT: Final = 500
_SUBSTRING: Final = 8
"""A dictionary is put together from pieces of the sample, each so many bytes long and chosen for the frequent
substrings of so many bytes in it (the ``k`` and ``d`` of Zstandard's cover algorithm). To try out lengths, as it does
where none are given, takes four times as long and is no better: of 18,000 articles, 863 bytes of each instead of 864,
of 200,000, 903 instead of 933, of the 1,400 of Cranfield, 388 instead of 385."""


_own = local()


class StoredWriter:
    """Takes the stored bytes of one document after the other; ``finish`` writes what is left.

    Args:
        container: the docs file.
        dictionary: what to compress with; b"" to learn it from the first documents.
    """

    def __init__(self, container: ContainerWriter, dictionary: bytes = b"") -> None:
        self._container = container
        self._dictionary = dictionary
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
        if self._dictionary or self._waiting_size >= SAMPLE:
            self._begin()

    def copy(self, frames: bytes | memoryview, sizes: NDArray[np.int64]) -> None:
        """Store documents that were compressed with the dictionary given, by ``compressor_of`` it.

        Args:
            frames: their compressed bytes, one after the other.
            sizes: int64, the bytes of each.
        """
        if self._compressor is None:
            self._begin()
        self._write(frames)
        self._sizes += sizes.tolist()

    def finish(self) -> None:
        """Write everything that is still held back, and the starts."""
        if self._compressor is None:
            self._begin()
        self._section.__exit__(None, None, None)
        starts = offsets_of(np.array(self._sizes, dtype=np.int64))
        self._container.add("stored_starts", starts.astype("<u4" if starts[-1] < 2**32 else "<u8"))

    def _begin(self) -> None:
        dictionary = self._dictionary or dictionary_of(self._waiting)
        self._container.add("stored_dictionary", dictionary)
        self._compressor = compressor_of(dictionary)
        self._section = self._container.section("stored")
        self._write = self._section.__enter__()
        for data in self._waiting:
            self._compress(data)
        self._waiting.clear()

    def _compress(self, data: bytes) -> None:
        packed = self._compressor.compress(data) if data else b""
        self._write(packed)
        self._sizes.append(len(packed))


def compressor_of(dictionary: bytes) -> zstandard.ZstdCompressor:
    """Return what makes frames of documents (see ``stored.format``): one for each thread, for the last dictionary.

    Args:
        dictionary: what to compress with, b"" for none.
    """
    # A compressor works without the interpreter's lock: two threads that share one write rubbish, or past its end.
    found: tuple[bytes, zstandard.ZstdCompressor] | None = getattr(_own, "found", None)
    if found is None or found[0] != dictionary:
        found = _own.found = dictionary, _new_compressor(dictionary)
    return found[1]


def _new_compressor(dictionary: bytes) -> zstandard.ZstdCompressor:
    prepared = None
    if dictionary:
        prepared = zstandard.ZstdCompressionDict(dictionary)
        prepared.precompute_compress(level=LEVEL)
    # The container has checksums already, and all frames share the one dictionary that lies beside them.
    return zstandard.ZstdCompressor(level=LEVEL, dict_data=prepared, write_checksum=False, write_dict_id=False)


def dictionary_of(documents: list[bytes], times: float = 1.0) -> bytes:
    """Return what the documents have in common, trained on them; empty where that would not pay.

    Args:
        documents: some documents.
        times: how many times as many there are in all.
    """
    total = sum(map(len, documents))
    if total < LEAST_SAMPLE:
        return b""
    try:
        size = min(
            LONGEST_DICTIONARY, max(total // _SAMPLE_SHARE, int(total * times) // _TOTAL_SHARE), total // _LONGEST_SHARE
        )
        sample: list[Any] = [data for data in documents if data]  # the stub wants a list of Buffer, and no other
        return zstandard.train_dictionary(size, sample, _SEGMENT, _SUBSTRING, level=LEVEL).as_bytes()
    except zstandard.ZstdError:
        return b""  # too few documents, or too much alike, to learn anything from
