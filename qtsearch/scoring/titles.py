"""How much of its title a query asks for: who says just that in its title answers more than who adds to it.

BM25F adds up the fields before it saturates, so that a word which an answer says often gains next to nothing from the
title. Who asks for the symptoms of a stroke wants ``Stroke (Symptoms)`` rather than ``Stroke``, whose answer has
symptoms all over, and rather than ``Symptoms of a second stroke in children``::

    title = TITLE_WEIGHT * (k1 + 1) * asked / telling * sum of factor * idf

The sum is over the words of the title that were asked for; ``asked`` counts these, and ``telling`` all words of the
title but stop words.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np

from qtsearch.analysis import analyzer
from qtsearch.query.tree import SEARCHED_FIELDS, Words
from qtsearch.scoring.arrays import Floats
from qtsearch.scoring.evaluation import Evaluator
from qtsearch.scoring.signature import FIELD_END, HEADING_FIELDS, Rows, telling, term_number

TITLE_WEIGHT: Final = 0.1
"""What a word counts once more in a title that has no others. 0.08 to 0.25 are about as good."""


def title_scores(evaluator: Evaluator, words: Iterable[tuple[Words, float]], headings: Rows) -> Floats:
    """Return what the titles of some documents add to their scores, shape ``[document]``, never negative.

    Args:
        evaluator: over the collection.
        words: what was typed, and how much each counts. Of a name of several words each counts for itself.
        headings: of each document.
    """
    weights = _weights(evaluator, words)
    count = len(headings.lengths)
    if not weights or not count:
        return np.zeros(count)
    numbers = headings.numbers
    table = np.zeros(1 << 16, np.uint8)
    table[list(weights)] = np.arange(1, len(weights) + 1)
    places = table.take(numbers)
    rows = np.empty((3, len(numbers)))
    rows[0] = np.array([0.0, *weights.values()]).take(places)
    rows[1] = places > 0
    rows[2] = telling().take(numbers)
    ends = np.flatnonzero(numbers == FIELD_END)
    bounds = np.zeros(2 * count, np.intp)
    bounds[1::2] = ends[:: len(HEADING_FIELDS)]
    bounds[2::2] = ends[len(HEADING_FIELDS) - 1 : -1 : len(HEADING_FIELDS)] + 1
    # An end of a field weighs nothing, so a title without words gets what it is.
    sums, asked, all_words = np.add.reduceat(rows, bounds, axis=1)[:, ::2]
    scores: Floats = sums * asked / np.maximum(all_words, 1.0)
    scores *= TITLE_WEIGHT * (evaluator.k1 + 1.0)
    return scores


def _weights(evaluator: Evaluator, words: Iterable[tuple[Words, float]]) -> dict[int, float]:
    """Return how much each number counts that stands for a telling word which titles are asked for."""
    weights: dict[int, float] = {}
    for word, factor in words:
        if "title" in (word.fields or SEARCHED_FIELDS):
            for part in _apart(word):
                (term,) = analyzer.terms(part.text)
                number = term_number(term)
                if telling()[number] and (doc_freq := evaluator.doc_freq(part)):
                    weights.setdefault(number, factor * evaluator.idf(doc_freq))
    return weights


def _apart(word: Words) -> list[Words]:
    parts = analyzer.raw_words(word.text)
    return [word] if len(parts) == 1 else [Words(part, word.fields) for part in parts]
