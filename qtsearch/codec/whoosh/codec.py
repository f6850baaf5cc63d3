"""The codec: where Whoosh asks for writers and readers."""

from __future__ import annotations

from typing import Any, NoReturn

from whoosh.codec import base

from qtsearch.codec.whoosh.documents import ArrayPerDocumentReader, ArrayPerDocumentWriter
from qtsearch.codec.whoosh.fields import ArrayFieldWriter
from qtsearch.codec.whoosh.segment import ArraySegment
from qtsearch.codec.whoosh.terms import ArrayTermsReader


class ArrayCodec(base.Codec):
    """Segments as memory-mapped arrays; give it to a writer: ``index.writer(codec=ArrayCodec())``."""

    def per_document_writer(self, storage: Any, segment: ArraySegment) -> ArrayPerDocumentWriter:
        """Return the writer of stored fields, lengths, columns and vectors."""
        return ArrayPerDocumentWriter(storage, segment)

    def field_writer(self, storage: Any, segment: ArraySegment) -> ArrayFieldWriter:
        """Return the writer of terms and postings."""
        return ArrayFieldWriter(storage, segment)

    def postings_writer(self, dbfile: Any, byteids: bool = False) -> NoReturn:
        """Refuse: lists are written field by field, not one by one. Nothing in Whoosh but its own codecs asks."""
        raise NotImplementedError("posting lists are written by the field writer")

    def postings_reader(
        self, dbfile: Any, terminfo: Any, format_: Any, term: Any = None, scorer: Any = None
    ) -> NoReturn:
        """Refuse: lists are read through ``terms_reader(...).matcher``. Nothing in Whoosh but its own codecs asks."""
        raise NotImplementedError("posting lists are read by the terms reader")

    def terms_reader(self, storage: Any, segment: ArraySegment) -> ArrayTermsReader:
        """Return the reader of terms and postings."""
        return ArrayTermsReader(storage, segment)

    def per_document_reader(self, storage: Any, segment: ArraySegment) -> ArrayPerDocumentReader:
        """Return the reader of stored fields, lengths, columns and vectors."""
        return ArrayPerDocumentReader(storage, segment)

    def new_segment(self, storage: Any, indexname: str) -> ArraySegment:
        """Return a new, empty segment."""
        return ArraySegment(indexname)

    def supports_columns(self) -> bool:
        """Return True."""
        return True

    def column_filename(self, segment: ArraySegment, fieldname: str) -> str:
        """Return the name of the file into which ``whoosh.sorting.add_sortable`` writes a column of a segment."""
        return segment.column_file_name(fieldname)
