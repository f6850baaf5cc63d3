"""One worker process of ``bulk``: ``python -m qtsearch.engines.whoosh.bulk_worker``, driven through its pipes."""

from __future__ import annotations

import os
import pickle
import signal
import sys
from collections.abc import Callable
from dataclasses import replace

from qtsearch.articles.model import Problem
from qtsearch.codec.arrays import open_segment_arrays
from qtsearch.codec.batch import write_segment
from qtsearch.codec.merge import merge_fields
from qtsearch.codec.whoosh.segment import ArraySegment
from qtsearch.engines.base import Indexed
from qtsearch.engines.whoosh.bulk import Advance, Done, Merge, Merged, Message, Share
from qtsearch.engines.whoosh.documents import value_of
from qtsearch.engines.whoosh.durable import DurableStorage
from qtsearch.engines.whoosh.faults import translated
from qtsearch.engines.whoosh.segment_builder import SegmentBuilder
from qtsearch.engines.whoosh.state import INDEX_NAME, SegmentInfo

TOKENS_IN_MEMORY = 2_500_000
"""So many tokens are collected before they are written as a segment: about 200 MB for each worker."""

_STEP = 32


def main() -> None:
    """Take tasks from standard input and answer on standard output, until there are no more."""
    # Ctrl-C reaches all processes of a terminal; it is the parent's business to end this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever else may print here must not get among the answers

    def tell(message: Message) -> None:
        pickle.dump(message, answers)
        answers.flush()

    parent = os.getppid()
    try:
        while True:
            task: Share | Merge = pickle.load(sys.stdin.buffer)
            try:
                if isinstance(task, Merge):
                    tell(merge_field(task))
                    continue
                tell(index_share(task, lambda files: tell(Advance(files)) if os.getppid() == parent else os._exit(1)))
            except Exception as error:
                tell(error)
    except (EOFError, BrokenPipeError):
        os._exit(0)


def index_share(share: Share, advanced: Callable[[int], None]) -> Done:
    """Index the files of a share into new segments.

    Raises:
        IndexFault: a segment cannot be written.
    """
    storage = DurableStorage(share.folder)
    builder = SegmentBuilder()
    segments: list[SegmentInfo] = []
    outcomes: list[Indexed | Problem] = []
    for number, file in enumerate(share.files, 1):
        loaded = share.library.load(file)
        if isinstance(loaded, Problem):
            outcomes.append(loaded)
        else:
            outcomes.append(Indexed(loaded.article.path, value_of(loaded.article, "id"), loaded.problems))
            builder.add(loaded.article, loaded.fingerprint)
        if number % _STEP == 0:
            advanced(_STEP)
        if builder.token_count >= TOKENS_IN_MEMORY:
            segments.append(_written(builder, storage, share))
            builder = SegmentBuilder()
    if len(builder):
        segments.append(_written(builder, storage, share))
    advanced(len(share.files) % _STEP)
    return Done(tuple(segments), tuple(outcomes))


def merge_field(task: Merge) -> Merged:
    """Merge one field of some segments.

    Raises:
        IndexFault, IndexDamaged: a file cannot be written or read.
    """
    storage = DurableStorage(task.folder)
    with translated(task.folder, "write"):
        sources = [
            open_segment_arrays(storage, one.segment_id, one.doc_count_all, one.deleted) for one in task.segments
        ]
        return Merged(merge_fields(storage, task.segment_id, sources, [task.field]))


def _written(builder: SegmentBuilder, storage: DurableStorage, share: Share) -> SegmentInfo:
    segment = ArraySegment(INDEX_NAME)
    with translated(share.folder, "write"):
        write_segment(storage, segment, replace(builder.build(), dictionary=share.dictionary))
    return SegmentInfo(segment.segment_id(), segment.doc_count_all())


if __name__ == "__main__":
    main()
