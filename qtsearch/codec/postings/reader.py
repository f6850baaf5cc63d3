"""Read the posting lists of a field."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from qtsearch.codec.byte_strings import ByteStrings, joined
from qtsearch.codec.container.format import PAGE_SIZE
from qtsearch.codec.container.reader import Container, StructureDamaged
from qtsearch.codec.packing.format import PACKINGS, Bytes, Offsets, index_width, offsets_of, ranges
from qtsearch.codec.packing.reader import scalars, unpack, unpack_many, unpack_some
from qtsearch.codec.postings.format import (
    NO_EXTRAS,
    Extras,
    Ints,
    Inverted,
    Layout,
    PostingList,
)
from qtsearch.codec.terms.reader import TermDictionary
from qtsearch.errors import IndexDamaged

BROKEN: Final = (ValueError, IndexError, OverflowError)
"""What reading bytes raises that are not as they were written."""


class FieldPostings:
    """Dictionary and posting lists of one field. Keeps no state; safe for many threads.

    Args:
        container: the terms file.
        field: the field's name.
        properties: what ``write_field`` returned.
        doc_count_all: documents of the segment.
    """

    def __init__(self, container: Container, field: str, properties: dict[str, Any], doc_count_all: int) -> None:
        self._container = container
        self._field = field
        self._data = container.data
        self.doc_count_all = doc_count_all
        self.term_count: int = properties["terms"]
        self.layout = Layout(**properties["layout"])
        self.dictionary = TermDictionary(container, field, self.term_count)
        self.doc_freqs = container.array(f"doc_freqs/{field}", f"<u{properties['doc_freq_bytes']}", self.term_count)
        starts = container.array(f"list_starts/{field}", f"<u{properties['start_bytes']}", self.term_count + 1)
        self._start, end = container.section(f"lists/{field}")
        self._starts = scalars(starts)
        self._counts = scalars(self.doc_freqs)
        if self._start + self._starts[-1] != end:
            raise self._damaged("the lists do not fill their section")
        self._extra_starts = (
            container.array(f"extra_starts/{field}", "<u8", self.term_count + 1) if self.layout.has_extras else None
        )

    def doc_freq(self, ordinal: int) -> int:
        """Return how many documents have a term, deleted ones included."""
        return self._counts[ordinal]

    def postings(self, ordinal: int) -> PostingList:
        """Return the posting list of a term: int32 docnums and term frequencies, fresh arrays.

        Raises:
            IndexDamaged: the list is not as it was written.
        """
        count = self._counts[ordinal]
        try:
            docnums, place, control = self._docnums(ordinal, count)
            if not self.layout.freqs:
                return PostingList(docnums, np.ones(count, dtype=np.int32))
            self._require_stream(ordinal, place, count, control >> 4)
            freqs, _ = unpack(self._data, place, count, control >> 4)
        except BROKEN as error:
            raise self._broken(ordinal, error) from error
        freqs += 1
        return PostingList(docnums, freqs)

    def positions(self, ordinal: int) -> tuple[NDArray[np.int64], Ints]:
        """Return the positions of a term in all its documents.

        Returns:
            ``starts``, int64 ``[documents + 1]``, and ``positions``, int32: document i of the posting list has
            ``positions[starts[i]:starts[i + 1]]``, ascending. Empty where the field keeps no positions.

        Raises:
            IndexDamaged: the list is not as it was written.
        """
        count = self._counts[ordinal]
        if not self.layout.positions:
            return np.zeros(count + 1, dtype=np.int64), np.zeros(0, dtype=np.int32)
        start, end = self._extent(ordinal)
        self._container.require(start, end)
        try:
            control = self._data[start]
            place = self._stream_end(start + 2, count, control & 15)
            freqs, place = unpack(self._data, place, count, control >> 4)
            starts = offsets_of(freqs.astype(np.int64) + 1)
            gaps, place = unpack(self._data, place, int(starts[-1]), self._data[start + 1])
            self._check_end(place, end)
        except BROKEN as error:
            raise self._broken(ordinal, error) from error
        return starts, _summed(gaps, starts)

    def positions_of(
        self, ordinal: int, places: NDArray[np.int64], term_freqs: NDArray[np.integer[Any]]
    ) -> tuple[NDArray[np.int64], Ints]:
        """Return the positions of a term in some of its documents, without unpacking the others.

        Args:
            ordinal: the term.
            places: int64, places in its posting list.
            term_freqs: those of the whole list, as ``postings`` returned them; whoever has places has these as well.

        Returns:
            ``starts`` and ``positions`` as from ``positions``, for the documents at these places in this order.

        Raises:
            IndexDamaged: the list is not as it was written.
        """
        count = self._counts[ordinal]
        if not self.layout.positions:
            return np.zeros(len(places) + 1, dtype=np.int64), np.zeros(0, dtype=np.int32)
        start, end = self._extent(ordinal)
        self._container.require(start, end)
        try:
            control = self._data[start]
            place = self._stream_end(start + 2, count, control & 15)
            place = self._stream_end(place, count, control >> 4)
            ends = np.cumsum(term_freqs, dtype=np.int64)
            own = term_freqs[places].astype(np.int64)
            wanted = ranges(ends[places] - own, own)
            gaps = unpack_some(self._data, place, int(ends[-1]) if count else 0, self._data[start + 1], wanted)
        except BROKEN as error:
            raise self._broken(ordinal, error) from error
        own_starts = offsets_of(own)
        return own_starts, _summed(gaps, own_starts)

    def extras(self, ordinal: int) -> Extras:
        """Return what only some Whoosh formats keep for a term.

        Raises:
            IndexDamaged: the extras are not as they were written.
        """
        if self._extra_starts is None:
            return NO_EXTRAS
        section, section_end = self._container.section(f"extras/{self._field}")
        start, end = section + int(self._extra_starts[ordinal]), section + int(self._extra_starts[ordinal + 1])
        if end > section_end:
            raise self._damaged("the extras do not fit into their section")
        self._container.require(start, end)
        count = self._counts[ordinal]
        positions = int(self.postings(ordinal).term_freqs.sum())
        try:
            return _read_extras(self._data[start:end], self.layout, count, positions)
        except BROKEN as error:
            raise self._broken(ordinal, error) from error

    def inverted(self, first: int, end: int) -> Inverted:
        """Return all lists of ordinals ``[first, end)`` at once; the inverse of writing them.

        Raises:
            IndexDamaged: a list is not as it was written.
        """
        terms = ByteStrings.of(self.dictionary.terms(first, end))
        data, starts = self.lists(first, end)
        counts = self.doc_freqs[first:end].astype(np.int64)
        limits = np.full(len(counts), self.doc_count_all)
        try:
            lists = unpacked_lists(data, starts[:-1], starts[1:], counts, limits, self.layout)
        except BROKEN as error:
            raise self._damaged(f"lists {first} to {end}: {error}") from error
        held = range(first, end) if self.layout.has_extras else ()
        extras = joined_extras([self.extras(ordinal) for ordinal in held])
        return Inverted(terms, counts, lists.docnums, lists.term_freqs, lists.positions, extras)

    def list_start(self, ordinal: int) -> int:
        """Return how many bytes the lists before an ordinal take; of ``term_count``, all lists."""
        return self._starts[ordinal]

    def lists(self, first: int, end: int) -> tuple[Bytes, Offsets]:
        """Return the bytes of the lists of ordinals ``[first, end)``, and where each starts in them, and the end.

        Raises:
            IndexDamaged: the bytes are not as they were written.
        """
        base, stop = self._start + self._starts[first], self._start + self._starts[end]
        self._container.require(base, stop)
        starts = np.asarray(self._starts[first : end + 1], dtype=np.int64) - self._starts[first]
        return np.frombuffer(self._data[base:stop], dtype=np.uint8), starts

    def release(self) -> None:
        """Let the system take back the memory of what was read so far; see ``Container.release``."""
        self._container.release()

    def batches(self, limit: int) -> Iterator[tuple[int, int]]:
        """Yield ranges ``[first, end)`` of ordinals whose lists take about ``limit`` bytes together."""
        first = 0
        while first < self.term_count:
            end = self.batch_end(first, limit)
            yield first, end
            first = end

    def batch_end(self, first: int, limit: int) -> int:
        """Return where a range of ordinals ends whose lists take about ``limit`` bytes: one term at least, if any."""
        starts = self._starts
        low, high = min(first + 1, self.term_count), self.term_count
        while low < high:
            middle = (low + high + 1) // 2
            if starts[middle] - starts[first] <= limit:
                low = middle
            else:
                high = middle - 1
        return low

    def _docnums(self, ordinal: int, count: int) -> tuple[Ints, int, int]:
        """Return the docnums of a list, where the frequencies start, and the first control byte."""
        start, end = self._extent(ordinal)
        if end - start <= PAGE_SIZE:
            self._container.require(start, end)
        else:
            self._container.require(start, start + 2)
        control = self._data[start]
        place = start + (2 if self.layout.positions else 1)
        self._require_stream(ordinal, place, count, control & 15)
        numbers, place = unpack(self._data, place, count, control & 15)
        if place > end:
            raise ValueError("the list is longer than its place")
        if not self.layout.repeats:
            numbers += 1
            numbers[:1] -= 1
        np.cumsum(numbers, out=numbers)
        if count and not 0 <= numbers[-1] < self.doc_count_all:
            raise ValueError(f"docnum {numbers[-1]} of {self.doc_count_all}")
        return numbers, place, control

    def _extent(self, ordinal: int) -> tuple[int, int]:
        return self._start + self._starts[ordinal], self._start + self._starts[ordinal + 1]

    def _require_stream(self, ordinal: int, place: int, count: int, code: int) -> None:
        """Verify the pages of one packed list only: the positions after it may be long and are often not wanted."""
        start, end = self._extent(ordinal)
        if end - start > PAGE_SIZE:
            self._container.require(place, self._stream_end(place, count, code))

    def _stream_end(self, place: int, count: int, code: int) -> int:
        width, high = PACKINGS[code]
        end = place + ((count * width + 7) >> 3)
        if high:
            index = index_width(count)
            self._container.require(end, end + index)
            exceptions = int.from_bytes(self._data[end : end + index], "little")
            end += index + exceptions * (index + high)
        return end

    def _check_end(self, place: int, end: int) -> None:
        if place != end:
            raise ValueError(f"the list ends at byte {place}, expected {end}")

    def _broken(self, ordinal: int, error: Exception) -> IndexDamaged:
        return self._damaged(f"list {ordinal}: {error}")

    def _damaged(self, what: str) -> IndexDamaged:
        return StructureDamaged(self._container.name, f"posting lists of field {self._field!r}", what)


class UnpackedLists(NamedTuple):
    """Posting lists as arrays, list after list; see ``Inverted``.

    Attributes:
        docnums: int64.
        term_freqs, positions: int32; None where the lists have none.
    """

    docnums: NDArray[np.int64]
    term_freqs: Ints | None
    positions: Ints | None


def unpacked_lists(
    data: Bytes,
    starts: Offsets,
    ends: Offsets,
    counts: Offsets,
    limits: Offsets,
    layout: Layout,
    repeats: NDArray[np.bool_] | None = None,
) -> UnpackedLists:
    """Unpack posting lists wherever they lie, in the order in which they are asked for.

    Args:
        data: the bytes that hold them.
        starts: int64 ``[lists]``, where each starts.
        ends: int64 ``[lists]``, where each ends.
        counts: int64 ``[lists]``, the documents of each.
        limits: int64 ``[lists]``, what the docnums of each are below.
        layout: what they hold.
        repeats: ``[lists]``, which may name a document twice; None where the layout says it of all.

    Raises:
        ValueError, IndexError, OverflowError: the bytes are no such lists.
    """
    if counts.min(initial=1) < 1:
        raise ValueError("a list without documents")
    controls = data[starts]
    gaps, places = unpack_many(data, starts + (2 if layout.positions else 1), counts, controls & 15)
    posting_starts = offsets_of(counts)
    docnums = _summed_gaps(gaps, posting_starts, layout.repeats if repeats is None else np.repeat(repeats, counts))
    last = docnums[posting_starts[1:] - 1]
    if (last >= limits).any():
        raise ValueError(f"docnum {last.max()} of {limits.min()}")
    freqs = positions = None
    if layout.freqs:
        packed, places = unpack_many(data, places, counts, controls >> 4)
        freqs = packed.view(np.int32)
        freqs += 1
        if freqs.min(initial=1) < 1:
            raise ValueError("a term frequency below 1")
    if layout.positions and freqs is not None:
        position_starts = offsets_of(freqs.astype(np.int64))
        totals = np.diff(position_starts[posting_starts])
        packed, places = unpack_many(data, places, totals, data[starts + 1])
        # Running sums may pass the bounds of 32 bits; what is left when the sum before a posting is taken off does not.
        positions = _summed(packed.view(np.int32), position_starts)
    if not np.array_equal(places, ends):
        raise ValueError("a list ends elsewhere than the next one starts")
    return UnpackedLists(docnums, freqs, positions)


def joined_extras(each: list[Extras]) -> Extras:
    """Return the extras of adjacent lists as one."""
    if not each or each[0] is NO_EXTRAS:
        return NO_EXTRAS
    first = each[0]
    return Extras(
        None if first.weights is None else np.concatenate([e.weights for e in each if e.weights is not None]),
        None if first.characters is None else np.concatenate([e.characters for e in each if e.characters is not None]),
        None if first.boosts is None else np.concatenate([e.boosts for e in each if e.boosts is not None]),
        None if first.values is None else joined([e.values for e in each if e.values is not None]),
    )


def _read_extras(data: memoryview, layout: Layout, count: int, positions: int) -> Extras:
    weights = characters = boosts = values = None
    place = 0
    if layout.weights:
        weights = np.frombuffer(data, "<f4", count, place)
        place += 4 * count
    if layout.characters:
        characters = np.frombuffer(data, "<i4", 2 * positions, place).reshape(-1, 2)
        place += 8 * positions
    if layout.boosts:
        boosts = np.frombuffer(data, "<f8", positions, place)
        place += 8 * positions
    if layout.values:
        sizes = np.frombuffer(data, "<u4", count, place).astype(np.int64)
        place += 4 * count
        values = ByteStrings(np.frombuffer(data[place:], np.uint8), offsets_of(sizes))
        place += int(sizes.sum())
    if place != len(data):
        raise ValueError(f"extras of {place} bytes in {len(data)}")
    return Extras(weights, characters, boosts, values)


def _summed(gaps: NDArray[Any], starts: NDArray[np.int64]) -> NDArray[Any]:
    """Return running sums that begin anew at each start; every run has at least one number."""
    sums = np.cumsum(gaps, dtype=gaps.dtype)
    firsts = starts[:-1]
    if len(firsts):
        sums -= np.repeat(sums[firsts] - gaps[firsts], np.diff(starts))
    return sums


def _summed_gaps(
    gaps: NDArray[np.uint32], starts: NDArray[np.int64], repeats: bool | NDArray[np.bool_]
) -> NDArray[np.int64]:
    """Return the docnums of lists; ``repeats`` is of each number where not all lists are alike."""
    steps = gaps.astype(np.int64)
    steps += ~repeats if isinstance(repeats, np.ndarray) else not repeats
    firsts = starts[:-1]
    steps[firsts] = gaps[firsts]
    return _summed(steps, starts)
