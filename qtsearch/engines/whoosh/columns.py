"""One value for each document: what filters and sorting go by."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import pairwise

import numpy as np

from qtsearch.codec.arrays import SegmentArrays
from qtsearch.engines.whoosh.documents import day_number, value_term
from qtsearch.query import tree
from qtsearch.scoring.arrays import Ints, Mask
from qtsearch.scoring.collection import Collection


class Columns:
    """The columns of all segments, one behind the other.

    Args:
        collection: the segments as one row of documents.
        segments: the same segments.
    """

    def __init__(self, collection: Collection, segments: Sequence[SegmentArrays]) -> None:
        self._collection = collection
        self._segments = segments

    def filter(self, node: tree.Match | tree.DateRange) -> Mask:
        """Return which documents a filter lets through; shape ``[doc_count]``."""
        if isinstance(node, tree.DateRange):
            first = day_number(node.since) if node.since else 1
            last = day_number(node.until) if node.until else day_number(datetime.date.max)
            return (self.dates >= first) & (self.dates <= last)
        mask = np.zeros(self._collection.doc_count, np.bool_)
        for docnums in self._listed(node.column, value_term(node.column, node.value)):
            mask[docnums] = True
        return mask

    def having(self, field: str, term: bytes) -> list[int]:
        """Return the live documents with a value, ascending."""
        found = [docnum for docnums in self._listed(field, term) for docnum in docnums.tolist()]
        return [docnum for docnum in found if self._collection.live[docnum]]

    def _listed(self, name: str, term: bytes) -> Iterator[Ints]:
        for base, segment in zip(self._collection.bases, self._segments, strict=True):
            field = segment.field(name)
            ordinal = field.find(term) if field is not None else -1
            if field is not None and ordinal >= 0:
                yield field.postings(ordinal).docnums + base

    @cached_property
    def dates(self) -> Ints:
        """The day number of each document, 0 for none; shape ``[doc_count]``, int64."""
        return self.numbers("date").astype(np.int64)

    @cached_property
    def title_order(self) -> list[bytes]:
        """What each document is sorted by when it is sorted by title."""
        return self.byte_strings("title_order")

    def numbers(self, name: str) -> Ints:
        """Return a column of whole numbers; shape ``[doc_count]``."""
        columns = [segment.number_column(name) for segment in self._segments]
        return np.concatenate(columns) if columns else np.zeros(0, np.int64)

    def texts(self, name: str) -> list[str]:
        """Return a column of texts."""
        return [value.decode() for value in self.byte_strings(name)]

    def byte_strings(self, name: str) -> list[bytes]:
        """Return a column of byte strings."""
        found: list[bytes] = []
        for segment in self._segments:
            column = segment.bytes_column(name)
            data = column.data.tobytes()
            found += [data[start:end] for start, end in pairwise(column.offsets.tolist())]
        return found
