"""Write a whole segment from arrays: the road for many documents at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import field
from itertools import islice
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from qtsearch.codec.columns.format import ColumnArrays
from qtsearch.codec.container.writer import new_file
from qtsearch.codec.documents import DOCS_EXTENSION
from qtsearch.codec.documents_writer import DocumentsWriter
from qtsearch.codec.inverted_index import TERMS_EXTENSION, InvertedIndex
from qtsearch.codec.inverted_index_writer import NOTHING_DELEGATED, InvertedIndexWriter
from qtsearch.codec.postings.format import Inverted
from qtsearch.values import dataclass

_PIECE: Final = 1_000
"""Documents that are written at a time: a megabyte or so."""


class NewSegment(Protocol):
    """What is needed of a Whoosh segment to write it."""

    def segment_id(self) -> str:
        """Return the id from which its files have their names."""

    def set_doc_count(self, doccount: int) -> None:
        """Tell it how many documents it has."""


@dataclass(frozen=True, slots=True)
class SegmentData:
    """The documents of a new segment.

    Attributes:
        doc_count: how many there are; docnums run from 0 to one less.
        fields: the posting lists of each indexed field.
        lengths: tokens of each document, ``[doc_count]``, for the fields that score.
        columns: numbers ``[doc_count]`` in the type of the schema's column, or byte strings.
        stored: for each document, ``values.encode`` of its stored fields, or ``b""``; may be an iterator.
        dictionary: what to compress them with (see ``dictionary_of``); b"" to learn it from the first documents.
            Segments with the same one are merged without compressing anew.
        compressed: whether they are compressed with it already (see ``compressor_of``).
    """

    doc_count: int
    fields: Mapping[str, Inverted]
    lengths: Mapping[str, NDArray[np.integer[Any]]] = field(default_factory=dict)
    columns: Mapping[str, ColumnArrays] = field(default_factory=dict)
    stored: Iterable[bytes] = ()
    dictionary: bytes = b""
    compressed: bool = False


def write_segment(
    storage: Any,
    segment: NewSegment,
    documents: SegmentData,
    delegated: Mapping[str, Callable[[], InvertedIndex]] = NOTHING_DELEGATED,
) -> None:
    """Write the two files of a segment and tell the segment how many documents it has.

    No Python runs for a posting, and none for a term. With 17,897
    documents and 2.9 million tokens, packing lists took a fifth of the time and compressing what is stored the rest.

    Args:
        storage: a Whoosh storage; the files are created, written and closed through it.
        segment: the new segment.
        documents: what it holds.
        delegated: fields that somebody else writes meanwhile (see ``write_fields``), and how to wait for the result.

    Raises:
        ValueError: the arrays do not fit together.
    """
    name = segment.segment_id()
    count = documents.doc_count
    with new_file(storage, name + DOCS_EXTENSION) as sink:
        docs = DocumentsWriter(sink, name, documents.dictionary)
        _write_stored(docs, documents)
        for field_name, column in documents.columns.items():
            docs.add_column(field_name, column, count)
        for field_name, lengths in documents.lengths.items():
            docs.add_lengths(field_name, lengths, count)
        docs.finish(count)
    with new_file(storage, name + TERMS_EXTENSION) as sink:
        terms = InvertedIndexWriter(sink, name)
        for field_name in sorted(documents.fields):
            lists = documents.fields[field_name]
            terms.add_field(field_name, [lists], lists.layout)
        for field_name, written in delegated.items():
            terms.copy_field(field_name, written())
        terms.finish(count)
    segment.set_doc_count(count)


def write_fields(storage: Any, segment_id: str, fields: Iterable[tuple[str, Inverted]], doc_count: int) -> None:
    """Write a terms file with some fields of a segment, so that two processes can share the work of writing it.

    Args:
        storage: a Whoosh storage.
        segment_id: from which the file has its name; not the segment's.
        fields: the name of each, and its posting lists, of which there is one at least.
        doc_count: documents of the segment.

    Raises:
        ValueError: the arrays do not fit together.
    """
    with new_file(storage, segment_id + TERMS_EXTENSION) as sink:
        terms = InvertedIndexWriter(sink, segment_id)
        for field_name, lists in fields:
            terms.add_field(field_name, [lists], lists.layout)
        terms.finish(doc_count)


def _write_stored(docs: DocumentsWriter, documents: SegmentData) -> None:
    stored = 0
    pieces = iter(documents.stored)
    while piece := list(islice(pieces, _PIECE)):
        if documents.compressed:
            docs.stored.copy(b"".join(piece), np.fromiter(map(len, piece), np.int64, len(piece)))
        else:
            for data in piece:
                docs.stored.add(data)
        stored += len(piece)
    if stored not in (0, documents.doc_count):
        raise ValueError(f"{stored} stored documents of {documents.doc_count}")
    for _ in range(documents.doc_count - stored):
        docs.stored.add(b"")
    docs.stored.finish()
