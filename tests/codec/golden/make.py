"""Write the golden segment of the current format version: ``python -m tests.codec.golden.make``.

Run this once for each new version. A segment that is checked in never changes.
"""

from pathlib import Path

from whoosh.filedb.filestore import FileStorage, RamStorage
from whoosh.writing import SegmentWriter

from qtsearch.codec.container.format import VERSION
from qtsearch.codec.whoosh.codec import ArrayCodec
from qtsearch.codec.whoosh.segment import ArraySegment
from tests.codec.indexes import document, full_schema
from tests.codec.reading import file_names

DOC_COUNT = 12
FOLDER = Path(__file__).parent


class _NamedCodec(ArrayCodec):
    def new_segment(self, storage, indexname):
        return ArraySegment(indexname, "golden")


def write(storage):
    """Write the segment ``MAIN_golden`` to a storage."""
    index = storage.create_index(full_schema())
    writer = SegmentWriter(index, codec=_NamedCodec())
    for number in range(DOC_COUNT):
        writer.add_document(**document(number))
    writer.commit()


if __name__ == "__main__":
    made = RamStorage()
    write(made)
    folder = FOLDER / f"v{VERSION}"
    folder.mkdir(exist_ok=True)
    target = FileStorage(str(folder))
    for name in file_names(ArraySegment("MAIN", "golden")):
        with made.open_file(name) as source, target.create_file(name) as copy:
            copy.write(source.read())
