"""What a commit consists of: its segments, how it was made and when. One small JSON file a commit.

The commit becomes visible when Whoosh's table of contents of the same number is renamed into place; this file is
written before that, and it is the one that is read, because reading JSON runs no code. The file is one line,

    {"crc32": "0f1e2d3c", "format_version": 1, ...}

and the checksum is that of all bytes behind ``"crc32": "0f1e2d3c", ``. Its place is the same in every version, so that
damage is told from a newer version.
"""

from __future__ import annotations

import datetime
import json
import re
import stat
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from qtsearch.codec.container.reader import StructureDamaged
from qtsearch.codec.documents import DOCS_EXTENSION
from qtsearch.codec.inverted_index import TERMS_EXTENSION
from qtsearch.engines.base import Recipe
from qtsearch.engines.whoosh.documents import SCHEMA_VERSION
from qtsearch.errors import IndexOutdated
from qtsearch.patterns import pattern
from qtsearch.values import dataclass

INDEX_NAME: Final = "MAIN"

FORMAT_VERSION: Final = 1
"""The version of the file that this code writes, and the newest that it reads."""

MAX_BYTES: Final = 2**28
"""A larger file is none of ours: one that names ten million deleted documents has a third of that."""

MAX_GENERATION: Final = 10**9
"""Whoosh keeps the number in 32 bits. A file with a greater one is not taken for a commit."""

LISTINGS: Final = 8

_TOC = pattern(rf"_{INDEX_NAME}_(0|[1-9][0-9]*)\.toc")
# Ours, and those that Whoosh writes into its indexes and does not always remove. Nothing else: whatever has such a name
# is removed, and an index may lie among a person's own files.
_OWN = pattern(
    rf"{INDEX_NAME}_[0-9a-z]+\.(?:docs|terms|seg|trm|pst|vps|[A-Za-z_]\w*\.col)"
    rf"|_{INDEX_NAME}_(?P<toc>[0-9]+)\.toc(?:\.new|\.[0-9]+(?:\.[0-9]+)?)?"
    r"|commit-(?P<state>[0-9]+)\.json"
)
_SEGMENT_ID = pattern(rf"{INDEX_NAME}_[0-9a-z]+")
_ENVELOPE = re.compile(rb'\{"crc32": "([0-9a-f]{8})", ')
_ENVELOPE_SIZE: Final = len(b'{"crc32": "01234567", ')


@dataclass(frozen=True, slots=True)
class SegmentInfo:
    """One segment of a commit: the id from which its files have their names, its documents, the deleted ones."""

    segment_id: str
    doc_count_all: int
    deleted: tuple[int, ...] = ()

    def file_names(self) -> tuple[str, str]:
        """Return the names of its two files."""
        return self.segment_id + DOCS_EXTENSION, self.segment_id + TERMS_EXTENSION


