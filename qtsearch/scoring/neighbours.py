"""What similar documents say of a document that lacks some words of the query.

The cluster hypothesis (van Rijsbergen 1979): documents alike are relevant to the same requests. Smoothing scores over
the nearest neighbours among the best candidates uses it without a second search (Diaz, Regularizing ad hoc retrieval
scores, CIKM 2005).
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from qtsearch.query.tree import SEARCHED_FIELDS
from qtsearch.scoring import bm25f
from qtsearch.scoring.arrays import Floats
from qtsearch.scoring.signature import ONCE_MORE, SIGNATURE_WORDS, Rows

Likeness = NDArray[np.float32]

NEIGHBOUR_SHARE: Final = 0.25
"""The share of the candidates that are a document's neighbours: 16 of 64; one of three has none."""

TERM_SATURATION: Final = 3.0
"""A term that stands ``f`` times in a signature weighs ``f / (f + 3)``."""

_STEPS: Final = 2048
"""Weights are whole numbers of so many steps, so that a likeness, the sum of their products, is below 2**24 and exact
in single precision: the order of the documents never decides who is a neighbour, and it takes half the time."""

_BLOCK: Final = 64
"""Terms that are multiplied at a time. OpenBLAS multiplies larger matrices in several threads, which takes a quarter
longer where these must wake up, and four times as long where other processes have the cores."""

_FREQUENCIES: Final = np.arange(1, len(SEARCHED_FIELDS) * SIGNATURE_WORDS + 1)
"""How often a term may be in a signature."""

_SATURATED: Final = _FREQUENCIES / (_FREQUENCIES + TERM_SATURATION)
"""What a term weighs by how many marks stand before it in its own signature."""


def likenesses(signatures: Rows) -> Likeness:
    """Return the likeness of each two documents, 0 to 1, shape ``[n, n]``. What each is to itself does not count.

    The cosine of their terms, each weighing ``f / (f + 3) * idf``. The document frequency is counted among these
    documents only: what all candidates share is the topic, and tells none of them apart.
    """
    lengths = signatures.lengths
    count = len(lengths)
    if count == 0:
        return np.zeros((0, 0), np.float32)
    starts = lengths.cumsum() - lengths
    rows = np.arange(count).repeat(lengths)
    numbers = signatures.numbers.astype(np.intp)
    # How often a term is there: one more than the marks before it in its own signature.
    marks = np.zeros(len(numbers) + 1, np.int32)
    (numbers == ONCE_MORE).cumsum(out=marks[1:])
    more = marks[1:] - marks.take(starts).repeat(lengths)
    weights = _SATURATED.take(more, mode="clip")
    # Each term is known by the place of one of its numbers, whichever was written last: to find it takes no sorting.
    places = np.empty(1 << 16, np.int32)
    places[numbers] = np.arange(len(numbers), dtype=np.int32)
    terms = places.take(numbers).astype(np.intp)
    doc_freqs = np.bincount(terms)
    if marks[-1]:
        doc_freqs[places[ONCE_MORE]] = 0  # so that marks weigh nothing
    weights *= _idf(count).take(doc_freqs.take(terms))
    squares = np.zeros(len(numbers) + 1)  # one more, because the last documents may have no terms
    np.multiply(weights, weights, out=squares[:-1])
    norms = np.sqrt(np.add.reduceat(squares, starts))
    norms[norms == 0.0] = 1.0  # its weights are all 0
    weights *= (_STEPS / norms).repeat(lengths)
    # A term that one document has makes it longer, but adds to no product: all such share a row that is left out.
    common = np.flatnonzero(doc_freqs > 1)
    cells = np.zeros(len(doc_freqs), np.intp)
    cells[common] = np.arange(count, (len(common) + 1) * count, count)
    cells = cells.take(terms)
    cells += rows
    blocks = -(-len(common) // _BLOCK)
    shared = np.zeros((blocks * _BLOCK + 1, count), np.float32)
    shared.reshape(-1)[cells] = np.rint(weights, out=weights)
    stack = shared[1:].reshape(blocks, _BLOCK, count)
    likeness: Likeness = np.add.reduce(stack.transpose(0, 2, 1) @ stack)
    likeness *= np.float32(1.0 / (_STEPS * _STEPS))  # a power of 2, so they stay exact
    return likeness


@lru_cache(maxsize=128)
def _idf(count: int) -> Floats:
    """Return the inverse document frequency of a term by how many of ``count`` documents have it; 0 if none has."""
    return np.array([0.0, *(bm25f.idf(doc_freq, count) for doc_freq in range(1, count + 1))])


def borrowed(scores: Floats, likeness: NDArray[np.floating[Any]], neighbours: int, coverage: Floats) -> Floats:
    """Return the mean score of each document's nearest neighbours; 0 where it has none.

    Neighbours are the ``neighbours`` most similar other documents, and all that are as similar as the last of them.
    Each counts by its likeness, and by the square root of its coverage: one that lacks much itself says little.

    Args:
        scores: shape ``[n]``.
        likeness: shape ``[n, n]``, never negative; the diagonal does not count.
        neighbours: 0 or more.
        coverage: the share of the query that each document holds, shape ``[n]``.
    """
    count = len(scores)
    if neighbours == 0:
        return np.zeros(count)
    nearest = likeness.copy()
    nearest.reshape(-1)[:: count + 1] = 0.0
    if count > neighbours:
        least: NDArray[np.floating[Any]] = np.sort(nearest, axis=1)[:, count - neighbours]
        nearest *= nearest >= least[:, None]
    weights = nearest.astype(np.float64, copy=False)
    heard = np.sqrt(coverage)
    total = weights @ heard
    means: Floats = np.divide(weights @ (heard * scores), total, out=np.zeros(count), where=total > 0.0)
    return means
