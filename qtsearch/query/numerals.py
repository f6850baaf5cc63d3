"""``stage 4`` -> ``stage IV``, ``stage four``: a number behind a word, as the articles may write it, as other names.

Authors number in Roman and readers in Arabic numerals. Which of them the articles have is looked up, so nothing is
proposed that stands nowhere.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from qtsearch.analysis.stop_words import is_stop_word

_ROMAN: Final = "I II III IV V VI VII VIII IX X XI XII XIII XIV XV XVI XVII XVIII XIX XX".split()
_SPELLED: Final = "one two three four five six seven eight nine ten".split()
_FORMS: Final[dict[str, tuple[str, ...]]] = {
    form.lower(): forms
    for number, roman in enumerate(_ROMAN, 1)
    for forms in [(str(number), roman, *_SPELLED[number - 1 : number])]
    for form in forms
}

_NUMBERED: Final = frozenset(
    "type types stage stages grade grades class phase phases group groups level levels category factor part".split()
)
"""Words that are numbered: behind others, ``I`` and ``two`` are seldom numerals."""


class Numerals:
    """The other numerals of a number as a source of other names; see ``expand.Source``.

    Args:
        are_neighbours: whether two words stand side by side in any article, in this order.
    """

    def __init__(self, are_neighbours: Callable[[str, str], bool]) -> None:
        self._are_neighbours = are_neighbours

    def lengths(self, words: Sequence[str]) -> list[int]:
        """Return 2 where a word and a number begin the words."""
        return [2] if len(words) > 1 and _is_numbered(words[0].lower(), words[1].lower()) else []

    def alternatives(self, text: str) -> tuple[str, ...]:
        """Return the word with the other numerals, those that the articles have."""
        named, _, numeral = text.rpartition(" ")
        if not _is_numbered(named.lower(), numeral.lower()):
            return ()
        others = [form for form in _FORMS[numeral.lower()] if form.lower() != numeral.lower()]
        if named.lower() not in _NUMBERED:
            others = [form for form in others if form not in _SPELLED]
        return tuple(f"{named} {form}" for form in others if self._are_neighbours(named, form))


def _is_numbered(word: str, numeral: str) -> bool:
    """Return whether a word and what stands behind it, both in lower case, are a name and a number."""
    if numeral not in _FORMS or not word.isalpha() or is_stop_word(word):
        return False
    return word in _NUMBERED or numeral.isdecimal() or (len(numeral) > 1 and numeral not in _SPELLED)
