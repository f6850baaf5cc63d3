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
_LETTERS: Final = "abcd"
"""Parts of the first four, as of stages: ``3b`` is ``IIIB``."""

_ALL: Final = [
    *((str(number), roman, *_SPELLED[number - 1 : number]) for number, roman in enumerate(_ROMAN, 1)),
    *((f"{number}{part}", roman + part.upper()) for number, roman in enumerate(_ROMAN[:4], 1) for part in _LETTERS),
]
_FORMS: Final = {form.lower(): forms for forms in _ALL for form in forms}

_NUMBERED: Final = frozenset(
    "type types stage stages grade grades class phase phases group groups level levels category factor part "
    "angiotensin collagen complex".split()
)
"""Words that are numbered: behind others, ``I`` and ``two`` are seldom numerals."""

_SELDOM: Final = {"i", *_SPELLED}


class Numerals:
    """Numbers behind words, for ``expand``.

    Args:
        are_neighbours: whether two words stand side by side in any article, in this order.
        is_word: whether any article has a word.
    """

    def __init__(self, are_neighbours: Callable[[str, str], bool], is_word: Callable[[str], bool]) -> None:
        self._are_neighbours = are_neighbours
        self._is_word = is_word

    def has(self, text: str) -> bool:
        """Return whether a text is a number that the articles write in one word: ``3b`` where they have ``IIIB``."""
        return any(self._is_word(form.lower()) for form in _FORMS.get(text.lower(), ()))

    def places(self, words: Sequence[str]) -> dict[int, int]:
        """Return where a name and its number stand among some words: the place, and 2, or 1 for ``type-2``."""
        found: dict[int, int] = {}
        for place, word in enumerate(words):
            if word.lower() in _FORMS:  # seldom
                if place and _is_numbered(words[place - 1].lower(), word.lower()):
                    found[place - 1] = 2
            elif "-" in word and _parted(word):
                found[place] = 1
        return found

    def alternatives(self, text: str) -> tuple[str, ...]:
        """Return a name with the other forms of its number, those that the articles have."""
        parted = _parted(text)
        if parted is None:
            return ()
        name, numeral = parted
        others = [form for form in _FORMS[numeral.lower()] if form.lower() != numeral.lower()]
        if name.lower() not in _NUMBERED:
            others = [form for form in others if form.lower() not in _SELDOM]
        return tuple(f"{name} {form}" for form in others if self._are_neighbours(name, form))


def _parted(text: str) -> tuple[str, str] | None:
    """Return name and number of a text, None if it is anything else."""
    name, _, numeral = text.replace("-", " ").rpartition(" ")
    return (name, numeral) if _is_numbered(name.lower(), numeral.lower()) else None


def _is_numbered(word: str, numeral: str) -> bool:
    """Return whether a word and what stands behind it, both in lower case, are a name and a number."""
    if numeral not in _FORMS or not word.isalpha() or is_stop_word(word):
        return False
    # One letter is a letter, as in hepatitis and vitamins, and as the sign of a gene.
    is_plain = numeral.isdecimal() or (len(numeral) > 1 and numeral not in _SPELLED and numeral[-1] not in _LETTERS)
    return word in _NUMBERED or is_plain
