"""Makes the next commit of a Whoosh index."""

from __future__ import annotations

import datetime
from pathlib import Path

from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC
from whoosh.writing import SegmentWriter

from qtsearch.articles.model import Article, Fingerprint
from qtsearch.engines.base import Recipe, Writer
from qtsearch.engines.whoosh.faults import translated
from qtsearch.engines.whoosh.schema import document
from qtsearch.engines.whoosh.state import CommitState


class Base:
    """What a Whoosh writer builds on: the last commit, or nothing.

    Stands in for Whoosh's index object, which cannot be made without an index on disk; so a fresh index needs no
    empty commit first, and readers go on with the old one until the new one is whole.
    """

    def __init__(self, storage: FileStorage, name: str, toc: TOC) -> None:
        self.storage = storage
        self.indexname = name
        self._toc = toc

    def _read_toc(self) -> TOC:
        return self._toc


class WhooshWriter(Writer):
    """Changes on top of a base.

    Args:
        folder: the index folder.
        base: see ``Base``.
        recipe: how the index is made.
    """

    def __init__(self, folder: Path, base: Base, recipe: Recipe) -> None:
        self._folder = folder
        self._recipe = recipe
        self._has_documents = bool(base._read_toc().segments)
        with translated(folder, "write"):
            self._writer = SegmentWriter(base, _lk=False)

    def add(self, article: Article, fingerprint: Fingerprint) -> None:
        """See ``Writer``."""
        self.delete(article.path)
        with translated(self._folder, "write"):
            self._writer.add_document(**document(article, fingerprint))

    def delete(self, path: str) -> None:
        """See ``Writer``."""
        if self._has_documents:
            with translated(self._folder, "write"):
                self._writer.delete_by_term("path", path)

    def commit(self) -> None:
        """See ``Writer``."""
        now = datetime.datetime.now(datetime.UTC).replace(microsecond=0)
        with translated(self._folder, "write"):
            CommitState(self._folder, self._writer.generation, self._recipe, now).write()
            self._writer.commit()

    def cancel(self) -> None:
        """See ``Writer``."""
        if not self._writer.is_closed:
            with translated(self._folder, "write"):
                self._writer.cancel()
