"""Make one segment of several, leaving deleted documents out: on arrays, in bounded memory.

Documents keep their order: those of the first source come first. Posting lists are merged a range of terms at a time,
and stored fields that are compressed with the dictionary of most documents are carried over as they are.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain, pairwise, starmap
from types import MappingProxyType
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from qtsearch.codec.arrays import SegmentArrays
from qtsearch.codec.byte_strings import ByteStrings
from qtsearch.codec.columns.format import BytesColumn, ColumnArrays
from qtsearch.codec.container.writer import new_file
from qtsearch.codec.documents import DOCS_EXTENSION
from qtsearch.codec.documents_writer import DocumentsWriter
from qtsearch.codec.inverted_index import TERMS_EXTENSION, InvertedIndex
from qtsearch.codec.inverted_index_writer import InvertedIndexWriter
from qtsearch.codec.packing.format import Offsets, offsets_of, ranges
from qtsearch.codec.postings.format import Extras, Inverted, Layout
from qtsearch.codec.postings.reader import BROKEN, FieldPostings, joined_extras, unpacked_lists
from qtsearch.codec.segment_writer import NewSegment
from qtsearch.codec.stored.format import FULL_DICTIONARY
from qtsearch.values import dataclass

BATCH: Final = 2**20
"""Bytes of posting lists, and postings, that are merged at a time, of all sources together, unless one list alone has
more."""

BATCH_TERMS: Final = 2**17
"""So many terms of all sources together, at the most, are merged at a time: those of paths are many and long."""

Mask = NDArray[np.bool_]


class TermRange(NamedTuple):
    """The terms of a field from ``start`` on and before ``end``, None for all that follow."""

    start: bytes = b""
    end: bytes | None = None


ALL_TERMS: Final = TermRange()

TERM_COST: Final = 40
"""What a term of one source costs, in bytes of posting lists that could be merged meanwhile (measured)."""


@dataclass(frozen=True, slots=True)
class DelegatedRanges:
    """What others merge of a field, each a range of terms of it into a terms file (see ``merge_terms``).

    Attributes:
        start: where the first of these ranges starts; who merges the segments merges the terms before it.
        waiting: for each range in order, how to wait for its file.
    """

    start: bytes
    waiting: Sequence[Callable[[], InvertedIndex]]


_ALL_OWN: Final = DelegatedRanges(b"", ())
NOTHING_DELEGATED: Final[Mapping[str, DelegatedRanges]] = MappingProxyType({})


def merge_segments(
    storage: Any,
    segment: NewSegment,
    sources: Sequence[SegmentArrays],
    delegated: Mapping[str, DelegatedRanges] = NOTHING_DELEGATED,
) -> list[Offsets]:
    """Write a segment that holds the documents of others.

    Args:
        storage: a Whoosh storage; the files are created, written and closed through it.
        segment: the new segment.
        sources: the segments to merge; they stay as they are.
        delegated: fields of which somebody else merges a part meanwhile; they are written last.

    Returns:
        For each source, the new docnum of each of its documents, -1 for deleted ones: int64 ``[doc_count_all]``.

    Raises:
        IndexDamaged: a source is not as it was written.
        ValueError: the sources keep a field or column in different forms, or a column in Whoosh's own form. Whoosh's
            own merge (``SegmentWriter.add_reader``) can do these.
    """
    name = segment.segment_id()
    kept, maps, doc_count = _numbered(sources)
    with new_file(storage, name + DOCS_EXTENSION) as sink:
        dictionary = _common_dictionary(sources, kept)
        docs = DocumentsWriter(sink, name, dictionary)
        _merge_stored(docs, sources, kept, dictionary)
        _merge_documents(docs, sources, kept, doc_count)
        docs.finish(doc_count)
    with new_file(storage, name + TERMS_EXTENSION) as sink:
        terms = InvertedIndexWriter(sink, name)
        for field in _names(source.inverted_index.field_names() for source in sources):
            if field not in delegated:
                _merge_field(terms, field, sources, maps)
        for field, others in delegated.items():
            _merge_field(terms, field, sources, maps, others)
        terms.finish(doc_count)
    segment.set_doc_count(doc_count)
    return maps


def merge_terms(
    storage: Any, segment_id: str, sources: Sequence[SegmentArrays], field: str, terms: TermRange = ALL_TERMS
) -> int:
    """Write a terms file that holds some terms of a field of the documents of others; return how many documents.

    So processes can share the work of a merge: ``merge_segments`` copies the results.

    Args:
        storage: a Whoosh storage.
        segment_id: from which the file has its name.
        sources: the segments to merge; they stay as they are.
        field: which field; it must be in a source.
        terms: which terms.

    Raises:
        IndexDamaged, ValueError: see ``merge_segments``.
    """
    _, maps, doc_count = _numbered(sources)
    with new_file(storage, segment_id + TERMS_EXTENSION) as sink:
        writer = InvertedIndexWriter(sink, segment_id)
        opened = _opened(field, sources, maps)
        layout = _common_layout(field, [postings.layout for postings, _ in opened])
        writer.add_field(field, _merged_batches(opened, layout, terms), layout)
        writer.finish(doc_count)
    return doc_count


@dataclass(frozen=True, slots=True)
class Division:
    """How processes share the work of merging segments: one does all but some ranges of terms of the largest field.

    Attributes:
        field: the largest field, "" for nothing to share.
        ranges: of its terms, to the last one.
    """

    field: str
    ranges: Sequence[TermRange]


def divided(sources: Sequence[SegmentArrays], others: int) -> Division:
    """Return how to share a merge with so many others, so that everybody is busy for about as long."""
    sizes = _costs(sources)
    field = max(sizes, key=lambda name: sizes[name], default="")
    if not field or not others:
        return Division("", ())
    fields = [postings for source in sources if (postings := source.inverted_index.field(field)) is not None]
    rest = sizes.total() - sizes[field]
    own = max(0, sizes.total() // (others + 1) - rest)
    starts = [_term_at(fields, own + (sizes[field] - own) * number // others) for number in range(others)]
    return Division(field, list(starmap(TermRange, pairwise([*starts, None]))))


def _costs(sources: Sequence[SegmentArrays]) -> Counter[str]:
    """Return what each field costs to merge, in bytes of posting lists that could be merged meanwhile."""
    costs: Counter[str] = Counter()
    for source in sources:
        for field in source.inverted_index.field_names():
            if (postings := source.inverted_index.field(field)) is not None:
                costs[field] += _cost_before(postings, postings.term_count)
    return costs


def _cost_before(postings: FieldPostings, ordinal: int) -> int:
    return postings.list_start(ordinal) + TERM_COST * ordinal


def _term_at(fields: Sequence[FieldPostings], cost: int) -> bytes:
    """Return a term before which merging a field costs about so much, b"" for the first one."""
    if cost <= 0:
        return b""
    longest = max(fields, key=lambda field: field.term_count)

    def before(ordinal: int) -> int:
        term = longest.dictionary.term(ordinal)
        return sum(_cost_before(field, field.dictionary.lower_bound(term)) for field in fields)

    return longest.dictionary.term(bisect_left(range(longest.term_count - 1), cost, key=before))


def _merge_field(
    writer: InvertedIndexWriter,
    field: str,
    sources: Sequence[SegmentArrays],
    maps: Sequence[Offsets],
    delegated: DelegatedRanges = _ALL_OWN,
) -> None:
    opened = _opened(field, sources, maps)
    layout = _common_layout(field, [postings.layout for postings, _ in opened])
    own = _merged_batches(opened, layout, TermRange(b"", delegated.start if delegated.waiting else None))
    others = (_finished(merged(), field) for merged in delegated.waiting)
    writer.add_field(field, chain(own, others), layout)


def _finished(index: InvertedIndex, field: str) -> FieldPostings:
    postings = index.field(field)
    if postings is None:
        raise KeyError(field)
    return postings


def _opened(
    field: str, sources: Sequence[SegmentArrays], maps: Sequence[Offsets]
) -> list[tuple[FieldPostings, Offsets]]:
    fields = [(source.inverted_index.field(field), new) for source, new in zip(sources, maps, strict=True)]
    return [(postings, docnums) for postings, docnums in fields if postings is not None]


def _merge_documents(
    docs: DocumentsWriter, sources: Sequence[SegmentArrays], kept: Sequence[Mask], doc_count: int
) -> None:
    for field in _names(source.documents.columns for source in sources):
        _merge_column(docs, field, sources, kept, doc_count)
    for field in _names(source.documents.vector_fields() for source in sources):
        docs.add_vectors(field, _joined_strings([source.documents.vectors(field) for source in sources], kept))
    for field in _names(source.documents.length_fields() for source in sources):
        docs.add_lengths(field, _joined_lengths(field, sources, kept), doc_count)


def _names(groups: Any) -> list[str]:
    return sorted({name for group in groups for name in group})


class _Numbered(NamedTuple):
    """The documents of some segments, numbered through without the deleted ones.

    Attributes:
        kept: for each segment, which of its documents are not deleted.
        maps: for each segment, the new docnum of each of its documents, -1 for deleted ones.
        doc_count: documents that are kept in all.
    """

    kept: list[Mask]
    maps: list[Offsets]
    doc_count: int


def _numbered(sources: Sequence[SegmentArrays]) -> _Numbered:
    kept = [_kept(source) for source in sources]
    doc_count = sum(int(mask.sum()) for mask in kept)
    return _Numbered(kept, _docnum_maps(kept), doc_count)


def _kept(source: SegmentArrays) -> Mask:
    live = source.live()
    return np.ones(source.doc_count_all, dtype=np.bool_) if live is None else live


def _docnum_maps(kept: Sequence[Mask]) -> list[Offsets]:
    maps = []
    base = 0
    for mask in kept:
        docnums = base + np.cumsum(mask, dtype=np.int64) - 1
        docnums[~mask] = -1
        maps.append(docnums)
        base += int(mask.sum())
    return maps


def _joined_lengths(field: str, sources: Sequence[SegmentArrays], kept: Sequence[Mask]) -> NDArray[np.int64]:
    return np.concatenate(
        [source.documents.lengths(field)[mask].astype(np.int64) for source, mask in zip(sources, kept, strict=True)]
    )


def _common_dictionary(sources: Sequence[SegmentArrays], kept: Sequence[Mask]) -> bytes:
    """Return the dictionary that most documents are compressed with; b"" where it pays to learn a better one."""
    documents: Counter[bytes] = Counter()
    for source, mask in zip(sources, kept, strict=True):
        documents[source.documents.stored.dictionary] += int(mask.sum())
    dictionary, count = max(documents.items(), key=lambda item: item[1], default=(b"", 0))
    return dictionary if 2 * count > documents.total() and len(dictionary) >= FULL_DICTIONARY else b""


def _merge_stored(
    docs: DocumentsWriter, sources: Sequence[SegmentArrays], kept: Sequence[Mask], dictionary: bytes
) -> None:
    for source, mask in zip(sources, kept, strict=True):
        stored = source.documents.stored
        if dictionary and stored.dictionary == dictionary:
            frames, starts = stored.frames()
            for first, end in _runs(mask):
                docs.stored.copy(frames[starts[first] : starts[end]], np.diff(starts[first : end + 1]))
        else:
            for docnum in np.flatnonzero(mask).tolist():
                docs.stored.add(stored.data(docnum))
        source.documents.container.release()
    docs.stored.finish()


def _runs(mask: Mask) -> list[tuple[int, int]]:
    """Return the ranges ``[first, end)`` in which a mask is true."""
    edges = np.flatnonzero(np.diff(mask.astype(np.int8), prepend=0, append=0)).tolist()
    return list(zip(edges[::2], edges[1::2], strict=True))


def _merge_column(
    docs: DocumentsWriter, field: str, sources: Sequence[SegmentArrays], kept: Sequence[Mask], doc_count: int
) -> None:
    found = [source.documents.columns.get(field) for source in sources]
    kinds = {(properties["kind"], properties.get("type")) for properties in found if properties is not None}
    kind, _ = next(iter(kinds))
    if len(kinds) > 1 or kind == "whoosh":
        raise ValueError(f"the columns of field {field!r} cannot be merged as arrays")
    default = next(properties.get("default", 0) for properties in found if properties is not None)
    if kind == "numbers":
        column: ColumnArrays = _joined_numbers(field, sources, kept, default)
    else:
        column = _joined_strings([_strings_of(source, field) for source in sources], kept)
    docs.add_column(field, column, doc_count, kind, default)


def _joined_numbers(field: str, sources: Sequence[SegmentArrays], kept: Sequence[Mask], default: float) -> NDArray[Any]:
    known = [source.number_column(field) if field in source.documents.columns else None for source in sources]
    dtype = next(numbers.dtype for numbers in known if numbers is not None)
    return np.concatenate(
        [
            np.full(int(mask.sum()), default, dtype=dtype) if numbers is None else numbers[mask]
            for numbers, mask in zip(known, kept, strict=True)
        ]
    )


def _strings_of(source: SegmentArrays, field: str) -> BytesColumn | None:
    return source.bytes_column(field) if field in source.documents.columns else None


def _joined_strings(columns: Sequence[BytesColumn | None], kept: Sequence[Mask]) -> BytesColumn:
    data: list[NDArray[np.uint8]] = []
    sizes: list[NDArray[np.int64]] = []
    for column, mask in zip(columns, kept, strict=True):
        if column is None:
            sizes.append(np.zeros(int(mask.sum()), dtype=np.int64))
        else:
            # Not by the place of every byte, which would take eight times the room of the column.
            data += [column.data[column.offsets[first] : column.offsets[end]] for first, end in _runs(mask)]
            sizes.append(np.diff(column.offsets)[mask])
    joined = np.concatenate(data) if data else np.zeros(0, dtype=np.uint8)
    packed = any(column.packed for column in columns if column is not None)
    return BytesColumn(joined, offsets_of(np.concatenate(sizes)), packed)


def _common_layout(field: str, layouts: Sequence[Layout]) -> Layout:
    """Return the layout of merged lists: weights and repeats where any source has them, the rest must agree."""
    weights, repeats = any(layout.weights for layout in layouts), any(layout.repeats for layout in layouts)
    merged = {replace(layout, weights=weights, repeats=repeats) for layout in layouts}
    if len(merged) > 1:
        raise ValueError(f"the posting lists of field {field!r} cannot be merged as arrays")
    return merged.pop()


class _Span(NamedTuple):
    """Lists of one source: ordinals ``[first, end)``, and where its documents begin among those of all sources."""

    postings: FieldPostings
    first: int
    end: int
    base: int


def _merged_batches(
    sources: Sequence[tuple[FieldPostings, Offsets]], layout: Layout, terms: TermRange = ALL_TERMS
) -> Iterator[Inverted]:
    """Yield the merged lists of some terms of one field, a range of terms at a time.

    Args:
        sources: the field in each source, and the new docnum of each of its documents, -1 for deleted ones.
        layout: what the merged lists hold.
        terms: which terms.
    """
    fields = [postings for postings, _ in sources]
    firsts = [postings.dictionary.lower_bound(terms.start) for postings in fields]
    stops = [_stop(postings, terms) for postings in fields]
    documents = [offsets_of(postings.doc_freqs.astype(np.int64)) for postings in fields]
    bases = offsets_of(np.array([len(docnums) for _, docnums in sources], dtype=np.int64))
    new = np.concatenate([docnums for _, docnums in sources])
    # Not by the last number alone: documents of sources without the field come before, and as many may be deleted.
    all_stay = bool(np.array_equal(new, np.arange(len(new))))
    while firsts != stops:
        ends = _next_ends(fields, documents, firsts, stops)
        spans = [
            _Span(postings, first, end, int(base))
            for postings, first, end, base in zip(fields, firsts, ends, bases, strict=False)
            if first < end
        ]
        merged = _together(spans, layout)
        if not all_stay:
            merged = _renumbered(merged, new)
        firsts = ends
        for postings in fields:
            postings.release()
        if len(merged.terms):
            yield merged


def _stop(postings: FieldPostings, terms: TermRange) -> int:
    return postings.term_count if terms.end is None else postings.dictionary.lower_bound(terms.end)


def _next_ends(
    fields: Sequence[FieldPostings], documents: Sequence[Offsets], firsts: Sequence[int], stops: Sequence[int]
) -> list[int]:
    """Return where the next range of terms ends in each source: before the same term, after about a batch.

    Args:
        fields: the field in each source.
        documents: for each source, how many postings come before each term, and all.
        firsts: where the range begins in each.
        stops: where the last range ends in each.
    """
    share = BATCH // len(fields)
    limits = [
        min(field.batch_end(first, share), _count_end(before, first, share), first + BATCH_TERMS // len(fields), stop)
        for field, before, first, stop in zip(fields, documents, firsts, stops, strict=True)
    ]
    cuts = [
        field.dictionary.term(limit) for field, limit, stop in zip(fields, limits, stops, strict=True) if limit < stop
    ]
    if not cuts:
        return limits
    cut = min(cuts)
    return [min(field.dictionary.lower_bound(cut), stop) for field, stop in zip(fields, stops, strict=True)]


def _count_end(before: Offsets, first: int, limit: int) -> int:
    """Return where a range of terms ends that have at most so many postings: one term at least, if there is any.

    A posting of a common word takes a bit or less, so that bytes alone say little about the room it takes as an array.
    """
    end = int(np.searchsorted(before, before[first] + limit, side="right")) - 1
    return min(max(end, first + 1), len(before) - 1)


def _together(spans: Sequence[_Span], layout: Layout) -> Inverted:
    """Return the lists of several sources as one, with docnums that count the documents of all sources.

    Each list lies in the bytes of its source; all are unpacked at once, in the order in which they are wanted: those of
    a term one behind the other, which are its merged list. No posting is moved, and there is no work for each source
    but looking up its terms.
    """
    texts = [text for span in spans for text in span.postings.dictionary.terms(span.first, span.end)]
    union = sorted(set(texts))
    ordinal_of = {text: ordinal for ordinal, text in enumerate(union)}
    ordinals = np.fromiter(map(ordinal_of.__getitem__, texts), np.int64, len(texts))
    order = np.argsort(ordinals, kind="stable")
    of_span = np.repeat(np.arange(len(spans)), [span.end - span.first for span in spans])[order]
    bytes_of = [span.postings.lists(span.first, span.end) for span in spans]
    places = offsets_of(np.array([len(data) for data, _ in bytes_of], dtype=np.int64))
    starts = np.concatenate([place + own[:-1] for place, (_, own) in zip(places, bytes_of, strict=False)])[order]
    ends = np.concatenate([place + own[1:] for place, (_, own) in zip(places, bytes_of, strict=False)])[order]
    counts = np.concatenate([span.postings.doc_freqs[span.first : span.end] for span in spans]).astype(np.int64)[order]
    repeats = np.array([span.postings.layout.repeats for span in spans])
    try:
        lists = unpacked_lists(
            np.concatenate([data for data, _ in bytes_of]),
            starts,
            ends,
            counts,
            np.array([span.postings.doc_count_all for span in spans])[of_span],
            spans[0].postings.layout,
            repeats[of_span] if layout.repeats else None,
        )
    except BROKEN:
        for span in spans:
            span.postings.inverted(span.first, span.end)  # says which of them is damaged
        raise
    docnums = lists.docnums
    docnums += np.repeat(np.array([span.base for span in spans])[of_span], counts)
    doc_freqs = np.bincount(ordinals[order], weights=counts, minlength=len(union)).astype(np.int64)
    extras = joined_extras(_extras(spans, order, of_span, layout)) if layout.has_extras else Extras()
    return Inverted(ByteStrings.of(union), doc_freqs, docnums, lists.term_freqs, lists.positions, extras)


def _extras(spans: Sequence[_Span], order: Offsets, of_span: Offsets, layout: Layout) -> list[Extras]:
    """Return the extras of some lists in their order; where only other sources have weights, those are frequencies."""
    firsts = offsets_of(np.array([span.end - span.first for span in spans], dtype=np.int64))
    found = []
    for place, number in zip(order.tolist(), of_span.tolist(), strict=True):
        postings, first, _, _ = spans[number]
        ordinal = first + place - int(firsts[number])
        extras = postings.extras(ordinal)
        if layout.weights and extras.weights is None:
            freqs = postings.postings(ordinal).term_freqs.astype(np.float32)
            extras = Extras(freqs, extras.characters, extras.boosts, extras.values)
        found.append(extras)
    return found


def _renumbered(lists: Inverted, new: Offsets) -> Inverted:
    """Return lists with new docnums and without deleted documents.

    Args:
        lists: their docnums count the documents of all sources.
        new: the new docnum of each of these, -1 for deleted ones.
    """
    docnums = new[lists.docnums]
    places = np.flatnonzero(docnums >= 0)
    of_term = np.repeat(np.arange(len(lists.terms)), lists.doc_freqs)[places]
    counts = np.bincount(of_term, minlength=len(lists.terms))
    used = np.flatnonzero(counts)
    return _taken(replace(lists, docnums=docnums), lists.terms.take(used), counts[used], places)


def _taken(lists: Inverted, terms: ByteStrings, counts: NDArray[np.int64], places: Offsets) -> Inverted:
    """Return some postings of lists in another order, with all that belongs to them."""
    starts = lists.position_starts()
    of_positions = ranges(starts[places], np.diff(starts)[places]) if lists.positions is not None else places
    extras = lists.extras
    return Inverted(
        terms,
        counts,
        lists.docnums[places],
        None if lists.term_freqs is None else lists.term_freqs[places],
        None if lists.positions is None else lists.positions[of_positions],
        Extras(
            None if extras.weights is None else extras.weights[places],
            None if extras.characters is None else extras.characters[of_positions],
            None if extras.boosts is None else extras.boosts[of_positions],
            None if extras.values is None else extras.values.take(places),
        ),
    )
