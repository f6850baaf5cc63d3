"""Texts -> the number of each of their chunks, for many texts at once and mostly without a Python object for any.

A chunk is a run of letters, digits and apostrophes, as in ``analyzer.chunks``, but one of plain texts is in small
letters. Its bytes, padded with zeros, are two whole numbers. So numpy finds the ends of all chunks, loads the bytes
behind each beginning, and looks them up in a table of open addressing with one place for each chunk. Whatever is not
found there is looked up in the dictionary, which decides: chunks that are new, long, or have their place taken.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.signedinteger[Any]]
_Halves = NDArray[np.uint64]

_KEY: Final = np.dtype("V16")
"""The first bytes of a chunk, zeros behind its end. In medical texts 99 of 100 chunks have no more."""

_LENGTH: Final = _KEY.itemsize
_BITS: Final = 18
"""The table has two to the power of this many places: 5 MB, and few of 35,000 chunks find their place taken."""

_STEP: Final = 1 << 16
"""Chunks that are looked up at once, so that a huge text needs little memory."""

_FOLDED: Final = bytes(
    ord(chr(byte).lower()) if chr(byte).isalnum() or byte == ord("'") else 0 for byte in range(128)
) + bytes(range(128, 256))
"""What each byte of a text becomes: a small letter; 0 where a chunk ends."""

_MASKS: Final = np.frombuffer(b"".join(b"\xff" * size + bytes(_LENGTH - size) for size in range(_LENGTH + 1)), _KEY)
"""What is kept of the bytes behind the beginning of a chunk of so many bytes."""

# Odd numbers without a pattern in their bits: the golden ratio and another one (multiplicative hashing, Knuth 6.4).
_SPREAD: Final = np.uint64(0x9E3779B97F4A7C15)
_SPREAD_SECOND: Final = np.uint64(0xC2B2AE3D27D4EB4F)


class ChunkTable:
    """Numbers of chunks.

    Args:
        number_of: gives the number of a chunk, always the same.
    """

    def __init__(self, number_of: Callable[[str], int]) -> None:
        self._number_of = number_of
        self._keys = np.zeros((1 << _BITS, 2), np.uint64)
        self._numbers = np.zeros(1 << _BITS, np.int32)

    def numbers(self, texts: Sequence[bytes]) -> tuple[Ints, Ints]:
        """Return the numbers of the chunks of some texts, one text behind the other, and how many each text has.

        Args:
            texts: in UTF-8; surrogates may pass.
        """
        data = b"".join((b"\0", b"\n".join(texts).translate(_FOLDED), bytes(_LENGTH)))
        inside = np.frombuffer(data, np.uint8) != 0
        edges = np.flatnonzero(inside[1:] != inside[:-1]) + 1
        starts, ends = edges[0::2], edges[1::2]
        numbers = np.empty(len(starts), np.int32)
        for first in range(0, len(starts), _STEP):
            step = slice(first, first + _STEP)
            numbers[step] = self._looked_up(data, starts[step], ends[step])
        text_ends = np.cumsum([len(text) + 1 for text in texts], dtype=np.int64)
        counts = np.diff(np.searchsorted(starts, text_ends), prepend=0)
        return numbers, counts

    def _looked_up(self, data: bytes, starts: Ints, ends: Ints) -> Ints:
        sizes = ends - starts
        keys = _halves(np.ndarray(len(data) - _LENGTH + 1, _KEY, data, strides=(1,)).take(starts))
        keys &= _halves(_MASKS.take(sizes, mode="clip"))
        places = _places(keys)
        known = _halves(self._keys.view(_KEY)[:, 0].take(places))
        is_known = (known[:, 0] == keys[:, 0]) & (known[:, 1] == keys[:, 1]) & (sizes <= _LENGTH)
        numbers = self._numbers.take(places)
        unknown = np.flatnonzero(~is_known)
        pieces = zip(starts[unknown].tolist(), ends[unknown].tolist(), strict=True)
        numbers[unknown] = [self._number_of(data[start:end].decode("utf-8", "surrogatepass")) for start, end in pieces]
        new = unknown[sizes[unknown] <= _LENGTH]
        new = new[self._keys[places[new], 0] == 0]
        # Of several with the same place, the last one gets it, in both arrays.
        self._keys[places[new]] = keys[new]
        self._numbers[places[new]] = numbers[new]
        return numbers


def _halves(keys: NDArray[np.void]) -> _Halves:
    """Return keys as two whole numbers each, shape ``[keys, 2]``."""
    return keys.view(np.uint64).reshape(-1, 2)


def _places(keys: _Halves) -> Ints:
    mixed = keys[:, 1] * _SPREAD_SECOND
    mixed ^= keys[:, 0]
    mixed *= _SPREAD
    mixed >>= np.uint64(64 - _BITS)
    return mixed.view(np.int64)
