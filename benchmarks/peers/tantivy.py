"""tantivy, by way of tantivy-py."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from queries import Mode

from peers.base import FIELDS, WEIGHTS, Found, Parsed, Peer

if TYPE_CHECKING:
    import tantivy


class Tantivy(Peer):
    """tantivy-py: en_stem, stored fields, its own query parser; it says the total, as qtsearch does."""

    name = "tantivy"
    package = "tantivy"
    says_total: ClassVar[bool] = True

    def index(self, articles: Sequence[Parsed], folder: Path) -> None:
        import tantivy

        builder = tantivy.SchemaBuilder().add_integer_field("id", stored=True)
        for name in FIELDS:
            builder.add_text_field(name, stored=True, tokenizer_name="en_stem")
        schema = builder.add_bytes_field("rest", stored=True).build()
        self._writer = tantivy.Index(schema, path=str(folder)).writer(num_threads=os.cpu_count() or 1)
        for a, keywords, rest in articles:
            self._writer.add_document(
                tantivy.Document(id=a.id, title=a.title, page_keywords=keywords, answer=a.answer, rest=rest.encode())
            )
        self._writer.commit()

    def finish(self) -> None:
        self._writer.wait_merging_threads()

    def open(self, folder: Path) -> None:
        import tantivy

        self._snippets = tantivy.SnippetGenerator
        self._index = tantivy.Index.open(str(folder))
        self._searcher = self._index.searcher()

    def search(self, text: str, limit: int, mode: Mode) -> list[Found]:
        return [self._found(document) for document in self._documents(self._query(text, mode), limit)]

    def search_with_snippets(self, text: str, limit: int, mode: Mode) -> list[Found]:
        query = self._query(text, mode)
        documents = self._documents(query, limit)
        schema = self._index.schema
        title, answer = (self._snippets.create(self._searcher, query, schema, name) for name in ("title", "answer"))
        return [
            self._found(
                document,
                title.snippet_from_doc(document).to_html(),
                answer.snippet_from_doc(document).to_html(),
            )
            for document in documents
        ]

    def _query(self, text: str, mode: Mode) -> tantivy.Query:
        return self._index.parse_query(text, FIELDS, field_boosts=WEIGHTS, conjunction_by_default=mode == "all")

    def _documents(self, query: tantivy.Query, limit: int) -> list[tantivy.Document]:
        hits = self._searcher.search(query, limit, count=self.says_total).hits
        return [self._searcher.doc(address) for _, address in hits]

    @staticmethod
    def _found(document: tantivy.Document, title_marked: object = None, snippet: object = None) -> Found:
        get = document.get_first
        title, answer, keywords = get("title"), get("answer"), get("page_keywords")
        return Found(get("id"), title, answer, keywords, get("rest").decode(), title_marked, snippet)


class TantivyTop(Tantivy):
    """tantivy-py without the total, which lets it skip more; qtsearch always says the total."""

    name = "tantivy, no total"
    says_total = False
