"""What Whoosh writes for each field: terms and postings, one call for each posting."""

from __future__ import annotations

from array import array
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.codec import base

from qtsearch.codec.byte_strings import ByteStrings
from qtsearch.codec.inverted_index import TERMS_EXTENSION
from qtsearch.codec.inverted_index_writer import InvertedIndexWriter
from qtsearch.codec.packing.format import offsets_of
from qtsearch.codec.postings.format import Extras, Inverted, Layout
from qtsearch.codec.whoosh.formats import PostingValue, form_of
from qtsearch.codec.whoosh.segment import ArraySegment

_LAST_PLACE = 2**31 - 1
"""Positions and characters are kept in 31 bits."""


class ArrayFieldWriter(base.FieldWriter):
    """Collects the postings of one field as arrays and writes them when the field ends."""

    def __init__(self, storage: Any, segment: ArraySegment) -> None:
        self._segment = segment
        self._writer = InvertedIndexWriter(
            storage.create_file(segment.segment_id() + TERMS_EXTENSION), segment.segment_id()
        )
        self._buffer: PostingBuffer | None = None
        self.is_closed = False

    def start_field(self, fieldname: str, fieldobj: Any) -> None:
        """Begin a field; fields come in the order of their names."""
        self._buffer = PostingBuffer(fieldname, fieldobj.format)

    def start_term(self, text: bytes) -> None:
        """Begin a term; terms come in the order of their bytes."""
        self._open_field().start_term(text)

    def add(self, docnum: int, weight: float, vbytes: bytes, length: int | None) -> None:
        """Take one posting of the term; docnums ascend."""
        self._open_field().add(docnum, weight, vbytes)

    def finish_term(self) -> None:
        """End the term."""
        self._open_field().finish_term()

    def finish_field(self) -> None:
        """End the field and write it."""
        buffer = self._open_field()
        lists, layout = buffer.inverted()
        self._writer.add_field(buffer.name, [lists], layout)
        self._buffer = None

    def close(self) -> None:
        """Close the file; an unfinished field is dropped."""
        if not self.is_closed:
            self._writer.finish(self._segment.doc_count_all())
            self.is_closed = True

    def _open_field(self) -> PostingBuffer:
        if self._buffer is None:
            raise ValueError("a term or posting outside of a field")
        return self._buffer


class PostingBuffer:
    """The postings of one field while it is written."""

    def __init__(self, name: str, format_: Any) -> None:
        self.name = name
        self._format = format_
        self._form = form_of(format_)
        self._terms: list[bytes] = []
        self._doc_freqs = array("q")
        self._term_start = 0
        self._docnums = array("q")
        self._freqs = array("q")
        self._weights = array("f")
        self._positions = array("q")
        self._characters = array("q")
        self._boosts = array("d")
        self._values: list[bytes] = []

    def start_term(self, text: bytes) -> None:
        """Begin a term."""
        self._terms.append(text)
        self._term_start = len(self._docnums)

    def add(self, docnum: int, weight: float, value: bytes) -> None:
        """Take one posting."""
        occurrences = self._form.split(self._format, value)
        self._refuse_places(occurrences)
        self._docnums.append(docnum)
        self._weights.append(weight)
        self._freqs.append(occurrences.freq)
        self._positions.extend(occurrences.positions)
        for span in occurrences.characters:
            self._characters.extend(span)
        self._boosts.extend(occurrences.boosts)
        if self._form.layout.values:
            self._values.append(occurrences.value)

    def _refuse_places(self, occurrences: PostingValue) -> None:
        places = [*occurrences.positions, *chain.from_iterable(occurrences.characters)]
        if places and not 0 <= min(places) <= max(places) <= _LAST_PLACE:
            wrong = next(place for place in places if not 0 <= place <= _LAST_PLACE)
            term = self._terms[-1].decode("utf-8", "replace")
            raise ValueError(f"field {self.name!r}, term {term!r:.80}: place {wrong}, expected 0 to {_LAST_PLACE:,}")

    def finish_term(self) -> None:
        """End the term; one without postings is dropped."""
        count = len(self._docnums) - self._term_start
        if count:
            self._doc_freqs.append(count)
        else:
            self._terms.pop()

    def inverted(self) -> tuple[Inverted, Layout]:
        """Return the postings as arrays, and what they hold."""
        form = self._form.layout
        docnums, freqs, weights = _array(self._docnums), _array(self._freqs), _array(self._weights)
        has_weights = bool((weights != freqs.astype(np.float32)).any())
        extras = Extras(
            weights if has_weights else None,
            _array(self._characters).astype(np.int32).reshape(-1, 2) if form.characters else None,
            _array(self._boosts) if form.boosts else None,
            ByteStrings.of(self._values) if form.values else None,
        )
        lists = Inverted(
            ByteStrings.of(self._terms),
            _array(self._doc_freqs),
            docnums,
            freqs if form.freqs else None,
            _array(self._positions) if form.positions else None,
            extras,
        )
        return lists, Layout(
            form.freqs, form.positions, self._repeats(docnums), has_weights, form.characters, form.boosts, form.values
        )

    def _repeats(self, docnums: NDArray[np.int64]) -> bool:
        same = np.diff(docnums, prepend=-1) == 0
        same[offsets_of(_array(self._doc_freqs))[:-1]] = False
        return bool(same.any())


def _array(numbers: array[Any]) -> NDArray[Any]:
    return np.frombuffer(numbers, dtype=numbers.typecode) if numbers else np.zeros(0, dtype=numbers.typecode)
