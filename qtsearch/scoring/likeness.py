"""Which terms tell most about an article: those it repeats and few others have."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Mapping
from typing import Final

from qtsearch.analysis import analyzer
from qtsearch.query.tree import FieldName
from qtsearch.scoring.bm25f import Weighting

TELLING_TERMS: Final = 25
"""How many terms describe an article; with more, likeness gets slower rather than better."""


def telling_terms(
    text: Mapping[FieldName, str], weighting: Weighting, idf: Callable[[str], float]
) -> list[tuple[str, float]]:
    """Return an article's most telling words, each with its weight as a query term, best first.

    A term's weight is its saturated, field-weighted frequency in the article (BM25's query-side ``k3`` form:
    Robertson et al., TREC-3, 1994); which terms are kept is decided by that weight times idf.

    Args:
        text: the text of each field.
        weighting: field weights and ``k1``.
        idf: the inverse document frequency of a term.
    """
    frequencies: dict[str, float] = {}
    for name, content in text.items():
        weight = weighting.fields[name].weight
        for term in analyzer.terms(content):
            frequencies[term] = frequencies.get(term, 0.0) + weight
    weights = {term: f * (weighting.k1 + 1.0) / (f + weighting.k1) for term, f in frequencies.items()}
    return heapq.nsmallest(TELLING_TERMS, weights.items(), key=lambda item: (-item[1] * idf(item[0]), item[0]))
