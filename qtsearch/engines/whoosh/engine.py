"""Answers requests from one commit of a Whoosh index."""

from __future__ import annotations

import datetime
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cached_property

import numpy as np
from whoosh.reading import IndexReader

from qtsearch.articles.model import Article, Fingerprint
from qtsearch.articles.stored import decode
from qtsearch.engines.base import Engine, Key, Known
from qtsearch.engines.whoosh.analysis import comparable
from qtsearch.engines.whoosh.reader_arrays import ReaderArrays
from qtsearch.engines.whoosh.schema import day_number, day_of, searched_title
from qtsearch.engines.whoosh.state import CommitState
from qtsearch.query import tree
from qtsearch.query.language import parse
from qtsearch.query.request import SearchRequest
from qtsearch.results import Hit, IndexStats, Results
from qtsearch.scoring.arrays import Ints, Mask
from qtsearch.scoring.bm25f import Weighting, idf
from qtsearch.scoring.collection import Collection
from qtsearch.scoring.concepts import Leaf, concept
from qtsearch.scoring.evaluation import Evaluation, Evaluator
from qtsearch.scoring.likeness import telling_terms
from qtsearch.scoring.top_k import top_k
from qtsearch.snippets import Highlighter, snippet

_NO_HIGHLIGHTS = Highlighter({})


