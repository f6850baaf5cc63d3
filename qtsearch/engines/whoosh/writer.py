"""Makes the next commit: new segments from articles, deletions in old ones, merges, then the table of contents.

Order is everything here. Data files, the commit's JSON file and Whoosh's table of contents are written and flushed to
the disk, the last under another name; then the folder is flushed; then the table of contents is renamed into place,
which alone makes the commit visible; and the folder is flushed again. Whatever happens before leaves the last commit
as it was. Files that no commit needs any more are removed only then.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

import whoosh
from whoosh.filedb.filestore import RamStorage
from whoosh.index import TOC

from qtsearch.articles.library import ArticleFile, Library
from qtsearch.articles.model import Article, Fingerprint, Problem
from qtsearch.codec.arrays import SegmentArrays, open_segment_arrays
from qtsearch.codec.merge import NOTHING_DELEGATED, DelegatedRanges, divided, merge_segments
from qtsearch.codec.whoosh.segment import ArraySegment
from qtsearch.engines.base import Indexed, Recipe, Writer
from qtsearch.engines.whoosh.additions import Additions
from qtsearch.engines.whoosh.bulk import BulkIndexing
from qtsearch.engines.whoosh.documents import value_of, value_term
from qtsearch.engines.whoosh.durable import DurableStorage
from qtsearch.engines.whoosh.faults import translated
from qtsearch.engines.whoosh.leftovers import remove_leftovers
from qtsearch.engines.whoosh.merge_policy import Size, to_merge
from qtsearch.engines.whoosh.schema import schema
from qtsearch.engines.whoosh.state import INDEX_NAME, CommitState, FileSum, SegmentInfo, state_name, toc_name
from qtsearch.engines.whoosh.tasks import Done, Merge, delegate, info_of
from qtsearch.engines.whoosh.worker_process import NoWorkers, WorkerProcess, start_workers, worker_count
from qtsearch.errors import IndexFault

ENGINE_NAME: Final = f"whoosh {'.'.join(map(str, whoosh.__version__))}"


class WhooshWriter(Writer):
    """Changes on top of a commit.

    Args:
        folder: the index folder.
        base: the last commit, None where there is none or it cannot be read.
        generation: the number of the commit to make.
        recipe: how the index is made.
        fresh: build beside the last commit instead of upon it.
        known: whether it is known what the last commit needs, so that all other files can go.

    Raises:
        OSError: the folder cannot be written.
    """

    def __init__(
        self, folder: Path, base: CommitState | None, generation: int, recipe: Recipe, *, fresh: bool, known: bool
    ) -> None:
        self._folder = folder
        self._base = base
        self._generation = generation
        self._recipe = recipe
        self._storage = DurableStorage(folder)
        self._segments = [_segment(info) for info in base.segments] if base is not None and not fresh else []
        self._arrays: dict[str, SegmentArrays] = {}
        self._fresh = not self._segments
        self._known = known
        self._additions = Additions(folder, self._segments)
        self._bulk: BulkIndexing | None = None
        self._early: list[WorkerProcess] = []
        self._open = True
        self._or_never = _RefuseAfterFailure()
        # The last writer may have died between making its commit visible and making it durable.
        self._storage.sync()
        self._remove_leftovers()

    def add(self, article: Article, fingerprint: Fingerprint) -> None:
        """See ``Writer``."""
        with self._or_never:
            if not self._fresh or self._bulk is not None or article.path in self._additions:
                self.delete(article.path)
            self._additions.add(article, fingerprint)

    def expect_files(self) -> None:
        """See ``Writer``."""
        with self._or_never:
            if not self._early:
                with suppress(NoWorkers):  # who needs them tries again
                    self._early = start_workers(worker_count())

    def add_files(
        self, library: Library, files: Sequence[ArticleFile], advanced: Callable[[int], None]
    ) -> Iterator[Indexed | Problem]:
        """See ``Writer``."""
        with self._or_never:
            try:
                self._additions.flush()
                early, self._early = self._early, []
                self._end_workers()
                self._early = early  # until others answer for them
                try:
                    self._bulk = BulkIndexing(library, files, self._folder, worker_count(), early)
                except NoWorkers:
                    self._end_workers()
                    self._additions.work_alone()
                    yield from self._add_alone(library, files, advanced)
                    return
                self._early = []
                for message in self._bulk:
                    if isinstance(message, Done):
                        self._segments += map(_segment, message.segments)
                        yield from message.outcomes
                    else:
                        advanced(message.files)
            except BaseException:
                self._end_workers()
                raise

    def _add_alone(
        self, library: Library, files: Sequence[ArticleFile], advanced: Callable[[int], None]
    ) -> Iterator[Indexed | Problem]:
        for file in files:
            loaded = library.load(file)
            if isinstance(loaded, Problem):
                yield loaded
            else:
                self._additions.add(loaded.article, loaded.fingerprint)
                yield Indexed(file.path, value_of(loaded.article, "id"), loaded.problems)
            advanced(1)

    def delete(self, path: str) -> None:
        """See ``Writer``."""
        with self._or_never, translated(self._folder, "read"):
            if self._additions.remove(path):
                return
            term = value_term("path", path)
            for segment in self._segments:
                field = self._arrays_of(segment).field("path")
                ordinal = field.find(term) if field is not None else -1
                if field is not None and ordinal >= 0:
                    for docnum in field.postings(ordinal).docnums.tolist():
                        segment.delete_document(docnum)

    def commit(self) -> None:
        """See ``Writer``."""
        with self._or_never, translated(self._folder, "write"):
            self._additions.flush()
            self._segments = [segment for segment in self._segments if segment.doc_count()]
            self._merge()
            self._end_workers()
            contents = self._table_of_contents()
            state = self._state(FileSum.of(contents))
            self._storage.write_file(state_name(self._generation), state.encode())
            name = toc_name(self._generation)
            self._storage.write_file(f"{name}.new", contents)
            self._storage.sync()
            self._open = False
            self._storage.rename_file(f"{name}.new", name)
            self._or_never.end("the changes were committed already; begin another writer for more")
        # The commit is made. That an old file cannot be removed now is no failure; the next writer tries again.
        remove_leftovers(self._folder, self._generation, state.segments)

    def cancel(self) -> None:
        """See ``Writer``."""
        if self._open:
            self._open = False
            self._end_workers()
            self._remove_leftovers()

    def _end_workers(self) -> None:
        self._additions.close()
        bulk, self._bulk = self._bulk, None
        if bulk is not None:
            bulk.close()
        while self._early:
            self._early.pop().close()

    def _remove_leftovers(self) -> None:
        if self._known:
            base = self._base
            remove_leftovers(self._folder, base.generation if base else -1, base.segments if base else ())

    def _merge(self) -> None:
        sizes = [Size(segment.doc_count_all(), segment.doc_count()) for segment in self._segments]
        groups = [list(range(len(sizes)))] if self._fresh and len(sizes) > 1 else to_merge(sizes)
        merged = {index for group in groups for index in group}
        made = [self._merged([self._segments[index] for index in group]) for group in groups]
        self._segments = [s for index, s in enumerate(self._segments) if index not in merged] + made

    def _merged(self, segments: Sequence[ArraySegment]) -> ArraySegment:
        made = ArraySegment(INDEX_NAME)
        sources = [self._current_arrays(segment) for segment in segments]
        merge_segments(self._storage, made, sources, self._delegate(sources, segments))
        return made

    def _delegate(
        self, sources: Sequence[SegmentArrays], segments: Sequence[ArraySegment]
    ) -> Mapping[str, DelegatedRanges]:
        """Have the workers, if there are any, merge parts of the largest field, while this process merges the rest."""
        workers = self._additions.workers or (self._bulk.workers if self._bulk is not None else [])
        others = max(1, worker_count() - 1)
        for worker in workers[others:]:
            worker.kill()  # it has nothing more to do, and holds memory
        workers = workers[:others]
        division = divided(sources, len(workers))
        infos = _infos(segments)
        waiting = [
            delegate(worker, Merge(self._folder, infos, division.field, terms, _new_id()), self._storage)
            for worker, terms in zip(workers, division.ranges, strict=False)
        ]
        return {division.field: DelegatedRanges(division.ranges[0].start, waiting)} if waiting else NOTHING_DELEGATED

    def _arrays_of(self, segment: ArraySegment) -> SegmentArrays:
        name = segment.segment_id()
        if name not in self._arrays:
            self._arrays[name] = open_segment_arrays(self._storage, name, segment.doc_count_all())
        return self._arrays[name]

    def _current_arrays(self, segment: ArraySegment) -> SegmentArrays:
        opened = self._arrays_of(segment)
        return SegmentArrays(opened.documents, opened.inverted_index, segment.deleted_docs())

    def _state(self, toc: FileSum) -> CommitState:
        now = datetime.datetime.now(datetime.UTC).replace(microsecond=0)
        return CommitState(self._folder, self._generation, self._recipe, now, ENGINE_NAME, _infos(self._segments), toc)

    def _table_of_contents(self) -> bytes:
        """Return Whoosh's table of contents, for other programs that read Whoosh indexes."""
        memory = RamStorage()
        TOC(schema(), list(self._segments), self._generation).write(memory, INDEX_NAME)
        with memory.open_file(toc_name(self._generation)) as file:
            return bytes(file.read())


class _RefuseAfterFailure:
    """Lets changes through as long as all succeed; after one that failed, which may be half done, none is made.

    Raises:
        IndexFault: one failed before.
    """

    def __init__(self) -> None:
        self._failure: BaseException | None = None

    def __enter__(self) -> None:
        if self._failure is not None:
            what = str(self._failure) if isinstance(self._failure, IndexFault) else "a change of the index failed"
            raise IndexFault(what) from self._failure

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        self._failure = self._failure or error

    def end(self, why: str) -> None:
        """Let no more changes through."""
        self._failure = IndexFault(why)


def _new_id() -> str:
    return str(ArraySegment(INDEX_NAME).segment_id())


def _infos(segments: Sequence[ArraySegment]) -> tuple[SegmentInfo, ...]:
    return tuple(map(info_of, segments))


def _segment(info: SegmentInfo) -> ArraySegment:
    return ArraySegment(INDEX_NAME, info.segment_id.removeprefix(f"{INDEX_NAME}_"), info.doc_count_all, info.deleted)
