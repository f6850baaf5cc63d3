"""What an article is about, in a few bytes: terms as 16-bit numbers.

Two words of a query belong together where they stand side by side in the *heading* of an article, which is its title
and its keywords. Two articles are alike when their *signatures*, the telling terms of their headings and of the
beginnings of their answers, have much in common. These bytes hold no statistics, so they are the same whatever else is
indexed, and need not be touched when other articles come or go.
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from itertools import islice, pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from qtsearch.analysis import analyzer
from qtsearch.analysis.stop_words import STOP_WORDS
from qtsearch.query.tree import FieldName
from qtsearch.scoring.runs import run_bounds

if TYPE_CHECKING:
    from qtsearch.analysis.inversion import Tokens  # only indexing needs it

SIGNATURE_WORDS: Final = 100
"""Words of each field that count: an article says first what it is about, and a huge one must stay cheap."""

SIGNATURE_FORM: Final = np.dtype("<u2")
"""One term: 1 to 65,535, whatever the index. Two terms in 65,535 share a number, which does no harm to a likeness."""

FIELD_END: Final = 0
"""Stands after the terms of each field of a heading."""

ONCE_MORE: Final = 0
"""Stands in a signature before the terms that are there once more than those before it."""

HEADING_FIELDS: Final[tuple[FieldName, ...]] = ("title", "page_keywords")
"""The fields of a heading, in their order."""

_NUMBER_BITS: Final = 16
_NUMBERS: Final = (1 << _NUMBER_BITS) - 1

Numbers = bytes
"""A heading or a signature: any number of ``SIGNATURE_FORM``."""


class Rows(NamedTuple):
    """The headings or the signatures of some articles, one behind the other.

    Attributes:
        numbers: all numbers.
        lengths: how many of them each article has.
    """

    numbers: NDArray[np.uint16]
    lengths: NDArray[np.intp]


def heading(title: Iterable[str], page_keywords: Iterable[str]) -> Numbers:
    """Return the heading of an article from the terms of its title and its keywords, in their order."""
    fields = (islice(field, SIGNATURE_WORDS) for field in (title, page_keywords))
    return _packed([number for field in fields for number in (*map(term_number, field), FIELD_END)])


def signature(title: Iterable[str], page_keywords: Iterable[str], answer: Iterable[str]) -> Numbers:
    """Return the signature of an article from the terms of its title, its keywords and its answer.

    Each telling number once, ascending: first those that stand there once, then ``ONCE_MORE`` and those that stand
    there twice, and so on up to the most frequent.
    """
    terms = (term for field in (title, page_keywords, answer) for term in islice(field, SIGNATURE_WORDS))
    counts = Counter(number for number in map(term_number, terms) if telling()[number])
    found: list[int] = []
    for freq in range(1, max(counts.values(), default=0) + 1):
        found += [ONCE_MORE] * (freq > 1)
        found += sorted(number for number, count in counts.items() if count == freq)
    return _packed(found)


def _packed(numbers: Sequence[int]) -> Numbers:
    return np.array(numbers, SIGNATURE_FORM).tobytes()


def term_numbers(terms: Sequence[str]) -> NDArray[np.uint16]:
    """Return what stands for each of many terms in a signature."""
    return np.array(list(map(_number, terms)), SIGNATURE_FORM)


def batch_headings(numbers: NDArray[np.uint16], title: Tokens, page_keywords: Tokens) -> list[Numbers]:
    """Return the headings of many articles at once: ``heading`` of each, only faster.

    Args:
        numbers: ``term_numbers`` of the term of each number that stands for a word.
        title: the words of the titles.
        page_keywords: those of the keywords, of as many articles.
    """
    count, fields = len(title.lengths), len(HEADING_FIELDS)
    places, kept = [], []
    for place, tokens in enumerate((title, page_keywords)):
        owners, words = _beginnings(tokens)
        places.append(owners * fields + place)
        kept.append(numbers[words])
    places.append(np.arange(count * fields))
    kept.append(np.full(count * fields, FIELD_END, SIGNATURE_FORM))
    # Stable, so that the terms of a field stay in their order, and its end behind them.
    everything = np.concatenate(places)
    data = np.concatenate(kept)[np.argsort(everything, kind="stable")]
    return _parted(data, np.bincount(everything // fields, minlength=count))


def batch_signatures(numbers: NDArray[np.uint16], fields: Sequence[Tokens]) -> list[Numbers]:
    """Return the signatures of many articles at once: ``signature`` of each, only faster.

    Args:
        numbers: ``term_numbers`` of the term of each number that stands for a word.
        fields: the words of the titles, of the keywords and of the answers.
    """
    keys = np.sort(np.concatenate([_telling_keys(numbers, tokens) for tokens in fields]))
    bounds = run_bounds(keys)
    freqs, keys = np.diff(bounds), keys[bounds[:-1]]
    owners = keys >> _NUMBER_BITS
    ordered = np.sort((owners << _NUMBER_BITS | freqs) << _NUMBER_BITS | keys & _NUMBERS)
    found, freqs = ordered & _NUMBERS, ordered >> _NUMBER_BITS & _NUMBERS
    marks = np.diff(freqs, prepend=1)
    firsts = run_bounds(owners)[:-1]
    marks[firsts] = freqs[firsts] - 1
    data = np.full(len(found) + int(marks.sum()), ONCE_MORE, SIGNATURE_FORM)
    data[np.arange(len(found)) + np.cumsum(marks)] = found
    return _parted(data, np.bincount(np.repeat(owners, marks + 1), minlength=len(fields[0].lengths)))


def _telling_keys(numbers: NDArray[np.uint16], tokens: Tokens) -> NDArray[np.int64]:
    """Return each telling word of the beginning of each article: which article it is, and its number, in one."""
    owners, words = _beginnings(tokens)
    found = numbers[words]
    keys: NDArray[np.int64] = owners << _NUMBER_BITS | found
    return keys[telling()[found]]


def _beginnings(tokens: Tokens) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Return the words that count, of each article in their order: which article has each, and what stands for it."""
    lengths = tokens.lengths.astype(np.int64)
    kept = np.minimum(lengths, SIGNATURE_WORDS)
    # Where each article starts among all words, less where it starts among those that are kept.
    skipped = np.cumsum(lengths - kept) - (lengths - kept)
    places = np.arange(int(kept.sum())) + np.repeat(skipped, kept)
    return np.repeat(np.arange(len(kept)), kept), tokens.numbers[places]


