"""The best k documents of "any of these concepts", without scoring those that cannot be among them.

MaxScore (Turtle and Flood, Query Evaluation: Strategies and Optimizations, 1995), concept by concept: a concept adds
at most its weight times its highest saturated frequency. Concepts are scored from the highest bound down. As soon as
all remaining bounds together stay below the k-th best score so far, no new document can get among the best k: the
remaining concepts, which are the common words with the long lists, are looked up only for the few documents that are
still in the running.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

from qtsearch.query import tree
from qtsearch.scoring import bm25f
from qtsearch.scoring.arrays import Floats, Ints
from qtsearch.scoring.concepts import Concept
from qtsearch.scoring.evaluation import Evaluation, Evaluator
from qtsearch.scoring.top_k import lower_bound

WORTH_PRUNING: Final = 20_000
"""Postings that must remain before it pays to ask whether they can be skipped."""

Weighted = tuple[Concept, float]
"""A concept and the factor that its score is multiplied by."""


class _Scored(NamedTuple):
    """A concept with everything that scoring it needs: at most ``bound`` is added to any document."""

    docnums: Ints
    amounts: Floats
    weight: float
    bound: float


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
    prepared = [_prepared(evaluator, wanted, factor) for wanted, factor in concepts]
    prepared.sort(key=lambda scored: -scored.bound)
    scores = np.zeros(evaluator.doc_count)
    for scored in prepared:
        matched[scored.docnums] = True
    for done, scored in enumerate(prepared):
        rest = prepared[done:]
        if done and sum(len(one.docnums) for one in rest) > WORTH_PRUNING:
            remaining = sum(one.bound for one in rest)
            threshold = lower_bound(scores, k)
            if remaining < threshold:
                _score_running(rest, np.flatnonzero(scores >= threshold - remaining), scores, k, evaluator.k1)
                break
        scores[scored.docnums] += scored.weight * bm25f.saturate(scored.amounts, evaluator.k1)
    return Evaluation(matched, scores)


def _prepared(evaluator: Evaluator, wanted: Concept, factor: float) -> _Scored:
    docnums, amounts = evaluator.frequencies(wanted)
    most = float(amounts.max(initial=0.0))
    weight = factor * bm25f.idf(len(docnums), evaluator.live_count)
    return _Scored(docnums, amounts, weight, weight * most * (evaluator.k1 + 1.0) / (most + evaluator.k1))


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
    if len(scored.docnums) == 0:
        return np.zeros(len(documents))
    at = np.searchsorted(scored.docnums, documents)
    at[at == len(scored.docnums)] = 0
    found: Floats = np.where(scored.docnums[at] == documents, scored.amounts[at], 0.0)
    return found
