"""An open index, as a Python program sees it."""

from __future__ import annotations

import dataclasses
import datetime
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from numbers import Integral
from pathlib import Path
from threading import Lock
from types import MappingProxyType, TracebackType
from typing import TYPE_CHECKING, Any, Self

from qtsearch.analysis.abbreviation_table import long_key, short_key, without_plural
from qtsearch.articles.model import Article
from qtsearch.config import checked_path
from qtsearch.engines import store_at
from qtsearch.engines.base import Engine, Key
from qtsearch.errors import ArticleNotFound, IndexFault, RequestError, shown
from qtsearch.query.request import SearchRequest, Sort, checked_limit, require
from qtsearch.related import related_to
from qtsearch.results import Abbreviation, Hit, IndexStats, RelatedHit, Results

if TYPE_CHECKING:
    from qtsearch.query.completion import Completion
    from qtsearch.query.synonyms import Synonyms


class Index:
    """An index, open for searching. Many threads may search it at once.

    It answers from the commit that was the last one when it was opened, until ``refresh`` is called. Every method may
    raise ``IndexDamaged``, where bytes that were not read before turn out to be damaged, and ``IndexFault`` after
    ``close``.

    Args:
        folder: the index folder.
        synonyms: a file of other names, see docs/query-language.md; None for none.

    Raises:
        ConfigError: the file of synonyms cannot be used, or the folder is none.
        IndexMissing: there is no index in it.
        IndexDamaged: it cannot be trusted.
        IndexOutdated: this version cannot read it.
    """

    def __init__(self, folder: str | os.PathLike[str], *, synonyms: str | os.PathLike[str] | None = None) -> None:
        self._synonyms = [] if synonyms is None else [_loaded(checked_path("synonyms", synonyms, "a file"))]
        # Absolute, so that it stays the same folder wherever the program goes. Links are followed anew each time.
        self._folder = checked_path("index", folder).absolute()
        self._store = store_at(self._folder)
        self._opened: Engine | None = self._store.open()
        self._changing = Lock()

    def search(
        self,
        text: str,
        *,
        limit: int = 10,
        offset: int = 0,
        subject: str | None = None,
        since: datetime.date | None = None,
        until: datetime.date | None = None,
        sort: Sort = "relevance",
        related: int = 0,
        fragments: int = 1,
        filters: Mapping[str, str | Sequence[str]] = MappingProxyType({}),
        facets: Sequence[str] = (),
        expand: bool = True,
        exact: bool = False,
        explain: bool = False,
    ) -> Results:
        """Search for a text in the query language.

        Args:
            text: what to look for; see docs/query-language.md.
            limit: hits to return at most, 0 to 10,000.
            offset: hits to pass over.
            subject: only articles of this subject, without regard to case.
            since: only articles of this day or later.
            until: only articles of this day or earlier.
            sort: ``relevance``, ``date`` (newest first) or ``title``.
            related: how many related articles to add to each hit, 0 to 10,000.
            fragments: how many fragments of each hit to show, 0 to 9; none is faster.
            filters: a value, or several of which one will do, by facet: ``subject``, ``author``, ``year``, or a further
                key that the index was made with; without regard to case. An empty list lets everything through.
            facets: for which facets to count the matching articles.
            expand: search for abbreviations, their long forms, other numerals and synonyms of the words too.
            exact: search for what was typed and nothing else: no other names, no corrected words.
            explain: say for each hit what made its score.

        Raises:
            RequestError: an argument is out of its range or of another kind, or a facet is none of this index.
        """
        request = SearchRequest(
            text,
            subject=subject,
            since=since,
            until=until,
            sort=sort,
            offset=offset,
            limit=limit,
            fragments=fragments,
            filters=tuple(_pairs(filters)),
            facets=tuple(_names(facets)),
            expand=expand,
            exact=exact,
            explain=explain,
        )
        checked_limit("related", related)
        engine = self._engine
        results = engine.search(request, self._synonyms)
        if not related:
            return results
        hits = (_with_related(hit, related_to(hit.article, engine, related)) for hit in results.hits)
        return dataclasses.replace(results, hits=tuple(hits))

    def get(self, key: Key) -> Article:
        """Return an article by its id, its url or its path.

        Raises:
            ArticleNotFound: no indexed article has it.
            RequestError: it is neither a text nor a whole number, or one of more digits than Python writes.
        """
        return _found(self._engine, key)

    def related(self, key: Key, limit: int = 5) -> tuple[RelatedHit, ...]:
        """Return the articles that belong to one: curated links first, then similar ones, ``limit`` in all.

        Raises:
            ArticleNotFound: no indexed article has this id, url or path.
            RequestError: the limit is not 0 to 10,000, or the key is neither a text nor a whole number.
        """
        engine = self._engine
        return related_to(_found(engine, key), engine, checked_limit("limit", limit))

    def complete(self, text: str, limit: int = 10) -> tuple[Completion, ...]:
        """Return how a query text may go on: words first, then titles; ``limit`` in all.

        Raises:
            RequestError: the limit is not 0 to 10,000, or the text is none.
        """
        require("text", text, str, "a text")
        return self._engine.complete(text, checked_limit("limit", limit))

    def abbreviations(self, term: str | None = None) -> tuple[Abbreviation, ...]:
        """Return the abbreviations that the articles define, those of most articles first.

        Args:
            term: only those of which one form is this, however it is spelled; None for all.

        Raises:
            RequestError: the term is no text.
        """
        require("term", term, str | None, "a text")
        found = self._engine.abbreviations()
        if term is None:
            return found
        short, long = short_key(term), long_key(term)
        # As in a search, "hccs" is the plural of "HCC" only where it is no abbreviation itself.
        for key in (short, without_plural(short)) if short else ():
            if fit := tuple(one for one in found if short_key(one.short) == key or long_key(one.long) == long):
                return fit
        return ()

    def articles(self) -> Iterator[Article]:
        """Yield all articles, as they were indexed, in no particular order."""
        return self._engine.articles()

    def stats(self) -> IndexStats:
        """Return what the index holds."""
        return self._engine.stats()

    def refresh(self) -> bool:
        """Go over to the last commit; return whether it is another one. A closed index stays closed.

        Searches that other threads have begun finish on the commit that they began with.

        Raises:
            IndexMissing, IndexDamaged, IndexOutdated: as when an index is opened; the old commit answers on.
        """
        with self._changing:
            opened = self._opened
            if opened is None or self._store.last_commit() == opened.commit:
                return False
            self._opened = self._store.open()
            return True

    def close(self) -> None:
        """Let go of all files, as soon as the searches that other threads have begun are done.

        A second call does nothing.
        """
        with self._changing:  # or a refresh that has begun would open it again
            self._opened = None

    @property
    def _engine(self) -> Engine:
        opened = self._opened  # another thread may close the index at any moment
        if opened is None:
            raise IndexFault(f"the index in {self._folder} was closed; open it again with qtsearch.open")
        return opened

    def __repr__(self) -> str:
        opened = self._opened
        state = "closed" if opened is None else f"{opened.document_count:,} articles"
        return f"<qtsearch.Index in {self._folder}: {state}>"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open(folder: str | os.PathLike[str] = "index", *, synonyms: str | os.PathLike[str] | None = None) -> Index:
    """Open an index; see ``Index``."""
    return Index(folder, synonyms=synonyms)


