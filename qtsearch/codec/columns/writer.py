"""Write columns."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import zstandard

from qtsearch.codec.byte_strings import ByteStrings
from qtsearch.codec.columns.format import FRAME, FRAME_LEVEL, BytesColumn, ColumnArrays, Kind, number_type
from qtsearch.codec.container.writer import ContainerWriter
from qtsearch.codec.packing.format import Bytes


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
        if column.packed:
            _write_packed(container, field, column.data)
            width = container.add_numbers(f"column_sizes/{field}", np.diff(column.offsets))
            return {"kind": kind, "size_bytes": width, "packed": True}
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


def _write_packed(container: ContainerWriter, field: str, data: Bytes) -> None:
    compressor = zstandard.ZstdCompressor(level=FRAME_LEVEL)
    sizes = []
    with container.section(f"column/{field}") as write:
        for start in range(0, len(data), FRAME):
            frame = compressor.compress(np.ascontiguousarray(data[start : start + FRAME]).data)
            write(frame)
            sizes.append(len(frame))
    container.add(f"column_frames/{field}", np.array(sizes, dtype="<u4"))


def bytes_column(values: Iterable[bytes], *, packed: bool = False) -> BytesColumn:
    """Return byte strings as a column; see ``BytesColumn``."""
    strings = ByteStrings.of(values)
    return BytesColumn(strings.data, strings.offsets, packed)
