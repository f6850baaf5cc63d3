"""What similar documents say of a document that lacks some words of the query.

The cluster hypothesis (van Rijsbergen 1979): documents alike are relevant to the same requests. Smoothing scores over
the nearest neighbours among the best candidates uses it without a second search (Diaz, Regularizing ad hoc retrieval
scores, CIKM 2005).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from qtsearch.scoring import bm25f
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
    # A term and a document in one number each, so that a single sort tells how often each has which.
    keys = joined(signatures).astype(np.uint32)
    keys <<= _ROW_BITS
    keys |= np.repeat(np.arange(count, dtype=np.uint32), [len(one) // SIGNATURE_FORM.itemsize for one in signatures])
    keys.sort()
    bounds = run_bounds(keys)
    freqs = np.diff(bounds)
    keys = keys.take(bounds[:-1])
    rows = (keys & ((1 << _ROW_BITS) - 1)).astype(np.intp)
    keys >>= _ROW_BITS
    bounds = run_bounds(keys)
    doc_freqs = np.diff(bounds)
    # Which of the distinct terms each is: counted up where a run starts, which repeating would take twice as long for.
    terms = np.zeros(len(keys), np.intp)
    terms[bounds[1:-1]] = 1
    terms = terms.cumsum()
    idf = _idf(count).take(doc_freqs) * telling().take(keys.take(bounds[:-1]))
    weights = idf.take(terms)
    weights *= freqs / (freqs + TERM_SATURATION)
    norms = np.sqrt(np.bincount(rows, weights * weights, minlength=count))
    weights *= np.divide(_STEPS, norms, out=np.zeros(count), where=norms > 0.0).take(rows)
    # A term that one document has makes it longer, but adds to no product: all such share a row that is left out.
    common = doc_freqs > 1
    cells = (common.cumsum() * common * count).take(terms)
    cells += rows
    shared = np.zeros((np.count_nonzero(common) + 1, count), np.float32)
    shared.reshape(-1)[cells] = np.rint(weights, out=weights)
    likeness: Floats = (shared[1:].T @ shared[1:]).astype(np.float64)
    likeness /= _STEPS * _STEPS
    return likeness


@lru_cache(maxsize=128)
def _idf(count: int) -> Floats:
    """Return the inverse document frequency of a term by how many of ``count`` documents have it, 0 to all."""
    return np.array([bm25f.idf(doc_freq, count) for doc_freq in range(count + 1)])


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
