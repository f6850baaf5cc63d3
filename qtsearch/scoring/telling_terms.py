"""Which terms tell most about an article: those that make up much of its fields and that few others have."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Final

from qtsearch.analysis import analyzer
from qtsearch.query.tree import FieldName
from qtsearch.scoring.signature import stop_terms

TELLING_TERMS: Final = 16
"""How many terms describe an article. From 10 to 50 the related articles are about as good; fewer are faster."""


def telling_terms(text: Mapping[FieldName, str], idf: Callable[[str], float]) -> list[tuple[str, float]]:
    """Return an article's most telling terms, each with its weight as a query term, best first.

    A term weighs its share of each field, added up over the fields that say anything (the mixture of language models
    over fields, Ogilvie and Callan 2003, with equal parts): three words of a title say as much as the hundred of the
    answer together. Which terms are kept is decided by that weight times idf; stop words never are.

    Args:
        text: the text of each field.
        idf: the inverse document frequency of a term.
    """
    weights: dict[str, float] = {}
    for content in text.values():
        counts = Counter(term for term in analyzer.terms(content) if term not in stop_terms())
        total = counts.total()
        for term, count in counts.items():
            weights[term] = weights.get(term, 0.0) + count / total
    return heapq.nsmallest(TELLING_TERMS, weights.items(), key=lambda item: (-item[1] * idf(item[0]), item[0]))
