r"""Small repairs that every text of an article goes through: line breaks, NFC, one line, messages."""

from __future__ import annotations

import re
import unicodedata

from qtsearch.patterns import pattern

_LONG_RUN = pattern("[^\0-\u02ff]{31,}")  # a set of what is not meant compiles in a tenth of the time
_MARKS_IN_A_ROW = 30
_GRAPHEME_JOINER = "\u034f"
_SHORT = 500

_WRITTEN_BREAK = pattern(r"(?<!\\)(?:\\n\\n|\\n(?![a-z]))")
_SINGLE_BREAK = pattern(r"\\n(?![a-z])")
_BLANK = pattern(r"(?:&nbsp;|&#160;|&#xa0;|[\s\u200b\ufeff])*", re.IGNORECASE)


def normalize(text: str) -> str:
    r"""Return the text in NFC with ``\n`` line breaks, in time linear in its length.

    ``unicodedata.normalize`` sorts each run of combining marks by insertion, so a run of a million
    marks would take hours. Long texts are therefore made "stream-safe" first (Unicode Standard Annex
    15, section 13): a combining grapheme joiner is put after 30 marks in a row.
    """
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.isascii():
        return text
    if len(text) > _SHORT:
        text = _LONG_RUN.sub(_stream_safe, text)
    return unicodedata.normalize("NFC", text)


def _stream_safe(run: re.Match[str]) -> str:
    marks = 0
    safe: list[str] = []
    for char in run[0]:
        marks = marks + 1 if unicodedata.combining(char) else 0
        if marks > _MARKS_IN_A_ROW:
            safe.append(_GRAPHEME_JOINER)
            marks = 1
        safe.append(char)
    return "".join(safe)


def one_line(text: str) -> str:
    """Collapse every run of white space, line breaks included, to one space; strip both ends."""
    return " ".join(text.split())


def restore_breaks(text: str) -> str:
    r"""Turn the ``\n`` that a producer wrote as two characters into a line break.

    The producer puts JSON-like escapes into folded scalars, where YAML leaves them alone. But a
    backslash before an ``n`` may also be meant: TeX (``\nu``, ``\nabla``, ``\neq``), a Windows path
    (``C:\new folder``), an escaped backslash (``\\n``). What tells them apart:

    * A pair ``\n\n`` is a paragraph break. Neither TeX nor a path ever writes it.
    * ``\n`` before anything but a small ASCII letter is a break: Markdown goes on with a capital, a
      digit, a list mark, a space or the end, while commands and most paths go on with a small letter.
    * ``\n`` before a small letter stays, since changing a formula is worse than a missed break.
    * After another backslash it stays.
    """
    if "\\n" not in text:
        return text
    if "\\\\n" not in text:
        # The same without a look at what stands before, several times as fast: first the pairs, which nearly all are.
        text = text.replace("\\n\\n", "\n\n")
        return _SINGLE_BREAK.sub("\n", text) if "\\n" in text else text
    return _WRITTEN_BREAK.sub(lambda match: "\n" * (len(match[0]) // 2), text)


def is_blank(text: str) -> bool:
    """Return whether a text is nothing but white space and no-break spaces (``&nbsp;`` too)."""
    return _BLANK.fullmatch(text) is not None


def fit_for_message(text: str, limit: int = 60) -> str:
    """Make text from outside fit for a one-line message: escaped, and cut to ``limit`` characters."""
    cut = text if len(text) <= limit else text[: limit - 1] + "…"
    if cut.isprintable():
        return cut
    return "".join(char if char.isprintable() else repr(char)[1:-1] for char in cut)
