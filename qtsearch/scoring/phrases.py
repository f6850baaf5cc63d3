"""Words that stand in order, close to each other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from qtsearch.scoring.arrays import FieldArrays, Ints

_SHIFT = 25
"""A place in the collection is ``docnum << 25 | position``: an article has fewer than 33 million words."""


class PhrasePostings(NamedTuple):
    """A posting list of a phrase; see ``PostingList``."""

    docnums: Ints
    term_freqs: Ints


def phrase_postings(field: FieldArrays, terms: Sequence[bytes], slop: int) -> PhrasePostings | None:
    """Return where the terms stand in this order with at most ``slop`` other words between them in all.

    The frequency is the number of places where the first term begins such a run. The slow one-liner, for the
    positions ``p1, p2, ..`` of each term in one document::

        sum(any(q[-1] - q[0] - (len(q) - 1) <= slop for q in product([p], p2, ..) if ascending(q)) for p in p1)

    For a given start, taking the next place of each following term gives the shortest run, so no product is needed.
    """
    ordinals = [field.find(term) for term in terms]
    if min(ordinals) < 0:
        return None
    shared = _shared_documents(field, ordinals)
    if len(shared) == 0:
        return None
    starts = ends = _places(field, ordinals[0], shared)
    for ordinal in ordinals[1:]:
        places = _places(field, ordinal, shared)
        following = np.searchsorted(places, ends, side="right")
        reached = following < len(places)
        starts, ends = starts[reached], places[following[reached]]
    # A run that strays into the next document is far longer than any slop.
    runs = starts[ends - starts - (len(terms) - 1) <= slop] >> _SHIFT
    if len(runs) == 0:
        return None
    docnums, frequencies = np.unique(runs, return_counts=True)
    return PhrasePostings(docnums.astype(np.int32), frequencies)


def _shared_documents(field: FieldArrays, ordinals: Sequence[int]) -> Ints:
    by_rarity = sorted(set(ordinals), key=field.doc_freq)
    shared = field.postings(by_rarity[0]).docnums
    for ordinal in by_rarity[1:]:
        if len(shared) == 0:
            break
        docnums = field.postings(ordinal).docnums
        at = np.searchsorted(docnums, shared)
        at[at == len(docnums)] = 0
        shared = shared[docnums[at] == shared]
    return shared


def _places(field: FieldArrays, ordinal: int, documents: Ints) -> Ints:
    """Return the places of a term in these documents, all of which have it, ascending."""
    rows = np.searchsorted(field.postings(ordinal).docnums, documents)
    starts, positions = field.positions_of(ordinal, rows)
    places: Ints = (np.repeat(documents.astype(np.int64), np.diff(starts)) << _SHIFT) | positions
    return places
