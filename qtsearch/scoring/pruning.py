"""The best k documents of a query tree, without scoring those that cannot be among them.

Any of some concepts: MaxScore (Turtle and Flood, Query Evaluation: Strategies and Optimizations, 1995), concept by
concept. A concept adds at most its highest score to any document. Concepts are added up from the highest bound down. As
soon as all remaining bounds together stay below the k-th best score so far, no new document can get among the best k:
the remaining concepts, which are the common words with the long lists, are looked up only for the few documents that
are still in the running.

All of some concepts: only the documents of the rarest one are looked at.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

from qtsearch.query import tree
from qtsearch.scoring.arrays import Floats, Ints
from qtsearch.scoring.concepts import Concept
from qtsearch.scoring.evaluation import Evaluation, Evaluator, are_listed
from qtsearch.scoring.frequencies import Scored
from qtsearch.scoring.matched import Matched
from qtsearch.scoring.top_k import lower_bound, top_k

WORTH_PRUNING: Final = 40_000
"""Postings that must remain before it pays to ask whether they can be skipped; fewer are added up in one go."""

Weighted = tuple[Concept, float]
"""A concept and the factor that its score is multiplied by."""


class _Disjunct(NamedTuple):
    """One of several things that may match.

    Attributes:
        found: where it matches, and how well.
        factor: what its scores are multiplied by.
        positive: whether every score is known to be above 0.
        wanted: what it is; two of the same are one.
    """

    found: Scored
    factor: float
    positive: bool
    wanted: Concept | tree.Node

    @property
    def docnums(self) -> Ints:
        return self.found.docnums

    @property
    def bound(self) -> float:
        """At most this is added to any document."""
        return self.factor * self.found.most

    @property
    def scores(self) -> Floats:
        return self.found.scores if self.factor == 1.0 else self.factor * self.found.scores

    def scores_in(self, documents: Ints) -> Floats:
        return self.factor * self.found.scores_in(documents)


class Best(NamedTuple):
    """The best documents.

    Attributes:
        matched: which documents match.
        docnums: the best, in their order: by score, then by docnum.
        scores: of these; same shape.
    """

    matched: Matched
    docnums: Ints
    scores: Floats


def best(evaluator: Evaluator, root: tree.Node, k: int) -> Best:
    """Return the best ``k`` documents: the first of ``evaluate``, without scoring all where that can be avoided."""
    match root:
        case tree.Or(children):
            return _of_all(_best([_disjunct(evaluator, child) for child in children], evaluator, k), k)
        case tree.And(children) if are_listed(children):
            found = evaluator.conjunction(children)
            return _of_few(evaluator, found.docnums, found.scores, k)
        case tree.Preferring(tree.And(children), optional) if are_listed(children):
            found = evaluator.conjunction(children)
            more = [
                _disjunct(evaluator, each)
                for each in (optional.children if isinstance(optional, tree.Or) else (optional,))
            ]
            return _of_few(
                evaluator, found.docnums, sum((each.scores_in(found.docnums) for each in more), found.scores), k
            )
    return _of_all(evaluator.evaluate(root), k)


def best_of_concepts(evaluator: Evaluator, concepts: Sequence[Weighted], k: int) -> Best:
    """Return the best ``k`` documents that hold any of some concepts; there may be none to hold."""
    if not concepts:
        return _of_few(evaluator, np.zeros(0, np.int64), np.zeros(0), k)
    return _of_all(_best([_of_concept(evaluator, wanted, factor) for wanted, factor in concepts], evaluator, k), k)


def _of_all(found: Evaluation, k: int) -> Best:
    docnums = top_k(found.scores, found.matched, k)
    return Best(Matched(found.matched, len(found.matched)), docnums, found.scores[docnums])


def _of_few(evaluator: Evaluator, docnums: Ints, scores: Floats, k: int) -> Best:
    matched = Matched(docnums, evaluator.doc_count)
    if len(scores) > k > 0:
        reached = np.flatnonzero(scores >= np.partition(scores, len(scores) - k)[len(scores) - k])
        docnums, scores = docnums[reached], scores[reached]
    # Stable, and the docnums ascend.
    order = np.argsort(-scores, kind="stable")[:k]
    return Best(matched, docnums[order], scores[order])


def _disjunct(evaluator: Evaluator, node: tree.Node) -> _Disjunct:
    leaf, factor = (node.child, node.factor) if isinstance(node, tree.Boost) else (node, 1.0)
    if isinstance(leaf, tree.Leaf):
        return _of_concept(evaluator, evaluator.concept(leaf), factor)
    if isinstance(leaf, tree.Alternatives):
        return _Disjunct(evaluator.alternatives(leaf), factor, factor > 0.0, leaf)
    answer = evaluator.evaluate(node)
    docnums = np.flatnonzero(answer.matched)
    return _Disjunct(Scored.of(docnums, answer.scores[docnums]), 1.0, False, node)


def _of_concept(evaluator: Evaluator, wanted: Concept, factor: float) -> _Disjunct:
    return _Disjunct(evaluator.scored(wanted), factor, factor > 0.0, wanted)


def _best(disjuncts: Sequence[_Disjunct], evaluator: Evaluator, k: int) -> Evaluation:
    """Evaluate a disjunction so that the best ``k`` scores are exact.

    The scores of documents that cannot be among the best ``k`` may be too low, but never so high as to be mistaken
    for one of them. Which documents match is exact.
    """
    disjuncts = sorted(_each_once(disjuncts), key=lambda disjunct: -disjunct.bound)
    if sum(len(one.docnums) for one in disjuncts) <= WORTH_PRUNING and all(one.positive for one in disjuncts):
        scores = _added_up(disjuncts, evaluator.doc_count)
        return Evaluation(scores > 0.0, scores)
    matched = np.zeros(evaluator.doc_count, np.bool_)
    scores = np.zeros(evaluator.doc_count)
    for disjunct in disjuncts:
        matched[disjunct.docnums] = True
    for done, disjunct in enumerate(disjuncts):
        rest = disjuncts[done:]
        if sum(len(one.docnums) for one in rest) <= WORTH_PRUNING:
            scores += _added_up(rest, evaluator.doc_count)
            break
        if done:
            remaining = sum(one.bound for one in rest)
            threshold = lower_bound(scores, k)
            if remaining < threshold:
                _score_running(rest, np.flatnonzero(scores >= threshold - remaining), scores, k)
                break
        scores[disjunct.docnums] += disjunct.scores
    return Evaluation(matched, scores)


def _each_once(disjuncts: Sequence[_Disjunct]) -> Sequence[_Disjunct]:
    """Return one disjunct for all that ask for the same, such as a word that was typed fifty times."""
    once: dict[Concept | tree.Node, _Disjunct] = {}
    for one in disjuncts:
        same = once.get(one.wanted)
        if same is None:
            once[one.wanted] = one
        else:
            once[one.wanted] = _Disjunct(one.found, same.factor + one.factor, same.positive or one.positive, one.wanted)
    return disjuncts if len(once) == len(disjuncts) else list(once.values())


def _added_up(disjuncts: Sequence[_Disjunct], doc_count: int) -> Floats:
    docnums = np.concatenate([one.docnums for one in disjuncts])
    scores = np.concatenate([one.scores for one in disjuncts])
    return np.bincount(docnums, scores, doc_count).astype(np.float64, copy=False)


def _score_running(rest: Sequence[_Disjunct], running: Ints, scores: Floats, k: int) -> None:
    """Add the remaining scores to the documents that are still in the running, fewer with each disjunct."""
    for done, disjunct in enumerate(rest):
        scores[running] += disjunct.scores_in(running)
        remaining = sum(one.bound for one in rest[done + 1 :])
        if len(running) > k > 0:
            reached = scores[running]
            threshold = np.partition(reached, len(running) - k)[len(running) - k]
            running = running[reached >= threshold - remaining]
