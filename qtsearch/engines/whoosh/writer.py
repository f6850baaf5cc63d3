"""Makes the next commit: new segments from articles, deletions in old ones, merges, then the table of contents.

Order is everything here. Data files are written and flushed to the disk, then the folder, then the commit's JSON file;
last of all Whoosh's table of contents is renamed into place, and that alone makes the commit visible. Whatever happens
before leaves the last commit as it was; whatever happens afterwards only leaves files that nobody needs.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

import whoosh
from whoosh.index import TOC

from qtsearch.articles.library import ArticleFile, Library
from qtsearch.articles.model import Article, Fingerprint, Problem
from qtsearch.codec.arrays import SegmentArrays, open_segment_arrays
from qtsearch.codec.batch import write_segment
from qtsearch.codec.merge import merge_segments
from qtsearch.codec.whoosh.segment import ArraySegment
from qtsearch.engines.base import Indexed, Recipe, Writer
from qtsearch.engines.whoosh.bulk import BulkIndexing, Done, worker_count
from qtsearch.engines.whoosh.documents import value_term
from qtsearch.engines.whoosh.durable import DurableStorage
from qtsearch.engines.whoosh.faults import translated
from qtsearch.engines.whoosh.merge_policy import Size, to_merge
from qtsearch.engines.whoosh.schema import schema
from qtsearch.engines.whoosh.segment_builder import SegmentBuilder
from qtsearch.engines.whoosh.state import INDEX_NAME, CommitState, SegmentInfo, state_name, toc_name

ENGINE_NAME: Final = f"whoosh {'.'.join(map(str, whoosh.__version__))}"

TOKENS_IN_MEMORY: Final = 4_000_000
"""So many tokens are collected before they are written as a segment: about 15,000 articles, 300 MB."""

_OURS = re.compile(rf"{INDEX_NAME}_[0-9a-z]+\..+|_{INDEX_NAME}_\d+\.toc.*|commit-\d+\.json.*")


class WhooshWriter(Writer):
    """Changes on top of a commit.

    Args:
        folder: the index folder.
        base: the segments of the commit to build upon, none for a fresh index.
        generation: the number of the commit to make.
        recipe: how the index is made.
    """

    def __init__(self, folder: Path, base: Sequence[SegmentInfo], generation: int, recipe: Recipe) -> None:
        self._folder = folder
        self._generation = generation
        self._recipe = recipe
        self._storage = DurableStorage(folder)
        self._segments = [_segment(info) for info in base]
        self._arrays: dict[str, SegmentArrays] = {}
        self._fresh = not base
        self._builder = SegmentBuilder()
        self._open = True

    def add(self, article: Article, fingerprint: Fingerprint) -> None:
        """See ``Writer``."""
        if not self._fresh:
            self.delete(article.path)
        self._builder.add(article, fingerprint)
        if self._builder.token_count >= TOKENS_IN_MEMORY:
            self._flush()

    def add_files(
        self, library: Library, files: Sequence[ArticleFile], advanced: Callable[[int], None]
    ) -> Iterator[Indexed | Problem]:
        """See ``Writer``."""
        self._flush()
        bulk = BulkIndexing(library, files, self._folder, worker_count())
        try:
            for message in bulk:
                if isinstance(message, Done):
                    self._segments += map(_segment, message.segments)
                    yield from message.outcomes
                else:
                    advanced(message.files)
        finally:
            bulk.close()

    def delete(self, path: str) -> None:
        """See ``Writer``."""
        if path in self._builder:
            self._flush()
        term = value_term("path", path)
        with translated(self._folder, "read"):
            for segment in self._segments:
                field = self._arrays_of(segment).field("path")
                ordinal = field.find(term) if field is not None else -1
                if field is not None and ordinal >= 0:
                    for docnum in field.postings(ordinal).docnums.tolist():
                        segment.delete_document(docnum)

    def commit(self) -> None:
        """See ``Writer``."""
        self._flush()
        with translated(self._folder, "write"):
            self._segments = [segment for segment in self._segments if segment.doc_count()]
            self._merge()
            self._storage.sync()
            self._storage.write_file(state_name(self._generation), self._state().encode())
            toc = TOC(schema(), list(self._segments), self._generation)
            toc.write(self._storage, INDEX_NAME)
        self._open = False
        # The commit is made. That an old file cannot be removed now is no failure; the next writer tries again.
        remove_leftovers(self._folder, self._generation, self._infos(), lambda path: None)

    def cancel(self) -> None:
        """See ``Writer``."""
        if self._open:
            self._open = False
            # Segments without a commit are removed by the next writer; there is nothing that must be undone.
            self._builder = SegmentBuilder()

    def _flush(self) -> None:
        if len(self._builder):
            builder, self._builder = self._builder, SegmentBuilder()
            segment = ArraySegment(INDEX_NAME)
            with translated(self._folder, "write"):
                write_segment(self._storage, segment, builder.build())
            self._segments.append(segment)

    def _merge(self) -> None:
        sizes = [Size(segment.doc_count_all(), segment.doc_count()) for segment in self._segments]
        groups = [list(range(len(sizes)))] if self._fresh and len(sizes) > 1 else to_merge(sizes)
        merged = {index for group in groups for index in group}
        made = [self._merged([self._segments[index] for index in group]) for group in groups]
        self._segments = [s for index, s in enumerate(self._segments) if index not in merged] + made

    def _merged(self, segments: Sequence[ArraySegment]) -> ArraySegment:
        made = ArraySegment(INDEX_NAME)
        merge_segments(self._storage, made, [self._current_arrays(segment) for segment in segments])
        return made

    def _arrays_of(self, segment: ArraySegment) -> SegmentArrays:
        name = segment.segment_id()
        if name not in self._arrays:
            self._arrays[name] = open_segment_arrays(self._storage, name, segment.doc_count_all())
        return self._arrays[name]

    def _current_arrays(self, segment: ArraySegment) -> SegmentArrays:
        opened = self._arrays_of(segment)
        return SegmentArrays(opened.documents, opened.inverted_index, segment.deleted_docs())

    def _infos(self) -> tuple[SegmentInfo, ...]:
        return tuple(SegmentInfo(s.segment_id(), s.doc_count_all(), tuple(s.deleted_docs())) for s in self._segments)

    def _state(self) -> CommitState:
        now = datetime.datetime.now(datetime.UTC).replace(microsecond=0)
        return CommitState(self._folder, self._generation, self._recipe, now, ENGINE_NAME, self._infos())


def remove_leftovers(
    folder: Path, generation: int, segments: Sequence[SegmentInfo], failed: Callable[[Path], None]
) -> None:
    """Remove every file of an index that its last commit does not need; other files are left alone.

    Args:
        folder: the index folder.
        generation: the last commit.
        segments: its segments.
        failed: called with a file that could not be removed.
    """
    needed = {toc_name(generation), state_name(generation)}
    ids = {info.segment_id for info in segments}
    for path in folder.iterdir():
        stem = path.name.partition(".")[0]
        if _OURS.fullmatch(path.name) and path.name not in needed and stem not in ids and path.is_file():
            try:
                path.unlink()
            except OSError:
                failed(path)


def _segment(info: SegmentInfo) -> ArraySegment:
    return ArraySegment(INDEX_NAME, info.segment_id.removeprefix(f"{INDEX_NAME}_"), info.doc_count_all, info.deleted)
