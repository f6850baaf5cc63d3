"""Every storable value comes back; nothing else is stored; damaged bytes raise ValueError only."""

import datetime
import enum
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qtsearch.codec import values

plain = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(st.characters())
    | st.binary()
    | st.datetimes()
    | st.dates()
    | st.times()
    | st.timedeltas()
    | st.decimals(allow_nan=False)
)
nested = st.recursive(
    plain,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(st.text(max_size=5) | st.integers(), inner, max_size=4)
        | st.sets(st.integers() | st.text(max_size=3), max_size=4)
        | st.frozensets(st.integers(), max_size=4)
    ),
    max_leaves=12,
)


def kinds(value):
    if isinstance(value, dict):
        return dict, [(kinds(key), kinds(item)) for key, item in value.items()]
    return (type(value), [kinds(item) for item in value]) if isinstance(value, list | tuple) else type(value)


@given(nested)
def test_round_trip(value):
    found = values.decode(values.encode(value))
    assert found == value
    assert kinds(found) == kinds(value)


def test_lone_surrogates_aware_times_and_not_a_number():
    assert values.decode(values.encode("\ud800")) == "\ud800"
    moment = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
    assert values.decode(values.encode(moment)) == moment
    assert str(values.decode(values.encode(float("nan")))) == "nan"
    assert values.decode(values.encode(Decimal("1.50"))).as_tuple() == Decimal("1.50").as_tuple()


def test_subclasses_become_their_base():
    class Level(enum.IntEnum):
        HIGH = 3

    found = values.decode(values.encode([Level.HIGH, bytearray(b"x")]))
    assert found == [3, b"x"]
    assert type(found[0]) is int


@pytest.mark.parametrize("value", [object(), len, 1j, [object()], {"a": range(3)}])
def test_other_types_are_refused(value):
    with pytest.raises(TypeError, match="cannot store"):
        values.encode(value)


@given(st.binary(max_size=40))
def test_any_bytes_are_a_value_or_a_value_error(data):
    try:
        value = values.decode(data)
    except ValueError:
        return
    assert values.decode(values.encode(value)) == value or value != value


@given(nested, st.data())
def test_cut_bytes_are_a_value_error(value, data):
    encoded = values.encode(value)
    with pytest.raises(ValueError, match="stored value"):
        values.decode(encoded[: data.draw(st.integers(0, len(encoded) - 1))])


@given(st.integers(0, 2**70))
def test_varint(number):
    encoded = values.varint(number)
    assert values.read_varint(encoded + b"\xff", 0) == (number, len(encoded))
