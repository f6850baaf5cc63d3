"""Single terms of any field: in which documents they are, and which terms begin so. Only live documents count."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from qtsearch.codec.arrays import FieldArrays, SegmentArrays
from qtsearch.scoring.arrays import Ints
from qtsearch.scoring.collection import Collection

_DEEPER: Final = 4
"""How many times more terms of each segment are looked at where the commonest ones do not decide."""


class TermLists:
    """The terms of all segments.

    Args:
        collection: the segments as one row of documents.
        segments: the same segments.
    """

    def __init__(self, collection: Collection, segments: Sequence[SegmentArrays]) -> None:
        self._collection = collection
        self._segments = segments
        self._all_live = collection.live_count == collection.doc_count

    def docnums(self, field: str, term: bytes) -> Ints:
        """Return the documents with a term, ascending."""
        lists = [arrays.postings(ordinal).docnums + base for base, arrays, ordinal in self._found(field, term)]
        docnums = np.concatenate([np.zeros(0, np.int64), *lists])
        return docnums if self._all_live else docnums[self._collection.live[docnums]]

    def doc_freq(self, field: str, term: bytes) -> int:
        """Return how many documents have a term."""
        if not self._all_live:
            return len(self.docnums(field, term))
        return sum(arrays.doc_freq(ordinal) for _, arrays, ordinal in self._found(field, term))

    def terms_beginning(self, field: str, prefix: bytes) -> set[bytes]:
        """Return the terms that begin so, those of deleted documents included."""
        return {term for _, arrays in self._fields(field) for term in arrays.terms(*arrays.prefix_range(prefix))}

    def beginning(self, field: str, prefix: bytes) -> list[tuple[bytes, int]]:
        """Return the terms that begin so, with their document frequencies, in the order of their bytes."""
        counted = ((term, self.doc_freq(field, term)) for term in sorted(self.terms_beginning(field, prefix)))
        return [(term, doc_freq) for term, doc_freq in counted if doc_freq]

    def commonest(self, field: str, prefix: bytes, limit: int) -> list[tuple[bytes, int]]:
        """Return ``beginning``, those of most documents first, at most ``limit`` of them.

        Of terms that are equally common as the last one, any may be returned.

        After the threshold algorithm (Fagin, Lotem and Naor, Optimal aggregation algorithms for middleware, 2003): the
        commonest terms of each segment are looked at, and more of them as long as a term that is among those of no
        segment may still be commoner in all segments together.
        """
        depth = limit
        while True:
            terms: set[bytes] = set()
            unseen = 0
            for _, arrays in self._fields(field):
                listed, commonest_other = _commonest(arrays, prefix, depth)
                terms.update(listed)
                unseen += commonest_other
            counted = sorted((-self.doc_freq(field, term), term) for term in terms)[:limit]
            if unseen == 0 or (len(counted) == limit and -counted[-1][0] >= unseen):
                return [(term, -negative) for negative, term in counted if negative]
            depth *= _DEEPER

    def _fields(self, name: str) -> Iterator[tuple[int, FieldArrays]]:
        for base, segment in zip(self._collection.bases, self._segments, strict=True):
            arrays = segment.field(name)
            if arrays is not None:
                yield base, arrays

    def _found(self, field: str, term: bytes) -> Iterator[tuple[int, FieldArrays, int]]:
        for base, arrays in self._fields(field):
            ordinal = arrays.find(term)
            if ordinal >= 0:
                yield base, arrays, ordinal


def _commonest(arrays: FieldArrays, prefix: bytes, limit: int) -> tuple[Iterator[bytes], int]:
    """Return the commonest terms of one segment that begin so, and the document frequency of the next one, or 0."""
    first, end = arrays.prefix_range(prefix)
    doc_freqs = arrays.doc_freqs[first:end].astype(np.int64)
    # Stable, so that equally common terms come in the order of their bytes.
    order = np.argsort(-doc_freqs, kind="stable")
    others = order[limit : limit + 1]
    return map(arrays.term, (order[:limit] + first).tolist()), int(doc_freqs[others].sum())
