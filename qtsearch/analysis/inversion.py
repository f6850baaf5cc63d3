"""Many texts -> an inverted field: every term with its documents, frequencies and positions, as arrays.

The same words and terms as ``analyzer.terms``, because it uses the same functions; only each distinct word is folded
and stemmed once, and everything after that happens to whole arrays.
"""

from __future__ import annotations

import os
from array import array
from collections.abc import Sequence
from itertools import islice
from typing import Any, Final, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from qtsearch.analysis import analyzer
from qtsearch.analysis.chunk_table import ChunkTable
from qtsearch.values import dataclass

Ints = NDArray[np.signedinteger[Any]]

_TOGETHER: Final = 1 << 16
"""Bytes of text from which on it is cut: twice as many are hardly faster."""

_KEY_BITS: Final = 32
"""Bits of a sort key of word and document. Keys that hold the position as well have 63."""

_NONE: Final = np.zeros(0, np.int32)

_FEW_OTHERS: Final = 0.2
"""Bytes beyond ASCII for each character, up to which a text is cut like plain English. Others may write no blanks."""


class _Numbering(dict[str, int]):
    """A number for each text, in the order in which they are first asked for."""

    def __missing__(self, text: str) -> int:
        number = self[text] = len(self)
        return number


class NewWords(NamedTuple):
    """What a process tells of its vocabulary to those who read its numbers, part by part.

    Attributes:
        process: the id of the process.
        known: how many words it told of before; 0 where it begins anew.
        words: those that came since, in the order of their numbers.
    """

    process: int
    known: int
    words: list[str]


