"""Which articles say nearly the same, by their signatures."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from qtsearch.scoring.signature import ONCE_MORE, SIGNATURE_FORM, Numbers

NEARLY_THE_SAME: Final = 0.9
"""The share of common terms from which two articles are one: of a title, keywords and a hundred words, three or four
may differ on each side."""


def telling_numbers(signature: Numbers) -> NDArray[np.uint16]:
    """Return what stands for the telling terms of an article, each once, ascending."""
    numbers = np.frombuffer(signature, SIGNATURE_FORM)
    return np.sort(numbers[numbers != ONCE_MORE])


def near_duplicates(one: NDArray[np.uint16], other: NDArray[np.uint16]) -> bool:
    """Return whether two articles say nearly the same: ``|A and B| / |A or B| >= 0.9`` (Jaccard) over their terms.

    Articles without any terms are no duplicates of each other: nothing is known of them.

    Args:
        one: the ``telling_numbers`` of an article.
        other: those of another.
    """
    if not len(one) or min(len(one), len(other)) < NEARLY_THE_SAME * max(len(one), len(other)):
        return False
    common = len(np.intersect1d(one, other, assume_unique=True))
    return common >= NEARLY_THE_SAME * (len(one) + len(other) - common)
