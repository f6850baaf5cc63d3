import pytest
from hypothesis import given
from hypothesis import strategies as st

from qtsearch.scoring.duplicates import near_duplicates, telling_numbers
from qtsearch.scoring.signature import SIGNATURE_WORDS, signature, term_number


def signed(numbers):
    """Return the telling numbers of an article whose fields have these terms, none of them a stop word."""
    terms = [f"term{number}" for number in numbers]
    most = SIGNATURE_WORDS
    return telling_numbers(signature(terms[:most], terms[most : 2 * most], terms[2 * most :]))


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


def test_the_terms_stand_for_themselves_and_ascend():
    numbers = [*range(100), *range(50), *range(25)]
    assert signed(numbers).tolist() == sorted(term_number(f"term{number}") for number in range(100))
    assert len(set(signed(range(106)).tolist())) == 106


@given(st.lists(st.integers(0, 30)), st.lists(st.integers(0, 30)))
def test_it_is_the_share_of_common_terms(one, other):
    a, b = set(one), set(other)
    expected = bool(a) and 10 * len(a & b) >= 9 * len(a | b)
    assert near_duplicates(signed(one), signed(other)) is expected
