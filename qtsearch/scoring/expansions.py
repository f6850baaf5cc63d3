"""Prefixes, wildcards and fuzzy words -> the words of an index that they stand for, the most frequent first.

What begins with known letters is a slice of the sorted dictionary. Anything else is looked for in arrays of letters
(``word_list.py``), so that no step looks at word after word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate, islice
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from qtsearch.analysis import analyzer
from qtsearch.query import tree
from qtsearch.scoring.arrays import FieldArrays, Mask, SegmentArrays

if TYPE_CHECKING:
    from qtsearch.scoring.word_list import WordList

MAX_EXPANSIONS: Final = 512
"""A prefix, wildcard or fuzzy word stands for at most so many words: the most frequent ones."""

MAX_POSTINGS: Final = 500_000
"""It stands for no more words once those before hold so many documents together: hardly one is missing then."""

Expanding = tree.Prefix | tree.Wildcard | tree.Fuzzy

_PARTS: Final = 4
"""All words are listed once the slices of them that were wanted come to more than one part in so many."""

_Ordinals = NDArray[np.int64]


class Expansions:
    """The words of all segments. Threads may share it.

    Args:
        segments: the segments of one commit.
    """

    def __init__(self, segments: Sequence[SegmentArrays]) -> None:
        fields = [(segment.field("words"), segment.live()) for segment in segments]
        self._parts = [_Words(field, live) for field, live in fields if field is not None]

    def near(self, word: str, distance: int) -> set[str]:
        """Return the words at most ``distance`` edits away, those of deleted documents included."""
        return {found for part in self._parts for found in part.near(word, distance)}

    def sounding(self, key: str, distance: int) -> set[str]:
        """Return the words whose ``phonetic_key`` is at most ``distance`` edits from a key; as ``near``."""
        return {found for part in self._parts for found in part.sounding(key, distance)}

    def of(self, leaf: Expanding) -> list[bytes]:
        """Return the words that a leaf stands for: the most frequent, then the first in the order of their bytes."""
        found = [(part, part.matching(leaf)) for part in self._parts]
        # A word that is among the most frequent of all has its share of their documents in one segment at least.
        # Where documents are deleted, their words may be among these, so all are looked at.
        some_deleted = any(part.has_deleted for part in self._parts)
        frequent = (part.least_frequent(ordinals) for part, ordinals in found)
        least = 0.0 if some_deleted else max(frequent, default=0) / max(len(found), 1)
        counts = {word: doc_freq for part, ordinals in found for word, doc_freq in part.as_frequent(ordinals, least)}
        if len(found) > 1:
            counts = {word: sum(part.doc_freq(word) for part in self._parts) for word in counts}
        ranked = iter(sorted(counts, key=lambda word: (-counts[word], word)))
        if some_deleted:
            # A word that only deleted documents hold would lend its term to the others.
            ranked = (word for word in ranked if any(part.has(word) for part in self._parts))
        kept = list(islice(ranked, MAX_EXPANSIONS))
        before = accumulate((counts[word] for word in kept), initial=0)
        return [word for word, postings in zip(kept, before, strict=False) if postings <= MAX_POSTINGS]


class _Words:
    """The words of one segment.

    Args:
        field: their sorted dictionary.
        live: which documents are not deleted, None if all are there.
    """

    def __init__(self, field: FieldArrays, live: Mask | None) -> None:
        self.field = field
        self._live = live
        self._deleted = 0 if live is None else len(live) - int(np.count_nonzero(live))
        self._all: WordList | None = None
        self._keys: WordList | None = None
        self._listed = 0

    def matching(self, leaf: Expanding) -> _Ordinals:
        """Return the ordinals of the words that a leaf stands for, ascending."""
        match leaf:
            case tree.Prefix(text):
                return np.arange(*self._slice(analyzer.fold(text)))
            case tree.Wildcard(pattern):
                return self._fitting(pattern)
            case tree.Fuzzy(text, distance):
                return self._whole().within(analyzer.fold(text), distance)

    def near(self, word: str, distance: int) -> Iterator[str]:
        """Return the words at most ``distance`` edits away."""
        words = self._whole()
        return map(words.word, words.within(word, distance).tolist())

    def sounding(self, key: str, distance: int) -> Iterator[str]:
        """Return the words whose phonetic key is at most ``distance`` edits from a key."""
        return map(self._whole().word, self._phonetic_keys().within(key, distance).tolist())

    def least_frequent(self, ordinals: _Ordinals) -> int:
        """Return how many documents have the last of the ``MAX_EXPANSIONS`` most frequent words; 0 if all are fewer."""
        if len(ordinals) < MAX_EXPANSIONS:
            return 0
        place = len(ordinals) - MAX_EXPANSIONS
        return int(np.partition(self.field.doc_freqs[ordinals], place)[place])

    def as_frequent(self, ordinals: _Ordinals, doc_freq: float) -> Iterator[tuple[bytes, int]]:
        """Yield those words that at least so many documents have, with how many that are."""
        doc_freqs = self.field.doc_freqs[ordinals]
        kept = doc_freqs >= doc_freq
        return zip(map(self.field.term, ordinals[kept].tolist()), doc_freqs[kept].tolist(), strict=True)

    def doc_freq(self, word: bytes) -> int:
        """Return how many documents have a word."""
        ordinal = self.field.find(word)
        return self.field.doc_freq(ordinal) if ordinal >= 0 else 0

    @property
    def has_deleted(self) -> bool:
        """Whether documents of the segment are deleted."""
        return self._deleted > 0

    def has(self, word: bytes) -> bool:
        """Return whether a document that is not deleted has a word."""
        ordinal = self.field.find(word)
        if ordinal < 0:
            return False
        if self._live is None or self.field.doc_freq(ordinal) > self._deleted:
            return True
        return bool(self._live[self.field.postings(ordinal).docnums].any())

    def _slice(self, prefix: str) -> tuple[int, int]:
        return self.field.prefix_range(prefix.encode("utf-8", "replace"))

    def _fitting(self, pattern: str) -> _Ordinals:
        parts = re.split(r"([*?]+)", pattern)
        pieces = [part if set(part) <= {"*", "?"} else analyzer.fold(part) for part in parts]
        first, end = self._slice(pieces[0])
        words, before = self._listing(first, end)
        return before + words.fitting(pieces, first - before, end - before)

    def _listing(self, first: int, end: int) -> tuple[WordList, int]:
        """Return a list that has the words ``[first, end)`` in it, and the ordinal of its first word.

        Small slices are listed by themselves, until they come to more than a part of all.
        """
        from qtsearch.scoring.word_list import WordList  # few words are prefixes, wildcards or fuzzy

        self._listed += end - first
        if self._all is None and _PARTS * self._listed <= self.field.term_count:
            return WordList.of(self.field.terms(first, end)), first
        return self._whole(), 0

    def _whole(self) -> WordList:
        from qtsearch.scoring.word_list import WordList

        if self._all is None:
            # Two threads may both make one; either is as good.
            self._all = WordList(*self.field.joined_terms())
        return self._all

    def _phonetic_keys(self) -> WordList:
        """Return the key of each word, under its ordinal."""
        from qtsearch.analysis.phonetics import phonetic_keys  # for mistakes only
        from qtsearch.scoring.word_list import WordList

        if self._keys is None:
            self._keys = WordList.of(phonetic_keys(self._whole().lines()).splitlines())
        return self._keys
