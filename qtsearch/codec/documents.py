"""The docs file of a segment: everything that belongs to documents rather than terms.

    stored fields    see ``stored.format``
    columns          see ``columns.format``
    lengths/<field>  tokens of the field in each document: D numbers of 1, 2 or 4 bytes, as the largest needs
    vectors/<field>  term vectors as a column of kind ``values`` (sizes in ``vector_sizes/<field>``)

Its properties: ``segment`` (the segment's id), ``doc_count_all``, ``columns``, ``lengths`` and ``vectors``.
``documents_writer`` writes it; a search does not import that.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from qtsearch.codec.columns.format import BytesColumn
from qtsearch.codec.columns.reader import read_bytes, read_numbers, read_strings
from qtsearch.codec.container.reader import Container, StructureDamaged, read_whole
from qtsearch.codec.stored.reader import StoredReader

DOCS_EXTENSION: Final = ".docs"
DOCS_KIND: Final = b"DOCS"


class Documents:
    """Reads the docs file. Keeps no state; safe for many threads.

    Args:
        storage: a Whoosh storage.
        segment_id: the segment's id, from which the file has its name.
        doc_count_all: the documents it must have; None to take the file's word.

    Raises:
        IndexDamaged, IndexOutdated: the file cannot be trusted or read.
    """

    def __init__(self, storage: Any, segment_id: str, doc_count_all: int | None = None) -> None:
        name = segment_id + DOCS_EXTENSION
        self.container = Container(read_whole(storage, name), name, DOCS_KIND)
        properties = self.container.properties
        check_owner(self.container, segment_id, doc_count_all)
        self.doc_count_all: int = properties["doc_count_all"]
        with self.container.trusting("contents"):
            self.columns: dict[str, dict[str, Any]] = {
                name: {"kind": str(column["kind"]), **column} for name, column in properties["columns"].items()
            }
            self._lengths: dict[str, dict[str, int]] = {
                name: {"bytes": int(lengths["bytes"]), "total": int(lengths["total"])}
                for name, lengths in properties["lengths"].items()
            }
            self._vectors = {name: int(width) for name, width in properties["vectors"].items()}
        self.stored = StoredReader(self.container, self.doc_count_all)

    def length_fields(self) -> list[str]:
        """Return the names of the fields whose lengths are kept."""
        return list(self._lengths)

    def vector_fields(self) -> list[str]:
        """Return the names of the fields that have term vectors."""
        return sorted(self._vectors)

    def lengths(self, field: str) -> NDArray[np.integer[Any]]:
        """Return the tokens of a field in each document, a view of the file; zeros where they are not kept."""
        properties = self._lengths.get(field)
        if properties is None:
            return np.zeros(self.doc_count_all, dtype=np.uint8)
        return self.container.array(f"lengths/{field}", f"<u{properties['bytes']}", self.doc_count_all)

    def total_length(self, field: str) -> int:
        """Return the tokens of a field in all documents together, deleted ones included."""
        return self._lengths[field]["total"] if field in self._lengths else 0

    def numbers(self, field: str) -> NDArray[Any]:
        """Return a column of numbers; see ``read_numbers``."""
        return read_numbers(self.container, field, self.columns[field], self.doc_count_all)

    def byte_strings(self, field: str) -> BytesColumn:
        """Return a column of byte strings; see ``read_bytes``."""
        return read_bytes(self.container, field, self.columns[field], self.doc_count_all)

    def vectors(self, field: str) -> BytesColumn | None:
        """Return the encoded term vectors of a field, None where it has none."""
        if field not in self._vectors:
            return None
        width = self._vectors[field]
        return read_strings(self.container, f"vectors/{field}", f"vector_sizes/{field}", width, self.doc_count_all)


def check_owner(container: Container, segment_id: str, doc_count_all: int | None) -> None:
    """Check that a file belongs to its segment.

    Raises:
        IndexDamaged: it belongs to another, or has another number of documents.
    """
    found = container.properties.get("segment"), container.properties.get("doc_count_all")
    if found[0] != segment_id:
        raise StructureDamaged(container.name, "contents", f"belongs to segment {found[0]!r}")
    if type(found[1]) is not int or doc_count_all not in (None, found[1]):
        raise StructureDamaged(container.name, "contents", f"{found[1]} documents, expected {doc_count_all}")
