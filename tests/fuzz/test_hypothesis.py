"""The targets under Hypothesis: any bytes, and pieces of sound input put together at random."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz.targets import SEEDS, TARGETS

PIECES = {
    name: sorted({piece for seed in seeds for piece in re.findall(rb"\w+|\s+|[^\w\s]", seed)} | {b"\n", b"\xff", b"\0"})
    for name, seeds in SEEDS.items()
}


@pytest.mark.parametrize("name", TARGETS)
@settings(max_examples=150)
@given(data=st.data())
def test_any_bytes(name, data):
    TARGETS[name](data.draw(st.binary(max_size=400)))


@pytest.mark.parametrize("name", TARGETS)
@settings(max_examples=150)
@given(data=st.data())
def test_pieces_put_together(name, data):
    before = data.draw(st.sampled_from([b"", *SEEDS[name]]))
    pieces = data.draw(st.lists(st.sampled_from(PIECES[name]) | st.binary(max_size=5), max_size=40))
    TARGETS[name](before[: data.draw(st.integers(0, len(before)))] + b"".join(pieces))


@pytest.mark.parametrize("name", TARGETS)
def test_the_seeds(name):
    for seed in SEEDS[name]:
        TARGETS[name](seed)
