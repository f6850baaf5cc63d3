"""Did you mean: words that the articles do not hold -> the words that were probably meant.

A suggestion is ranked as in a noisy channel (M. D. Kernighan, K. W. Church, W. A. Gale, "A spelling correction
program based on a noisy channel model", COLING 1990): how probable the word is, times how probable it is to mistype it
so. Both are estimated from what an index knows, in logarithms::

    word    ln doc_freq                              if it is the only known word of the query
            ln t + 2 ln(t / (doc_freq + 10))         beside others, t = 1 + together
    typing  - 4 edits - 2 [another first letter]     of two words written as one: - 5

``together`` counts the articles that hold the word and another of the query; of two words written as one, those that
hold both, or one of them and another of the query, whichever are fewest. What share of its own articles that is
counts twice, so that a word found everywhere (``best cancer``) does not beat one that belongs (``breast cancer``); the
10 keeps a word of two articles from looking as if it belonged. One edit more is worth a word fifty
times rarer; people seldom get the first letter wrong (J. J. Pollock, A. Zamora, CACM 27, 1984).
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from itertools import pairwise
from typing import Final, NamedTuple, Protocol

from qtsearch.analysis.analyzer import CJK, find_words, fold
from qtsearch.analysis.analyzer import words as words_of
from qtsearch.analysis.edit_distance import edit_distance
from qtsearch.analysis.stop_words import is_stop_word
from qtsearch.patterns import pattern
from qtsearch.query.language import MAX_TEXT, parse
from qtsearch.query.scanner import COLUMNS, OPERATORS, QUOTES, TEXT_FIELDS
from qtsearch.query.tree import Node, Phrase, Words, leaves
from qtsearch.values import dataclass

MAX_CORRECTED: Final = 8
"""Unknown words of one query that are looked after; a pasted page is no typing mistake."""

MAX_CORRECTED_TEXT: Final = 1000
"""Characters of a query in which words are corrected: nobody reads through a page to see what was changed in it."""

_EDIT = 4.0
_FIRST_LETTER = 2.0
_SPLIT = 5.0
_RARE = 10
_MAX_CANDIDATES = 12
_MIN_PART = 3
_MAX_ABBREVIATION = 5
_MAX_LETTERS = 40

_COLUMN_FILTER = pattern(rf"\b(?:{'|'.join(COLUMNS)}):(?:[{QUOTES}][^{QUOTES}]*.?|\S*)", re.IGNORECASE)


class Dictionary(Protocol):
    """The words of the articles, folded and not stemmed."""

    def doc_freq(self, word: str) -> int:
        """Return in how many articles a search for the word would find something; 0 makes it a mistake."""

    def within(self, word: str, distance: int) -> Iterable[tuple[str, int]]:
        """Yield (word, doc_freq) of the words at most ``distance`` edits away."""


Together = Callable[[str, Sequence[str]], int]
"""How many articles hold a word and at least one of the others."""


class TypedWord(NamedTuple):
    """A word of a query text that may be corrected: folded, and where it stands in characters."""

    word: str
    start: int
    end: int


class Replacement(NamedTuple):
    """What to write instead of the characters ``start`` to ``end`` of a query text."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Correction:
    """What was probably meant.

    Attributes:
        text: the query text with the words replaced; operators, quotes and fields are as typed.
        replacements: ascending, not overlapping.
    """

    text: str
    replacements: tuple[Replacement, ...]


def did_you_mean(
    text: str, dictionary: Dictionary, together: Together | None = None, root: Node | None = None
) -> Correction | None:
    """Return the query that was probably meant; None if every word is known, or nothing better is.

    Args:
        text: a query text.
        dictionary: the words of the articles.
        together: counts articles that hold words together; without it frequency decides alone.
        root: the tree of the text, for whoever has parsed it already; without other names.
    """
    if len(text) > MAX_CORRECTED_TEXT:
        return None
    root = parse(text).root if root is None else root
    if all(map(dictionary.doc_freq, _searched(root))):
        return None
    replacements = correct(typed_words(text, root), text, dictionary, together)
    return Correction(corrected_text(text, replacements), replacements) if replacements else None


def typed_words(text: str, root: Node) -> tuple[TypedWord, ...]:
    """Return the words of a query text that its tree searches for as they stand.

    Not among them: filters and their values, what is excluded, prefixes, wildcards and fuzzy words, stop words, what
    looks like a field.
    """
    searched = _searched(root)
    # Blanks instead of filters, so that every word stays where it is.
    visible = _COLUMN_FILTER.sub(lambda match: " " * len(match.group()), text[:MAX_TEXT])
    found = (TypedWord(fold(match.group()), match.start(), match.end()) for match in find_words(visible))
    return tuple(typed for typed in found if typed.word in searched and _stands_alone(visible, typed))


def _searched(root: Node) -> set[str]:
    return {word for leaf in leaves(root) if isinstance(leaf, Words | Phrase) for word in words_of(leaf.text)}


def _stands_alone(text: str, typed: TypedWord) -> bool:
    around = text[max(0, typed.start - 1) : typed.start] + text[typed.end : typed.end + 1]
    # What looks like a field was meant as one, and a better spelling of it would be no field either.
    goes_on = bool(text[typed.end + 1 : typed.end + 2].strip())
    is_field = typed.word in TEXT_FIELDS or typed.word in COLUMNS
    looks_like_a_field = text[typed.end : typed.end + 1] == ":" and (goes_on or is_field)
    return "*" not in around and "~" not in around and not looks_like_a_field


