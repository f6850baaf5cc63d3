"""This project."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from queries import Mode

from peers.base import Found, Parsed, Peer
from qtsearch.articles.model import Article


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
        results = self._index.search(_required(text) if mode == "all" else text, limit=limit, fragments=0)
        return [_found(hit.article) for hit in results]

    def search_with_snippets(self, text: str, limit: int, mode: Mode) -> list[Found]:
        results = self._index.search(_required(text) if mode == "all" else text, limit=limit)
        return [_found(hit.article, hit.title_highlights, hit.snippet.fragments) for hit in results]

    def close(self) -> None:
        self._index.close()


def _required(text: str) -> str:
    return " ".join(f"+{word}" for word in text.split())


def _found(article: Article, title_marked: object = None, snippet: object = None) -> Found:
    return Found(int(article.id or 0), article.title, article.answer, "", article.path, title_marked, snippet)
