"""Answers requests from one commit, on the arrays of its segments."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from qtsearch.articles.model import Article, Fingerprint
from qtsearch.articles.stored import decode
from qtsearch.codec.arrays import SegmentArrays, open_segment_arrays
from qtsearch.engines.base import Engine, Key, Known
from qtsearch.engines.whoosh.columns import Columns
from qtsearch.engines.whoosh.documents import day_of, searched_keywords, searched_title, stored_article, value_term
from qtsearch.engines.whoosh.faults import translated
from qtsearch.engines.whoosh.state import CommitState
from qtsearch.errors import IndexDamaged, IndexFault
from qtsearch.query import tree
from qtsearch.query.language import parse
from qtsearch.query.request import SearchRequest
from qtsearch.results import Hit, IndexStats, Results, Snippet
from qtsearch.scoring.arrays import Ints
from qtsearch.scoring.bm25f import Weighting, idf
from qtsearch.scoring.collection import Collection
from qtsearch.scoring.concepts import Concept, Wording
from qtsearch.scoring.disjunction import best, evaluate_best
from qtsearch.scoring.evaluation import Evaluation, Evaluator
from qtsearch.scoring.likeness import telling_terms
from qtsearch.scoring.top_k import top_k
from qtsearch.snippets import Highlighter, snippet

_NO_HIGHLIGHTS = Highlighter({})
_NO_SNIPPET = Snippet(())


@dataclass(frozen=True, slots=True)
class _MappedFolder:
    """What the codec asks of a storage that it only reads."""

    folder: Path
    supports_mmap: bool = True


class WhooshEngine(Engine):
    """One open commit.

    Args:
        state: the commit.
    """

    def __init__(self, state: CommitState) -> None:
        self._state = state
        storage = _MappedFolder(state.folder)
        self._segments = [
            open_segment_arrays(storage, part.segment_id, part.doc_count_all, part.deleted) for part in state.segments
        ]
        self._collection = Collection(self._segments)
        self._columns = Columns(self._collection, self._segments)
        self._weighting = Weighting()
        self._evaluator = Evaluator(self._collection, self._weighting, self._columns.filter)
        self._closed = False

    @property
    def document_count(self) -> int:
        """See ``Engine``."""
        return self._collection.live_count

    @property
    def generation(self) -> int:
        """See ``Engine``."""
        return self._state.generation

    def close(self) -> None:
        """See ``Engine``. The files are let go of when the last search that another thread began is done."""
        self._closed = True

    # Searching

    def search(self, request: SearchRequest) -> Results:
        """See ``Engine``."""
        self._refuse_if_closed()
        began = time.perf_counter()
        parsed = parse(request.text)
        with translated(self._state.folder, "read"):
            found = best(self._evaluator, _with_filters(parsed.root, request), request.offset + request.limit)
            docnums = self._ranked(found, request)[request.offset :].tolist()
            highlighter = self._highlighter(parsed.root) if docnums and request.fragments else _NO_HIGHLIGHTS
            hits = tuple(
                self._hit(docnum, rank, found, request, highlighter)
                for rank, docnum in enumerate(docnums, request.offset + 1)
            )
        total = int(np.count_nonzero(found.matched))
        return Results(request.text, total, request.offset, hits, time.perf_counter() - began, parsed.notices)

    def _ranked(self, found: Evaluation, request: SearchRequest) -> Ints:
        wanted = request.offset + request.limit
        if request.sort == "relevance":
            return top_k(found.scores, found.matched, wanted)
        matched = np.flatnonzero(found.matched)
        if request.sort == "date":
            return matched[np.argsort(-self._columns.dates[matched], kind="stable")][:wanted]
        order = self._columns.title_order
        return np.array(sorted(matched.tolist(), key=order.__getitem__)[:wanted], np.int64)

    def _hit(self, docnum: int, rank: int, found: Evaluation, request: SearchRequest, marks: Highlighter) -> Hit:
        article = self._article(docnum)
        score = float(found.scores[docnum]) if request.sort == "relevance" else 0.0
        if not request.fragments:
            return Hit(rank, score, article, (), _NO_SNIPPET)
        return Hit(rank, score, article, marks.spans(article.title), snippet(article.answer_text, marks))

    def _highlighter(self, root: tree.Node) -> Highlighter:
        sequences: dict[tuple[str, ...], float] = {}
        words: set[str] = set()
        for leaf in tree.leaves(root):
            wanted = self._evaluator.concept(leaf)
            if wanted.words is not None:
                words.update(word.decode() for word in wanted.words)
                continue
            for wording in wanted.wordings:
                terms = tuple(term.decode() for term in wording.terms)
                for sequence in [(term,) for term in terms] if wording.slop else [terms]:
                    sequences[sequence] = min(map(self._idf, sequence))
        return Highlighter(sequences, frozenset(words))

    def _idf(self, term: str) -> float:
        """Return about how telling a term is, by the field in which most documents have it."""
        encoded = term.encode("utf-8", "replace")
        doc_freq = sum(self._segment_doc_freq(segment, encoded) for segment in self._segments)
        return idf(min(doc_freq, self._collection.live_count), self._collection.live_count)

    @staticmethod
    def _segment_doc_freq(segment: SegmentArrays, term: bytes) -> int:
        most = 0
        for name in tree.SEARCHED_FIELDS:
            field = segment.field(name)
            ordinal = field.find(term) if field is not None else -1
            if field is not None and ordinal >= 0:
                most = max(most, field.doc_freq(ordinal))
        return most

    # Articles

    def find(self, key: Key) -> Article | None:
        """See ``Engine``."""
        self._refuse_if_closed()
        with translated(self._state.folder, "read"):
            for field in ("id", "url", "path"):
                for docnum in self._columns.having(field, value_term(field, str(key))):
                    return self._article(docnum)
        return None

    def similar(self, article: Article, limit: int) -> tuple[Hit, ...]:
        """See ``Engine``."""
        self._refuse_if_closed()
        texts: dict[tree.FieldName, str] = {
            "title": searched_title(article),
            "page_keywords": searched_keywords(article),
            "answer": article.answer_text,
        }
        with translated(self._state.folder, "read"):
            terms = telling_terms(texts, self._idf)
            concepts = [(Concept((Wording((term.encode(),)),), tree.SEARCHED_FIELDS), weight) for term, weight in terms]
            # One more than asked for, because the article is most like itself.
            found = evaluate_best(self._evaluator, concepts, limit + 1)
            docnums = top_k(found.scores, found.matched, limit + 1).tolist()
            others = [(docnum, self._article(docnum)) for docnum in docnums]
        kept = [(docnum, other) for docnum, other in others if other.path != article.path][:limit]
        return tuple(
            Hit(rank, float(found.scores[docnum]), other, (), _NO_SNIPPET)
            for rank, (docnum, other) in enumerate(kept, 1)
        )

    def articles(self) -> Iterator[Article]:
        """See ``Engine``."""
        self._refuse_if_closed()
        with translated(self._state.folder, "read"):
            for docnum in np.flatnonzero(self._collection.live).tolist():
                yield self._article(docnum)

    def _article(self, docnum: int) -> Article:
        segment, local = self._collection.place(docnum)
        try:
            return decode(stored_article(self._segments[segment].stored_bytes(local)))
        except ValueError as error:
            name = self._state.segments[segment].segment_id
            raise IndexDamaged(
                f"{name}: document {local} is damaged ({error}); mend it with: qtsearch reindex --full"
            ) from error

    # The whole index

    def known(self) -> dict[str, Known]:
        """See ``Engine``."""
        self._refuse_if_closed()
        with translated(self._state.folder, "read"):
            texts, numbers = self._columns.texts, self._columns.numbers
            rows = zip(
                self._collection.live.tolist(),
                texts("path"),
                numbers("size").tolist(),
                numbers("mtime_ns").tolist(),
                self._columns.byte_strings("digest"),
                texts("id"),
                strict=True,
            )
            return {
                path: Known(Fingerprint(size, mtime_ns, digest), id_text)
                for live, path, size, mtime_ns, digest, id_text in rows
                if live
            }

    def stats(self) -> IndexStats:
        """See ``Engine``."""
        self._refuse_if_closed()
        live = self._collection.live
        with translated(self._state.folder, "read"):
            dated = self._columns.dates[(self._columns.dates > 0) & live]
            named = zip(self._columns.texts("subject"), live.tolist(), strict=True)
            subjects = Counter(subject for subject, alive in named if alive and subject)
            return IndexStats(
                folder=str(self._state.folder),
                articles_folder=self._state.recipe.articles_folder,
                documents=self._collection.live_count,
                terms=self._term_count,
                segments=len(self._segments),
                bytes=self._state.size_on_disk(),
                generation=self._state.generation,
                committed=self._state.committed,
                oldest=day_of(int(dated.min())) if len(dated) else None,
                newest=day_of(int(dated.max())) if len(dated) else None,
                subjects=tuple(sorted(subjects.items(), key=lambda item: (-item[1], item[0]))),
                engine=self._state.engine,
                schema_version=self._state.recipe.schema_version,
            )

    @cached_property
    def _term_count(self) -> int:
        fields = [segment.field(name) for segment in self._segments for name in tree.SEARCHED_FIELDS]
        return len({term for field in fields if field is not None for term in field.terms(0, field.term_count)})

    def _refuse_if_closed(self) -> None:
        if self._closed:
            raise IndexFault(f"the index in {self._state.folder} was closed; open it again with qtsearch.open")


def _with_filters(root: tree.Node, request: SearchRequest) -> tree.Node:
    filters: list[tree.Node] = []
    if request.subject is not None:
        filters.append(tree.Match("subject", request.subject))
    if request.since or request.until:
        filters.append(tree.DateRange(request.since, request.until))
    return tree.And((root, *filters)) if filters else root
