"""Chunks looked up in arrays are those that a dictionary gives one by one."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qtsearch.analysis import chunk_table
from qtsearch.analysis.chunk_table import ChunkTable

chunks = (
    st.text(alphabet="abAB19'", max_size=40) | st.text(max_size=20) | st.sampled_from(["a" * 16, "a" * 17, "é" * 8])
)
texts = st.lists(chunks, max_size=12).map(" ".join) | st.sampled_from(["", "\ud800b", "\0", "a\0b"])

SMALL = {code: chr(code).lower() for code in range(128)}


def one_by_one(texts, numbering):
    """Return the numbers of the chunks of each text; ``numbering`` gives one to each that is new."""
    found = [re.findall("[0-9A-Za-z'\x80-\U0010ffff]+", text) for text in texts]
    return [[numbering(chunk.translate(SMALL)) for chunk in chunks] for chunks in found]


class Numbering(dict):
    def __call__(self, chunk):
        return self.setdefault(chunk, len(self))


@pytest.mark.parametrize(("bits", "step"), [(18, 1 << 16), (3, 1 << 16), (18, 2), (1, 3)])
def test_as_one_by_one(monkeypatch, bits, step):
    monkeypatch.setattr(chunk_table, "_BITS", bits)  # few places: chunks find theirs taken
    monkeypatch.setattr(chunk_table, "_STEP", step)

    @given(st.lists(st.lists(texts, max_size=5), max_size=4))
    def check(rows):
        numbering = Numbering()
        table = ChunkTable(numbering)
        for row in rows:
            numbers, counts = table.numbers([text.encode("utf-8", "surrogatepass") for text in row])
            known = len(numbering)
            expected = one_by_one(row, numbering)
            assert len(numbering) == known
            assert counts.tolist() == [len(one) for one in expected]
            assert numbers.tolist() == [number for one in expected for number in one]

    check()


def test_a_known_chunk_is_not_looked_up_again():
    asked = []
    table = ChunkTable(lambda chunk: asked.append(chunk) or 7)
    for _ in range(3):
        numbers, counts = table.numbers([b"Liver liver", b"", b"LIVER"])
        assert numbers.tolist() == [7, 7, 7]
        assert counts.tolist() == [2, 0, 1]
        assert numbers.dtype == np.int32
    assert asked == ["liver"] * 3  # thrice in the first call, never again
