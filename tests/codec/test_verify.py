"""No damage goes unnoticed: checks always report it, and readers raise the one clear error or answer right."""

import pickle
import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from whoosh import fields
from whoosh.filedb.filestore import FileStorage, RamStorage
from whoosh.reading import SegmentReader, TermNotFound

from qtsearch.codec.arrays import open_segment_arrays
from qtsearch.codec.container.format import FOOTER, FOOTER_SIZE, HEADER, PAGE_SIZE, VERSION
from qtsearch.codec.container.reader import Container, SegmentFileMissing
from qtsearch.codec.verify import verify
from qtsearch.codec.whoosh.codec import ArrayCodec
from qtsearch.codec.whoosh.segment import ArraySegment
from qtsearch.errors import IndexDamaged, IndexFault, IndexOutdated
from tests.codec.arrays import segment_of
from tests.codec.indexes import SHAPES, build, full_schema
from tests.codec.reading import everything, file_names

SCHEMA = fields.Schema(key=fields.ID(stored=True), text=fields.TEXT(stored=True, sortable=True, vector=True))


@pytest.fixture(scope="module")
def tiny():
    """The files of a tiny segment, what they say, and the segment."""
    storage = RamStorage()
    index = storage.create_index(SCHEMA)
    writer = index.writer(codec=ArrayCodec())
    writer.add_document(key="a", text="liver cancer liver")
    writer.add_document(key="b", text="heart")
    writer.commit()
    (segment,) = index._segments()
    files = {name: storage.open_file(name).read() for name in file_names(segment)}
    return files, everything(SegmentReader(storage, SCHEMA, segment)), segment


def storage_of(files):
    storage = RamStorage()
    for name, data in files.items():
        with storage.create_file(name) as file:
            file.write(data)
    return storage


def assert_noticed(files, expected, segment, damaged):
    storage = storage_of(files)
    faults = verify(storage, segment.segment_id(), segment.doc_count_all())
    assert faults
    assert all(fault.file == damaged for fault in faults)
    try:
        assert everything(SegmentReader(storage, SCHEMA, segment)) == expected
    except IndexFault as error:
        assert damaged in str(error)


@pytest.mark.parametrize("extension", [".docs", ".terms"])
@pytest.mark.parametrize("flip", [0x01, 0xFF])
def test_every_byte_flipped(tiny, extension, flip):
    files, expected, segment = tiny
    name = segment.segment_id() + extension
    for place in range(len(files[name])):
        data = bytearray(files[name])
        data[place] ^= flip
        assert_noticed({**files, name: bytes(data)}, expected, segment, name)


@pytest.mark.parametrize("extension", [".docs", ".terms"])
def test_every_length_and_one_byte_more(tiny, extension):
    files, expected, segment = tiny
    name = segment.segment_id() + extension
    for length in range(len(files[name])):
        assert_noticed({**files, name: files[name][:length]}, expected, segment, name)
    assert_noticed({**files, name: files[name] + b"\0"}, expected, segment, name)


def test_a_sound_segment_has_no_faults_and_progress_is_told(tiny):
    files, _, segment = tiny
    told = []
    assert (
        verify(storage_of(files), segment.segment_id(), 2, progress=lambda done, total: told.append((done, total)))
        == []
    )
    assert [done for done, total in told if done == total] == [total for _, total in told]


@pytest.mark.parametrize("shape", SHAPES)
def test_segments_of_every_field_are_sound(tmp_path, shape):
    index = build(tmp_path / "index", ArrayCodec, SHAPES[shape])
    for segment in index._segments():
        assert verify(index.storage, segment.segment_id(), segment.doc_count_all(), segment.deleted_docs()) == []


