"""What a table of contents keeps of one segment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from whoosh.codec.base import Segment

if TYPE_CHECKING:
    from qtsearch.codec.whoosh.codec import ArrayCodec


ADDED_EXTENSION: Final = ".col"
"""Of the file of a column that was added when the segment was finished already."""


class ArraySegment(Segment):
    """A segment: its name, how many documents it has, and which of them are deleted.

    Whoosh pickles segments under their import path, so this class must not move.

    Args:
        indexname: the name of the index, with which the files' names begin.
        segid: letters and digits that tell the segment from others; random where it is not given.
        doc_count_all: documents, deleted ones included.
        deleted: docnums of deleted documents.
    """

    def __init__(
        self, indexname: str, segid: str | None = None, doc_count_all: int = 0, deleted: Iterable[int] = ()
    ) -> None:
        super().__init__(indexname)  # type: ignore[no-untyped-call]
        if segid is not None:
            self.segid = segid
        self._doc_count_all = doc_count_all
        self._deleted = set(deleted)

    def codec(self) -> ArrayCodec:
        """Return the codec that reads the segment."""
        # The codec makes segments, and segments name their codec: one of the two must import late.
        from qtsearch.codec.whoosh.codec import ArrayCodec

        return ArrayCodec()

    def column_file_name(self, fieldname: str) -> str:
        """Return the name of the file of a column that was added when the segment was finished already."""
        return f"{self.segment_id()}.{fieldname}{ADDED_EXTENSION}"

    def segment_id(self) -> str:
        """Return the name that the segment's files begin with."""
        return f"{self.indexname}_{self.segid}"

    def should_assemble(self) -> bool:
        """Return False: two files are few enough, and must not be packed into one out of alignment."""
        return False

    def set_doc_count(self, doccount: int) -> None:
        """Take the number of documents, deleted ones included."""
        self._doc_count_all = doccount

    def doc_count_all(self) -> int:
        """Return the number of documents, deleted ones included."""
        return self._doc_count_all

    def doc_count(self) -> int:
        """Return the number of documents that are not deleted."""
        return self._doc_count_all - len(self._deleted)

    def deleted_count(self) -> int:
        """Return the number of deleted documents."""
        return len(self._deleted)

    def deleted_docs(self) -> Iterator[int]:
        """Yield the docnums of deleted documents, ascending."""
        return iter(sorted(self._deleted))

    def is_deleted(self, docnum: int) -> bool:
        """Return whether a document is deleted."""
        return docnum in self._deleted

    def delete_document(self, docnum: int, delete: bool = True) -> None:
        """Delete a document, or with ``delete=False`` take that back. Doing either twice is no error.

        Raises:
            ValueError: the segment has no such document.
        """
        if not 0 <= docnum < self._doc_count_all:
            raise ValueError(f"no document {docnum} among {self._doc_count_all}")
        if delete:
            self._deleted.add(docnum)
        else:
            self._deleted.discard(docnum)
