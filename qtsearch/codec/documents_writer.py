"""Write the docs file of a segment; see ``documents``."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from qtsearch.codec.columns.format import BytesColumn, ColumnArrays, Kind
from qtsearch.codec.columns.writer import write_column, write_strings
from qtsearch.codec.container.writer import ContainerWriter, Sink
from qtsearch.codec.documents import DOCS_KIND
from qtsearch.codec.stored.writer import StoredWriter


class DocumentsWriter:
    """Writes the docs file: ``stored.add`` for each document in order, ``stored.finish``, columns, lengths, ``finish``.

    Args:
        sink: the new, empty file.
        segment_id: the segment's id.
        dictionary: what to compress stored fields with; b"" to learn it from the first documents.
    """

    def __init__(self, sink: Sink, segment_id: str, dictionary: bytes = b"") -> None:
        self._container = ContainerWriter(sink, DOCS_KIND)
        self._segment_id = segment_id
        self._columns: dict[str, dict[str, Any]] = {}
        self._lengths: dict[str, dict[str, int]] = {}
        self._vectors: dict[str, int] = {}
        self.stored = StoredWriter(self._container, dictionary)

    def add_column(
        self, field: str, column: ColumnArrays, doc_count: int, kind: Kind = "bytes", default: float = 0
    ) -> None:
        """Write a column; see ``write_column``."""
        self._columns[field] = write_column(self._container, field, column, doc_count, kind, default)

    def add_whoosh_column(self, field: str, data: bytes) -> None:
        """Write a column in the form that Whoosh's column class gave it."""
        self._container.add(f"column/{field}", data)
        self._columns[field] = {"kind": "whoosh"}

    def add_lengths(self, field: str, lengths: NDArray[np.integer[Any]], doc_count: int) -> None:
        """Write the lengths of a field, one for each document.

        Raises:
            ValueError: there are more or fewer.
        """
        if len(lengths) != doc_count:
            raise ValueError(f"field {field!r} has {len(lengths)} lengths for {doc_count} documents")
        width = self._container.add_numbers(f"lengths/{field}", lengths)
        self._lengths[field] = {"bytes": width, "total": int(lengths.sum(dtype=np.int64))}

    def add_vectors(self, field: str, vectors: BytesColumn) -> None:
        """Write the term vectors of a field, encoded values, one for each document."""
        self._vectors[field] = write_strings(self._container, f"vectors/{field}", f"vector_sizes/{field}", vectors)

    def finish(self, doc_count: int) -> None:
        """Write the contents and close the file."""
        self._container.finish(
            {
                "segment": self._segment_id,
                "doc_count_all": doc_count,
                "columns": self._columns,
                "lengths": self._lengths,
                "vectors": self._vectors,
            }
        )
