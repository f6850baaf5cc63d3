"""Parts of a segment, made by several processes and joined by one, in which words are told of once.

A process keeps its vocabulary from one part to the next. Otherwise it would take the same words apart and send them
for each, and the process that joins them would look all of them up again and again: with parts of 750 articles, a fifth
of the time in which 18,000 become an index.
"""

from __future__ import annotations

from typing import Final

from qtsearch.analysis.inversion import Vocabulary
from qtsearch.engines.whoosh.segment_builder import Part, SegmentBuilder

MOST_WORDS: Final = 150_000
"""Words after which a process begins a new vocabulary: about 30 MB, and in more a table of chunks gets crowded."""


class PartMaker:
    """Gives builders that share a vocabulary. One for each process, and for one thread: two would count words apart."""

    def __init__(self) -> None:
        self._vocabulary = Vocabulary()

    def builder(self, dictionary: bytes) -> SegmentBuilder:
        """Return a builder for the next part, after the one before gave its part or failed."""
        if len(self._vocabulary) > MOST_WORDS:
            self._vocabulary = Vocabulary()
        return SegmentBuilder(dictionary, self._vocabulary)


class PartJoiner:
    """Adds parts to builders. It must be given all parts of a process, in the order in which they were made."""

    def __init__(self) -> None:
        self._vocabularies: dict[int, Vocabulary] = {}

    def join(self, part: Part, builder: SegmentBuilder) -> None:
        """Add the documents of a part behind those of a builder."""
        new = part.new_words
        if not new.known:
            self._vocabularies[new.process] = Vocabulary()
        vocabulary = self._vocabularies[new.process]
        vocabulary.learn(new)
        builder.extend(part, vocabulary)
