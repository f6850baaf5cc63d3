"""Stock Whoosh."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from queries import Mode

from peers.base import FIELDS, WEIGHTS, Found, Parsed, Peer

if TYPE_CHECKING:
    from whoosh.searching import Hit


class Whoosh(Peer):
    """whoosh3 as its documentation shows it: StemmingAnalyzer, MultifieldParser, BM25F, one process."""

    name = "Whoosh"
    package = "whoosh3"

    def index(self, articles: Sequence[Parsed], folder: Path) -> None:
        from whoosh import analysis, fields, index

        text = {name: fields.TEXT(analyzer=analysis.StemmingAnalyzer(), stored=True) for name in FIELDS}
        schema = fields.Schema(id=fields.STORED, rest=fields.STORED, **text)
        writer = index.create_in(folder, schema).writer()
        for a, keywords, rest in articles:
            writer.add_document(id=a.id, title=a.title, page_keywords=keywords, answer=a.answer, rest=rest)
        writer.commit()

    def open(self, folder: Path) -> None:
        from whoosh import index, qparser, scoring

        self._index = index.open_dir(folder)
        self._searcher = self._index.searcher(weighting=scoring.BM25F())
        groups = {"any": qparser.OrGroup, "all": qparser.AndGroup}
        self._parsers = {
            mode: qparser.MultifieldParser(FIELDS, self._index.schema, fieldboosts=WEIGHTS, group=group)
            for mode, group in groups.items()
        }

    def search(self, text: str, limit: int, mode: Mode) -> list[Found]:
        results = self._searcher.search(self._parsers[mode].parse(text), limit=limit)
        return [self._found(hit) for hit in results]

    def search_with_snippets(self, text: str, limit: int, mode: Mode) -> list[Found]:
        results = self._searcher.search(self._parsers[mode].parse(text), limit=limit)
        return [self._found(hit, hit.highlights("title"), hit.highlights("answer", top=1)) for hit in results]

    def close(self) -> None:
        self._searcher.close()
        self._index.close()

    @staticmethod
    def _found(hit: Hit, title_marked: object = None, snippet: object = None) -> Found:
        fields = hit.fields()
        return Found(
            fields["id"],
            fields["title"],
            fields["answer"],
            fields["page_keywords"],
            fields["rest"],
            title_marked,
            snippet,
        )
