"""What is fuzzed: functions of bytes that may only return. Whatever they raise is a bug that was found."""

from __future__ import annotations

import atexit
import functools
import shutil
import tempfile
import zlib
from pathlib import Path

from whoosh.filedb.filestore import RamStorage

from qtsearch.articles.front_matter import read_article
from qtsearch.articles.model import Article
from qtsearch.codec.container.format import FOOTER, FOOTER_SIZE, PAGE_SIZE
from qtsearch.codec.verify import verify
from qtsearch.engines.whoosh.state import CommitState, state_name
from qtsearch.errors import ArticleError, IndexFault
from qtsearch.query.language import parse
from tests.codec.arrays import segment_of
from tests.codec.reading import file_names

SEGMENT_ID = "MAIN_fuzzed"


def article(data: bytes) -> None:
    """A file becomes an article or one line."""
    try:
        found, problems = read_article(Path("a.md"), "a.md", data)
    except ArticleError as error:
        assert "\n" not in str(error).strip()
    else:
        assert isinstance(found, Article)
        assert all(problem.path == "a.md" for problem in problems)


def query(data: bytes) -> None:
    """A text becomes a tree; what it means does not depend on when it is asked."""
    text = data.decode("utf-8", "surrogateescape")
    parsed = parse(text)
    assert parsed == parse(text)
    assert all(isinstance(notice, str) for notice in parsed.notices)


def segment(data: bytes) -> None:
    """A forged file with right checksums is read to its end, or damage is named.

    Each five bytes of the data are one forgery: which file, where (3 bytes), and the new byte.
    """
    forged = {name: bytearray(whole) for name, whole in _segment_files().items()}
    for at in range(0, len(data) - 4, 5):
        which, place, byte = data[at], int.from_bytes(data[at + 1 : at + 4], "little"), data[at + 4]
        file = forged[sorted(forged)[which % 2]]
        file[place % (len(file) - FOOTER_SIZE)] = byte
    storage = RamStorage()
    for name, file in forged.items():
        with storage.create_file(name) as out:
            out.write(resealed(bytes(file)))
    assert isinstance(verify(storage, SEGMENT_ID), list)


def commit(data: bytes) -> None:
    """A commit's file of any content, under a right checksum, is read or is damage."""
    folder = scratch()
    (folder / state_name(0)).write_bytes(b'{"crc32": "%08x", ' % zlib.crc32(data) + data)
    try:
        state = CommitState.read(folder, 0)
    except IndexFault as error:
        assert "\n" not in str(error)
    else:
        assert CommitState.read(folder, 0) == state


TARGETS = {function.__name__: function for function in (article, query, segment, commit)}

SEEDS = {
    "article": [b"---\ntitle: T\nanswer: >-\n  a *b*\nid: 5\ndate: 2024-01-02\nseo: {page_keywords: a}\n---\n# b\n"],
    "query": [b'+liver -"heart attack"~3 (a OR b* AND c~2) title:x^2 date:[2020 TO 2021]'],
    "segment": [bytes(5), b"\x01\x40\x00\x00\xff" * 3],
    "commit": [b'"format_version": 1, "generation": 0, "segments": [["MAIN_a", 2, [1]]], "toc": [1, 2]}'],
}


def resealed(data: bytes) -> bytes:
    """Return a container whose footer is sound, with all its checksums made right."""
    body, length, size, pages, _ = FOOTER.unpack_from(data, len(data) - FOOTER_SIZE)
    pieces = (data[start : min(start + PAGE_SIZE, body)] for start in range(0, body, PAGE_SIZE))
    index = data[body : body + length] + b"".join(zlib.crc32(piece).to_bytes(4, "little") for piece in pieces)
    footer = FOOTER.pack(body, length, size, pages, zlib.crc32(index))
    return data[:body] + index + footer + zlib.crc32(footer).to_bytes(4, "little") + data[-8:]


@functools.cache
def _segment_files() -> dict[str, bytes]:
    storage, made = segment_of([[b"liver", b"cancer", b"liver"], [b"heart"]] * 3, segid=SEGMENT_ID.partition("_")[2])
    files = {}
    for name in file_names(made):
        with storage.open_file(name) as file:
            files[name] = bytes(file.read())
    return files


@functools.cache
def scratch() -> Path:
    """Return a folder for files that a target reads, removed when the process ends in the usual way."""
    folder = Path(tempfile.mkdtemp(prefix="qtsearch-fuzz-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder
