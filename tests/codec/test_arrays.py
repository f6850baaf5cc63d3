"""A segment written from arrays says what the documents say, through arrays and through Whoosh."""

import datetime
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from whoosh import analysis, columns, fields, query
from whoosh.filedb.filestore import FileStorage, RamStorage
from whoosh.reading import SegmentReader
from whoosh.searching import Searcher

from qtsearch.codec.arrays import open_segment_arrays
from qtsearch.codec.byte_strings import ByteStrings
from qtsearch.codec.merge import merge_segments
from qtsearch.codec.postings.format import Inverted
from qtsearch.codec.postings.writer import SLICE
from qtsearch.codec.segment_writer import SegmentData, write_segment
from qtsearch.codec.verify import verify
from qtsearch.codec.whoosh.codec import ArrayCodec
from qtsearch.codec.whoosh.segment import ArraySegment
from tests.codec.arrays import invert, segment_of

token = st.sampled_from([b"a", b"b", b"cc", b"\xc3\xa9", b"long" * 9]) | st.binary(min_size=1, max_size=2)
documents = st.lists(st.lists(token, max_size=12), min_size=1, max_size=12)


def assert_holds(arrays, wanted):
    """Compare every list of a segment with the documents, one token after the other."""
    _, lengths, found = invert(wanted)
    field = arrays.field("text")
    assert arrays.doc_count_all == len(wanted)
    assert np.array_equal(arrays.documents.lengths("text"), lengths)
    if field is None:
        assert not found
        return
    assert list(field.terms(0, field.term_count)) == sorted(found)
    assert field.total_length == sum(lengths)
    for ordinal, term in enumerate(sorted(found)):
        docnums, freqs = field.postings(ordinal)
        starts, positions = arrays.inverted_index.field("text").positions(ordinal)
        where = found[term]
        assert field.find(term) == ordinal
        assert field.doc_freq(ordinal) == len(where)
        assert docnums.tolist() == list(where)
        assert freqs.tolist() == [len(places) for places in where.values()]
        assert [positions[a:b].tolist() for a, b in pairwise(starts)] == list(where.values())
        places = np.arange(len(where))[::2]
        starts, positions = field.positions_of(ordinal, places, field.postings(ordinal).term_freqs)
        assert [positions[a:b].tolist() for a, b in pairwise(starts)] == list(where.values())[::2]
        assert docnums.dtype == freqs.dtype == positions.dtype == np.int32


@given(documents)
def test_batch_road(wanted):
    storage, segment = segment_of(wanted)
    arrays = open_segment_arrays(storage, segment.segment_id(), len(wanted))
    assert_holds(arrays, wanted)
    assert arrays.live() is None
    assert arrays.number_column("number").tolist() == [number - 3 for number in range(len(wanted))]
    column = arrays.bytes_column("path")
    assert column.data[column.offsets[0] : column.offsets[1]].tobytes() == b"articles/0.md"
    for docnum, tokens in enumerate(wanted):
        assert arrays.documents.stored.fields(docnum) == {"n": docnum, "article": b"\x00".join(tokens)}
    flag = arrays.field("flag")
    if flag is not None and flag.term_count:
        assert flag.postings(0).term_freqs.tolist() == [1] * flag.doc_freq(0)
        assert len(arrays.inverted_index.field("flag").positions(0)[1]) == 0
    assert verify(storage, segment.segment_id(), len(wanted)) == []


