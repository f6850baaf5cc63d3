"""Which articles say nearly the same, by their signatures."""

from __future__ import annotations

from typing import Final

import numpy as np

from qtsearch.scoring.signature import SIGNATURE_FORM, Signature

NEARLY_THE_SAME: Final = 0.9
"""The share of common terms from which two articles are one: of a title, keywords and a hundred words, three or four
may differ on each side."""


def near_duplicates(one: Signature, other: Signature) -> bool:
    """Return whether two articles say nearly the same: ``|A and B| / |A or B| >= 0.9`` (Jaccard) over their terms.

    Articles without any terms are no duplicates of each other: nothing is known of them.
    """
    a, b = (np.frombuffer(signature, SIGNATURE_FORM)["term"] for signature in (one, other))
    if not len(a) or min(len(a), len(b)) < NEARLY_THE_SAME * max(len(a), len(b)):
        return False
    common = len(np.intersect1d(a, b, assume_unique=True))
    return common >= NEARLY_THE_SAME * (len(a) + len(b) - common)
