"""Many files -> segments, on all cores: each worker process reads, parses and indexes a share of its own."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from contextlib import suppress
from itertools import accumulate, pairwise
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Final

from qtsearch.articles.library import ArticleFile, Library
from qtsearch.articles.model import Problem
from qtsearch.engines.base import Indexed
from qtsearch.engines.whoosh.parts import PartJoiner
from qtsearch.engines.whoosh.segment_builder import TOKENS_IN_MEMORY, SegmentBuilder, learned_dictionary, sampled
from qtsearch.engines.whoosh.tasks import Done, Share, info_of, write_documents
from qtsearch.engines.whoosh.worker_process import Advance, WorkerProcess, ended_on_failure, start_workers

SHARE: Final = 5_000
"""Files of a share at most: it becomes a segment, as long as the words fit."""

BYTES_OF_PARTS: Final = 80_000_000
"""Bytes of files that are collected before they are written: about the tokens that fit into one segment."""

_EACH: Final = 2_000
"""What a file costs whatever its size, in bytes that could be read meanwhile."""


class BulkIndexing:
    """Indexes files on all cores; iterate over it to get ``Advance`` as it happens and each ``Done`` in its order.

    Args:
        library: the folder of articles.
        files: what to index.
        folder: the index folder, into which the segments are written.
        workers: how many processes; there may be fewer.
        early: some that were started beforehand, to be ended with the others.

    Raises:
        NoWorkers: a worker cannot be started. The early ones may be the caller's to end then.
    """

    def __init__(
        self,
        library: Library,
        files: Sequence[ArticleFile],
        folder: Path,
        workers: int,
        early: Sequence[WorkerProcess] = (),
    ) -> None:
        parts = _parts(files, workers)
        count = min(workers, len(parts))
        for worker in early[count:]:
            worker.close()
        self.workers = [*early[:count], *start_workers(count - len(early))]
        with ended_on_failure(self.workers):
            # While the workers load their modules. With one dictionary, merging their segments compresses nothing anew.
            dictionary = _dictionary(library, files)
        # What fits into one segment is made one at once: making several, and one of these, takes longer.
        as_parts = sum(file.size for file in files) <= BYTES_OF_PARTS
        self._shares = [Share(library, part, folder, dictionary, as_parts) for part in parts]
        self._folder = folder
        self._builder = SegmentBuilder(dictionary)
        self._joiner = PartJoiner()
        self._outcomes: list[Indexed | Problem] = []
        self._waiting: SimpleQueue[int] = SimpleQueue()
        for number in range(len(self._shares)):
            self._waiting.put(number)
        self._messages: SimpleQueue[Advance | tuple[int, Future[Done]]] = SimpleQueue()

    def __iter__(self) -> Iterator[Advance | Done]:
        for worker in self.workers:
            self._ask(worker)
        done: dict[int, Done] = {}
        following = 0
        while following < len(self._shares):
            message = self._messages.get()
            if isinstance(message, Advance):
                yield message
                continue
            number, future = message
            done[number] = future.result()
            while following in done:
                yield self._with_segments(done.pop(following), is_last=following == len(self._shares) - 1)
                following += 1

    def _with_segments(self, done: Done, *, is_last: bool) -> Done:
        """Return what came of a share, or of its part and those before it once they are a segment.

        Not sooner: an article whose outcome is known may be deleted again, so it must be in a segment.
        """
        if done.part is None:
            return done
        builder = self._builder
        self._joiner.join(done.part, builder)
        self._outcomes += done.outcomes
        if not (is_last or builder.token_count >= TOKENS_IN_MEMORY):
            return Done((), ())
        outcomes, self._outcomes = self._outcomes, []
        if not len(builder):
            return Done((), tuple(outcomes))
        if is_last:
            # The others hold memory. A merge may follow, which must not ask one that is gone.
            while len(self.workers) > 1:
                self.workers.pop().close()
        segment = write_documents(builder, self._folder, self.workers[0])
        self._builder = SegmentBuilder(builder.dictionary)
        return Done((info_of(segment),), tuple(outcomes))

    def close(self) -> None:
        """End all workers, at once."""
        with suppress(Empty):
            while True:
                self._waiting.get_nowait()
        for worker in self.workers:
            worker.close()

    def _ask(self, worker: WorkerProcess) -> None:
        """Give a worker the next share, and again when it is done; that happens in the worker's thread."""
        with suppress(Empty):
            number = self._waiting.get_nowait()

            def answered(future: Future[Done]) -> None:
                self._messages.put((number, future))
                if future.exception() is None:
                    self._ask(worker)

            future = worker.ask(self._shares[number], lambda files: self._messages.put(Advance(files)))
            future.add_done_callback(answered)


def _parts(files: Sequence[ArticleFile], workers: int) -> list[Sequence[ArticleFile]]:
    """Return the files in adjacent parts of about as many bytes: as many for each worker, so that none waits long."""
    rounds = max(2, -(-len(files) // (SHARE * workers)))
    count = min(rounds * workers, len(files))
    ends = list(accumulate(file.size + _EACH for file in files))
    cuts = [bisect_left(ends, ends[-1] * number // count) for number in range(count)] + [len(files)]
    return [files[first:end] for first, end in pairwise(cuts) if first < end]


def _dictionary(library: Library, files: Sequence[ArticleFile]) -> bytes:
    """Return a dictionary to compress all articles with, learned from some of them; b"" where they are too few."""
    loaded = map(library.load, sampled(files))
    return learned_dictionary((one.article for one in loaded if not isinstance(one, Problem)), len(files))
