"""The terms file of a segment: each field's dictionary and posting lists.

Its properties: ``segment`` (the segment's id), ``doc_count_all`` and ``fields``, what ``postings.writer.write_field``
returns for each field.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from qtsearch.codec.container.reader import Container, read_whole
from qtsearch.codec.container.writer import ContainerWriter, Sink
from qtsearch.codec.documents import check_owner
from qtsearch.codec.postings.format import Inverted, Layout
from qtsearch.codec.postings.reader import FieldPostings
from qtsearch.codec.postings.writer import write_field

TERMS_EXTENSION: Final = ".terms"
TERMS_KIND: Final = b"TERM"


class InvertedIndexWriter:
    """Writes the terms file: fields one after the other, then ``finish``."""

    def __init__(self, sink: Sink, segment_id: str) -> None:
        self._container = ContainerWriter(sink, TERMS_KIND)
        self._segment_id = segment_id
        self._fields: dict[str, dict[str, Any]] = {}

    def add_field(
        self, field: str, parts: Iterable[Inverted], layout: Layout, lengths: NDArray[np.integer[Any]] | None
    ) -> None:
        """Write a field; see ``write_field``."""
        self._fields[field] = write_field(self._container, field, parts, layout, lengths)

    def copy_field(self, field: str, index: InvertedIndex) -> None:
        """Write a field as another file of the same documents has it.

        Raises:
            IndexDamaged: it is not as it was written.
            KeyError: the other file does not have it.
        """
        self._fields[field] = index.properties(field)
        for name in index.container.sections:
            if name.partition("/")[2] == field:
                self._container.add(name, index.container.view(name))

    def finish(self, doc_count: int) -> None:
        """Write the contents and close the file."""
        self._container.finish({"segment": self._segment_id, "doc_count_all": doc_count, "fields": self._fields})


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
