"""Did you mean: words that the articles do not hold -> the words that were probably meant.

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
less, a neighbouring key or another vowel 0.5 less, any other letter in the place of one 1 more.

A word written by ear costs one edit, whatever letters it has, and one for each sound that differs (``phonetics.py``).
That was chosen on lists of misspellings that people made: of 424 in questions to a medical library (Lu and others,
CSpell, JAMIA 26, 2019) 358 are corrected with the medical articles as they are, without any other word, and 346 where
only letters count; of Wikipedia's common ones 864 and 861 of 953. 4 or 6 in the place of the first 5 are about as good.

What is searched for without asking must be nearer than what is proposed: a mistake may cost 5, or as much as the word
has letters (and 2, if it was written by ear); ``_Nearness`` asks for more. With one word of each topic mistyped in nine
ways in turn (other than in benchmarks/mistakes.py: two at once and mistakes of hearing too), nDCG@10 is 0.971, 0.425,
0.317 and 0.603 in four collections (medical, Cranfield, NFCorpus, LiveQA), and 0.675, 0.397, 0.269 and 0.556 where
nothing is corrected. With a word beside each topic that the articles rightly lack, a real one of another collection, it
is 0.980, 0.452, 0.345 and 0.679 instead of 0.987, 0.451, 0.347 and 0.682; if all that is proposed were searched for,
0.929, 0.452, 0.329, 0.667.

Only the last word of a text may be half typed (``rheumatoid arthr``): of such words, cut anywhere, 90 in 100 were
completed as meant in four collections, and 37 before words that begin so were looked at. 5 or 6 in the place of 3 are
worse, and with 3 mistyped words are corrected as well as without.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import accumulate, chain, pairwise
from operator import attrgetter
from typing import Final, Literal, NamedTuple, Protocol

from qtsearch.analysis.analyzer import CJK, find_words, fold
from qtsearch.analysis.analyzer import words as words_of
from qtsearch.analysis.edit_distance import edit_distance
from qtsearch.analysis.stop_words import is_stop_word
from qtsearch.patterns import pattern
from qtsearch.query.language import LONGEST_ABBREVIATION, MAX_TEXT, parse
from qtsearch.query.scanner import COLUMNS, OPERATORS, QUOTES, SYNTAX, TEXT_FIELDS, blanked
from qtsearch.query.tree import Node, Phrase, Words, leaves
from qtsearch.values import dataclass

MAX_CORRECTED: Final = 8
"""Unknown words of one query that are corrected at most; a pasted page is no typing mistake."""

MAX_CORRECTED_TEXT: Final = 1000
"""Characters of a query in which words are corrected: nobody reads through a page to see what was changed in it."""

_EDIT = 5.0
_FIRST_LETTER = 2.0
_SPLIT = 7.0
_HALF_TYPED = 3.0
_LEAST_TYPED = 4
"""Letters of a word that was not typed to its end."""

_BY_EAR = 2
"""How much further from what was meant a word may be that was written by ear: ``hemroids``."""

_LEAST_HEARD = 4
"""Letters of a word that may have been written by ear."""

_FEW_LETTERS = 5
"""Words of up to so many letters are near to many others."""

_SHORT = 4
"""Words of up to so many letters are at most one edit from what was meant, and their keys are equal."""

_LONG = 8
"""Keys of so many letters may be two edits apart."""

_RARE = 10
_OPERATOR = pattern(rf"\b(?:{'|'.join(OPERATORS)})\b")
_SENTENCE_ENDS = "?!.,;:"
_LEAST_WHOLE = 3
"""Articles that must hold a word before two known ones are taken for it."""

_Slip = Literal["swap", "doubled", "near letter", "another letter", "one more or less"]
_SLIPS: Final[dict[_Slip, float]] = {
    "swap": -1.5,
    "doubled": -1.5,
    "near letter": -0.5,
    "another letter": 1.0,
    "one more or less": 0.0,
}
"""What a mistake of one edit costs more than others."""

_VOWELS = "aeiouy"
_KEYBOARD = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_NEIGHBOURS: Final = {
    letter: "".join(
        near[max(0, column - 1 + (other < row)) : column + 2 - (other > row)]
        for other, near in enumerate(_KEYBOARD)
        if abs(other - row) <= 1
    ).replace(letter, "")
    for row, letters in enumerate(_KEYBOARD)
    for column, letter in enumerate(letters)
}
"""The keys around each one of an English keyboard, whose rows are shifted by half a key."""

_MAX_CANDIDATES = 12
_MIN_PART = 3
"""Letters of each half of two words written as one. So short halves must stand side by side in some article."""

_MAX_LETTERS = 40

_EXCLUDED = pattern(rf"(?<!\S)(?:-|NOT\s+)(?:[{QUOTES}][^{QUOTES}]*.?|\S+)")
_COLUMN_FILTER = pattern(rf"\b(?:{'|'.join(COLUMNS)}):(?:[{QUOTES}][^{QUOTES}]*.?|\S*)", re.IGNORECASE)


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


class TypedWord(NamedTuple):
    """A word of a query text that may be corrected: folded, and where it stands in characters."""

    word: str
    start: int
    end: int


class Replacement(NamedTuple):
    """What to write instead of the characters ``start`` to ``end`` of a query text.

    Attributes:
        use: whether to search for it without asking. No article holds what it is searched for ``instead`` of; what a
            blank tore into words that articles do hold is searched for ``beside`` these.
    """

    start: int
    end: int
    text: str
    use: Literal["proposed", "beside", "instead"] = "proposed"


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
    text: str, dictionary: Dictionary, company: Company | None = None, root: Node | None = None
) -> Correction | None:
    """Return the query that was probably meant; None if every word is known, or nothing better is.

    Args:
        text: a query text.
        dictionary: the words of the articles.
        company: how they stand together; without it frequency decides alone, and known words are left as they are.
        root: the tree of the text, for whoever has parsed it already; without other names.
    """
    if len(text) > MAX_CORRECTED_TEXT:
        return None
    root = parse(text).root if root is None else root
    if all(map(dictionary.doc_freq, _searched(root))):
        replacements = tuple(_torn_apart(text, company)) if company is not None else ()
    else:
        replacements = correct(typed_words(text, root), text, dictionary, company)
    return Correction(corrected_text(text, replacements), replacements) if replacements else None


def typed_words(text: str, root: Node) -> tuple[TypedWord, ...]:
    """Return the words of a query text that its tree searches for as they stand.

    Not among them: filters and their values, what is excluded, prefixes, wildcards and fuzzy words, stop words, what
    looks like a field.
    """
    searched = _searched(root)
    visible = blanked(blanked(text[:MAX_TEXT], _COLUMN_FILTER), _EXCLUDED)
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
    in_a_name = any(map(str.isalnum, around))  # as the letters of coq10 are
    return "*" not in around and "~" not in around and not looks_like_a_field and not in_a_name


def corrected_text(text: str, replacements: Iterable[Replacement]) -> str:
    """Return a text with its replacements made; they must not overlap."""
    parts, done = [], 0
    for start, end, instead, _ in sorted(replacements):
        parts += [text[done:start], instead]
        done = end
    return "".join([*parts, text[done:]])


def correct(
    words: Sequence[TypedWord], text: str, dictionary: Dictionary, company: Company | None = None
) -> tuple[Replacement, ...]:
    """Return what to replace: the unknown words for which a better one is known.

    Words of up to two letters, without a vowel, and numbers are never replaced, those of up to four letters by words
    one edit away, others by words two edits away, by words of about the same sound, or by two known words written
    apart. The last word of a text may go on. Two words with a blank between them, of which one is unknown, become one
    if that is known; see ``_torn_apart`` too.
    """
    unknown = _mistakes(words, text, dictionary)
    joined = list(_joined(words, unknown, text, dictionary))
    if company is not None:
        joined += [torn for torn in _torn_apart(text, company) if not _overlaps(torn, joined)]
    starts, ends = {one.start for one in joined}, {one.end for one in joined}
    known = list(dict.fromkeys(word.word for word in words if word.word not in unknown and not is_stop_word(word.word)))
    ranking = _Ranking(dictionary, known, company)
    half_typed = words[-1].word if words and words[-1].end == len(text) else ""
    better = {word: ranking.best(word, may_go_on=word == half_typed) for word in unknown}
    near = _Nearness(words, unknown, text, company)
    replaced = [
        Replacement(typed.start, typed.end, meant.text, "instead" if near.accepts(typed, meant) else "proposed")
        for typed in words
        if (meant := better.get(typed.word)) and typed.start not in starts and typed.end not in ends
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
    if word.isascii() and not any(vowel in word for vowel in _VOWELS):
        return False  # chf, htn
    # An abbreviation that no article holds is no other one: who types HCV does not mean HCC.
    written = text[typed.start : typed.end]
    pieces = text.split()
    shouted = text.isupper() and len(pieces) > 1 and max(map(len, pieces)) >= LONGEST_ABBREVIATION
    is_abbreviation = written.isupper() and len(written) <= LONGEST_ABBREVIATION and not shouted
    return not is_abbreviation and dictionary.doc_freq(word) == 0


def _joined(words: Sequence[TypedWord], unknown: set[str], text: str, dictionary: Dictionary) -> Iterator[Replacement]:
    done = -1
    for first, second in pairwise(words):
        if first.start < done or not {first.word, second.word} & unknown:
            continue
        if text[first.end : second.start] in (" ", "-") and dictionary.doc_freq(first.word + second.word):
            done = second.end
            yield Replacement(first.start, second.end, first.word + second.word, "instead")


def _torn_apart(text: str, company: Company) -> Iterator[Replacement]:
    """Yield words that a blank has torn apart into known ones (``lu ng``, ``can cer``).

    The whole word is in some articles, and in none do the two stand side by side; one of them may be a stop word. Only
    plain text is looked at: of what stands in quotes, belongs to a filter or is excluded, nothing is joined. A letter
    is no half of a word, though it may be one: ``vitamin d own``.
    """
    if SYNTAX.search(text) or _OPERATOR.search(text):
        return
    done = asked = 0
    pieces = text.split(" ")
    starts = accumulate((len(piece) + 1 for piece in pieces), initial=0)
    for start, (first, second) in zip(starts, pairwise(pieces), strict=False):
        rest = second.rstrip(_SENTENCE_ENDS)
        # Every query comes here, so whatever is cheap to ask comes first.
        if not (first.isalpha() and rest.isalpha() and _MIN_PART < len(first) + len(rest) <= _MAX_LETTERS):
            continue
        if len(first) == 1 or len(rest) == 1:
            continue
        whole = fold(first + rest)
        if start < done or company.doc_freq_as_written(whole) < _LEAST_WHOLE or _holds_cjk(whole):
            continue
        if is_stop_word(whole):
            continue
        if asked == MAX_CORRECTED or (is_stop_word(first.lower()) and is_stop_word(rest.lower())):
            continue
        asked += 1
        if not company.are_neighbours(first, rest):
            done = start + len(first) + 1 + len(rest)
            yield _as_typed(Replacement(start, done, whole, "beside"), text)


def _overlaps(one: Replacement, others: Iterable[Replacement]) -> bool:
    return any(one.start < other.end and other.start < one.end for other in others)


class _Candidate(NamedTuple):
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


class _Nearness:
    """Says what is near enough to a mistyped word to be searched for without asking.

    Args:
        words: those of the query.
        unknown: which of them are mistyped.
        text: the query text.
        company: how words stand together.
    """

    def __init__(self, words: Sequence[TypedWord], unknown: set[str], text: str, company: Company | None) -> None:
        self._words = words
        self._unknown = unknown
        self._text = text
        self._company = company

    def accepts(self, typed: TypedWord, meant: _Candidate) -> bool:
        """Return whether a candidate may be searched for; short words only where they fit to the words beside them."""
        letters = len(typed.word) + (_BY_EAR if meant.how == "sound" else 0)
        if meant.cost > max(_EDIT, letters) or _is_another_part(typed.word, meant):
            return False
        if meant.how == "split" and self._company is not None:
            return self._company.are_neighbours(*meant.text.split())
        return len(typed.word) > _FEW_LETTERS or self._fits(typed, meant.text)

    def _fits(self, typed: TypedWord, meant: str) -> bool:
        """Return whether any article has a word side by side with one that it stands beside in the query."""
        if self._company is None:
            return True
        at = self._words.index(typed)
        before = [word for word in self._words[max(0, at - 1) : at] if word.word not in self._unknown]
        after = [word for word in self._words[at + 1 : at + 2] if word.word not in self._unknown]
        if not before and not after:
            return len(typed.word) >= _LEAST_HEARD
        # Stop words between the two are in the articles too.
        return any(
            self._company.are_neighbours(self._text[word.start : typed.start].strip(), meant) for word in before
        ) or any(self._company.are_neighbours(meant, self._text[typed.end : word.end].strip()) for word in after)


def _is_another_part(word: str, meant: _Candidate) -> bool:
    """Return whether a word differs by a part rather than by slips: medicine names opposites so.

    Two edits side by side are such (``hyperkalemia`` and ``hypokalemia``, ``arthritis`` and ``arthrosis``), and an
    ``a`` before a word. Words of four letters have too few sounds to be known by these.
    """
    if meant.how == "sound":
        return len(word) <= _SHORT
    stays = _alike(word, meant.text)
    ends = _alike(word[stays:][::-1], meant.text[stays:][::-1])
    typed, other = word[stays : len(word) - ends], meant.text[stays : len(meant.text) - ends]
    is_prefix = stays == 0 and {typed, other} == {"", "a"}
    return meant.how == "letters" and (is_prefix or (meant.cost >= 2 * _EDIT and max(len(typed), len(other)) <= 2))


def _alike(one: str, other: str) -> int:
    """Return with how many of the same letters two words begin."""
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


class _Ranking:
    def __init__(self, dictionary: Dictionary, context: Sequence[str], company: Company | None) -> None:
        self._dictionary = dictionary
        self._context = context
        self._company = company

    def best(self, word: str, *, may_go_on: bool = False) -> _Candidate | None:
        """Return what was probably meant by an unknown word, which may be half a word; None if nothing is near."""
        near: dict[str, _Candidate] = {}
        for one in chain(self._near(word), self._heard(word), self._begun(word) if may_go_on else ()):
            # Nobody searches for stop words.
            if one.doc_freq > 0 and not is_stop_word(one.text):
                near[one.text] = min(one, near.get(one.text, one), key=attrgetter("cost"))
        first = sorted(near.values(), key=lambda one: (one.cost - math.log(one.doc_freq), one.text))[:_MAX_CANDIDATES]
        return max(first, key=lambda one: self._word(one.text, one.doc_freq) - one.cost, default=None)

    def _near(self, word: str) -> Iterator[_Candidate]:
        """Yield what few edits make of a word."""
        for place in range(_MIN_PART, len(word) - _MIN_PART + 1):
            first, second = word[:place], word[place:]
            doc_freq = min(self._dictionary.doc_freq(first), self._dictionary.doc_freq(second))
            if doc_freq and (min(len(first), len(second)) > _MIN_PART or self._neighbours(first, second)):
                yield _Candidate(f"{first} {second}", doc_freq, _SPLIT, "split")
        for found, doc_freq in self._dictionary.within(word, 1 if len(word) <= _SHORT else 2):
            yield _Candidate(found, doc_freq, _typing_cost(word, found), "letters")

    def _neighbours(self, first: str, second: str) -> bool:
        return self._company is None or self._company.are_neighbours(first, second)

    def _heard(self, word: str) -> Iterator[_Candidate]:
        """Yield the words that sound like a word."""
        if len(word) < _LEAST_HEARD:
            return
        from qtsearch.analysis.phonetics import phonetic_key  # few words are mistakes

        key = phonetic_key(word)
        distance = 0 if len(key) <= _SHORT else 1 if len(key) < _LONG else 2
        for found, doc_freq in self._dictionary.sounding(key, distance):
            cost = _EDIT * (1 + edit_distance(key, phonetic_key(found)))
            yield _Candidate(found, doc_freq, cost, "sound")

    def _begun(self, word: str) -> Iterator[_Candidate]:
        """Yield the words that begin with a word."""
        if len(word) >= _LEAST_TYPED:
            for found, doc_freq in self._dictionary.beginning(word):
                yield _Candidate(found, doc_freq, _HALF_TYPED, "half typed")

    def _word(self, found: str, doc_freq: int) -> float:
        first, *rest = found.split()
        company = self._company
        if company is None or not (rest or self._context):
            return math.log(doc_freq)
        counts = [company.together(part, self._context) for part in (first, *rest) if self._context]
        # Two words written as one stand in the same articles, and each of them beside the other words.
        counts += [company.together(first, rest)] if rest else []
        together = 1 + min(counts)
        most = min(doc_freq, company.holding(self._context)) if self._context else doc_freq
        return math.log(together) + 2 * math.log(together / (most + _RARE))


def _typing_cost(word: str, found: str) -> float:
    edits = edit_distance(word, found)
    slip = _slip(word, found) if edits == 1 else None
    odd_start = word[0] != found[0] and slip != "swap"
    return _EDIT * edits + _FIRST_LETTER * odd_start + (_SLIPS[slip] if slip else 0.0)


def _slip(word: str, found: str) -> _Slip:
    """Return what kind of mistake one edit is."""
    place = next((place for place, pair in enumerate(zip(word, found, strict=False)) if pair[0] != pair[1]), -1)
    if len(word) == len(found):
        if word[place + 1 :] != found[place + 1 :]:
            return "swap"
        typed, meant = word[place], found[place]
        if meant in _NEIGHBOURS.get(typed, "") or (typed in _VOWELS and meant in _VOWELS):
            return "near letter"
        return "another letter"
    longer, shorter = (word, found) if len(word) > len(found) else (found, word)
    place = place if place >= 0 else len(shorter)
    return "doubled" if place and longer[place] == longer[place - 1] else "one more or less"


def _as_typed(replacement: Replacement, text: str) -> Replacement:
    """Return the replacement in capitals where the word was typed so, and as one operand where it was one."""
    start, end, word, use = replacement
    typed = text[start:end]
    if typed.isupper() and word.upper() not in OPERATORS:
        word = word.upper()
    elif typed[:1].isupper():
        word = word.capitalize()
    # Without the quotes, a sign or a field would belong to the first word only.
    beside = text[max(0, start - 1) : start] in ("+", ":") or text[end : end + 1] == "^"
    as_one = f'"{word}"' if " " in word and beside else word
    return Replacement(start, end, as_one, use)


def _holds_cjk(word: str) -> bool:
    return not word.isascii() and _cjk().search(word) is not None


@cache
def _cjk() -> re.Pattern[str]:
    return re.compile(f"[{CJK}]")  # takes 3 ms, so only for words that need it
