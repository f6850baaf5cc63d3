"""What similar documents say of a document that lacks some words of the query.

The cluster hypothesis (van Rijsbergen 1979): documents alike are relevant to the same requests. Smoothing scores over
the nearest neighbours among the best candidates uses it without a second search (Diaz, Regularizing ad hoc retrieval
scores, CIKM 2005).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from qtsearch.scoring.arrays import Floats, Ints
from qtsearch.scoring.signature import Signature

NEIGHBOUR_SHARE: Final = 8
"""One in so many candidates are a document's neighbours: 8 of 64, and none of a handful, which are no sample."""

TERM_SATURATION: Final = 1.5
"""A term that stands ``f`` times in a signature weighs ``f / (f + 1.5)``."""

_DIGITS: Final = 9
"""Likeness is rounded, so that the last bits of a matrix product never decide who is a neighbour."""


def similarities(signatures: Sequence[Signature]) -> Floats:
    """Return the likeness of each two documents, 0 to 1, shape ``[n, n]``.

    The cosine of their terms, each weighing ``f / (f + 1.5) * idf``. The document frequency is counted among these
    documents only: what all candidates share is the topic, and tells none of them apart.
    """
    count = len(signatures)
    rows, terms, freqs = _counted(signatures)
    holding = np.bincount(terms, minlength=1 << 16)
    doc_freqs = holding[terms]
    weights = freqs / (freqs + TERM_SATURATION) * np.log1p((count - doc_freqs + 0.5) / (doc_freqs + 0.5))
    norms = np.sqrt(np.bincount(rows, weights * weights, minlength=count))
    # A term that one document has makes it longer, but adds to no product.
    common = np.flatnonzero(holding > 1)
    columns = np.empty_like(holding)
    columns[common] = np.arange(len(common))
    kept = np.flatnonzero(doc_freqs > 1)
    rows = rows[kept]
    shared = np.zeros((count, len(common)))
    shared[rows, columns[terms[kept]]] = weights[kept] / norms[rows]
    likeness: Floats = np.round(shared @ shared.T, _DIGITS)
    return likeness


def _counted(signatures: Sequence[Signature]) -> tuple[Ints, Ints, Ints]:
    """Return for each term of each signature the place of the signature, the term, and how often it stands there."""
    rows = np.repeat(np.arange(len(signatures)), [len(one) for one in signatures])
    terms = np.concatenate([np.zeros(0, np.uint16), *signatures]).astype(np.int64)
    keys, freqs = np.unique(rows << 16 | terms, return_counts=True)
    return keys >> 16, keys & 0xFFFF, freqs


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
