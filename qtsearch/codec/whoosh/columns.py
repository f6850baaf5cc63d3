"""Whoosh's columns over ours."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from whoosh import columns
from whoosh.filedb.structfile import BufferFile, StructFile

from qtsearch.codec import values
from qtsearch.codec.columns.format import NUMBER_TYPES, BytesColumn, Kind
from qtsearch.codec.columns.writer import bytes_column
from qtsearch.codec.container.reader import StructureDamaged
from qtsearch.codec.documents import Documents
from qtsearch.codec.documents_writer import DocumentsWriter


class ColumnBuffer(Protocol):
    """Takes the values of a column in the order of docnums, and writes them when all are there."""

    def checked(self, value: Any) -> Any:
        """Return a value in the form that ``add`` wants.

        Raises:
            ValueError: the column cannot hold it.
        """

    def add(self, docnum: int, checked: Any) -> None:
        """Take the value of a document."""

    def write(self, writer: DocumentsWriter, field: str, doc_count: int) -> None:
        """Write the column; documents without a value have its default."""


def buffer_for(column: Any) -> ColumnBuffer:
    """Return a buffer for a Whoosh column: our own kinds where there is one, else Whoosh's bytes."""
    if type(column) is columns.NumericColumn and column._typecode in NUMBER_TYPES:
        return _Numbers(column)
    if type(column) in (columns.VarBytesColumn, columns.CompressedBlockColumn):
        return _Strings("bytes", packed=type(column) is columns.CompressedBlockColumn)
    if isinstance(column, columns.PickleColumn):
        return _Strings("values")
    return _Foreign(column)


class _Numbers:
    def __init__(self, column: Any) -> None:
        self._type = NUMBER_TYPES[column._typecode]
        self._pack = struct.Struct("<" + column._typecode).pack
        self._default_value = column.default_value()
        self._default = self._pack(self._default_value)
        self._data = bytearray()

    def checked(self, value: Any) -> bytes:
        try:
            return self._pack(value)
        except (struct.error, OverflowError) as error:
            raise ValueError(f"{value!r:.80} does not fit into the column: {error}") from error

    def add(self, docnum: int, checked: bytes) -> None:
        self._fill(docnum)
        self._data += checked

    def write(self, writer: DocumentsWriter, field: str, doc_count: int) -> None:
        self._fill(doc_count)
        writer.add_column(field, np.frombuffer(self._data, self._type), doc_count, "numbers", self._default_value)

    def _fill(self, docnum: int) -> None:
        self._data += self._default * (docnum - len(self._data) // len(self._default))


class _Strings:
    def __init__(self, kind: Kind, *, packed: bool = False) -> None:
        self._kind = kind
        self._packed = packed
        self._values: list[bytes] = []

    def checked(self, value: Any) -> bytes:
        if self._kind == "bytes":
            if not isinstance(value, bytes | bytearray | memoryview):
                raise ValueError(f"the column holds bytes, not {value!r:.80}")
            return bytes(value)
        try:
            return b"" if value is None else values.encode(value)
        except TypeError as error:
            raise ValueError(str(error)) from error

    def add(self, docnum: int, checked: bytes) -> None:
        self._fill(docnum)
        self._values.append(checked)

    def write(self, writer: DocumentsWriter, field: str, doc_count: int) -> None:
        self._fill(doc_count)
        writer.add_column(field, bytes_column(self._values, packed=self._packed), doc_count, self._kind)

    def _fill(self, docnum: int) -> None:
        self._values.extend([b""] * (docnum - len(self._values)))


class _Foreign:
    def __init__(self, column: Any) -> None:
        self._column = column
        self._bytes = BytesIO()
        self._writer = column.writer(StructFile(self._bytes))

    def checked(self, value: Any) -> Any:
        # Only writing tells what a column of Whoosh takes; it must fail before anything of the document is kept.
        try:
            self._column.writer(StructFile(BytesIO())).add(0, value)
        except (struct.error, AssertionError, TypeError, OverflowError, AttributeError) as error:
            raise ValueError(f"{value!r:.80} does not fit into the column: {error!r}") from error
        return value

    def add(self, docnum: int, checked: Any) -> None:
        self._writer.add(docnum, checked)

    def write(self, writer: DocumentsWriter, field: str, doc_count: int) -> None:
        self._writer.finish(doc_count)
        writer.add_whoosh_column(field, self._bytes.getvalue())


def open_column(documents: Documents, field: str, column: Any) -> Any:
    """Return a Whoosh column reader.

    Args:
        documents: the docs file.
        field: a field that has a column there.
        column: Whoosh's description of the column.

    Raises:
        IndexDamaged: the column is not as it was written.
    """
    kind = documents.columns[field]["kind"]
    if kind == "numbers":
        return NumbersReader(documents.numbers(field), column.default_value())
    if kind == "bytes":
        return BytesReader(documents.byte_strings(field))
    if kind == "values":
        return ValuesReader(documents.byte_strings(field), documents.container.name, field)
    data = bytes(documents.container.view(f"column/{field}"))
    name, count = documents.container.name, documents.doc_count_all
    return ForeignReader(
        _trusting(name, field, lambda: column.reader(BufferFile(data), 0, len(data), count)), name, field
    )


_TRIPPED = (struct.error, LookupError, ValueError, TypeError, ArithmeticError, EOFError, AssertionError)


def _trusting(file: str, field: str, read: Callable[[], Any]) -> Any:
    """Return what a reader of Whoosh's own reads; whatever it trips over is damage, as it checks nothing."""
    try:
        return read()
    except _TRIPPED as error:
        raise StructureDamaged(file, f"column/{field}", f"not as Whoosh wrote it: {error!r}") from error


class ForeignReader(columns.ColumnReader):
    """Reads a column in Whoosh's own bytes through Whoosh's own reader."""

    def __init__(self, reader: Any, file: str, field: str) -> None:
        self._reader = reader
        self._file = file
        self._field = field

    def __len__(self) -> int:
        return len(self._reader)

    def __getitem__(self, docnum: int) -> Any:
        if not 0 <= docnum < len(self):
            raise IndexError(docnum)
        return _trusting(self._file, self._field, lambda: self._reader[docnum])

    def __getattr__(self, name: str) -> Any:
        # What only some readers have, such as ``id_set`` of bits; never what copying and pickling ask for.
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self._reader, name)

    def __iter__(self) -> Iterator[Any]:
        return iter(self.load())

    def sort_key(self, docnum: int) -> Any:
        """Return what a document sorts by."""
        try:
            return self._reader.sort_key(docnum)
        except _TRIPPED:
            self[docnum]  # says so if it is damaged
            raise  # else Whoosh cannot sort by such a value, as an empty list of bytes

    def load(self) -> Any:
        """Return all values."""
        return _trusting(self._file, self._field, self._reader.load)

    def set_reverse(self) -> None:
        """Sort greatest first."""
        self._reader.set_reverse()


