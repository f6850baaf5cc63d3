"""What runs in a ``WorkerProcess``: ``python -m qtsearch.engines.whoosh.worker_main``, driven through its pipes."""

from __future__ import annotations

import gc
import os
import pickle
import sys

# Tasks need these: loaded while the parent still learns how to compress articles, they cost no time.
import qtsearch.articles.library
import qtsearch.engines.whoosh.tasks  # noqa: F401
from qtsearch.engines.whoosh.worker_process import Advance, Answer, Message, Task


def main() -> None:
    """Take tasks from standard input and answer on standard output, until there are no more."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever else may print here must not get among the answers
    parent = os.getppid()
    # Articles and their parts hold no cycles, and the garbage collector would look through them again and again.
    gc.set_threshold(100_000)

    def tell(message: Message) -> None:
        answers.write(pickle.dumps(message, pickle.HIGHEST_PROTOCOL))
        answers.flush()

    def advanced(files: int) -> None:
        if os.getppid() != parent:
            os._exit(1)
        tell(Advance(files))

    try:
        while True:
            task: Task = pickle.load(sys.stdin.buffer)
            try:
                answer: Message = Answer(task.run(advanced))
            except Exception as error:
                answer = error
            tell(answer)
    except (EOFError, BrokenPipeError, pickle.UnpicklingError):  # the parent is gone, maybe in the middle of a task
        os._exit(0)


if __name__ == "__main__":
    main()
