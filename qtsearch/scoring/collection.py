"""All segments of a commit as one numbered row of documents, with the statistics that formulas ask for."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

import numpy as np

from qtsearch.query.tree import FieldName
from qtsearch.scoring.arrays import Floats, Mask, SegmentArrays
from qtsearch.scoring.bm25f import FieldWeighting, length_factors


class Collection:
    """The segments of one commit.

    Only live documents count in every statistic, so an index ranks the same after a hundred small commits as after
    one full rebuild.

    Attributes:
        segments: in their order.
        bases: the docnum of each segment's first document.
        doc_count: documents, deleted ones included.
        live: which of them are not deleted, shape ``[doc_count]``.
        live_count: how many that are.
    """

    def __init__(self, segments: Sequence[SegmentArrays]) -> None:
        self.segments = tuple(segments)
        counts = [segment.doc_count_all for segment in self.segments]
        self.bases = tuple(accumulate(counts, initial=0))[:-1]
        self.doc_count = sum(counts)
        self.live = _live(self.segments, self.doc_count)
        self.live_count = int(np.count_nonzero(self.live))
        self._factors: dict[tuple[str, FieldWeighting], Floats] = {}

    def place(self, docnum: int) -> tuple[int, int]:
        """Return which segment a document is in, and its docnum there."""
        segment = bisect_right(self.bases, docnum) - 1
        return segment, docnum - self.bases[segment]

    def length_factors(self, name: FieldName, weighting: FieldWeighting) -> Floats:
        """Return ``bm25f.length_factors`` of a field for every document; worked out once."""
        known = self._factors.get((name, weighting))
        if known is None:
            known = self._factors[name, weighting] = self._length_factors(name, weighting)
        return known

    def _length_factors(self, name: FieldName, weighting: FieldWeighting) -> Floats:
        fields = [(segment, segment.field(name)) for segment in self.segments]
        lengths = np.concatenate(
            [
                field.lengths if field is not None else np.zeros(segment.doc_count_all, np.int32)
                for segment, field in fields
            ]
            or [np.zeros(0, np.int32)]
        )
        average = float(lengths[self.live].mean()) if self.live_count else 0.0
        return length_factors(lengths, average, weighting)


def _live(segments: Sequence[SegmentArrays], doc_count: int) -> Mask:
    masks = [
        np.ones(segment.doc_count_all, np.bool_) if (mask := segment.live()) is None else mask for segment in segments
    ]
    return np.concatenate(masks) if masks else np.zeros(doc_count, np.bool_)
