"""Columns come back as they were written, packed or not, also through a merge; a forged one is damage."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from whoosh.filedb.filestore import RamStorage

from qtsearch.codec.arrays import open_segment_arrays
from qtsearch.codec.columns.reader import read_bytes
from qtsearch.codec.columns.writer import bytes_column, write_column
from qtsearch.codec.merge import merge_segments
from qtsearch.codec.segment_writer import SegmentData, write_segment
from qtsearch.codec.verify import verify
from qtsearch.codec.whoosh.segment import ArraySegment
from qtsearch.errors import IndexDamaged
from tests.codec.arrays import container


def written(values, packed):
    """Return a container with a column of byte strings, and the column's properties."""
    properties = {}
    column = bytes_column(values, packed=packed)
    file = container(lambda writer: properties.update(write_column(writer, "f", column, len(values))))
    return file, properties


def values_of(column):
    return [column.data[a:b].tobytes() for a, b in zip(column.offsets[:-1], column.offsets[1:], strict=True)]


@pytest.mark.parametrize("frame", [1, 7, 2**20])
@pytest.mark.parametrize("packed", [False, True])
@given(values=st.lists(st.binary(max_size=20), max_size=20))
def test_byte_strings_come_back(frame, packed, values):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("qtsearch.codec.columns.writer.FRAME", frame)
        patch.setattr("qtsearch.codec.columns.reader.FRAME", frame)
        file, properties = written(values, packed)
        column = read_bytes(file, "f", properties, len(values))
    assert values_of(column) == values
    assert column.packed == packed


def test_packing_leaves_little_of_values_that_are_alike():
    values = [b"/learn/cardiology/questions/how-to-diagnose-%d" % number for number in range(3000)]
    sizes = [len(written(values, packed)[0].view("column/f")) for packed in (False, True)]
    assert sizes[1] < sizes[0] / 4


def test_merged_columns_stay_packed():
    storage = RamStorage()
    sources = []
    for name, values in (("a", [b"one", b"", b"three"]), ("b", [b"four"])):
        segment = ArraySegment("MAIN", name)
        columns = {"f": bytes_column(values, packed=True)}
        write_segment(storage, segment, SegmentData(len(values), {}, columns=columns))
        sources.append(open_segment_arrays(storage, segment.segment_id()))
    merged = ArraySegment("MAIN", "c")
    merge_segments(storage, merged, sources)
    column = open_segment_arrays(storage, merged.segment_id()).bytes_column("f")
    assert values_of(column) == [b"one", b"", b"three", b"four"]
    assert column.packed
    assert verify(storage, merged.segment_id()) == []


@pytest.mark.parametrize("place", range(12))
def test_a_forged_frame_is_damage(place):
    values = [b"abcabcabc" * 9, b"d" * 200]
    file, properties = written(values, packed=True)
    start, _ = file.section("column/f")
    forged = bytearray(file.data)
    forged[start + place] ^= 0xFF
    file.data = memoryview(bytes(forged))
    file._sound = bytearray(b"\1" * len(file.page_sums))
    try:
        column = read_bytes(file, "f", properties, len(values))
    except IndexDamaged as error:
        assert "column/f" in str(error)
    else:
        assert len(column.data) == sum(map(len, values))


@pytest.mark.parametrize("section", ["column_frames/f", "column_sizes/f"])
def test_forged_sizes_are_damage(section):
    file, properties = written([b"abc", b"d" * 200], packed=True)
    start, _ = file.section(section)
    forged = bytearray(file.data)
    forged[start] ^= 0xFF
    file.data = memoryview(bytes(forged))
    file._sound = bytearray(b"\1" * len(file.page_sums))
    with pytest.raises(IndexDamaged, match="f"):
        read_bytes(file, "f", properties, 2)


def test_no_documents():
    file, properties = written([], packed=True)
    assert read_bytes(file, "f", properties, 0).offsets.tolist() == [0]
    assert np.array_equal(read_bytes(file, "f", properties, 0).data, np.zeros(0, np.uint8))
