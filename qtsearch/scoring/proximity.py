"""Words that the query puts side by side, close together in a title or a keyword too.

After the sequential dependence model (Metzler and Croft, A Markov random field model for term dependencies, 2005): each
two neighbouring words of the query are one more concept, found where they stand in order with few words between them.
It counts like any concept of BM25F, by its own document frequency, only less.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from qtsearch.analysis import analyzer
from qtsearch.query import tree
from qtsearch.query.tree import SEARCHED_FIELDS, FieldName

PAIR_WEIGHT: Final = 0.2
"""What a pair counts beside a word. Anything from 0.1 to 0.4 gives nearly the same."""

PAIR_SLOP: Final = 3
"""Words that may stand between the two: the stop words which the query lost, and a little more."""

PAIR_FIELDS: Final[tuple[FieldName, ...]] = ("title", "page_keywords")
"""Where pairs are looked for. In long texts they add little to the words, and their positions are slow to read."""

MAX_PAIRS: Final = 32
"""Pairs of one query that are looked for; a text that long is not a phrase any more."""


def with_proximity(root: tree.Node, weight: float = PAIR_WEIGHT) -> tree.Node:
    """Return the tree with the pairs of its neighbouring words as optional phrases.

    The same documents match: what holds a pair holds both its words. A plain disjunction stays one.
    """
    phrases = [tree.Boost(phrase, weight) for phrase in pairs(root)]
    if not phrases:
        return root
    if isinstance(root, tree.Or):
        return tree.any_of((root, *phrases))
    return tree.Preferring(root, tree.any_of(phrases))


def pairs(root: tree.Node) -> list[tree.Phrase]:
    """Return a phrase for each two neighbouring words of a query, each once, at most ``MAX_PAIRS``."""
    found = dict.fromkeys(phrase for run in _runs(root) for one in pairwise(run) if (phrase := _pair(*one)))
    return list(found)[:MAX_PAIRS]


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


def _pair(first: tree.Words, second: tree.Words) -> tree.Phrase | None:
    fields = tuple(
        name
        for name in PAIR_FIELDS
        if name in (first.fields or SEARCHED_FIELDS) and name in (second.fields or SEARCHED_FIELDS)
    )
    if not fields or analyzer.terms(first.text) == analyzer.terms(second.text):
        return None
    return tree.Phrase(f"{first.text} {second.text}", PAIR_SLOP, fields)
