"""The words of a sorted dictionary as arrays of letters: those near another word, and those that fit a wildcard.

No step looks at word after word.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from qtsearch.analysis.analyzer import MAX_WORD

_Letters = NDArray[np.unsignedinteger[Any]]
_Ordinals = NDArray[np.int64]
LONGEST_WORD: Final = MAX_WORD
"""Letters. A folded word has more only where one character stands for many letters."""

ANY_LETTER: Final = "?"
ANY_LETTERS: Final = "*"

_FEW: Final = 4
"""Words that are fewer than one in so many are copied, so that what follows looks at these only."""

_BITS = np.unpackbits(np.arange(1 << 16, dtype=np.uint16).view(np.uint8).reshape(-1, 2), axis=1).sum(1, dtype=np.uint8)


class WordList:
    """Words laid out so that all that are wanted are found at once, by their places: their *ordinals*.

    ``within`` is the same as ``(w for w in words if edit_distance(word, w) <= distance)``, in some milliseconds for
    200,000 words: words of one length are a matrix of letters. A letter set differs by at most two letters an edit,
    which rules most words out; for the rest, the table of distances is filled for all of a length together.

    Args:
        data: uint8, the words one after the other, in UTF-8; none is empty.
        offsets: int64 ``[words + 1]``, where each starts, and where the last ends.
    """

    def __init__(self, data: NDArray[np.uint8], offsets: _Ordinals) -> None:
        self._data = data
        self._offsets = offsets
        # Most words have bytes for letters. The others are spelled in code points, so that one item is one letter.
        spelled = np.unique(np.searchsorted(offsets, np.flatnonzero(data >= 0x80), "right") - 1)
        plain = np.delete(np.arange(len(offsets) - 1), spelled)
        parts = [_Spelled(data, offsets[plain], offsets[plain + 1] - offsets[plain], plain)]
        if len(spelled):
            words = list(map(self.word, spelled.tolist()))
            sizes = np.fromiter(map(len, words), np.int64, len(words))
            parts.append(_Spelled(_codes("".join(words)), np.cumsum(sizes) - sizes, sizes, spelled))
        self._parts = [part for part in parts if len(part.ordinals)]

    @classmethod
    def of(cls, words: Iterable[bytes]) -> Self:
        """Return a list of words that are given one by one."""
        found = list(words)
        offsets = np.cumsum(np.fromiter(map(len, [b"", *found]), np.int64, len(found) + 1))
        return cls(np.frombuffer(b"".join(found), np.uint8), offsets)

    def __len__(self) -> int:
        return len(self._offsets) - 1

    def word(self, ordinal: int) -> str:
        """Return a word."""
        return self._data[self._offsets[ordinal] : self._offsets[ordinal + 1]].tobytes().decode()

    def lines(self) -> bytes:
        """Return the words in UTF-8 with a line break between each two."""
        return np.insert(self._data, self._offsets[1:-1], ord("\n")).tobytes()

    def within(self, word: str, distance: int) -> _Ordinals:
        """Return the words that are at most ``distance`` edits away, ascending.

        Words of more than ``LONGEST_WORD`` letters are left out.
        """
        if not word or len(word) > LONGEST_WORD + distance:
            return np.zeros(0, np.int64)
        letters = _codes(word)
        lengths = range(max(1, len(word) - distance), min(LONGEST_WORD, len(word) + distance) + 1)
        return self._sorted(
            part.of_length(length).within(letters, distance) for part in self._parts for length in lengths
        )

    def fitting(self, pattern: Sequence[str], first: int = 0, end: int | None = None) -> _Ordinals:
        """Return those of the words ``[first, end)`` that fit a wildcard, ascending.

        Args:
            pattern: stretches of letters, and ``ANY_LETTER`` and ``ANY_LETTERS`` between them.
            first: the first word.
            end: behind the last word, None for all.
        """
        beginning, *others = _stretches(pattern)
        return self._sorted(part.fitting(beginning, others) for part in self._parts_of(first, end))

    def _parts_of(self, first: int, end: int | None) -> Iterator[_Spelled]:
        last = len(self) if end is None else end
        for part in self._parts:
            yield part if last - first == len(self) else part.slice(first, last)

    def _sorted(self, found: Iterable[_Ordinals]) -> _Ordinals:
        return np.sort(np.concatenate([np.zeros(0, np.int64), *found]))


_Stretch = list[int | None]
"""Letters as code points that stand side by side; None is any letter."""


def _stretches(pattern: Sequence[str]) -> list[_Stretch]:
    """Return what stands before, between and after the stars. In a row of signs, stars come last: that is the same."""
    found: list[_Stretch] = [[]]
    for piece in pattern:
        if set(piece) - {ANY_LETTER, ANY_LETTERS}:
            found[-1] += map(ord, piece)
        else:
            found[-1] += [None] * piece.count(ANY_LETTER)
            if ANY_LETTERS in piece:
                found.append([])
    return found


class _Spelled:
    """Words of which one item is one letter.

    Args:
        codes: the letters of all of them; there may be others between the words.
        starts, lengths: where each word is, ascending.
        ordinals: their places among all words, ascending.
    """

    def __init__(self, codes: _Letters, starts: _Ordinals, lengths: _Ordinals, ordinals: _Ordinals) -> None:
        self.ordinals = ordinals
        self.lengths = lengths
        self._codes = codes
        self._starts = starts
        # Made when they are first asked for; two threads may both make one, and either is as good.
        self._of_length: dict[int, _SameLength] = {}
        self._held: NDArray[np.uint32] | None = None

    def slice(self, first: int, end: int) -> _Spelled:
        """Return the words of ordinals ``[first, end)``."""
        kept = slice(*np.searchsorted(self.ordinals, (first, end)).tolist())
        part = _Spelled(self._codes, self._starts[kept], self.lengths[kept], self.ordinals[kept])
        part._held = self._sets()[kept]
        return part

    def of_length(self, length: int) -> _SameLength:
        """Return the words of one length."""
        found = self._of_length.get(length)
        if found is None:
            rows = np.flatnonzero(self.lengths == length)
            letters = self._codes[self._starts[rows][:, None] + np.arange(length)]
            found = self._of_length[length] = _SameLength(letters, self.ordinals[rows])
        return found

    def fitting(self, beginning: _Stretch, others: Sequence[_Stretch]) -> _Ordinals:
        """Return the ordinals of the words that begin with a stretch, hold others in order, and end with the last.

        Of several places where a stretch in the middle fits, the first is as good as any: whatever follows a later one
        follows it as well. Without others a word is the beginning and no more.
        """
        part = self._possible(beginning, others)
        starts, ends = part._starts, part._starts + part.lengths
        if not others:
            kept = part._having(beginning, starts)
            return part.ordinals[kept]
        *middle, ending = others
        kept = part._having(beginning, starts)
        kept = kept[part._having(ending, ends[kept] - len(ending))]
        places, limits = starts[kept] + len(beginning), ends[kept] - len(ending)
        for stretch in filter(None, middle):
            if not len(kept):
                break
            found = np.append(part._places_of(stretch), len(part._codes))
            places = found[np.searchsorted(found, places)] + len(stretch)
            inside = places <= limits
            kept, places, limits = kept[inside], places[inside], limits[inside]
        return part.ordinals[kept]

    def _possible(self, beginning: _Stretch, others: Sequence[_Stretch]) -> _Spelled:
        """Return the words that are long enough and hold all the letters, or look as if they did."""
        letters = [letter for stretch in (beginning, *others) for letter in stretch]
        wanted = _set_of(np.array([letter for letter in letters if letter is not None], np.uint32))
        long_enough = self.lengths >= len(letters) if others else self.lengths == len(letters)
        rows = np.flatnonzero(long_enough & (self._sets() & wanted == wanted))
        starts, lengths = self._starts[rows], self.lengths[rows]
        if _FEW * len(rows) >= len(self.ordinals):
            return _Spelled(self._codes, starts, lengths, self.ordinals[rows])
        ends = np.cumsum(lengths)
        items = np.arange(ends[-1] if len(ends) else 0) + np.repeat(starts - ends + lengths, lengths)
        return _Spelled(self._codes[items], ends - lengths, lengths, self.ordinals[rows])

    def _sets(self) -> NDArray[np.uint32]:
        """Return the letters of each word as bits; those of what stands between it and the next may be among them."""
        if self._held is None:
            bits = np.left_shift(np.uint32(1), self._codes & 31, dtype=np.uint32)
            self._held = np.bitwise_or.reduceat(bits, self._starts) if len(self._starts) else bits[:0]
        return self._held

    def _having(self, stretch: _Stretch, places: _Ordinals) -> _Ordinals:
        """Return which of some places have a stretch, ascending."""
        kept = np.arange(len(places))
        for number, letter in enumerate(stretch):
            if letter is not None:
                kept = kept[self._codes[places[kept] + number] == letter]
        return kept

    def _places_of(self, stretch: _Stretch) -> _Ordinals:
        """Return where a stretch stands, wherever words begin and end, ascending."""
        count = len(self._codes) - len(stretch) + 1
        has = np.ones(max(count, 0), np.bool_)
        for number, letter in enumerate(stretch):
            if letter is not None:
                has &= self._codes[number : number + len(has)] == letter
        return np.flatnonzero(has)


class _SameLength:
    """Words of one length.

    Args:
        letters: shape ``[words, length]``.
        ordinals: their places among all words, ascending.
    """

    def __init__(self, letters: _Letters, ordinals: _Ordinals) -> None:
        self._letters = letters
        self._ordinals = ordinals
        self._sets = np.bitwise_or.reduce(np.left_shift(np.uint32(1), letters & 31, dtype=np.uint32), axis=1)

    def within(self, word: _Letters, distance: int) -> _Ordinals:
        differing = self._sets ^ _set_of(word)
        possible = np.flatnonzero(_BITS[differing & 0xFFFF] + _BITS[differing >> 16] <= 2 * distance)
        near: _Ordinals = self._ordinals[possible[_are_within(word, self._letters[possible], distance)]]
        return near


def _set_of(letters: _Letters) -> np.uint32:
    return np.uint32(np.bitwise_or.reduce(np.left_shift(np.uint32(1), letters & 31, dtype=np.uint32)))


def _codes(text: str) -> NDArray[np.uint32]:
    """Return the letters of a text as code points."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.dtype("<u4")).astype(np.uint32)