class Vocabulary:
    """A number for each word as it stands in a text.

    Texts are not taken apart into words one by one. They are cut into *chunks* at everything that is neither letter,
    digit nor apostrophe, which costs a fifteenth of the time, and each distinct chunk (``IL6``, ``Crohn's``, most often
    just a word) is taken apart once. Texts wait until there are enough to cut many at once.
    """

    def __init__(self) -> None:
        self._chunks = _Numbering()
        self._table: ChunkTable | None = None
        self._waiting: list[tuple[TokenColumn, bytes]] = []
        self._waiting_bytes = 0
        self._words = _Numbering()
        self._parts = array("i")
        self._counts = array("i")
        self._terms: list[str] = []
        self._told = 0
        self._renumbered: dict[Vocabulary, Ints] = {}

    def __len__(self) -> int:
        """How many words there are, but for those of texts that were not taken apart yet."""
        return len(self._words)

    def add(self, text: str, column: TokenColumn) -> None:
        """Have the chunks of a text put into a column before anybody asks for them."""
        text = analyzer.with_plain_punctuation(text)
        data = text.encode("utf-8", "surrogatepass")
        if len(data) - len(text) > len(text) * _FEW_OTHERS:
            self.settle()
            numbers = array("i", map(self._chunks.__getitem__, analyzer.chunks(text)))
            column.put(numbers.tobytes(), len(numbers))
            return
        self._waiting.append((column, data))
        self._waiting_bytes += len(data)
        if self._waiting_bytes >= _TOGETHER:
            self.settle()

    def settle(self) -> None:
        """Put the chunks of all texts that wait into their columns."""
        if not self._waiting:
            return
        waiting, self._waiting, self._waiting_bytes = self._waiting, [], 0
        if self._table is None:
            self._table = ChunkTable(self._chunks.__getitem__)
        numbers, counts = self._table.numbers([text for _, text in waiting])
        data = memoryview(numbers.tobytes())
        place = 0
        for (column, _), count in zip(waiting, counts.tolist(), strict=True):
            end = place + count * numbers.itemsize
            column.put(data[place:end], count)
            place = end

    def new_words(self) -> NewWords:
        """Return the words that came since this was asked last."""
        self._take_apart()
        known, self._told = self._told, len(self._words)
        return NewWords(os.getpid(), known, list(islice(self._words, known, None)))

    def learn(self, new: NewWords) -> None:
        """Take in the words of another process, so that its numbers are the numbers of this vocabulary.

        Raises:
            ValueError: words are missing before these.
        """
        if new.known != len(self._words):
            raise ValueError(f"{new.known} words were told of, and {len(self._words)} are here")
        self._words.update(zip(new.words, range(new.known, new.known + len(new.words)), strict=True))

    def extend(self, other: Vocabulary) -> Ints:
        """Take in the words of another vocabulary, and return the number that each of them has here."""
        other._take_apart()
        renumbered = self._renumbered.get(other, _NONE)
        missing = len(other._words) - len(renumbered)
        if missing:
            new = map(self._words.__getitem__, islice(other._words, len(renumbered), None))
            renumbered = np.concatenate([renumbered, np.fromiter(new, np.int32, missing)])
            self._renumbered[other] = renumbered
        return renumbered

    def terms(self) -> list[str]:
        """Return the term of each word; words with the same term have different numbers. Not to be changed."""
        self._take_apart()
        self._terms.extend(map(analyzer.term_of, islice(self._words, len(self._terms), None)))
        return self._terms

    def words(self) -> list[str]:
        """Return the folded, unstemmed form of each word."""
        self._take_apart()
        return [analyzer.fold(word) for word in self._words]

    def numbers(self, chunks: Ints) -> tuple[Ints, Ints]:
        """Return the words of some chunks, one behind the other, and how many each chunk has."""
        self._take_apart()
        parts, all_counts = _as_ints(self._parts), _as_ints(self._counts)
        starts = np.cumsum(all_counts, dtype=np.int64) - all_counts
        counts = all_counts[chunks]
        # Nearly every chunk is one word: all get their first word as often as they have words, then the others.
        firsts = np.append(parts, np.int32(0))[starts]
        numbers: Ints = np.repeat(firsts[chunks], counts)
        several = np.flatnonzero(counts > 1)
        sizes = counts[several].astype(np.int64)
        places = (np.cumsum(counts, dtype=np.int64) - counts)[several]
        numbers[_ranges(places, sizes)] = parts[_ranges(starts[chunks[several]], sizes)]
        return numbers, counts

    def _take_apart(self) -> None:
        self.settle()
        for chunk in islice(self._chunks, len(self._counts), None):
            found = analyzer.raw_words(chunk)
            self._parts.extend(map(self._words.__getitem__, found))
            self._counts.append(len(found))


@dataclass(frozen=True, slots=True)
class InvertedField:
    """The posting lists of one field, one behind the other.

    Attributes:
        terms: sorted by their UTF-8 bytes.
        doc_freqs: documents of each term, shape ``[terms]``.
        docnums: of each posting, ascending within a term, shape ``[postings]``.
        term_freqs: of each posting, same shape.
        positions: of each token, ascending within a posting, shape ``[tokens]``; None for a field without.
    """

    terms: list[bytes]
    doc_freqs: Ints
    docnums: Ints
    term_freqs: Ints
    positions: Ints | None


