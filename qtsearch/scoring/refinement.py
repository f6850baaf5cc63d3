"""The best candidates of a search, looked at more closely: pure functions over arrays, joined in ``ranking``.

For a candidate with the score ``own``, which holds the share ``coverage`` of the query:

    score = trust * own + (1 - trust) * borrowed + bonus
    trust = 1 - DOUBT * (1 - coverage) ** 0.25 * n / (n + FEW_TERMS)

A document that holds every word keeps its score. One that lacks some is trusted less for it, and judged instead by the
documents most like it: it may say the same in other words. What it is like is known the less the fewer the ``n`` terms
of its signature, so a text of a sentence or two is judged by itself more. What even the best of them lacks, the one
with the highest ``own``, counts less: a word of courtesy, which no good answer holds, must not make all of them
doubtful. ``bonus`` lifts an exact title above everything else.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

import numpy as np

from qtsearch.analysis import analyzer
from qtsearch.scoring.arrays import Floats, Ints, Mask
from qtsearch.scoring.concepts import Concept
from qtsearch.scoring.evaluation import Evaluator
from qtsearch.scoring.frequencies import are_among
from qtsearch.scoring.neighbours import NEIGHBOUR_SHARE, borrowed, likenesses
from qtsearch.scoring.signature import Rows, title_key
from qtsearch.values import dataclass

CANDIDATES: Final = 64
"""How many of the best documents are looked at more closely. With 48 rankings are a little worse, and 96 take twice as
long."""

DOUBT: Final = 0.85
"""How much of its score a long document that holds nothing would lose to its likes. 0.8 is as good."""

FEW_TERMS: Final = 5
"""A signature of so many terms is worth half of one without end. 4 to 8 are about as good."""

LACKED: Final = 0.35
"""How much a thing counts that the best document lacks. 0.25 to 0.5 are about as good."""


class AskedFor(NamedTuple):
    """One thing that was asked for.

    Attributes:
        concepts: what was typed, and other names of it; a document that holds one of them lacks nothing.
        factor: how much it counts, 0 or more.
    """

    concepts: tuple[Concept, ...]
    factor: float


@dataclass(frozen=True, slots=True)
class Refined:
    """Candidates and what their scores are made of; all arrays in the order of the candidates given.

    Attributes:
        docnums: the candidates.
        own: the BM25F score of each, pairs of words and the share of its title included.
        coverage: the share of the query that each holds, 0 to 1; see ``covered``.
        trust: how much its own score counts, 0 to 1; see ``trusted``.
        borrowed: the mean score of the documents most like each.
        bonus: what an exact title adds, 0 for the others.
        scores: ``trust * own + (1 - trust) * borrowed + bonus``, never negative.
    """

    docnums: Ints
    own: Floats
    coverage: Floats
    trust: Floats
    borrowed: Floats
    bonus: Floats
    scores: Floats

    def order(self) -> Ints:
        """Return the places of the candidates, best first; equal scores by docnum."""
        return np.lexsort((self.docnums, -self.scores))

    def parts(self, place: int) -> tuple[tuple[str, float], ...]:
        """Return what the score at a place adds up to, from left to right, exactly."""
        trust = float(self.trust[place])
        return (
            ("own words", trust * float(self.own[place])),
            ("similar articles", (1.0 - trust) * float(self.borrowed[place])),
            ("exact title", float(self.bonus[place])),
        )


def refine(docnums: Ints, own: Floats, coverage: Floats, signatures: Rows | None, exact: Mask) -> Refined:
    """Return the candidates with their refined scores.

    Args:
        docnums: the candidates, each once.
        own: their scores before, 0 or more.
        coverage: see ``covered``.
        signatures: what each is about; None where nothing is lacking.
        exact: whose title is the query, word by word. The bonus is the best score of all, so none comes before them.
    """
    bonus = exact * own.max(initial=0.0)
    if signatures is None:
        return Refined(docnums, own, coverage, coverage, np.zeros(len(docnums)), bonus, own + bonus)
    neighbours = int(len(docnums) * NEIGHBOUR_SHARE)
    lent = np.zeros(len(docnums))
    if neighbours:
        lent = borrowed(own, likenesses(signatures), neighbours, coverage)
    trust = trusted(coverage, lent, signatures.lengths)
    scores = trust * own + (1.0 - trust) * lent + bonus
    return Refined(docnums, own, coverage, trust, lent, bonus, scores)


def trusted(coverage: Floats, lent: Floats, terms: Ints) -> Floats:
    """Return how much the own score of each document counts, 0 to 1: all of it where nothing is lacking.

    The fourth root lets anything that is lacking count, and how much it is count for less: what a query says beside its
    topic is often not in any answer to it. A document that nothing is like is trusted by what it holds.

    Args:
        coverage: the share of the query that each document holds.
        lent: what each borrows; same shape.
        terms: how many numbers the signature of each has; same shape.
    """
    lacking = 1.0 - coverage
    doubt = DOUBT * np.sqrt(np.sqrt(lacking)) * (terms / (terms + FEW_TERMS))
    return 1.0 - np.where(lent > 0.0, doubt, lacking)


def leader(docnums: Ints, own: Floats) -> int | None:
    """Return the place of the document with the highest score of its own, the first of equals; None without any."""
    if not len(docnums):
        return None
    highest = np.flatnonzero(own == own.max())
    return int(highest[docnums[highest].argmin()])


def covered(evaluator: Evaluator, things: Sequence[AskedFor], docnums: Ints, led_by: int | None = None) -> Floats:
    """Return the share of a query that each document holds, 0 to 1, shape as ``docnums``.

    A thing asked for counts by ``factor * idf``, so that lacking a common word costs little. One that no document
    holds says nothing about any of them and does not count. Where nothing counts the share is 1.

    Args:
        evaluator: over the collection.
        things: what was asked for.
        docnums: some documents.
        led_by: the place of one of them; what it does not hold counts ``LACKED`` times. None to count everything alike.
    """
    found = [(thing.factor, holders) for thing in things if len(holders := evaluator.holders(thing.concepts))]
    weights = np.array([factor * evaluator.idf(len(holders)) for factor, holders in found])
    if not weights.any():
        return np.ones(len(docnums))
    order = docnums.argsort()
    # Documents that ascend, and are numbered as in posting lists, are looked up the fastest.
    ascending = docnums.take(order).astype(np.int32)
    # One column more, of a document that holds everything: what is summed up alike is exactly 1 of it.
    held = np.ones((len(found), len(docnums) + 1))
    for place, (_, holders) in enumerate(found):
        held[place, :-1] = are_among(holders, ascending)
    if led_by is not None:
        weights *= np.where(held[:, ascending.searchsorted(docnums[led_by])] > 0.0, 1.0, LACKED)
    sums = (weights[:, None] * held).sum(axis=0)
    shares = np.empty(len(docnums))
    shares[order] = sums[:-1] / sums[-1]
    return shares


def exact_titles(query: Sequence[str], docnums: Ints, keys: Ints, title: Callable[[int], str]) -> Mask:
    """Return which documents have the query as their title, term by term.

    Args:
        query: the terms of the query text, stop words included.
        docnums: the documents.
        keys: ``title_key`` of the title of each.
        title: gives a document's title.
    """
    exact: Mask = keys == title_key(query)
    for place in np.flatnonzero(exact).tolist():
        exact[place] = analyzer.terms(title(int(docnums[place]))) == list(query)
    return exact


def below(refined: Refined, rest: Floats) -> Floats:
    """Return the scores of the documents after the candidates, lowered together so that they stay behind them.

    They keep their own order; the same factor multiplies all. Scores of candidates and of others are made in
    different ways, and a page must not mix them.
    """
    if len(rest) == 0 or len(refined.scores) == 0:
        return rest
    lowest, highest = float(refined.scores.min()), float(rest.max())
    if highest <= lowest:
        return rest
    # The product may end a last bit above.
    return np.minimum(rest * (lowest / highest), lowest)