@settings(max_examples=60)
@given(st.lists(documents, min_size=1, max_size=4), st.data())
def test_merge_on_arrays(groups, data):
    storage = RamStorage()
    sources, kept = [], []
    for number, group in enumerate(groups):
        _, segment = segment_of(group, storage, f"s{number}")
        deleted = data.draw(st.sets(st.integers(0, len(group) - 1)))
        sources.append(open_segment_arrays(storage, segment.segment_id(), len(group), deleted))
        kept += [(number, docnum) for docnum in range(len(group)) if docnum not in deleted]
    merged = ArraySegment("MAIN", "merged")
    maps = merge_segments(storage, merged, sources)
    arrays = open_segment_arrays(storage, merged.segment_id(), len(kept))
    assert_holds(arrays, [groups[number][docnum] for number, docnum in kept])
    assert [int(maps[number][docnum]) for number, docnum in kept] == list(range(len(kept)))
    assert sum(int((docnums >= 0).sum()) for docnums in maps) == len(kept)
    for new, (number, docnum) in enumerate(kept):
        assert arrays.documents.stored.fields(new) == sources[number].documents.stored.fields(docnum)
        assert arrays.number_column("number")[new] == sources[number].number_column("number")[docnum]
    assert verify(storage, merged.segment_id(), len(kept)) == []


def test_merge_in_many_batches(monkeypatch):
    monkeypatch.setattr("qtsearch.codec.merge.BATCH", 16)
    random = np.random.default_rng(3)
    groups = [[[b"%d" % n for n in random.integers(0, 60, 20)] for _ in range(15)] for _ in range(3)]
    storage = RamStorage()
    sources = [
        open_segment_arrays(storage, segment_of(group, storage, f"s{number}")[1].segment_id())
        for number, group in enumerate(groups)
    ]
    merge_segments(storage, ArraySegment("MAIN", "merged"), sources)
    assert_holds(open_segment_arrays(storage, "MAIN_merged"), [tokens for group in groups for tokens in group])


def test_merge_makes_one_dictionary_for_all_documents():
    texts = [b"treatment of stage %d liver cancer in trial %d" % (n, n * n) for n in range(7000)]
    storage = RamStorage()
    _, first = segment_of([text.split() for text in texts], storage, "big")
    _, second = segment_of([[b"other"], [b"more"]], storage, "small")
    sources = [open_segment_arrays(storage, segment.segment_id()) for segment in (second, first)]
    assert sources[1].documents.stored.dictionary
    merge_segments(storage, ArraySegment("MAIN", "merged"), sources)
    merged = open_segment_arrays(storage, "MAIN_merged")
    assert merged.documents.stored.dictionary
    assert merged.documents.stored.fields(1)["article"] == b"more"
    assert merged.documents.stored.fields(7001)["article"] == texts[6999].replace(b" ", b"\x00")


def test_lists_longer_than_a_slice_and_a_page():
    count = 40_000
    docnums = np.arange(count, dtype=np.int32)
    freqs = np.where(docnums % 7 == 0, 60, 1).astype(np.int32)
    starts = np.cumsum(freqs) - freqs
    positions = np.arange(freqs.sum(), dtype=np.int64) - np.repeat(starts, freqs) + np.repeat(docnums % 11, freqs) * 100
    lists = Inverted(
        ByteStrings.of([b"t", b"u"]),
        np.array([count, 1]),
        np.append(docnums, 5),
        np.append(freqs, 1),
        np.append(positions, 9),
    )
    assert int(freqs.sum()) * 3 > SLICE
    storage, segment = RamStorage(), ArraySegment("MAIN", "x")
    write_segment(storage, segment, SegmentData(count, {"text": lists}, {"text": np.maximum(freqs, 3)}))
    arrays = open_segment_arrays(storage, "MAIN_x")
    field = arrays.field("text")
    assert np.array_equal(field.postings(0).docnums, docnums)
    assert np.array_equal(field.postings(0).term_freqs, freqs)
    assert np.array_equal(arrays.inverted_index.field("text").positions(0)[1], positions)
    assert field.postings(1).docnums.tolist() == [5]
    assert verify(storage, "MAIN_x") == []


