"""Prefixes, wildcards and fuzzy words -> the words of an index that they stand for, the most frequent first.

What begins with known letters is a slice of the sorted dictionary. Anything else is looked for in one text of all
words, one a line, and near words in matrices of letters, so that no step looks at word after word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from qtsearch.analysis import analyzer
from qtsearch.analysis.edit_distance import within_distance
from qtsearch.query import tree
from qtsearch.scoring.arrays import FieldArrays, SegmentArrays

if TYPE_CHECKING:
    from qtsearch.query.word_list import WordList

MAX_EXPANSIONS: Final = 512
"""A prefix, wildcard or fuzzy word stands for at most so many words: the most frequent ones."""

MAX_POSTINGS: Final = 500_000
"""It stands for no more words once those before hold so many documents together: hardly one is missing then."""

Expanding = tree.Prefix | tree.Wildcard | tree.Fuzzy

_Ordinals = NDArray[np.int64]


class Expansions:
    """The words of all segments. Threads may share it.

    Args:
        segments: the segments of one commit.
    """

    def __init__(self, segments: Sequence[SegmentArrays]) -> None:
        fields = [segment.field("words") for segment in segments]
        self._parts = [_Words(field) for field in fields if field is not None]

    def of(self, leaf: Expanding) -> list[bytes]:
        """Return the words that a leaf stands for: the most frequent, then the first in the order of their bytes."""
        found = [(part, part.matching(leaf)) for part in self._parts]
        # A word that is among the most frequent of all has its share of their documents in one segment at least.
        least = max((part.least_frequent(ordinals) for part, ordinals in found), default=0) / max(len(found), 1)
        words = {word for part, ordinals in found for word in part.as_frequent(ordinals, least)}
        counts = {word: sum(part.doc_freq(word) for part in self._parts) for word in words}
        ranked = sorted(words, key=lambda word: (-counts[word], word))[:MAX_EXPANSIONS]
        before = accumulate((counts[word] for word in ranked), initial=0)
        return [word for word, postings in zip(ranked, before, strict=False) if postings <= MAX_POSTINGS]


class _Words:
    """The words of one segment.

    Args:
        field: their sorted dictionary.
    """

    def __init__(self, field: FieldArrays) -> None:
        self.field = field
        self._all: _Lines | None = None
        self._near: dict[str, WordList] = {}

    def matching(self, leaf: Expanding) -> _Ordinals:
        """Return the ordinals of the words that a leaf stands for, ascending."""
        match leaf:
            case tree.Prefix(text):
                return np.arange(*self._slice(analyzer.fold(text)))
            case tree.Wildcard(pattern):
                return self._fitting(pattern)
            case tree.Fuzzy(text, distance):
                return self._within(analyzer.fold(text), distance)

    def least_frequent(self, ordinals: _Ordinals) -> int:
        """Return how many documents have the last of the ``MAX_EXPANSIONS`` most frequent words; 0 if all are fewer."""
        if len(ordinals) < MAX_EXPANSIONS:
            return 0
        place = len(ordinals) - MAX_EXPANSIONS
        return int(np.partition(self.field.doc_freqs[ordinals], place)[place])

    def as_frequent(self, ordinals: _Ordinals, doc_freq: float) -> Iterator[bytes]:
        """Yield those words that at least so many documents have."""
        kept = ordinals[self.field.doc_freqs[ordinals] >= doc_freq]
        return map(self.field.term, kept.tolist())

    def doc_freq(self, word: bytes) -> int:
        """Return how many documents have a word."""
        ordinal = self.field.find(word)
        return self.field.doc_freq(ordinal) if ordinal >= 0 else 0

    def _slice(self, prefix: str) -> tuple[int, int]:
        return self.field.prefix_range(prefix.encode("utf-8", "replace"))

    def _fitting(self, pattern: str) -> _Ordinals:
        parts = re.split(r"([*?]+)", pattern)
        literals = [part if set(part) <= {"*", "?"} else analyzer.fold(part) for part in parts]
        fits = re.compile(f"^{_wildcard_regex(literals)}$", re.MULTILINE)
        if not literals[0]:
            return self._lines().fitting(fits)
        first, end = self._slice(literals[0])
        return first + _Lines(self.field, first, end).fitting(fits)

    def _lines(self) -> _Lines:
        if self._all is None:
            self._all = _Lines(self.field, 0, self.field.term_count)
        return self._all

    def _within(self, word: str, distance: int) -> _Ordinals:
        from qtsearch.query.word_list import LONGEST_WORD, WordList  # its tables take 12 ms, and few words are fuzzy

        # An edit in the first letter is rare, and letting it stand makes the dictionary a slice.
        first, end = self._slice(word[:1])
        if len(word) + distance > LONGEST_WORD:
            words = enumerate(self.field.terms(first, end), first)
            found = [ordinal for ordinal, each in words if within_distance(word, each.decode(), distance)]
        else:
            near = self._near.get(word[:1])
            if near is None:
                words = enumerate(self.field.terms(first, end), first)
                near = self._near[word[:1]] = WordList((each.decode(), ordinal) for ordinal, each in words)
            found = sorted(ordinal for _, ordinal in near.within(word, distance))
        return np.array(found, np.int64)


class _Lines:
    """Some words of a dictionary as one text, each on a line of its own.

    Args:
        field: the dictionary.
        first, end: the ordinals ``[first, end)``.
    """

    def __init__(self, field: FieldArrays, first: int, end: int) -> None:
        self._text = b"\n".join(field.terms(first, end)).decode() if end > first else ""
        lengths = np.fromiter(map(len, self._text.split("\n")), np.int64, max(end - first, 1))
        self._starts: NDArray[Any] = np.cumsum(lengths + 1) - lengths - 1

    def fitting(self, pattern: re.Pattern[str]) -> _Ordinals:
        """Return the numbers of the lines, from 0, that a pattern finds; it begins at the start of a line."""
        if not self._text:
            return np.zeros(0, np.int64)
        starts = np.fromiter((match.start() for match in pattern.finditer(self._text)), np.int64)
        return np.searchsorted(self._starts, starts)


def _wildcard_regex(literals: Sequence[str]) -> str:
    """Return a pattern that never goes back on a star but the last, so that ``*a*b*c*d*`` takes no longer than it must.

    After a star the first place where the next stretch fits is as good as any later one: whatever follows it there
    follows it here as well.
    """
    stretches = "".join(re.escape(part) if set(part) - {"*", "?"} else _gaps(part) for part in literals).split("*")
    first, *middle = stretches
    if not middle:
        return first
    *inner, last = middle
    return first + "".join(f"(?>.*?{stretch})" for stretch in inner) + f".*{last}"


def _gaps(part: str) -> str:
    return "." * part.count("?") + ("*" if "*" in part else "")
