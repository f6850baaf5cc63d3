"""SQLite."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from queries import Mode

from peers.base import FIELDS, WEIGHTS, Found, Parsed, Peer


class SqliteFts5(Peer):
    """SQLite's FTS5: porter over unicode61, bm25 with weights as the table's own rank."""

    name = "SQLite FTS5"

    @classmethod
    def version(cls) -> str | None:
        with closing(sqlite3.connect(":memory:")) as memory:
            options = [row[0] for row in memory.execute("PRAGMA compile_options")]
        return sqlite3.sqlite_version if "ENABLE_FTS5" in options else None

    def index(self, articles: Sequence[Parsed], folder: Path) -> None:
        database = sqlite3.connect(folder / "articles.db")
        columns = f"{', '.join(FIELDS)}, rest UNINDEXED, tokenize = 'porter unicode61'"
        database.execute(f"CREATE VIRTUAL TABLE articles USING fts5({columns})")
        weights = ", ".join(str(weight) for weight in WEIGHTS.values())
        database.execute(f"INSERT INTO articles(articles, rank) VALUES ('rank', 'bm25({weights})')")
        rows = ((a.id, a.title, keywords, a.answer, rest) for a, keywords, rest in articles)
        database.executemany(
            "INSERT INTO articles(rowid, title, page_keywords, answer, rest) VALUES (?, ?, ?, ?, ?)", rows
        )
        database.commit()
        database.close()

    def open(self, folder: Path) -> None:
        self._database = sqlite3.connect(folder / "articles.db")

    def search(self, text: str, limit: int, mode: Mode) -> list[Found]:
        return self._select("rowid, title, answer, page_keywords, rest", text, limit, mode)

    def search_with_snippets(self, text: str, limit: int, mode: Mode) -> list[Found]:
        marked = "highlight(articles, 0, '<b>', '</b>'), snippet(articles, 2, '<b>', '</b>', '…', 32)"
        return self._select(f"rowid, title, answer, page_keywords, rest, {marked}", text, limit, mode)

    def close(self) -> None:
        self._database.close()

    def _select(self, columns: str, text: str, limit: int, mode: Mode) -> list[Found]:
        words = [f'"{word}"' for word in text.split()]
        query = (" AND " if mode == "all" else " OR ").join(words)
        statement = f"SELECT {columns} FROM articles WHERE articles MATCH ? ORDER BY rank LIMIT ?"
        return [Found(*row) for row in self._database.execute(statement, (query, limit))]
