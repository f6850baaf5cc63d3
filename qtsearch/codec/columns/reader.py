"""Read columns as arrays."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import zstandard
from numpy.typing import NDArray

from qtsearch.codec.columns.format import FRAME, NUMBER_TYPES, BytesColumn
from qtsearch.codec.container.reader import Container, StructureDamaged
from qtsearch.codec.packing.format import Bytes, Offsets, offsets_of


def read_numbers(container: Container, field: str, properties: dict[str, Any], doc_count_all: int) -> NDArray[Any]:
    """Return a column of numbers, ``[doc_count_all]``, a view of the file.

    Raises:
        IndexDamaged: it is not as it was written.
        KeyError: the column holds no numbers.
    """
    if properties["kind"] != "numbers":
        raise KeyError(f"column {field!r} holds no numbers")
    if properties.get("type") not in NUMBER_TYPES.values():
        raise StructureDamaged(container.name, f"column/{field}", f"unknown type {properties.get('type')!r}")
    return container.array(f"column/{field}", properties["type"], doc_count_all)


def read_bytes(container: Container, field: str, properties: dict[str, Any], doc_count_all: int) -> BytesColumn:
    """Return a column of byte strings, for all documents.

    Raises:
        IndexDamaged: it is not as it was written.
        KeyError: the column holds no byte strings.
    """
    if properties["kind"] not in ("bytes", "values"):
        raise KeyError(f"column {field!r} holds no byte strings")
    name, sizes_name, width = f"column/{field}", f"column_sizes/{field}", properties.get("size_bytes", 0)
    if not properties.get("packed", False):
        return read_strings(container, name, sizes_name, width, doc_count_all)
    offsets = _read_offsets(container, name, sizes_name, width, doc_count_all)
    return BytesColumn(_unpacked(container, field, int(offsets[-1])), offsets, packed=True)


def _unpacked(container: Container, field: str, size: int) -> Bytes:
    """Return what the frames of a packed column stand for; about 1 ms for each MiB."""
    name = f"column/{field}"
    frames = container.view(name)
    bounds = offsets_of(container.array(f"column_frames/{field}", "<u4", -(-size // FRAME)).astype(np.int64)).tolist()
    if bounds[-1] != len(frames):
        raise StructureDamaged(container.name, name, f"frames of {bounds[-1]} bytes, expected {len(frames)}")
    decompressor = zstandard.ZstdDecompressor()
    pieces = []
    for number, (start, end) in enumerate(pairwise(bounds)):
        frame, expected = frames[start:end], min(FRAME, size - number * FRAME)
        try:
            if zstandard.frame_content_size(frame) != expected:
                raise StructureDamaged(container.name, name, f"frame {number} does not stand for {expected} bytes")
            pieces.append(decompressor.decompress(frame, allow_extra_data=False))
        except zstandard.ZstdError as error:
            raise StructureDamaged(container.name, name, f"frame {number}: {error}") from error
    return np.frombuffer(b"".join(pieces), dtype=np.uint8)


def read_strings(container: Container, name: str, sizes_name: str, width: int, doc_count_all: int) -> BytesColumn:
    """Return the byte strings that ``write_strings`` wrote; the offsets are computed, about 3 ns for each document.

    Raises:
        IndexDamaged: they are not as they were written.
    """
    data = np.frombuffer(container.view(name), dtype=np.uint8)
    offsets = _read_offsets(container, name, sizes_name, width, doc_count_all)
    if offsets[-1] != len(data):
        raise StructureDamaged(container.name, sizes_name, f"sum {offsets[-1]}, expected {len(data)}")
    return BytesColumn(data, offsets)


def _read_offsets(container: Container, name: str, sizes_name: str, width: int, doc_count_all: int) -> Offsets:
    with container.trusting(name):
        return offsets_of(container.array(sizes_name, f"<u{width}", doc_count_all).astype(np.int64))
