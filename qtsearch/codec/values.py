"""Values as bytes without pickle: what Whoosh may be asked to store, tagged by type.

value   := tag (1 byte), then
N T F      nothing                       None, True, False
i          length (varint), bytes        int, little-endian two's complement of any size
f          8 bytes                       float, IEEE 754 little-endian
s b        length (varint), bytes        str as UTF-8 (lone surrogates pass), bytes
l t e z    count (varint), values        list, tuple, set, frozenset
d          count (varint), key value...  dict
D          ISO 8601 text, as s           datetime.datetime
A H        ISO 8601 text, as s           datetime.date, datetime.time
M          3 ints as i                   datetime.timedelta: days, seconds, microseconds
C          text, as s                    decimal.Decimal
varint  := 7 bits a byte, lowest first, the top bit set on all but the last
"""

from __future__ import annotations

import datetime
import struct
from collections import OrderedDict
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any, Final

Data = bytes | memoryview
_FLOAT: Final = struct.Struct("<d")
_SEQUENCES: Final[dict[type, bytes]] = {list: b"l", tuple: b"t", set: b"e", frozenset: b"z"}
_TEXTS: Final[dict[type, tuple[bytes, Callable[[Any], str]]]] = {
    str: (b"s", str.__str__),
    datetime.datetime: (b"D", datetime.datetime.isoformat),
    datetime.date: (b"A", datetime.date.isoformat),
    datetime.time: (b"H", datetime.time.isoformat),
    Decimal: (b"C", Decimal.__str__),
}
"""How a type is written as text: by the base's own methods, which a subclass such as an enumeration may override. A
subclass is written as the first of these that it is one of."""

DEEPEST: Final = 200
"""Containers inside each other; reading more would take more of Python's stack than there may be."""

_PLAIN: Final[dict[Any, Callable[[Any], Any]]] = {
    int: int.__index__,
    float: float.__float__,
    bytes: lambda value: bytes.__getitem__(value, slice(None)),
    list: lambda value: list.__getitem__(value, slice(None)),
    tuple: lambda value: tuple(tuple.__iter__(value)),
    set: lambda value: set(set.__iter__(value)),
    frozenset: lambda value: frozenset(frozenset.__iter__(value)),
    # An ordered one keeps its order beside the items.
    OrderedDict: lambda value: dict(OrderedDict.items(value)),
    dict: lambda value: dict(dict.items(value)),
    datetime.timedelta: lambda value: datetime.timedelta(value.days, value.seconds, value.microseconds),
}
"""How a value of a subclass becomes one of the type itself, likewise."""

_FROM_TEXT: Final[dict[int, Callable[[str], Any]]] = {
    ord("s"): str,
    ord("D"): datetime.datetime.fromisoformat,
    ord("A"): datetime.date.fromisoformat,
    ord("H"): datetime.time.fromisoformat,
    ord("C"): Decimal,
}
_FROM_LIST: Final[dict[int, Callable[[list[Any]], Any]]] = {
    ord("l"): list,
    ord("t"): tuple,
    ord("e"): set,
    ord("z"): frozenset,
}
_CONSTANTS: Final = {ord("N"): None, ord("T"): True, ord("F"): False}


def encode(value: Any) -> bytes:
    """Return a value as bytes.

    Raises:
        TypeError: it is, or holds, something else than the types above, or it is nested too deep.
    """
    parts: list[bytes] = []
    _append(value, parts, 0)
    return b"".join(parts)


def decode(data: Data) -> Any:
    """Return the value that ``encode`` was given.

    Raises:
        ValueError: the bytes are no such value.
    """
    try:
        value, end = _read(data, 0)
    except (IndexError, struct.error, InvalidOperation, TypeError, OverflowError, RecursionError) as error:
        raise ValueError(f"not a stored value: {error!r}") from error
    if end != len(data):
        raise ValueError(f"a stored value ends at byte {end} of {len(data)}")
    return value


def varint(number: int) -> bytes:
    """Return a whole number from 0 in as few bytes as it needs."""
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    out.append(number)
    return bytes(out)


def read_varint(data: Data, place: int) -> tuple[int, int]:
    """Return the number at a place, and the place after it.

    Raises:
        IndexError: the bytes end before the number.
    """
    number = data[place]
    if number < 128:
        return number, place + 1
    number &= 127
    shift = 7
    while True:
        place += 1
        byte = data[place]
        number |= (byte & 127) << shift
        if byte < 128:
            return number, place + 1
        shift += 7


