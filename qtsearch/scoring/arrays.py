"""What evaluation needs of an index: arrays, segment by segment. Any codec that offers these can be searched."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.integer[Any]]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


class PostingList(Protocol):
    """The documents of one term."""

    @property
    def docnums(self) -> Ints:
        """Which documents, ascending."""

    @property
    def term_freqs(self) -> Ints:
        """How often each of them has the term; same shape."""


class FieldArrays(Protocol):
    """One field of one segment: a sorted dictionary of terms and their posting lists."""

    @property
    def term_count(self) -> int:
        """How many distinct terms the field has; ordinals run from 0 to one less."""

    @property
    def total_length(self) -> int:
        """Tokens of all documents together, deleted ones included."""

    @property
    def lengths(self) -> Ints:
        """Tokens of each document, shape ``[doc_count_all]``."""

    def find(self, term: bytes) -> int:
        """Return the ordinal of a term, -1 if the field does not have it."""

    def prefix_range(self, prefix: bytes) -> tuple[int, int]:
        """Return the ordinals ``[first, end)`` of the terms that start with these bytes."""

    def term(self, ordinal: int) -> bytes:
        """Return the term of an ordinal."""

    def terms(self, first: int, end: int) -> Iterator[bytes]:
        """Yield the terms of ordinals ``[first, end)``."""

    def joined_terms(self) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
        """Return all terms one after the other, uint8, and where each starts; shape ``[term_count + 1]``.

        The last number says where the last term ends.
        """

    @property
    def doc_freqs(self) -> Ints:
        """How many documents have each term, deleted ones included; shape ``[term_count]``."""

    def doc_freq(self, ordinal: int) -> int:
        """Return how many documents have the term, deleted ones included."""

    def postings(self, ordinal: int) -> PostingList:
        """Return the posting list of a term."""

    def positions_of(self, ordinal: int, places: NDArray[np.int64], term_freqs: Ints) -> tuple[Ints, Ints]:
        """Return ``starts`` and ``positions`` of the documents at some places of the posting list.

        ``term_freqs`` are those of the whole list, so that they need not be read again.

        The document at ``places[i]`` has ``positions[starts[i]:starts[i + 1]]``, ascending.
        """


class SegmentArrays(Protocol):
    """One segment: its documents are numbered from 0."""

    @property
    def doc_count_all(self) -> int:
        """Documents, deleted ones included."""

    def field(self, name: str) -> FieldArrays | None:
        """Return a field, None if no document of the segment has it."""

    def live(self) -> Mask | None:
        """Return which documents are not deleted, None if all are there."""

    def number_column(self, name: str) -> Ints:
        """Return one whole number for each document."""
