"""One value for each document: what filters and sorting go by."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from qtsearch.codec.arrays import SegmentArrays
from qtsearch.codec.byte_strings import ByteStrings
from qtsearch.codec.columns.format import BytesColumn
from qtsearch.codec.packing.format import Offsets, ranges
from qtsearch.engines.whoosh.documents import day_number, value_term
from qtsearch.engines.whoosh.term_lists import TermLists
from qtsearch.query import tree
from qtsearch.scoring.arrays import Ints, Mask
from qtsearch.scoring.collection import Collection
from qtsearch.scoring.ranking import About
from qtsearch.scoring.signature import SIGNATURE_FORM, Rows, joined


class Columns:
    """The columns of all segments, one behind the other.

    Args:
        collection: the segments as one row of documents.
        segments: the same segments.
        lists: their posting lists.
    """

    def __init__(self, collection: Collection, segments: Sequence[SegmentArrays], lists: TermLists) -> None:
        self._collection = collection
        self._segments = segments
        self._lists = lists
        self._byte_columns: dict[str, list[BytesColumn]] = {}
        self._row_columns: dict[str, tuple[NDArray[np.uint16], Offsets]] = {}

    def filter(self, node: tree.Match | tree.DateRange) -> Mask:
        """Return which documents a filter lets through; shape ``[doc_count]``."""
        if isinstance(node, tree.DateRange):
            first = day_number(node.since) if node.since else 1
            last = day_number(node.until) if node.until else day_number(datetime.date.max)
            return (self.dates >= first) & (self.dates <= last)
        mask = np.zeros(self._collection.doc_count, np.bool_)
        mask[self._lists.docnums(node.column, value_term(node.column, node.value))] = True
        return mask

    def having(self, field: str, value: str) -> list[int]:
        """Return the live documents with a value, ascending."""
        docnums: list[int] = self._lists.docnums(field, value_term(field, value)).tolist()
        return docnums

    def about(self, title: Callable[[int], str]) -> About:
        """Return what ranking asks about documents.

        Args:
            title: gives the title of one document: unpacking the column of all would take longer.
        """
        return About(
            lambda docnums: self._rows("heading", docnums),
            lambda docnums: self._rows("signature", docnums),
            lambda docnums: self.title_keys[docnums],
            title,
        )

    def signatures(self, docnums: Ints) -> list[bytes]:
        """Return the signatures of some documents; see ``scoring.signature``."""
        return self._values("signature", docnums)

    def byte_string(self, name: str, docnum: int) -> bytes:
        """Return the byte string of one document."""
        return self._values(name, np.array([docnum]))[0]

    def text(self, name: str, docnum: int) -> str:
        """Return the text of one document."""
        return self.byte_string(name, docnum).decode()

    def _rows(self, name: str, docnums: Ints) -> Rows:
        everything = self._all_rows(name)
        if everything is None:
            return joined(self._values(name, docnums))
        numbers, offsets = everything
        starts = offsets.take(docnums)
        lengths = offsets.take(docnums + 1) - starts
        return Rows(numbers.take(ranges(starts, lengths)), lengths)

    def _all_rows(self, name: str) -> tuple[NDArray[np.uint16], Offsets] | None:
        """Return all numbers of a column, and where those of each document start; None for several segments."""
        known = self._row_columns.get(name)
        if known is None and len(columns := self._bytes_columns(name)) == 1:
            numbers, offsets = columns[0].data.view(SIGNATURE_FORM), columns[0].offsets // SIGNATURE_FORM.itemsize
            known = self._row_columns[name] = numbers, offsets
        return known

    def _values(self, name: str, docnums: Ints) -> list[bytes]:
        columns = self._bytes_columns(name)
        places = map(self._collection.place, docnums.tolist())
        return [columns[number].value(local) for number, local in places]

    def _bytes_columns(self, name: str) -> list[BytesColumn]:
        columns = self._byte_columns.get(name)
        if columns is None:
            # Where each value starts is worked out whenever a column is opened.
            columns = self._byte_columns[name] = [segment.bytes_column(name) for segment in self._segments]
        return columns

    @cached_property
    def dates(self) -> Ints:
        """The day number of each document, 0 for none; shape ``[doc_count]``, int64."""
        return self.numbers("date").astype(np.int64)

    @cached_property
    def title_keys(self) -> Ints:
        """``title_key`` of the title of each document; shape ``[doc_count]``."""
        return self.numbers("title_key")

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

    def living_byte_strings(self, name: str) -> list[bytes]:
        """Return a column of byte strings, with b"" for each deleted document."""
        values, live = self.byte_strings(name), self._collection.live
        if live.all():
            return values
        return [value if is_live else b"" for value, is_live in zip(values, live.tolist(), strict=True)]

    def byte_strings(self, name: str) -> list[bytes]:
        """Return a column of byte strings."""
        found: list[bytes] = []
        for segment in self._segments:
            column = segment.bytes_column(name)
            found += ByteStrings(column.data, column.offsets)
        return found
