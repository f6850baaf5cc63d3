"""What similar documents say of a document that lacks some words of the query.

The cluster hypothesis (van Rijsbergen 1979): documents alike are relevant to the same requests. Smoothing scores over
the nearest neighbours among the best candidates uses it without a second search (Diaz, Regularizing ad hoc retrieval
scores, CIKM 2005).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from qtsearch.scoring.arrays import Floats, Ints
from qtsearch.scoring.signature import SIGNATURE_FORM, Signature, joined, telling

NEIGHBOUR_SHARE: Final = 0.175
"""The share of the candidates that are a document's neighbours: 11 of 64; none of a handful, which are no sample."""

TERM_SATURATION: Final = 3.0
"""A term that stands ``f`` times in a signature weighs ``f / (f + 3)``."""

_STEPS: Final = 2048
"""Weights are whole numbers of so many steps, so that a likeness, the sum of their products, is below 2**24 and exact
in single precision: the order of the documents never decides who is a neighbour, and it takes half the time."""

_ROW_BITS: Final = 16
"""Documents are numbered within so many bits."""


def similarities(signatures: Sequence[Signature]) -> Floats:
    """Return the likeness of each two documents, 0 to 1, shape ``[n, n]``. What each is to itself does not count.

    The cosine of their terms, each weighing ``f / (f + 3) * idf``. The document frequency is counted among these
    documents only: what all candidates share is the topic, and tells none of them apart.
    """
    count = len(signatures)
    numbers = joined(signatures)
    lengths = [len(one) // SIGNATURE_FORM.itemsize for one in signatures]
    kept = np.flatnonzero(telling().take(numbers))
    # A term and a document in one number each, so that a single sort tells how often each has which.
    keys = np.repeat(np.arange(count, dtype=np.uint32), lengths).take(kept)
    keys |= numbers.take(kept).astype(np.uint32) << _ROW_BITS
    keys.sort()
    bounds = run_bounds(keys)
    keys = keys.take(bounds[:-1])
    freqs = np.diff(bounds)
    rows = (keys & ((1 << _ROW_BITS) - 1)).astype(np.intp)
    bounds = run_bounds(keys >> _ROW_BITS)
    doc_freqs = np.diff(bounds)
    terms = np.repeat(np.arange(len(doc_freqs)), doc_freqs)
    idf = np.log1p((count - doc_freqs + 0.5) / (doc_freqs + 0.5))
    weights = freqs / (freqs + TERM_SATURATION) * idf.take(terms)
    norms = np.sqrt(np.bincount(rows, weights * weights, minlength=count))
    # A term that one document has makes it longer, but adds to no product.
    common = doc_freqs > 1
    columns = common.cumsum() - 1
    kept = np.flatnonzero(common.take(terms))
    rows = rows.take(kept)
    shared = np.zeros((np.count_nonzero(common), count), np.float32)
    cells = columns.take(terms.take(kept)) * count + rows
    shared.reshape(-1)[cells] = np.rint(weights.take(kept) * (_STEPS / norms.take(rows)))
    likeness: Floats = (shared.T @ shared).astype(np.float64)
    likeness /= _STEPS * _STEPS
    return likeness


def run_bounds(ordered: Ints) -> NDArray[np.intp]:
    """Return where each run of equal values starts, and where the last one ends."""
    is_bound = np.ones(len(ordered) + 1, np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=is_bound[1:-1])
    return np.flatnonzero(is_bound)


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
    weights.reshape(-1)[:: count + 1] = 0.0
    if count > neighbours:
        least = np.partition(weights, count - neighbours, axis=1)[:, count - neighbours]
        weights *= weights >= least[:, None]
    total = weights.sum(axis=1)
    means: Floats = np.divide(weights @ scores, total, out=np.zeros(count), where=total > 0.0)
    return means