def _append(value: Any, parts: list[bytes], depth: int) -> None:
    kind = type(value)
    if value is None:
        parts.append(b"N")
    elif kind is bool:
        parts.append(b"T" if value else b"F")
    elif kind is int:
        data = value.to_bytes(value.bit_length() // 8 + 1, "little", signed=True)
        parts += (b"i", varint(len(data)), data)
    elif kind is float:
        parts += (b"f", _FLOAT.pack(value))
    elif kind is bytes or kind is bytearray or kind is memoryview:
        parts += (b"b", varint(len(value)), bytes(value))
    elif kind in _TEXTS:
        _append_text(value, kind, parts)
    elif kind in _SEQUENCES or kind is dict:
        if depth == DEEPEST:
            raise TypeError(f"cannot store a value that is nested more than {DEEPEST} deep")
        if kind is dict:
            parts += (b"d", varint(len(value)))
            items = [each for pair in value.items() for each in pair]
        else:
            parts += (_SEQUENCES[kind], varint(len(value)))
            items = sorted(value) if kind in (set, frozenset) and _sortable(value) else value
        for item in items:
            _append(item, parts, depth + 1)
    elif kind is datetime.timedelta:
        parts.append(b"M")
        for number in (value.days, value.seconds, value.microseconds):
            _append(number, parts, depth)
    else:
        _append_subclass(value, parts, depth)


def _append_text(value: Any, kind: type, parts: list[bytes]) -> None:
    tag, text = _TEXTS[kind]
    data = text(value).encode("utf-8", "surrogatepass")
    parts += (tag, varint(len(data)), data)


def _append_subclass(value: Any, parts: list[bytes], depth: int) -> None:
    """Store a value of a subclass, such as an enumeration of int, as its base type; a numpy scalar as what it is."""
    for base, plain in _PLAIN.items():
        if isinstance(value, base):
            _append(plain(value), parts, depth)
            return
    for kind in _TEXTS:
        if isinstance(value, kind):
            _append_text(value, kind, parts)
            return
    import numpy as np  # only for what only numpy makes

    for scalar, plain in ((np.bool_, bool), (np.integer, int), (np.floating, float)):
        if isinstance(value, scalar):
            _append(plain(value), parts, depth)
            return
    raise TypeError(f"cannot store a value of type {type(value).__name__}: {value!r:.80}")


def _sortable(values: set[Any] | frozenset[Any]) -> bool:
    return len({type(value) for value in values}) <= 1 and all(isinstance(value, str | bytes | int) for value in values)


def _read(data: Data, place: int) -> tuple[Any, int]:
    tag = data[place]
    place += 1
    if tag in _CONSTANTS:
        return _CONSTANTS[tag], place
    if tag == 102:  # f
        return _FLOAT.unpack_from(data, place)[0], place + 8
    if tag == 77:  # M
        numbers = []
        for _ in range(3):
            number, place = _read(data, place)
            numbers.append(number)
        return datetime.timedelta(*numbers), place
    count, place = read_varint(data, place)
    if tag == 100:  # d
        return _read_dict(data, place, count)
    if tag in _FROM_LIST:
        items, place = _read_items(data, place, count)
        return _FROM_LIST[tag](items), place
    end = place + count
    if end > len(data):
        raise IndexError(f"{count} bytes expected, {len(data) - place} left")
    piece = bytes(data[place:end])
    if tag == 98:  # b
        return piece, end
    if tag == 105:  # i
        return int.from_bytes(piece, "little", signed=True), end
    if tag not in _FROM_TEXT:
        raise ValueError(f"unknown tag {tag}")
    return _FROM_TEXT[tag](piece.decode("utf-8", "surrogatepass")), end


def _read_items(data: Data, place: int, count: int) -> tuple[list[Any], int]:
    items = []
    for _ in range(count):
        item, place = _read(data, place)
        items.append(item)
    return items, place


def _read_dict(data: Data, place: int, count: int) -> tuple[dict[Any, Any], int]:
    items, place = _read_items(data, place, 2 * count)
    return dict(zip(items[::2], items[1::2], strict=True)), place
