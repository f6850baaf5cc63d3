"""This project."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from queries import Mode

from peers.base import Found, Parsed, Peer
from qtsearch.articles.model import Article
from qtsearch.results import Results


class Qtsearch(Peer):
    """This project: parsed articles through its writer, searches through its public API."""

    name = "qtsearch"
    package = "qtsearch"

    def index(self, articles: Sequence[Parsed], folder: Path) -> None:
        from qtsearch.articles.model import Fingerprint
        from qtsearch.engines import store_at

        store = store_at(folder)
        unread = Fingerprint(0, 0, bytes(16))
        with store.lock(0.0) as lock, store.write(lock, store.new_recipe(folder), fresh=True) as writer:
            for article, _, _ in articles:
                writer.add(article, unread)
            writer.commit()

    def open(self, folder: Path) -> None:
        import qtsearch

        self._index = qtsearch.open(folder)

    def search(self, text: str, limit: int, mode: Mode) -> list[Found]:
        return [_found(hit.article) for hit in self._searched(text, mode, limit=limit, fragments=0)]

    def search_with_snippets(self, text: str, limit: int, mode: Mode) -> list[Found]:
        hits = self._searched(text, mode, limit=limit)
        return [_found(hit.article, hit.title_highlights, hit.snippet.fragments) for hit in hits]

    def _searched(self, text: str, mode: Mode, **options: Any) -> Results:
        return self._index.search(_required(text) if mode == "all" else text, **options)

    def close(self) -> None:
        self._index.close()


class PlainBm25f(Qtsearch):
    """This project without what it adds to BM25F: no pairs of words, no coverage, no likeness, no other names.

    Hits are read and snippets made in the same way, so the difference is what the finer ranking takes.
    """

    name = "plain BM25F"

    def open(self, folder: Path) -> None:
        from qtsearch.engines.whoosh.engine import _Found
        from qtsearch.query.request import SearchRequest
        from qtsearch.scoring.pruning import best

        super().open(folder)
        engine: Any = self._index._engine

        def found(asked: Any, request: SearchRequest) -> _Found:
            one = best(engine._evaluator, asked.root, request.offset + request.limit)
            return _Found(asked.root, one.matched, one.docnums, one.scores, None)

        engine._found = found

    def _searched(self, text: str, mode: Mode, **options: Any) -> Results:
        return super()._searched(text, mode, expand=False, **options)


def _required(text: str) -> str:
    return " ".join(f"+{word}" for word in text.split())


def _found(article: Article, title_marked: object = None, snippet: object = None) -> Found:
    return Found(int(article.id or 0), article.title, article.answer, "", article.path, title_marked, snippet)
