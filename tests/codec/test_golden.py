"""Segments of every format version that was ever released can be read."""

import pytest
from whoosh.filedb.filestore import FileStorage, RamStorage
from whoosh.reading import SegmentReader

from qtsearch.codec.arrays import open_segment_arrays
from qtsearch.codec.container.format import VERSION
from qtsearch.codec.merge import merge_terms
from qtsearch.codec.verify import verify
from qtsearch.codec.whoosh.segment import ArraySegment
from tests.codec.golden import make
from tests.codec.indexes import full_schema
from tests.codec.reading import everything

VERSIONS = sorted(path.name for path in make.FOLDER.glob("v*"))


def test_every_version_has_its_golden_segment():
    assert [f"v{version}" for version in range(1, VERSION + 1)] == VERSIONS


@pytest.mark.parametrize("version", VERSIONS)
def test_golden_segment_reads_as_when_it_was_written(version):
    segment = ArraySegment("MAIN", "golden", make.DOC_COUNT)
    golden, fresh = FileStorage(str(make.FOLDER / version)), RamStorage()
    make.write(fresh)
    assert verify(golden, "MAIN_golden", make.DOC_COUNT) == []
    observed = [everything(SegmentReader(storage, full_schema(), segment)) for storage in (golden, fresh)]
    assert observed[0] == observed[1]
    assert len(observed[0]) > 500


@pytest.mark.parametrize("version", VERSIONS)
def test_what_is_merged_of_a_golden_segment_has_the_newest_form(version):
    golden, fresh = FileStorage(str(make.FOLDER / version)), RamStorage()
    make.write(fresh)
    sources = [open_segment_arrays(storage, "MAIN_golden") for storage in (golden, fresh)]
    for field in sources[1].inverted_index.field_names():
        merged = []
        for source in sources:
            target = RamStorage()
            merge_terms(target, "x", [source, sources[1]], field)
            merged.append(target.open_file("x.terms").read())
        assert merged[0] == merged[1]
