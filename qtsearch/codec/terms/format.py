"""The bytes of a term dictionary.

The terms of a field are sorted by bytes and distinct; a term's place in this order is its *ordinal*. Every 16 terms
form a block. Three sections of each field:

    heads      the first term of each block, one after the other
    tails      the other 15 terms of each block, front-coded:
                   control   1 byte: min(shared, 15) * 16 + min(rest, 15)
                   shared    varint: shared - 15, only where the bytes shared with the term before are 15 or more
                             (version 1 has none: there no more than 15 are shared)
                   more      varint: rest - 15, only where rest is 15 or more
                   suffix    the rest of the term, ``rest`` bytes
    blocks     for each block and the end: start of its head, start of its tails: 2 numbers of 4 bytes

Front coding: Witten, Moffat, Bell, Managing Gigabytes (1999), section 4.1.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Final, Self

import numpy as np

from qtsearch.codec.packing.format import Bytes, Offsets, offsets_of, ranges
from qtsearch.values import dataclass

BLOCK: Final = 16
LONG_SHARED_VERSION: Final = 2
"""The version of the container from which on terms share more than 15 bytes: paths and addresses do."""
LONGEST_SHARED: Final = 15
LONGEST_REST: Final = 15


@dataclass(frozen=True, slots=True)
class Terms:
    """Some terms as two arrays.

    Attributes:
        data: uint8, the terms one after the other.
        offsets: int64 ``[terms + 1]``, where each starts, and where the last ends.
    """

    data: Bytes
    offsets: Offsets

    @classmethod
    def of(cls, terms: Iterable[bytes]) -> Self:
        """Return terms as arrays."""
        pieces = list(terms)
        sizes = np.fromiter(map(len, pieces), dtype=np.int64, count=len(pieces))
        return cls(np.frombuffer(b"".join(pieces), dtype=np.uint8), offsets_of(sizes))

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def __iter__(self) -> Iterator[bytes]:
        data = self.data.tobytes()
        offsets = self.offsets.tolist()
        return (data[start:end] for start, end in pairwise(offsets))

    def slice(self, first: int, end: int) -> Terms:
        """Return the terms of ordinals ``[first, end)``."""
        offsets = self.offsets[first : end + 1]
        return Terms(self.data[offsets[0] : offsets[-1]], offsets - offsets[0])

    def take(self, ordinals: Offsets) -> Terms:
        """Return the terms of some ordinals, in that order."""
        sizes = np.diff(self.offsets)[ordinals]
        return Terms(self.data[ranges(self.offsets[ordinals], sizes)], offsets_of(sizes))