def _are_within(word: _Letters, matrix: _Letters, limit: int) -> NDArray[np.bool_]:
    """Return ``edit_distance(word, row) <= limit`` for each row of the matrix.

    The table of distances is filled for all rows together, and only where a letter stands at most ``limit`` places
    from its own: elsewhere the distance is larger anyway (Ukkonen, Algorithms for approximate string matching, 1985).
    """
    columns = np.ascontiguousarray(matrix.T)
    length, count = columns.shape
    older, before, row = np.full((3, length + 1, count), limit + 1, np.int8)
    row[:] = np.arange(length + 1)[:, None].clip(max=limit + 1)
    for i, x in enumerate(word.tolist(), 1):
        older, before, row = before, row, older
        row.fill(limit + 1)
        row[0] = min(i, limit + 1)
        first, last = max(1, i - limit), min(length, i + limit)
        band, at = slice(first, last + 1), slice(first - 1, last)
        # Everything that does not depend on the cell to the left, for the whole row at once.
        np.minimum(before[band] + 1, before[at] + (columns[at] != x), out=row[band])
        if i > 1 and last > 1:
            start = max(first, 2)
            swapped = (columns[start - 2 : last - 1] == x) & (columns[start - 1 : last] == word[i - 2])
            row[start : last + 1] = np.where(
                swapped, np.minimum(row[start : last + 1], older[start - 2 : last - 1] + 1), row[start : last + 1]
            )
        for j in range(first, last + 1):
            np.minimum(row[j], row[j - 1] + 1, out=row[j])
    near: NDArray[np.bool_] = row[length] <= limit
    return near
