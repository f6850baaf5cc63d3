r"""The few forms of YAML that nearly every front matter is made of, read in a fifth of the time of libyaml.

An entry is ``key: value`` in one line, ``key: >-`` with a folded text below it, or ``key:`` with such entries below it,
indented. A value is plain, or stands in quotes without escapes. At anything else (lists, comments, anchors, tags, other
block marks, a key that appears twice, unusual characters) the reader gives up, and libyaml reads the whole text. The
tests hold both readers equal.
"""

from __future__ import annotations

import re
from typing import Final

from qtsearch.articles.fields import NULLS
from qtsearch.articles.plain_fields import PlainFields
from qtsearch.articles.text_repair import normalize, restore_breaks

LONGEST: Final = 65_536
"""Characters of a front matter that is read here; larger ones are looked at more closely first."""

MOST_LINES: Final = 1_000
"""Lines of one: so it cannot hold more keys and values than is allowed."""

# Control characters, and the line breaks of YAML other than "\n". One search for each takes less than one for a set.
_UNUSUAL_ASCII = tuple(chr(code) for code in (*range(10), *range(11, 32), 127))
_UNUSUAL = tuple(map(chr, (*range(0x80, 0xA0), 0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF)))

_KEY = r"([A-Za-z_][A-Za-z0-9_]{0,60}):"
# The first line of a folded text, and all further ones that are indented in the same way.
_BLOCK = r">-\n( +)([^ \n].*)\n((?:\n|\3[^ \n].*\n)*)"
_QUOTED = r"""("[^"\\\n]*"|'[^'\n]*')\n"""
# A plain value begins with a letter, a digit or a slash, or with a minus and a digit, has no "#", and no ":" but
# before a character that can follow one. It does not end with a space.
_PLAIN = r"((?:[^\W_]|/|-\d)[^:#\n]*(?::[^\s#:][^:#\n]*)*(?<! ))\n"
# One call for a whole text: every entry, and in one piece whatever comes behind the last that fits.
_entries = re.compile(rf"( *){_KEY}(?: (?:{_BLOCK}|{_QUOTED}|{_PLAIN})|\n)|([\s\S]+)").findall
_FOLDED_BREAK = re.compile(r"\n(\n*)")


def plain_entries(text: str) -> PlainFields | None:
    """Return the top-level entries of a front matter, None where it is not of the simple kind.

    Args:
        text: YAML between the two marker lines; its first line is the rest of the opening marker line.
    """
    if not text.startswith("\n") or len(text) > LONGEST or text.count("\n") > MOST_LINES or _is_unusual(text):
        return None
    found = fields = PlainFields()
    indentation: str | None = ""  # None below a key without a value, where any will do
    entries = _entries(text, 1)
    is_ascii = text.isascii()
    for indent, key, block_indent, first, more, quoted, plain, _ in entries:
        if indent != indentation:
            if (indentation is None) is not bool(indent):
                return None
            indentation = indent
            if not indent:
                fields = found
        if plain:
            fields.plain[key] = plain
            value = "" if plain in NULLS else plain
        elif first:
            if len(block_indent) <= len(indent):
                return None
            value = _folded(first, more, block_indent) if more else first
        elif quoted:
            value = quoted[1:-1]
        elif key and not indent:
            fields = found.sections[key] = PlainFields()
            indentation = None
            continue
        else:
            return None
        if "\\" in value and not quoted:
            value = restore_breaks(value)
        fields.texts[key] = value if is_ascii else normalize(value)
    return None if indentation is None or _has_duplicates(found, len(entries)) else found


def _is_unusual(text: str) -> bool:
    if any(character in text for character in _UNUSUAL_ASCII):
        return True
    return not text.isascii() and any(character in text for character in _UNUSUAL)


def _folded(first: str, more: str, indent: str) -> str:
    """Return the text of a folded block: single line breaks are spaces, of others one is dropped."""
    text = f"{first}\n{more}".rstrip("\n")
    if "\n" not in text:
        return text
    return _FOLDED_BREAK.sub(lambda breaks: breaks[1] or " ", text.replace("\n" + indent, "\n"))


def _has_duplicates(found: PlainFields, entries: int) -> bool:
    """True if a key appeared twice in one mapping, so that fewer are left than there were entries."""
    sections = found.sections
    kept = len(found.texts.keys() | sections.keys()) + sum([len(section.texts) for section in sections.values()])
    return kept < entries
