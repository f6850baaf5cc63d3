"""The dictionary answers like a sorted list."""

from bisect import bisect_left

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from qtsearch.codec.terms.format import Terms
from qtsearch.codec.terms.reader import TermDictionary
from qtsearch.codec.terms.writer import write_terms
from qtsearch.errors import IndexDamaged
from tests.codec.arrays import container

term = (
    st.binary(max_size=6)
    | st.text("ab\u00e9", max_size=30).map(str.encode)
    | st.integers(0, 400).map(lambda n: b"z" * n)
)


def dictionary(terms):
    file = container(lambda writer: write_terms(writer, "f", [Terms.of(terms)]))
    return TermDictionary(file, "f", len(terms))


@given(st.sets(term, max_size=80).map(sorted), st.lists(term, max_size=5))
@example([], [b"", b"\xff"])
@example([b"", b"\x00", b"\xff", b"\xff\xff"], [b"\xff", b"\x00\x00"])
@example([b"x" * 20 + bytes((byte,)) * 300 for byte in range(40)], [b"x" * 20])
def test_answers_like_a_sorted_list(terms, others):
    found = dictionary(terms)
    assert list(found.terms(0, len(terms))) == list(found.joined()) == terms
    for wanted in terms + others:
        assert found.find(wanted) == (terms.index(wanted) if wanted in terms else -1)
        assert found.lower_bound(wanted) == bisect_left(terms, wanted)
        for prefix in (wanted, wanted[:2], wanted + b"\xff"):
            first, end = found.prefix_range(prefix)
            assert terms[first:end] == [text for text in terms if text.startswith(prefix)]
    for ordinal, text in enumerate(terms):
        assert found.term(ordinal) == text
    assert list(found.terms(len(terms) // 3, len(terms) // 2)) == terms[len(terms) // 3 : len(terms) // 2]


@pytest.mark.parametrize("terms", [[b"b", b"a"], [b"a", b"a"], [b"q" * 20 + b"b", b"q" * 20 + b"a"], [b"ab", b"a"]])
def test_unsorted_terms_are_refused(terms):
    with pytest.raises(ValueError, match="out of order"):
        dictionary(terms)


@given(st.sets(term, min_size=1, max_size=40).map(sorted), st.data())
def test_parts_of_terms(terms, data):
    whole = Terms.of(terms)
    first = data.draw(st.integers(0, len(terms)))
    end = data.draw(st.integers(first, len(terms)))
    assert list(whole.slice(first, end)) == terms[first:end]


def test_terms_are_front_coded_piece_by_piece(monkeypatch):
    terms = sorted({b"%d/%s" % (number * 7919 % 997, b"x" * (number % 40)) for number in range(500)})
    whole = container(lambda writer: write_terms(writer, "f", [Terms.of(terms)]))
    monkeypatch.setattr("qtsearch.codec.terms.writer.PIECE", 7)
    pieces = container(lambda writer: write_terms(writer, "f", [Terms.of(terms)]))
    assert bytes(pieces.data) == bytes(whole.data)


@given(st.sets(term, min_size=20, max_size=80).map(sorted), st.integers(0), st.integers(0, 255))
@example([b"x" * 20 + bytes((byte,)) for byte in range(40)], 1, 255)
def test_forged_terms_are_damage_and_nothing_else(terms, place, byte):
    found = dictionary(terms)
    file = found._container
    start, end = file.section("tails/f")
    forged = bytearray(file.data)
    forged[start + place % (end - start)] = byte
    file.data = memoryview(bytes(forged))
    file.require = lambda start, end: None  # as if the checksums were forged as well
    try:
        joined = found.joined()
    except IndexDamaged:
        return
    assert list(joined) == list(found.terms(0, len(terms)))