@pytest.mark.parametrize(
    "lists",
    [
        Inverted(ByteStrings.of([b"a"]), np.array([2]), np.array([1, 0])),
        Inverted(ByteStrings.of([b"a"]), np.array([2]), np.array([1, 1])),
        Inverted(ByteStrings.of([b"b", b"a"]), np.array([1, 1]), np.array([0, 0])),
        Inverted(ByteStrings.of([b"a"]), np.array([1]), np.array([0]), np.array([0])),
        Inverted(ByteStrings.of([b"a"]), np.array([1]), np.array([0]), np.array([2]), np.array([5, 4])),
        Inverted(ByteStrings.of([b"a"]), np.array([1]), np.array([0]), np.array([2]), np.array([5])),
    ],
    ids=["docnums", "repeats", "terms", "frequency", "positions", "too few positions"],
)
def test_arrays_that_do_not_fit_are_refused(lists):
    with pytest.raises(ValueError, match=r"order|frequency|positions"):
        write_segment(RamStorage(), ArraySegment("MAIN"), SegmentData(2, {"f": lists}))


def test_columns_and_lengths_of_another_size_are_refused():
    for data in (
        SegmentData(2, {}, columns={"n": np.zeros(3, dtype=np.int64)}),
        SegmentData(2, {}, columns={"n": np.zeros(2, dtype=np.complex128)}),
        SegmentData(2, {}, lengths={"n": np.zeros(3, dtype=np.int64)}),
        SegmentData(2, {}, stored=[b""]),
    ):
        with pytest.raises(ValueError, match=r"documents|numbers of type"):
            write_segment(RamStorage(), ArraySegment("MAIN"), data)


def test_whoosh_reads_what_the_batch_road_wrote(tmp_path):
    schema = fields.Schema(
        text=fields.TEXT(analyzer=analysis.SpaceSeparatedTokenizer()),
        number=fields.COLUMN(columns.NumericColumn("q")),
        path=fields.COLUMN(columns.VarBytesColumn()),
        n=fields.STORED,
    )
    wanted = [[b"liver", b"cancer", b"liver"], [b"heart"], [], [b"cancer", b"liver"]]
    storage = FileStorage(str(tmp_path))
    one_by_one = storage.create_index(schema)
    writer = one_by_one.writer(codec=ArrayCodec())
    for number, tokens in enumerate(wanted):
        path = b"articles/%d.md" % number
        writer.add_document(text=b" ".join(tokens).decode(), number=number - 3, path=path, n=number)
    writer.commit()
    _, segment = segment_of(wanted, storage)
    asked = query.Or([query.Term("text", "liver"), query.Phrase("text", ["liver", "cancer"])])
    with one_by_one.searcher() as expected, Searcher(SegmentReader(storage, schema, segment)) as found:
        answers = [[(hit["n"], hit.score) for hit in searcher.search(asked)] for searcher in (expected, found)]
        assert answers[1] == answers[0] != []
        for field in ("number", "path"):
            assert list(found.reader().column_reader(field)) == list(expected.reader().column_reader(field))


def test_live_documents():
    storage, segment = segment_of([[b"a"], [b"b"], [b"c"]])
    arrays = open_segment_arrays(storage, segment.segment_id(), 3, deleted=[1])
    assert arrays.live().tolist() == [True, False, True]
    assert arrays.field("nothing") is None
    for column in ("nothing", "path"):
        with pytest.raises(KeyError):
            arrays.number_column(column)
    with pytest.raises(KeyError):
        arrays.bytes_column("number")


def test_dates_in_stored_fields_survive_a_merge():
    moment = datetime.datetime(2020, 1, 2, 3, 4, 5)
    schema = fields.Schema(moment=fields.DATETIME(stored=True))
    storage = RamStorage()
    index = storage.create_index(schema)
    for _ in range(2):
        writer = index.writer(codec=ArrayCodec())
        writer.add_document(moment=moment)
        writer.commit(merge=False)
    sources = [open_segment_arrays(storage, segment.segment_id()) for segment in index._segments()]
    merge_segments(storage, ArraySegment("MAIN", "merged"), sources)
    assert open_segment_arrays(storage, "MAIN_merged").documents.stored.fields(1) == {"moment": moment}