def corrected_text(text: str, replacements: Iterable[Replacement]) -> str:
    """Return a text with its replacements made; they must not overlap."""
    parts, done = [], 0
    for start, end, instead in sorted(replacements):
        parts += [text[done:start], instead]
        done = end
    return "".join([*parts, text[done:]])


def correct(
    words: Sequence[TypedWord], text: str, dictionary: Dictionary, together: Together | None = None
) -> tuple[Replacement, ...]:
    """Return what to replace: the unknown words for which a better one is known.

    Words of up to two letters and numbers are never replaced, those of up to four letters by words one edit away,
    others by words two edits away, or by two known words written apart. Two words with a blank between them, of which
    one is unknown, become one if that is known.
    """
    unknown = _mistakes(words, text, dictionary)
    joined = list(_joined(words, unknown, text, dictionary))
    starts, ends = {start for start, _, _ in joined}, {end for _, end, _ in joined}
    known = list(dict.fromkeys(word.word for word in words if word.word not in unknown and not is_stop_word(word.word)))
    ranking = _Ranking(dictionary, known, together)
    better = {word: ranking.best(word) for word in unknown}
    replaced = [
        Replacement(start, end, instead)
        for word, start, end in words
        if (instead := better.get(word)) and start not in starts and end not in ends
    ]
    return tuple(_as_typed(replacement, text) for replacement in sorted(joined + replaced))


def _mistakes(words: Sequence[TypedWord], text: str, dictionary: Dictionary) -> set[str]:
    distinct = {typed.word: typed for typed in reversed(words)}
    unknown = [typed for typed in distinct.values() if _is_mistake(typed, text, dictionary)]
    return {typed.word for typed in sorted(unknown, key=lambda typed: typed.start)[:MAX_CORRECTED]}


def _is_mistake(typed: TypedWord, text: str, dictionary: Dictionary) -> bool:
    word = typed.word
    if not 2 < len(word) <= _MAX_LETTERS or not word.isalpha() or is_stop_word(word) or _holds_cjk(word):
        return False
    # An abbreviation that no article holds is no other one: who types HCV does not mean HCC.
    written = text[typed.start : typed.end]
    shouted = text.isupper() and len(text.split()) > 1
    is_abbreviation = written.isupper() and len(written) <= _MAX_ABBREVIATION and not shouted
    return not is_abbreviation and dictionary.doc_freq(word) == 0


def _joined(words: Sequence[TypedWord], unknown: set[str], text: str, dictionary: Dictionary) -> Iterator[Replacement]:
    done = -1
    for first, second in pairwise(words):
        if first.start < done or not {first.word, second.word} & unknown:
            continue
        if text[first.end : second.start] in (" ", "-") and dictionary.doc_freq(first.word + second.word):
            done = second.end
            yield Replacement(first.start, second.end, first.word + second.word)


class _Ranking:
    def __init__(self, dictionary: Dictionary, context: Sequence[str], together: Together | None) -> None:
        self._dictionary = dictionary
        self._context = context
        self._together = together

    def best(self, word: str) -> str | None:
        """Return what was probably meant by an unknown word; None if nothing is near."""
        distance = 1 if len(word) <= 4 else 2
        near = dict(self._splits(word))
        for found, doc_freq in self._dictionary.within(word, distance):
            if doc_freq > 0 and not is_stop_word(found):  # nobody searches for those
                near[found] = (doc_freq, _typing_cost(word, found))
        likely = sorted(near, key=lambda found: (near[found][1] - math.log(near[found][0]), found))[:_MAX_CANDIDATES]
        return max(likely, key=lambda found: self._word(found, near[found][0]) - near[found][1], default=None)

    def _splits(self, word: str) -> Iterator[tuple[str, tuple[int, float]]]:
        for place in range(_MIN_PART, len(word) - _MIN_PART + 1):
            first, second = word[:place], word[place:]
            doc_freq = min(self._dictionary.doc_freq(first), self._dictionary.doc_freq(second))
            if doc_freq > 0:
                yield f"{first} {second}", (doc_freq, _SPLIT)

    def _word(self, found: str, doc_freq: int) -> float:
        first, *rest = found.split()
        if self._together is None or not (rest or self._context):
            return math.log(doc_freq)
        counts = [self._together(part, self._context) for part in (first, *rest) if self._context]
        # Two words written as one stand in the same articles, and each of them beside the other words.
        counts += [self._together(first, rest)] if rest else []
        together = 1 + min(counts)
        return math.log(together) + 2 * math.log(together / (doc_freq + _RARE))


def _typing_cost(word: str, found: str) -> float:
    return _EDIT * edit_distance(word, found) + _FIRST_LETTER * (word[0] != found[0])


def _as_typed(replacement: Replacement, text: str) -> Replacement:
    """Return the replacement in capitals where the word was typed so, and as one operand where it was one."""
    start, end, word = replacement
    typed = text[start:end]
    if typed.isupper() and word.upper() not in OPERATORS:
        word = word.upper()
    elif typed[:1].isupper():
        word = word.capitalize()
    # Without the quotes, a sign or a field would belong to the first word only.
    return Replacement(
        start, end, f'"{word}"' if " " in word and text[max(0, start - 1) : start] in ("+", ":") else word
    )


def _holds_cjk(word: str) -> bool:
    return not word.isascii() and _cjk().search(word) is not None


@cache
def _cjk() -> re.Pattern[str]:
    return re.compile(f"[{CJK}]")  # takes 3 ms, so only for words that need it
