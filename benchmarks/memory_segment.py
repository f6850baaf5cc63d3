"""A segment in memory, made of articles: what rankings are measured on without writing an index."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qtsearch.analysis import analyzer
from qtsearch.scoring.phrases import PhrasePostings

Ints = NDArray[np.integer[Any]]


class MemoryField:
    """``FieldArrays`` over the terms of each document."""

    def __init__(self, rows: Sequence[Sequence[str]]) -> None:
        places: dict[bytes, dict[int, list[int]]] = {}
        for docnum, row in enumerate(rows):
            for position, term in enumerate(row):
                places.setdefault(term.encode(), {}).setdefault(docnum, []).append(position)
        self.lengths = np.array([len(row) for row in rows], np.int32)
        self.total_length = int(self.lengths.sum())
        self._terms = sorted(places)
        self._places = [places[term] for term in self._terms]
        self.term_count = len(self._terms)

    def find(self, term: bytes) -> int:
        at = bisect_left(self._terms, term)
        return at if at < self.term_count and self._terms[at] == term else -1

    def prefix_range(self, prefix: bytes) -> tuple[int, int]:
        return bisect_left(self._terms, prefix), bisect_left(self._terms, prefix + b"\xff")

    def term(self, ordinal: int) -> bytes:
        return self._terms[ordinal]

    @property
    def doc_freqs(self) -> np.ndarray:
        return np.array([self.doc_freq(ordinal) for ordinal in range(self.term_count)], np.int64)

    def doc_freq(self, ordinal: int) -> int:
        return len(self._places[ordinal])

    def postings(self, ordinal: int) -> PhrasePostings:
        places = self._places[ordinal]
        freqs = np.fromiter(map(len, places.values()), np.int32, len(places))
        return PhrasePostings(np.fromiter(places, np.int32, len(places)), freqs)

    def terms(self, first: int, end: int) -> Iterator[bytes]:
        return iter(self._terms[first:end])

    def joined_terms(self) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
        joined = np.frombuffer(b"".join(self._terms), np.uint8)
        return joined, np.cumsum([0, *map(len, self._terms)])

    def positions_of(self, ordinal: int, places: NDArray[np.int64], term_freqs: Ints) -> tuple[Ints, Ints]:
        rows = list(self._places[ordinal].values())
        chosen = [rows[place] for place in places.tolist()]
        starts = np.cumsum([0, *map(len, chosen)])
        return starts, np.fromiter((p for each in chosen for p in each), np.int32, int(starts[-1]))


class MemorySegment:
    """``SegmentArrays`` over texts by field name."""

    def __init__(self, documents: Sequence[dict[str, str]]) -> None:
        self.doc_count_all = len(documents)
        self.terms = [{name: analyzer.terms(text) for name, text in one.items()} for one in documents]
        names = {name for one in documents for name in one}
        self._fields = {name: MemoryField([one.get(name, []) for one in self.terms]) for name in names}

    def field(self, name: str) -> MemoryField | None:
        return self._fields.get(name)

    def live(self) -> None:
        return None

    def number_column(self, name: str) -> Ints:
        raise NotImplementedError(f"no column {name}")
