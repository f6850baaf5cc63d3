"""A concept: one thing a person asked for, however it is worded, as terms to look up.

``IL-6`` is one concept of two adjacent terms; ``immun*`` is one concept of many words. All its wordings add up to
one BM25F frequency and share one document frequency, so that a rare plural does not outrank the plain word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from qtsearch.analysis import analyzer
from qtsearch.analysis.edit_distance import within_distance
from qtsearch.query import tree
from qtsearch.query.tree import SEARCHED_FIELDS, FieldName
from qtsearch.scoring.arrays import FieldArrays, SegmentArrays

MAX_EXPANSIONS = 512
"""A prefix, wildcard or fuzzy word stands for at most so many words: the most frequent ones."""

EXPANDING = (tree.Prefix, tree.Wildcard, tree.Fuzzy)


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


def concept(leaf: tree.Leaf, segments: Sequence[SegmentArrays]) -> Concept:
    """Return the concept of a leaf; prefixes and the like are looked up in the words of the segments."""
    fields = leaf.fields or SEARCHED_FIELDS
    if isinstance(leaf, EXPANDING):
        words = _most_frequent(_expansions(leaf, segments))
        stems = dict.fromkeys(analyzer.stem(word.decode()).encode() for word in words)
        return Concept(tuple(Wording((stem,)) for stem in stems), fields, tuple(words))
    terms = tuple(term.encode("utf-8", "replace") for term in analyzer.terms(leaf.text))
    slop = leaf.slop if isinstance(leaf, tree.Phrase) else 0
    return Concept((Wording(terms, slop),) if terms else (), fields)


def _most_frequent(found: dict[bytes, int]) -> list[bytes]:
    ranked = sorted(found, key=lambda word: (-found[word], word))
    return ranked[:MAX_EXPANSIONS]


def _expansions(leaf: tree.Leaf, segments: Sequence[SegmentArrays]) -> dict[bytes, int]:
    found: dict[bytes, int] = {}
    for segment in segments:
        words = segment.field("words")
        if words is not None:
            for ordinal, word in _matching(leaf, words):
                found[word] = found.get(word, 0) + words.doc_freq(ordinal)
    return found


def _matching(leaf: tree.Leaf, words: FieldArrays) -> Iterator[tuple[int, bytes]]:
    match leaf:
        case tree.Prefix(text):
            return _beginning(analyzer.fold(text), words)
        case tree.Wildcard(pattern):
            return _fitting(pattern, words)
        case tree.Fuzzy(text, distance):
            return _near(analyzer.fold(text), distance, words)
    return iter(())


def _beginning(prefix: str, words: FieldArrays) -> Iterator[tuple[int, bytes]]:
    """Yield ordinal and word for each word with a prefix."""
    first, end = words.prefix_range(prefix.encode("utf-8", "replace"))
    return zip(range(first, end), words.terms(first, end), strict=True)


def _fitting(pattern: str, words: FieldArrays) -> Iterator[tuple[int, bytes]]:
    parts = re.split(r"([*?]+)", pattern)
    literals = [part if set(part) <= {"*", "?"} else analyzer.fold(part) for part in parts]
    fits = re.compile(_wildcard_regex(literals), re.DOTALL).fullmatch
    return ((ordinal, word) for ordinal, word in _beginning(literals[0], words) if fits(word.decode()))


def _wildcard_regex(literals: Sequence[str]) -> str:
    """Return a pattern that never goes back on a star but the last, so that ``*a*b*c*d*`` takes no longer than it must.

    After a star the first place where the next stretch fits is as good as any later one: whatever follows it there
    follows it here as well.
    """
    stretches = "".join(re.escape(part) if set(part) - {"*", "?"} else _gaps(part) for part in literals).split("*")
    first, *middle = stretches
    if not middle:
        return first
    *inner, last = middle
    return first + "".join(f"(?>.*?{stretch})" for stretch in inner) + f".*{last}"


def _gaps(part: str) -> str:
    return "." * part.count("?") + ("*" if "*" in part else "")


def _near(word: str, distance: int, words: FieldArrays) -> Iterator[tuple[int, bytes]]:
    # An edit in the first letter is rare, and letting it stand makes the dictionary a slice.
    near = _beginning(word[:1], words)
    return ((ordinal, found) for ordinal, found in near if within_distance(word, found.decode(), distance))
