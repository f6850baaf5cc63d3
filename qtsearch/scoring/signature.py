"""What an article is about, in a few bytes: the terms of its opening as 16-bit numbers, and how often each is there.

Two articles are alike when their openings share telling terms. A signature holds no statistics, so it is the same
whatever else is indexed, and need not be touched when other articles come or go.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from itertools import pairwise
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from qtsearch.analysis import analyzer
from qtsearch.analysis.stop_words import STOP_WORDS

SIGNATURE_WORDS: Final = 100
"""Words of the answer that count: an article says first what it is about, and a huge one must stay cheap."""

MAX_SIGNATURE: Final = 256
"""Words in one signature, title and keywords included."""

SIGNATURE_FORM: Final = np.dtype([("term", "<u2"), ("freq", "u1")])
"""One term of a signature, 3 bytes; in ascending order of the terms."""

_MAX_FREQ: Final = 255

_ALL: Final = 2**62

Signature = bytes
"""Any number of ``SIGNATURE_FORM``."""


class Tokens(NamedTuple):
    """One field of many articles, one behind the other.

    Attributes:
        numbers: what stands for each word.
        lengths: words of each article.
    """

    numbers: NDArray[np.int32]
    lengths: NDArray[np.int32]


def signature(title: Iterable[str], page_keywords: Iterable[str], answer: Iterable[str]) -> Signature:
    """Return the signature of an article from the terms of its fields.

    Stop words are left out. Two terms in 65,536 share a number, which does no harm to a likeness.
    """
    ignored = stop_terms()
    opening = [term for term, _ in zip(answer, range(SIGNATURE_WORDS), strict=False)]
    numbers = [_number(term) for term in (*title, *page_keywords, *opening) if term not in ignored]
    terms, freqs = np.unique(np.array(numbers[:MAX_SIGNATURE], np.uint16), return_counts=True)
    return _packed(terms, freqs).tobytes()


def batch_signatures(terms: Sequence[str], title: Tokens, page_keywords: Tokens, answer: Tokens) -> list[Signature]:
    """Return the signatures of many articles at once: ``signature`` of each, only faster.

    Args:
        terms: the term of each number that stands for a word.
        title: the words of the titles.
        page_keywords: those of the keywords, of as many articles.
        answer: those of the answers.
    """
    numbers = np.array([_number(term) for term in terms], np.int64)
    ignored = stop_terms()
    telling = np.array([term not in ignored for term in terms], np.bool_)
    articles, kept = [], []
    for tokens, most in ((title, _ALL), (page_keywords, _ALL), (answer, SIGNATURE_WORDS)):
        owners = np.repeat(np.arange(len(tokens.lengths)), tokens.lengths)
        wanted = telling[tokens.numbers] & (_places(tokens.lengths) < most)
        articles.append(owners[wanted])
        kept.append(numbers[tokens.numbers[wanted]])
    # Stable, so that the fields of an article stay in their order.
    order = np.argsort(np.concatenate(articles), kind="stable")
    owners = np.concatenate(articles)[order]
    count = len(title.lengths)
    allowed = _places(np.bincount(owners, minlength=count)) < MAX_SIGNATURE
    keys, freqs = np.unique((owners << 16 | np.concatenate(kept)[order])[allowed], return_counts=True)
    data = _packed(keys & 0xFFFF, freqs).tobytes()
    ends = np.cumsum(np.bincount(keys >> 16, minlength=count)) * SIGNATURE_FORM.itemsize
    return [data[start:end] for start, end in pairwise([0, *ends.tolist()])][:count]


def _places(lengths: NDArray[np.integer[Any]]) -> NDArray[np.int64]:
    """Return 0, 1, 2, .. for each run of these lengths, one behind the other."""
    starts = np.cumsum(lengths) - lengths
    places: NDArray[np.int64] = np.arange(int(lengths.sum())) - np.repeat(starts, lengths)
    return places


def _packed(terms: NDArray[np.integer[Any]], freqs: NDArray[np.integer[Any]]) -> NDArray[np.void]:
    packed = np.empty(len(terms), SIGNATURE_FORM)
    packed["term"] = terms
    packed["freq"] = np.minimum(freqs, _MAX_FREQ)
    return packed


def title_key(terms: Sequence[str]) -> int:
    """Return a number of 32 bits that titles of the same terms share, and hardly any others."""
    return zlib.crc32(" ".join(terms).encode("utf-8", "replace"))


@lru_cache(maxsize=100_000)
def _number(term: str) -> int:
    return zlib.crc32(term.encode("utf-8", "replace")) & 0xFFFF


@cache
def stop_terms() -> frozenset[str]:
    """Return the terms of the stop words: they say nothing about what an article is about."""
    return frozenset(term for word in STOP_WORDS for term in analyzer.terms(word))
