"""Segments from arrays, for the tests of this folder."""

import io

import numpy as np
from whoosh.filedb.filestore import RamStorage

from qtsearch.codec import values
from qtsearch.codec.byte_strings import ByteStrings
from qtsearch.codec.columns.writer import bytes_column
from qtsearch.codec.container.reader import Container
from qtsearch.codec.container.writer import ContainerWriter
from qtsearch.codec.postings.format import Inverted
from qtsearch.codec.segment_writer import SegmentData, write_segment
from qtsearch.codec.whoosh.segment import ArraySegment


class KeptBytes(io.BytesIO):
    """A file whose bytes outlive closing."""

    def close(self):
        self.data = self.getvalue()


def container(write, properties=None, kind=b"TEST"):
    """Return the container that ``write(writer)`` makes, open."""
    sink = KeptBytes()
    writer = ContainerWriter(sink, kind)
    write(writer)
    writer.finish(properties or {})
    return Container(memoryview(sink.data), "test", kind)


def invert(documents, positions=True, freqs=True):
    """Invert documents (lists of terms, bytes), the slow and obvious way: ``Inverted`` and lengths."""
    found = {}
    for docnum, tokens in enumerate(documents):
        for position, token in enumerate(tokens):
            found.setdefault(token, {}).setdefault(docnum, []).append(position)
    terms = sorted(found)
    lists = Inverted(
        ByteStrings.of(terms),
        np.array([len(found[term]) for term in terms], dtype=np.int64),
        np.array([docnum for term in terms for docnum in found[term]], dtype=np.int32),
        np.array([len(where) for term in terms for where in found[term].values()], dtype=np.int32) if freqs else None,
        np.array([p for term in terms for where in found[term].values() for p in where], dtype=np.int32)
        if positions
        else None,
    )
    return lists, np.array([len(tokens) for tokens in documents], dtype=np.int32), found


def segment_of(documents, storage=None, segid="tiny"):
    """Write a small segment with every structure of the batch road, and return storage and segment."""
    storage = storage or RamStorage()
    lists, lengths, _ = invert(documents)
    flags, _, _ = invert([sorted(set(tokens)) for tokens in documents], positions=False, freqs=False)
    count = len(documents)
    data = SegmentData(
        count,
        {name: one for name, one in (("text", lists), ("flag", flags)) if len(one.terms)},
        {"text": lengths},
        {
            "number": np.arange(count, dtype=np.int64) - 3,
            "small": np.arange(count, dtype=np.uint8),
            "path": bytes_column(b"articles/%d.md" % number for number in range(count)),
        },
        [values.encode({"n": number, "article": b"\x00".join(tokens)}) for number, tokens in enumerate(documents)],
    )
    segment = ArraySegment("MAIN", segid)
    write_segment(storage, segment, data)
    return storage, segment
