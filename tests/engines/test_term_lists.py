"""The commonest terms over several segments, against counting them all."""

from bisect import bisect_left
from collections import Counter
from types import SimpleNamespace

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from qtsearch.engines.whoosh.term_lists import TermLists


class Field:
    """The terms of one segment and in how many documents each is."""

    def __init__(self, counts):
        self._terms = sorted(counts)
        self.doc_freqs = np.array([counts[term] for term in self._terms], np.int32)

    def prefix_range(self, prefix):
        return bisect_left(self._terms, prefix), bisect_left(self._terms, prefix + b"\xff")

    def find(self, term):
        return self._terms.index(term) if term in self._terms else -1

    def term(self, ordinal):
        return self._terms[ordinal]

    def doc_freq(self, ordinal):
        return int(self.doc_freqs[ordinal])


def lists_over(fields):
    fields = list(fields)
    segments = [SimpleNamespace(field=lambda _, field=field: field) for field in fields]
    collection = SimpleNamespace(bases=range(len(fields)), live_count=1, doc_count=1)
    return TermLists(collection, segments)


TERMS = [f"{first}{number}".encode() for first in "ab" for number in range(30)]
SECOND_EVERYWHERE = [{b"a0": 3, b"a9": 2}, {b"a1": 3, b"a9": 2}, {b"a2": 3, b"a9": 2}]


@given(
    st.lists(st.dictionaries(st.sampled_from(TERMS), st.integers(1, 9)), max_size=4),
    st.sampled_from([b"", b"a", b"b1", b"c"]),
    st.integers(1, 12),
)
@example(SECOND_EVERYWHERE, b"a", 1)
def test_the_commonest_terms_are_found_however_they_are_spread(counts, prefix, limit):
    whole = sum(map(Counter, counts), Counter())
    beginning = {term: count for term, count in whole.items() if term.startswith(prefix)}
    found = lists_over(map(Field, counts)).commonest("words", prefix, limit)
    assert found == sorted(found, key=lambda pair: (-pair[1], pair[0]))
    assert len(dict(found)) == len(found)
    assert all(beginning[term] == count for term, count in found)
    assert [count for _, count in found] == sorted(beginning.values(), reverse=True)[:limit]