@dataclass(frozen=True, slots=True)
class FileSum:
    """What a file that has no checksum of its own must be like: its size in bytes and its CRC-32."""

    size: int
    crc32: int

    @classmethod
    def of(cls, data: bytes) -> FileSum:
        """Return the sum of a whole file."""
        return cls(len(data), zlib.crc32(data))


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
        toc: size and checksum of Whoosh's table of contents, which is never read.
        checksum: that of the file it was read from, "" of a commit that is to be written.
    """

    folder: Path
    generation: int
    recipe: Recipe
    committed: datetime.datetime
    engine: str
    segments: tuple[SegmentInfo, ...]
    toc: FileSum
    checksum: str = ""

    @property
    def name(self) -> str:
        """The name of the commit; see ``Store.last_commit``."""
        return commit_name(self.generation, self.checksum)

    def size_on_disk(self) -> int:
        """Return the size of all files of the index, 0 if its folder was removed."""
        return sum(_size_if_there(self.folder / name) for name in _names(self.folder) if is_own_name(name))

    def file_names(self) -> list[str]:
        """Return the names of the segments' files."""
        return [name for segment in self.segments for name in segment.file_names()]

    def require_files(self) -> None:
        """Make sure that every file of the segments is one: opening a pipe, for example, would never end.

        Raises:
            FileNotFoundError: one is not there.
            StructureDamaged: one is something else than a file.
        """
        for name in self.file_names():
            require_file(self.folder / name)

    def refuse_newer(self) -> None:
        """Raise ``IndexOutdated`` if a newer version wrote the commit."""
        version = self.recipe.schema_version
        if version > SCHEMA_VERSION:
            raise IndexOutdated(
                f"the index in {self.folder} was written by a newer qtsearch (schema version {version}, this one "
                f"reads {SCHEMA_VERSION}); upgrade qtsearch, or rebuild with: qtsearch reindex --full"
            )

    def refuse_other_versions(self) -> None:
        """Raise ``IndexOutdated`` if a newer or an older version wrote the commit."""
        self.refuse_newer()
        if self.recipe.schema_version < SCHEMA_VERSION:
            raise IndexOutdated(
                f"the index in {self.folder} was written by an older qtsearch; rebuild it with: qtsearch reindex"
            )

    def encode(self) -> bytes:
        """Return the content of the file."""
        content = {
            "format_version": FORMAT_VERSION,
            "generation": self.generation,
            "schema_version": self.recipe.schema_version,
            "analyzer": dict(self.recipe.analyzer),
            "articles_folder": self.recipe.articles_folder,
            "facets": list(self.recipe.facets),
            "committed": self.committed.isoformat(),
            "engine": self.engine,
            "toc": [self.toc.size, self.toc.crc32],
            "segments": [[part.segment_id, part.doc_count_all, list(part.deleted)] for part in self.segments],
        }
        summed = json.dumps(content).encode()[1:] + b"\n"
        return b'{"crc32": "%08x", ' % zlib.crc32(summed) + summed

    @classmethod
    def read(cls, folder: Path, generation: int) -> CommitState:
        """Read the file of a commit.

        Raises:
            FileNotFoundError: it is not there.
            StructureDamaged: it is not what ``encode`` made.
            IndexOutdated: a newer version made it.
        """
        path = folder / state_name(generation)
        size = require_file(path)
        if size > MAX_BYTES:
            raise StructureDamaged(path.name, "size", f"{size} bytes, expected {MAX_BYTES} at most")
        checksum, content = _verified(path.name, path.read_bytes())
        try:
            return _parsed(folder, generation, checksum, content)
        except (ValueError, KeyError, TypeError) as error:
            raise StructureDamaged(path.name, "content", f"{type(error).__name__} {error}") from error


def require_file(path: Path) -> int:
    """Return the size of a file in bytes.

    Raises:
        FileNotFoundError: it is not there.
        StructureDamaged: it is something else than a file.
    """
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        raise StructureDamaged(path.name, "file", f"mode {stat.filemode(status.st_mode)}, expected a file")
    return status.st_size


def state_name(generation: int) -> str:
    """Return the name of the file of a commit."""
    return f"commit-{generation}.json"


def toc_name(generation: int) -> str:
    """Return the name of Whoosh's table of contents of a commit."""
    return f"_{INDEX_NAME}_{generation}.toc"


def generation_of(name: str) -> int | None:
    """Return the number of the commit whose table of contents has this name, None if it is another file."""
    found = _TOC.fullmatch(name)
    return int(found[1]) if found and int(found[1]) <= MAX_GENERATION else None


def is_own_name(name: str) -> bool:
    """Return whether a file of this name in an index folder belongs to the index, now or once."""
    return _OWN.fullmatch(name) is not None


def is_foreign(folder: Path) -> bool:
    """Return whether none of the files of an index is one that only qtsearch writes: another program made it."""
    ours = (".json", DOCS_EXTENSION, TERMS_EXTENSION)
    return not any(is_own_name(name) and name.endswith(ours) for name in _names(folder))


def last_generation(folder: Path) -> int:
    """Return the number of the last commit, -1 without one.

    Raises:
        OSError: the folder cannot be read.
    """
    # A listing that is made while one commit takes the place of another may hold neither: then look again.
    for _ in range(LISTINGS):
        names = _names(folder)
        numbers = [number for name in names if (number := generation_of(name)) is not None]
        if numbers:
            return max(numbers)
        if not any(map(is_own_name, names)):
            break
    return -1


def next_generation(folder: Path) -> int:
    """Return a number for a commit that no file of the folder bears, greater than any that one does.

    Raises:
        OSError: the folder cannot be read.
    """
    found = filter(None, map(_OWN.fullmatch, _names(folder)))
    numbers = [int(match["toc"] or match["state"] or -1) for match in found]
    return 1 + max((number for number in numbers if number <= MAX_GENERATION), default=-1)


