"""The bytes of posting lists, and their form as arrays.

Sections of each field in the terms file, for its T terms:

    doc_freqs    documents of each term: T numbers of 1, 2 or 4 bytes, as the largest needs
    lists        the posting lists, one after the other
    list_starts  where each list starts in ``lists``, and the end: T + 1 numbers of 4 or 8 bytes
    (before version 3 perhaps ``max_freqs`` and ``min_lengths``, a byte for each term, which nobody reads)

One posting list of n documents:

    control      1 byte: packing of the gaps + 16 * packing of the frequencies
    control      1 byte: packing of the positions; only in fields with positions
    gaps         n packed numbers: docnum - docnum before - 1; the first counts from -1
                 (in fields with repeated docnums: docnum - docnum before, the first counts from 0)
    frequencies  n packed numbers: term frequency - 1; only in fields with frequencies
    positions    sum of the frequencies packed numbers: in each document, the first position, then the differences

Whoosh formats with more than that (``extras``) have two further sections; each list's extras are, one after the other,
only those that the field has:

    extras       weights     n float32
                 characters  start and end of each position: 2 int32 for each
                 boosts      a float64 for each position
                 values      n uint32: their sizes; then the bytes of each
    extra_starts where the extras of each term start, and the end: T + 1 numbers of 8 bytes
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from qtsearch.codec.byte_strings import ByteStrings
from qtsearch.codec.packing.format import Offsets, offsets_of
from qtsearch.values import dataclass

Ints = NDArray[np.int32]


class PostingList(NamedTuple):
    """The documents of one term: two arrays of equal length, docnums ascending."""

    docnums: Ints
    term_freqs: Ints


@dataclass(frozen=True, slots=True)
class Layout:
    """What the posting lists of a field hold.

    Attributes:
        freqs: term frequencies; without them each is 1.
        positions: token positions; they need ``freqs``.
        repeats: a list may name a document twice, as Whoosh's spelling fields do.
        weights, characters, boosts, values: extras.
    """

    freqs: bool = False
    positions: bool = False
    repeats: bool = False
    weights: bool = False
    characters: bool = False
    boosts: bool = False
    values: bool = False

    @property
    def has_extras(self) -> bool:
        """Whether the field has the extras sections."""
        return self.weights or self.characters or self.boosts or self.values


@dataclass(frozen=True, slots=True)
class Extras:
    """What only some Whoosh formats keep; None for what the field does not have.

    Attributes:
        weights: float32 ``[postings]``.
        characters: int32 ``[positions, 2]``, start and end.
        boosts: float64 ``[positions]``.
        values: opaque bytes ``[postings]``.
    """

    weights: NDArray[np.float32] | None = None
    characters: Ints | None = None
    boosts: NDArray[np.float64] | None = None
    values: ByteStrings | None = None


NO_EXTRAS: Final = Extras()


@dataclass(frozen=True, slots=True)
class Inverted:
    """The posting lists of some terms, as arrays.

    Attributes:
        terms: sorted by bytes, distinct.
        doc_freqs: ``[terms]``, the postings of each term, at least 1.
        docnums: ``[postings]``, list after list, ascending in each.
        term_freqs: ``[postings]``, at least 1; None where all are 1 and none are kept.
        positions: ``[sum of term_freqs]``, posting after posting, not descending in each; None for none.
        extras: see there.
    """

    terms: ByteStrings
    doc_freqs: NDArray[np.integer[Any]]
    docnums: NDArray[np.integer[Any]]
    term_freqs: NDArray[np.integer[Any]] | None = None
    positions: NDArray[np.integer[Any]] | None = None
    extras: Extras = NO_EXTRAS

    @property
    def layout(self) -> Layout:
        """What these lists hold; whether documents repeat is left open."""
        extras = self.extras
        return Layout(
            freqs=self.term_freqs is not None,
            positions=self.positions is not None,
            weights=extras.weights is not None,
            characters=extras.characters is not None,
            boosts=extras.boosts is not None,
            values=extras.values is not None,
        )

    def position_starts(self) -> Offsets:
        """Return where the positions of each posting start, and the end: int64 ``[postings + 1]``."""
        if self.term_freqs is None:
            return np.arange(len(self.docnums) + 1, dtype=np.int64)
        return offsets_of(self.term_freqs.astype(np.int64))

    def slices(self, limit: int) -> Iterator[Inverted]:
        """Yield the lists in parts of about ``limit`` positions, for work in bounded memory."""
        starts = offsets_of(self.doc_freqs.astype(np.int64))
        position_starts = self.position_starts()
        bounds = position_starts[starts]
        first = 0
        while first < len(self.terms):
            end = int(np.searchsorted(bounds, bounds[first] + limit, side="right")) - 1
            end = max(first + 1, end)
            yield self._slice(first, end, starts, position_starts)
            first = end

    def _slice(self, first: int, end: int, starts: Offsets, position_starts: Offsets) -> Inverted:
        a, b = int(starts[first]), int(starts[end])
        c, d = int(position_starts[a]), int(position_starts[b])
        return Inverted(
            self.terms.slice(first, end),
            self.doc_freqs[first:end],
            self.docnums[a:b],
            None if self.term_freqs is None else self.term_freqs[a:b],
            None if self.positions is None else self.positions[c:d],
            slice_extras(self.extras, a, b, c, d),
        )


def slice_extras(extras: Extras, first: int, end: int, first_position: int, end_position: int) -> Extras:
    """Return the extras of some adjacent postings and their positions."""
    return Extras(
        None if extras.weights is None else extras.weights[first:end],
        None if extras.characters is None else extras.characters[first_position:end_position],
        None if extras.boosts is None else extras.boosts[first_position:end_position],
        None if extras.values is None else extras.values.slice(first, end),
    )
