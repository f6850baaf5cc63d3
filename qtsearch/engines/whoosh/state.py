"""What a commit consists of: its segments, how it was made and when. One small JSON file a commit.

The commit becomes visible when Whoosh's table of contents of the same number is renamed into place; this file is
written before that, and it is the one that is read, because reading JSON runs no code.
"""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from qtsearch.engines.base import Recipe
from qtsearch.errors import IndexDamaged

INDEX_NAME: Final = "MAIN"
_TOC = re.compile(rf"_{INDEX_NAME}_(\d+)\.toc")


@dataclass(frozen=True, slots=True)
class SegmentInfo:
    """One segment of a commit: the id from which its files have their names, its documents, the deleted ones."""

    segment_id: str
    doc_count_all: int
    deleted: tuple[int, ...] = ()

    @property
    def live_count(self) -> int:
        """Documents that are not deleted."""
        return self.doc_count_all - len(self.deleted)


@dataclass(frozen=True, slots=True)
class CommitState:
    """One commit.

    Attributes:
        folder: the index folder.
        generation: number of the commit.
        recipe: how it was made.
        committed: when, in UTC.
        engine: name and version of what wrote it.
        segments: what it consists of.
    """

    folder: Path
    generation: int
    recipe: Recipe
    committed: datetime.datetime
    engine: str
    segments: tuple[SegmentInfo, ...]

    def size_on_disk(self) -> int:
        """Return the size of all files in the index folder."""
        return sum(path.stat().st_size for path in self.folder.iterdir() if path.is_file())

    def encode(self) -> bytes:
        """Return the content of the file."""
        content = {
            "schema_version": self.recipe.schema_version,
            "analyzer": dict(self.recipe.analyzer),
            "articles_folder": self.recipe.articles_folder,
            "committed": self.committed.isoformat(),
            "engine": self.engine,
            "segments": [[part.segment_id, part.doc_count_all, list(part.deleted)] for part in self.segments],
        }
        return json.dumps(content).encode() + b"\n"

    @classmethod
    def read(cls, folder: Path, generation: int) -> CommitState:
        """Read the file of a commit.

        Raises:
            FileNotFoundError: it is not there.
            IndexDamaged: it is not what ``encode`` made.
        """
        path = folder / state_name(generation)
        data = path.read_bytes()
        try:
            content = json.loads(data)
            return cls(
                folder,
                generation,
                Recipe(int(content["schema_version"]), dict(content["analyzer"]), str(content["articles_folder"])),
                datetime.datetime.fromisoformat(content["committed"]),
                str(content["engine"]),
                _segments(content.get("segments", ())),
            )
        except (ValueError, KeyError, TypeError) as error:
            raise IndexDamaged(f"{path} is damaged ({error}); mend it with: qtsearch reindex --full") from error


def state_name(generation: int) -> str:
    """Return the name of the file of a commit."""
    return f"commit-{generation}.json"


def toc_name(generation: int) -> str:
    """Return the name of Whoosh's table of contents of a commit."""
    return f"_{INDEX_NAME}_{generation}.toc"


def last_generation(folder: Path) -> int:
    """Return the number of the last commit, -1 without one.

    Raises:
        OSError: the folder cannot be read.
    """
    try:
        names = [path.name for path in folder.iterdir()]
    except FileNotFoundError:
        return -1
    return max((int(found[1]) for name in names if (found := _TOC.fullmatch(name))), default=-1)


def _segments(rows: Sequence[Any]) -> tuple[SegmentInfo, ...]:
    segments = tuple(SegmentInfo(str(name), int(count), tuple(map(int, deleted))) for name, count, deleted in rows)
    for segment in segments:
        if not re.fullmatch(rf"{INDEX_NAME}_[0-9a-z]+", segment.segment_id):
            raise ValueError(f"segment {segment.segment_id!r}")
        if any(not 0 <= docnum < segment.doc_count_all for docnum in segment.deleted):
            raise ValueError(f"segment {segment.segment_id} has deleted documents that it does not have")
    return segments
