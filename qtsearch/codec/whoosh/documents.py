"""What Whoosh writes and reads for each document: stored fields, lengths, columns, vectors."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np
from whoosh.codec import base
from whoosh.filedb.structfile import BufferFile
from whoosh.matching.mcore import ListMatcher

from qtsearch.codec import values
from qtsearch.codec.columns.format import BytesColumn
from qtsearch.codec.columns.writer import bytes_column
from qtsearch.codec.container.reader import StructureDamaged, read_whole
from qtsearch.codec.documents import DOCS_EXTENSION, Documents
from qtsearch.codec.documents_writer import DocumentsWriter
from qtsearch.codec.whoosh.columns import ColumnBuffer, buffer_for, open_column
from qtsearch.codec.whoosh.formats import PostingValue, form_of
from qtsearch.codec.whoosh.segment import ADDED_EXTENSION, ArraySegment


class ArrayPerDocumentWriter(base.PerDocumentWriter):
    """Takes documents one by one. Nothing of a document is kept before ``finish_doc``, so it can be cancelled."""

    def __init__(self, storage: Any, segment: ArraySegment) -> None:
        self._segment = segment
        self._writer = DocumentsWriter(storage.create_file(segment.segment_id() + DOCS_EXTENSION), segment.segment_id())
        self._doc_count = 0
        self._lengths: defaultdict[str, array[int]] = defaultdict(lambda: array("I"))
        self._columns: dict[str, ColumnBuffer] = {}
        self._vectors: defaultdict[str, list[bytes]] = defaultdict(list)
        self._in_document = False
        self.is_closed = False
        self._forget()

    def start_doc(self, docnum: int) -> None:
        """Begin the next document.

        Raises:
            ValueError: the one before was not finished, or it is not the next.
        """
        if self._in_document or docnum != self._doc_count:
            raise ValueError(f"document {docnum} begun, expected {self._doc_count} after the one before is finished")
        self._in_document = True

    def add_field(self, fieldname: str, fieldobj: Any, value: Any, length: int | None) -> None:
        """Take what is to be stored of a field (None for nothing), and its length in tokens.

        Raises:
            ValueError: the value is of a type that cannot be stored.
        """
        if value is not None:
            try:
                self._stored[fieldname] = values.encode(value)
            except TypeError as error:
                raise ValueError(f"field {fieldname!r}: {error}") from error
        if length:
            self._document_lengths[fieldname] = length

    def add_column_value(self, fieldname: str, column: Any, value: Any) -> None:
        """Take a field's column value.

        Raises:
            ValueError: the column cannot hold it.
        """
        if fieldname not in self._columns:
            self._columns[fieldname] = buffer_for(column)
        self._column_values[fieldname] = self._columns[fieldname].checked(value)

    def add_vector_items(self, fieldname: str, fieldobj: Any, items: Iterable[tuple[Any, float, bytes]]) -> None:
        """Take the term vector of a field: (term, weight, value) sorted by term."""
        form = form_of(fieldobj.vector)
        vector = [(text, float(weight), form.split(fieldobj.vector, value).to_tuple()) for text, weight, value in items]
        if vector:
            self._document_vectors[fieldname] = values.encode(vector)

    def finish_doc(self) -> None:
        """Keep the document."""
        docnum = self._doc_count
        self._writer.stored.add(_encoded_mapping(self._stored))
        for field, length in self._document_lengths.items():
            lengths = self._lengths[field]
            lengths.extend([0] * (docnum - len(lengths)))
            lengths.append(length)
        for field, value in self._column_values.items():
            self._columns[field].add(docnum, value)
        for field, vector in self._document_vectors.items():
            vectors = self._vectors[field]
            vectors.extend([b""] * (docnum - len(vectors)))
            vectors.append(vector)
        self._doc_count += 1
        self._in_document = False
        self._forget()

    def cancel_doc(self) -> None:
        """Drop the document. Whoosh calls this when a field raises, though its contract does not name it."""
        self._in_document = False
        self._forget()

    def close(self) -> None:
        """Write everything and close the file; an unfinished document is dropped."""
        if self.is_closed:
            return
        count = self._doc_count
        self._writer.stored.finish()
        for field in sorted(self._columns):
            self._columns[field].write(self._writer, field, count)
        for field, lengths in sorted(self._lengths.items()):
            lengths.extend([0] * (count - len(lengths)))
            self._writer.add_lengths(field, np.frombuffer(lengths, dtype=np.uintc), count)
        for field, vectors in sorted(self._vectors.items()):
            vectors.extend([b""] * (count - len(vectors)))
            self._writer.add_vectors(field, bytes_column(vectors))
        self._writer.finish(count)
        self._segment.set_doc_count(count)
        self.is_closed = True

    def _forget(self) -> None:
        self._stored: dict[str, bytes] = {}
        self._document_lengths: dict[str, int] = {}
        self._column_values: dict[str, Any] = {}
        self._document_vectors: dict[str, bytes] = {}


def _encoded_mapping(stored: dict[str, bytes]) -> bytes:
    """Return ``values.encode`` of a mapping whose values are encoded already; nothing for an empty one."""
    if not stored:
        return b""
    items = (part for name, value in stored.items() for part in (values.encode(name), value))
    return b"d" + values.varint(len(stored)) + b"".join(items)


class ArrayPerDocumentReader(base.PerDocumentReader):
    """Reads what belongs to the documents of one segment. Safe for many threads."""

    def __init__(self, storage: Any, segment: ArraySegment) -> None:
        self._storage = storage
        self._segment = segment
        self._documents = Documents(storage, segment.segment_id(), segment.doc_count_all())
        self._vector_columns: dict[str, BytesColumn | None] = {}

    def doc_count(self) -> int:
        """Return the number of documents that are not deleted."""
        return self._segment.doc_count()

    def doc_count_all(self) -> int:
        """Return the number of documents, deleted ones included."""
        return self._documents.doc_count_all

    def has_deletions(self) -> bool:
        """Return whether documents are deleted."""
        return self._segment.deleted_count() > 0

    def is_deleted(self, docnum: int) -> bool:
        """Return whether a document is deleted."""
        return self._segment.is_deleted(docnum)

    def deleted_docs(self) -> Iterator[int]:
        """Yield the docnums of deleted documents."""
        return self._segment.deleted_docs()

    def supports_columns(self) -> bool:
        """Return True."""
        return True

    def has_column(self, fieldname: str) -> bool:
        """Return whether a field has a column."""
        return fieldname in self._documents.columns or self._has_added_column(fieldname)

    def list_columns(self) -> list[str]:
        """Return the names of the fields that have columns."""
        start, end = f"{self._segment.segment_id()}.", ADDED_EXTENSION
        files = (name for name in self._storage.list() if name.startswith(start) and name.endswith(end))
        return sorted({*self._documents.columns, *(name.removeprefix(start).removesuffix(end) for name in files)})

    def column_reader(self, fieldname: str, column: Any) -> Any:
        """Return a Whoosh column reader for a field that has a column."""
        if fieldname not in self._documents.columns and self._has_added_column(fieldname):
            data = read_whole(self._storage, self._segment.column_file_name(fieldname))
            return column.reader(BufferFile(data), 0, len(data), self.doc_count_all())
        return open_column(self._documents, fieldname, column)

    def _has_added_column(self, fieldname: str) -> bool:
        """Return whether a column was added to the finished segment, which only Whoosh itself does, in its own form."""
        return bool(self._storage.file_exists(self._segment.column_file_name(fieldname)))

    def doc_field_length(self, docnum: int, fieldname: str, default: int | None = 0) -> int | None:
        """Return the tokens of a field in a document, the default where there are none."""
        return int(self._documents.lengths(fieldname)[docnum]) or default

    def doc_field_length_reader(self, fieldname: str, default: int | None = 0) -> Callable[[int], int | None]:
        """Return ``doc_field_length`` for one field."""
        lengths = self._documents.lengths(fieldname).tolist()
        return lambda docnum: lengths[docnum] or default

    def field_length(self, fieldname: str) -> int:
        """Return the tokens of a field in all documents."""
        return self._documents.total_length(fieldname)

    def min_field_length(self, fieldname: str) -> int:
        """Return the tokens of the shortest field."""
        return int(self._documents.lengths(fieldname).min()) if self.doc_count_all() else 0

    def max_field_length(self, fieldname: str) -> int:
        """Return the tokens of the longest field."""
        return int(self._documents.lengths(fieldname).max(initial=0))

    def has_vector(self, docnum: int, fieldname: str) -> bool:
        """Return whether a document has a term vector for a field."""
        return bool(self._vector_data(docnum, fieldname))

    def vector(self, docnum: int, fieldname: str, format_: Any) -> Any:
        """Return a matcher over the terms of a document's vector.

        Raises:
            KeyError: the document has none.
            IndexDamaged: it is not as it was written.
        """
        data = self._vector_data(docnum, fieldname)
        if not data:
            raise KeyError(f"field {fieldname!r} has no vector in document {docnum}")
        form = form_of(format_)
        try:
            texts, weights, items = zip(*values.decode(data), strict=True)
            joined = [form.join(format_, PostingValue(*item)) for item in items]
        except (ValueError, TypeError) as error:
            raise StructureDamaged(
                self._documents.container.name, f"vectors/{fieldname}", f"document {docnum}"
            ) from error
        return _VectorMatcher(list(texts), list(weights), joined, format_)  # type: ignore[no-untyped-call]

    def stored_fields(self, docnum: int) -> dict[str, Any]:
        """Return the stored fields of a document."""
        return self._documents.stored.fields(docnum)

    def _vector_data(self, docnum: int, fieldname: str) -> bytes:
        if fieldname not in self._vector_columns:
            self._vector_columns[fieldname] = self._documents.vectors(fieldname)
        column = self._vector_columns[fieldname]
        if column is None:
            return b""
        return column.value(docnum)


class _VectorMatcher(ListMatcher):
    """Walks the terms of a vector; unlike its base it goes on from where it is."""

    def all_ids(self) -> Iterator[Any]:
        """Yield the terms from here on, going to each."""
        for place in range(self._i, len(self._ids)):
            self._i = place
            yield self._ids[place]
        self._i = len(self._ids)

    def all_items(self) -> Iterator[tuple[Any, Any]]:
        """Yield term and value from here on, going to each."""
        for term in self.all_ids():
            yield term, self._values[self._i]
