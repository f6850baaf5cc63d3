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
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from qtsearch.analysis import analyzer
from qtsearch.query.tree import SEARCHED_FIELDS, Words
from qtsearch.scoring.arrays import Floats
from qtsearch.scoring.evaluation import Evaluator
from qtsearch.scoring.signature import FIELD_END, HEADING_FIELDS, Rows, telling, term_number

TITLE_WEIGHT: Final = 0.1
"""What a word counts once more in a title that has no others. 0.08 to 0.25 are about as good."""


MAX_WORDS: Final = 64
"""Words of one query that count; a text that long asks for no title."""

_TELLING: Final = 1
_ASKED: Final = 2
"""Kinds of words: 0 is a stop word or the end of a field, and from here on each word that was asked for is its own."""


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
    table = _kinds_of_words().copy()
    table[list(weights)] = np.arange(_ASKED, len(weights) + _ASKED)
    # Three numbers for each kind of word: its weight, whether it was asked for, whether it is telling.
    amounts = np.zeros((3, len(weights) + _ASKED))
    amounts[0, _ASKED:] = list(weights.values())
    amounts[1, _ASKED:] = amounts[2, _TELLING:] = 1.0
    rows = amounts.take(table.take(numbers), axis=1)
    starts = np.flatnonzero(numbers == FIELD_END)
    starts[1:] = starts[:-1] + 1
    starts[0] = 0
    scores: Floats
    scores, asked, all_words = np.add.reduceat(rows, starts, axis=1)[:, :: len(HEADING_FIELDS)]
    scores *= asked
    scores /= np.maximum(all_words, 1.0)
    scores *= TITLE_WEIGHT * (evaluator.k1 + 1.0)
    return scores


@cache
def _kinds_of_words() -> NDArray[np.uint8]:
    """Return what kind of word each number stands for, as long as nothing is asked for; shape ``[65536]``."""
    return telling() * np.uint8(_TELLING)


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
                if len(weights) == MAX_WORDS:
                    return weights
    return weights


def _apart(word: Words) -> list[Words]:
    parts = analyzer.raw_words(word.text)
    return [word] if len(parts) == 1 else [Words(part, word.fields) for part in parts]
