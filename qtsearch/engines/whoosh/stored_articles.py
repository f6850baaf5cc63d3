"""The articles of one commit, as they were indexed."""

from __future__ import annotations

from collections.abc import Sequence

from qtsearch.articles.model import Article
from qtsearch.articles.stored import decode
from qtsearch.codec.arrays import SegmentArrays
from qtsearch.engines.whoosh.documents import stored_article
from qtsearch.engines.whoosh.state import CommitState
from qtsearch.errors import MEND, IndexDamaged
from qtsearch.scoring.collection import Collection


class StoredArticles:
    """The articles of all segments. Threads may share it.

    Args:
        state: the commit.
        collection: its segments as one row of documents.
        segments: the same segments.
    """

    def __init__(self, state: CommitState, collection: Collection, segments: Sequence[SegmentArrays]) -> None:
        self._state = state
        self._collection = collection
        self._segments = segments
        self._titled: dict[int, Article] = {}

    def article(self, docnum: int) -> Article:
        """Return an article.

        Raises:
            IndexDamaged: its bytes are not as they were written.
        """
        # The article whose title was compared with the query is on the page, as a rule.
        return self._titled.get(docnum) or self._read(docnum)

    def title(self, docnum: int) -> str:
        """Return the title of an article; as ``article``."""
        article = self._read(docnum)
        self._titled = {docnum: article}  # never changed, so other threads may be reading the last one
        return article.title

    def _read(self, docnum: int) -> Article:
        segment, local = self._collection.place(docnum)
        try:
            return decode(stored_article(self._segments[segment].stored_bytes(local)))
        except ValueError as error:
            name = self._state.segments[segment].segment_id
            raise IndexDamaged(f"{name}: document {local} is damaged ({error}); {MEND}") from error