class WhooshEngine(Engine):
    """One open commit.

    Args:
        reader: Whoosh's reader of the commit; closed with the engine.
        state: what is written beside the commit.
    """

    def __init__(self, reader: IndexReader, state: CommitState) -> None:
        self._reader = reader
        self._state = state
        self._segments = [ReaderArrays(leaf) for leaf, _ in reader.leaf_readers()] if reader.doc_count_all() else []
        self._collection = Collection(self._segments)
        self._weighting = Weighting()
        self._evaluator = Evaluator(self._collection, self._weighting, self._filter)

    @property
    def document_count(self) -> int:
        """See ``Engine``."""
        return self._collection.live_count

    @property
    def generation(self) -> int:
        """See ``Engine``."""
        return self._state.generation

    def close(self) -> None:
        """See ``Engine``."""
        self._reader.close()

    # Searching

    def search(self, request: SearchRequest) -> Results:
        """See ``Engine``."""
        began = time.perf_counter()
        parsed = parse(request.text)
        found = self._evaluator.evaluate(_with_filters(parsed.root, request))
        docnums = self._ranked(found, request)[request.offset :]
        highlighter = self._highlighter(parsed.root) if len(docnums) else _NO_HIGHLIGHTS
        hits = tuple(
            self._hit(docnum, rank, found, request, highlighter)
            for rank, docnum in enumerate(docnums.tolist(), request.offset + 1)
        )
        total = int(np.count_nonzero(found.matched))
        return Results(request.text, total, request.offset, hits, time.perf_counter() - began, parsed.notices)

    def _ranked(self, found: Evaluation, request: SearchRequest) -> Ints:
        wanted = request.offset + request.limit
        if request.sort == "relevance":
            return top_k(found.scores, found.matched, wanted)
        matched = np.flatnonzero(found.matched)
        if request.sort == "date":
            return matched[np.argsort(-self._dates[matched], kind="stable")][:wanted]
        return np.array(sorted(matched.tolist(), key=self._title_order.__getitem__)[:wanted], np.int64)

    def _hit(self, docnum: int, rank: int, found: Evaluation, request: SearchRequest, marks: Highlighter) -> Hit:
        article = self._article(docnum)
        score = float(found.scores[docnum]) if request.sort == "relevance" else 0.0
        return Hit(rank, score, article, marks.spans(article.title), snippet(article.answer_text, marks))

    def _highlighter(self, root: tree.Node) -> Highlighter:
        sequences: dict[tuple[str, ...], float] = {}
        words: set[str] = set()
        for leaf in tree.leaves(root):
            if not isinstance(leaf, Leaf):
                continue
            wanted = concept(leaf, self._segments)
            if wanted.words is not None:
                words.update(word.decode() for word in wanted.words)
                continue
            for wording in wanted.wordings:
                terms = tuple(term.decode() for term in wording.terms)
                for sequence in [(term,) for term in terms] if wording.slop else [terms]:
                    sequences[sequence] = idf(self._doc_freq(sequence), self._collection.live_count)
        return Highlighter(sequences, frozenset(words))

    def _doc_freq(self, terms: Sequence[str]) -> int:
        """Return about how many documents have the rarest of the terms."""
        return min(sum(self._segment_doc_freq(s, term.encode()) for s in self._segments) for term in terms)

    @staticmethod
    def _segment_doc_freq(segment: ReaderArrays, term: bytes) -> int:
        freqs = []
        for name in tree.SEARCHED_FIELDS:
            field = segment.field(name)
            ordinal = field.find(term) if field is not None else -1
            freqs.append(field.doc_freq(ordinal) if field is not None and ordinal >= 0 else 0)
        return max(freqs)

    def _filter(self, node: tree.Match | tree.DateRange) -> Mask:
        if isinstance(node, tree.DateRange):
            first = day_number(node.since) if node.since else 1
            last = day_number(node.until) if node.until else day_number(datetime.date.max)
            return (self._dates >= first) & (self._dates <= last)
        mask = np.zeros(self._collection.doc_count, np.bool_)
        value = comparable(node.value).encode("utf-8", "replace")
        for base, segment in zip(self._collection.bases, self._segments, strict=True):
            field = segment.field(node.column)
            ordinal = field.find(value) if field is not None else -1
            if field is not None and ordinal >= 0:
                mask[field.postings(ordinal).docnums + base] = True
        return mask

    # Articles

    def find(self, key: Key) -> Article | None:
        """See ``Engine``."""
        text = str(key)
        for column in ("id", "url", "path"):
            for base, segment in zip(self._collection.bases, self._segments, strict=True):
                field = segment.field(column)
                value = text if column == "path" else comparable(text)
                ordinal = field.find(value.encode("utf-8", "replace")) if field is not None else -1
                if field is not None and ordinal >= 0:
                    for docnum in field.postings(ordinal).docnums.tolist():
                        if self._collection.live[base + docnum]:
                            return self._article(base + docnum)
        return None

    def similar(self, article: Article, limit: int) -> tuple[Hit, ...]:
        """See ``Engine``."""
        text: dict[tree.FieldName, str] = {
            "title": searched_title(article),
            "page_keywords": "\n".join(article.page_keywords),
            "answer": article.answer_text,
        }
        terms = telling_terms(text, self._weighting, self._term_idf)
        found = self._evaluator.evaluate_terms(terms, tree.SEARCHED_FIELDS)
        # One more than asked for, because the article is most like itself.
        docnums = top_k(found.scores, found.matched, limit + 1).tolist()
        others = [(docnum, self._article(docnum)) for docnum in docnums]
        kept = [(docnum, other) for docnum, other in others if other.path != article.path][:limit]
        return tuple(
            Hit(rank, float(found.scores[docnum]), other, (), snippet(other.answer_text, _NO_HIGHLIGHTS))
            for rank, (docnum, other) in enumerate(kept, 1)
        )

    def _term_idf(self, term: str) -> float:
        return idf(self._doc_freq((term,)), self._collection.live_count)

    def articles(self) -> Iterator[Article]:
        """See ``Engine``."""
        for docnum in np.flatnonzero(self._collection.live).tolist():
            yield self._article(docnum)

    def _article(self, docnum: int) -> Article:
        segment = int(np.searchsorted(self._collection.bases, docnum, side="right")) - 1
        return decode(self._segments[segment].stored_article(docnum - self._collection.bases[segment]))

    # Columns

    def known(self) -> dict[str, Known]:
        """See ``Engine``."""
        known = {}
        for base, segment in zip(self._collection.bases, self._segments, strict=True):
            columns = zip(
                segment.text_column("path"),
                segment.number_column("size").tolist(),
                segment.number_column("mtime_ns").tolist(),
                segment.bytes_column("digest"),
                segment.text_column("id"),
                strict=True,
            )
            live = self._collection.live[base : base + segment.doc_count_all]
            for alive, (path, size, mtime_ns, digest, id_text) in zip(live.tolist(), columns, strict=True):
                if alive:
                    known[path] = Known(Fingerprint(size, mtime_ns, digest), id_text)
        return known

    @cached_property
    def _dates(self) -> Ints:
        return self._numbers("date")

    @cached_property
    def _title_order(self) -> list[bytes]:
        return [title for segment in self._segments for title in segment.bytes_column("title_order")]

    def _numbers(self, name: str) -> Ints:
        columns = [segment.number_column(name) for segment in self._segments]
        return np.concatenate(columns) if columns else np.zeros(0, np.int64)

    def stats(self) -> IndexStats:
        """See ``Engine``."""
        dated = self._dates[(self._dates > 0) & self._collection.live]
        subjects = Counter(article.subject for article in self.articles() if article.subject)
        terms: set[bytes] = set()
        for segment in self._segments:
            for name in tree.SEARCHED_FIELDS:
                field = segment.field(name)
                if field is not None:
                    terms.update(field.term(ordinal) for ordinal in range(field.term_count))
        return IndexStats(
            folder=str(self._state.folder),
            articles_folder=self._state.recipe.articles_folder,
            documents=self._collection.live_count,
            terms=len(terms),
            segments=len(self._segments),
            bytes=self._state.bytes(),
            generation=self._state.generation,
            committed=self._state.committed,
            oldest=day_of(int(dated.min())) if len(dated) else None,
            newest=day_of(int(dated.max())) if len(dated) else None,
            subjects=tuple(sorted(subjects.items(), key=lambda item: (-item[1], item[0]))),
            engine=self._state.engine,
            schema_version=self._state.recipe.schema_version,
        )


def _with_filters(root: tree.Node, request: SearchRequest) -> tree.Node:
    filters: list[tree.Node] = []
    if request.subject is not None:
        filters.append(tree.Match("subject", request.subject))
    if request.since or request.until:
        filters.append(tree.DateRange(request.since, request.until))
    return tree.And((root, *filters)) if filters else root
