"""The bytes of a column, one of three kinds, for D documents.

    numbers   section ``column/<field>``: D numbers of the column's type, little-endian
    bytes     section ``column/<field>``: the values one after the other;
              section ``column_sizes/<field>``: the bytes of each: D numbers of 1, 2 or 4 bytes, as the largest needs
              where its properties say ``packed``, ``column/<field>`` holds Zstandard frames instead: one for each 1 MiB
              of the values one after the other, each naming its size; section ``column_frames/<field>``: the bytes of
              each frame, 4 bytes each
    whoosh    section ``column/<field>``: the bytes that the column class of Whoosh writes itself

``values`` is a kind of ``bytes`` whose values have the form of ``qtsearch.codec.values``; it stands for Whoosh's
``PickleColumn``, as there is no pickle in a segment. The properties of the docs file keep each column's kind and type.
"""

from __future__ import annotations

from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from qtsearch.codec.packing.format import Bytes, Offsets
from qtsearch.values import dataclass

FRAME: Final = 2**20
"""Bytes of values in each frame of a packed column; the last may have fewer."""

FRAME_LEVEL: Final = 3

Kind = Literal["numbers", "bytes", "values", "whoosh"]

NUMBER_TYPES: Final = {
    "b": "<i1",
    "B": "<u1",
    "h": "<i2",
    "H": "<u2",
    "i": "<i4",
    "I": "<u4",
    "l": "<i4",
    "L": "<u4",
    "q": "<i8",
    "Q": "<u8",
    "f": "<f4",
    "d": "<f8",
}
"""numpy's name of each type code that Whoosh's ``NumericColumn`` takes (in the ``struct`` module's standard sizes)."""


@dataclass(frozen=True, slots=True)
class BytesColumn:
    """A byte string for each document.

    Attributes:
        data: uint8, the byte strings one after the other.
        offsets: int64 ``[documents + 1]``, where each starts, and where the last ends.
        packed: whether they lie compressed in the file: for columns that are alike from document to document, and are
            read as a whole if at all.
    """

    data: Bytes
    offsets: Offsets
    packed: bool = False

    def value(self, docnum: int) -> bytes:
        """Return the byte string of one document."""
        return self.data[self.offsets[docnum] : self.offsets[docnum + 1]].tobytes()


ColumnArrays = NDArray[Any] | BytesColumn


def number_type(array: NDArray[Any]) -> str:
    """Return numpy's little-endian name of an array's type.

    Raises:
        ValueError: it is not one that a column can have.
    """
    name = f"<{np.dtype(array.dtype).kind}{array.dtype.itemsize}"
    if name not in NUMBER_TYPES.values():
        raise ValueError(f"a column cannot have numbers of type {array.dtype}")
    return name
