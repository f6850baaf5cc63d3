"""The bytes of one packed list.

    low part    count numbers of ``width`` bits each, lowest bits first, filled up with zero bits to a whole byte
    and, where the packing has a high part (``high`` > 0):
    exceptions  how many numbers are 2**width or larger: E                      (index width)
    indices     their places in the list, ascending                             (E times index width)
    high parts  number >> width                                                 (E times ``high`` bytes)

All integers are little-endian. The index width follows from the count: 1 byte up to 255, 2 up to 65,535, else 4.
Neither the count nor the code of the packing is part of these bytes; the owner of the list keeps both.

After PForDelta: Zukowski et al., Super-Scalar RAM-CPU Cache Compression (2006).
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
Numbers = NDArray[np.uint32]
Offsets = NDArray[np.int64]


class Packing(NamedTuple):
    """One of the sixteen ways.

    Attributes:
        width: bits of the low part of a number: 0, 1, 2, 4, 8, 16 or 32.
        high: bytes of the high part of an exception: 1 or 2; 0 where every number must fit into ``width`` bits.
    """

    width: int
    high: int

    @property
    def limit(self) -> int:
        """Bits of the longest number this packing can hold."""
        return min(32, self.width + 8 * self.high)


PACKINGS: Final = (
    Packing(0, 0),
    Packing(1, 0),
    Packing(2, 0),
    Packing(4, 0),
    Packing(8, 0),
    Packing(16, 0),
    Packing(32, 0),
    Packing(0, 1),
    Packing(1, 1),
    Packing(2, 1),
    Packing(4, 1),
    Packing(4, 2),
    Packing(8, 1),
    Packing(8, 2),
    Packing(16, 1),
    Packing(16, 2),
)
"""The packings by their code, which fits into four bits."""

WIDTHS: Final = np.array([packing.width for packing in PACKINGS], dtype=np.int64)
HIGHS: Final = np.array([packing.high for packing in PACKINGS], dtype=np.int64)
"""``width`` and ``high`` of each packing, by its code."""

INDEX_WIDTHS: Final = (1, 2, 4)
"""Bytes that an index into a list may take."""


def index_width(count: int) -> int:
    """Return the bytes of an index into a list of this many numbers."""
    return 1 if count <= 255 else 2 if count <= 65_535 else 4


def index_widths(counts: Offsets) -> Offsets:
    """Return ``index_width`` of each count."""
    return np.where(counts <= 255, 1, np.where(counts <= 65_535, 2, 4))


def ranges(starts: Offsets, counts: Offsets) -> Offsets:
    """Return ``concatenate([arange(s, s + n) for s, n in zip(starts, counts)])`` without the loop.

    Args:
        starts: int64 ``[runs]``, the first number of each run.
        counts: int64 ``[runs]``, how many numbers each has.
    """
    before = counts.cumsum() - counts
    places = (starts - before).repeat(counts)
    places += np.arange(len(places), dtype=np.int64)
    return places


def offsets_of(sizes: Offsets) -> Offsets:
    """Return where each of some adjacent pieces starts, and where the last one ends: int64 ``[len(sizes) + 1]``."""
    offsets = np.zeros(len(sizes) + 1, dtype=np.int64)
    np.cumsum(sizes, out=offsets[1:])
    return offsets
