"""BM25F: Robertson and Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond (2009), section 3.6.

frequency(d)  =  sum over fields f of  weight_f * term_freq_f(d) / (1 - b_f + b_f * length_f(d) / average_f)
score(d)      =  sum over terms of  idf * frequency(d) * (k1 + 1) / (k1 + frequency(d))
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import field

import numpy as np

from qtsearch.query.tree import FieldName
from qtsearch.scoring.arrays import Floats, Ints
from qtsearch.values import dataclass


@dataclass(frozen=True, slots=True)
class FieldWeighting:
    """How one field counts: ``weight`` of a match in it, and ``b``, how far length discounts it (0 to 1)."""

    weight: float
    b: float


def _default_fields() -> Mapping[FieldName, FieldWeighting]:
    return {
        "title": FieldWeighting(4.0, 0.5),
        "page_keywords": FieldWeighting(3.0, 0.5),
        "answer": FieldWeighting(1.0, 0.5),
    }


@dataclass(frozen=True, slots=True)
class Weighting:
    """The parameters of BM25F.

    Attributes:
        k1: how soon repeating a term stops to help (larger is later).
        fields: each searched field's weighting.
    """

    k1: float = 1.75
    fields: Mapping[FieldName, FieldWeighting] = field(default_factory=_default_fields)


def idf(doc_freq: int, doc_count: int) -> float:
    """Return the inverse document frequency, always above 0.

    The form with 1 added inside the logarithm (Lucene's since 2012), so that a term in more than half of the
    documents still counts for something.
    """
    return math.log1p((doc_count - doc_freq + 0.5) / (doc_freq + 0.5))


def length_factors(lengths: Ints, average: float, weighting: FieldWeighting) -> Floats:
    """Return ``weight / (1 - b + b * length / average)`` for each document; shape as ``lengths``."""
    if average <= 0.0:
        return np.full(lengths.shape, weighting.weight)
    discount = lengths * (weighting.b / average)
    discount += 1.0 - weighting.b
    factors: Floats = np.divide(weighting.weight, discount, out=np.zeros_like(discount), where=discount > 0.0)
    return factors


def saturate(frequencies: Floats, k1: float) -> Floats:
    """Return ``f * (k1 + 1) / (k1 + f)``: grows with the frequency, but never above ``k1 + 1``."""
    saturated: Floats = frequencies * (k1 + 1.0) / (frequencies + k1)
    return saturated
