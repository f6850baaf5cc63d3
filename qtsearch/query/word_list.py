"""The words of the articles, and those of them that look much like a given one. The only module here with numpy."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

_Codes = NDArray[np.uint32]
_Distances = NDArray[np.int8]
LONGEST_WORD = 40
"""Letters. Longer words are no words, and their matrices would be large."""

_BITS = np.array([bin(number).count("1") for number in range(1 << 16)], np.uint8)


class WordList:
    """Words with their document frequencies, laid out so that all near ones are found at once.

    Same as ``((w, f) for w, f in words if edit_distance(word, w) <= distance)``, in some milliseconds for 200,000
    words: words of one length are a matrix of letters. A letter set differs by at most two letters an edit, which
    rules most words out; for the rest, the table of distances is filled for all words of a length together.

    Args:
        words: distinct words with their document frequencies; those of more than 40 letters are left out of ``within``.
    """

    def __init__(self, words: Iterable[tuple[str, int]]) -> None:
        self._doc_freqs = dict(words)
        self._words: defaultdict[int, list[str]] = defaultdict(list)
        for word in self._doc_freqs:
            self._words[len(word)].append(word)
        # Made when they are first asked for: a query needs the words of a few lengths.
        self._matrices: dict[int, _SameLength] = {}

    def __len__(self) -> int:
        return len(self._doc_freqs)

    def doc_freq(self, word: str) -> int:
        """Return how many documents hold the word, 0 for none."""
        return self._doc_freqs.get(word, 0)

    def within(self, word: str, distance: int) -> Iterator[tuple[str, int]]:
        """Yield the words at most ``distance`` edits away, with their document frequencies, in no special order."""
        if not word:
            return
        for length in range(len(word) - distance, len(word) + distance + 1):
            if 0 < length <= LONGEST_WORD and length in self._words:
                for near in self._of_length(length).within(word, distance):
                    yield near, self._doc_freqs[near]

    def _of_length(self, length: int) -> _SameLength:
        matrix = self._matrices.get(length)
        if matrix is None:
            # Two threads may both make one; either is as good.
            matrix = self._matrices[length] = _SameLength(length, self._words[length])
        return matrix


class _SameLength:
    """The words of one length: their letters as code points, shape ``[words, length]``, and their letter sets."""

    def __init__(self, length: int, words: Sequence[str]) -> None:
        self._words = words
        self._letters = _codes(words, length)
        self._sets = np.bitwise_or.reduce(np.left_shift(np.uint32(1), self._letters & 31), axis=1)

    def within(self, word: str, distance: int) -> list[str]:
        letters = _codes([word], len(word))[0]
        differing = self._sets ^ np.bitwise_or.reduce(np.left_shift(np.uint32(1), letters & 31))
        possible = np.flatnonzero(_BITS[differing & 0xFFFF] + _BITS[differing >> 16] <= 2 * distance)
        near = possible[_distances(letters, self._letters[possible]) <= distance]
        return [self._words[number] for number in near.tolist()]


def _codes(words: Sequence[str], length: int) -> _Codes:
    """Return the letters of words of one length as code points, shape ``[words, length]``."""
    text = "".join(words).encode("utf-32-le", "surrogatepass")
    return np.frombuffer(text, np.dtype("<u4")).reshape(len(words), length).astype(np.uint32)


def _distances(word: _Codes, matrix: _Codes) -> _Distances:
    """Return ``edit_distance(word, row)`` for each row of the matrix: its table, with all rows in each cell."""
    columns = np.ascontiguousarray(matrix.T)
    cells: NDArray[Any] = np.empty((len(word) + 1, len(columns) + 1, len(matrix)), np.int8)
    cells[0] = np.arange(len(columns) + 1, dtype=np.int8)[:, None]
    cells[:, 0] = np.arange(len(word) + 1, dtype=np.int8)[:, None]
    for i, x in enumerate(word, 1):
        same = columns == x
        # Everything that does not depend on the cell to the left, for the whole row at once.
        np.minimum(cells[i - 1, 1:] + 1, cells[i - 1, :-1] + ~same, out=cells[i, 1:])
        if i > 1:
            swapped = same[:-1] & (columns[1:] == word[i - 2])
            cells[i, 2:] = np.where(swapped, np.minimum(cells[i, 2:], cells[i - 2, :-2] + 1), cells[i, 2:])
        for j in range(1, len(columns) + 1):
            np.minimum(cells[i, j], cells[i, j - 1] + 1, out=cells[i, j])
    distances: _Distances = cells[-1, -1]
    return distances
