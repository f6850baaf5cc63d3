"""What worker processes are asked to do, and their answers: values that are pickled."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from qtsearch.analysis.inversion import ranked
from qtsearch.articles import stored
from qtsearch.articles.model import Fingerprint, Problem
from qtsearch.codec.arrays import open_segment_arrays
from qtsearch.codec.inverted_index import InvertedIndex
from qtsearch.codec.inverted_index_writer import NOTHING_DELEGATED
from qtsearch.codec.merge import TermRange, merge_terms
from qtsearch.codec.segment_writer import write_fields, write_segment
from qtsearch.codec.whoosh.segment import ArraySegment
from qtsearch.engines.base import Indexed
from qtsearch.engines.whoosh.documents import value_of
from qtsearch.engines.whoosh.durable import DurableStorage
from qtsearch.engines.whoosh.faults import translated
from qtsearch.engines.whoosh.parts import PartMaker
from qtsearch.engines.whoosh.segment_builder import FieldTokens, Part, SegmentBuilder
from qtsearch.engines.whoosh.state import INDEX_NAME, SegmentInfo
from qtsearch.engines.whoosh.worker_process import Progress, WorkerProcess
from qtsearch.values import dataclass

if TYPE_CHECKING:
    from qtsearch.articles.library import ArticleFile, Library  # loads YAML, which parsed articles have no use for

TOKENS_OF_SHARE: Final = 2_500_000
"""So many tokens of files are collected before they are written as a segment: about 200 MB for each worker."""

_STEP: Final = 256

_PARTS: Final = PartMaker()
"""Used in worker processes only, which do one task after the other."""


@dataclass(frozen=True, slots=True)
class Done:
    """A share was indexed.

    Attributes:
        segments: what it became.
        outcomes: what came of each file, in order.
        part: its documents, where others are to become one segment with them; None where they are in ``segments``.
    """

    segments: tuple[SegmentInfo, ...]
    outcomes: tuple[Indexed | Problem, ...]
    part: Part | None = None


@dataclass(frozen=True, slots=True)
class Share:
    """Files to index.

    Attributes:
        library: the folder of articles.
        files: which of it.
        folder: the index folder, where new segments go.
        dictionary: what to compress articles with, b"" to learn that for each segment.
        as_part: whether to make documents only, which somebody else writes.
    """

    library: Library
    files: Sequence[ArticleFile]
    folder: Path
    dictionary: bytes
    as_part: bool

    def run(self, advanced: Progress) -> Done:
        """Index them.

        Raises:
            IndexFault: a segment cannot be written.
        """
        builder = _PARTS.builder(self.dictionary) if self.as_part else SegmentBuilder(self.dictionary)
        segments: list[SegmentInfo] = []
        outcomes: list[Indexed | Problem] = []
        for number, file in enumerate(self.files, 1):
            loaded = self.library.load(file)
            if isinstance(loaded, Problem):
                outcomes.append(loaded)
            else:
                outcomes.append(Indexed(loaded.article.path, value_of(loaded.article, "id"), loaded.problems))
                builder.add(loaded.article, loaded.fingerprint)
            if number % _STEP == 0:
                advanced(_STEP)
            if not self.as_part and builder.token_count >= TOKENS_OF_SHARE:
                segments.append(info_of(write_documents(builder, self.folder)))
                builder = SegmentBuilder(self.dictionary)
        if len(builder) and not self.as_part:
            segments.append(info_of(write_documents(builder, self.folder)))
        advanced(len(self.files) % _STEP)
        return Done(tuple(segments), tuple(outcomes), builder.part() if self.as_part else None)


@dataclass(frozen=True, slots=True)
class Batch:
    """Some parsed articles to make documents of.

    Attributes:
        articles: each as it is stored, which takes a tenth of the time of pickling it.
        fingerprints: of their files.
        dictionary: what to compress them with, b"" to leave that until they are written.
    """

    articles: Sequence[bytes]
    fingerprints: Sequence[Fingerprint]
    dictionary: bytes

    def run(self, advanced: Progress) -> Part:
        """Return the documents."""
        builder = _PARTS.builder(self.dictionary)
        for data, fingerprint in zip(self.articles, self.fingerprints, strict=True):
            builder.add(stored.decode(data), fingerprint, data)
        return builder.part()


@dataclass(frozen=True, slots=True)
class TermsFile:
    """Fields, or a part of one, were written to a terms file of its own, from which the file of the segment copies."""

    doc_count: int


@dataclass(frozen=True, slots=True)
class Invert:
    """Fields of a new segment to write into a terms file of their own.

    Attributes:
        folder: the index folder.
        terms: the term of each number that stands for a word.
        fields: one at least, of the same documents.
        segment_id: from which the file has its name. No commit names it, so it is removed like all such files.
    """

    folder: Path
    terms: Sequence[str]
    fields: Sequence[FieldTokens]
    segment_id: str

    def run(self, advanced: Progress) -> TermsFile:
        """Write them.

        Raises:
            IndexFault: the file cannot be written.
        """
        count = len(self.fields[0].lengths)
        terms = ranked(self.terms)
        with translated(self.folder, "write"):
            inverted = ((one.field, one.inverted(terms)) for one in self.fields)
            write_fields(DurableStorage(self.folder), self.segment_id, inverted, count)
        return TermsFile(count)


@dataclass(frozen=True, slots=True)
class Merge:
    """Some terms of a field of several segments to merge into a terms file of their own.

    Attributes:
        folder: the index folder.
        segments: the segments to merge, with their deleted documents.
        field: the field.
        terms: which of its terms.
        segment_id: see ``Invert``.
    """

    folder: Path
    segments: tuple[SegmentInfo, ...]
    field: str
    terms: TermRange
    segment_id: str

    def run(self, advanced: Progress) -> TermsFile:
        """Merge them.

        Raises:
            IndexFault, IndexDamaged: a file cannot be written or read.
        """
        storage = DurableStorage(self.folder)
        with translated(self.folder, "write"):
            sources = [
                open_segment_arrays(storage, one.segment_id, one.doc_count_all, one.deleted) for one in self.segments
            ]
            return TermsFile(merge_terms(storage, self.segment_id, sources, self.field, self.terms))


def delegate(worker: WorkerProcess, task: Invert | Merge, storage: DurableStorage) -> Callable[[], InvertedIndex]:
    """Have a worker write a part of a segment into a file of its own, while this process writes the others.

    Returns:
        How to wait for the file.
    """
    asked = worker.ask(task)
    return cache(lambda: InvertedIndex(storage, task.segment_id, asked.result().doc_count))


def write_documents(builder: SegmentBuilder, folder: Path, worker: WorkerProcess | None = None) -> ArraySegment:
    """Write documents as a new segment of an index folder.

    Args:
        builder: the documents; one at least.
        folder: the index folder.
        worker: a process that writes the searched fields meanwhile.

    Raises:
        IndexFault: a file cannot be written, or the worker ended.
    """
    segment = ArraySegment(INDEX_NAME)
    with translated(folder, "write"):
        storage = DurableStorage(folder)
        theirs = NOTHING_DELEGATED
        if worker is not None and (fields := builder.searched_fields()):
            task = Invert(folder, builder.terms(), fields, ArraySegment(INDEX_NAME).segment_id())
            result = delegate(worker, task, storage)
            theirs = {one.field: result for one in fields}
        write_segment(storage, segment, builder.build(with_searched_fields=not theirs), theirs)
    return segment


def info_of(segment: ArraySegment) -> SegmentInfo:
    """Return what a commit keeps of a segment."""
    return SegmentInfo(segment.segment_id(), segment.doc_count_all(), tuple(segment.deleted_docs()))
