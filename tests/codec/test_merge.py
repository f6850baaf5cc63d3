"""What a merge need not do: compress again what has the same dictionary, and merge every field itself."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from whoosh.filedb.filestore import RamStorage

from qtsearch.codec import values
from qtsearch.codec.arrays import open_segment_arrays
from qtsearch.codec.byte_strings import ByteStrings
from qtsearch.codec.inverted_index import InvertedIndex
from qtsearch.codec.merge import DelegatedRanges, divided, merge_segments, merge_terms
from qtsearch.codec.postings.format import Extras, Inverted
from qtsearch.codec.segment_writer import SegmentData, write_segment
from qtsearch.codec.stored.format import FULL_DICTIONARY
from qtsearch.codec.stored.writer import dictionary_of
from qtsearch.codec.verify import verify
from qtsearch.codec.whoosh.segment import ArraySegment
from qtsearch.errors import IndexDamaged
from tests.codec.arrays import segment_of
from tests.codec.test_arrays import assert_holds


@pytest.mark.parametrize("deleted", [(), (0, 1, 900, 1999)])
def test_documents_of_the_common_dictionary_are_copied_as_they_are(deleted):
    texts = [b"treatment of stage %d liver cancer in trial %d" % (n, n * n * n) for n in range(2000)]
    dictionary = dictionary_of([values.encode({"article": text}) for text in texts * 4]).ljust(FULL_DICTIONARY, b" ")
    storage = RamStorage()
    groups = [(texts, dictionary), (texts[::-1], dictionary), ([b"other", b"more"], b"")]
    for number, (group, common) in enumerate(groups):
        stored = [values.encode({"article": text}) for text in group]
        write_segment(
            storage, ArraySegment("MAIN", f"s{number}"), SegmentData(len(group), {}, stored=stored, dictionary=common)
        )
    sources = [
        open_segment_arrays(storage, f"MAIN_s{number}", None, deleted if number == 0 else ()) for number in range(3)
    ]
    merge_segments(storage, ArraySegment("MAIN", "merged"), sources)
    merged = open_segment_arrays(storage, "MAIN_merged")
    kept = [text for number, text in enumerate(texts) if number not in deleted] + texts[::-1] + [b"other", b"more"]
    assert merged.documents.stored.dictionary == dictionary
    assert [merged.documents.stored.fields(docnum)["article"] for docnum in range(len(kept))] == kept
    assert bytes(merged.documents.stored.compressed(1500)) == bytes(
        sources[0].documents.stored.compressed(texts.index(kept[1500]))
    )
    assert verify(storage, "MAIN_merged", len(kept)) == []


groups = st.lists(
    st.lists(st.lists(st.sampled_from([b"a", b"b", b"c"]), max_size=2), min_size=1, max_size=4)
    | st.integers(1, 4).map(lambda count: [[]] * count),  # a segment without the field
    min_size=1,
    max_size=4,
)


@given(groups, st.data())
@example([[[]], [[b"a"], [b"b"], [b"c"]]], [{1: {1}}])
def test_any_segments_become_one(groups, data):
    """Whichever of them lack a field, and whichever of their documents are deleted."""
    storage = RamStorage()
    given_deleted = data[0] if isinstance(data, list) else None
    sources, kept = [], []
    for number, group in enumerate(groups):
        name = segment_of(group, storage, f"s{number}")[1].segment_id()
        every = st.sets(st.integers(0, len(group) - 1))
        deleted = data.draw(every) if given_deleted is None else given_deleted.get(number, set())
        sources.append(open_segment_arrays(storage, name, None, deleted))
        kept += [tokens for docnum, tokens in enumerate(group) if docnum not in deleted]
    merge_segments(storage, ArraySegment("MAIN", "merged"), sources)
    assert_holds(open_segment_arrays(storage, "MAIN_merged"), kept)
    assert verify(storage, "MAIN_merged", len(kept)) == []


@pytest.mark.parametrize("others", [1, 2, 3, 7])
@pytest.mark.parametrize("deleted", [True, False])
def test_parts_that_others_merge_give_the_same_file(others, deleted):
    random = np.random.default_rng(5)
    groups = [[[b"%d" % n for n in random.integers(0, 60, 20)] for _ in range(15)] for _ in range(3)]
    storage = RamStorage()
    names = [segment_of(group, storage, f"s{number}")[1].segment_id() for number, group in enumerate(groups)]
    sources = [
        open_segment_arrays(storage, name, None, [number] if deleted else []) for number, name in enumerate(names)
    ]
    count = 42 if deleted else 45
    division = divided(sources, others)
    assert len(division.ranges) == others
    for number, terms in enumerate(division.ranges):
        assert merge_terms(storage, f"MAIN_aside{number}", sources, division.field, terms) == count

    def finished(number):
        return lambda: InvertedIndex(storage, f"MAIN_aside{number}", count)

    asides = DelegatedRanges(division.ranges[0].start, [finished(number) for number in range(others)])
    merge_segments(storage, ArraySegment("MAIN", "merged"), sources, {division.field: asides})
    merge_segments(storage, ArraySegment("MAIN", "minded"), sources)
    assert _sections(storage, "MAIN_merged") == _sections(storage, "MAIN_minded")
    assert_holds(
        open_segment_arrays(storage, "MAIN_merged"),
        [tokens for n, g in enumerate(groups) for tokens in (g[:n] + g[n + 1 :] if deleted else g)],
    )
    assert verify(storage, "MAIN_merged", count) == []


def _sections(storage, name):
    container = InvertedIndex(storage, name).container
    return {section: bytes(container.view(section)) for section in container.sections}


def test_the_work_of_a_merge_is_shared_by_what_it_costs():
    random = np.random.default_rng(6)
    documents = [[b"%d" % n for n in random.integers(0, 900, 60)] for _ in range(200)]
    storage = RamStorage()
    names = [segment_of(documents, storage, f"s{number}")[1].segment_id() for number in range(2)]
    sources = [open_segment_arrays(storage, name) for name in names]
    division = divided(sources, 2)
    ordinals = []
    field = sources[0].inverted_index.field(division.field)
    for terms in division.ranges:
        ordinals.append(field.dictionary.lower_bound(terms.start))
    ordinals.append(field.term_count)
    shares = np.diff(ordinals) / field.term_count
    assert np.all(shares < 0.55)
    assert np.all(shares > 0.25)
    assert divided(sources, 0).ranges == ()
    assert divided([], 3).ranges == ()


def test_a_damaged_source_is_named():
    storage = RamStorage()
    segments = [segment_of([[b"a", b"b"], [b"b"]], storage, f"s{number}")[1] for number in range(3)]
    sources = [open_segment_arrays(storage, segment.segment_id()) for segment in segments]
    second = sources[1].inverted_index
    name = next(iter(second.field_names()))
    field = second.field(name)
    # Its documents are fewer than its lists say.
    field.doc_count_all = 1
    with pytest.raises(IndexDamaged, match=segments[1].segment_id()):
        merge_segments(storage, ArraySegment("MAIN", "merged"), sources)


def test_a_part_that_is_not_there_cannot_be_copied():
    storage = RamStorage()
    source = open_segment_arrays(storage, segment_of([[b"a"]], storage, "one")[1].segment_id())
    write_segment(storage, ArraySegment("MAIN", "two"), SegmentData(1, {}))
    other = open_segment_arrays(storage, "MAIN_two")
    field = divided([source], 1).field
    asides = {field: DelegatedRanges(b"", [lambda: other.inverted_index])}
    with pytest.raises(KeyError):
        merge_segments(storage, ArraySegment("MAIN", "merged"), [source], asides)


def test_where_one_source_has_weights_the_frequencies_of_the_others_are_theirs():
    storage = RamStorage()
    numbers = {"doc_freqs": np.array([2, 1]), "docnums": np.array([0, 1, 1]), "term_freqs": np.array([3, 1, 2])}
    weights = Extras(np.array([0.5, 1.5, 2.5], np.float32))
    for name, extras in (("plain", Extras()), ("weighted", weights)):
        lists = Inverted(ByteStrings.of([b"a", b"b"]), **numbers, extras=extras)
        write_segment(storage, ArraySegment("MAIN", name), SegmentData(2, {"text": lists}))
    sources = [open_segment_arrays(storage, f"MAIN_{name}", None, [0]) for name in ("plain", "weighted")]
    merge_segments(storage, ArraySegment("MAIN", "merged"), sources)
    field = InvertedIndex(storage, "MAIN_merged").field("text")
    assert [field.postings(ordinal).docnums.tolist() for ordinal in (0, 1)] == [[0, 1], [0, 1]]
    assert [field.extras(ordinal).weights.tolist() for ordinal in (0, 1)] == [[1.0, 1.5], [2.0, 2.5]]


def test_lists_that_hold_other_things_are_not_merged():
    storage = RamStorage()
    for name, freqs in (("plain", None), ("counted", np.array([3]))):
        lists = Inverted(ByteStrings.of([b"a"]), np.array([1]), np.array([0]), freqs)
        write_segment(storage, ArraySegment("MAIN", name), SegmentData(1, {"text": lists}))
    sources = [open_segment_arrays(storage, f"MAIN_{name}") for name in ("plain", "counted")]
    with pytest.raises(ValueError, match="posting lists of field 'text' cannot be merged"):
        merge_segments(storage, ArraySegment("MAIN", "merged"), sources)
