"""From a query tree to the best documents in their order: BM25F over all, then a closer look at the best of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from qtsearch.analysis import analyzer
from qtsearch.query import tree
from qtsearch.scoring.arrays import Floats, Ints, Mask
from qtsearch.scoring.disjunction import best
from qtsearch.scoring.evaluation import Evaluator
from qtsearch.scoring.proximity import with_proximity
from qtsearch.scoring.refinement import CANDIDATES, Refined, Thing, below, covered, exact_titles, refine
from qtsearch.scoring.signature import Signature
from qtsearch.values import dataclass


@dataclass(frozen=True, slots=True)
class About:
    """What refining asks about documents.

    Attributes:
        signatures: what the openings of some documents are about.
        title_keys: ``title_key`` of the titles of some documents.
        title: the title of one document, in any case.
    """

    signatures: Callable[[Ints], Sequence[Signature]]
    title_keys: Callable[[Ints], Ints]
    title: Callable[[int], str]


@dataclass(frozen=True, slots=True)
class Ranked:
    """The best documents.

    Attributes:
        matched: which documents match, shape ``[doc_count]``.
        docnums: the best, in order: the candidates first.
        scores: of these; same shape, descending, never negative.
        refined: what the candidates' scores are made of.
    """

    matched: Mask
    docnums: Ints
    scores: Floats
    refined: Refined


def rank(evaluator: Evaluator, root: tree.Node, text: str, wanted: int, about: About) -> Ranked:
    """Return the best ``wanted`` documents.

    Which documents are candidates does not depend on ``wanted``, so pages of any size show one and the same order.

    Args:
        evaluator: over the collection.
        root: the query tree, filters included.
        text: the query as typed, to be compared with titles.
        wanted: how many documents to return at most.
        about: what is known of each document.
    """
    least = max(wanted, CANDIDATES)
    found = best(evaluator, with_proximity(root), least)
    candidates, others = found.docnums[:CANDIDATES], found.docnums[CANDIDATES:]
    refined = _refined(evaluator, root, text, candidates, found.scores[:CANDIDATES], about)
    order = refined.order()
    ordered = np.concatenate([refined.docnums[order], others])[:wanted]
    scores = np.concatenate([refined.scores[order], below(refined, found.scores[CANDIDATES:])])[:wanted]
    return Ranked(found.matched, ordered, scores, refined)


def _refined(evaluator: Evaluator, root: tree.Node, text: str, docnums: Ints, own: Floats, about: About) -> Refined:
    things = [Thing(tuple(map(evaluator.concept, names)), factor) for names, factor in asked_for(root)]
    coverage = covered(evaluator, things, docnums)
    lacking = bool((coverage < 1.0).any())
    signatures = about.signatures(docnums) if lacking else []
    exact = exact_titles(analyzer.terms(text), docnums, about.title_keys(docnums), about.title)
    exact &= coverage >= 1.0
    return refine(docnums, own, coverage, signatures, exact)


def asked_for(node: tree.Node, factor: float = 1.0) -> Iterator[tuple[tuple[tree.Leaf, ...], float]]:
    """Yield each leaf that was typed, with other names of it, and the product of the boosts above it."""
    match node:
        case tree.Boost(child, by):
            yield from asked_for(child, factor * by)
        case tree.And(children) | tree.Or(children):
            for child in children:
                yield from asked_for(child, factor)
        case tree.Preferring(required, optional):
            yield from asked_for(required, factor)
            yield from asked_for(optional, factor)
        case tree.Alternatives(exact, others):
            yield from (((*names, *others), by) for names, by in asked_for(exact, factor))
        case _:
            for leaf in tree.leaves(node):
                yield (leaf,), factor
