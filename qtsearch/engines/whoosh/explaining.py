"""What made the score of a hit, so that the parts add up to it exactly."""

from __future__ import annotations

from itertools import accumulate

import numpy as np

from qtsearch.query import tree
from qtsearch.query.rendering import to_text
from qtsearch.results import Explanation, ScorePart
from qtsearch.scoring.evaluation import Evaluator
from qtsearch.scoring.explanation import Contribution, contributions
from qtsearch.scoring.proximity import pairs, with_proximity
from qtsearch.scoring.ranking import Ranked


def explain(evaluator: Evaluator, root: tree.Node, ranked: Ranked, places: range) -> list[Explanation]:
    """Return what made the scores of the hits at some places of the ranking.

    Args:
        evaluator: over the collection.
        root: the tree that was ranked by.
        ranked: the ranking.
        places: from 0.
    """
    found = contributions(evaluator, with_proximity(root), ranked.docnums[places.start : places.stop])
    neighbours = set(pairs(root))
    return [_explained(ranked, place, parts, neighbours) for place, parts in zip(places, found, strict=True)]


def _explained(
    ranked: Ranked, place: int, found: tuple[Contribution, ...], neighbours: set[tree.Phrase]
) -> Explanation:
    docnum, score = int(ranked.docnums[place]), float(ranked.scores[place])
    candidate = np.flatnonzero(ranked.refined.docnums == docnum).tolist()
    if candidate:
        (own, *others) = ranked.refined.parts(candidate[0])
        coverage, words = float(ranked.refined.coverage[candidate[0]]), own[1]
        rest = [ScorePart(name, "", "", amount) for name, amount in others if amount]  # type: ignore[arg-type]
    else:
        # Behind the candidates a score is the BM25F score, lowered.
        coverage, words, rest = 1.0, score, []
    return Explanation(score, coverage, (*_words(found, neighbours, words), *rest))


def _words(found: tuple[Contribution, ...], neighbours: set[tree.Phrase], whole: float) -> list[ScorePart]:
    """Return the parts of the words, which add up to ``whole`` from left to right."""
    total = sum(one.score for one in found)
    share = whole / total if total else 0.0
    parts = [
        ScorePart("pair" if one.leaf in neighbours else "word", to_text(one.leaf), one.field, one.score * share)
        for one in found
    ]
    *_, reached = accumulate((part.score for part in parts), initial=0.0)
    # The two differ by a few last bits only, so that their difference, and then the sum, is exact.
    return parts if reached == whole else [*parts, ScorePart("rounding", "", "", whole - reached)]
