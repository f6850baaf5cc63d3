"""The best k documents of "any of these concepts", without scoring those that cannot be among them.

MaxScore (Turtle and Flood, Query Evaluation: Strategies and Optimizations, 1995), concept by concept: a concept adds at
most ``factor * idf * (k1 + 1)``. Concepts are scored from the highest bound down. As soon as all remaining bounds
together stay below the k-th best score so far, no new document can get among the best k: the remaining concepts, which
are the common words with the long lists, are looked up only for the few documents that are still in the running.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from qtsearch.query import tree
from qtsearch.scoring import bm25f
from qtsearch.scoring.arrays import Floats, Ints, Mask
from qtsearch.scoring.concepts import Concept
from qtsearch.scoring.evaluation import Evaluation, Evaluator, Postings, add_up
from qtsearch.scoring.top_k import lower_bound

WORTH_PRUNING: Final = 20_000
"""Postings that must remain before it pays to ask whether they can be skipped."""

Weighted = tuple[Concept, float]
"""A concept and the factor that its score is multiplied by."""


@dataclass(frozen=True, slots=True)
class _Scored:
    """A concept with everything that scoring it needs."""

    postings: list[Postings]
    allowed: Mask | None
    weight: float
    bound: float

    @property
    def size(self) -> int:
        return sum(len(part.docnums) for part in self.postings)


def best(evaluator: Evaluator, root: tree.Node, k: int) -> Evaluation:
    """Evaluate a tree so that the best ``k`` scores are exact: with pruning where the tree is a plain disjunction."""
    leaves = _alternatives(root)
    if leaves is None:
        return evaluator.evaluate(root)
    return evaluate_best(evaluator, [(evaluator.concept(leaf), factor) for leaf, factor in leaves], k)


def _alternatives(root: tree.Node) -> list[tuple[tree.Leaf, float]] | None:
    """Return the leaves of a disjunction with their factors, None if the tree is something else."""
    found: list[tuple[tree.Leaf, float]] = []
    for node in root.children if isinstance(root, tree.Or) else (root,):
        leaf, factor = (node.child, node.factor) if isinstance(node, tree.Boost) else (node, 1.0)
        if not isinstance(leaf, tree.Leaf):
            return None
        found.append((leaf, factor))
    return found


def evaluate_best(evaluator: Evaluator, concepts: Sequence[Weighted], k: int) -> Evaluation:
    """Return which documents match any concept, and scores that are exact for the best ``k`` of them.

    The scores of documents that cannot be among the best ``k`` may be too low, but never so high as to be mistaken
    for one of them.
    """
    matched = np.zeros(evaluator.doc_count, np.bool_)
    prepared = [_prepared(evaluator, wanted, factor, matched) for wanted, factor in concepts]
    prepared.sort(key=lambda scored: -scored.bound)
    scores = np.zeros(evaluator.doc_count)
    amounts = np.zeros(evaluator.doc_count)
    for done, scored in enumerate(prepared):
        rest = prepared[done:]
        if done and sum(one.size for one in rest) > WORTH_PRUNING:
            remaining = sum(one.bound for one in rest)
            threshold = lower_bound(scores, k)
            if remaining < threshold:
                _score_running(rest, np.flatnonzero(scores >= threshold - remaining), scores, k, evaluator.k1)
                break
        _score_all(scored, scores, amounts, evaluator.k1)
    return Evaluation(matched, scores)


def _score_running(rest: Sequence[_Scored], running: Ints, scores: Floats, k: int, k1: float) -> None:
    """Add the remaining concepts' scores to the documents that are still in the running, fewer with each concept."""
    for done, scored in enumerate(rest):
        scores[running] += scored.weight * bm25f.saturate(_frequencies_in(scored, running), k1)
        remaining = sum(one.bound for one in rest[done + 1 :])
        reached = scores[running]
        if len(running) > k > 0:
            threshold = np.partition(reached, len(running) - k)[len(running) - k]
            running = running[reached >= threshold - remaining]


def _frequencies_in(scored: _Scored, documents: Ints) -> Floats:
    """Return the BM25F frequency of a concept in these documents, which ascend; 0 where it is not."""
    frequencies = np.zeros(len(documents))
    for docnums, term_freqs, factors in scored.postings:
        if len(docnums):
            at = np.searchsorted(docnums, documents)
            at[at == len(docnums)] = 0
            rows = np.flatnonzero(docnums[at] == documents)
            frequencies[rows] += term_freqs[at[rows]] * factors[documents[rows]]
    return frequencies if scored.allowed is None else frequencies * scored.allowed[documents]


def _prepared(evaluator: Evaluator, wanted: Concept, factor: float, matched: Mask) -> _Scored:
    postings = evaluator.postings(wanted)
    allowed = evaluator.allowed(wanted)
    if len(postings) == 1 and allowed is None:
        doc_freq = len(postings[0].docnums)
        matched[postings[0].docnums] = True
    else:
        holding = np.zeros(len(matched), np.bool_)
        for part in postings:
            holding[part.docnums] = True
        if allowed is not None:
            holding &= allowed
        doc_freq = int(np.count_nonzero(holding))
        np.logical_or(matched, holding, out=matched)
    weight = factor * bm25f.idf(doc_freq, evaluator.live_count)
    return _Scored(postings, allowed, weight, weight * (evaluator.k1 + 1.0))


def _score_all(scored: _Scored, scores: Floats, amounts: Floats, k1: float) -> None:
    docnums, frequencies = add_up(scored.postings, amounts)
    amounts[docnums] = 0.0
    if scored.allowed is not None:
        kept = scored.allowed[docnums]
        docnums, frequencies = docnums[kept], frequencies[kept]
    scores[docnums] += scored.weight * bm25f.saturate(frequencies, k1)
