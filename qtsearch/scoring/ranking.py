"""From a query tree to the best documents in their order: BM25F over all, then a closer look at the best of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from qtsearch.analysis import analyzer
from qtsearch.query import tree
from qtsearch.scoring.arrays import Floats, Ints
from qtsearch.scoring.evaluation import Evaluator
from qtsearch.scoring.matched import Matched
from qtsearch.scoring.proximity import Closeness, closeness, pairs_of
from qtsearch.scoring.pruning import best
from qtsearch.scoring.refinement import CANDIDATES, AskedFor, Refined, below, covered, exact_titles, leader, refine
from qtsearch.scoring.signature import Rows
from qtsearch.scoring.titles import title_scores
from qtsearch.values import dataclass


@dataclass(frozen=True, slots=True)
class About:
    """What refining asks about documents.

    Attributes:
        headings: the headings of some documents; see ``signature``.
        signatures: their signatures.
        title_keys: ``title_key`` of the titles of some documents.
        title: the title of one document, in any case.
    """

    headings: Callable[[Ints], Rows]
    signatures: Callable[[Ints], Rows]
    title_keys: Callable[[Ints], Ints]
    title: Callable[[int], str]


@dataclass(frozen=True, slots=True)
class Ranked:
    """The best documents.

    Attributes:
        matched: which documents match.
        docnums: the best, in order: the candidates first.
        scores: of these; same shape, descending, never negative.
        refined: what the candidates' scores are made of.
        closeness: the pairs of words in the candidates, in the same order.
        titles: what their titles add to their scores, in the same order.
    """

    matched: Matched
    docnums: Ints
    scores: Floats
    refined: Refined
    closeness: Closeness
    titles: Floats


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
    found = best(evaluator, root, max(wanted, CANDIDATES))
    candidates = found.docnums[:CANDIDATES]
    headings = about.headings(candidates)
    close = closeness(evaluator, pairs_of(root), candidates, headings)
    titles = title_scores(evaluator, _typed_words(root), headings)
    refined = _refined(evaluator, root, text, candidates, found.scores[:CANDIDATES] + close.scores + titles, about)
    order = refined.order()
    docnums, scores = candidates[order], refined.scores[order]
    if wanted > len(order):
        docnums = np.concatenate([docnums, found.docnums[CANDIDATES:]])
        scores = np.concatenate([scores, below(refined, found.scores[CANDIDATES:])])
    return Ranked(found.matched, docnums[:wanted], scores[:wanted], refined, close, titles)


def _typed_words(root: tree.Node) -> Iterator[tuple[tree.Words, float]]:
    """Yield each word that was typed, and how much it counts."""
    for (leaf, *_), factor in asked_for(root):
        if isinstance(leaf, tree.Words):
            yield leaf, factor


def _refined(
    evaluator: Evaluator,
    root: tree.Node,
    text: str,
    docnums: Ints,
    own: Floats,
    about: About,
) -> Refined:
    """Return the candidates with their refined scores."""
    coverage = coverage_of(evaluator, root, docnums, leader(docnums, own))
    exact = coverage >= 1.0
    signatures = None if exact.all() else about.signatures(docnums)
    if exact.any():
        exact &= exact_titles(analyzer.terms(text), docnums, about.title_keys(docnums), about.title)
    return refine(docnums, own, coverage, signatures, exact)


def coverage_of(evaluator: Evaluator, root: tree.Node, docnums: Ints, led_by: int | None = None) -> Floats:
    """Return the share of what was asked for that each document which matches holds; see ``covered``."""
    if _lack_nothing(root):
        return np.ones(len(docnums))
    things = [AskedFor(tuple(map(evaluator.concept, names)), factor) for names, factor in asked_for(root)]
    return covered(evaluator, things, docnums, led_by)


def _lack_nothing(root: tree.Node) -> bool:
    """Return True only if documents that match hold everything that was asked for, by one name or another."""
    exact = [one.exact if isinstance(one, tree.Alternatives) else one for one in _required(root)]
    return all(isinstance(each, tree.Leaf) for one in exact for each in _required(one))


def _required(node: tree.Node) -> tuple[tree.Node, ...]:
    return node.children if isinstance(node, tree.And) else (node,)


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
