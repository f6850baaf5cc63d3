"""Many byte strings as two arrays: terms, or what a format of Whoosh encodes of each posting."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Self

import numpy as np

from qtsearch.codec.packing.format import Bytes, Offsets, offsets_of, ranges
from qtsearch.values import dataclass


@dataclass(frozen=True, slots=True)
class ByteStrings:
    """Some byte strings.

    Attributes:
        data: uint8, one after the other.
        offsets: int64 ``[strings + 1]``, where each starts, and where the last ends.
    """

    data: Bytes
    offsets: Offsets

    @classmethod
    def of(cls, strings: Iterable[bytes]) -> Self:
        """Return byte strings as arrays."""
        pieces = list(strings)
        sizes = np.fromiter(map(len, pieces), dtype=np.int64, count=len(pieces))
        return cls(np.frombuffer(b"".join(pieces), dtype=np.uint8), offsets_of(sizes))

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def __iter__(self) -> Iterator[bytes]:
        data = self.data.tobytes()
        offsets = self.offsets.tolist()
        return (data[start:end] for start, end in pairwise(offsets))

    def value(self, place: int) -> bytes:
        """Return one of them."""
        return self.data[self.offsets[place] : self.offsets[place + 1]].tobytes()

    def slice(self, first: int, end: int) -> ByteStrings:
        """Return those at places ``[first, end)``."""
        offsets = self.offsets[first : end + 1]
        return ByteStrings(self.data[offsets[0] : offsets[-1]], offsets - offsets[0])

    def take(self, places: Offsets) -> ByteStrings:
        """Return those at some places, in that order."""
        sizes = np.diff(self.offsets)[places]
        return ByteStrings(self.data[ranges(self.offsets[places], sizes)], offsets_of(sizes))


def joined(parts: Sequence[ByteStrings]) -> ByteStrings:
    """Return several parts as one."""
    if len(parts) == 1:
        return parts[0]
    data = np.concatenate([part.data for part in parts]) if parts else np.zeros(0, dtype=np.uint8)
    sizes = [np.diff(part.offsets) for part in parts]
    return ByteStrings(data, offsets_of(np.concatenate(sizes) if sizes else np.zeros(0, dtype=np.int64)))
