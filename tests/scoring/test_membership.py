"""Bits and counts of bits, against looking each document up."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from qtsearch.scoring.membership import Membership

some = st.sets(st.integers(0, 299)).map(sorted)


@given(some, some, st.integers(300, 320))
def test_places_are_those_of_the_list(held, documents, doc_count):
    members = Membership(np.array(held, np.int32), doc_count)
    kept, places = members.places(np.array(documents, np.int32))
    assert kept.tolist() == [at for at, one in enumerate(documents) if one in held]
    assert places.tolist() == [held.index(one) for one in documents if one in held]


def test_it_takes_five_bits_for_each_document():
    assert Membership(np.arange(100), 8000).nbytes == 5000
