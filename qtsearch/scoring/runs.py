"""Runs of equal values in arrays that ascend."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qtsearch.scoring.arrays import Ints


def run_bounds(ordered: Ints) -> NDArray[np.intp]:
    """Return where each run of equal values starts, and where the last one ends."""
    is_bound = np.ones(len(ordered) + 1, np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=is_bound[1:-1])
    return np.flatnonzero(is_bound)
