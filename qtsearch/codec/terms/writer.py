"""Write the terms of a field: front-coded with array operations, no Python per term."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from qtsearch.codec.byte_strings import ByteStrings, joined
from qtsearch.codec.container.writer import ContainerWriter
from qtsearch.codec.packing.format import Bytes, Offsets, offsets_of, ranges
from qtsearch.codec.terms.format import BLOCK, LONGEST_REST, LONGEST_SHARED

PIECE: Final = 2**14
"""Terms that are compared or front-coded at a time."""

WINDOW: Final = 16
"""Bytes of two terms that are compared at a time."""


def write_terms(container: ContainerWriter, field: str, parts: Sequence[ByteStrings]) -> int:
    """Write the dictionary of one field and return how many terms it has.

    Args:
        container: the file.
        field: the field's name.
        parts: all terms in order, in any number of parts.

    Raises:
        ValueError: the terms are not sorted and distinct.
    """
    terms = joined(parts)
    count = len(terms)
    shared = _shared_with_previous(terms)
    is_head = np.arange(count) % BLOCK == 0
    heads = terms.take(np.flatnonzero(is_head))
    others = np.flatnonzero(~is_head)
    # A piece at a time: as arrays, the places of the bytes take many times the room of the bytes.
    pieces = [_front_coded(terms, others[at : at + PIECE], shared) for at in range(0, max(len(others), 1), PIECE)]
    tails, sizes = (np.concatenate(part) for part in zip(*pieces, strict=True))
    tail_ends = offsets_of(sizes)
    blocks = len(heads)
    first_tails = np.minimum(np.arange(blocks + 1) * (BLOCK - 1), len(sizes))
    starts = np.stack([heads.offsets, tail_ends[first_tails]], axis=1)
    if starts[-1].max(initial=0) >= 2**32:
        raise ValueError(f"the terms of field {field!r} take more than 4 GiB")
    container.add(f"heads/{field}", heads.data)
    container.add(f"tails/{field}", tails)
    container.add(f"blocks/{field}", np.ascontiguousarray(starts, dtype="<u4"))
    return count


def _shared_with_previous(terms: ByteStrings) -> Offsets:
    """Return how many leading bytes each term shares with the one before; check the order on the way."""
    count = len(terms)
    shared = np.zeros(count, dtype=np.int64)
    if count < 2:
        return shared
    starts, sizes = terms.offsets[:-1], np.diff(terms.offsets)
    both = np.minimum(sizes[1:], sizes[:-1])
    windows = np.lib.stride_tricks.sliding_window_view(np.append(terms.data, np.zeros(WINDOW, np.uint8)), WINDOW)
    later = np.arange(1, count)
    for known in range(0, int(both.max()) + 1, WINDOW):
        # Some at a time: the windows of many terms take far more room than the terms.
        for at in range(0, len(later), PIECE):
            some = later[at : at + PIECE]
            same = windows[starts[some] + known] == windows[starts[some - 1] + known]
            shared[some] = known + np.where(same.all(axis=1), WINDOW, np.argmin(same, axis=1))
        later = later[shared[later] == known + WINDOW]
        later = later[shared[later] < both[later - 1]]
    shared[1:] = np.minimum(shared[1:], both)
    _check_order(terms, shared[1:], both)
    return shared


def _check_order(terms: ByteStrings, shared: Offsets, both: Offsets) -> None:
    """Check that each term is greater than the one before: by the first byte they do not share, or by length."""
    starts, sizes = terms.offsets[:-1], np.diff(terms.offsets)
    ascends = sizes[1:] > sizes[:-1]
    inside = np.flatnonzero(shared < both)
    places = shared[inside]
    ascends[inside] = terms.data[starts[1:][inside] + places] > terms.data[starts[:-1][inside] + places]
    if not ascends.all():
        place = int(np.argmin(ascends))
        raise ValueError("terms out of order: {!r} before {!r}".format(*terms.slice(place, place + 2)))


def _front_coded(terms: ByteStrings, ordinals: Offsets, shared: Offsets) -> tuple[Bytes, Offsets]:
    """Return the front-coded form of some terms, and the bytes of each."""
    shared = shared[ordinals]
    rest = np.diff(terms.offsets)[ordinals] - shared
    more_shared, more = shared - LONGEST_SHARED, rest - LONGEST_REST
    shared_sizes, more_sizes = _varint_sizes(more_shared), _varint_sizes(more)
    heads = 1 + shared_sizes + more_sizes
    sizes = heads + rest
    starts = offsets_of(sizes)
    data = np.zeros(int(starts[-1]), dtype=np.uint8)
    data[starts[:-1]] = np.minimum(shared, LONGEST_SHARED) << 4 | np.minimum(rest, LONGEST_REST)
    _write_varints(data, starts[:-1] + 1, more_shared, shared_sizes)
    _write_varints(data, starts[:-1] + 1 + shared_sizes, more, more_sizes)
    suffixes = ranges(terms.offsets[ordinals] + shared, rest)
    data[ranges(starts[:-1] + heads, rest)] = terms.data[suffixes]
    return data, sizes


def _varint_sizes(numbers: Offsets) -> Offsets:
    """Return the bytes of each number as a varint, 0 for those below 0."""
    bounds = [numbers < 0, numbers < 2**7, numbers < 2**14, numbers < 2**21, numbers < 2**28]
    return np.select(bounds, [0, 1, 2, 3, 4], 5)


def _write_varints(data: Bytes, starts: Offsets, numbers: Offsets, sizes: NDArray[np.integer]) -> None:
    for byte in range(int(sizes.max(initial=0))):
        chosen = np.flatnonzero(sizes > byte)
        more = np.where(sizes[chosen] > byte + 1, 128, 0)
        data[starts[chosen] + byte] = numbers[chosen] >> (7 * byte) & 127 | more
