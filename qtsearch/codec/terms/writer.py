"""Write the terms of a field: front-coded with array operations, no Python per term."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from qtsearch.codec.container.writer import ContainerWriter
from qtsearch.codec.packing.format import Bytes, Offsets, offsets_of, ranges
from qtsearch.codec.terms.format import BLOCK, LONGEST_REST, LONGEST_SHARED, Terms

PIECE: Final = 2**14
"""Terms that are compared or front-coded at a time."""


def write_terms(container: ContainerWriter, field: str, parts: Sequence[Terms]) -> int:
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


def joined(parts: Sequence[Terms]) -> Terms:
    """Return several parts as one."""
    if len(parts) == 1:
        return parts[0]
    data = np.concatenate([part.data for part in parts]) if parts else np.zeros(0, dtype=np.uint8)
    sizes = [np.diff(part.offsets) for part in parts]
    return Terms(data, offsets_of(np.concatenate(sizes) if sizes else np.zeros(0, dtype=np.int64)))


def _shared_with_previous(terms: Terms) -> Offsets:
    """Return how many leading bytes, at most 15, each term shares with the one before; check the order on the way."""
    sizes = np.diff(terms.offsets)
    width = LONGEST_SHARED + 1
    padded = np.concatenate([terms.data, np.zeros(width, dtype=np.uint8)])
    windows = np.lib.stride_tricks.sliding_window_view(padded, width)[terms.offsets[:-1]]
    shared = np.zeros(len(terms), dtype=np.int64)
    if len(terms) < 2:
        return shared
    both = np.minimum(sizes[1:], sizes[:-1])
    differs = windows[1:] != windows[:-1]
    differs[:, LONGEST_SHARED] = True
    first = np.minimum(np.argmax(differs, axis=1), both)
    _check_order(terms, windows, first, sizes)
    shared[1:] = np.minimum(first, LONGEST_SHARED)
    return shared


def _check_order(terms: Terms, windows: Bytes, first: Offsets, sizes: Offsets) -> None:
    places = np.minimum(first, LONGEST_SHARED)
    rows = np.arange(len(first))
    later, earlier = windows[1:][rows, places], windows[:-1][rows, places]
    inside = (first < sizes[1:]) & (first < sizes[:-1])
    ascends = np.where(inside, later > earlier, sizes[1:] > sizes[:-1])
    # Words that agree in their first 16 bytes are rare; only paths and urls often do. Those are compared whole.
    alike = np.flatnonzero(inside & (later == earlier))
    # Some at a time, as the place of every byte of theirs takes eight times their room.
    for start in range(0, len(alike), PIECE):
        some = alike[start : start + PIECE]
        ascends[some] = list(map(operator.lt, terms.take(some), terms.take(some + 1)))
    if not ascends.all():
        place = int(np.argmin(ascends))
        raise ValueError("terms out of order: {!r} before {!r}".format(*terms.slice(place, place + 2)))


def _front_coded(terms: Terms, ordinals: Offsets, shared: Offsets) -> tuple[Bytes, Offsets]:
    """Return the front-coded form of some terms, and the bytes of each."""
    shared = shared[ordinals]
    rest = np.diff(terms.offsets)[ordinals] - shared
    more = rest - LONGEST_REST
    more_sizes = np.select([more < 0, more < 2**7, more < 2**14, more < 2**21, more < 2**28], [0, 1, 2, 3, 4], 5)
    sizes = 1 + more_sizes + rest
    starts = offsets_of(sizes)
    data = np.zeros(int(starts[-1]), dtype=np.uint8)
    data[starts[:-1]] = shared << 4 | np.minimum(rest, LONGEST_REST)
    _write_varints(data, starts[:-1] + 1, more, more_sizes)
    suffixes = ranges(terms.offsets[ordinals] + shared, rest)
    data[ranges(starts[:-1] + 1 + more_sizes, rest)] = terms.data[suffixes]
    return data, sizes


def _write_varints(data: Bytes, starts: Offsets, numbers: Offsets, sizes: NDArray[np.integer]) -> None:
    for byte in range(int(sizes.max(initial=0))):
        chosen = np.flatnonzero(sizes > byte)
        more = np.where(sizes[chosen] > byte + 1, 128, 0)
        data[starts[chosen] + byte] = numbers[chosen] >> (7 * byte) & 127 | more
