"""Many files -> segments, on all cores: each worker process reads, parses and indexes a share of its own.

Workers are plain subprocesses that take pickled tasks on their standard input. ``multiprocessing`` is not used, because
a forked child shares locks and threads with its parent, and a spawned one runs the caller's main script again. A worker
ends when its input ends, so none outlives a parent that was killed for longer than the share at hand.
"""

from __future__ import annotations

import os
import pickle
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from qtsearch.articles.library import ArticleFile, Library
from qtsearch.articles.model import Problem
from qtsearch.engines.base import Indexed
from qtsearch.engines.whoosh.state import SegmentInfo
from qtsearch.errors import IndexFault

SHARE: Final = 4_000
"""Files of a share at most: it becomes a segment, as long as the words fit."""

WORKER: Final = "qtsearch.engines.whoosh.bulk_worker"


@dataclass(frozen=True, slots=True)
class Share:
    """Files for one worker to index into an index folder."""

    library: Library
    files: Sequence[ArticleFile]
    folder: Path


@dataclass(frozen=True, slots=True)
class Advance:
    """So many more files were read."""

    files: int


@dataclass(frozen=True, slots=True)
class Done:
    """A share was indexed: the segments it became, and what came of each file, in order."""

    segments: tuple[SegmentInfo, ...]
    outcomes: tuple[Indexed | Problem, ...]


Message = Advance | Done | BaseException


class BulkIndexing:
    """Indexes files on all cores; iterate over it to get ``Advance`` as it happens and each ``Done`` in its order.

    Args:
        library: the folder of articles.
        files: what to index.
        folder: the index folder, into which the segments are written.
        workers: how many processes.
    """

    def __init__(self, library: Library, files: Sequence[ArticleFile], folder: Path, workers: int) -> None:
        size = max(1, min(SHARE, -(-len(files) // (2 * workers))))
        self._shares = [Share(library, files[at : at + size], folder) for at in range(0, len(files), size)]
        self._waiting: queue.SimpleQueue[int] = queue.SimpleQueue()
        for number in range(len(self._shares)):
            self._waiting.put(number)
        self._messages: queue.SimpleQueue[tuple[int, Message]] = queue.SimpleQueue()
        self._processes = [_start() for _ in range(min(workers, len(self._shares)))]
        self._threads = [threading.Thread(target=self._serve, args=(process,)) for process in self._processes]

    def __iter__(self) -> Iterator[Advance | Done]:
        for thread in self._threads:
            thread.start()
        done: dict[int, Done] = {}
        following = 0
        while following < len(self._shares):
            number, message = self._messages.get()
            if isinstance(message, BaseException):
                raise message
            if isinstance(message, Advance):
                yield message
            else:
                done[number] = message
            while following in done:
                yield done.pop(following)
                following += 1

    def close(self) -> None:
        """End all workers, at once."""
        with suppress(queue.Empty):
            while True:
                self._waiting.get_nowait()
        for process in self._processes:
            process.kill()
        # A killed process ends its pipes, at which its thread ends; only then may the pipes be closed.
        for thread in self._threads:
            if thread.ident is not None:
                thread.join()
        for process in self._processes:
            process.wait()
            for pipe in (process.stdin, process.stdout):
                _close(pipe)

    def _serve(self, process: subprocess.Popen[bytes]) -> None:
        """Give one worker share after share, and pass its messages on."""
        number = -1
        try:
            while True:
                try:
                    number = self._waiting.get_nowait()
                except queue.Empty:
                    return
                self._serve_share(process, number)
        except (OSError, EOFError, pickle.UnpicklingError):
            status = process.wait()
            fault = IndexFault(f"an indexing process ended with status {status}; look at memory and disk, run it again")
            self._messages.put((number, fault))

    def _serve_share(self, process: subprocess.Popen[bytes], number: int) -> None:
        assert process.stdin is not None and process.stdout is not None
        pickle.dump(self._shares[number], process.stdin)
        process.stdin.flush()
        message: Message = Advance(0)
        while isinstance(message, Advance):
            message = pickle.load(process.stdout)
            self._messages.put((number, message))


def _close(pipe: IO[bytes] | None) -> None:
    if pipe is not None:
        with suppress(BrokenPipeError):  # what was still to be written to a process that is gone
            pipe.close()


def worker_count() -> int:
    """Return how many processes can run at the same time on this machine."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _start() -> subprocess.Popen[bytes]:
    # The parent's search path, so that the worker is of the same installation, wherever that lies.
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = [sys.executable, "-m", WORKER]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment)
