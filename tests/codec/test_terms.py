"""The dictionary answers like a sorted list."""

from bisect import bisect_left

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from qtsearch.codec.byte_strings import ByteStrings
from qtsearch.codec.terms import writer as terms_writer
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
    file = container(lambda writer: write_terms(writer, "f", [ByteStrings.of(terms)]))
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
    whole = ByteStrings.of(terms)
    first = data.draw(st.integers(0, len(terms)))
    end = data.draw(st.integers(first, len(terms)))
    assert list(whole.slice(first, end)) == terms[first:end]


def test_terms_are_front_coded_piece_by_piece(monkeypatch):
    terms = sorted({b"%d/%s" % (number * 7919 % 997, b"x" * (number % 40)) for number in range(500)})
    whole = container(lambda writer: write_terms(writer, "f", [ByteStrings.of(terms)]))
    monkeypatch.setattr("qtsearch.codec.terms.writer.PIECE", 7)
    pieces = container(lambda writer: write_terms(writer, "f", [ByteStrings.of(terms)]))
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


@pytest.mark.parametrize("shared", range(12, 19))
def test_terms_of_version_1_share_15_bytes_at_most(monkeypatch, shared):
    terms = [b"x" * shared + bytes((byte,)) * 20 for byte in range(40)]
    share = terms_writer._shared_with_previous
    monkeypatch.setattr(terms_writer, "_shared_with_previous", lambda terms: np.minimum(share(terms), 15))
    monkeypatch.setattr(terms_writer, "LONGEST_SHARED", 16)  # so that no varint is written
    file = container(lambda writer: write_terms(writer, "f", [ByteStrings.of(terms)]))
    file.version = 1
    found = TermDictionary(file, "f", len(terms))
    assert list(found.terms(0, len(terms))) == list(found.joined()) == terms


@pytest.mark.parametrize("place", [-1, -2])
@pytest.mark.parametrize("off", [-1, 1])
def test_blocks_that_end_elsewhere_than_heads_and_tails_are_damage(place, off):
    terms = [b"%d" % number for number in range(1000, 1040)]
    file = dictionary(terms)._container
    start, end = file.section("blocks/f")
    blocks = np.frombuffer(bytes(file.data[start:end]), "<u4").astype(np.int64)
    blocks[place] += off
    file.data = memoryview(bytes(file.data[:start]) + blocks.astype("<u4").tobytes() + bytes(file.data[end:]))
    file.require = lambda start, end: None  # as if the checksums were forged as well
    file._sound = bytearray(b"\1" * len(file.page_sums))
    with pytest.raises(IndexDamaged, match="do not fit together"):
        TermDictionary(file, "f", len(terms))


def test_what_stands_behind_the_last_term_of_a_block_is_damage():
    terms = [b"term-%02d" % number for number in range(16)]
    found = dictionary(terms)
    file = found._container
    _, end = file.section("tails/f")
    forged = bytearray(file.data)
    assert forged[end - 2 : end] == bytes((6 << 4 | 1,)) + b"5"  # "term-15" shares "term-1" with the one before
    forged[end - 2] -= 1  # so that it has no byte of its own
    file.data = memoryview(bytes(forged))
    file.require = lambda start, end: None  # as if the checksums were forged as well
    with pytest.raises(IndexDamaged, match="do not fit together"):
        found.joined()