def _names(folder: Path) -> list[str]:
    try:
        return [path.name for path in folder.iterdir()]
    except FileNotFoundError:
        return []


def _size_if_there(path: Path) -> int:
    try:
        status = path.lstat()
    except FileNotFoundError:  # a writer has removed it since
        return 0
    return status.st_size if stat.S_ISREG(status.st_mode) else 0


def commit_name(generation: int, checksum: str) -> str:
    """Return the name of a commit. Another index in the same place may begin to number anew; its checksums differ."""
    return f"{generation}-{checksum}"


def checksum_of(folder: Path, generation: int) -> str:
    """Return the checksum of the file of a commit, as the file says it; of no other commit is it the same.

    Raises:
        FileNotFoundError: it is not there.
        StructureDamaged: it does not begin with one.
    """
    path = folder / state_name(generation)
    require_file(path)
    with path.open("rb") as file:
        return _envelope(path.name, file.read(_ENVELOPE_SIZE))[1].decode()


def _envelope(name: str, data: bytes) -> re.Match[bytes]:
    envelope = _ENVELOPE.match(data)
    if envelope is None:
        raise StructureDamaged(name, "header", f"begins with {data[:24]!r}, expected a checksum")
    return envelope


def _verified(name: str, data: bytes) -> tuple[str, dict[str, Any]]:
    """Return the checksum and the content of the file, once the one fits the other and its version is known."""
    envelope = _envelope(name, data)
    summed, checksum = data[envelope.end() :], envelope[1].decode()
    if zlib.crc32(summed) != int(checksum, 16):
        raise StructureDamaged(name, "content", f"CRC-32 {zlib.crc32(summed):08x}, expected {checksum}")
    try:
        content = json.loads(b"{" + summed)
        version = _value(content, "format_version", int)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise StructureDamaged(name, "content", f"{type(error).__name__} {error}") from error
    if version > FORMAT_VERSION:
        raise IndexOutdated(
            f"{name}: format version {version}, this qtsearch reads up to {FORMAT_VERSION}; upgrade qtsearch, or "
            "rebuild with: qtsearch reindex --full"
        )
    assert isinstance(content, dict), "what has a key is an object"
    return checksum, content


def _parsed(folder: Path, generation: int, checksum: str, content: Mapping[str, Any]) -> CommitState:
    if (found := _value(content, "generation", int)) != generation:
        raise ValueError(f"of commit {found}, expected {generation}")
    committed = datetime.datetime.fromisoformat(_value(content, "committed", str))
    if committed.tzinfo is None:
        raise ValueError(f"committed {committed}, expected a time zone")
    size, crc32 = _value(content, "toc", list)
    return CommitState(
        folder,
        generation,
        Recipe(
            _value(content, "schema_version", int),
            _value(content, "analyzer", dict),
            _value(content, "articles_folder", str),
            tuple(_each(_value(content, "facets", list), str)),
        ),
        committed,
        _value(content, "engine", str),
        _segments(_value(content, "segments", list)),
        FileSum(*_each([size, crc32], int)),
        checksum,
    )


def _segments(rows: list[Any]) -> tuple[SegmentInfo, ...]:
    segments = []
    for name, count, deleted in rows:
        _each([name], str), _each([count, *deleted], int)
        if not _SEGMENT_ID.fullmatch(name):
            raise ValueError(f"segment {name!r}")
        if deleted != sorted(set(deleted)) or (deleted and not 0 <= deleted[0] <= deleted[-1] < count):
            raise ValueError(f"segment {name} of {count} documents has deleted ones that it does not have")
        segments.append(SegmentInfo(name, count, tuple(deleted)))
    if len({segment.segment_id for segment in segments}) < len(segments):
        raise ValueError("a segment is named twice")
    return tuple(segments)


def _value(content: Mapping[str, Any], key: str, kind: type) -> Any:
    return _each([content[key]], kind)[0]


def _each(values: list[Any], kind: type) -> list[Any]:
    """Return values of a type, and of no other: True is no number here."""
    for value in values:
        if type(value) is not kind:
            raise TypeError(f"{str(value)[:40]!r}, expected {kind.__name__}")
    return values