class TokenColumn:
    """The words of one field of many documents, as numbers of a vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._chunks = array("i")
        self._chunk_counts = array("i")
        self._numbers: list[Ints] = []
        self._lengths: list[Ints] = []

    def __len__(self) -> int:
        """About how many tokens there are, but for the last few texts, which wait to be cut."""
        return sum(map(len, self._numbers)) + len(self._chunks)

    def add(self, text: str) -> None:
        """Add the text of the next document."""
        self._vocabulary.add(text, self)

    def put(self, chunks: bytes | memoryview, count: int) -> None:
        """Take the chunk numbers of the next text, 32 bits each, from the vocabulary."""
        self._chunks.frombytes(chunks)
        self._chunk_counts.append(count)

    def extend(self, other: Tokens, renumbered: Ints) -> None:
        """Add the documents of another column.

        Args:
            other: the column; its vocabulary was taken in by this one's.
            renumbered: what ``Vocabulary.extend`` returned.
        """
        self.take_apart()
        self._numbers.append(renumbered[other.numbers])
        self._lengths.append(other.lengths)

    @property
    def numbers(self) -> Ints:
        """The vocabulary number of each token."""
        self.take_apart()
        return _one(self._numbers)

    @property
    def lengths(self) -> Ints:
        """Tokens of each document."""
        self.take_apart()
        return _one(self._lengths)

    def take_apart(self) -> None:
        """Make words of all chunks, now rather than when somebody asks for them."""
        self._vocabulary.settle()
        if not self._chunk_counts:
            return
        numbers, counts = self._vocabulary.numbers(_as_ints(self._chunks))
        # Not ``reduceat``, which gives an empty run the number behind it.
        ends = np.concatenate(([0], np.cumsum(counts, dtype=np.int64)))
        boundaries = np.concatenate(([0], np.cumsum(_as_ints(self._chunk_counts), dtype=np.int64)))
        self._numbers.append(numbers)
        self._lengths.append(np.diff(ends[boundaries]).astype(np.int32))
        self._chunks, self._chunk_counts = array("i"), array("i")


def _one(pieces: list[Ints]) -> Ints:
    """Return some arrays as one, which takes their place."""
    if len(pieces) != 1:
        pieces[:] = [np.concatenate([_NONE, *pieces])]
    return pieces[0]


def _as_ints(numbers: array[int]) -> Ints:
    return np.array(numbers, np.int32)


class Tokens(Protocol):
    """The words of one field of many documents."""

    @property
    def numbers(self) -> Ints:
        """The vocabulary number of each word, one document behind the other."""

    @property
    def lengths(self) -> Ints:
        """Words of each document."""


class Ranking(NamedTuple):
    """The order of some texts.

    Attributes:
        distinct: the distinct ones as UTF-8, sorted.
        ranks: the place of each text among these; shape ``[texts]``.
    """

    distinct: list[bytes]
    ranks: Ints


def ranked(texts: Sequence[str]) -> Ranking:
    """Return the order of some texts."""
    encoded = [text.encode("utf-8", "replace") for text in texts]
    distinct = sorted(set(encoded))
    rank = {text: place for place, text in enumerate(distinct)}
    return Ranking(distinct, np.array(list(map(rank.__getitem__, encoded)), np.int32))


def invert(column: Tokens, terms: Ranking) -> InvertedField:
    """Invert a column by terms, with positions.

    Args:
        column: the tokens.
        terms: the order of the terms of all vocabulary numbers.
    """
    sorted_terms, ranks = terms
    lengths = column.lengths
    document_bits = _bits(len(lengths))
    position_bits = _bits(int(lengths.max(initial=0)))
    if _bits(len(sorted_terms)) + document_bits + position_bits >= 2 * _KEY_BITS:
        return _inverted_in_order(sorted_terms, ranks, column)
    # Term, document and position in one number each: numpy sorts whole numbers with vector instructions, and taking
    # them apart again costs less than fetching documents and positions from all over memory.
    keys = ranks.astype(np.int64).take(column.numbers)
    keys <<= document_bits + position_bits
    firsts = np.arange(len(lengths), dtype=np.int64) << position_bits
    # Where each document starts among all tokens, taken off the place of each.
    firsts -= np.cumsum(lengths, dtype=np.int64) - lengths
    places = firsts.repeat(lengths)
    places += np.arange(len(places))
    keys |= places
    keys.sort()
    positions = keys.astype(np.int32)  # the lower half
    positions &= (1 << position_bits) - 1
    keys >>= position_bits
    first = np.flatnonzero(_is_new(keys))
    keys = keys[first]
    documents = keys.astype(np.int32)
    documents &= (1 << document_bits) - 1
    keys >>= document_bits
    return _listed(sorted_terms, keys, documents, np.diff(first, append=len(positions)), positions)


def _inverted_in_order(sorted_terms: list[bytes], ranks: Ints, column: Tokens) -> InvertedField:
    """Do the same for documents too large for one number to hold term, document and position."""
    lengths = column.lengths
    ordinals, order = _stable_order(ranks[column.numbers])
    documents = np.repeat(np.arange(len(lengths), dtype=np.int32), lengths)[order]
    positions = np.arange(len(documents), dtype=np.int32)
    positions -= np.repeat((np.cumsum(lengths, dtype=np.int64) - lengths).astype(np.int32), lengths)
    first = np.flatnonzero(_is_new(ordinals) | _is_new(documents))
    term_freqs = np.diff(first, append=len(ordinals))
    return _listed(sorted_terms, ordinals[first], documents[first], term_freqs, positions[order])


def invert_words(columns: list[TokenColumn], words: list[str]) -> InvertedField:
    """Invert several columns of the same documents together by word, each word once a document, no positions."""
    sorted_words, ranks = ranked(words)
    count = len(columns[0].lengths)
    bits = _bits(count)
    # A word and a document in one number each, of 32 bits as a rule. Shifts: dividing takes as long as sorting.
    form = np.dtype(np.uint32 if _bits(len(sorted_words)) + bits <= _KEY_BITS else np.int64)
    shifted = ranks.astype(form) << bits
    keys = np.empty(sum(len(column.numbers) for column in columns), form)
    done = 0
    for column in columns:
        part = keys[done : done + len(column.numbers)]
        shifted.take(column.numbers, out=part, mode="clip")  # with a place to put them, "raise" would take a copy
        part |= np.arange(count, dtype=form).repeat(column.lengths)
        done += len(part)
    # Not np.unique, which hashes: sorting is several times faster here.
    keys.sort()
    keys = keys[_is_new(keys)]
    documents = keys.astype(np.int32)  # the lower half
    documents &= (1 << bits) - 1
    keys >>= bits
    return _listed(sorted_words, keys, documents, np.ones(len(documents), np.int32), None)


def _stable_order(ordinals: Ints) -> tuple[Ints, Ints]:
    """Return the sorted ordinals and ``np.argsort(ordinals, kind="stable")``, about four times as fast.

    Within a term the tokens thus stay in the order of documents and positions. The place of each number is packed below
    it, so that a plain sort of whole numbers, which numpy vectorizes, keeps equal ones in order.
    """
    packed = ordinals.astype(np.int64)
    packed <<= 32
    packed |= np.arange(len(ordinals))
    packed.sort()
    order: Ints = packed & 0xFFFFFFFF
    packed >>= 32
    return packed.astype(np.int32), order


def _ranges(starts: Ints, counts: Ints) -> Ints:
    """Return ``concatenate([arange(s, s + n) for s, n in zip(starts, counts)])`` without the loop."""
    shifts = np.repeat(starts - (np.cumsum(counts, dtype=np.int64) - counts), counts)
    places: Ints = shifts + np.arange(len(shifts))
    return places


def _is_new(numbers: Ints) -> NDArray[np.bool_]:
    """Return which numbers differ from the one before; the first one does."""
    new = np.ones(len(numbers), dtype=np.bool_)
    np.not_equal(numbers[1:], numbers[:-1], out=new[1:])
    return new


def _bits(count: int) -> int:
    """Return how many bits each of so many numbers from 0 on needs."""
    return max(count - 1, 1).bit_length()


def _listed(
    terms: list[bytes], ordinals: Ints, documents: Ints, term_freqs: Ints, positions: Ints | None
) -> InvertedField:
    """Return postings, sorted by term and document, as posting lists; terms without any are left out."""
    doc_freqs = np.bincount(ordinals, minlength=len(terms))
    used = np.flatnonzero(doc_freqs)
    kept = [terms[ordinal] for ordinal in used.tolist()]
    return InvertedField(kept, doc_freqs[used], documents, term_freqs.astype(np.int32), positions)
