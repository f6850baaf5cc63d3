"""Write columns."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from qtsearch.codec.columns.format import BytesColumn, ColumnArrays, Kind, number_type
from qtsearch.codec.container.writer import ContainerWriter
from qtsearch.codec.packing.format import offsets_of


def write_column(
    container: ContainerWriter,
    field: str,
    column: ColumnArrays,
    doc_count: int,
    kind: Kind = "bytes",
    default: float = 0,
) -> dict[str, Any]:
    """Write one column and return its properties for the contents of the file.

    Args:
        container: the docs file.
        field: the column's field.
        column: numbers, or byte strings of the kind ``bytes`` or ``values``.
        doc_count: the values it must have.
        kind: which kind byte strings are.
        default: the number of documents that have none.

    Raises:
        ValueError: another number of values, or numbers of a type that no column has.
    """
    if isinstance(column, BytesColumn):
        if len(column.offsets) != doc_count + 1:
            raise ValueError(f"column {field!r} has {len(column.offsets) - 1} values for {doc_count} documents")
        width = write_strings(container, f"column/{field}", f"column_sizes/{field}", column)
        return {"kind": kind, "size_bytes": width}
    if len(column) != doc_count:
        raise ValueError(f"column {field!r} has {len(column)} values for {doc_count} documents")
    name = number_type(column)
    container.add(f"column/{field}", column.astype(name))
    return {"kind": "numbers", "type": name, "default": default}


def write_strings(container: ContainerWriter, name: str, sizes_name: str, column: BytesColumn) -> int:
    """Write byte strings as two sections, and return how many bytes each size takes."""
    container.add(name, column.data)
    return container.add_numbers(sizes_name, np.diff(column.offsets))


def bytes_column(values: Iterable[bytes]) -> BytesColumn:
    """Return byte strings as a column."""
    pieces = list(values)
    sizes = np.fromiter(map(len, pieces), dtype=np.int64, count=len(pieces))
    return BytesColumn(np.frombuffer(b"".join(pieces), dtype=np.uint8), offsets_of(sizes))
