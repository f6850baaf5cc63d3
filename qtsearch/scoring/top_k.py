"""The best k of many scores."""

from __future__ import annotations

from typing import Final

import numpy as np

from qtsearch.scoring.arrays import Floats, Ints, Mask

_GROUP: Final = 64


def top_k(scores: Floats, matched: Mask, k: int) -> Ints:
    """Return the docnums of the k best matched documents: higher score first, then lower docnum.

    The same as ``sorted(np.flatnonzero(matched), key=lambda d: (-scores[d], d))[:k]``. Scores must not be negative.
    Only documents that reach ``lower_bound`` are sorted. At 200,000 documents and k = 10 several times faster than
    ``argpartition``.
    """
    candidates = _candidates(scores, matched, k)
    order = np.argsort(-scores[candidates], kind="stable")  # the candidates ascend
    best: Ints = candidates[order[:k]]
    return best


def lower_bound(scores: Floats, k: int) -> float:
    """Return a score that at least ``k`` documents reach, as high as a quick look finds one; 0 if there is none.

    The documents are dealt out into groups of 64. The maximum of a group is the score of one document, so the k-th best
    maximum is reached by k of them.
    """
    groups = len(scores) // _GROUP
    if k == 0 or groups < k:
        return 0.0
    maxima = scores[: groups * _GROUP].reshape(_GROUP, groups).max(axis=0)
    maxima.partition(groups - k)
    return float(maxima[groups - k])


def _candidates(scores: Floats, matched: Mask, k: int) -> Ints:
    bound = lower_bound(scores, k)
    # Documents that did not match have score 0, so they never lift a maximum.
    return np.flatnonzero(scores >= bound) if bound > 0.0 else np.flatnonzero(matched)
