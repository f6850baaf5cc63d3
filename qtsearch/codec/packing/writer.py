"""Pack many lists at once: no Python per number, none per list."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from qtsearch.codec.packing.format import (
    HIGHS,
    INDEX_WIDTHS,
    PACKINGS,
    WIDTHS,
    Bytes,
    Numbers,
    Offsets,
    index_widths,
    offsets_of,
    ranges,
)

_AT_ONCE = 2**14
"""Lists for which the packing is chosen together: it takes 800 bytes for each, and there may be a million."""


class Packed(NamedTuple):
    """Packed lists, one after the other.

    Attributes:
        codes: uint8 ``[lists]``, the packing of each.
        sizes: int64 ``[lists]``, the bytes of each.
        data: uint8 ``[sum of sizes]``.
    """

    codes: Bytes
    sizes: Offsets
    data: Bytes


def pack(numbers: Numbers, counts: Offsets) -> Packed:
    """Pack adjacent lists, each in the packing that needs the fewest bytes.

    Args:
        numbers: uint32, all lists one after the other.
        counts: int64 ``[lists]``, the numbers of each list; 0 is allowed.
    """
    lengths = _bit_lengths(numbers)
    codes, sizes = np.zeros(len(counts), np.uint8), np.zeros(len(counts), np.int64)
    number_starts = offsets_of(counts)
    for first in range(0, len(counts), _AT_ONCE):
        some = slice(first, first + _AT_ONCE)
        own = counts[some]
        of_these = slice(number_starts[first], number_starts[first + len(own)])
        codes[some], sizes[some] = _cheapest(lengths[of_these], own)
    data = np.zeros(int(sizes.sum()), dtype=np.uint8)
    starts = offsets_of(sizes)[:-1]
    widths = WIDTHS[codes]
    low_sizes = (counts * widths + 7) >> 3
    for width in (np.flatnonzero(np.bincount(widths)[1:]) + 1).tolist():
        lists = np.flatnonzero(widths == width)
        chosen = numbers[ranges(number_starts[lists], counts[lists])]
        data[ranges(starts[lists], low_sizes[lists])] = _pack_low(chosen, counts[lists], width)
    has_high = HIGHS[codes] > 0
    if has_high.any():
        # No number has 255 bits: where there is no high part, there are no exceptions.
        longest_low = np.where(has_high, widths, 255).astype(np.uint8)
        places = np.flatnonzero(lengths > longest_low.repeat(counts))
        lists = np.arange(len(counts)).repeat(counts)[places]
        _write_exceptions(
            data,
            starts + low_sizes,
            counts,
            HIGHS[codes],
            lists,
            places - number_starts[lists],
            numbers[places] >> widths[lists].astype(np.uint32),
        )
    return Packed(codes, sizes, data)


def _bit_lengths(numbers: Numbers) -> NDArray[np.uint8]:
    if numbers.max(initial=0) < len(_SMALL_BIT_LENGTHS):
        return _SMALL_BIT_LENGTHS.take(numbers)
    return _bit_lengths_of(numbers)


def _bit_lengths_of(numbers: Numbers) -> NDArray[np.uint8]:
    # frexp is exact here: a float64 holds every 32-bit number.
    return np.frexp(numbers.astype(np.float64))[1].astype(np.uint8)


_SMALL_BIT_LENGTHS = _bit_lengths_of(np.arange(2**16, dtype=np.uint32))
"""Those of nearly all numbers there are: looking them up takes a third of the time."""


def _cheapest(lengths: NDArray[np.uint8], counts: Offsets) -> tuple[Bytes, Offsets]:
    """Return the packing that needs the fewest bytes for each of some lists, and these bytes."""
    longer = _longer_than(lengths, counts)
    costs = np.stack([_cost(code, longer, counts) for code in range(len(PACKINGS))])
    codes = np.argmin(costs, axis=0).astype(np.uint8)
    return codes, costs[codes, np.arange(len(counts))]


def _longer_than(lengths: NDArray[np.uint8], counts: Offsets) -> Offsets:
    """Return ``[33, lists]``: how many numbers of each list have more than so many bits."""
    keys = np.repeat(np.arange(len(counts), dtype=np.int64) * 33, counts)
    keys += lengths
    histogram = np.bincount(keys, minlength=33 * len(counts)).reshape(-1, 33)
    longer: Offsets = counts - np.cumsum(histogram, axis=1).T
    return longer


def _cost(code: int, longer: Offsets, counts: Offsets) -> Offsets:
    """Return the bytes of each list in one packing; larger than any list where it cannot hold the numbers."""
    packing = PACKINGS[code]
    low = (counts * packing.width + 7) >> 3
    if packing.high:
        index = index_widths(counts)
        low = low + index + longer[packing.width] * (index + packing.high)
    return np.where(longer[packing.limit] == 0, low, np.int64(2**62))


def _pack_low(numbers: Numbers, counts: Offsets, width: int) -> Bytes:
    """Return the low parts of some lists as adjacent bytes; every list starts at a whole byte."""
    if width >= 8:
        return numbers.astype(f"<u{width // 8}").view(np.uint8)
    per_byte = 8 // width
    slots = (counts + per_byte - 1) // per_byte * per_byte
    spread = np.zeros(int(slots.sum()), dtype=np.uint8)
    spread[ranges(offsets_of(slots)[:-1], counts)] = numbers & np.uint32(2**width - 1)
    columns = spread.reshape(-1, per_byte)
    data = columns[:, 0].copy()
    for place in range(1, per_byte):
        data |= columns[:, place] << np.uint8(place * width)
    return data


def _write_exceptions(
    data: Bytes,
    starts: Offsets,
    counts: Offsets,
    highs: Offsets,
    lists: Offsets,
    indices: Offsets,
    high_parts: Numbers,
) -> None:
    """Write count, indices and high parts of all exceptions; ``lists``, ``indices``, ``high_parts`` run in step."""
    exceptions = np.bincount(lists, minlength=len(counts))
    rank = np.arange(len(lists)) - (np.cumsum(exceptions) - exceptions)[lists]
    index_bytes = index_widths(counts)
    for width in INDEX_WIDTHS:
        own = np.flatnonzero((index_bytes == width) & (highs > 0))
        _scatter(data, starts[own], exceptions[own], width)
        chosen = np.flatnonzero(index_bytes[lists] == width)
        of = lists[chosen]
        _scatter(data, starts[of] + width * (1 + rank[chosen]), indices[chosen], width)
    for high in (1, 2):
        chosen = np.flatnonzero(highs[lists] == high)
        of = lists[chosen]
        places = starts[of] + index_bytes[of] * (1 + exceptions[of]) + high * rank[chosen]
        _scatter(data, places, high_parts[chosen], high)


def _scatter(data: Bytes, places: Offsets, numbers: NDArray[np.integer], width: int) -> None:
    """Write numbers of ``width`` little-endian bytes to places in ``data``."""
    pieces = numbers.astype(f"<u{width}").view(np.uint8).reshape(-1, width)
    for byte in range(width):
        data[places + byte] = pieces[:, byte]
