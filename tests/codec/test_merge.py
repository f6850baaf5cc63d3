"""What a merge need not do: compress again what has the same dictionary, and merge every field itself."""

import numpy as np
import pytest
from whoosh.filedb.filestore import RamStorage

from qtsearch.codec import values
from qtsearch.codec.arrays import open_segment_arrays
from qtsearch.codec.batch import SegmentData, write_segment
from qtsearch.codec.inverted_index import InvertedIndex
from qtsearch.codec.merge import largest_field, merge_fields, merge_segments
from qtsearch.codec.stored.format import FULL_DICTIONARY
from qtsearch.codec.stored.writer import dictionary_of
from qtsearch.codec.verify import verify
from qtsearch.codec.whoosh.segment import ArraySegment
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
    assert [merged.stored_fields(docnum)["article"] for docnum in range(len(kept))] == kept
    assert bytes(merged.documents.stored.compressed(1500)) == bytes(
        sources[0].documents.stored.compressed(texts.index(kept[1500]))
    )
    assert verify(storage, "MAIN_merged", len(kept)) == []


def test_a_field_that_is_merged_aside_gives_the_same_file():
    random = np.random.default_rng(5)
    groups = [[[b"%d" % n for n in random.integers(0, 60, 20)] for _ in range(15)] for _ in range(3)]
    storage = RamStorage()
    names = [segment_of(group, storage, f"s{number}")[1].segment_id() for number, group in enumerate(groups)]
    sources = [open_segment_arrays(storage, name, None, [number]) for number, name in enumerate(names)]
    field = largest_field(sources)
    assert merge_fields(storage, "MAIN_aside", sources, [field]) == 42
    merge_segments(
        storage, ArraySegment("MAIN", "merged"), sources, {field: lambda: InvertedIndex(storage, "MAIN_aside", 42)}
    )
    assert_holds(
        open_segment_arrays(storage, "MAIN_merged"),
        [tokens for n, g in enumerate(groups) for tokens in g[:n] + g[n + 1 :]],
    )
    assert verify(storage, "MAIN_merged", 42) == []


def test_a_field_that_is_not_there_cannot_be_copied():
    storage = RamStorage()
    source = open_segment_arrays(storage, segment_of([[b"a"]], storage, "one")[1].segment_id())
    with pytest.raises(KeyError):
        merge_segments(storage, ArraySegment("MAIN", "merged"), [source], {"other": lambda: source.inverted_index})
