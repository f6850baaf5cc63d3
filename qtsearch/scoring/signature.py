"""What an article is about, in a few bytes: the terms of its opening, as numbers of 16 bits.

Two articles are alike when their openings share telling terms. A signature holds no statistics, so it is the same
whatever else is indexed, and need not be touched when other articles come or go.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from qtsearch.analysis import analyzer
from qtsearch.analysis.stop_words import STOP_WORDS

SIGNATURE_WORDS: Final = 100
"""Words of the answer that count: an article says first what it is about, and a huge one must stay cheap."""

MAX_SIGNATURE: Final = 256
"""Terms in one signature, title and keywords included."""

_ALL: Final = 2**62

Signature = NDArray[np.uint16]


class Tokens(NamedTuple):
    """One field of many articles, one behind the other.

    Attributes:
        numbers: what stands for each word.
        lengths: words of each article.
    """

    numbers: NDArray[np.int32]
    lengths: NDArray[np.int32]


def signature(title: Iterable[str], page_keywords: Iterable[str], answer: Iterable[str]) -> bytes:
    """Return the signature of an article from the terms of its fields: little-endian numbers of 16 bits.

    Stop words are left out; a term that stands there twice is there twice. Two terms in 65,536 share a number,
    which does no harm to a likeness.
    """
    ignored = stop_terms()
    opening = [term for term, _ in zip(answer, range(SIGNATURE_WORDS), strict=False)]
    numbers = [_number(term) for term in (*title, *page_keywords, *opening) if term not in ignored]
    return np.array(numbers[:MAX_SIGNATURE], "<u2").tobytes()


def batch_signatures(terms: Sequence[str], title: Tokens, page_keywords: Tokens, answer: Tokens) -> list[bytes]:
    """Return the signatures of many articles at once: ``signature`` of each, only faster.

    Args:
        terms: the term of each number that stands for a word.
        title: the words of the titles.
        page_keywords: those of the keywords, of as many articles.
        answer: those of the answers.
    """
    numbers = np.array([_number(term) for term in terms], "<u2")
    ignored = stop_terms()
    telling = np.array([term not in ignored for term in terms], np.bool_)
    articles, kept = [], []
    for tokens, most in ((title, _ALL), (page_keywords, _ALL), (answer, SIGNATURE_WORDS)):
        owners = np.repeat(np.arange(len(tokens.lengths)), tokens.lengths)
        places = np.arange(len(owners)) - np.repeat(np.cumsum(tokens.lengths) - tokens.lengths, tokens.lengths)
        wanted = telling[tokens.numbers] & (places < most)
        articles.append(owners[wanted])
        kept.append(numbers[tokens.numbers[wanted]])
    # Stable, so that the fields of an article stay in their order.
    order = np.argsort(np.concatenate(articles), kind="stable")
    ends = np.cumsum(sum(np.bincount(owners, minlength=len(title.lengths)) for owners in articles))
    parts = np.split(np.concatenate(kept)[order], ends[:-1])
    return [part[:MAX_SIGNATURE].tobytes() for part in parts[: len(title.lengths)]]


def read_signature(data: bytes) -> Signature:
    """Return the numbers of a signature."""
    return np.frombuffer(data, "<u2")


@lru_cache(maxsize=100_000)
def _number(term: str) -> int:
    return zlib.crc32(term.encode("utf-8", "replace")) & 0xFFFF


@cache
def stop_terms() -> frozenset[str]:
    """Return the terms of the stop words: they say nothing about what an article is about."""
    return frozenset(term for word in STOP_WORDS for term in analyzer.terms(word))
