"""The values of postings: from the bytes of Whoosh's formats to numbers, and back.

Whoosh's own formats put pickles into those bytes. A segment keeps numbers, and the bytes are made anew when asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from whoosh import formats
from whoosh.system import pack_uint

from qtsearch.codec.postings.format import Layout
from qtsearch.values import dataclass


@dataclass(frozen=True, slots=True)
class PostingValue:
    """What one posting says about a term in a document.

    Attributes:
        freq: the term frequency.
        positions: ascending.
        characters: start and end of each position.
        boosts: of each position.
        value: the bytes themselves, for formats that Whoosh does not have.
    """

    freq: int = 1
    positions: Sequence[int] = ()
    characters: Sequence[tuple[int, int]] = ()
    boosts: Sequence[float] = ()
    value: bytes = b""

    def to_tuple(self) -> tuple[int, list[int], list[tuple[int, int]], list[float], bytes]:
        """Return plain values, for storing."""
        return self.freq, list(self.positions), list(self.characters), list(self.boosts), self.value


@dataclass(frozen=True, slots=True)
class ValueForm:
    """How one Whoosh format is kept.

    Attributes:
        layout: which arrays its lists need.
        split: the occurrences that some bytes stand for.
        join: the bytes that stand for some occurrences.
    """

    layout: Layout
    split: Callable[[Any, bytes], PostingValue]
    join: Callable[[Any, PostingValue], bytes]


def form_of(format_: Any) -> ValueForm:
    """Return how a format is kept: as numbers for Whoosh's own, as opaque bytes for any other."""
    return _FORMS.get(type(format_), _OPAQUE)


def _split_existence(_: Any, value: bytes) -> PostingValue:
    return PostingValue()


def _split_frequency(format_: Any, value: bytes) -> PostingValue:
    # Whoosh gives the postings of its spelling fields the value of another field, in another format. All formats begin
    # with the frequency, except the one without a value.
    return PostingValue(max(1, int.from_bytes(value[:4], "big")))


def _split_positions(format_: Any, value: bytes) -> PostingValue:
    positions = sorted(format_.decode_positions(value))
    return PostingValue(len(positions), positions)


def _split_characters(format_: Any, value: bytes) -> PostingValue:
    items = sorted(format_.decode_characters(value))
    return PostingValue(len(items), [item[0] for item in items], [(item[1], item[2]) for item in items])


def _split_position_boosts(format_: Any, value: bytes) -> PostingValue:
    items = sorted(format_.decode_position_boosts(value))
    return PostingValue(len(items), [item[0] for item in items], (), [float(item[1]) for item in items])


def _split_character_boosts(format_: Any, value: bytes) -> PostingValue:
    items = sorted(format_.decode_character_boosts(value))
    return PostingValue(
        len(items),
        [item[0] for item in items],
        [(item[1], item[2]) for item in items],
        [float(item[3]) for item in items],
    )


def _split_opaque(format_: Any, value: bytes) -> PostingValue:
    freq = format_.decode_frequency(value) if format_.supports("frequency") else 1
    return PostingValue(max(1, int(freq)), value=value)


def _join_existence(_: Any, occurrences: PostingValue) -> bytes:
    return b""


def _join_frequency(_: Any, occurrences: PostingValue) -> bytes:
    packed: bytes = pack_uint(occurrences.freq)
    return packed


def _join_positions(format_: Any, occurrences: PostingValue) -> bytes:
    return _encoded(format_, list(occurrences.positions))


def _join_characters(format_: Any, occurrences: PostingValue) -> bytes:
    items = zip(occurrences.positions, occurrences.characters, strict=True)
    return _encoded(format_, [(position, start, end) for position, (start, end) in items])


def _join_position_boosts(format_: Any, occurrences: PostingValue) -> bytes:
    return _encoded(format_, list(zip(occurrences.positions, occurrences.boosts, strict=True)))


def _join_character_boosts(format_: Any, occurrences: PostingValue) -> bytes:
    items = zip(occurrences.positions, occurrences.characters, occurrences.boosts, strict=True)
    value: bytes = format_.encode([(position, start, end, boost) for position, (start, end), boost in items])[0]
    return value


def _join_opaque(_: Any, occurrences: PostingValue) -> bytes:
    return occurrences.value


def _encoded(format_: Any, items: list[Any]) -> bytes:
    value: bytes = format_.encode(items)
    return value


_POSITIONS: Final = {"freqs": True, "positions": True}
_OPAQUE: Final = ValueForm(Layout(freqs=True, values=True), _split_opaque, _join_opaque)
_FORMS: Final = {
    formats.Existence: ValueForm(Layout(), _split_existence, _join_existence),
    formats.Frequency: ValueForm(Layout(freqs=True), _split_frequency, _join_frequency),
    formats.Positions: ValueForm(Layout(**_POSITIONS), _split_positions, _join_positions),
    formats.Characters: ValueForm(Layout(**_POSITIONS, characters=True), _split_characters, _join_characters),
    formats.PositionBoosts: ValueForm(Layout(**_POSITIONS, boosts=True), _split_position_boosts, _join_position_boosts),
    formats.CharacterBoosts: ValueForm(
        Layout(**_POSITIONS, characters=True, boosts=True), _split_character_boosts, _join_character_boosts
    ),
}
