"""Which documents a long posting list has, and at which place: asked of many documents at once, in a few steps each.

A bit for each document, and how many bits are set before each byte (G. Jacobson, Space-efficient static trees and
graphs, FOCS 1989). Looking documents up in the list itself takes a search for each.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from qtsearch.scoring.arrays import Ints

_BITS: Final = np.uint8(1) << np.arange(8, dtype=np.uint8)
_SET: Final = np.unpackbits(np.arange(256, dtype=np.uint8)[:, None], axis=1).sum(axis=1, dtype=np.int32)
"""How many bits of each byte are set."""


class Membership:
    """The documents of one list. It takes 5 bits for each document of the collection.

    Args:
        docnums: the list, ascending.
        doc_count: documents of the collection.
    """

    def __init__(self, docnums: Ints, doc_count: int) -> None:
        held = np.zeros(doc_count, np.bool_)
        held[docnums] = True
        self._bytes = np.packbits(held, bitorder="little")
        self._before = _SET.take(self._bytes).cumsum(dtype=np.int32)
        self._before -= _SET.take(self._bytes)

    @property
    def nbytes(self) -> int:
        """Bytes that the arrays take."""
        return int(self._bytes.nbytes + self._before.nbytes)

    def places(self, documents: Ints) -> tuple[Ints, Ints]:
        """Return which of some documents are in the list, by their places among these, and their places in the list.

        The slow one-liner::

            zip(*((at, docnums.index(one)) for at, one in enumerate(documents) if one in docnums))
        """
        at = documents >> 3
        byte = self._bytes.take(at)
        bit = _BITS.take(documents & 7)
        kept = np.flatnonzero(byte & bit)
        below = byte.take(kept)
        below &= bit.take(kept) - np.uint8(1)
        places: Ints = self._before.take(at.take(kept))
        places += _SET.take(below)
        return kept, places