class NumbersReader(columns.ColumnReader):
    """Reads a column of numbers; the default beyond its end, where Whoosh looks for segments without the column."""

    def __init__(self, numbers: NDArray[Any], default: Any) -> None:
        self._numbers = numbers
        self._default = default
        self._reverse = False

    def __len__(self) -> int:
        return len(self._numbers)

    def __getitem__(self, docnum: int) -> Any:
        return self._numbers[docnum].item() if 0 <= docnum < len(self._numbers) else self._default

    def __iter__(self) -> Iterator[Any]:
        return iter(self._numbers.tolist())

    def sort_key(self, docnum: int) -> Any:
        """Return what a document sorts by."""
        return 0 - self[docnum] if self._reverse else self[docnum]

    def load(self) -> list[Any]:
        """Return all values."""
        values: list[Any] = self._numbers.tolist()
        return values

    def set_reverse(self) -> None:
        """Sort greatest first."""
        self._reverse = True


class BytesReader(columns.ColumnReader):
    """Reads a column of byte strings; the default, which is b"", beyond its end."""

    def __init__(self, column: BytesColumn) -> None:
        self._data = column.data
        self._offsets = column.offsets

    def __len__(self) -> int:
        return len(self._offsets) - 1

    def __getitem__(self, docnum: int) -> Any:
        if not 0 <= docnum < len(self):
            return b""
        return self._data[self._offsets[docnum] : self._offsets[docnum + 1]].tobytes()

    def __iter__(self) -> Iterator[Any]:
        return (self[docnum] for docnum in range(len(self)))


class ValuesReader(BytesReader):
    """Reads a column of encoded values; None for documents without."""

    def __init__(self, column: BytesColumn, file: str, field: str) -> None:
        super().__init__(column)
        self._file = file
        self._field = field

    def sort_key(self, docnum: int) -> bytes:
        """Return what a document sorts and groups by: the encoded value, since values of any type do not compare."""
        data: bytes = super().__getitem__(docnum)
        return data

    def __getitem__(self, docnum: int) -> Any:
        data = super().__getitem__(docnum)
        try:
            return values.decode(data) if data else None
        except ValueError as error:
            raise StructureDamaged(self._file, f"column/{self._field}", f"document {docnum}: {error}") from error
