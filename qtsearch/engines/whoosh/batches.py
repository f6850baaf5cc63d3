"""Many parsed articles -> documents, on all cores: worker processes and this one each take batches of them.

What a batch becomes is not a segment but a part of one. Only texts are taken apart in many processes; posting lists are
made of all documents at once, since merging finished ones takes as long as making them.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from typing import Final

from qtsearch.articles.model import Article, Fingerprint
from qtsearch.articles.stored import encode
from qtsearch.engines.whoosh.parts import PartMaker
from qtsearch.engines.whoosh.segment_builder import Part, learned_dictionary, sampled
from qtsearch.engines.whoosh.tasks import Batch
from qtsearch.engines.whoosh.worker_process import WorkerProcess, ended_on_failure, start_workers

BATCH: Final = 400
"""Articles of a batch, which take about a sixteenth of a second: at the end, this process waits for a batch or two of a
worker. Half as many, and joining them takes longer than that saves."""

BATCH_CHARACTERS: Final = 4_000_000
"""Characters after which a batch is full with fewer articles."""

AHEAD: Final = 2
"""Batches that a worker has at most, so that it never waits for this process, which is busy with its own."""

NewArticle = tuple[Article, Fingerprint]


class BatchIndexing:
    """Makes documents of batches of articles, on all cores, and gives them back in their order.

    Args:
        entries: the first articles, from which is learned how to compress all.
        workers: how many processes, beside this one.
        expected: how many articles there will be in all.

    Raises:
        NoWorkers: a worker cannot be started.
    """

    def __init__(self, entries: Sequence[NewArticle], workers: int, expected: int) -> None:
        self.workers = start_workers(workers)
        with ended_on_failure(self.workers):  # which load their modules meanwhile
            self.dictionary = learned_dictionary((article for article, _ in sampled(entries)), expected)
        self._made: deque[Future[Part]] = deque()
        self._own_parts = PartMaker()

    def add(self, entries: Sequence[NewArticle]) -> None:
        """Have a batch taken apart, by this process where all workers have enough to do.

        Raises:
            IndexFault: a worker ended. Waiting for what is ready may raise it too.
        """
        worker = self.least_busy()
        if worker.waiting < AHEAD:
            articles, fingerprints = [encode(article) for article, _ in entries], [entry[1] for entry in entries]
            self._made.append(worker.ask(Batch(articles, fingerprints, self.dictionary)))
            return
        own: Future[Part] = Future()
        builder = self._own_parts.builder(self.dictionary)
        for article, fingerprint in entries:
            builder.add(article, fingerprint)
        own.set_result(builder.part())
        self._made.append(own)

    def least_busy(self) -> WorkerProcess:
        """Return the worker that has fewest tasks to do."""
        return min(self.workers, key=lambda worker: worker.waiting)

    def ready(self, *, wait: bool = False) -> Iterator[Part]:
        """Yield what batches became, in their order, as far as it is there; if to ``wait``, all of it."""
        while self._made and (wait or self._made[0].done()):
            yield self._made.popleft().result()

    def close(self) -> None:
        """End all workers, at once."""
        for worker in self.workers:
            worker.close()
