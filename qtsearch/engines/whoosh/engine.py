"""Answers requests from one commit, on the arrays of its segments."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property, lru_cache, partial
from itertools import compress, islice, repeat
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from qtsearch.articles.model import Article
from qtsearch.codec.arrays import open_segment_arrays
from qtsearch.codec.container.reader import MappedFolder
from qtsearch.engines.base import Engine, Key, Known, KnownFiles
from qtsearch.engines.whoosh.columns import Columns
from qtsearch.engines.whoosh.documents import day_of, searched_keywords, searched_title
from qtsearch.engines.whoosh.facets import Facets
from qtsearch.engines.whoosh.faults import translated
from qtsearch.engines.whoosh.showing import NO_SNIPPET, NOTHING_SHOWN, Spans, highlighter_of, shown_of
from qtsearch.engines.whoosh.state import CommitState
from qtsearch.engines.whoosh.stored_articles import StoredArticles
from qtsearch.engines.whoosh.term_lists import TermLists
from qtsearch.engines.whoosh.understanding import Better, Understanding, Understood
from qtsearch.engines.whoosh.vocabulary import AbbreviationIndex, Vocabulary
from qtsearch.query import tree
from qtsearch.query.expand import Source
from qtsearch.query.notices import limited, quoted
from qtsearch.query.request import SearchRequest
from qtsearch.results import Abbreviation, Hit, IndexStats, Results, Snippet
from qtsearch.scoring.arrays import Floats, Ints
from qtsearch.scoring.bm25f import Weighting, idf
from qtsearch.scoring.collection import Collection
from qtsearch.scoring.concepts import Concept, Wording
from qtsearch.scoring.duplicates import near_duplicates, telling_numbers
from qtsearch.scoring.evaluation import Evaluator
from qtsearch.scoring.matched import Matched
from qtsearch.scoring.pruning import best, best_of_concepts
from qtsearch.scoring.ranking import Ranked, rank
from qtsearch.scoring.telling_terms import telling_terms
from qtsearch.values import dataclass

if TYPE_CHECKING:
    from qtsearch.query.completion import Completion

_SIMILAR_FOR_EACH: Final = 3
"""Similar articles looked at for each one shown: some say nearly the same."""

_TERMS_REMEMBERED: Final = 10_000
"""Terms of which it is remembered how telling they are."""


class _Answer(NamedTuple):
    """What was searched for, and what that found.

    Attributes:
        asked: what was searched for.
        found: the answer.
        meant: the text that was probably meant, "" if none is better, or that finds nothing either.
        is_meant: whether this is what was searched for.
    """

    asked: Understood
    found: _Found
    meant: str
    is_meant: bool


@dataclass(frozen=True, slots=True)
class _Found:
    """The answer of one tree.

    Attributes:
        root: the tree, filters included.
        matched: which documents match.
        docnums: the best of them, in the order asked for, from the first one on.
        scores: of these.
        ranked: how they were ranked; None where they were not.
    """

    root: tree.Node
    matched: Matched
    docnums: Ints
    scores: Floats
    ranked: Ranked | None

    @property
    def total(self) -> int:
        return self.matched.count


class WhooshEngine(Engine):
    """One open commit.

    Nothing in it refers back to it, by a bound method or otherwise: so the files are let go of at once when the last
    search is done, and do not wait for the garbage collector.

    Args:
        state: the commit.
    """

    def __init__(self, state: CommitState) -> None:
        self._state = state
        storage = MappedFolder(state.folder)
        self._segments = [
            open_segment_arrays(storage, part.segment_id, part.doc_count_all, part.deleted) for part in state.segments
        ]
        self._collection = Collection(self._segments)
        self._articles = StoredArticles(state, self._collection, self._segments)
        self._lists = TermLists(self._collection, self._segments)
        self._columns = Columns(self._collection, self._segments, self._lists)
        self._facets = Facets(self._columns, state.recipe.facets)
        self._abbreviations = AbbreviationIndex(self._lists)
        self._evaluator = evaluator = Evaluator(self._collection, Weighting(), self._facets.passing)
        self._vocabulary = Vocabulary(
            self._collection,
            self._segments,
            self._lists,
            self._articles.title,
            evaluator.expansions,
            lambda words: evaluator.doc_freq(tree.Phrase(words)),
        )
        self._understanding = Understanding(self._vocabulary, self._abbreviations, evaluator.doc_freq)
        self._about = self._columns.about(self._articles.title)
        self._idf = lru_cache(_TERMS_REMEMBERED)(partial(_idf, self._lists, self._collection.live_count))

    @property
    def document_count(self) -> int:
        """See ``Engine``."""
        return self._collection.live_count

    @property
    def commit(self) -> str:
        """See ``Engine``."""
        return self._state.name

    # Searching

    def search(self, request: SearchRequest, synonyms: Sequence[Source] = ()) -> Results:
        """See ``Engine``."""
        began = time.perf_counter()
        with translated(self._state.folder, "read"):
            typed = self._understanding.understood(request.text, request, synonyms)
            answer = self._answer(typed, request, synonyms)
            asked, found = answer.asked, answer.found
            return Results(
                text=request.text,
                total=found.total,
                offset=request.offset,
                hits=self._hits(found, asked, request),
                facets=self._facets.counts(request.facets, found.matched.mask) if request.facets else (),
                seconds=time.perf_counter() - began,
                notices=limited((*asked.notices, *self._facets.notices(request, typed.typed, self._collection.live))),
                also_searched=asked.also_searched,
                did_you_mean=answer.meant,
                corrected=answer.is_meant,
            )

    def _answer(self, typed: Understood, request: SearchRequest, synonyms: Sequence[Source]) -> _Answer:
        """Search for what was typed, or what was probably meant."""
        found = self._found(typed, request)
        better = None if request.exact else self._understanding.better(typed, request, synonyms)
        if better is None:
            return _Answer(typed, found, "", is_meant=False)
        if not found.total:
            return self._instead_of_nothing(typed, found, better, request, synonyms)
        if better.likely:
            return _Answer(better.likely, self._found(better.likely, request), better.text, better.is_whole)
        return _Answer(_noticed(typed, better.lacking), found, better.text, is_meant=False)

    def _instead_of_nothing(
        self, typed: Understood, nothing: _Found, better: Better, request: SearchRequest, synonyms: Sequence[Source]
    ) -> _Answer:
        """Search for what was meant if that is near; what is farther off, if it finds anything, is proposed."""
        for text in filter(None, dict.fromkeys((better.near, better.text))):
            meant = self._understanding.understood(text, request, synonyms)
            found = self._found(meant, request)
            if found.total and text == better.near:
                told = f"no hits for {quoted(request.text)}; these are for {quoted(text)}"
                meant = replace(meant, notices=(*typed.notices, told, *better.lacking))
                return _Answer(meant, found, better.text, is_meant=text == better.text)
            if found.total:
                return _Answer(_noticed(typed, better.all_lacking), nothing, text, is_meant=False)
        return _Answer(_noticed(typed, better.all_lacking), nothing, "", is_meant=False)

    def _found(self, asked: Understood, request: SearchRequest) -> _Found:
        filters = self._facets.filters(request)
        root = tree.And((asked.root, *filters)) if filters else asked.root
        wanted = request.offset + request.limit
        if request.sort == "relevance" and request.limit:
            ranked = rank(self._evaluator, root, asked.text, wanted, self._about)
            return _Found(root, ranked.matched, ranked.docnums, ranked.scores, ranked)
        matched = best(self._evaluator, root, 0).matched
        docnums = self._sorted(np.flatnonzero(matched.mask), request)[:wanted]
        return _Found(root, matched, docnums, np.zeros(len(docnums)), None)

    def _sorted(self, matched: Ints, request: SearchRequest) -> Ints:
        if request.sort == "title":
            return np.array(sorted(matched.tolist(), key=self._columns.title_order.__getitem__), np.int64)
        return matched[np.argsort(-self._columns.dates[matched], kind="stable")]

    def _hits(self, found: _Found, asked: Understood, request: SearchRequest) -> tuple[Hit, ...]:
        places = range(request.offset, min(request.offset + request.limit, len(found.docnums)))
        page = slice(places.start, places.stop)
        articles = list(map(self._articles.article, found.docnums[page].tolist()))
        shown: Iterable[tuple[Spans, Snippet]] = repeat(NOTHING_SHOWN)
        if places and request.fragments:
            marks = highlighter_of(asked.root, self._evaluator, self._idf)
            shown = shown_of(articles, marks, request.fragments)
        hits = [
            Hit(place + 1, score, article, title, snippet)
            for place, score, article, (title, snippet) in zip(
                places, found.scores[page].tolist(), articles, shown, strict=False
            )
        ]
        return self._explained(hits, found, places) if request.explain and found.ranked else tuple(hits)

    def _explained(self, hits: Sequence[Hit], found: _Found, places: range) -> tuple[Hit, ...]:
        from qtsearch.engines.whoosh.explaining import explain  # few searches ask for it

        assert found.ranked is not None, "only rankings are explained"
        explanations = explain(self._evaluator, found.root, found.ranked, places)
        return tuple(replace(hit, explanation=one) for hit, one in zip(hits, explanations, strict=True))

    def complete(self, text: str, limit: int) -> tuple[Completion, ...]:
        """See ``Engine``."""
        from qtsearch.query.completion import complete  # searches have no use for it

        with translated(self._state.folder, "read"):
            return complete(text, self._vocabulary, limit)

    def abbreviations(self) -> tuple[Abbreviation, ...]:
        """See ``Engine``."""
        with translated(self._state.folder, "read"):
            return tuple(Abbreviation(*row) for row in self._abbreviations.whole_table())

    # Articles

    def find(self, key: Key) -> Article | None:
        """See ``Engine``."""
        with translated(self._state.folder, "read"):
            for field in ("id", "url", "path"):
                having = self._columns.having(field, str(key))
                if len(having) > 1:
                    # They differ in case only, or two articles have one url: not whichever was indexed first.
                    having = [min(having, key=partial(self._choice, field, str(key)))]
                if having:
                    return self._articles.article(having[0])
        return None

    def _choice(self, field: str, key: str, docnum: int) -> tuple[bool, str]:
        return self._columns.text(field, docnum) != key, self._columns.text("path", docnum)

    def similar(self, article: Article, limit: int) -> tuple[Hit, ...]:
        """See ``Engine``."""
        texts: dict[tree.FieldName, str] = {
            "title": searched_title(article),
            "page_keywords": searched_keywords(article),
            "answer": article.answer_text,
        }
        with translated(self._state.folder, "read"):
            terms = telling_terms(texts, self._idf)
            concepts = [(Concept((Wording((term.encode(),)),), tree.SEARCHED_FIELDS), weight) for term, weight in terms]
            wanted = _SIMILAR_FOR_EACH * limit + 1
            found = best_of_concepts(self._evaluator, concepts, wanted)
            scores = dict(zip(found.docnums.tolist(), found.scores.tolist(), strict=True))
            kept = islice(self._different(article, list(scores)), limit)
            return tuple(
                Hit(rank, scores[docnum], self._articles.article(docnum), (), NO_SNIPPET)
                for rank, docnum in enumerate(kept, 1)
            )

    def _different(self, article: Article, docnums: Sequence[int]) -> Iterator[int]:
        """Yield those documents that say something else than the article and those before them."""
        own = self._columns.having("path", article.path)
        told = [telling_numbers(one) for one in self._columns.signatures(np.array(own, np.int64))]
        for docnum, signature in zip(docnums, self._columns.signatures(np.array(docnums, np.int64)), strict=True):
            numbers = telling_numbers(signature)
            if docnum not in own and not any(near_duplicates(numbers, other) for other in told):
                told.append(numbers)
                yield docnum

    def articles(self) -> Iterator[Article]:
        """See ``Engine``."""
        with translated(self._state.folder, "read"):
            for docnum in np.flatnonzero(self._collection.live).tolist():
                yield self._articles.article(docnum)

    # The whole index

    def known(self) -> KnownFiles:
        """See ``Engine``."""
        columns = self._columns

        def living(values: list[Any]) -> list[Any]:
            live = self._collection.live
            return values if live.all() else list(compress(values, live.tolist()))

        with translated(self._state.folder, "read"):

            def known_of(path: str) -> Known | None:
                for docnum in columns.having("path", path):
                    return Known(columns.byte_string("digest", docnum), columns.text("id", docnum))
                return None

            def owner_of(id_text: str) -> str | None:
                # Ids are looked up without case, as people type them; two may differ in nothing else.
                owners = (docnum for docnum in columns.having("id", id_text) if columns.text("id", docnum) == id_text)
                return next((columns.text("path", docnum) for docnum in owners), None)

            return KnownFiles(
                living(columns.texts("path")),
                living(columns.numbers("size").tolist()),
                living(columns.numbers("mtime_ns").tolist()),
                known_of,
                owner_of,
            )

    def stats(self) -> IndexStats:
        """See ``Engine``."""
        live = self._collection.live
        with translated(self._state.folder, "read"):
            dated = self._columns.dates[(self._columns.dates > 0) & live]
            (subjects,) = self._facets.counts(["subject"], live)
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
                subjects=tuple((one.value, one.count) for one in subjects.counts),
                engine=self._state.engine,
                schema_version=self._state.recipe.schema_version,
            )

    @cached_property
    def _term_count(self) -> int:
        fields = [segment.field(name) for segment in self._segments for name in tree.SEARCHED_FIELDS]
        return len({term for field in fields if field is not None for term in field.terms(0, field.term_count)})


def _noticed(asked: Understood, notices: Sequence[str]) -> Understood:
    return replace(asked, notices=(*asked.notices, *notices))


def _idf(lists: TermLists, live_count: int, term: str) -> float:
    """Return about how telling a term is, by the field in which most documents have it."""
    encoded = term.encode("utf-8", "replace")
    return idf(max(lists.doc_freq(name, encoded) for name in tree.SEARCHED_FIELDS), live_count)
