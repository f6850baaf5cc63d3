"""The terms file of a segment: each field's dictionary and posting lists.

Its properties: ``segment`` (the segment's id), ``doc_count_all`` and ``fields``, what ``postings.writer.write_field``
returns for each field. ``inverted_index_writer`` writes it; a search does not import that.
"""

from __future__ import annotations

from typing import Any, Final

from qtsearch.codec.container.reader import Container, read_whole
from qtsearch.codec.documents import check_owner
from qtsearch.codec.postings.reader import FieldPostings

TERMS_EXTENSION: Final = ".terms"
TERMS_KIND: Final = b"TERM"


class InvertedIndex:
    """Reads the terms file. Fields are opened when they are first asked for.

    Args:
        storage: a Whoosh storage.
        segment_id: the segment's id, from which the file has its name.
        doc_count_all: the documents it must have; None to take the file's word.

    Raises:
        IndexDamaged, IndexOutdated: the file cannot be trusted or read.
    """

    def __init__(self, storage: Any, segment_id: str, doc_count_all: int | None = None) -> None:
        name = segment_id + TERMS_EXTENSION
        self.container = Container(read_whole(storage, name), name, TERMS_KIND)
        check_owner(self.container, segment_id, doc_count_all)
        self.doc_count_all: int = self.container.properties["doc_count_all"]
        with self.container.trusting("contents"):
            self._properties: dict[str, dict[str, Any]] = dict(self.container.properties["fields"])
        self._fields: dict[str, FieldPostings] = {}

    def field_names(self) -> list[str]:
        """Return the names of the indexed fields, sorted."""
        return sorted(self._properties)

    def properties(self, field: str) -> dict[str, Any]:
        """Return what ``write_field`` returned of a field.

        Raises:
            KeyError: the segment does not have it.
        """
        return self._properties[field]

    def field(self, name: str) -> FieldPostings | None:
        """Return a field, None where the segment does not have it.

        Raises:
            IndexDamaged: the field's small structures are not as they were written.
        """
        field = self._fields.get(name)
        if field is None and name in self._properties:
            # Two threads may both open a field; either result is as good.
            with self.container.trusting(f"field {name!r}"):
                field = FieldPostings(self.container, name, self._properties[name], self.doc_count_all)
            self._fields[name] = field
        return field