def _found(engine: Engine, key: Key) -> Article:
    if isinstance(key, bool) or not isinstance(key, str | Integral) or not _can_be_written(key):
        raise RequestError(f"the key is {shown(key)}; use an article's id, url or path")
    found = engine.find(key)
    if found is None:
        raise ArticleNotFound(f"no article has the id, url or path {str(key)!r}; find it with: qtsearch WORDS")
    return found


def _can_be_written(key: Key) -> bool:
    """Say whether an article's id can be this: it is text in its file, and Python writes no endless numbers."""
    try:
        str(key)
    except ValueError:
        return False
    return True


def _loaded(file: Path) -> Synonyms:
    from qtsearch.query.synonyms import Synonyms  # most indexes are opened without any

    return Synonyms.load(file)


def _pairs(filters: Mapping[str, Any]) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """Yield each facet with its values; the request refuses those that are no texts."""
    require("filters", filters, Mapping, "a mapping of facets to values")
    for name, values in filters.items():
        several = isinstance(values, Iterable) and not isinstance(values, str | bytes)
        yield name, tuple(values) if several else (values,)


def _names(facets: str | Sequence[str]) -> Iterator[str]:
    """Yield the name of each facet; a single one may be given as it is."""
    for name in [facets] if isinstance(facets, str | bytes) or not isinstance(facets, Iterable) else facets:
        require("facets", name, str, "names of facets")
        yield name


def _with_related(hit: Hit, related: tuple[RelatedHit, ...]) -> Hit:
    return dataclasses.replace(hit, related=related)
