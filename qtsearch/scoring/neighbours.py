"""What similar documents say of a document that lacks some words of the query.

The cluster hypothesis (van Rijsbergen 1979): documents alike are relevant to the same requests. Smoothing scores over
the nearest neighbours among the best candidates uses it without a second search (Diaz, Regularizing ad hoc retrieval
scores, CIKM 2005).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from qtsearch.scoring.arrays import Floats
from qtsearch.scoring.signature import SIGNATURE_FORM, Signature

NEIGHBOUR_SHARE: Final = 8
"""One in so many candidates are a document's neighbours: 6 of 48, and none of a handful, which are no sample."""

TERM_SATURATION: Final = 1.5
"""A term that stands ``f`` times in a signature weighs ``f / (f + 1.5)``."""

_STEPS: Final = 2048
"""Weights are whole numbers of so many steps, so that a likeness, the sum of their products, is below 2**24 and exact
in single precision: the order of the documents never decides who is a neighbour, and it takes half the time."""

_BLOCK_BITS: Final = 6
"""So many columns of a matrix, 64, are multiplied at a time that BLAS starts no threads, which would take longer than
the product and disturb other searches."""

_SATURATED: Final = np.arange(256) / (np.arange(256) + TERM_SATURATION)


def similarities(signatures: Sequence[Signature]) -> Floats:
    """Return the likeness of each two documents, 0 to 1, shape ``[n, n]``. What each is to itself does not count.

    The cosine of their terms, each weighing ``f / (f + 1.5) * idf``. The document frequency is counted among these
    documents only: what all candidates share is the topic, and tells none of them apart.
    """
    count = len(signatures)
    packed = np.frombuffer(b"".join(signatures), SIGNATURE_FORM)
    # One run for each term: which documents have it. A radix sort, as the numbers have 16 bits.
    order = np.argsort(np.ascontiguousarray(packed["term"]), kind="stable")
    terms = packed["term"][order]
    doc_freqs = np.diff(np.flatnonzero(terms[1:] != terms[:-1]) + 1, prepend=0, append=len(terms))
    rows = np.repeat(np.arange(count), [len(one) // SIGNATURE_FORM.itemsize for one in signatures])[order]
    idf = np.log1p((count - doc_freqs + 0.5) / (doc_freqs + 0.5))
    weights = _SATURATED[packed["freq"][order]] * np.repeat(idf, doc_freqs)
    norms = np.sqrt(np.bincount(rows, weights * weights, minlength=count))
    # A term that one document has makes it longer, but adds to no product.
    common = doc_freqs > 1
    columns = np.repeat(np.arange(np.count_nonzero(common)), doc_freqs[common])
    kept = np.flatnonzero(np.repeat(common, doc_freqs))
    rows, weights = rows[kept], weights[kept]
    shared = np.zeros(((np.count_nonzero(common) >> _BLOCK_BITS) + 1, count, 1 << _BLOCK_BITS), np.float32)
    shared[columns >> _BLOCK_BITS, rows, columns & ((1 << _BLOCK_BITS) - 1)] = np.rint(weights * (_STEPS / norms[rows]))
    likeness: Floats = np.matmul(shared, shared.transpose(0, 2, 1)).sum(axis=0, dtype=np.float64)
    likeness /= _STEPS * _STEPS
    return likeness


def borrowed(scores: Floats, likeness: Floats, neighbours: int) -> Floats:
    """Return the mean score of each document's nearest neighbours, weighted by likeness; 0 where it has none.

    Neighbours are the ``neighbours`` most similar other documents, and all that are as similar as the last of them.

    Args:
        scores: shape ``[n]``.
        likeness: shape ``[n, n]``, never negative; the diagonal does not count.
        neighbours: 0 or more.
    """
    count = len(scores)
    if neighbours == 0:
        return np.zeros(count)
    weights = likeness.copy()
    np.fill_diagonal(weights, 0.0)
    if count > neighbours:
        least = np.partition(weights, count - neighbours, axis=1)[:, count - neighbours]
        weights[weights < least[:, None]] = 0.0
    total = weights.sum(axis=1)
    means: Floats = np.divide(weights @ scores, total, out=np.zeros(count), where=total > 0.0)
    return means
