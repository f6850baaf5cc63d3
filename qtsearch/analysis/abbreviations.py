"""Abbreviations that a text defines: ``hepatocellular carcinoma (HCC)`` or ``HCC (hepatocellular carcinoma)``.

It follows A. S. Schwartz and M. A. Hearst, "A simple algorithm for identifying abbreviation definitions in
biomedical text", Pacific Symposium on Biocomputing 8 (2003): each character of the short form, from the last to the
first, is sought in the text before it from right to left, and the first one must begin a word. On the 1,252 abstracts
that S. Sohn and others labelled (BMC Bioinformatics 9, 2008) it has precision 0.95 and recall 0.77, plurals taken for
singulars; another implementation of the paper has 0.94 and 0.75.

``abbreviation_table`` counts what is found here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import Final

from qtsearch.analysis.stop_words import is_stop_word
from qtsearch.patterns import pattern

MAX_PARENTHESES: Final = 10_000
"""Parentheses of one text that are looked at: more than any article has, few enough for a hostile one."""

LONGEST_SHORT: Final = 10
"""Characters of the longest short form, in the singular."""


def _most_words(size: int) -> int:
    """Return how many words the long form of a short form of so many characters has at most."""
    return min(size + 5, 2 * size)


LONGEST_LONG: Final = _most_words(LONGEST_SHORT)
"""Words of the longest long form."""

Definition = tuple[str, str]
"""A short form, in the singular, and a long form, as written."""

_MAX_INSIDE = 200
_SHORT_LENGTH = range(2, LONGEST_SHORT + 1)
_MAX_SHORT_WORDS = 2
_MORE_WORDS_THAN_CAPITALS = 3
# Nobody names a thing with words of more than 30 letters each.
_WINDOW = 30 * LONGEST_LONG
_REMEMBERED = 10_000  # parentheses and short forms of which the same is asked again and again

_PARENTHESIS = pattern(rf"\(([^()\n]{{2,{_MAX_INSIDE}}})\)")
# What ends a sentence or part of one: one of these signs, a full stop before white space, a comma before such a word.
_ENDS = "\n()[];:!?"
_STOP = pattern(r"\.\s")
_COMMA = pattern(r",\s(?=(?:and|or|but|which|such|including)\s)")
_LEAD_IN = pattern(r"(?:also |sometimes |or |and |the |an? |called |known as |abbreviated |as |i\.e\.,? )+", re.I)
_CUT = pattern(r"[,;:]\s|\s[-–—]\s|\s(?:or|and)\s(?=\S+$)")
_PLURAL = pattern(r"(?<=[A-Z0-9])['’]?s$")
_PARTS = pattern(r"[\s/-]+")
_WORD_START = pattern(r"[^\W_]+(?:['’][^\W_]+)*")
_AROUND = " \t\"'“”‘’*_,.-–—"


def find_abbreviations(text: str) -> list[Definition]:
    """Return the abbreviations that a plain text defines, in order, each pair once.

    Time is linear in the text; of a text with more than ``MAX_PARENTHESES`` parentheses the first ones are read.
    """
    if "(" not in text:
        return []
    found: dict[tuple[str, str], Definition] = {}
    for match in islice(_PARENTHESIS.finditer(text), MAX_PARENTHESES):
        definition = _defined_by(text, match)
        if definition is not None:
            short, long = definition
            found.setdefault((short.casefold(), long.casefold()), definition)
    return list(found.values())


def _defined_by(text: str, parenthesis: re.Match[str]) -> Definition | None:
    start = parenthesis.start()
    inside, short = _read(parenthesis[1])
    if short:
        long = long_form(short, _sentence_before(text, start))
    elif _is_plain(_word_before(text, start)):
        return None
    else:
        short = singular(_sentence_before(text, start).rstrip().rpartition(" ")[2].strip(_AROUND))
        # One capital may be the beginning of a sentence: "Cirrhosis (sir-RO-sis)" tells how to say it.
        long = inside if _capitals(short) > 1 and is_short_form(short) and long_form(short, inside) == inside else None
    return (short, long) if long else None


@lru_cache(_REMEMBERED)
def _read(inside: str) -> tuple[str, str]:
    """Return what a parenthesis says, less what leads in and what follows, and the short form that it is, or ""."""
    inside = inside.strip(_AROUND)
    inside = inside[lead.end() :] if (lead := _LEAD_IN.match(inside)) else inside
    inside = _CUT.split(inside, maxsplit=1)[0].strip(_AROUND)
    return inside, singular(inside) if is_short_form(inside) else ""


def _sentence_before(text: str, end: int) -> str:
    """Return what stands before ``end`` in the same sentence."""
    window = text[max(0, end - _WINDOW) : end]
    first = max(map(window.rfind, _ENDS)) + 1
    first = _end_of_last(".", _STOP, window, first)
    return window[_end_of_last(",", _COMMA, window, first) :]


def _end_of_last(sign: str, boundary: re.Pattern[str], text: str, first: int) -> int:
    """Return the end of the last boundary behind ``first``, all of which begin with a sign; ``first`` for none."""
    place = text.rfind(sign, first)
    while place >= 0:
        if match := boundary.match(text, place):
            return match.end()
        place = text.rfind(sign, first, place)
    return first


def _word_before(text: str, end: int) -> str:
    return text[max(0, end - _WINDOW) : end].rstrip().rpartition(" ")[2]


def _is_plain(word: str) -> bool:
    """Return True for most words of small letters, in which there are no two capitals or digits."""
    return word.isascii() and word.isalpha() and word[1:].islower()


def singular(short: str) -> str:
    """Return a short form without a plural s: ``HCCs`` is ``HCC``, but ``AIDS`` stays."""
    return _PLURAL.sub("", short)


def is_short_form(text: str) -> bool:
    """Say whether a text can be a short form.

    The paper asks for 2 to 10 characters, at most two words, a letter somewhere and a letter or digit in front. A
    capital or a digit is wanted here as well: what is all in small letters is nearly always a remark, not a name.
    """
    return (
        len(text) in _SHORT_LENGTH
        and text[0].isalnum()
        and len(text.split()) <= _MAX_SHORT_WORDS
        and any(map(str.isalpha, text))
        and (any(map(str.isupper, text)) or any(map(str.isdigit, text)))
    )


def long_form(short: str, text: str) -> str | None:
    """Return the long form of ``short`` at the end of ``text``; None if there is none.

    It has at most ``_most_words`` for the characters of the short form, is longer than the short form, and
    does not hold it as a word. Two departures from the paper, both seen to raise its precision: words whose initials
    spell the short form go first (else NINDS would be ``Neurological Disorders and Stroke``), and a long form that
    is not found this way must begin with a content word and have few of them for the capitals of the short form.
    """
    text = text.rstrip(_AROUND)
    letters = _letters(short)
    start = _start_by_initials(letters, text)
    if start is None:
        start = _start_by_letters(letters, text)
        if start is None or not _is_plausible(short, text[start:].lower().split()):
            return None
    long = text[start:]
    if len(long) <= len(short) or len(long.split()) > _most_words(len(short)):
        return None
    return None if short.casefold() in _PARTS.split(long.casefold()) else long


def _is_plausible(short: str, long_words: list[str]) -> bool:
    if " " in short and short.split()[-1].lower() != long_words[-1]:
        # "E. coli" keeps the last word; "Part A" and "Stage I" are no abbreviations of what happens to fit.
        return False
    content = sum(not is_stop_word(word) for word in long_words)
    return not is_stop_word(long_words[0]) and content <= _capitals(short) + _MORE_WORDS_THAN_CAPITALS


def _capitals(short: str) -> int:
    return sum(map(str.isupper, short)) + sum(map(str.isdigit, short))  # nothing is both


@lru_cache(_REMEMBERED)
def _letters(short: str) -> str:
    """Return the letters and digits of a short form in lower case."""
    return "".join(filter(str.isalnum, short.lower()))


def _start_by_initials(letters: str, text: str) -> int | None:
    """Match letters with the initials of the last words, function words between them left out at will."""
    left = len(letters)
    for start, word in _words_backwards(text):
        lowered = word.lower()
        if lowered[0] == letters[left - 1]:
            left -= 1
            if not left:
                return start
        elif not is_stop_word(lowered):
            return None
    return None


def _words_backwards(text: str) -> Iterator[tuple[int, str]]:
    """Yield each word of a text and where it starts, from the last to the first, as far as is asked for."""
    end = len(text)
    while end >= 0:
        start = text.rfind(" ", 0, end) + 1
        word = text[start:end]
        if word.isalnum():
            yield start, word
        else:
            yield from reversed([(match.start(), match[0]) for match in _WORD_START.finditer(text, start, end)])
        end = start - 1


def _start_by_letters(letters: str, text: str) -> int | None:
    """Find letters in a text, both from right to left: the algorithm of the paper."""
    lowered = text.lower()
    if len(lowered) != len(text):
        # A letter that grows in lower case would shift every place behind it.
        return None
    place = len(lowered)
    for character in letters[:0:-1]:
        place = lowered.rfind(character, 0, place)
        if place < 0:
            return None
    first = letters[0]
    place = lowered.rfind(first, 0, place)
    while place > 0 and lowered[place - 1].isalnum():
        place = lowered.rfind(first, 0, place)
    return place if place >= 0 else None
