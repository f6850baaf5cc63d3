"""Packing loses nothing, and picks the smallest form."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from qtsearch.codec.packing.format import PACKINGS, index_width, offsets_of, ranges
from qtsearch.codec.packing.reader import unpack, unpack_many, unpack_some
from qtsearch.codec.packing.writer import pack

numbers = st.integers(0, 2**32 - 1) | st.integers(0, 300) | st.integers(0, 3)
lists = st.lists(st.lists(numbers, max_size=40), max_size=20)


def packed(groups):
    counts = np.array([len(group) for group in groups], dtype=np.int64)
    flat = np.array([number for group in groups for number in group], dtype=np.uint32)
    return pack(flat, counts), counts, flat


@given(lists)
@example([[]])
@example([[0] * 255, [0] * 256, [1] * 255 + [2**31]])
def test_unpack_gives_back_what_was_packed(groups):
    result, counts, flat = packed(groups)
    data = result.data.tobytes()
    starts = offsets_of(result.sizes)
    for group, start, end, code in zip(groups, starts, starts[1:], result.codes.tolist(), strict=False):
        found, stop = unpack(data, int(start), len(group), code)
        assert found.view(np.uint32).tolist() == group
        assert stop == end
        wanted = np.arange(0, len(group), 3)[::-1]
        some = unpack_some(data, int(start), len(group), code, wanted)
        assert some.view(np.uint32).tolist() == [group[place] for place in wanted]
    many = unpack_many(result.data, starts[:-1], counts, result.codes)
    assert np.array_equal(many.numbers, flat)
    assert np.array_equal(many.ends, starts[1:])


@given(lists)
def test_no_packing_would_be_smaller(groups):
    result, _, _ = packed(groups)
    for group, size in zip(groups, result.sizes.tolist(), strict=True):
        assert size == min(cost for code in range(16) if (cost := plain_cost(group, code)) is not None)


def plain_cost(group, code):
    """The bytes of a list by the definition of the format; None where the packing cannot hold it."""
    packing = PACKINGS[code]
    if any(number >> packing.limit for number in group):
        return None
    exceptions = sum(number >> packing.width > 0 for number in group)
    low = -(-len(group) * packing.width // 8)
    return low + (index_width(len(group)) * (1 + exceptions) + packing.high * exceptions if packing.high else 0)


@pytest.mark.parametrize("count", [255, 256, 65_535, 65_536, 70_000])
@pytest.mark.parametrize("code", range(16))
def test_long_lists_in_every_packing(count, code):
    packing = PACKINGS[code]
    random = np.random.default_rng(code)
    flat = random.integers(0, 2**packing.width, count, dtype=np.uint32)
    if packing.high:
        flat[random.integers(0, count, 50)] = 2**packing.limit - 1
    result = pack(flat, np.array([count]))
    found, stop = unpack(result.data.tobytes(), 0, count, int(result.codes[0]))
    assert np.array_equal(found.view(np.uint32), flat)
    assert stop == len(result.data)
    wanted = random.integers(0, count, 100)
    some = unpack_some(result.data.tobytes(), 0, count, int(result.codes[0]), wanted)
    assert np.array_equal(some.view(np.uint32), flat[wanted])
    many = unpack_many(result.data, np.array([0]), np.array([count]), result.codes)
    assert np.array_equal(many.numbers, flat)


@given(st.lists(st.tuples(st.integers(0, 100), st.integers(0, 5))))
def test_ranges(runs):
    starts = np.array([start for start, _ in runs], dtype=np.int64)
    counts = np.array([count for _, count in runs], dtype=np.int64)
    assert ranges(starts, counts).tolist() == [
        number for start, count in runs for number in range(start, start + count)
    ]


@pytest.mark.parametrize("largest", [2**bits + more for bits in (1, 2, 4, 8, 16, 24, 31) for more in (-1, 0, 1)])
def test_lists_whose_largest_number_just_fits_or_not(largest):
    for group in ([largest], [largest] * 3, [0] * 300 + [largest]):
        result, counts, flat = packed([group])
        many = unpack_many(result.data, np.array([0]), counts, result.codes)
        assert many.numbers.tolist() == flat.tolist() == group
        assert result.sizes.tolist() == [min(filter(None, (plain_cost(group, code) for code in range(1, 16))))]


def test_packings_are_chosen_for_some_lists_at_a_time(monkeypatch):
    groups = [list(range(number * 7 % 5, 2 ** (number % 20), 1 + 2 ** (number % 20) // 9)) for number in range(40)]
    whole, _, _ = packed(groups)
    monkeypatch.setattr("qtsearch.codec.packing.writer._AT_ONCE", 3)
    pieces, _, _ = packed(groups)
    assert len(set(whole.codes.tolist())) > 3
    for one, other in zip(whole, pieces, strict=True):
        assert np.array_equal(one, other)
