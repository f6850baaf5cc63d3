"""What similar documents say of a document that lacks some words of the query.

The cluster hypothesis (van Rijsbergen 1979): documents alike are relevant to the same requests. Smoothing scores over
the nearest neighbours among the best candidates uses it without a second search (Diaz, Regularizing ad hoc retrieval
scores, CIKM 2005).
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np

from qtsearch.query.tree import SEARCHED_FIELDS
from qtsearch.scoring import bm25f
from qtsearch.scoring.arrays import Floats
from qtsearch.scoring.signature import ONCE_MORE, SIGNATURE_WORDS, Rows

NEIGHBOUR_SHARE: Final = 0.175
"""The share of the candidates that are a document's neighbours: 11 of 64; none of a handful, which are no sample."""

TERM_SATURATION: Final = 3.0
"""A term that stands ``f`` times in a signature weighs ``f / (f + 3)``."""

_STEPS: Final = 2048
"""Weights are whole numbers of so many steps, so that a likeness, the sum of their products, is below 2**24 and exact
in single precision: the order of the documents never decides who is a neighbour, and it takes half the time."""

_FREQUENCIES: Final = np.arange(len(SEARCHED_FIELDS) * SIGNATURE_WORDS + 1)
"""How often a term may be in a signature."""

_SATURATED: Final = _FREQUENCIES / (_FREQUENCIES + TERM_SATURATION)


def similarities(signatures: Rows) -> Floats:
    """Return the likeness of each two documents, 0 to 1, shape ``[n, n]``. What each is to itself does not count.

    The cosine of their terms, each weighing ``f / (f + 3) * idf``. The document frequency is counted among these
    documents only: what all candidates share is the topic, and tells none of them apart.
    """
    count = len(signatures.lengths)
    rows = np.arange(count).repeat(signatures.lengths)
    numbers = signatures.numbers.astype(np.intp)
    is_mark = numbers == ONCE_MORE
    # How often a term is there: one more than the marks before it in its own signature.
    freqs = np.ones(len(numbers) + 1, np.intp)
    freqs[1:] = is_mark
    freqs = freqs.cumsum()
    freqs = freqs[1:] - (freqs.take(signatures.lengths.cumsum() - signatures.lengths) - 1).take(rows)
    weights = _SATURATED.take(freqs, mode="clip")
    weights[is_mark] = 0.0
    # Each term is known by the place of one of its numbers, whichever was written last: to find it takes no sorting.
    places = np.empty(1 << 16, np.int32)
    places[numbers] = np.arange(len(numbers), dtype=np.int32)
    terms = places.take(numbers)
    doc_freqs = np.bincount(terms)
    weights *= _idf(count).take(doc_freqs.take(terms), mode="clip")
    norms = np.sqrt(np.bincount(rows, weights * weights, minlength=count))
    norms[norms == 0.0] = 1.0  # its weights are all 0
    weights *= (_STEPS / norms).take(rows)
    # A term that one document has makes it longer, but adds to no product: all such share a row that is left out.
    common = doc_freqs > 1
    cells = common.cumsum()
    cells *= common
    cells *= count
    cells = cells.take(terms)
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
