"""Read columns as arrays."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from qtsearch.codec.columns.format import NUMBER_TYPES, BytesColumn
from qtsearch.codec.container.reader import Container, StructureDamaged
from qtsearch.codec.packing.format import offsets_of


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
    names = f"column/{field}", f"column_sizes/{field}"
    return read_strings(container, *names, properties.get("size_bytes", 0), doc_count_all)


def read_strings(container: Container, name: str, sizes_name: str, width: int, doc_count_all: int) -> BytesColumn:
    """Return the byte strings that ``write_strings`` wrote; the offsets are computed, about 3 ns for each document.

    Raises:
        IndexDamaged: they are not as they were written.
    """
    data = np.frombuffer(container.view(name), dtype=np.uint8)
    with container.trusting(name):
        offsets = offsets_of(container.array(sizes_name, f"<u{width}", doc_count_all).astype(np.int64))
    if offsets[-1] != len(data):
        raise StructureDamaged(container.name, sizes_name, f"sum {offsets[-1]}, expected {len(data)}")
    return BytesColumn(data, offsets)
