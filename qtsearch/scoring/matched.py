"""Which documents match, as a mask or as a list, whichever the evaluation has at hand."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from qtsearch.scoring.arrays import Ints, Mask


class Matched:
    """The documents that match. A mask of a large collection takes longer to make than few documents take to find.

    Args:
        documents: a mask of shape ``[doc_count]``, or the docnums, each once.
        doc_count: documents of the collection.
    """

    def __init__(self, documents: Mask | Ints, doc_count: int) -> None:
        self._documents = documents
        self._doc_count = doc_count

    @cached_property
    def count(self) -> int:
        """How many there are."""
        return int(np.count_nonzero(self._documents)) if self._is_mask else len(self._documents)

    @cached_property
    def mask(self) -> Mask:
        """Which documents they are, shape ``[doc_count]``."""
        if self._is_mask:
            return self._documents.astype(np.bool_, copy=False)
        mask = np.zeros(self._doc_count, np.bool_)
        mask[self._documents] = True
        return mask

    @property
    def _is_mask(self) -> bool:
        return self._documents.dtype == np.bool_
