"""Bounds of a term in one byte each.

A reader that goes from document to document can skip by them those that cannot score high enough. qtsearch writes and
verifies them but does not read them when it searches: pruning uses exact maxima (``scoring.frequencies``).

A code stands for itself up to 15. Beyond, numbers keep their leading one and the three bits after it: 16, 18, ... 30,
32, 36, ... 60, 64, 72 and so on, each at most an eighth above the one before. Greatest term frequencies round up and
shortest lengths round down, so that a score computed from both is never below a true one. After Lucene's
SmallFloat.intToByte4.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray


def _table() -> NDArray[np.int64]:
    exact = list(range(16))
    steps = [(8 + code % 8) << (code // 8 + 1) for code in range(256 - 16)]
    return np.minimum(np.array(exact + steps, dtype=np.int64), 2**31 - 1)


VALUES: Final = _table()
"""int64 ``[256]``: the number that each code stands for, ascending."""


def rounded_up(numbers: NDArray[np.integer[Any]]) -> NDArray[np.uint8]:
    """Return the smallest code that stands for at least each number below 2**31."""
    return np.searchsorted(VALUES, numbers, side="left").astype(np.uint8)


def rounded_down(numbers: NDArray[np.integer[Any]]) -> NDArray[np.uint8]:
    """Return the greatest code of the smallest number that is at most each number from 0."""
    return (np.searchsorted(VALUES, numbers, side="right") - 1).astype(np.uint8)
