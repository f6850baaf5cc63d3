"""Why a document scores what it scores: field by field, leaf by leaf.

The slow twin of ``Evaluator.evaluate`` for a few documents; it walks the same tree and keeps what it adds up.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from qtsearch.query import tree
from qtsearch.query.tree import SEARCHED_FIELDS, FieldName
from qtsearch.scoring.arrays import Floats, Ints, Mask
from qtsearch.scoring.concepts import Concept
from qtsearch.scoring.evaluation import Evaluator


class Contribution(NamedTuple):
    """What the matches of one leaf in one field add to ``own``.

    Attributes:
        leaf: what matched.
        field: where.
        frequency: the weighted, length-normalized term frequency in this field.
        weight: ``factor * idf`` of the leaf.
        score: the field's share, by frequency, of the score of the leaf.
    """

    leaf: tree.Leaf
    field: FieldName
    frequency: float
    weight: float
    score: float


def contributions(evaluator: Evaluator, root: tree.Node, docnums: Ints) -> list[tuple[Contribution, ...]]:
    """Return what makes the BM25F score of each of some documents that match the tree.

    The scores of one add up to that of ``Evaluator.evaluate`` for the same tree, but for the rounding of floats.

    Args:
        evaluator: over the collection.
        root: the tree that was evaluated.
        docnums: documents that match.
    """
    reading = _Reading(evaluator, docnums)
    return [tuple(reading.parts(root, 1.0, place)) for place in range(len(docnums))]


class _Reading:
    """Looks each node up once for all documents: the words that a prefix stands for take long to read."""

    def __init__(self, evaluator: Evaluator, docnums: Ints) -> None:
        self._evaluator = evaluator
        self._docnums = docnums
        self._masks: dict[int, Mask] = {}
        self._amounts: dict[Concept, Floats] = {}

    def parts(self, node: tree.Node, factor: float, place: int) -> Iterator[Contribution]:
        """Yield what a node that matches adds to the score of the document at a place."""
        match node:
            case tree.Or(children) | tree.And(children):
                for child in children:
                    # In an Or a child that does not match may still hold some of its words.
                    if self._matches(child, place):
                        yield from self.parts(child, factor, place)
            case tree.Preferring(required, optional):
                yield from self.parts(required, factor, place)
                if self._matches(optional, place):
                    yield from self.parts(optional, factor, place)
            case tree.Boost(child, by):
                yield from self.parts(child, factor * by, place)
            case tree.Alternatives(exact, others):
                factors = (1.0, *self._evaluator.other_factors(node))
                names = [(one, factor * by) for one, by in zip((exact, *others), factors, strict=True)]
                each = [list(self.parts(*one, place)) for one in names if self._matches(one[0], place)]
                # The first of equals, as what was typed comes before its other names.
                yield from max(each, key=_total, default=[])
            case tree.Words() | tree.Phrase() | tree.Prefix() | tree.Wildcard() | tree.Fuzzy():
                yield from self._leaf_parts(node, factor, place)

    def _leaf_parts(self, leaf: tree.Leaf, factor: float, place: int) -> Iterator[Contribution]:
        if not self._matches(leaf, place):
            return
        wanted = self._evaluator.concept(leaf)
        held = {
            # Which words a document must hold was asked already.
            name: float(self._amounts_of(Concept(wanted.wordings, (name,)))[place])
            for name in SEARCHED_FIELDS
            if name in wanted.fields
        }
        weight = factor * self._evaluator.idf(self._evaluator.doc_freq(leaf))
        for name, score in shared_out(weight, held, self._evaluator.k1):
            yield Contribution(leaf, name, held[name], weight, score)

    def _matches(self, node: tree.Node, place: int) -> bool:
        return bool(self._mask(node)[place])

    def _mask(self, node: tree.Node) -> Mask:
        """Return which of the documents match; worked out once, from the leaves up."""
        # By identity, because the hash of a node takes as long as the tree below it.
        found = self._masks.get(id(node))
        if found is None:
            found = self._masks[id(node)] = self._made_mask(node)
        return found

    def _made_mask(self, node: tree.Node) -> Mask:
        match node:
            case tree.Or(children):
                return self._joined(np.logical_or, children)
            case tree.And(children):
                return self._joined(np.logical_and, children)
            case tree.Not(child):
                return ~self._mask(child)
            case tree.Preferring(child) | tree.Boost(child):
                return self._mask(child)
            case tree.Alternatives(exact, others):
                return self._joined(np.logical_or, (exact, *others))
            case tree.Words() | tree.Phrase() | tree.Prefix() | tree.Wildcard() | tree.Fuzzy():
                return self._evaluator.scored(self._evaluator.concept(node)).scores_in(self._docnums) > 0.0
        return self._evaluator.evaluate(node).matched[self._docnums]

    def _joined(self, operator: np.ufunc, nodes: Sequence[tree.Node]) -> Mask:
        joined: Mask = operator.reduce([self._mask(node) for node in nodes])
        return joined

    def _amounts_of(self, wanted: Concept) -> Floats:
        """Return the BM25F frequency of a concept in each document, 0 where it is not, shape as the documents."""
        found = self._amounts.get(wanted)
        if found is None:
            found = self._amounts[wanted] = self._evaluator.frequencies_in(wanted, self._docnums)
        return found


def shared_out(weight: float, frequencies: Mapping[FieldName, float], k1: float) -> Iterator[tuple[FieldName, float]]:
    """Yield what each field that holds a concept adds to its score: a share by its part of the frequency.

    Args:
        weight: what the saturated frequency of the concept is multiplied by.
        frequencies: the BM25F frequency in each field.
        k1: how soon repeating a term stops to help.
    """
    whole = sum(frequencies.values())
    for name, frequency in frequencies.items():
        if frequency > 0.0:
            yield name, weight * frequency * (k1 + 1.0) / (whole + k1)


def _total(parts: Sequence[Contribution]) -> float:
    return sum(part.score for part in parts)
