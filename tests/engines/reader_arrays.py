"""Any Whoosh segment as arrays, read posting by posting through Whoosh's own interface. Slow, and right."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from functools import cached_property
from threading import RLock
from typing import Any

import numpy as np
from whoosh.reading import IndexReader

from qtsearch.codec.byte_strings import ByteStrings
from qtsearch.scoring.arrays import Ints, Mask
from qtsearch.scoring.phrases import PhrasePostings


class ReaderFieldArrays:
    """One field of a Whoosh reader.

    Whoosh reads through a shared file position, so everything goes through one lock.
    """

    def __init__(self, reader: IndexReader, name: str, lock: RLock) -> None:
        self._reader = reader
        self._name = name
        self._lock = lock

    @cached_property
    def _terms(self) -> list[bytes]:
        with self._lock:
            return [bytes(term) for term in self._reader.lexicon(self._name)]

    @property
    def term_count(self) -> int:
        """See ``FieldArrays``."""
        return len(self._terms)

    @property
    def total_length(self) -> int:
        """See ``FieldArrays``."""
        return int(self.lengths.sum())

    @cached_property
    def lengths(self) -> Ints:
        """See ``FieldArrays``."""
        with self._lock:
            length = self._reader.doc_field_length
            # Whoosh says None where no document of the segment has the field.
            return np.array([length(n, self._name) or 0 for n in range(self._reader.doc_count_all())], np.int32)

    def find(self, term: bytes) -> int:
        """See ``FieldArrays``."""
        at = bisect_left(self._terms, term)
        return at if at < len(self._terms) and self._terms[at] == term else -1

    def prefix_range(self, prefix: bytes) -> tuple[int, int]:
        """See ``FieldArrays``."""
        first = bisect_left(self._terms, prefix)
        # 0xff is in no UTF-8 text, so this bound lies behind every term with the prefix.
        return first, bisect_left(self._terms, prefix + b"\xff", first)

    def term(self, ordinal: int) -> bytes:
        """See ``FieldArrays``."""
        return self._terms[ordinal]

    def terms(self, first: int, end: int) -> Iterator[bytes]:
        """See ``FieldArrays``."""
        return iter(self._terms[first:end])

    def joined_terms(self) -> tuple[Ints, Ints]:
        """See ``FieldArrays``."""
        terms = ByteStrings.of(self._terms)
        return terms.data, terms.offsets

    @property
    def doc_freqs(self) -> np.ndarray:
        return np.array([self.doc_freq(ordinal) for ordinal in range(self.term_count)], np.int64)

    def doc_freq(self, ordinal: int) -> int:
        """See ``FieldArrays``."""
        with self._lock:
            return int(self._reader.doc_frequency(self._name, self._terms[ordinal]))

    def postings(self, ordinal: int) -> PhrasePostings:
        """See ``FieldArrays``."""
        rows = [(docnum, int(weight)) for docnum, weight, _ in self._walk(ordinal, "weight")]
        docnums, term_freqs = np.array(rows, np.int32).reshape(-1, 2).T
        return PhrasePostings(docnums, term_freqs)

    def positions(self, ordinal: int) -> tuple[Ints, Ints]:
        """See ``FieldPostings``."""
        rows = [list(places) for _, _, places in self._walk(ordinal, "positions")]
        starts = np.cumsum([0, *map(len, rows)])
        return starts, np.array([place for row in rows for place in row], np.int64)

    def positions_of(self, ordinal: int, places: Ints, term_freqs: Ints) -> tuple[Ints, Ints]:
        """See ``FieldArrays``."""
        starts, positions = self.positions(ordinal)
        rows = [positions[starts[place] : starts[place + 1]] for place in places.tolist()]
        return np.cumsum([0, *map(len, rows)]), np.concatenate([np.zeros(0, np.int64), *rows])

    def _walk(self, ordinal: int, value: str) -> list[tuple[int, float, list[int]]]:
        with self._lock:
            # Whoosh leaves deleted documents out here, which is as good: the collection would.
            matcher = self._reader.postings(self._name, self._terms[ordinal])
            rows = []
            while matcher.is_active():
                places = matcher.value_as("positions") if value == "positions" else []
                rows.append((matcher.id(), matcher.weight(), places))
                matcher.next()
            return rows


class ReaderArrays:
    """One Whoosh segment."""

    def __init__(self, reader: IndexReader) -> None:
        self._reader = reader
        self._lock = RLock()
        self._fields: dict[str, ReaderFieldArrays] = {}

    @property
    def doc_count_all(self) -> int:
        """See ``SegmentArrays``."""
        return int(self._reader.doc_count_all())

    def field(self, name: str) -> ReaderFieldArrays | None:
        """See ``SegmentArrays``."""
        if name not in self._fields:
            self._fields[name] = ReaderFieldArrays(self._reader, name, self._lock)
        return self._fields[name]

    def live(self) -> Mask | None:
        """See ``SegmentArrays``."""
        if not self._reader.has_deletions():
            return None
        deleted = self._reader.is_deleted
        return np.array([not deleted(docnum) for docnum in range(self.doc_count_all)])

    def number_column(self, name: str) -> Ints:
        """See ``SegmentArrays``."""
        return np.array(self._column(name), np.int64)

    def bytes_column(self, name: str) -> list[bytes]:
        """Return one byte string for each document."""
        return [bytes(value) for value in self._column(name)]

    def text_column(self, name: str) -> list[str]:
        """Return one text for each document, "" where it has none."""
        return self._column(name)

    def stored_article(self, docnum: int) -> bytes:
        """Return what was stored of a document."""
        with self._lock:
            stored: bytes = self._reader.stored_fields(docnum)["article"]
            return stored

    def _column(self, name: str) -> list[Any]:
        with self._lock:
            column = self._reader.column_reader(name)
            return [column[docnum] for docnum in range(self.doc_count_all)]
