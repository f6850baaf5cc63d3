"""Write the posting lists of a field: packed with array operations, no Python per posting."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from io import BytesIO
from itertools import pairwise
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from qtsearch.codec.byte_strings import ByteStrings
from qtsearch.codec.container.writer import ContainerWriter
from qtsearch.codec.packing.format import Bytes, Numbers, Offsets, offsets_of, ranges
from qtsearch.codec.packing.writer import Packed, pack
from qtsearch.codec.postings.format import Inverted, Layout
from qtsearch.codec.postings.reader import FieldPostings
from qtsearch.codec.terms.writer import write_terms

SLICE: Final = 2**20
"""Positions that are packed at a time; the working memory is 30 to 55 bytes for each (measured)."""


def write_field(
    container: ContainerWriter,
    field: str,
    parts: Iterable[Inverted | FieldPostings],
    layout: Layout,
) -> dict[str, Any]:
    """Write dictionary and posting lists of one field.

    Args:
        container: the terms file.
        field: the field's name.
        parts: its posting lists in the order of their terms, in any number of parts of any size; what another file of
            the same documents has is copied.
        layout: what the lists hold; the same for all parts.

    Returns:
        The properties of the field, for the contents of the file.

    Raises:
        ValueError: terms, docnums or positions are out of order.
        IndexDamaged: what is to be copied is not as it was written.
    """
    terms: list[ByteStrings] = []
    sizes: list[Offsets] = []
    doc_freqs: list[NDArray[np.integer[Any]]] = []
    extras = BytesIO()
    extra_sizes: list[int] = []
    with container.section(f"lists/{field}") as write:
        for part in _sliced(parts):
            if isinstance(part, FieldPostings):
                ready = _copied(part, layout)
            else:
                ready = _encoded(part, layout)
                if layout.has_extras:
                    extra_sizes += _write_extras(extras, part)
            write(ready.data)
            terms.append(ready.terms)
            sizes.append(ready.sizes)
            doc_freqs.append(ready.doc_freqs)
    count = write_terms(container, field, terms)
    all_freqs = np.concatenate(doc_freqs) if doc_freqs else np.zeros(0, dtype=np.int64)
    list_starts = offsets_of(np.concatenate(sizes) if sizes else np.zeros(0, dtype=np.int64))
    properties = {
        "terms": count,
        "doc_freq_bytes": container.add_numbers(f"doc_freqs/{field}", all_freqs),
        "start_bytes": 4 if list_starts[-1] < 2**32 else 8,
        "layout": {name: held for name, held in asdict(layout).items() if held},
    }
    container.add(f"list_starts/{field}", list_starts.astype(f"<u{properties['start_bytes']}"))
    if layout.has_extras:
        container.add(f"extras/{field}", extras.getvalue())
        container.add(f"extra_starts/{field}", offsets_of(np.array(extra_sizes, dtype=np.int64)).astype("<u8"))
    return properties


class _Ready(NamedTuple):
    """Posting lists as they are written: their bytes, and what is kept of each term."""

    terms: ByteStrings
    doc_freqs: NDArray[np.integer[Any]]
    data: Bytes
    sizes: Offsets


def _sliced(parts: Iterable[Inverted | FieldPostings]) -> Iterator[Inverted | FieldPostings]:
    for part in parts:
        if isinstance(part, FieldPostings):
            yield part
        else:
            yield from part.slices(SLICE)


def _encoded(part: Inverted, layout: Layout) -> _Ready:
    data, sizes = encode_lists(part, layout)
    return _Ready(part.terms, part.doc_freqs, data, sizes)


def _copied(part: FieldPostings, layout: Layout) -> _Ready:
    if part.layout != layout or layout.has_extras:
        raise ValueError("lists that hold something else cannot be copied")
    data, starts = part.lists(0, part.term_count)
    terms = ByteStrings.of(part.dictionary.terms(0, part.term_count))
    return _Ready(terms, part.doc_freqs, data, np.diff(starts))


def encode_lists(part: Inverted, layout: Layout) -> tuple[Bytes, Offsets]:
    """Return posting lists as bytes: uint8 ``[sum of sizes]``, and int64 ``[terms]``, the size of each.

    Raises:
        ValueError: docnums or positions are out of order, or a frequency is below 1.
    """
    counts = part.doc_freqs.astype(np.int64)
    streams = [pack(_docnum_gaps(part, counts, layout.repeats), counts)]
    controls = streams[0].codes
    if layout.freqs:
        if part.term_freqs is None or part.term_freqs.min(initial=1) < 1:
            raise ValueError("a term frequency below 1")
        streams.append(pack((part.term_freqs - 1).astype(np.uint32), counts))
        controls = controls | streams[1].codes << np.uint8(4)
    heads = [controls]
    if layout.positions:
        starts = part.position_starts()
        list_starts = starts[offsets_of(counts)]
        streams.append(pack(_position_gaps(part, starts), np.diff(list_starts)))
        heads.append(streams[2].codes)
    return _interleave(heads, streams)


def _interleave(heads: Sequence[Bytes], streams: Sequence[Packed]) -> tuple[Bytes, Offsets]:
    """Return each list's control bytes and then its part of each stream, list after list."""
    sizes = len(heads) + np.sum([stream.sizes for stream in streams], axis=0)
    starts = offsets_of(sizes)
    data = np.empty(int(starts[-1]), dtype=np.uint8)
    places = starts[:-1].copy()
    for head in heads:
        data[places] = head
        places += 1
    for stream in streams:
        data[ranges(places, stream.sizes)] = stream.data
        places += stream.sizes
    return data, sizes


