import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qtsearch.scoring.duplicates import near_duplicates, telling_numbers
from qtsearch.scoring.signature import SIGNATURE_FORM, telling


def signed(numbers):
    """Return the telling numbers of an article whose title has these terms, none of them a stop word."""
    known = np.flatnonzero(telling())
    return telling_numbers(np.array([known[number] for number in numbers], SIGNATURE_FORM).tobytes())


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (range(100), range(100), True),
        (range(100), range(5, 105), True),
        (range(100), range(6, 106), False),
        (range(100), [*range(100), *range(100)], True),
        (range(100), range(50), False),
        ([], [], False),
        ([1], [], False),
    ],
)
def test_near_duplicates(one, other, expected):
    assert near_duplicates(signed(one), signed(other)) is expected


@given(st.lists(st.integers(0, 30)), st.lists(st.integers(0, 30)))
def test_it_is_the_share_of_common_terms(one, other):
    a, b = set(one), set(other)
    expected = bool(a) and 10 * len(a & b) >= 9 * len(a | b)
    assert near_duplicates(signed(one), signed(other)) is expected
