"""What an article is about, in a few bytes: the terms of its heading and its opening as 16-bit numbers.

Two words of a query belong together where they stand side by side in a heading, which is the title and the keywords;
two articles are alike when their headings and openings share telling terms. These bytes hold no statistics, so they are
the same whatever else is indexed, and need not be touched when other articles come or go.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from itertools import islice, pairwise
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from qtsearch.analysis import analyzer
from qtsearch.analysis.stop_words import STOP_WORDS
from qtsearch.query.tree import FieldName

SIGNATURE_WORDS: Final = 100
"""Words of each field that count: an article says first what it is about, and a huge one must stay cheap."""

SIGNATURE_FORM: Final = np.dtype("<u2")
"""One term: 1 to 65,535, whatever the index. Two terms in 65,535 share a number, which does no harm to a likeness."""

FIELD_END: Final = 0
"""Stands after the terms of each field of a heading."""

HEADING_FIELDS: Final[tuple[FieldName, ...]] = ("title", "page_keywords")
"""The fields of a heading, in their order."""

Signature = bytes
"""Any number of ``SIGNATURE_FORM``: a heading, an opening, or both, one behind the other."""


class Tokens(NamedTuple):
    """One field of many articles, one behind the other.

    Attributes:
        numbers: what stands for each word.
        lengths: words of each article.
    """

    numbers: NDArray[np.int32]
    lengths: NDArray[np.int32]


def heading(title: Iterable[str], page_keywords: Iterable[str]) -> Signature:
    """Return the heading of an article from the terms of its title and its keywords, in their order."""
    fields = (islice(field, SIGNATURE_WORDS) for field in (title, page_keywords))
    return _packed([number for field in fields for number in (*map(term_number, field), FIELD_END)])


def opening(answer: Iterable[str]) -> Signature:
    """Return the opening of an article from the terms of its answer, without stop words."""
    return _packed([term_number(term) for term in islice(answer, SIGNATURE_WORDS) if term not in stop_terms()])


def _packed(numbers: Sequence[int]) -> Signature:
    return np.array(numbers, SIGNATURE_FORM).tobytes()


def term_numbers(terms: Sequence[str]) -> NDArray[np.uint16]:
    """Return what stands for each of many terms in a signature."""
    return np.array([term_number(term) for term in terms], SIGNATURE_FORM)


def batch_headings(numbers: NDArray[np.uint16], title: Tokens, page_keywords: Tokens) -> list[Signature]:
    """Return the headings of many articles at once: ``heading`` of each, only faster.

    Args:
        numbers: ``term_numbers`` of the term of each number that stands for a word.
        title: the words of the titles.
        page_keywords: those of the keywords, of as many articles.
    """
    count, fields = len(title.lengths), len(HEADING_FIELDS)
    places, kept = [], []
    for place, tokens in enumerate((title, page_keywords)):
        wanted = _places(tokens.lengths) < SIGNATURE_WORDS
        places.append(np.repeat(np.arange(count) * fields + place, tokens.lengths)[wanted])
        kept.append(numbers[tokens.numbers[wanted]])
    places.append(np.arange(count * fields))
    kept.append(np.full(count * fields, FIELD_END, SIGNATURE_FORM))
    # Stable, so that the terms of a field stay in their order, and its end behind them.
    everything = np.concatenate(places)
    data = np.concatenate(kept)[np.argsort(everything, kind="stable")]
    return _parted(data, np.bincount(everything // fields, minlength=count))


def batch_openings(terms: Sequence[str], numbers: NDArray[np.uint16], answer: Tokens) -> list[Signature]:
    """Return the openings of many articles at once: ``opening`` of each, only faster.

    Args:
        terms: the term of each number that stands for a word.
        numbers: ``term_numbers`` of these.
        answer: the words of the answers.
    """
    ignored = stop_terms()
    telling_terms = np.array([term not in ignored for term in terms], np.bool_)
    wanted = (_places(answer.lengths) < SIGNATURE_WORDS) & telling_terms[answer.numbers]
    owners = np.repeat(np.arange(len(answer.lengths)), answer.lengths)[wanted]
    return _parted(numbers[answer.numbers[wanted]], np.bincount(owners, minlength=len(answer.lengths)))


def _parted(numbers: NDArray[np.uint16], counts: NDArray[np.int64]) -> list[Signature]:
    """Return so many of the numbers for each article."""
    data = numbers.tobytes()
    ends = np.cumsum(counts) * SIGNATURE_FORM.itemsize
    return [data[start:end] for start, end in pairwise([0, *ends.tolist()])][: len(counts)]


def _places(lengths: NDArray[np.integer[Any]]) -> NDArray[np.int64]:
    """Return 0, 1, 2, .. for each run of these lengths, one behind the other."""
    starts = np.cumsum(lengths) - lengths
    places: NDArray[np.int64] = np.arange(int(lengths.sum())) - np.repeat(starts, lengths)
    return places


def joined(signatures: Sequence[Signature]) -> NDArray[np.uint16]:
    """Return the numbers of some signatures, one behind the other."""
    return np.frombuffer(b"".join(signatures), SIGNATURE_FORM)


def title_key(terms: Sequence[str]) -> int:
    """Return a number of 32 bits that titles of the same terms share, and hardly any others."""
    return zlib.crc32(" ".join(terms).encode("utf-8", "replace"))


@lru_cache(maxsize=100_000)
def term_number(term: str) -> int:
    """Return what stands for a term in a signature."""
    return zlib.crc32(term.encode("utf-8", "replace")) % 0xFFFF + 1


@cache
def stop_terms() -> frozenset[str]:
    """Return the terms of the stop words: they say nothing about what an article is about."""
    return frozenset(term for word in STOP_WORDS for term in analyzer.terms(word))


@cache
def telling() -> NDArray[np.bool_]:
    """Return which numbers say what an article is about; shape ``[65536]``. Those of stop words do not."""
    mask = np.ones(1 << 16, np.bool_)
    mask[[FIELD_END, *map(term_number, stop_terms())]] = False
    return mask
