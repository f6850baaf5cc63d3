"""The slow truth: documents as lists of terms, looked at one by one. What fast code is compared with."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

import numpy as np

from qtsearch.analysis import analyzer
from qtsearch.analysis.edit_distance import within_distance
from qtsearch.query import tree
from qtsearch.query.tree import SEARCHED_FIELDS
from qtsearch.scoring.bm25f import Weighting
from qtsearch.scoring.phrases import PhrasePostings as PostingList
from qtsearch.scoring.proximity import PAIR_SLOP, PAIR_WEIGHT, Pair
from qtsearch.scoring.signature import HEADING_FIELDS, SIGNATURE_WORDS, Rows, heading, joined, signature, stop_terms
from qtsearch.scoring.titles import TITLE_WEIGHT


@dataclass
class Document:
    """The searched texts of one document, its columns, and whether it is deleted."""

    title: str = ""
    page_keywords: str = ""
    answer: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    day: int = 0
    deleted: bool = False

    def terms(self, name: str) -> list[str]:
        return analyzer.terms(getattr(self, name))

    def words(self) -> set[str]:
        return {word for name in tree.SEARCHED_FIELDS for word in analyzer.words(getattr(self, name))}


class MemoryField:
    """``FieldArrays`` over a list of term lists."""

    def __init__(self, rows: Sequence[Sequence[str]]) -> None:
        self.lengths = np.array([len(row) for row in rows], np.int32)
        self.total_length = int(self.lengths.sum())
        self._rows = rows
        self._terms = sorted({term.encode() for row in rows for term in row})
        self.term_count = len(self._terms)

    def find(self, term: bytes) -> int:
        return self._terms.index(term) if term in self._terms else -1

    def prefix_range(self, prefix: bytes) -> tuple[int, int]:
        fitting = [i for i, term in enumerate(self._terms) if term.startswith(prefix)]
        return (fitting[0], fitting[-1] + 1) if fitting else (0, 0)

    def term(self, ordinal: int) -> bytes:
        return self._terms[ordinal]

    def terms(self, first: int, end: int) -> list[bytes]:
        return self._terms[first:end]

    def joined_terms(self) -> tuple[np.ndarray, np.ndarray]:
        joined = np.frombuffer(b"".join(self._terms), np.uint8)
        return joined, np.cumsum([0, *map(len, self._terms)])

    @property
    def doc_freqs(self) -> np.ndarray:
        return np.array([self.doc_freq(ordinal) for ordinal in range(self.term_count)], np.int64)

    def doc_freq(self, ordinal: int) -> int:
        return len(self.postings(ordinal).docnums)

    def _places(self, ordinal: int) -> list[tuple[int, list[int]]]:
        wanted = self._terms[ordinal].decode()
        rows = [(n, [i for i, term in enumerate(row) if term == wanted]) for n, row in enumerate(self._rows)]
        return [(n, places) for n, places in rows if places]

    def postings(self, ordinal: int) -> PostingList:
        places = self._places(ordinal)
        return PostingList(np.array([n for n, _ in places], np.int32), np.array([len(p) for _, p in places], np.int32))

    def positions_of(self, ordinal: int, rows: np.ndarray, term_freqs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        places = [self._places(ordinal)[row][1] for row in rows.tolist()]
        return np.cumsum([0, *map(len, places)]), np.array([i for p in places for i in p], np.int32)


class MemorySegment:
    """``SegmentArrays`` over documents."""

    def __init__(self, documents: Sequence[Document]) -> None:
        self._documents = documents
        self.doc_count_all = len(documents)
        self._fields = {name: MemoryField([d.terms(name) for d in documents]) for name in tree.SEARCHED_FIELDS}
        self._fields["words"] = MemoryField([sorted(d.words()) for d in documents])

    def field(self, name: str) -> MemoryField | None:
        return self._fields.get(name)

    def live(self) -> np.ndarray | None:
        mask = np.array([not d.deleted for d in self._documents], np.bool_)
        return None if mask.all() else mask

    def number_column(self, name: str) -> np.ndarray:
        assert name == "date"
        return np.array([d.day for d in self._documents])


def column_filter(documents: Sequence[Document]):
    """Return a filter that looks at every document."""

    def passes(node: tree.Match | tree.DateRange) -> np.ndarray:
        return np.array([_passes(node, d) for d in documents], np.bool_)

    return passes


def _passes(node: tree.Match | tree.DateRange, document: Document) -> bool:
    if isinstance(node, tree.DateRange):
        first = node.since.toordinal() if node.since else 1
        last = node.until.toordinal() if node.until else 10**9
        return first <= document.day <= last
    return document.columns.get(node.column, "").casefold() == node.value.casefold()


class Oracle:
    """Evaluates a tree document by document, with the formulas as the papers print them."""

    def __init__(self, documents: Sequence[Document], weighting: Weighting) -> None:
        self.documents = documents
        self.weighting = weighting
        self.live = [d for d in documents if not d.deleted]

    def evaluate(self, node: tree.Node) -> dict[int, float]:
        """Return the score of every matching document, by docnum."""
        found = {n: self._score(node, d) for n, d in enumerate(self.documents) if not d.deleted}
        return {n: score for n, score in found.items() if score is not None}

    def _score(self, node: tree.Node, document: Document) -> float | None:
        """Return the score, None if the document does not match."""
        match node:
            case tree.Or(children):
                scores = [s for s in (self._score(c, document) for c in children) if s is not None]
                return sum(scores) if scores else None
            case tree.And(children):
                scores = [self._score(child, document) for child in children]
                return None if None in scores else sum(scores)
            case tree.Not(child):
                return 0.0 if self._score(child, document) is None else None
            case tree.Preferring(required, optional):
                score = self._score(required, document)
                return None if score is None else score + (self._score(optional, document) or 0.0)
            case tree.Alternatives(exact, others, factor):
                scores = [self._score(exact, document)] + [self._score(other, document) for other in others]
                if scores == [None] * len(scores):
                    return None
                typed, *weights = map(self._weight, (exact, *others))
                factors = [1.0, *(factor * min(1.0, typed / weight) for weight in weights)]
                return max(by * (score or 0.0) for by, score in zip(factors, scores, strict=True))
            case tree.Boost(child, factor):
                score = self._score(child, document)
                return None if score is None else score * factor
            case tree.MatchAll():
                return 0.0
            case tree.MatchNone():
                return None
            case tree.Match() | tree.DateRange():
                return 0.0 if _passes(node, document) else None
            case _:
                return self._leaf_score(node, document)

    def _weight(self, node: tree.Node) -> float:
        match node:
            case tree.Boost(child, factor):
                return factor * self._weight(child)
            case tree.And(children) | tree.Or(children):
                return sum(map(self._weight, children))
            case tree.Preferring(required, optional):
                return self._weight(required) + self._weight(optional)
            case tree.Alternatives(exact):
                return self._weight(exact)
        return self.idf(node) if isinstance(node, tree.Leaf) else 0.0

    def _leaf_score(self, leaf: tree.Node, document: Document) -> float | None:
        frequency = self.frequency(leaf, document)
        if frequency == 0.0:
            return None
        return self.idf(leaf) * self._saturated(frequency)

    def idf(self, leaf: tree.Node) -> float:
        """Return the inverse document frequency of a leaf."""
        doc_freq = sum(self.frequency(leaf, other) > 0.0 for other in self.live)
        return math.log(1 + (len(self.live) - doc_freq + 0.5) / (doc_freq + 0.5))

    def _saturated(self, frequency: float) -> float:
        return frequency * (self.weighting.k1 + 1) / (self.weighting.k1 + frequency)

    def frequency(self, leaf: tree.Node, document: Document) -> float:
        """Return the BM25F frequency of a leaf in a document."""
        fields = leaf.fields or tree.SEARCHED_FIELDS
        return self._frequency({name: self._count(leaf, name, document) for name in fields}, document)

    def _frequency(self, counts: Mapping[str, int], document: Document) -> float:
        total = 0.0
        for name, count in counts.items():
            weighting = self.weighting.fields[name]
            average = sum(len(d.terms(name)) for d in self.live) / len(self.live)
            if count:
                relative = len(document.terms(name)) / average
                total += weighting.weight * count / (1 - weighting.b + weighting.b * relative)
        return total

    def pair_score(self, pair: Pair, document: Document) -> float:
        """Return what a pair of words adds to the score of a document."""
        words = pair.first, pair.second
        if not all(any(self.frequency(word, other) for other in self.live) for word in words):
            return 0.0
        opening = {name: document.terms(name)[:SIGNATURE_WORDS] for name in pair.fields}
        counts = {name: phrase_count(terms, pair.terms, PAIR_SLOP) for name, terms in opening.items()}
        return PAIR_WEIGHT * max(map(self.idf, words)) * self._saturated(self._frequency(counts, document))

    def title_score(self, words: Sequence[tuple[tree.Words, float]], document: Document) -> float:
        """Return what the share of its title that was asked for adds to the score of a document."""
        weights: dict[str, float] = {}
        for word, factor in words:
            for part in analyzer.raw_words(word.text):
                leaf = tree.Words(part, word.fields)
                if "title" in (word.fields or tree.SEARCHED_FIELDS) and any(self.frequency(leaf, d) for d in self.live):
                    (term,) = analyzer.terms(part)
                    weights.setdefault(term, factor * self.idf(leaf))
        title = [term for term in document.terms("title")[:SIGNATURE_WORDS] if term not in stop_terms()]
        asked = [weights[term] for term in title if term in weights]
        return TITLE_WEIGHT * (self.weighting.k1 + 1) * sum(asked) * len(asked) / max(1, len(title))

    def _count(self, leaf: tree.Node, name: str, document: Document) -> int:
        terms = document.terms(name)
        if isinstance(leaf, tree.Words | tree.Phrase):
            wanted = analyzer.terms(leaf.text)
            slop = leaf.slop if isinstance(leaf, tree.Phrase) else 0
            return phrase_count(terms, wanted, slop)
        expanded = {word for d in self.live for word in d.words() if fits(leaf, word)}
        if not expanded & document.words():
            return 0
        stems = {analyzer.stem(word) for word in expanded}
        return sum(term in stems for term in terms)


def headings_of(documents: Sequence[Document]) -> Rows:
    """Return the headings of some documents."""
    return joined([heading(*map(document.terms, HEADING_FIELDS)) for document in documents])


def signatures_of(documents: Sequence[Document]) -> Rows:
    """Return the signatures of some documents."""
    return joined([signature(*map(document.terms, SEARCHED_FIELDS)) for document in documents])


def phrase_count(terms: Sequence[str], wanted: Sequence[str], slop: int) -> int:
    """Return at how many places the wanted terms begin, in order, with at most ``slop`` others in between."""
    if not wanted:
        return 0
    places = [[i for i, term in enumerate(terms) if term == word] for word in wanted]
    runs = [run for run in product(*places) if list(run) == sorted(set(run))]
    return len({run[0] for run in runs if run[-1] - run[0] - (len(run) - 1) <= slop})


def fits(leaf: tree.Node, word: str) -> bool:
    match leaf:
        case tree.Prefix(text):
            return word.startswith(analyzer.fold(text))
        case tree.Fuzzy(text, distance):
            return within_distance(analyzer.fold(text), word, distance)
        case tree.Wildcard(pattern):
            return _wild(pattern, word)
    raise AssertionError(leaf)


def _wild(pattern: str, word: str) -> bool:
    if not pattern:
        return not word
    if pattern[0] == "*":
        return _wild(pattern[1:], word) or (bool(word) and _wild(pattern, word[1:]))
    return bool(word) and pattern[0] in ("?", word[0]) and _wild(pattern[1:], word[1:])