def _parted(numbers: NDArray[np.uint16], counts: NDArray[np.int64]) -> list[Numbers]:
    """Return so many of the numbers for each article."""
    data = numbers.tobytes()
    ends = np.cumsum(counts) * SIGNATURE_FORM.itemsize
    return [data[start:end] for start, end in pairwise([0, *ends.tolist()])][: len(counts)]


def joined(some: Sequence[Numbers | memoryview]) -> Rows:
    """Return some headings or signatures, one behind the other."""
    lengths = np.array([len(one) // SIGNATURE_FORM.itemsize for one in some], np.intp)
    return Rows(np.frombuffer(b"".join(some), SIGNATURE_FORM), lengths)


def title_key(terms: Sequence[str]) -> int:
    """Return a number of 32 bits that titles of the same terms share, and hardly any others."""
    return zlib.crc32(" ".join(terms).encode("utf-8", "replace"))


@lru_cache(maxsize=100_000)
def term_number(term: str) -> int:
    """Return what stands for a term in a signature."""
    return _number(term)


def _number(term: str) -> int:
    return zlib.crc32(term.encode("utf-8", "replace")) % 0xFFFF + 1


@cache
def stop_terms() -> frozenset[str]:
    """Return the terms of the stop words: they say nothing about what an article is about."""
    return frozenset(term for word in STOP_WORDS for term in analyzer.terms(word))


@cache
def telling() -> NDArray[np.bool_]:
    """Return which numbers say what an article is about; shape ``[65536]``. Those of stop words do not."""
    mask = np.ones(1 << 16, np.bool_)
    mask[[FIELD_END, ONCE_MORE, *map(term_number, stop_terms())]] = False
    return mask
