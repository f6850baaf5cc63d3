"""Check every byte of a segment, and whether what it says makes sense. A check reports and goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

import numpy as np

from qtsearch.codec import values
from qtsearch.codec.columns.format import BytesColumn
from qtsearch.codec.container.format import PAGE_SIZE
from qtsearch.codec.container.reader import Container, StructureDamaged
from qtsearch.codec.documents import DOCS_EXTENSION, Documents
from qtsearch.codec.inverted_index import TERMS_EXTENSION, InvertedIndex
from qtsearch.errors import IndexDamaged, IndexOutdated
from qtsearch.values import dataclass

BATCH: Final = 2**20
"""Bytes of posting lists that are decoded at a time."""

Progress = Callable[[int, int], None]
"""Is told how many bytes are checked, and of how many."""


@dataclass(frozen=True, slots=True)
class Damage:
    """Something wrong with a segment.

    Attributes:
        file: the file's name.
        structure: the part of the file.
        what: what is wrong, actual against expected, without a full stop.
    """

    file: str
    structure: str
    what: str

    def __str__(self) -> str:
        return f"{self.file}: {self.structure}: {self.what}"


def verify(
    storage: Any,
    segment_id: str,
    doc_count_all: int | None = None,
    deleted: Iterable[int] = (),
    progress: Progress | None = None,
) -> list[Damage]:
    """Check a segment, in bounded memory apart from the pages of the mapped files and a few numbers for each document.

    First the checksum of every page. Where those are right, everything is decoded and compared: terms and docnums
    ascend, docnums and lengths fit the documents, values can be read.

    Args:
        storage: the Whoosh storage it lies in.
        segment_id: its id.
        doc_count_all: the documents it must have; None to take the files' word.
        deleted: the docnums of deleted documents.
        progress: called after each page with bytes done and bytes in all of the file at hand.

    Returns:
        What is wrong, in the order in which it was found; empty for a sound segment.
    """
    faults: list[Damage] = []
    documents = _opened(lambda: Documents(storage, segment_id, doc_count_all), segment_id + DOCS_EXTENSION, faults)
    if documents is not None and _pages_sound(documents.container, faults, progress):
        _check(faults, documents.container.name, _document_checks(documents, deleted))
    count = doc_count_all if documents is None else documents.doc_count_all
    index = _opened(lambda: InvertedIndex(storage, segment_id, count), segment_id + TERMS_EXTENSION, faults)
    if index is not None and _pages_sound(index.container, faults, progress):
        for name in index.field_names():
            _check(faults, index.container.name, _field_checks(index, name))
    return faults


def _opened(open_file: Callable[[], Any], name: str, faults: list[Damage]) -> Any:
    try:
        return open_file()
    except StructureDamaged as error:
        faults.append(Damage(error.file, error.structure, error.what))
    except (IndexDamaged, IndexOutdated, OSError) as error:
        faults.append(Damage(name, "file", str(error)))
    return None


def _pages_sound(container: Container, faults: list[Damage], progress: Progress | None) -> bool:
    before = len(faults)
    for page in range(len(container.page_sums)):
        if not container.page_is_sound(page):
            first = page * PAGE_SIZE
            what = f"bytes {first} to {min(first + PAGE_SIZE, container.body_size)}: checksum does not match"
            faults.append(Damage(container.name, container.structure(page), what))
        if progress is not None:
            progress(min((page + 1) * PAGE_SIZE, container.body_size), container.body_size)
    return len(faults) == before


def _check(faults: list[Damage], file: str, found: Iterator[tuple[str, str]]) -> None:
    """Collect what a check finds; damage that it trips over ends it."""
    try:
        faults.extend(Damage(file, structure, what) for structure, what in found)
    except StructureDamaged as error:
        faults.append(Damage(error.file, error.structure, error.what))


def _document_checks(documents: Documents, deleted: Iterable[int]) -> Iterator[tuple[str, str]]:
    count = documents.doc_count_all
    beyond = [docnum for docnum in deleted if not 0 <= docnum < count]
    if beyond:
        yield "deleted documents", f"document {beyond[0]} of {count}"
    for docnum in range(count):
        documents.stored.fields(docnum)
    for field in documents.length_fields():
        total = int(documents.lengths(field).sum(dtype=np.int64))
        if total != documents.total_length(field):
            yield f"lengths/{field}", f"sum {total}, expected {documents.total_length(field)}"
    for field, properties in documents.columns.items():
        if properties["kind"] == "numbers":
            documents.numbers(field)
        elif properties["kind"] in ("bytes", "values"):
            column = documents.byte_strings(field)
            if properties["kind"] == "values":
                yield from _value_checks(f"column/{field}", column)
    for field in documents.vector_fields():
        vectors = documents.vectors(field)
        if vectors is not None:
            yield from _value_checks(f"vectors/{field}", vectors)


def _value_checks(structure: str, encoded: BytesColumn) -> Iterator[tuple[str, str]]:
    for docnum in range(len(encoded.offsets) - 1):
        value = encoded.value(docnum)
        try:
            if value:
                values.decode(value)
        except ValueError as error:
            yield structure, f"document {docnum}: {error}"


def _field_checks(index: InvertedIndex, name: str) -> Iterator[tuple[str, str]]:
    postings = index.field(name)
    if postings is None:
        return
    structure = f"field {name!r}"
    last: bytes | None = None
    for ordinal, term in enumerate(postings.dictionary.terms(0, postings.term_count)):
        if last is not None and term <= last:
            yield structure, f"term {ordinal} {term!r} is not after {last!r}"
        last = term
    for first, end in postings.batches(BATCH):
        postings.inverted(first, end)  # raises where a list is not as it was written
