"""A segment as numpy arrays: what a vectorized evaluation asks of an index, without Whoosh."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qtsearch.codec.columns.format import BytesColumn
from qtsearch.codec.documents import Documents
from qtsearch.codec.inverted_index import InvertedIndex
from qtsearch.codec.packing.format import Bytes, Offsets
from qtsearch.codec.postings.format import Ints, PostingList
from qtsearch.codec.postings.reader import FieldPostings


class FieldArrays:
    """One field of one segment: a sorted dictionary of terms and their posting lists. Safe for many threads.

    Attributes:
        term_count: how many distinct terms the field has; ordinals run from 0 to one less.
        lengths: tokens of each document, ``[doc_count_all]``, unsigned; zeros where the field does not score.
        total_length: tokens of all documents together, deleted ones included.
    """

    def __init__(self, name: str, postings: FieldPostings, documents: Documents) -> None:
        self._postings = postings
        self.term_count = postings.term_count
        self.lengths: NDArray[np.integer[Any]] = documents.lengths(name)
        self.total_length = documents.total_length(name)

    def find(self, term: bytes) -> int:
        """Return the ordinal of a term, -1 where the field does not have it."""
        return self._postings.dictionary.find(term)

    def prefix_range(self, prefix: bytes) -> tuple[int, int]:
        """Return the ordinals ``[first, end)`` of the terms that start with these bytes."""
        return self._postings.dictionary.prefix_range(prefix)

    def term(self, ordinal: int) -> bytes:
        """Return the term of an ordinal."""
        return self._postings.dictionary.term(ordinal)

    def terms(self, first: int, end: int) -> Iterator[bytes]:
        """Yield the terms of ordinals ``[first, end)``."""
        return self._postings.dictionary.terms(first, end)

    def joined_terms(self) -> tuple[Bytes, Offsets]:
        """Return all terms one after the other, where each starts, and where the last ends; 220,000 in 45 ms.

        Raises:
            IndexDamaged: they are not as they were written.
        """
        terms = self._postings.dictionary.joined()
        return terms.data, terms.offsets

    @property
    def doc_freqs(self) -> NDArray[np.integer[Any]]:
        """How many documents have each term, deleted ones included: ``[term_count]``, unsigned."""
        return self._postings.doc_freqs

    def doc_freq(self, ordinal: int) -> int:
        """Return how many documents have the term, deleted ones included."""
        return self._postings.doc_freq(ordinal)

    def postings(self, ordinal: int) -> PostingList:
        """Return the posting list of a term; 20,000 documents take about 95 us.

        Raises:
            IndexDamaged: it is not as it was written.
        """
        return self._postings.postings(ordinal)

    def positions_of(
        self, ordinal: int, places: NDArray[np.int64], term_freqs: NDArray[np.integer[Any]]
    ) -> tuple[NDArray[np.int64], Ints]:
        """Return the positions of a term in some of its documents, in time that grows with what is asked for.

        Args:
            ordinal: the term.
            places: int64, places in its posting list, such as ``searchsorted(docnums, wanted)``.
            term_freqs: those of the whole list, as ``postings`` returned them.

        Returns:
            ``starts``, int64 ``[places + 1]``, and ``positions``, int32: the document at the i-th of the places has
            ``positions[starts[i]:starts[i + 1]]``, ascending.

        Raises:
            IndexDamaged: they are not as they were written.
        """
        return self._postings.positions_of(ordinal, places, term_freqs)


class SegmentArrays:
    """One segment; its documents are numbered from 0. Safe for many threads.

    Args:
        documents: its docs file.
        inverted_index: its terms file.
        deleted: the docnums of deleted documents.
    """

    def __init__(self, documents: Documents, inverted_index: InvertedIndex, deleted: Iterable[int] = ()) -> None:
        self.documents = documents
        self.inverted_index = inverted_index
        self._deleted = np.fromiter(deleted, dtype=np.int64)
        self._fields: dict[str, FieldArrays] = {}

    @property
    def doc_count_all(self) -> int:
        """Documents, deleted ones included."""
        return self.documents.doc_count_all

    def live(self) -> NDArray[np.bool_] | None:
        """Return which documents are not deleted, None if all are there."""
        if not len(self._deleted):
            return None
        live = np.ones(self.doc_count_all, dtype=np.bool_)
        live[self._deleted] = False
        return live

    def field(self, name: str) -> FieldArrays | None:
        """Return a field, None if no document of the segment has it.

        Raises:
            IndexDamaged: its small structures are not as they were written.
        """
        field = self._fields.get(name)
        if field is None:
            postings = self.inverted_index.field(name)
            if postings is not None:
                field = self._fields[name] = FieldArrays(name, postings, self.documents)
        return field

    def number_column(self, name: str) -> NDArray[Any]:
        """Return one number for each document, in the type that the column has.

        Raises:
            KeyError: there is no such column of numbers.
            IndexDamaged: it is not as it was written.
        """
        return self.documents.numbers(name)

    def bytes_column(self, name: str) -> BytesColumn:
        """Return one byte string for each document.

        Raises:
            KeyError: there is no such column of byte strings.
            IndexDamaged: it is not as it was written.
        """
        return self.documents.byte_strings(name)

    def stored_bytes(self, docnum: int) -> bytes:
        """Return the stored fields of a document in the form of ``qtsearch.codec.values``; about 5 us for 3 KB.

        Raises:
            IndexDamaged: they are not as they were written.
        """
        return self.documents.stored.data(docnum)


def open_segment_arrays(
    storage: Any, segment_id: str, doc_count_all: int | None = None, deleted: Iterable[int] = ()
) -> SegmentArrays:
    """Open a segment for reading.

    Args:
        storage: the Whoosh storage it lies in.
        segment_id: its id, as ``ArraySegment.segment_id()`` returns it.
        doc_count_all: the documents it must have; None to take the files' word.
        deleted: the docnums of deleted documents.

    Raises:
        IndexDamaged, IndexOutdated: a file cannot be trusted or read.
    """
    documents = Documents(storage, segment_id, doc_count_all)
    return SegmentArrays(documents, InvertedIndex(storage, segment_id, documents.doc_count_all), deleted)
