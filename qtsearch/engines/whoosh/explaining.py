"""What made the score of a hit, so that the parts add up to it exactly."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import accumulate

import numpy as np

from qtsearch.query import tree
from qtsearch.query.rendering import to_text
from qtsearch.results import Explanation, ScorePart
from qtsearch.scoring.arrays import Ints
from qtsearch.scoring.evaluation import Evaluator
from qtsearch.scoring.explanation import contributions, shared_out
from qtsearch.scoring.proximity import PAIR_FIELDS
from qtsearch.scoring.ranking import Ranked, coverage_of
from qtsearch.scoring.refinement import leader


def explain(evaluator: Evaluator, root: tree.Node, ranked: Ranked, places: range) -> list[Explanation]:
    """Return what made the scores of the hits at some places of the ranking.

    Args:
        evaluator: over the collection.
        root: the tree that was ranked by.
        ranked: the ranking.
        places: from 0.
    """
    docnums = ranked.docnums[places.start : places.stop]
    found = contributions(evaluator, root, docnums)
    coverage = _coverage(evaluator, root, ranked, docnums)
    explained = []
    for place, docnum, words, share in zip(places, docnums.tolist(), found, coverage, strict=True):
        word_parts = [ScorePart("word", to_text(one.leaf), one.field, one.score) for one in words]
        parts = [*word_parts, *_pairs(evaluator, ranked, docnum), *_titles(ranked, docnum)]
        explained.append(Explanation(float(ranked.scores[place]), share, _parts(ranked, place, docnum, parts)))
    return explained


def _coverage(evaluator: Evaluator, root: tree.Node, ranked: Ranked, docnums: Ints) -> list[float]:
    """Return the share that documents hold as the ranking counted it: what the leader lacks counts less."""
    candidates = ranked.refined.docnums
    led_by = leader(candidates, ranked.refined.own)
    if led_by is None:
        return []
    shares: list[float] = coverage_of(evaluator, root, np.append(candidates[led_by], docnums), 0).tolist()
    return shares[1:]


def _pairs(evaluator: Evaluator, ranked: Ranked, docnum: int) -> Iterator[ScorePart]:
    """Yield what pairs add to a document, field by field."""
    for place in np.flatnonzero(ranked.refined.docnums == docnum).tolist():
        close = ranked.closeness
        for number, (pair, weight) in enumerate(zip(close.pairs, close.weights.tolist(), strict=True)):
            held = close.frequencies[number, place].tolist()
            words = to_text(replace(pair.phrase, fields=()))  # wherever it was looked for; the part names its field
            for name, score in shared_out(weight, dict(zip(PAIR_FIELDS, held, strict=True)), evaluator.k1):
                yield ScorePart("pair", words, name, score)


def _titles(ranked: Ranked, docnum: int) -> Iterator[ScorePart]:
    """Yield what the title of a document adds, if it does."""
    for score in ranked.titles[ranked.refined.docnums == docnum].tolist():
        if score:
            yield ScorePart("share of the title", "", "", score)


def _parts(ranked: Ranked, place: int, docnum: int, parts: list[ScorePart]) -> tuple[ScorePart, ...]:
    """Return all parts of the score at a place, from those of words, pairs and the title."""
    candidate = np.flatnonzero(ranked.refined.docnums == docnum).tolist()
    if not candidate:
        # Behind the candidates a score is the BM25F score, lowered.
        return tuple(_adding_up(parts, float(ranked.scores[place])))
    (_, own), *others = ranked.refined.parts(candidate[0])
    rest = [ScorePart(name, "", "", amount) for name, amount in others if amount]  # type: ignore[arg-type]
    return (*_adding_up(parts, own), *rest)


def _adding_up(parts: list[ScorePart], whole: float) -> list[ScorePart]:
    """Return the parts such that they add up to ``whole`` from left to right, each by its share."""
    total = sum(part.score for part in parts)
    share = whole / total if total else 0.0
    shared = [replace(part, score=part.score * share) for part in parts]
    *_, reached = accumulate((part.score for part in shared), initial=0.0)
    # The two differ by a few last bits only, so that their difference, and then the sum, is exact.
    return shared if reached == whole else [*shared, ScorePart("rounding", "", "", whole - reached)]
