"""Whoosh's matcher over the posting list of one term."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from functools import cached_property
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray
from whoosh.matching.mcore import LeafMatcher, ReadTooFar

from qtsearch.codec.postings.reader import FieldPostings
from qtsearch.codec.whoosh.formats import PostingValue, form_of

BLOCK: Final = 128
"""Postings that share one bound of quality. The file knows no blocks; their bounds are computed when asked for."""


class TermPostings:
    """The posting list of a term, decoded as far as it was asked for. Shared by the copies of a matcher."""

    def __init__(
        self,
        field: FieldPostings,
        ordinal: int,
        lengths: NDArray[np.integer[Any]],
        format_: Any,
        term: tuple[str, bytes],
    ) -> None:
        self._field = field
        self._ordinal = ordinal
        self._lengths = lengths
        self.format = format_
        self.term = term
        self._form = form_of(format_)
        self._list = field.postings(ordinal)
        self.docnums: list[int] = self._list.docnums.tolist()

    @cached_property
    def freqs(self) -> list[int]:
        """Term frequencies."""
        freqs: list[int] = self._list.term_freqs.tolist()
        return freqs

    @cached_property
    def weight_array(self) -> NDArray[np.floating[Any]]:
        """Weights: the term frequencies unless boosts changed them."""
        weights = self._field.extras(self._ordinal).weights
        return self._list.term_freqs.astype(np.float64) if weights is None else weights

    @cached_property
    def weights(self) -> list[float]:
        """The weights as Python numbers."""
        weights: list[float] = self.weight_array.tolist()
        return weights

    @cached_property
    def block_max_weights(self) -> list[float]:
        """The greatest weight of each block."""
        return self._by_block(np.maximum, self.weight_array)

    @cached_property
    def block_min_lengths(self) -> list[int]:
        """The shortest field of each block."""
        return self._by_block(np.minimum, self._lengths[self._list.docnums])

    @cached_property
    def block_max_lengths(self) -> list[int]:
        """The longest field of each block."""
        return self._by_block(np.maximum, self._lengths[self._list.docnums])

    @cached_property
    def _positions(self) -> tuple[list[int], list[int]]:
        starts, positions = self._field.positions(self._ordinal)
        return starts.tolist(), positions.tolist()

    def positions(self, place: int) -> list[int]:
        """Return the positions in one document of the list."""
        starts, positions = self._positions
        return positions[starts[place] : starts[place + 1]]

    def value(self, place: int) -> bytes:
        """Return the value of one posting in the bytes of its format."""
        extras = self._field.extras(self._ordinal)
        positions: list[int] = []
        characters: list[tuple[int, int]] = []
        boosts: list[float] = []
        if self._field.layout.positions:
            starts, _ = self._positions
            first, end = starts[place], starts[place + 1]
            positions = self.positions(place)
            if extras.characters is not None:
                characters = [(start, stop) for start, stop in extras.characters[first:end].tolist()]
            if extras.boosts is not None:
                boosts = extras.boosts[first:end].tolist()
        opaque = b"" if extras.values is None else extras.values.value(place)
        return self._form.join(self.format, PostingValue(self.freqs[place], positions, characters, boosts, opaque))

    def _by_block(self, ufunc: np.ufunc, numbers: NDArray[Any]) -> list[Any]:
        bounds: list[Any] = ufunc.reduceat(numbers, np.arange(0, len(numbers), BLOCK)).tolist()
        return bounds


class ArrayMatcher(LeafMatcher):
    """Walks the documents of one term.

    Behind its end it still answers for the last one, as Whoosh's own matcher does: those that join several ask after a
    skip before they ask whether there is anything left.

    Args:
        postings: the posting list.
        scorer: what scores it, None where nothing does.
        place: where in the list to begin.
    """

    def __init__(self, postings: TermPostings, scorer: Any = None, place: int = 0) -> None:
        self._postings = postings
        self._docnums = postings.docnums
        self._term = postings.term
        self.format = postings.format
        self.scorer = scorer
        self._place = place
        self._last = len(self._docnums) - 1

    def is_active(self) -> bool:
        """Return whether there is a current document."""
        return self._place <= self._last

    def reset(self) -> None:
        """Go back to the first document."""
        self._place = 0

    def copy(self) -> Self:
        """Return a matcher at the same place, which moves on its own."""
        return self.__class__(self._postings, self.scorer, self._place)

    def id(self) -> int:
        """Return the current docnum."""
        return self._docnums[self._here()]

    def all_ids(self) -> Iterator[int]:
        """Yield the docnums from here on, going to each."""
        for place in range(self._place, len(self._docnums)):
            self._place = place
            yield self._docnums[place]
        self._place = len(self._docnums)

    def all_items(self) -> Iterator[tuple[int, bytes]]:
        """Yield docnum and value from here on, going to each."""
        for docnum in self.all_ids():
            yield docnum, self.value()

    def next(self) -> None:
        """Go to the next document.

        Raises:
            ReadTooFar: there is no current document.
        """
        # Not True where another block begins: Whoosh would skip blocks then, and in a union of matchers it loses hits
        # that belong among the best.
        if not self.is_active():
            raise ReadTooFar
        self._place += 1

    def skip_to(self, id: int) -> None:
        """Go to the first document from here on whose docnum is not less than this.

        Raises:
            ReadTooFar: there is no current document.
        """
        if not self.is_active():
            raise ReadTooFar
        self._place = bisect_left(self._docnums, id, self._place)

    def skip_to_quality(self, minquality: float) -> int:
        """Go to the first block from here on that may score above this, and return how many were skipped."""
        skipped = 0
        while self.is_active() and self.scorer.block_quality(self) <= minquality:
            self._place = (self._place // BLOCK + 1) * BLOCK
            skipped += 1
        return skipped

    def weight(self) -> float:
        """Return the weight of the current posting."""
        return self._postings.weights[self._here()]

    def value(self) -> bytes:
        """Return the value of the current posting."""
        return self._postings.value(self._here())

    def value_as(self, astype: str) -> Any:
        """Return the value of the current posting as one of the things its format supports."""
        if astype == "positions" and self._postings.format.supports("positions"):
            return self._postings.positions(self._here())
        return self.format.decoder(astype)(self.value())

    def block_min_length(self) -> int:
        """Return the length of the shortest field in the block."""
        return self._postings.block_min_lengths[self._here() // BLOCK]

    def block_max_length(self) -> int:
        """Return the length of the longest field in the block."""
        return self._postings.block_max_lengths[self._here() // BLOCK]

    def block_max_weight(self) -> float:
        """Return the greatest weight in the block."""
        return self._postings.block_max_weights[self._here() // BLOCK]

    def _here(self) -> int:
        return min(self._place, self._last)
