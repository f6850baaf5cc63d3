"""Posting lists of a concept, the frequencies that they add up to, and what these add to scores."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from qtsearch.scoring.arrays import Floats, Ints, Mask
from qtsearch.scoring.runs import run_bounds


class Postings(NamedTuple):
    """One posting list, with what each of its terms counts for.

    Attributes:
        docnums: of the collection, ascending.
        term_freqs: same shape.
        factors: ``bm25f.length_factors`` of the field, shape ``[doc_count]``.
    """

    docnums: Ints
    term_freqs: Ints
    factors: Floats


class Frequencies(NamedTuple):
    """A concept in the documents that hold it.

    Attributes:
        docnums: of the collection, ascending.
        amounts: the BM25F frequency in each, above 0; same shape.
    """

    docnums: Ints
    amounts: Floats


class Scored(NamedTuple):
    """The documents that match something, and how well.

    Attributes:
        docnums: of the collection, ascending.
        scores: of each, never negative; same shape.
        most: the largest score, 0 if there is none.
    """

    docnums: Ints
    scores: Floats
    most: float

    @classmethod
    def of(cls, docnums: Ints, scores: Floats) -> Scored:
        """Return it for some documents, which ascend, and the score of each."""
        return cls(docnums.astype(np.int32, copy=False), scores, float(scores.max(initial=0.0)))

    @property
    def nbytes(self) -> int:
        """Bytes that the arrays take."""
        return self.docnums.nbytes + self.scores.nbytes

    def scores_in(self, documents: Ints) -> Floats:
        """Return the scores of some documents; 0 where it is not."""
        return looked_up(self.docnums, self.scores, documents)


def are_among(docnums: Ints, documents: Ints) -> Mask:
    """Return which of some documents are among ``docnums``, which ascend and are not empty."""
    documents = documents.astype(docnums.dtype, copy=False)
    held: Mask = docnums.take(docnums.searchsorted(documents), mode="clip") == documents
    return held


def looked_up(docnums: Ints, values: Ints | Floats, documents: Ints) -> Floats:
    """Return the values of some documents, 0 for those that are not among ``docnums``, which ascend."""
    if len(docnums) == 0:
        return np.zeros(len(documents))
    # Of one type, else the whole list would be converted.
    at = np.searchsorted(docnums, documents.astype(docnums.dtype, copy=False))
    at[at == len(docnums)] = 0
    found: Floats = np.where(docnums[at] == documents, values[at], 0.0)
    return found


def add_up(postings: Sequence[Postings], doc_count: int) -> tuple[Ints, Floats]:
    """Return the documents of some posting lists, ascending, and the sum of ``term_freq * factor`` of each."""
    if not postings:
        return np.zeros(0, np.int64), np.zeros(0)
    if len(postings) == 1:
        docnums, term_freqs, factors = postings[0]
        return docnums, term_freqs * factors[docnums]
    if sum(len(part.docnums) for part in postings) > doc_count:
        sums = np.zeros(doc_count)
        for docnums, term_freqs, factors in postings:
            sums[docnums] += term_freqs * factors[docnums]
        docnums = np.flatnonzero(sums)
        return docnums, sums[docnums]
    docnums = np.concatenate([part.docnums for part in postings])
    amounts = np.concatenate([part.term_freqs * part.factors[part.docnums] for part in postings])
    # Sorted runs are merged in linear time, and adding up what there is takes less than looking at every document.
    order = np.argsort(docnums, kind="stable")
    docnums = docnums[order]
    firsts = run_bounds(docnums)[:-1]
    # reduceat refuses to reduce nothing.
    return docnums[firsts], np.add.reduceat(amounts[order], firsts) if len(firsts) else amounts
