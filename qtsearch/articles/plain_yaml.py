r"""The few forms of YAML that nearly every front matter is made of, read in a tenth of the time of libyaml.

An entry is ``key: value`` in one line, ``key: >-`` with a folded text below it, or ``key:`` with such entries below it,
indented. A value is plain, or stands in quotes without escapes. At anything else (lists, comments, anchors, tags, other
block marks, a key that appears twice, unusual characters) the reader gives up, and libyaml reads the whole text. The
tests hold both readers equal.

Articles of one site have the same keys in the same order. A form that was seen often gets a regular expression of its
own, which gives all values at once in half the time.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from qtsearch.articles.plain_fields import Layout, PlainFields, Style

LONGEST: Final = 65_536
"""Characters of a front matter that is read here; larger ones are looked at more closely first."""

MOST_LINES: Final = 1_000
"""Lines of one: so it cannot hold more keys and values than is allowed."""

# Control characters, and the line breaks of YAML other than "\n". One search for each takes less than one for a set.
_UNUSUAL_ASCII = tuple(chr(code) for code in (*range(10), *range(11, 32), 127))
_UNUSUAL = tuple(map(chr, (*range(0x80, 0xA0), 0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF)))

_KEY = r"([A-Za-z_][A-Za-z0-9_]{0,60}):"
# The first line of a folded text, and all further ones that are indented in the same way.
_BLOCK = r">-\n( +)([^ \n].*+(?:\n++\3[^ \n].*+)*)\n++"
_QUOTED = r"""("[^"\\\n]*"|'[^'\n]*')\n"""
# A plain value begins with a letter, a digit or a slash, or with a minus and a digit, has no "#", and no ":" but
# before a character that can follow one. It does not end with a space.
_PLAIN = r"((?:[^\W_]|/|-\d)[^:#\n]*+(?::[^\s#:][^:#\n]*+)*(?<! ))\n"
# Nothing is given back once it is matched: a text of another form is told apart at once.
# One call for a whole text: every entry, and in one piece whatever comes behind the last that fits.
_entries = re.compile(rf"( *){_KEY}(?: (?:{_BLOCK}|{_QUOTED}|{_PLAIN})|\n)|([\s\S]+)").findall

FormLine = tuple[str, str, Style | None, str]
"""Indentation, key, style of the value (None for entries below the key), its quotation mark or the blanks before it."""

Form = tuple[FormLine, ...]
"""What texts with the same keys in the same order, written in the same ways, share: everything but the values."""

_OFTEN: Final = 20
"""So many texts of a form make it worth a pattern of its own, which takes 5 ms to compile."""
_MOST_FORMS: Final = 200
"""Forms that are counted at the same time."""
_MOST_ENTRIES: Final = 100
"""Entries of a form that is counted."""
_MOST_PATTERNS: Final = 8
"""Forms that get a pattern, in one process."""

_seen: dict[Form, int] = {}
_known: tuple[tuple[Callable[[str], re.Match[str] | None], Layout], ...] = ()
"""The patterns of the forms that were seen often, the last one that matched in front."""


def plain_entries(text: str) -> PlainFields | None:
    """Return the top-level entries of a front matter, None where it is not of the simple kind.

    Args:
        text: YAML between the two marker lines; its first line is the rest of the opening marker line.
    """
    if not text.startswith("\n") or len(text) > LONGEST or text.count("\n") > MOST_LINES or _is_unusual(text):
        return None
    global _known
    known = _known
    for form_read in known:
        matched, layout = form_read
        if match := matched(text):
            if form_read is not known[0]:
                # A new tuple, as other threads may be reading this one.
                _known = (form_read, *(other for other in known if other is not form_read))
            return PlainFields(layout, match.groups())
    found = _taken_apart(text)
    if found is None:
        return None
    form, values = found
    made = _layout(form)
    if made is None:
        return None
    _count(form, made)
    return PlainFields(made, values)


def _taken_apart(text: str) -> tuple[Form, list[str]] | None:
    """Return the form of a text and its values, None where an entry has no simple form."""
    form: list[FormLine] = []
    values: list[str] = []
    for indent, key, block_indent, folded, quoted, plain, _ in _entries(text, 1):
        if plain:
            values.append(plain)
            form.append((indent, key, "plain", ""))
        elif folded:
            values.append(folded)
            form.append((indent, key, "folded", block_indent))
        elif quoted:
            values.append(quoted[1:-1])
            form.append((indent, key, "quoted", quoted[0]))
        elif key and not indent:
            form.append((indent, key, None, ""))
        else:
            return None
    return tuple(form), values


def _is_unusual(text: str) -> bool:
    if any(character in text for character in _UNUSUAL_ASCII):
        return True
    return not text.isascii() and any(character in text for character in _UNUSUAL)


def _layout(form: Form) -> Layout | None:
    """Return where each value is to be found, None where the entries make no two levels of mappings, each key once."""
    places: dict[str, tuple[int, Style, str]] = {}
    sections: dict[str, dict[str, tuple[int, Style, str]]] = {}
    inner = places
    indentation: str | None = ""  # None below a key without a value, where any will do
    count = 0
    for indent, key, style, detail in form:
        if indent != indentation:
            if (indentation is None) is not bool(indent):
                return None
            indentation = indent
            if not indent:
                inner = places
        if key in inner or (not indent and key in sections):
            return None
        if style is None:
            inner = sections[key] = {}
            indentation = None
            continue
        if style == "folded" and len(detail) <= len(indent):
            return None
        inner[key] = count, style, detail
        count += 1
    if indentation is None:
        return None
    return Layout(places, {key: Layout(section, {}) for key, section in sections.items()})


def _count(form: Form, layout: Layout) -> None:
    """Note that a form was seen, and give it a pattern once it was seen often."""
    global _known
    if len(form) > _MOST_ENTRIES:
        return
    if len(_seen) >= _MOST_FORMS:
        _seen.clear()
    _seen[form] = times = _seen.get(form, 0) + 1
    if times == _OFTEN and len(_known) < _MOST_PATTERNS:
        _known = (*_known, (_pattern(form).fullmatch, layout))


def _pattern(form: Form) -> re.Pattern[str]:
    parts = ["\n"]
    for indent, key, style, detail in form:
        parts.append(f"{indent}{key}:")
        if style is None:
            parts.append("\n")
        elif style == "plain":
            parts.append(f" {_PLAIN}")
        elif style == "folded":
            parts.append(rf" >-\n{detail}([^ \n].*+(?:\n++{detail}[^ \n].*+)*)\n++")
        else:
            parts.append(r' "([^"\\\n]*)"\n' if detail == '"' else r" '([^'\n]*)'\n")
    return re.compile("".join(parts))