def _docnum_gaps(part: Inverted, counts: Offsets, repeats: bool) -> Numbers:
    starts = offsets_of(counts)[:-1]
    gaps = _gaps(part.docnums, starts)
    if not repeats:
        gaps -= 1
        gaps[starts] += 1
    if gaps.min(initial=0) < 0:
        raise ValueError("the docnums of a term are out of order")
    return gaps.astype(np.uint32)


def _position_gaps(part: Inverted, starts: Offsets) -> Numbers:
    if part.positions is None or len(part.positions) != starts[-1]:
        raise ValueError("there are not as many positions as the term frequencies say")
    gaps = _gaps(part.positions, starts[:-1])
    if gaps.min(initial=0) < 0:
        raise ValueError("the positions of a term in a document are out of order")
    return gaps.astype(np.uint32)


def _gaps(numbers: NDArray[np.integer[Any]], starts: Offsets) -> NDArray[np.signedinteger[Any]]:
    """Return how much each number is above the one before it; the first ones of lists as they are."""
    # Differences of numbers below 2**31 fit into as many bits, and half the memory takes half the time.
    wide = numbers if numbers.dtype == np.int32 else numbers.astype(np.int64)
    gaps: NDArray[np.signedinteger[Any]] = np.empty_like(wide)
    np.subtract(wide[1:], wide[:-1], out=gaps[1:])
    gaps[starts] = wide[starts]
    return gaps


def _write_extras(sink: BytesIO, part: Inverted) -> list[int]:
    """Append the extras of each list and return their sizes. One Python step for each term; only for rare formats."""
    extras = part.extras
    sizes = []
    starts = offsets_of(part.doc_freqs.astype(np.int64)).tolist()
    position_starts = part.position_starts()
    for first, end in pairwise(starts):
        before = sink.tell()
        a, b = int(position_starts[first]), int(position_starts[end])
        if extras.weights is not None:
            sink.write(extras.weights[first:end].astype("<f4").tobytes())
        if extras.characters is not None:
            sink.write(extras.characters[a:b].astype("<i4").tobytes())
        if extras.boosts is not None:
            sink.write(extras.boosts[a:b].astype("<f8").tobytes())
        if extras.values is not None:
            values = extras.values.slice(first, end)
            sink.write(np.diff(values.offsets).astype("<u4").tobytes())
            sink.write(values.data.tobytes())
        sizes.append(sink.tell() - before)
    return sizes
