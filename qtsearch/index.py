"""An open index, as a Python program sees it."""

from __future__ import annotations

import dataclasses
import datetime
import os
from pathlib import Path
from types import TracebackType
from typing import Self

from qtsearch.articles.model import Article
from qtsearch.engines import store_at
from qtsearch.engines.base import Key
from qtsearch.errors import ArticleNotFound
from qtsearch.query.request import SearchRequest, Sort
from qtsearch.related import related_to
from qtsearch.results import Hit, IndexStats, RelatedHit, Results


class Index:
    """An index, open for searching. Many threads may search it at once.

    It answers from the commit that was the last one when it was opened, until ``refresh`` is called.

    Args:
        folder: the index folder.

    Raises:
        IndexMissing: there is no index in it.
        IndexDamaged: it cannot be trusted.
        IndexOutdated: this version cannot read it.
    """

    def __init__(self, folder: str | os.PathLike[str]) -> None:
        self._store = store_at(Path(folder))
        self._engine = self._store.open()

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
    ) -> Results:
        """Search for a text in the query language.

        Args:
            text: what to look for; see docs/query-language.md.
            limit: hits to return at most.
            offset: hits to pass over.
            subject: only articles of this subject, without regard to case.
            since: only articles of this day or later.
            until: only articles of this day or earlier.
            sort: ``relevance``, ``date`` (newest first) or ``title``.
            related: how many related articles to add to each hit.
            fragments: 1 for a snippet with each hit, 0 for none, which is faster.

        Raises:
            RequestError: an argument is out of its range.
        """
        request = SearchRequest(text, subject, since, until, sort, offset, limit, fragments)
        engine = self._engine
        results = engine.search(request)
        if related <= 0:
            return results
        hits = (_with_related(hit, related_to(hit.article, engine, related)) for hit in results.hits)
        return dataclasses.replace(results, hits=tuple(hits))

    def get(self, key: Key) -> Article:
        """Return an article by its id, its url or its path.

        Raises:
            ArticleNotFound: no indexed article has it.
        """
        found = self._engine.find(key)
        if found is None:
            raise ArticleNotFound(f"no article has the id, url or path {str(key)!r}; find it with: qtsearch WORDS")
        return found

    def related(self, key: Key, limit: int = 5) -> tuple[RelatedHit, ...]:
        """Return the articles that belong to one: curated links first, then similar ones, ``limit`` in all.

        Raises:
            ArticleNotFound: no indexed article has this id, url or path.
        """
        return related_to(self.get(key), self._engine, limit)

    def stats(self) -> IndexStats:
        """Return what the index holds."""
        return self._engine.stats()

    def refresh(self) -> bool:
        """Go over to the last commit; return whether it is a newer one.

        Searches that other threads have begun finish on the commit that they began with.
        """
        if self._store.generation() == self._engine.generation:
            return False
        # The old engine is left to the garbage collector: another thread may still be reading from it.
        self._engine = self._store.open()
        return True

    def close(self) -> None:
        """Let go of all files. A second call does nothing."""
        self._engine.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open(folder: str | os.PathLike[str] = "index") -> Index:
    """Open an index; see ``Index``."""
    return Index(folder)


def _with_related(hit: Hit, related: tuple[RelatedHit, ...]) -> Hit:
    return dataclasses.replace(hit, related=related)
