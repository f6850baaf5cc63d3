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

_BLOCK: Final = 96
"""Columns of a matrix that is multiplied at a time: so few that BLAS starts no threads, which would take longer than
the product and disturb other searches."""

_SATURATED: Final = np.arange(256) / (np.arange(256) + TERM_SATURATION)


def similarities(signatures: Sequence[Signature]) -> Floats:
    """Return the likeness of each two documents, 0 to 1, shape ``[n, n]``; about what each is to itself it is silent.

    The cosine of their terms, each weighing ``f / (f + 1.5) * idf``. The document frequency is counted among these
    documents only: what all candidates share is the topic, and tells none of them apart.
    """
    count = len(signatures)
    packed = np.frombuffer(b"".join(signatures), SIGNATURE_FORM)
    terms = packed["term"].astype(np.intp)
    rows = np.repeat(np.arange(count), [len(one) // SIGNATURE_FORM.itemsize for one in signatures])
    holding = np.bincount(terms, minlength=1 << 16)
    doc_freqs = holding[terms]
    possible = np.arange(count + 1)
    idf = np.log1p((count - possible + 0.5) / (possible + 0.5))
    weights = _SATURATED[packed["freq"]] * idf[doc_freqs]
    norms = np.sqrt(np.bincount(rows, weights * weights, minlength=count))
    # A term that one document has makes it longer, but adds to no product.
    kept = np.flatnonzero(doc_freqs > 1)
    rows, terms = rows[kept], terms[kept]
    is_common = np.zeros(1 << 16, np.bool_)
    is_common[terms] = True
    common = np.flatnonzero(is_common)
    columns = np.empty_like(holding)
    columns[common] = np.arange(len(common))
    blocks, places = np.divmod(columns[terms], _BLOCK)
    shared = np.zeros((-(-len(common) // _BLOCK), count, _BLOCK), np.float32)
    shared[blocks, rows, places] = np.rint(weights[kept] * (_STEPS / norms[rows]))
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
