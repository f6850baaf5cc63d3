"""Articles that are added to a writer -> segments: a few in this process, many on all cores.

Every article gets a number in the order in which it came, which says where its document stands, whichever process makes
it and whenever. So an article can be taken out again by its number while its batch is under way.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count
from pathlib import Path
from typing import Final

from qtsearch.articles.model import Article, Fingerprint
from qtsearch.codec.whoosh.segment import ArraySegment
from qtsearch.engines.whoosh.batches import BATCH, BATCH_CHARACTERS, BatchIndexing, NewArticle
from qtsearch.engines.whoosh.parts import PartJoiner
from qtsearch.engines.whoosh.segment_builder import TOKENS_IN_MEMORY, Part, SegmentBuilder
from qtsearch.engines.whoosh.tasks import write_documents
from qtsearch.engines.whoosh.worker_process import NoWorkers, WorkerProcess, worker_count

WORTH_WORKERS: Final = 1_000
"""From so many articles on, starting worker processes pays."""

ENOUGH_TO_LEARN: Final = 4_000
"""Articles that wait before workers are started, where more may come: how to compress all is learned from them, and
what is learned from a quarter as many makes an index 1.5 % larger."""

_EXPECTED: Final = 4
"""How many times as many articles are expected where so many came and there may be more."""

WAITING_CHARACTERS: Final = 40_000_000
"""Characters of articles that wait at most, while they are fewer than that."""


class Additions:
    """Collects articles, of which each has a path of its own, and writes them as segments.

    Args:
        folder: the index folder.
        segments: to which each segment that is written is appended.
    """

    def __init__(self, folder: Path, segments: list[ArraySegment]) -> None:
        self._folder = folder
        self._segments = segments
        self._waiting: dict[str, NewArticle] = {}
        self._characters = 0
        self._numbers: dict[str, int] = {}
        self._numbered = self._written = 0
        self._removed: set[int] = set()
        self._batches: BatchIndexing | None = None
        self._helpers = worker_count() - 1
        self._builder = SegmentBuilder()
        self._joiner = PartJoiner()

    def __contains__(self, path: str) -> bool:
        """Whether an article of this path was added; it may be in a segment by now."""
        return path in self._waiting or path in self._numbers

    @property
    def workers(self) -> list[WorkerProcess]:
        """The processes that were started."""
        return self._batches.workers if self._batches is not None else []

    def work_alone(self) -> None:
        """Start no processes: there is no memory for them, or a limit; trying again could wait for one for ever."""
        self._helpers = 0

    def add(self, article: Article, fingerprint: Fingerprint) -> None:
        """Add an article; there must be none of its path.

        Raises:
            IndexFault: a segment cannot be written, or a worker ended. So do the other methods.
        """
        self._waiting[article.path] = (article, fingerprint)
        self._characters += len(article.answer) + len(article.answer_text)
        most, longest = (ENOUGH_TO_LEARN, WAITING_CHARACTERS) if self._batches is None else (BATCH, BATCH_CHARACTERS)
        if len(self._waiting) >= most or self._characters >= longest:
            self._make()

    def remove(self, path: str) -> bool:
        """Take an article out again, and return whether it could be: not if it is in a segment, or was never added."""
        if self._waiting.pop(path, None) is not None:
            return True
        number = self._numbers.pop(path, -1)
        if number < self._written:
            return False
        self._removed.add(number)
        return True

    def flush(self) -> None:
        """Write everything that was added."""
        self._make(are_all=True)
        if self._batches is not None:
            self._take_in(self._batches.ready(wait=True))
        self._write()

    def close(self) -> None:
        """End all workers, at once; what is not write_documents is lost."""
        batches, self._batches = self._batches, None
        self._builder = SegmentBuilder()
        if batches is not None:
            batches.close()

    def _make(self, *, are_all: bool = False) -> None:
        """Make documents of the articles that wait: on all cores if they are many; a few huge ones are no reason to."""
        entries = self._numbered_entries()
        if self._batches is None and len(entries) >= WORTH_WORKERS and self._helpers:
            self._write()
            expected = len(entries) if are_all else _EXPECTED * len(entries)
            try:
                self._batches = BatchIndexing(entries, self._helpers, expected)
                self._builder = SegmentBuilder(self._batches.dictionary)
            except NoWorkers:
                self._helpers = 0
        if self._batches is None:
            self._make_here(entries)
            return
        for first in range(0, len(entries), BATCH):
            self._batches.add(entries[first : first + BATCH])
        self._take_in(self._batches.ready())

    def _numbered_entries(self) -> list[NewArticle]:
        waiting, self._waiting, self._characters = self._waiting, {}, 0
        self._numbers.update(zip(waiting, count(self._numbered), strict=False))
        self._numbered += len(waiting)
        return list(waiting.values())

    def _make_here(self, entries: Iterable[NewArticle]) -> None:
        for article, fingerprint in entries:
            self._builder.add(article, fingerprint)
            if self._builder.token_count >= TOKENS_IN_MEMORY:
                self._write()

    def _take_in(self, parts: Iterable[Part]) -> None:
        for part in parts:
            self._joiner.join(part, self._builder)
            if self._builder.token_count >= TOKENS_IN_MEMORY:
                self._write()

    def _write(self) -> None:
        """Write the documents that are made as a segment, less those that were taken out meanwhile."""
        builder = self._builder
        if not len(builder):
            return
        segment = write_documents(
            builder, self._folder, self._batches.least_busy() if self._batches is not None else None
        )
        self._builder = SegmentBuilder(builder.dictionary)
        first, self._written = self._written, self._written + len(builder)
        for number in [number for number in self._removed if number < self._written]:
            segment.delete_document(number - first)
            self._removed.remove(number)
        self._segments.append(segment)
