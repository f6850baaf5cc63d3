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
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import accumulate, pairwise
from pathlib import Path
from typing import IO, Final

from qtsearch.articles.library import ArticleFile, Library
from qtsearch.articles.model import Problem
from qtsearch.articles.stored import encode
from qtsearch.codec.stored.writer import dictionary_of
from qtsearch.engines.base import Indexed
from qtsearch.engines.whoosh.documents import stored_form
from qtsearch.engines.whoosh.state import SegmentInfo
from qtsearch.errors import IndexFault
from qtsearch.values import dataclass

SHARE: Final = 5_000
"""Files of a share at most: it becomes a segment, as long as the words fit."""

SAMPLE: Final = 200
"""Articles from which is learned how to compress all: about a megabyte."""

_EACH: Final = 2_000
"""What a file costs whatever its size, in bytes that could be read meanwhile."""

WORKER: Final = "qtsearch.engines.whoosh.bulk_worker"


@dataclass(frozen=True, slots=True)
class Share:
    """Files for one worker to index into an index folder."""

    library: Library
    files: Sequence[ArticleFile]
    folder: Path
    dictionary: bytes


@dataclass(frozen=True, slots=True)
class Merge:
    """A field for one worker to merge into a terms file of its own.

    Attributes:
        folder: the index folder.
        segments: the segments to merge, with their deleted documents.
        field: the field.
        segment_id: from which the file has its name. No commit names it, so it is removed like all such files.
    """

    folder: Path
    segments: tuple[SegmentInfo, ...]
    field: str
    segment_id: str


@dataclass(frozen=True, slots=True)
class Merged:
    """A field was merged; so many documents the file has."""

    doc_count: int


@dataclass(frozen=True, slots=True)
class Advance:
    """So many more files were read."""

    files: int


@dataclass(frozen=True, slots=True)
class Done:
    """A share was indexed: the segments it became, and what came of each file, in order."""

    segments: tuple[SegmentInfo, ...]
    outcomes: tuple[Indexed | Problem, ...]


Message = Advance | Done | Merged | BaseException


class BulkIndexing:
    """Indexes files on all cores; iterate over it to get ``Advance`` as it happens and each ``Done`` in its order.

    Args:
        library: the folder of articles.
        files: what to index.
        folder: the index folder, into which the segments are written.
        workers: how many processes.
    """

    def __init__(self, library: Library, files: Sequence[ArticleFile], folder: Path, workers: int) -> None:
        parts = _parts(files, workers)
        self._processes = [_start() for _ in range(min(workers, len(parts)))]
        # While the workers load their modules. With one dictionary, merging their segments compresses nothing anew.
        dictionary = _dictionary(library, files)
        self._shares = [Share(library, part, folder, dictionary) for part in parts]
        self._waiting: queue.SimpleQueue[int] = queue.SimpleQueue()
        for number in range(len(self._shares)):
            self._waiting.put(number)
        self._messages: queue.SimpleQueue[tuple[int, Message]] = queue.SimpleQueue()
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
            elif isinstance(message, Done):
                done[number] = message
            while following in done:
                yield done.pop(following)
                following += 1

    def merge(self, task: Merge) -> Callable[[], Merged]:
        """Have a field merged by a worker, once all shares are done; the result is a function that waits for it.

        Raises:
            IndexFault, IndexDamaged: the field cannot be merged. Waiting may raise them too.
        """
        process, *others = self._processes
        for other in others:
            other.kill()  # it has nothing more to do, and holds memory
        with _fault_of(process):
            _send(process, task)

        def wait() -> Merged:
            with _fault_of(process):
                message = _receive(process)
            if isinstance(message, BaseException):
                raise message
            assert isinstance(message, Merged), "a worker answers what it was asked"
            return message

        return wait

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
            with _fault_of(process):
                while True:
                    try:
                        number = self._waiting.get_nowait()
                    except queue.Empty:
                        return
                    self._serve_share(process, number)
        except IndexFault as fault:
            self._messages.put((number, fault))

    def _serve_share(self, process: subprocess.Popen[bytes], number: int) -> None:
        _send(process, self._shares[number])
        message: Message = Advance(0)
        while isinstance(message, Advance):
            message = _receive(process)
            self._messages.put((number, message))


def _parts(files: Sequence[ArticleFile], workers: int) -> list[Sequence[ArticleFile]]:
    """Return the files in adjacent parts of about as many bytes: as many for each worker, so that none waits long."""
    rounds = max(2, -(-len(files) // (SHARE * workers)))
    count = min(rounds * workers, len(files))
    ends = list(accumulate(file.size + _EACH for file in files))
    cuts = [bisect_left(ends, ends[-1] * number // count) for number in range(count)] + [len(files)]
    return [files[first:end] for first, end in pairwise(cuts) if first < end]


def _dictionary(library: Library, files: Sequence[ArticleFile]) -> bytes:
    """Return a dictionary to compress all articles with, learned from some of them; b"" where they are too few."""
    loaded = (library.load(file) for file in files[:: max(1, len(files) // SAMPLE)])
    return dictionary_of([stored_form(encode(one.article)) for one in loaded if not isinstance(one, Problem)])


def _send(process: subprocess.Popen[bytes], task: Share | Merge) -> None:
    assert process.stdin is not None
    pickle.dump(task, process.stdin)
    process.stdin.flush()


def _receive(process: subprocess.Popen[bytes]) -> Message:
    assert process.stdout is not None
    message: Message = pickle.load(process.stdout)
    return message


@contextmanager
def _fault_of(process: subprocess.Popen[bytes]) -> Iterator[None]:
    """Turn what comes of talking to a process that ended into an error that says so."""
    try:
        yield
    except (OSError, EOFError, pickle.UnpicklingError) as error:
        status = process.wait()
        raise IndexFault(
            f"an indexing process ended with status {status}; look at memory and disk, run it again"
        ) from error


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
