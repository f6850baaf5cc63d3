"""Words that the query puts side by side, close together in a title or a keyword of the best documents too.

After the sequential dependence model (Metzler and Croft, A Markov random field model for term dependencies, 2005): each
two neighbouring words of the query are one more concept, found where they stand in order with few words between them.
It is looked for among the best documents only, and counts by the rarer of its words, as in Rasolofo and Savoy (Term
proximity scoring for keyword-based retrieval systems, 2003): how many documents hold it in all need not be known.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np

from qtsearch.analysis import analyzer
from qtsearch.query import tree
from qtsearch.query.tree import SEARCHED_FIELDS, FieldName
from qtsearch.scoring import bm25f
from qtsearch.scoring.arrays import Floats, Ints
from qtsearch.scoring.evaluation import Evaluator
from qtsearch.scoring.signature import FIELD_END, HEADING_FIELDS, Rows, term_number
from qtsearch.values import dataclass

PAIR_WEIGHT: Final = 0.3
"""What a pair counts beside the rarer of its words. Anything from 0.25 to 0.35 gives nearly the same."""

PAIR_SLOP: Final = 3
"""Words that may stand between the two: the stop words which the query lost, and a little more."""

PAIR_FIELDS: Final = HEADING_FIELDS
"""Where pairs are looked for. In long texts they add little to the words."""

MAX_PAIRS: Final = 32
"""Pairs of one query that are looked for; a text that long is not a phrase any more."""

_REACH: Final = PAIR_SLOP + 1

_END: Final = 255
"""Stands for the end of a field where each word is a byte: more than the words of ``MAX_PAIRS`` pairs."""

_APART: Final = bytes([_END] * (_REACH + 1))
"""Stands between two fields, so that nothing beyond the end of one is near."""


class Pair(NamedTuple):
    """Two neighbouring words of a query.

    Attributes:
        first: the one that comes first.
        second: the other.
        terms: those on both sides of the gap; a word may have several, as ``IL-6`` has.
        fields: where both may stand.
    """

    first: tree.Words
    second: tree.Words
    terms: tuple[str, str]
    fields: tuple[FieldName, ...]

    @property
    def phrase(self) -> tree.Phrase:
        """What is looked for, as a query."""
        return tree.Phrase(f"{self.first.text} {self.second.text}", PAIR_SLOP, self.fields)


@dataclass(frozen=True, slots=True)
class Closeness:
    """The pairs of a query in some documents.

    Attributes:
        pairs: those whose words are in the collection; none where no document holds any pair.
        weights: what the saturated frequency of each is multiplied by; shape ``[pair]``.
        frequencies: the BM25F frequency of each pair in each document and each of ``PAIR_FIELDS``; shape
            ``[pair, document, field]``.
        scores: what all pairs together add to the score of each document; shape ``[document]``, never negative.
    """

    pairs: Sequence[Pair]
    weights: Floats
    frequencies: Floats
    scores: Floats


def closeness(evaluator: Evaluator, pairs: Sequence[Pair], docnums: Ints, headings: Rows) -> Closeness:
    """Return the pairs in some documents.

    Args:
        evaluator: over the collection.
        pairs: see ``pairs_of``.
        docnums: the documents.
        headings: of each document.
    """
    words = dict.fromkeys(word for pair in pairs for word in (pair.first, pair.second))
    doc_freqs = {word: evaluator.doc_freq(word) for word in words}
    known = [(pair, min(doc_freqs[pair.first], doc_freqs[pair.second])) for pair in pairs]
    kept = [(pair, rarer) for pair, rarer in known if rarer]
    counts = _counts(headings, [pair.terms for pair, _ in kept]) if kept and len(docnums) else None
    if counts is None:
        return Closeness((), np.zeros(0), np.zeros((0, len(docnums), len(PAIR_FIELDS))), np.zeros(len(docnums)))
    weights = np.array([PAIR_WEIGHT * evaluator.idf(rarer) for _, rarer in kept])
    factors = np.empty((len(docnums), len(PAIR_FIELDS)))
    for place, name in enumerate(PAIR_FIELDS):
        factors[:, place] = evaluator.length_factors(name, docnums)
    frequencies = counts * factors
    for number, (pair, _) in enumerate(kept):
        if pair.fields != PAIR_FIELDS:
            frequencies[number, :, [name not in pair.fields for name in PAIR_FIELDS]] = 0.0
    # Field by field: numpy takes three times as long to add up an axis of two.
    in_all = sum((frequencies[:, :, place] for place in range(1, len(PAIR_FIELDS))), frequencies[:, :, 0])
    saturated = bm25f.saturate(in_all, evaluator.k1)
    # Not a matrix product, whose last bits depend on how many documents there are.
    return Closeness([pair for pair, _ in kept], weights, frequencies, (weights[:, None] * saturated).sum(axis=0))


def _counts(headings: Rows, wanted: Sequence[tuple[str, str]]) -> Ints | None:
    """Return how often each pair of terms begins in each document and field; shape ``[pair, document, field]``.

    None if no pair is anywhere, as of words that were not taken from one title.

    The slow one-liner, for the places of the two terms in one field of one document::

        sum(any(1 <= q - p <= PAIR_SLOP + 1 for q in second) for p in first)
    """
    small: dict[int, int] = {}
    pairs = [[small.setdefault(term_number(term), len(small) + 1) for term in terms] for terms in wanted]
    # Only the words of the query are told apart, so that each word is a byte.
    table = np.zeros(1 << 16, np.uint8)
    table[list(small)] = list(small.values())
    table[FIELD_END] = _END
    words = table.take(headings.numbers).tobytes()
    if not any(one in words and other in words for one, other in pairs):
        return None
    first, second = (np.frombuffer(bytes(side), np.uint8)[:, None] for side in zip(*pairs, strict=True))
    row = np.frombuffer(words.replace(bytes([_END]), _APART), np.uint8)
    begins = row == first
    ends = row == second
    close = ends[:, 1 : 1 - _REACH].copy()
    for step in range(2, _REACH + 1):
        close |= ends[:, step : len(row) - _REACH + step]
    close &= begins[:, :-_REACH]
    found = np.flatnonzero(close)
    if not len(found):
        return None
    pair = found // close.shape[1]
    found -= pair * close.shape[1]
    shape = len(pairs), len(headings.lengths), len(PAIR_FIELDS)
    fields = np.flatnonzero(row == _END)[:: len(_APART)]
    cells = pair * (shape[1] * shape[2]) + fields.searchsorted(found)
    counts: Ints = np.bincount(cells, minlength=shape[0] * shape[1] * shape[2]).reshape(shape)
    return counts


def pairs_of(root: tree.Node) -> list[Pair]:
    """Return each two neighbouring words of a query, each pair of terms once, at most ``MAX_PAIRS``."""
    found: dict[tuple[str, str], Pair] = {}
    for run in _runs(root):
        for (first, terms), (second, others) in pairwise([(word, analyzer.terms(word.text)) for word in run]):
            fields = _shared_fields(first, second)
            if fields and terms and others and terms != others:
                sides = terms[-1], others[0]
                found.setdefault(sides, Pair(first, second, sides, fields))
    return list(found.values())[:MAX_PAIRS]


def _runs(node: tree.Node) -> Iterator[list[tree.Words]]:
    """Yield the words that were typed in one row."""
    match node:
        case tree.Or(children) | tree.And(children):
            row: list[tree.Words] = []
            for child in children:
                words = _typed_words(child)
                if words:
                    row += words
                    continue
                yield row
                row = []
                yield from _runs(child)
            yield row
        case tree.Preferring(required, optional):
            yield from _runs(required)
            yield from _runs(optional)
        case tree.Boost(child) | tree.Alternatives(child):
            yield from _runs(child)


def _typed_words(node: tree.Node) -> list[tree.Words]:
    """Return a word, or the words that other names were found for; [] if the node is anything else."""
    match node:
        case tree.Words():
            return [node]
        case tree.Boost(child):
            return _typed_words(child)
        case tree.Alternatives(tree.Or(children) | tree.And(children)):
            return [child for child in children if isinstance(child, tree.Words)]
        case tree.Alternatives(exact):
            return _typed_words(exact)
    return []


def _shared_fields(first: tree.Words, second: tree.Words) -> tuple[FieldName, ...]:
    if not first.fields and not second.fields:
        return PAIR_FIELDS
    return tuple(
        name
        for name in PAIR_FIELDS
        if name in (first.fields or SEARCHED_FIELDS) and name in (second.fields or SEARCHED_FIELDS)
    )
