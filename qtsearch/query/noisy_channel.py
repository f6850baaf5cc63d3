"""A mistyped word -> the word of the articles that was probably meant.

A suggestion is ranked as in a noisy channel (M. D. Kernighan, K. W. Church, W. A. Gale, "A spelling correction
program based on a noisy channel model", COLING 1990): how probable the word is, times how probable it is to mistype it
so. Both are estimated from what an index knows, in logarithms::

    word    ln doc_freq                              if it is the only known word of the query
            ln t + 2 ln(t / (most + 10))             beside others, t = 1 + together, most = min(doc_freq, holding)
    typing  - 5 edits - 2 [another first letter]     of two words written as one: - 7
            - 5 - 5 edits of the phonetic key        of a word that was written by ear, if that is more
            - 3                                      of a word that is not typed to its end

``together`` counts the articles that hold the word and another of the query; of two words written as one, those that
hold both, or one of them and another of the query, whichever are fewest. What share that is of the most that it could
be counts twice, so that a word found everywhere (``best cancer``) does not beat one that belongs (``breast cancer``);
the 10 keeps a word of two articles from looking as if it belonged. ``holding`` counts the articles that hold another
word of the query at all: a common word beside a rare one (``polymyositis research``) cannot stand in more.

One edit more is worth a word 150 times rarer; people seldom get the first letter wrong, unless they swap it with the
second (J. J. Pollock, A. Zamora, CACM 27, 1984). A swap, and a letter doubled or one of a double left out, count 1.5
less, a neighbouring key or another vowel 0.5 less, any other letter in the place of one 1 more. Of two edits that
bring three letters into another order (``athsma``), the second hardly counts: they are one in ten of the two edits in
Wikipedia's list of misspellings. Letters that went further, or from the first place, make other words: ``tizanidine``
and ``nizatidine`` are two medicines.

A word written by ear costs one edit, whatever letters it has, and one for each sound that differs (``phonetics.py``).
That was chosen on lists of misspellings that people made: of 424 in questions to a medical library (Lu and others,
CSpell, JAMIA 26, 2019) 358 are corrected with the medical articles as they are, without any other word, and 346 where
only letters count; of Wikipedia's common ones 864 and 861 of 953. 4 or 6 in the place of the first 5 are about as good.

The last word of a text may be half typed (``rheumatoid arthr``): of such words, cut anywhere, 90 in 100 were completed
as meant in four collections, and 37 before words that begin so were looked at. 5 or 6 in the place of 3 are worse, and
with 3 mistyped words are corrected as well as without. Any other word is taken for half a word only if the whole one
stands beside its neighbours in some article (``hep b``).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from operator import attrgetter
from typing import Final, Literal, NamedTuple, Protocol

from qtsearch.analysis.edit_distance import edit_distance
from qtsearch.analysis.stop_words import is_stop_word

EDIT: Final = 5.0
"""What one edit costs."""

_FIRST_LETTER = 2.0
_SPLIT = 7.0
_HALF_TYPED = 3.0
_LEAST_TYPED = 3
"""Letters of a word that was not typed to its end."""

LEAST_HEARD: Final = 4
"""Letters of a word that may have been written by ear."""

SHORT: Final = 4
"""Words of up to so many letters are at most one edit from what was meant, and their keys are equal."""

_LONG = 8
"""Keys of so many letters may be two edits apart."""

_RARE = 10

_Slip = Literal["swap", "doubled", "near letter", "another letter", "one more or less", "letters astray"]
_SLIPS: Final[dict[_Slip, float]] = {
    "swap": -1.5,
    "doubled": -1.5,
    "near letter": -0.5,
    "another letter": 1.0,
    "one more or less": 0.0,
    "letters astray": -4.0,
}
"""What a mistake costs more than its edits."""

VOWELS: Final = "aeiouy"
KEYBOARD: Final = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_NEIGHBOURS: Final = {
    letter: "".join(
        near[max(0, column - 1 + (other < row)) : column + 2 - (other > row)]
        for other, near in enumerate(KEYBOARD)
        if abs(other - row) <= 1
    ).replace(letter, "")
    for row, letters in enumerate(KEYBOARD)
    for column, letter in enumerate(letters)
}
"""The keys around each one of an English keyboard, whose rows are shifted by half a key."""

_MAX_CANDIDATES = 12
_MIN_PART = 3
"""Letters of each half of two words written as one. So short halves must stand side by side in some article."""


class Dictionary(Protocol):
    """The words of the articles, folded and not stemmed."""

    def doc_freq(self, word: str) -> int:
        """Return in how many articles a search for the word would find something; 0 makes it a mistake."""

    def within(self, word: str, distance: int) -> Iterable[tuple[str, int]]:
        """Yield (word, doc_freq) of the words at most ``distance`` edits away."""

    def sounding(self, key: str, distance: int) -> Iterable[tuple[str, int]]:
        """Yield (word, doc_freq) of the words whose ``phonetic_key`` is at most ``distance`` edits from a key."""

    def beginning(self, prefix: str) -> Iterable[tuple[str, int]]:
        """Yield (word, doc_freq) of the commonest words that begin so."""


class Company(Protocol):
    """How the words of the articles stand together."""

    def together(self, word: str, others: Sequence[str]) -> int:
        """Return how many articles hold a word and at least one of the others."""

    def holding(self, words: Sequence[str]) -> int:
        """Return how many articles hold at least one of the words."""

    def doc_freq_as_written(self, word: str) -> int:
        """Return how many articles hold a folded word in this form."""

    def are_neighbours(self, first: str, second: str) -> bool:
        """Return whether two words stand side by side in any article, in this order."""


class Candidate(NamedTuple):
    """What may have been meant.

    Attributes:
        text: one or two words.
        doc_freq: their document frequency.
        cost: what it costs to mistype them so.
        how: what the mistake would be.
    """

    text: str
    doc_freq: int
    cost: float
    how: Literal["split", "letters", "sound", "half typed"]


def belonging(together: int, most: int) -> float:
    """Return how well a word belongs to others, in logarithms; see above.

    Args:
        together: how many articles hold both, 1 or more.
        most: how many could.
    """
    return math.log(together) + 2 * math.log(together / (most + _RARE))


class Ranking:
    """Ranks what may have been meant by the mistyped words of one query.

    Args:
        dictionary: the words of the articles.
        context: the other words of the query.
        company: how words stand together; without it frequency decides alone.
    """

    def __init__(self, dictionary: Dictionary, context: Sequence[str], company: Company | None) -> None:
        self._dictionary = dictionary
        self._context = context
        self._company = company

    def best(self, word: str, may_become: Callable[[str], bool]) -> Candidate | None:
        """Return what was probably meant by an unknown word; None if nothing is near.

        Args:
            word: the word.
            may_become: says whether it may be half of a word that begins so.
        """
        near: dict[str, Candidate] = {}
        for one in chain(self._near(word), self._heard(word), self._begun(word, may_become)):
            # Nobody searches for stop words.
            if one.doc_freq > 0 and not is_stop_word(one.text):
                near[one.text] = min(one, near.get(one.text, one), key=attrgetter("cost"))
        first = sorted(near.values(), key=lambda one: (one.cost - math.log(one.doc_freq), one.text))[:_MAX_CANDIDATES]
        return max(first, key=lambda one: self._word(one.text, one.doc_freq) - one.cost, default=None)

    def _near(self, word: str) -> Iterator[Candidate]:
        """Yield what few edits make of a word."""
        for place in range(_MIN_PART, len(word) - _MIN_PART + 1):
            first, second = word[:place], word[place:]
            doc_freq = min(self._dictionary.doc_freq(first), self._dictionary.doc_freq(second))
            if doc_freq and (min(len(first), len(second)) > _MIN_PART or self._neighbours(first, second)):
                yield Candidate(f"{first} {second}", doc_freq, _SPLIT, "split")
        for found, doc_freq in self._dictionary.within(word, 1 if len(word) <= SHORT else 2):
            yield Candidate(found, doc_freq, _typing_cost(word, found), "letters")

    def _neighbours(self, first: str, second: str) -> bool:
        return self._company is None or self._company.are_neighbours(first, second)

    def _heard(self, word: str) -> Iterator[Candidate]:
        """Yield the words that sound like a word."""
        if len(word) < LEAST_HEARD:
            return
        from qtsearch.analysis.phonetics import phonetic_key  # few words are mistakes

        key = phonetic_key(word)
        distance = 0 if len(key) <= SHORT else 1 if len(key) < _LONG else 2
        for found, doc_freq in self._dictionary.sounding(key, distance):
            cost = EDIT * (1 + edit_distance(key, phonetic_key(found)))
            yield Candidate(found, doc_freq, cost, "sound")

    def _begun(self, word: str, may_become: Callable[[str], bool]) -> Iterator[Candidate]:
        """Yield the words that begin with a word and may be meant by it."""
        if len(word) >= _LEAST_TYPED:
            for found, doc_freq in self._dictionary.beginning(word):
                if may_become(found):
                    yield Candidate(found, doc_freq, _HALF_TYPED, "half typed")

    def _word(self, found: str, doc_freq: int) -> float:
        first, *rest = found.split()
        company = self._company
        if company is None or not (rest or self._context):
            return math.log(doc_freq)
        counts = [company.together(part, self._context) for part in (first, *rest) if self._context]
        # Two words written as one stand in the same articles, and each of them beside the other words.
        counts += [company.together(first, rest)] if rest else []
        most = min(doc_freq, company.holding(self._context)) if self._context else doc_freq
        return belonging(1 + min(counts), most)


def _typing_cost(word: str, found: str) -> float:
    edits = edit_distance(word, found)
    slip = _slip(word, found) if edits == 1 else "letters astray" if _are_astray(word, found) else None
    odd_start = word[0] != found[0] and slip != "swap"
    return EDIT * edits + _FIRST_LETTER * odd_start + (_SLIPS[slip] if slip else 0.0)


def _are_astray(word: str, found: str) -> bool:
    """Return whether three letters, none of them the first, are in another order."""
    start, left = alike(word, found), len(word) - alike(word[::-1], found[::-1])
    return start > 0 and left - start == 3 and sorted(word) == sorted(found)


def alike(one: str, other: str) -> int:
    """Return with how many of the same letters two words begin."""
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _slip(word: str, found: str) -> _Slip:
    """Return what kind of mistake one edit is."""
    place = alike(word, found)
    if len(word) == len(found):
        if word[place + 1 :] != found[place + 1 :]:
            return "swap"
        typed, meant = word[place], found[place]
        if meant in _NEIGHBOURS.get(typed, "") or (typed in VOWELS and meant in VOWELS):
            return "near letter"
        return "another letter"
    longer = max(word, found, key=len)
    return "doubled" if place and longer[place] == longer[place - 1] else "one more or less"
