"""Write the terms file of a segment; see ``inverted_index``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final

from qtsearch.codec.container.writer import ContainerWriter, Sink
from qtsearch.codec.inverted_index import TERMS_KIND, InvertedIndex
from qtsearch.codec.postings.format import Inverted, Layout
from qtsearch.codec.postings.reader import FieldPostings
from qtsearch.codec.postings.writer import write_field

NOTHING_DELEGATED: Final[Mapping[str, Callable[[], InvertedIndex]]] = MappingProxyType({})
"""No field is written by somebody else."""


class InvertedIndexWriter:
    """Writes the terms file: fields one after the other, then ``finish``."""

    def __init__(self, sink: Sink, segment_id: str) -> None:
        self._container = ContainerWriter(sink, TERMS_KIND)
        self._segment_id = segment_id
        self._fields: dict[str, dict[str, Any]] = {}

    def add_field(self, field: str, parts: Iterable[Inverted | FieldPostings], layout: Layout) -> None:
        """Write a field; see ``write_field``."""
        self._fields[field] = write_field(self._container, field, parts, layout)

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
