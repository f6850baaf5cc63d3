"""What the index knows of words, half words and abbreviations: for suggestions, completion and other names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property, lru_cache, partial
from typing import Final

import numpy as np
from numpy.typing import NDArray

from qtsearch.analysis import analyzer
from qtsearch.analysis.abbreviation_table import (
    LONGEST_SHORT_KEY,
    AbbreviationTable,
    Key,
    OtherForm,
    beginnings,
    known_lengths,
    long_key,
    short_key,
    without_plural,
)
from qtsearch.analysis.abbreviations import Definition
from qtsearch.codec.arrays import SegmentArrays
from qtsearch.engines.whoosh.documents import BETWEEN, definition_of, key_of, long_prefix, short_prefix, value_term
from qtsearch.engines.whoosh.term_lists import TermLists
from qtsearch.query.tree import SEARCHED_FIELDS, FieldName
from qtsearch.scoring.arrays import Mask
from qtsearch.scoring.collection import Collection
from qtsearch.scoring.expansions import Expansions

_MAX_WORDS: Final = 64
"""Words that the beginning of a word stands for when titles are looked for: the commonest."""

_REMEMBERED: Final = 10_000
"""Words of which it is remembered which forms begin with them, or how many documents hold them."""

_CONTEXTS: Final = 4
"""Rows of words of which it is remembered which documents hold any of them."""

_TITLES_FOR_EACH: Final = 4
"""Titles read for each one shown: some hold only a form of a word."""

_LONGEST_TITLE: Final = 2**16 - 1
"""Words of a title; longer ones count as that long."""

_NO_ABBREVIATIONS: Final = AbbreviationTable({})

_PrefixOf = Callable[[Key], bytes]
"""Returns how the terms of all definitions begin that have a form of this key."""


class Vocabulary:
    """The words of the articles, folded and not stemmed, as ``suggest`` and ``completion`` ask for them.

    Args:
        collection: the segments as one row of documents.
        segments: the same segments.
        lists: their posting lists.
        title: returns the title of a document.
        expansions: finds words that are like another.
        phrases: returns how many documents hold words side by side.
    """

    def __init__(
        self,
        collection: Collection,
        segments: Sequence[SegmentArrays],
        lists: TermLists,
        title: Callable[[int], str],
        expansions: Expansions,
        phrases: Callable[[str], int],
    ) -> None:
        self._collection = collection
        self._segments = segments
        self._lists = lists
        self._title = title
        self._expansions = expansions
        self._phrases = phrases
        # What is remembered must not refer back to the vocabulary; see ``WhooshEngine``.
        self._doc_freqs = lru_cache(_REMEMBERED)(partial(_doc_freq, lists))
        self._written = lru_cache(_REMEMBERED)(partial(_doc_freq_as_written, lists))
        # All words that may have been meant are looked for beside the same others.
        self._holding_any = lru_cache(_CONTEXTS)(partial(_holding_any, lists, collection.doc_count))

    def doc_freq(self, word: str) -> int:
        """Return how many documents hold a word; if none does, how many hold another form of it."""
        return self._doc_freqs(word)

    def within(self, word: str, distance: int) -> Iterator[tuple[str, int]]:
        """Yield the words at most ``distance`` edits away, with their document frequencies."""
        return self._counted(self._expansions.near(word, distance))

    def sounding(self, key: str, distance: int) -> Iterator[tuple[str, int]]:
        """Yield the words whose phonetic key is at most ``distance`` edits from a key, with their frequencies."""
        return self._counted(self._expansions.sounding(key, distance))

    def _counted(self, words: Iterable[str]) -> Iterator[tuple[str, int]]:
        return ((word, _doc_freq_as_written(self._lists, word)) for word in words)

    def beginning(self, prefix: str) -> list[tuple[str, int]]:
        """Return the commonest words that begin so, with their document frequencies."""
        return self.words_with_prefix(prefix, _MAX_WORDS)

    def together(self, word: str, others: Sequence[str]) -> int:
        """Return how many documents hold a word and at least one of the others."""
        holding = self._holding_any(tuple(others))
        return int(np.count_nonzero(holding[self._lists.docnums("words", _encoded(word))]))

    def holding(self, words: Sequence[str]) -> int:
        """Return how many documents hold at least one of the words."""
        return int(np.count_nonzero(self._holding_any(tuple(words))))

    def doc_freq_as_written(self, word: str) -> int:
        """Return how many documents hold a word in this form."""
        return self._written(word)

    def are_neighbours(self, first: str, second: str) -> bool:
        """Return whether two words stand side by side in any document, in this order."""
        return self._phrases(f"{first} {second}") > 0

    def words_with_prefix(self, prefix: str, limit: int, field: FieldName | None = None) -> list[tuple[str, int]]:
        """See ``CompletionSource``."""
        if field is None:
            return [(word.decode(), number) for word, number in self._lists.commonest("words", prefix.encode(), limit)]
        # The words of a field are not kept, only their stems: each stands for its commonest word.
        words: dict[str, str] = {}
        for word, _ in self.words_with_prefix(prefix, _MAX_WORDS):
            words.setdefault(analyzer.stem(word), word)
        counted = [(word, self._lists.doc_freq(field, _encoded(stem))) for stem, word in words.items()]
        return sorted(((word, number) for word, number in counted if number), key=lambda pair: -pair[1])[:limit]

    def values_with_prefix(self, column: str, prefix: str, limit: int) -> list[tuple[str, int]]:
        """See ``CompletionSource``. Values as they are compared: in small letters."""
        return [
            (value.decode(), count) for value, count in self._lists.commonest(column, value_term(column, prefix), limit)
        ]

    def titles_matching(self, words: Sequence[str], prefix: str, limit: int) -> list[str]:
        """See ``CompletionSource``. The shortest titles first: they say little else."""
        if not words and not prefix:
            return []
        holding = self._titles_with(prefix) if prefix else np.ones(self._collection.doc_count, np.bool_)
        for word in words:
            holding &= self._holding([word])
        docnums = np.flatnonzero(holding)
        # Small numbers are sorted without comparing them, and hardly any are above the bound.
        order = np.argsort(self._title_lengths[docnums], kind="stable")[: limit * _TITLES_FOR_EACH]
        titles = dict.fromkeys(map(self._title, docnums[order].tolist()))
        return [title for title in titles if _fits(title, words, prefix)][:limit]

    def _titles_with(self, prefix: str) -> Mask:
        return self._holding([word for word, _ in self.words_with_prefix(prefix, _MAX_WORDS)])

    def _holding(self, words: Sequence[str]) -> Mask:
        """Return which documents have a form of one of these words in their title, shape ``[doc_count]``."""
        holding = np.zeros(self._collection.doc_count, np.bool_)
        for stem in {analyzer.stem(word) for word in words}:
            holding[self._lists.docnums("title", _encoded(stem))] = True
        return holding

    @cached_property
    def _title_lengths(self) -> NDArray[np.uint16]:
        fields = [(segment.field("title"), segment.doc_count_all) for segment in self._segments]
        lengths = [field.lengths if field is not None else np.zeros(count, np.int32) for field, count in fields]
        return np.concatenate([np.zeros(0, np.int64), *lengths]).clip(max=_LONGEST_TITLE).astype(np.uint16)


def _doc_freq(lists: TermLists, word: str) -> int:
    stem = _encoded(analyzer.stem(word))
    return _doc_freq_as_written(lists, word) or max(lists.doc_freq(field, stem) for field in SEARCHED_FIELDS)


def _doc_freq_as_written(lists: TermLists, word: str) -> int:
    return lists.doc_freq("words", _encoded(word))


def _holding_any(lists: TermLists, doc_count: int, words: Sequence[str]) -> Mask:
    holding = np.zeros(doc_count, np.bool_)
    for word in words:
        holding[lists.docnums("words", _encoded(word))] = True
    return holding


class AbbreviationIndex:
    """The abbreviations of the index, looked up one by one: ``expand.Forms``.

    Nothing is read in advance, so that the first search is as quick as the next. For each form only the definitions
    that share a short form are made a table, because these decide together which of them can be trusted.

    Args:
        lists: posting lists.
    """

    def __init__(self, lists: TermLists) -> None:
        self._definitions = definitions = _Definitions(lists)
        self._keys = lru_cache(_REMEMBERED)(definitions.keys_beginning)
        self._known_to_begin = lru_cache(_REMEMBERED)(partial(_may_begin, self._keys))
        self._known_long_forms = lru_cache(_REMEMBERED)(definitions.long_forms)
        self._known_short_forms = lru_cache(_REMEMBERED)(definitions.short_forms)

    def lengths(self, words: Sequence[str]) -> list[int]:
        """Return how many words, from the first on, are a form together; the most first."""
        if not words or not self._known_to_begin(words[0]):
            return []
        return known_lengths(words, self._has_long, self._has_short)

    def long_forms(self, short: str) -> tuple[OtherForm, ...]:
        """Return the long forms of a short form, those of most articles first; () if there is none."""
        key = short_key(short)
        if not key or sum(map(len, key)) > LONGEST_SHORT_KEY:
            return ()
        known = tuple(one for one in dict.fromkeys((key, without_plural(key))) if self._has_short(one))
        return self._known_long_forms(short, known) if known else ()

    def short_forms(self, long: str) -> tuple[OtherForm, ...]:
        """Return the short forms of a long form, those of most articles first; () if there is none."""
        key = long_key(long)
        return self._known_short_forms(long, key) if key and self._has_long(key) else ()

    def _has_long(self, key: Key) -> bool:
        return key in self._keys(long_prefix, key[0])

    def _has_short(self, key: Key) -> bool:
        return key in self._keys(short_prefix, key[0])

    def whole_table(self) -> AbbreviationTable:
        """Return the table of all abbreviations."""
        return AbbreviationTable(self._definitions.beginning(short_prefix(None)))


class _Definitions:
    """The definitions of all articles, read anew whenever they are asked for.

    Args:
        lists: posting lists.
    """

    def __init__(self, lists: TermLists) -> None:
        self._lists = lists

    def keys_beginning(self, prefix_of: _PrefixOf, word: str) -> frozenset[Key]:
        """Return the keys of all forms that begin with a word: of most words there are few or none."""
        # A key goes on with another word, or ends.
        prefixes = prefix_of((word, "")).rstrip(BETWEEN), prefix_of((word,))
        return frozenset(key_of(term) for one in prefixes for term in self._lists.terms_beginning("abbreviations", one))

    def long_forms(self, short: str, keys: Sequence[Key]) -> tuple[OtherForm, ...]:
        """Return the long forms of a short form that has these keys."""
        return self._table(keys).long_forms(short)

    def short_forms(self, long: str, key: Key) -> tuple[OtherForm, ...]:
        """Return the short forms of a long form that has this key."""
        definitions = self.beginning(long_prefix(key))
        return self._table(dict.fromkeys(short_key(short) for short, _ in definitions)).short_forms(long)

    def _table(self, keys: Iterable[Key]) -> AbbreviationTable:
        found: dict[Definition, int] = {}
        for key in keys:
            found.update(self.beginning(short_prefix(key)))
        return AbbreviationTable(found) if found else _NO_ABBREVIATIONS

    def beginning(self, prefix: bytes) -> dict[Definition, int]:
        """Return the definitions whose terms begin so, and how many articles give each."""
        return {definition_of(term): number for term, number in self._lists.beginning("abbreviations", prefix)}


def _may_begin(keys: Callable[[_PrefixOf, str], frozenset[Key]], word: str) -> bool:
    """Return whether any form may begin with a word; with most words none does, whatever stands behind them."""
    first = beginnings(word)
    if first is None or keys(long_prefix, first.long):
        return True
    return any(keys(short_prefix, one) for one in first.short)


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "replace")


def _fits(title: str, words: Sequence[str], prefix: str) -> bool:
    held = set(analyzer.words(title))
    return held.issuperset(words) and any(word.startswith(prefix) for word in held)
