"""Read columns as arrays."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from qtsearch.codec.columns.format import NUMBER_TYPES, BytesColumn
from qtsearch.codec.container.reader import Container, StructureDamaged


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
    """Return a column of byte strings, for all documents; both arrays are views of the file.

    Raises:
        IndexDamaged: it is not as it was written.
        KeyError: the column holds no byte strings.
    """
    if properties["kind"] not in ("bytes", "values"):
        raise KeyError(f"column {field!r} holds no byte strings")
    data = np.frombuffer(container.view(f"column/{field}"), dtype=np.uint8)
    offsets = container.array(f"column_starts/{field}", "<u8", doc_count_all + 1).view("<i8")
    if offsets[0] != 0 or offsets[-1] != len(data) or (np.diff(offsets) < 0).any():
        raise StructureDamaged(container.name, f"column_starts/{field}", f"the values do not fill {len(data)} bytes")
    return BytesColumn(data, offsets)
