"""A query tree over an index, evaluated array by array: which documents match, how well, and the best of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final, TypeGuard

import numpy as np

from qtsearch.query import tree
from qtsearch.scoring import bm25f
from qtsearch.scoring.arrays import FieldArrays, Floats, Ints, Mask, PostingList, SegmentArrays
from qtsearch.scoring.collection import Collection
from qtsearch.scoring.concepts import Concept, Wording, concept
from qtsearch.scoring.expansions import Expansions
from qtsearch.scoring.frequencies import Frequencies, Postings, Scored, add_up, looked_up
from qtsearch.scoring.membership import Membership
from qtsearch.scoring.memory import Memory
from qtsearch.scoring.phrases import phrase_postings
from qtsearch.scoring.runs import run_bounds
from qtsearch.values import dataclass

Filter = Callable[[tree.Match | tree.DateRange], Mask]
"""Answers which documents a filter lets through; shape ``[doc_count]``."""

Listed = tree.Leaf | tree.Alternatives
"""Nodes whose matching documents are remembered."""

MEMORY: Final = 160 * 2**20
"""Bytes that an evaluator remembers: mostly scores of single words, those that queries have in common."""


_FAR_LONGER: Final = 16
"""How many times as long as the documents a list must be for looking these up in it to be as fast as anything."""


_MANY: Final = 8
"""Where so many documents have one posting, posting lists are joined in an array over all documents."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The answer of one tree.

    Attributes:
        matched: which documents match, shape ``[doc_count]``.
        scores: how well, 0 for the others; same shape, never negative.
    """

    matched: Mask
    scores: Floats


class Evaluator:
    """Evaluates trees over a collection. Threads may share it.

    Attributes:
        expansions: the words of the collection.

    Args:
        collection: the documents.
        weighting: the parameters of BM25F.
        column: answers filters.
    """

    def __init__(self, collection: Collection, weighting: bm25f.Weighting, column: Filter) -> None:
        self._collection = collection
        self._weighting = weighting
        self._column = column
        # Long lists of single terms must not push out what is short but took long to work out.
        self._terms: Memory[Concept, Scored] = Memory(MEMORY // 10 * 5)
        self._others: Memory[Concept | tree.Alternatives, Scored] = Memory(MEMORY // 10 * 2)
        self._holders: Memory[tuple[Concept, ...], Ints] = Memory(MEMORY // 10)
        self.expansions = Expansions(collection.segments)
        self._members: Memory[Listed, Membership] = Memory(MEMORY // 10)
        self._concepts: Memory[tree.Leaf, Concept] = Memory(MEMORY // 10)

    @property
    def doc_count(self) -> int:
        """Documents, deleted ones included."""
        return self._collection.doc_count

    @property
    def k1(self) -> float:
        """How soon repeating a term stops to help."""
        return self._weighting.k1

    def doc_freq(self, leaf: tree.Leaf) -> int:
        """Return how many live documents hold what a leaf looks for."""
        return len(self.scored(self.concept(leaf)).docnums)

    def length_factors(self, name: tree.FieldName, docnums: Ints) -> Floats:
        """Return ``bm25f.length_factors`` of a field for some documents."""
        return self._collection.length_factors(name, self._weighting.fields[name]).take(docnums)

    def evaluate(self, root: tree.Node) -> Evaluation:
        """Return the live documents that match the tree, and their scores."""
        scores = np.zeros(self._collection.doc_count)
        matched = self._add(root, 1.0, scores)
        return Evaluation(matched, scores)

    def _add(self, node: tree.Node, factor: float, scores: Floats) -> Mask:
        """Add the scores of the documents that match, times ``factor``, and return which they are."""
        match node:
            case tree.Or(children):
                matched = self._nothing()
                for child in children:
                    matched |= self._add(child, factor, scores)
                return matched
            case tree.And(children):
                return self._add_all(children, factor, scores)
            case tree.Not(child):
                return self._collection.live & ~self._add(child, 0.0, self._scrap())
            case tree.Preferring(required, optional):
                return self._add_preferring(required, optional, factor, scores)
            case tree.Boost(child, by):
                return self._add(child, factor * by, scores)
            case tree.Match() | tree.DateRange():
                return self._column(node) & self._collection.live
            case tree.MatchAll():
                return self._collection.live.copy()
            case tree.MatchNone():
                return self._nothing()
            case _:
                return self._add_found(self.found(node), factor, scores)

    def _add_all(self, children: Sequence[tree.Node], factor: float, scores: Floats) -> Mask:
        if are_listed(children):
            return self._add_found(self.conjunction(children), factor, scores)
        # A document that fails one child must not keep what it scored in another.
        own = self._scrap()
        matched = self._collection.live.copy()
        for child in children:
            matched &= self._add(child, factor, own)
            if not matched.any():
                return matched
        scores += np.where(matched, own, 0.0)
        return matched

    def _add_preferring(self, required: tree.Node, optional: tree.Node, factor: float, scores: Floats) -> Mask:
        own = self._scrap()
        matched = self._add(required, factor, own)
        if not matched.any():
            return matched
        self._add(optional, factor, own)
        scores += np.where(matched, own, 0.0)
        return matched

    def concept(self, leaf: tree.Leaf) -> Concept:
        """Return what a leaf looks for in this collection; remembered for a while."""
        known = self._concepts.get(leaf)
        if known is None:
            known = concept(leaf, self.expansions)
            self._concepts.put(leaf, known, 200 * len(known.wordings) + len(repr(leaf)))
        return known

    def _add_found(self, found: Scored, factor: float, scores: Floats) -> Mask:
        scores[found.docnums] += factor * found.scores
        matched = self._nothing()
        matched[found.docnums] = True
        return matched

    def idf(self, doc_freq: int) -> float:
        """Return the inverse document frequency of what is in so many live documents."""
        return bm25f.idf(doc_freq, self._collection.live_count)

    def scored(self, wanted: Concept) -> Scored:
        """Return the live documents that hold a concept, and what it adds to each; remembered for a while."""
        known = self._terms.get(wanted) or self._others.get(wanted)
        if known is None:
            docnums, amounts = self.frequencies(wanted)
            known = Scored.of(docnums, self.idf(len(docnums)) * bm25f.saturate(amounts, self._weighting.k1))
            memory = self._terms if wanted.is_one_term else self._others
            memory.put(wanted, known, known.nbytes)
        return known

    def alternatives(self, node: tree.Alternatives) -> Scored:
        """Return the live documents that match alternatives, and their scores; remembered for a while."""
        known = self._others.get(node)
        if known is None:
            factors = (1.0, *self.other_factors(node))
            known = self._best_of(list(map(self._scored, (node.exact, *node.others), factors)))
            self._others.put(node, known, known.nbytes)
        return known

    def other_factors(self, node: tree.Alternatives) -> tuple[float, ...]:
        """Return what the scores of the other names are multiplied by.

        That is ``factor``, and less for a name that is rarer than what was typed: it must not count for more than that
        where it stands in the same place.
        """
        typed = self._weight_of(node.exact)
        return tuple(node.factor * min(1.0, typed / self._weight_of(other)) for other in node.others)

    def _weight_of(self, node: tree.Node) -> float:
        """Return the sum of ``factor * idf`` over all that is typed in a node."""
        match node:
            case tree.And(children) | tree.Or(children):
                return sum(map(self._weight_of, children))
            case tree.Preferring(required, optional):
                return self._weight_of(required) + self._weight_of(optional)
            case tree.Boost(child, by):
                return by * self._weight_of(child)
            case tree.Alternatives(exact):
                return self._weight_of(exact)
            case tree.Words() | tree.Phrase() | tree.Prefix() | tree.Wildcard() | tree.Fuzzy():
                return self.idf(self.doc_freq(node))
        return 0.0

    def _scored(self, node: tree.Node, factor: float) -> tuple[Ints, Floats]:
        """Return the live documents that match a node, ascending, and ``factor`` times the score of each."""
        if isinstance(node, Listed):
            found = self.found(node)
            return found.docnums, factor * found.scores
        if isinstance(node, tree.And) and are_listed(node.children):
            found = self.conjunction(node.children)
            return found.docnums, factor * found.scores
        scores = self._scrap()
        docnums = np.flatnonzero(self._add(node, factor, scores))
        return docnums, scores[docnums]

    def _best_of(self, parts: Sequence[tuple[Ints, Floats]]) -> Scored:
        """Return the documents of any of the parts, each with its highest score."""
        if sum(len(docnums) for docnums, _ in parts) < self.doc_count // _MANY:
            docnums = np.concatenate([docnums for docnums, _ in parts])
            order = np.argsort(docnums, kind="stable")  # a few runs that ascend are merged in linear time
            docnums = docnums[order]
            firsts = run_bounds(docnums)[:-1]
            scores = np.concatenate([scores for _, scores in parts])[order]
            return Scored.of(docnums[firsts], np.maximum.reduceat(scores, firsts) if len(firsts) else scores)
        matched, best = self._nothing(), self._scrap()
        for docnums, scores in parts:
            matched[docnums] = True
            best[docnums] = np.maximum(best.take(docnums), scores)
        docnums = np.flatnonzero(matched)
        return Scored.of(docnums, best.take(docnums))

    def found(self, node: Listed) -> Scored:
        """Return the live documents that match, and their scores."""
        return self.alternatives(node) if isinstance(node, tree.Alternatives) else self.scored(self.concept(node))

    def conjunction(self, nodes: Sequence[Listed]) -> Scored:
        """Return the live documents that match all of some nodes, and their scores.

        Only the documents of the rarest one are looked at.
        """
        everything = [(node, self.found(node)) for node in nodes]
        (_, (docnums, scores, _)), *others = sorted(everything, key=lambda each: len(each[1].docnums))
        for node, found in others:
            kept, added = self._held(node, found, docnums)
            docnums, scores = docnums.take(kept), scores.take(kept) + added
        return Scored.of(docnums, scores)

    def _held(self, node: Listed, found: Scored, documents: Ints) -> tuple[Ints, Floats]:
        """Return the places of those of some documents, which ascend, that match a node, and its scores of these."""
        if len(found.docnums) > _FAR_LONGER * len(documents):
            at = found.docnums.searchsorted(documents)
            held = np.flatnonzero(found.docnums.take(at, mode="clip") == documents)
            return held, found.scores.take(at.take(held))
        members = self._members.get(node)
        if members is None:
            members = Membership(found.docnums, self.doc_count)
            self._members.put(node, members, members.nbytes)
        kept, places = members.places(documents)
        return kept, found.scores.take(places)

    def holders(self, concepts: tuple[Concept, ...]) -> Ints:
        """Return the live documents that hold any of some concepts, ascending; remembered for a while."""
        if len(concepts) == 1:
            return self.scored(concepts[0]).docnums
        known = self._holders.get(concepts)
        if known is None:
            holding = self._nothing()
            for wanted in concepts:
                holding[self.scored(wanted).docnums] = True
            known = np.flatnonzero(holding).astype(np.int32)
            self._holders.put(concepts, known, known.nbytes)
        return known

    def frequencies(self, wanted: Concept) -> Frequencies:
        """Return the live documents that hold a concept, and its BM25F frequency in each."""
        docnums, amounts = add_up(list(self._postings(wanted, None)), self.doc_count)
        allowed = self.allowed(wanted)
        if allowed is not None:
            kept = allowed[docnums]
            docnums, amounts = docnums[kept], amounts[kept]
        return Frequencies(docnums, amounts)

    def frequencies_in(self, wanted: Concept, documents: Ints) -> Floats:
        """Return the BM25F frequency of a concept in a few documents, shape as these; 0 where it is not."""
        amounts = np.zeros(len(documents))
        for docnums, term_freqs, factors in self._postings(wanted, documents):
            amounts += looked_up(docnums, term_freqs, documents) * factors[documents]
        allowed = self.allowed(wanted)
        return amounts if allowed is None else amounts * allowed[documents]

    def _postings(self, wanted: Concept, documents: Ints | None) -> Iterator[Postings]:
        """Yield the posting lists of a concept: one for each segment, field and wording that has any.

        With ``documents`` they may lack others.
        """
        for base, segment in zip(self._collection.bases, self._collection.segments, strict=True):
            inside = None if documents is None else _inside(documents, base, segment.doc_count_all)
            for name in wanted.fields:
                field = segment.field(name)
                if field is None:
                    continue
                factors = self._collection.length_factors(name, self._weighting.fields[name])
                for wording in wanted.wordings:
                    listed = _listed(field, wording, inside)
                    if listed is not None:
                        docnums = listed.docnums + base if base else listed.docnums
                        yield Postings(docnums, listed.term_freqs, factors)

    def allowed(self, wanted: Concept) -> Mask | None:
        """Return which documents a concept may be found in, None for all."""
        collection = self._collection
        live = collection.live if collection.live_count < collection.doc_count else None
        if wanted.words is None:
            return live
        holding = [_holding(segment, wanted.words) for segment in collection.segments]
        return np.concatenate([np.zeros(0, np.bool_), *holding]) & collection.live

    def _nothing(self) -> Mask:
        return np.zeros(self._collection.doc_count, np.bool_)

    def _scrap(self) -> Floats:
        return np.zeros(self._collection.doc_count)


def are_listed(nodes: Sequence[tree.Node]) -> TypeGuard[Sequence[Listed]]:
    """Return whether all of some nodes are ``Listed``."""
    return all(isinstance(node, Listed) for node in nodes)


def _inside(documents: Ints, base: int, doc_count: int) -> Ints:
    """Return those of some documents that are in a segment, as it numbers them, ascending."""
    local = np.sort(documents) - base
    return local[(local >= 0) & (local < doc_count)]


def _listed(field: FieldArrays, wording: Wording, documents: Ints | None) -> PostingList | None:
    if len(wording.terms) > 1:
        return phrase_postings(field, wording.terms, wording.slop, documents)
    ordinal = field.find(wording.terms[0])
    return field.postings(ordinal) if ordinal >= 0 else None


def _holding(segment: SegmentArrays, words: Sequence[bytes]) -> Mask:
    holding = np.zeros(segment.doc_count_all, np.bool_)
    field = segment.field("words")
    for word in words:
        ordinal = field.find(word) if field is not None else -1
        if field is not None and ordinal >= 0:
            holding[field.postings(ordinal).docnums] = True
    return holding
