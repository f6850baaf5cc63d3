"""A process that works for this one: tasks go in, answers come out in the same order.

It is a plain subprocess that takes pickled tasks on its standard input. ``multiprocessing`` is not used, because a
forked child shares locks and threads with its parent, and a spawned one runs the caller's main script again. A worker
ends when its input ends, so that after its parent was killed a worker finishes the task at hand at most.
"""

from __future__ import annotations

import errno
import os
import pickle
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from pathlib import Path
from queue import SimpleQueue
from typing import Any, Final, Protocol

from qtsearch.errors import IndexFault
from qtsearch.values import dataclass

WORKER: Final = "qtsearch.engines.whoosh.worker_main"

Progress = Callable[[int], None]
"""Is told how many more files were read."""


class Task(Protocol):
    """Something to do for a worker: a value that can be pickled."""

    def run(self, advanced: Progress) -> object:
        """Do it, in the worker, and return an answer that can be pickled."""


@dataclass(frozen=True, slots=True)
class Advance:
    """Comes before the answer: so many more files were read."""

    files: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a task."""

    value: object


Message = Advance | Answer | Exception


class WorkerProcess:
    """One worker. Threads of this process talk to it, so that it never waits for its next task."""

    def __init__(self) -> None:
        self._process = start()
        self._tasks: SimpleQueue[bytes | None] = SimpleQueue()
        self._asked: deque[tuple[Future[Any], Progress]] = deque()
        self._fault: IndexFault | None = None
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=target, daemon=True) for target in (self._send, self._receive)]
        try:
            for thread in self._threads:
                thread.start()
        except RuntimeError as error:  # no more threads
            self._process.kill()
            raise OSError(errno.EAGAIN, str(error)) from error

    def ask(self, task: Task, advanced: Progress = lambda _: None) -> Future[Any]:
        """Have a task done after all that were asked for before.

        Args:
            task: what to do.
            advanced: called from another thread.

        Returns:
            What will hold the answer, or raise what the task raised, or ``IndexFault`` if the worker ends before.
        """
        data = pickle.dumps(task, pickle.HIGHEST_PROTOCOL)
        future: Future[Any] = Future()
        with self._lock:
            if self._fault is not None:
                future.set_exception(self._fault)
                return future
            self._asked.append((future, advanced))
        self._tasks.put(data)
        return future

    @property
    def waiting(self) -> int:
        """How many answers are still to come."""
        return len(self._asked)

    def kill(self) -> None:
        """End it at once, without waiting for its end: it gives its memory back."""
        self._process.kill()
        self._tasks.put(None)

    def close(self) -> None:
        """End it at once. Whoever waits for an answer is told so."""
        self.kill()
        # A killed process ends its pipes, at which the threads end; only then may the pipes be closed.
        for thread in self._threads:
            thread.join()
        for pipe in (self._process.stdin, self._process.stdout):
            with suppress(BrokenPipeError):  # what was still to be written to a process that is gone
                if pipe is not None:
                    pipe.close()

    def _send(self) -> None:
        pipe = self._process.stdin
        assert pipe is not None, "the process was started with pipes"
        with suppress(BrokenPipeError):  # it ended, as the other thread finds too
            while (data := self._tasks.get()) is not None:
                pipe.write(data)
                pipe.flush()

    def _receive(self) -> None:
        pipe = self._process.stdout
        assert pipe is not None, "the process was started with pipes"
        try:
            while True:
                self._take(pickle.load(pipe))
        except EOFError as error:
            self._end(error)
        except Exception as error:
            self._process.kill()  # what it says makes no sense, and it may go on saying it
            self._end(error)

    def _take(self, message: Message) -> None:
        if isinstance(message, Advance):
            self._asked[0][1](message.files)
            return
        with self._lock:
            future, _ = self._asked.popleft()
        if isinstance(message, Answer):
            future.set_result(message.value)
        else:
            future.set_exception(message)

    def _end(self, error: Exception) -> None:
        status = self._process.wait()
        told = f"ended with status {status}" if isinstance(error, EOFError) else "gave an answer that makes no sense"
        fault = IndexFault(f"an indexing process {told}; look at memory and disk, run it again")
        fault.__cause__ = error
        with self._lock:
            self._fault = fault
            asked = list(self._asked)
            self._asked.clear()
        for future, _ in asked:
            future.set_exception(fault)


class NoWorkers(Exception):
    """No further process can be started here, by a limit or for want of memory: this one must do the work alone."""


def worker_count() -> int:
    """Return how many processes can run at the same time on this machine."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def start() -> subprocess.Popen[bytes]:
    """Start a worker of the same installation, wherever that lies, by this process's search path."""
    if not sys.executable:  # in a program that Python is a part of
        raise OSError("sys.executable does not name the program")
    # In an interactive Python "" is on the path, and stands for the working directory.
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path or str(Path.cwd()) for path in sys.path)}
    # The threads that numpy starts for matrices, of which there are none here, cost a tenth of a second.
    environment.setdefault("OPENBLAS_NUM_THREADS", "1")
    # glibc gives large arrays back as soon as they are gone, and gets the next ones page by page: a tenth of a worker's
    # time. What is kept instead is a few arrays, until the worker ends.
    environment.setdefault("MALLOC_MMAP_THRESHOLD_", str(2**30))
    environment.setdefault("MALLOC_TRIM_THRESHOLD_", str(2**30))
    # -P: what lies in the working directory, which cron chooses, is no module of ours. In a process group of its own a
    # worker does not get the Ctrl-C that is meant for this process, whose business it is to end it.
    command = [sys.executable, "-P", "-m", WORKER]
    group = 0 if os.name == "posix" else None
    return subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, process_group=group
    )


def start_workers(count: int) -> list[WorkerProcess]:
    """Return that many workers.

    Raises:
        NoWorkers: one of them cannot be started; then none is left.
    """
    workers: list[WorkerProcess] = []
    try:
        with ended_on_failure(workers):
            for _ in range(count):
                workers.append(WorkerProcess())
    except OSError as error:
        raise NoWorkers(f"cannot start a process to index with: {error}") from error
    return workers


@contextmanager
def ended_on_failure(workers: Iterable[WorkerProcess]) -> Iterator[None]:
    """End workers, at once, if something fails before anybody else answers for them."""
    try:
        yield
    except BaseException:
        for worker in workers:
            worker.close()
        raise
