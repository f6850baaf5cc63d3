r"""The few forms of YAML that nearly every front matter is made of, read in half the time of libyaml.

An entry is ``key: value`` in one line, ``key: >-`` with a folded text below it, or ``key:`` with such entries below it,
indented. A value is plain, or stands in quotes without escapes. At anything else (lists, comments, anchors, tags, other
block marks, a key that appears twice, unusual characters) the reader gives up, and libyaml reads the whole text. The
tests hold both readers equal: values, styles and lines.
"""

from __future__ import annotations

import re
from typing import Any, Final

from yaml import MappingNode, Node, ScalarNode

LONGEST: Final = 65_536
"""Characters of a front matter that is read here; larger ones are looked at more closely first."""

MOST_LINES: Final = 1_000
"""Lines of one: so it cannot hold more keys and values than is allowed."""

_TEXT = "tag:yaml.org,2002:str"
_MAPPING = "tag:yaml.org,2002:map"

# Control characters, and the line breaks of YAML other than "\n". One search for each takes less than one for a set.
_UNUSUAL_ASCII = tuple(chr(code) for code in (*range(10), *range(11, 32), 127))
_UNUSUAL = tuple(map(chr, (*range(0x80, 0xA0), 0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF)))

# A plain value begins with a letter, a digit or a slash, or with a minus and a digit, has no "#", and no ":" but
# before a character that can follow one. It does not end with a space.
_PLAIN = r"(?:[^\W_]|/|-\d)[^:#\n]*(?::[^\s#:][^:#\n]*)*(?<! )"
_VALUE = rf""">-\n(( +)[^ \n].*\n(?:\n|\{{back}}[^ \n].*\n)*)|"([^"\\\n]*)"\n|'([^'\n]*)'\n|({_PLAIN})\n"""
_KEY = r"([A-Za-z_][A-Za-z0-9_]{0,60}):"
_entry = re.compile(rf"{_KEY}(?: (?:{_VALUE.format(back=3)})|\n(( +)[^ \n].*\n(?:\n| +[^ \n].*\n)*))").match
_inner = re.compile(rf"( +){_KEY} (?:{_VALUE.format(back=4)})").match
_FOLDED_BREAK = re.compile(r"\n(\n*)")


class _Place:
    """Where a node begins; which line that is, is worked out only for a warning."""

    __slots__ = ("_at", "_text")

    def __init__(self, text: str, at: int) -> None:
        self._text = text
        self._at = at

    @property
    def line(self) -> int:
        return self._text.count("\n", 0, self._at)


def plain_entries(text: str) -> dict[str, Node] | None:
    """Return the top-level entries of a front matter, None where it is not of the simple kind.

    Args:
        text: YAML between the two marker lines; its first line is the rest of the opening marker line.
    """
    if not text.startswith("\n") or len(text) > LONGEST or text.count("\n") > MOST_LINES or _is_unusual(text):
        return None
    found: dict[str, Node] = {}
    place, end = 1, len(text)
    while place < end:
        match = _entry(text, place)
        if match is None:
            return None
        key, block, indent, double, single, plain, inner, inner_indent = match.groups()
        if key in found:
            return None
        at: Any = _Place(text, place)
        if plain is not None:
            found[key] = ScalarNode(_TEXT, plain, at, None, "")
        elif block is not None:
            found[key] = ScalarNode(_TEXT, _folded(block, indent), at, None, ">")
        elif inner is not None:
            section = _section(text, match.start(7), match.end(), inner_indent)
            if section is None:
                return None
            found[key] = section
        else:
            found[key] = _quoted(double, single, at)
        place = match.end()
    return found


def _is_unusual(text: str) -> bool:
    if any(character in text for character in _UNUSUAL_ASCII):
        return True
    return not text.isascii() and any(character in text for character in _UNUSUAL)


def _section(text: str, start: int, end: int, indent: str) -> MappingNode | None:
    """Return the mapping below a key: scalars only, all keys equally far to the right."""
    pairs: list[tuple[Node, Node]] = []
    names: set[str] = set()
    place = start
    while place < end:
        match = _inner(text, place, end)
        if match is None:
            return None
        own_indent, key, block, block_indent, double, single, plain = match.groups()
        if own_indent != indent or key in names:
            return None
        names.add(key)
        at: Any = _Place(text, place)
        if plain is not None:
            value = ScalarNode(_TEXT, plain, at, None, "")
        elif block is None:
            value = _quoted(double, single, at)
        elif len(block_indent) > len(indent):
            value = ScalarNode(_TEXT, _folded(block, block_indent), at, None, ">")
        else:
            return None
        pairs.append((ScalarNode(_TEXT, key, at, None, ""), value))
        place = match.end()
    first: Any = _Place(text, start)
    return MappingNode(_MAPPING, pairs, first, None)


def _quoted(double: str | None, single: str, at: Any) -> ScalarNode:
    if double is not None:
        return ScalarNode(_TEXT, double, at, None, '"')
    return ScalarNode(_TEXT, single, at, None, "'")


def _folded(block: str, indent: str) -> str:
    """Return the text of a folded block: single line breaks are spaces, of others one is dropped."""
    size = len(indent)
    text = block[size:].rstrip("\n")
    if "\n" not in text:
        return text
    return _FOLDED_BREAK.sub(lambda breaks: breaks[1] or " ", text.replace("\n" + indent, "\n"))
