"""Words that stand in order, close to each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from qtsearch.scoring.arrays import FieldArrays, Ints, PostingList
from qtsearch.scoring.frequencies import are_among

_SHIFT = 25
"""A place in the collection is ``docnum << 25 | position``: an article has fewer than 33 million words."""

_NOWHERE = np.iinfo(np.int64).max


class PhrasePostings(NamedTuple):
    """A posting list of a phrase; see ``PostingList``."""

    docnums: Ints
    term_freqs: Ints


def phrase_postings(
    field: FieldArrays, terms: Sequence[bytes], slop: int, documents: Ints | None = None
) -> PhrasePostings | None:
    """Return where the terms stand in this order with at most ``slop`` other words between them in all.

    The frequency is the number of places where the first term begins such a run. The slow one-liner, for the
    positions ``p1, p2, ..`` of each term in one document::

        sum(any(q[-1] - q[0] - (len(q) - 1) <= slop for q in product([p], p2, ..) if ascending(q)) for p in p1)

    For a given start, taking the next place of each following term gives the shortest run, so no product is needed.

    Args:
        field: where to look.
        terms: one or more.
        slop: other words that may stand in between.
        documents: look at these only, ascending; None for all.
    """
    ordinals = [field.find(term) for term in terms]
    if min(ordinals) < 0:
        return None
    lists: dict[int, PostingList] = {}
    shared = _shared_documents(field, ordinals, lists, documents)
    if len(shared) == 0:
        return None
    known = {ordinal: np.append(_places(field, ordinal, lists, shared), _NOWHERE) for ordinal in lists}
    starts = ends = known[ordinals[0]][:-1]
    for number, ordinal in enumerate(ordinals[1:], 1):
        places = known[ordinal]
        ends = places[np.searchsorted(places, ends, side="right")]
        # What is too long already only gets longer. A run that strays into the next document is far longer than any
        # slop.
        close = ends - starts - number <= slop
        starts, ends = starts[close], ends[close]
    runs = starts >> _SHIFT
    if len(runs) == 0:
        return None
    docnums, frequencies = np.unique(runs, return_counts=True)
    return PhrasePostings(docnums.astype(np.int32), frequencies)


def _shared_documents(
    field: FieldArrays, ordinals: Sequence[int], lists: dict[int, PostingList], documents: Ints | None
) -> Ints:
    """Return the documents that all of some terms have, and put the posting lists that were read into ``lists``."""
    first, *others = sorted(set(ordinals), key=field.doc_freq)
    lists[first] = field.postings(first)
    shared = lists[first].docnums
    if documents is not None:
        shared = shared[np.isin(shared, documents, assume_unique=True, kind="sort")]
    for ordinal in others:
        if len(shared) == 0:
            break
        lists[ordinal] = field.postings(ordinal)
        shared = shared[are_among(lists[ordinal].docnums, shared)]
    return shared


def _places(field: FieldArrays, ordinal: int, lists: Mapping[int, PostingList], documents: Ints) -> Ints:
    """Return the places of a term in these documents, all of which have it, ascending."""
    listed = lists[ordinal]
    rows = np.searchsorted(listed.docnums, documents)
    starts, positions = field.positions_of(ordinal, rows, listed.term_freqs)
    places: Ints = (np.repeat(documents.astype(np.int64), np.diff(starts)) << _SHIFT) | positions
    return places
