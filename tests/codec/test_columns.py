"""Columns come back as they were written, packed or not, also through a merge; a forged one is damage."""

import numpy as np
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st
from whoosh.filedb.filestore import RamStorage

from qtsearch.codec.arrays import open_segment_arrays
from qtsearch.codec.columns.reader import read_bytes, read_numbers
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


@pytest.mark.parametrize("dtype", ["i1", "u1", "<i2", ">i2", "<u4", "<i8", "<f4", ">f8"])
def test_numbers_come_back(dtype):
    numbers, properties = np.array([1, 0, 77], dtype), {}
    file = container(lambda writer: properties.update(write_column(writer, "f", numbers, 3)))
    assert read_numbers(file, "f", properties, 3).tolist() == [1, 0, 77]
    assert properties["default"] == 0


@pytest.mark.parametrize("dtype", ["?", "<f2", "<c8", "S3", "<M8[s]"])
def test_numbers_of_a_type_that_no_column_has_are_refused(dtype):
    with pytest.raises(ValueError, match="cannot have numbers of type"):
        container(lambda writer: write_column(writer, "f", np.zeros(3, dtype), 3))


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize(
    "column", [bytes_column([b"a", b"bc"]), bytes_column([b"a", b"bc"], packed=True), np.array([1, 2], "<i4")]
)
def test_every_document_must_have_a_value(column, number):
    with pytest.raises(ValueError, match=f"column 'f' has 2 values for {number} documents"):
        container(lambda writer: write_column(writer, "f", column, number))


@pytest.mark.parametrize("packed", [False, True])
def test_the_value_of_each_document(packed):
    values = [b"", b"abc", b"", b"d", b"ef"]
    file, properties = written(values, packed)
    column = read_bytes(file, "f", properties, len(values))
    assert [column.value(docnum) for docnum in range(len(values))] == values


def test_a_column_is_packed_only_where_that_is_asked_for():
    assert not bytes_column([b"a"]).packed


def test_something_behind_a_frame_is_damage():
    frame = zstandard.ZstdCompressor().compress(b"abc" + b"d" * 200)

    def write(writer, more):
        writer.add("column/f", np.frombuffer(frame + more, np.uint8))
        writer.add("column_frames/f", np.array([len(frame + more)], "<u4"))
        writer.add_numbers("column_sizes/f", np.array([3, 200]))

    properties = {"kind": "bytes", "size_bytes": 1, "packed": True}
    sound, forged = (container(lambda writer, more=more: write(writer, more)) for more in (b"", b"more"))
    assert values_of(read_bytes(sound, "f", properties, 2)) == [b"abc", b"d" * 200]
    with pytest.raises(IndexDamaged, match="column/f"):
        read_bytes(forged, "f", properties, 2)


def test_strings_whose_sizes_have_another_sum_are_damage():
    def write(writer):
        writer.add("column/f", np.frombuffer(b"abcd", np.uint8))
        writer.add_numbers("column_sizes/f", np.array([1, 2]))

    with pytest.raises(IndexDamaged, match="sum 3, expected 4"):
        read_bytes(container(write), "f", {"kind": "bytes", "size_bytes": 1}, 2)


@pytest.mark.parametrize("type_name", ["<f2", "O", "|S1", None])
def test_numbers_of_a_type_that_no_column_has_are_damage(type_name):
    file = container(lambda writer: write_column(writer, "f", np.array([1, 2], "<u2"), 2))
    with pytest.raises(IndexDamaged, match="unknown type"):
        read_numbers(file, "f", {"kind": "numbers", "type": type_name}, 2)


def test_a_column_of_another_kind_is_no_such_column():
    file, properties = written([b"a"], packed=False)
    with pytest.raises(KeyError, match="holds no numbers"):
        read_numbers(file, "f", properties, 1)
    with pytest.raises(KeyError, match="holds no byte strings"):
        read_bytes(file, "f", {"kind": "numbers", "type": "<u1"}, 1)
