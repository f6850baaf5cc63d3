"""Why a document scores what it scores: field by field, leaf by leaf.

The slow twin of ``Evaluator.evaluate`` for one document; it walks the same tree and keeps what it adds up.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from qtsearch.query import tree
from qtsearch.query.tree import SEARCHED_FIELDS, FieldName
from qtsearch.scoring import bm25f
from qtsearch.scoring.concepts import Concept
from qtsearch.scoring.evaluation import Evaluator


class Contribution(NamedTuple):
    """What the matches of one leaf in one field add to ``own``.

    Attributes:
        leaf: what matched; a ``Phrase`` with slop stands for a pair of neighbouring words.
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


def contributions(evaluator: Evaluator, root: tree.Node, docnum: int) -> tuple[Contribution, ...]:
    """Return what makes the BM25F score of a document that matches the tree.

    The scores add up to that of ``Evaluator.evaluate`` for the same tree, but for the rounding of floats.

    Args:
        evaluator: over the collection.
        root: the tree that was evaluated: with pairs, if they were part of it.
        docnum: a document that matches.
    """
    return tuple(_parts(evaluator, root, 1.0, docnum))


def _parts(evaluator: Evaluator, node: tree.Node, factor: float, docnum: int) -> Iterator[Contribution]:
    match node:
        case tree.Or(children) | tree.And(children):
            for child in children:
                # In an Or a child that does not match may still hold some of its words.
                if bool(evaluator.evaluate(child).matched[docnum]):
                    yield from _parts(evaluator, child, factor, docnum)
        case tree.Preferring(required, optional):
            yield from _parts(evaluator, required, factor, docnum)
            if bool(evaluator.evaluate(optional).matched[docnum]):
                yield from _parts(evaluator, optional, factor, docnum)
        case tree.Boost(child, by):
            yield from _parts(evaluator, child, factor * by, docnum)
        case tree.Alternatives(exact, others, by):
            names = [(exact, factor), *((other, factor * by) for other in others)]
            held = [one for one in names if bool(evaluator.evaluate(one[0]).matched[docnum])]
            each = [list(_parts(evaluator, name, weight, docnum)) for name, weight in held]
            # The first of equals, as what was typed comes before its other names.
            yield from max(each, key=_total, default=[])
        case tree.Words() | tree.Phrase() | tree.Prefix() | tree.Wildcard() | tree.Fuzzy():
            yield from _leaf_parts(evaluator, node, factor, docnum)


def _total(parts: Sequence[Contribution]) -> float:
    return sum(part.score for part in parts)


def _leaf_parts(evaluator: Evaluator, leaf: tree.Leaf, factor: float, docnum: int) -> Iterator[Contribution]:
    wanted = evaluator.concept(leaf)
    doc_freq = len(evaluator.saturated(wanted).docnums)
    weight = factor * bm25f.idf(doc_freq, evaluator.live_count)
    whole = _frequency(evaluator, wanted, docnum)
    if whole == 0.0:
        return
    for name in SEARCHED_FIELDS:
        if name not in wanted.fields:
            continue
        frequency = _frequency(evaluator, Concept(wanted.wordings, (name,), wanted.words), docnum)
        if frequency > 0.0:
            score = weight * frequency * (evaluator.k1 + 1.0) / (whole + evaluator.k1)
            yield Contribution(leaf, name, frequency, weight, score)


def _frequency(evaluator: Evaluator, wanted: Concept, docnum: int) -> float:
    found = evaluator.frequencies(wanted)
    return float(found[1][found[0] == docnum].sum())
