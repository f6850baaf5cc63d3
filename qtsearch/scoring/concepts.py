"""A concept: one thing a person asked for, however it is worded, as terms to look up.

``IL-6`` is one concept of two adjacent terms; ``immun*`` is one concept of many words. All its wordings add up to
one BM25F frequency and share one document frequency, so that a rare plural does not outrank the plain word.
"""

from __future__ import annotations

from typing import NamedTuple

from qtsearch.analysis import analyzer
from qtsearch.query import tree
from qtsearch.query.tree import SEARCHED_FIELDS, FieldName
from qtsearch.scoring.expansions import Expanding, Expansions


class Wording(NamedTuple):
    """Terms that must stand in order with at most ``slop`` other words between them in all."""

    terms: tuple[bytes, ...]
    slop: int = 0


class Concept(NamedTuple):
    """What a leaf looks for.

    Attributes:
        wordings: any of these will do.
        fields: where to look.
        words: if not None, only documents that hold one of these unstemmed words.
    """

    wordings: tuple[Wording, ...]
    fields: tuple[FieldName, ...]
    words: tuple[bytes, ...] | None = None

    @property
    def is_one_term(self) -> bool:
        """Whether it is a single term, so that its posting lists say all."""
        return self.words is None and len(self.wordings) == 1 and len(self.wordings[0].terms) == 1


def concept(leaf: tree.Leaf, expansions: Expansions) -> Concept:
    """Return the concept of a leaf; what prefixes and the like stand for is looked up in the words of an index."""
    fields = leaf.fields or SEARCHED_FIELDS
    if isinstance(leaf, Expanding):
        words = expansions.of(leaf)
        stems = dict.fromkeys(analyzer.stem(word.decode()).encode() for word in words)
        return Concept(tuple(Wording((stem,)) for stem in stems), fields, tuple(words))
    terms = tuple(term.encode("utf-8", "replace") for term in analyzer.terms(leaf.text))
    slop = leaf.slop if isinstance(leaf, tree.Phrase) else 0
    return Concept((Wording(terms, slop),) if terms else (), fields)
