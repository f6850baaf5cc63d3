"""What Whoosh reads of terms: the dictionary, statistics, posting lists."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from whoosh.codec import base
from whoosh.reading import TermInfo, TermNotFound

from qtsearch.codec.documents import Documents
from qtsearch.codec.inverted_index import InvertedIndex
from qtsearch.codec.postings.reader import FieldPostings
from qtsearch.codec.whoosh.matcher import ArrayMatcher, TermPostings
from qtsearch.codec.whoosh.segment import ArraySegment


class ArrayTermsReader(base.TermsReader):
    """Reads the terms of one segment. Safe for many threads."""

    def __init__(self, storage: Any, segment: ArraySegment) -> None:
        segment_id, count = segment.segment_id(), segment.doc_count_all()
        self._index = InvertedIndex(storage, segment_id, count)
        self._documents = Documents(storage, segment_id, count)

    def __contains__(self, term: tuple[str, bytes]) -> bool:
        return self._find(*term)[1] >= 0

    def indexed_field_names(self) -> list[str]:
        """Return the names of the indexed fields, sorted."""
        return self._index.field_names()

    def cursor(self, fieldname: str, fieldobj: Any) -> Any:
        """Return a cursor at the first term of a field."""
        field = self._index.field(fieldname)
        return base.EmptyCursor() if field is None else ArrayCursor(self, fieldname, field, fieldobj)

    def terms(self) -> Iterator[tuple[str, bytes]]:
        """Yield field and term, sorted by both."""
        names = self.indexed_field_names()
        return self.terms_from(names[0], b"") if names else iter(())

    def terms_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[str, bytes]]:
        """Yield field and term, from one that may not be there; nothing for an unknown field."""
        return ((name, text) for name, text, _, _ in self._from(fieldname, prefix))

    def items(self) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        """Yield field, term and statistics, sorted by the first two."""
        names = self.indexed_field_names()
        return self.items_from(names[0], b"") if names else iter(())

    def items_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        """Yield field, term and statistics, from a term that may not be there; nothing for an unknown field."""
        for name, text, field, ordinal in self._from(fieldname, prefix):
            yield (name, text), self.info(name, field, ordinal)

    def term_info(self, fieldname: str, text: bytes) -> TermInfo:
        """Return the statistics of a term.

        Raises:
            TermNotFound: the field does not have it.
        """
        field, ordinal = self._found(fieldname, text)
        return self.info(fieldname, field, ordinal)

    def frequency(self, fieldname: str, text: bytes) -> float:
        """Return the weight of a term in all documents together.

        Raises:
            KeyError: the field does not have it.
        """
        field, ordinal = self._find(fieldname, text)
        if field is None or ordinal < 0:
            raise KeyError((fieldname, text))
        return float(self._postings(fieldname, field, ordinal, None).weight_array.sum(dtype=np.float64))

    def doc_frequency(self, fieldname: str, text: bytes) -> int:
        """Return how many documents have a term, deleted ones included.

        Raises:
            KeyError: the field does not have it.
        """
        field, ordinal = self._find(fieldname, text)
        if field is None or ordinal < 0:
            raise KeyError((fieldname, text))
        return field.doc_freq(ordinal)

    def matcher(self, fieldname: str, text: bytes, format_: Any, scorer: Any = None) -> ArrayMatcher:
        """Return a matcher over the documents of a term.

        Raises:
            TermNotFound: the field does not have it.
        """
        field, ordinal = self._found(fieldname, text)
        return ArrayMatcher(self._postings(fieldname, field, ordinal, format_), scorer)

    def info(self, fieldname: str, field: FieldPostings, ordinal: int) -> TermInfo:
        """Return the statistics of an ordinal, from its posting list."""
        docnums, _ = field.postings(ordinal)
        weights = self._postings(fieldname, field, ordinal, None).weight_array
        lengths = self._documents.lengths(fieldname)[docnums]
        return TermInfo(
            weight=float(weights.sum(dtype=np.float64)),
            df=len(docnums),
            minlength=int(lengths.min()),
            maxlength=int(lengths.max()),
            maxweight=float(weights.max()),
            minid=int(docnums[0]),
            maxid=int(docnums[-1]),
        )

    def _postings(self, fieldname: str, field: FieldPostings, ordinal: int, format_: Any) -> TermPostings:
        term = fieldname, field.dictionary.term(ordinal)
        return TermPostings(field, ordinal, self._documents.lengths(fieldname), format_, term)

    def _find(self, fieldname: str, text: bytes) -> tuple[FieldPostings | None, int]:
        field = self._index.field(fieldname)
        return field, -1 if field is None else field.dictionary.find(text)

    def _found(self, fieldname: str, text: bytes) -> tuple[FieldPostings, int]:
        field, ordinal = self._find(fieldname, text)
        if field is None or ordinal < 0:
            raise TermNotFound(f"no term {fieldname}:{text!r}")
        return field, ordinal

    def _from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[str, bytes, FieldPostings, int]]:
        names = self.indexed_field_names()
        if fieldname not in names:
            return
        for name in names[names.index(fieldname) :]:
            field = self._index.field(name)
            if field is not None:
                first = field.dictionary.lower_bound(prefix) if name == fieldname else 0
                for ordinal, text in enumerate(field.dictionary.terms(first, field.term_count), first):
                    yield name, text, field, ordinal


class ArrayCursor(base.FieldCursor):
    """Walks the terms of one field."""

    def __init__(self, reader: ArrayTermsReader, fieldname: str, field: FieldPostings, fieldobj: Any) -> None:
        self._reader = reader
        self._fieldname = fieldname
        self._field = field
        self._fieldobj = fieldobj
        self._ordinal = 0

    def first(self) -> Any:
        """Go to the first term and return its text."""
        self._ordinal = 0
        return self.text()

    def find(self, term: bytes | str) -> Any:
        """Go to the first term that is not less than this one and return its text, None where there is none."""
        data = term if isinstance(term, bytes) else self._fieldobj.to_bytes(term)
        self._ordinal = self._field.dictionary.lower_bound(data)
        return self.text()

    def next(self) -> Any:
        """Go to the next term and return its text, None after the last."""
        self._ordinal = min(self._ordinal + 1, self._field.term_count)
        return self.text()

    def text(self) -> Any:
        """Return the text of the current term, None after the last."""
        return self._fieldobj.from_bytes(self._field.dictionary.term(self._ordinal)) if self.is_valid() else None

    def term_info(self) -> TermInfo | None:
        """Return the statistics of the current term, None after the last."""
        return self._reader.info(self._fieldname, self._field, self._ordinal) if self.is_valid() else None

    def is_valid(self) -> bool:
        """Return whether there is a current term."""
        return self._ordinal < self._field.term_count