def test_damage_in_one_page_is_named_and_the_rest_can_be_read(tmp_path):
    storage, segment = segment_of(
        [[b"%d" % (n * k) for k in range(20)] for n in range(3000)], FileStorage(str(tmp_path))
    )
    name = segment.segment_id() + ".terms"
    container = open_segment_arrays(storage, segment.segment_id()).inverted_index.container
    start, end = container.section("lists/text")
    path = tmp_path / name
    data = bytearray(path.read_bytes())
    data[(start + end) // 2] ^= 1
    path.write_bytes(data)
    (fault,) = verify(storage, segment.segment_id())
    assert (fault.file, "lists/text" in fault.structure) == (name, True)
    field = open_segment_arrays(storage, segment.segment_id()).field("text")
    read, refused = 0, 0
    for ordinal in range(0, field.term_count, 7):
        try:
            field.postings(ordinal)
            read += 1
        except IndexDamaged as error:
            assert name in str(error)
            refused += 1
    assert read > refused > 0
    assert end - start > 4 * PAGE_SIZE


def test_missing_file(tiny):
    files, _, segment = tiny
    for name in files:
        left = storage_of({other: data for other, data in files.items() if other != name})
        with pytest.raises(SegmentFileMissing, match=name):
            SegmentReader(left, SCHEMA, segment)
        assert [fault.file for fault in verify(left, segment.segment_id())] == [name]


def test_newer_version(tiny):
    files, _, segment = tiny
    for name, data in files.items():
        newer = bytearray(data)
        struct.pack_into("<I", newer, 16, VERSION + 1)
        other_end = bytes(newer[:-1]) + b"?"
        for sound in (resealed(bytes(newer)), other_end):
            with pytest.raises(IndexOutdated, match=f"format version {VERSION + 1}"):
                SegmentReader(storage_of({**files, name: sound}), SCHEMA, segment)
        with pytest.raises(IndexDamaged, match=f"header: version {VERSION + 1}, and checksum"):
            SegmentReader(storage_of({**files, name: bytes(newer)}), SCHEMA, segment)


def test_swapped_files(tiny):
    files, _, segment = tiny
    docs, terms = file_names(segment)
    with pytest.raises(IndexDamaged, match="kind"):
        SegmentReader(storage_of({docs: files[terms], terms: files[terms]}), SCHEMA, segment)
    other = ArraySegment("MAIN", "other", 2)
    moved = dict(zip(file_names(other), files.values(), strict=True))
    with pytest.raises(IndexDamaged, match="belongs to segment"):
        SegmentReader(storage_of(moved), SCHEMA, other)
    with pytest.raises(IndexDamaged, match="2 documents, expected 3"):
        SegmentReader(storage_of(files), SCHEMA, ArraySegment("MAIN", segment.segid, 3))


def resealed(data):
    """Return a container with all its checksums made right again."""
    body, length, size, pages, _ = FOOTER.unpack_from(data, len(data) - FOOTER_SIZE)
    sums = b"".join(
        zlib.crc32(data[p : min(p + PAGE_SIZE, body)]).to_bytes(4, "little") for p in range(0, body, PAGE_SIZE)
    )
    index = data[body : body + length] + sums
    footer = FOOTER.pack(body, length, size, pages, zlib.crc32(index))
    return data[:body] + index + footer + zlib.crc32(footer).to_bytes(4, "little") + data[-8:]


@settings(max_examples=150)
@given(data=st.data())
def test_forged_files_raise_nothing_else(tiny, data):
    files, _, segment = tiny
    name = data.draw(st.sampled_from(sorted(files)))
    forged = bytearray(files[name])
    body, length, *_ = FOOTER.unpack_from(forged, len(forged) - FOOTER_SIZE)
    for _ in range(data.draw(st.integers(1, 3))):
        forged[data.draw(st.integers(HEADER.size, body + length - 1))] = data.draw(st.integers(0, 255))
    storage = storage_of({**files, name: resealed(bytes(forged))})
    try:
        everything(SegmentReader(storage, SCHEMA, segment))
    except IndexFault as error:
        assert name in str(error)
    except TermNotFound:
        assert name.endswith(".terms")  # a forged dictionary out of order
    assert isinstance(verify(storage, segment.segment_id(), 2), list)


@pytest.mark.long
def test_every_forged_number_in_the_contents_is_damage_or_harmless(tiny):
    """Each character of the contents becomes each of those that turn a number into a wrong, a broken or a real one."""
    files, _, segment = tiny
    harmful = 0
    for name, data in files.items():
        body, length, *_ = FOOTER.unpack_from(data, len(data) - FOOTER_SIZE)
        for place in range(body, body + length):
            for character in b"0359e-.":
                forged = bytearray(data)
                forged[place] = character
                storage = storage_of({**files, name: resealed(bytes(forged))})
                faults = verify(storage, segment.segment_id(), 2)
                harmful += bool(faults)
                assert all(fault.file in files for fault in faults)
    assert harmful > 1000


@pytest.mark.parametrize(
    ("section", "byte", "what"),
    [
        ("heads/text", b"z", "term 1 b'heart' is not after b'zancer'"),
        ("lengths/text", b"\t", "sum 10, expected 4"),
        ("vectors/text", b"\0", "document 0: "),
    ],
)
def test_what_does_not_fit_is_named_though_every_checksum_is_right(tiny, section, byte, what):
    files, _, segment = tiny
    opened = [Container(memoryview(data), name, data[20:24]) for name, data in files.items()]
    (file,) = [one for one in opened if section in one.sections]
    forged = bytearray(files[file.name])
    forged[file.sections[section][0]] = ord(byte)
    storage = storage_of({**files, file.name: resealed(bytes(forged))})
    fault = verify(storage, segment.segment_id(), 2)[0]
    assert (fault.file, fault.what[: len(what)]) == (file.name, what)


def test_a_deleted_document_that_is_none_is_named(tiny):
    files, _, segment = tiny
    (fault,) = verify(storage_of(files), segment.segment_id(), 2, deleted=[1, 2])
    assert (fault.structure, fault.what) == ("deleted documents", "document 2 of 2")


def test_segments_go_through_pickle():
    segment = ArraySegment("MAIN", "abc", 10, {3, 1})
    copy = pickle.loads(pickle.dumps(segment))
    assert copy == segment
    assert list(copy.deleted_docs()) == [1, 3]
    assert copy.doc_count() == 8
    assert ArraySegment.__module__ == "qtsearch.codec.whoosh.segment"
    segment.delete_document(3, delete=False)
    segment.delete_document(1)
    assert list(segment.deleted_docs()) == [1]
    with pytest.raises(ValueError, match="no document 10"):
        segment.delete_document(10)


def test_errors_survive_pickling():
    with pytest.raises(IndexDamaged) as caught:
        Container(memoryview(bytes(200)), "x.docs", b"DOCS")
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def test_full_schema_has_every_column_kind(tmp_path):
    index = build(tmp_path / "index", ArrayCodec, SHAPES["single"], full_schema())
    (segment,) = index._segments()
    columns = open_segment_arrays(index.storage, segment.segment_id()).documents.columns
    assert {properties["kind"] for properties in columns.values()} == {"numbers", "bytes", "values", "whoosh"}
