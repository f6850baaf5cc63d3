"""Did you mean: words that the articles do not hold -> the words that were probably meant.

Which words of a query text are mistaken, and where; words that a blank tore apart; and what of all that may be searched
for without asking. ``noisy_channel`` says what each was meant to be.

What is searched for without asking must be nearer than what is proposed: a mistake may cost 5, or as much as the word
has letters (and 2, if it was written by ear); ``_Nearness`` asks for more. With one word of each topic mistyped in nine
ways in turn (other than in benchmarks/mistakes.py: two at once and mistakes of hearing too), nDCG@10 is 0.971, 0.425,
0.317 and 0.603 in four collections (medical, Cranfield, NFCorpus, LiveQA), and 0.675, 0.397, 0.269 and 0.556 where
nothing is corrected. With a word beside each topic that the articles rightly lack, a real one of another collection, it
is 0.980, 0.452, 0.345 and 0.679 instead of 0.987, 0.451, 0.347 and 0.682; if all that is proposed were searched for,
0.929, 0.452, 0.329, 0.667.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, partial
from itertools import pairwise
from typing import Final, Literal, NamedTuple

from qtsearch.analysis.analyzer import CJK, find_words, fold
from qtsearch.analysis.analyzer import words as words_of
from qtsearch.analysis.stop_words import is_stop_word
from qtsearch.patterns import pattern
from qtsearch.query.language import LONGEST_ABBREVIATION, MAX_TEXT, parse
from qtsearch.query.noisy_channel import (
    EDIT,
    LEAST_HEARD,
    SHORT,
    VOWELS,
    Candidate,
    Company,
    Dictionary,
    Ranking,
    alike,
)
from qtsearch.query.scanner import COLUMNS, OPERATORS, QUOTES, SYNTAX, TEXT_FIELDS, blanked
from qtsearch.query.tree import Node, Phrase, Words, leaves
from qtsearch.values import dataclass

MAX_CORRECTED: Final = 8
"""Unknown words of one query that are corrected at most; a pasted page is no typing mistake."""

MAX_CORRECTED_TEXT: Final = 1000
"""Characters of a query in which words are corrected: nobody reads through a page to see what was changed in it."""

_BY_EAR = 2
"""How much further from what was meant a word may be that was written by ear: ``hemroids``."""

_FEW_LETTERS = 5
"""Words of up to so many letters are near to many others."""

_OPERATOR = pattern(rf"\b(?:{'|'.join(OPERATORS)})\b")
_SENTENCE_ENDS = "?!.,;:"
_LEAST_WHOLE = 3
"""Articles that must hold a word before two known ones are taken for it."""

_MAX_LETTERS = 40

_PIECE = re.compile(r"\S+")
_EXCLUDED = pattern(rf"(?<!\S)(?:-|NOT\s+)(?:[{QUOTES}][^{QUOTES}]*.?|\S+)")
_COLUMN_FILTER = pattern(rf"\b(?:{'|'.join(COLUMNS)}):(?:[{QUOTES}][^{QUOTES}]*.?|\S*)", re.IGNORECASE)


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


class Proofread(NamedTuple):
    """A query text whose words were looked up.

    Attributes:
        correction: what was probably meant; None if every word is known, or nothing better is.
        unknown: the words that no article holds, in their order.
    """

    correction: Correction | None
    unknown: tuple[TypedWord, ...]


def did_you_mean(
    text: str, dictionary: Dictionary, company: Company | None = None, root: Node | None = None
) -> Correction | None:
    """Return the query that was probably meant, None if there is none; see ``proofread``."""
    return proofread(text, dictionary, company, root).correction


def proofread(text: str, dictionary: Dictionary, company: Company | None = None, root: Node | None = None) -> Proofread:
    """Look up the words of a query.

    Args:
        text: a query text; of a long one nothing is looked up.
        dictionary: the words of the articles.
        company: how they stand together; without it frequency decides alone, and known words are left as they are.
        root: the tree of the text, for whoever has parsed it already; without other names.
    """
    if len(text) > MAX_CORRECTED_TEXT:
        return Proofread(None, ())
    root = parse(text).root if root is None else root
    unknown: tuple[TypedWord, ...] = ()
    if all(map(dictionary.doc_freq, _searched(root))):
        replacements = tuple(_torn_apart(text, company)) if company is not None else ()
    else:
        words = typed_words(text, root)
        replacements = correct(words, text, dictionary, company)
        unknown = tuple(one for one in words if _is_one_word(one.word) and not dictionary.doc_freq(one.word))
    correction = Correction(corrected_text(text, replacements), replacements) if replacements else None
    return Proofread(correction, unknown)


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
    apart. Any may be half of a word that stands beside its neighbours, and the last one of a text, from four letters
    on, half of any. Two words with blanks between them, of which one is unknown, become one if that is known; see
    ``_torn_apart`` too.
    """
    unknown = _mistakes(words, text, dictionary)
    joined = list(_joined(words, unknown, text, dictionary))
    if company is not None:
        joined += [torn for torn in _torn_apart(text, company) if not overlaps(torn, joined)]
    starts, ends = {one.start for one in joined}, {one.end for one in joined}
    known = list(dict.fromkeys(word.word for word in words if word.word not in unknown and not is_stop_word(word.word)))
    ranking = Ranking(dictionary, known, company)
    near = _Nearness(words, unknown, text, company)
    typed_first = {typed.word: typed for typed in reversed(words)}
    better = {word: ranking.best(word, partial(near.may_become, typed_first[word])) for word in unknown}
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
    if word.isascii() and not any(vowel in word for vowel in VOWELS):
        return False  # chf, htn
    # An abbreviation that no article holds is no other one: who types HCV does not mean HCC.
    written = text[typed.start : typed.end]
    is_abbreviation = written.isupper() and len(written) <= LONGEST_ABBREVIATION and not _is_shouted(text)
    return not is_abbreviation and dictionary.doc_freq(word) == 0


def _is_shouted(text: str) -> bool:
    pieces = text.split()
    return text.isupper() and len(pieces) > 1 and max(map(len, pieces)) >= LONGEST_ABBREVIATION


def _joined(words: Sequence[TypedWord], unknown: set[str], text: str, dictionary: Dictionary) -> Iterator[Replacement]:
    done = -1
    for first, second in pairwise(words):
        if first.start < done or not {first.word, second.word} & unknown:
            continue
        whole = first.word + second.word
        between = text[first.end : second.start]
        if (between == "-" or between.isspace()) and (doc_freq := dictionary.doc_freq(whole)):
            done = second.end
            # A half that articles hold is lost, so one stray article is not enough.
            is_sure = doc_freq >= _LEAST_WHOLE or {first.word, second.word} <= unknown
            yield Replacement(first.start, second.end, whole, "instead" if is_sure else "proposed")


def _torn_apart(text: str, company: Company) -> Iterator[Replacement]:
    """Yield words that a blank has torn apart into known ones (``lu ng``, ``can cer``).

    The whole word is in some articles, and in none do the two stand side by side; one of them may be a stop word. Only
    plain text is looked at: of what stands in quotes, belongs to a filter or is excluded, nothing is joined. A letter
    is no half of a word, though it may be one: ``vitamin d own``.
    """
    if SYNTAX.search(text) or _OPERATOR.search(text):
        return
    done = asked = 0
    for (start, first), (behind, second) in pairwise((piece.start(), piece[0]) for piece in _PIECE.finditer(text)):
        rest = second.rstrip(_SENTENCE_ENDS)
        # Every query comes here, so whatever is cheap to ask comes first.
        if not (first.isalpha() and rest.isalpha() and len(first) + len(rest) <= _MAX_LETTERS):
            continue
        if min(len(first), len(rest)) == 1:
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
            done = behind + len(rest)
            yield _as_typed(Replacement(start, done, whole, "beside"), text)


def overlaps(one: TypedWord | Replacement, others: Iterable[Replacement]) -> bool:
    """Return whether a piece of a text is, in part at least, among those that are replaced."""
    return any(one.start < other.end and other.start < one.end for other in others)


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

    def accepts(self, typed: TypedWord, meant: Candidate) -> bool:
        """Return whether a candidate may be searched for; short words only where they fit to the words beside them."""
        letters = len(typed.word) + (_BY_EAR if meant.how == "sound" else 0)
        if meant.cost > max(EDIT, letters) or self._is_another(typed.word, meant):
            return False
        if meant.how == "split" and self._company is not None:
            return self._company.are_neighbours(*meant.text.split())
        return len(typed.word) > _FEW_LETTERS or self._fits(typed, meant.text)

    def may_become(self, typed: TypedWord, whole: str) -> bool:
        """Return whether a word may be the beginning of another: the last one of a text, if it is long, of any."""
        says_enough = len(typed.word) >= LEAST_HEARD or not any(self._neighbours(typed))
        is_last = typed.end == len(self._text)
        return (is_last and says_enough) or self._stands_beside_neighbours(typed, whole)

    def _is_another(self, word: str, meant: Candidate) -> bool:
        """Return whether a candidate is another word though it costs little."""
        if meant.how == "sound":
            # Four letters have too few sounds, unless the first is the same and there is nothing else to go by.
            return len(word) <= SHORT and (len(self._words) > 1 or word[0] != meant.text[0])
        return meant.how == "letters" and _is_another_part(word, meant)

    def _fits(self, typed: TypedWord, meant: str) -> bool:
        """Return whether any article has a word side by side with one that it stands beside in the query."""
        if self._company is None:
            return True
        if not any(self._neighbours(typed)):
            return len(typed.word) >= LEAST_HEARD
        return self._stands_beside_neighbours(typed, meant)

    def _stands_beside_neighbours(self, typed: TypedWord, meant: str) -> bool:
        before, after = self._neighbours(typed)
        if self._company is None:
            return False
        are_neighbours = self._company.are_neighbours
        return (before != "" and are_neighbours(before, meant)) or (after != "" and are_neighbours(meant, after))

    def _neighbours(self, typed: TypedWord) -> tuple[str, str]:
        """Return what stands before and behind a word up to the next known words, "" where the next one is not known.

        Stop words between the two are in the articles too.
        """
        at = self._words.index(typed)
        before = [word.start for word in self._words[max(0, at - 1) : at] if word.word not in self._unknown]
        after = [word.end for word in self._words[at + 1 : at + 2] if word.word not in self._unknown]
        text = self._text
        return (
            text[before[0] : typed.start].strip() if before else "",
            text[typed.end : after[0]].strip() if after else "",
        )


def _is_another_part(word: str, meant: Candidate) -> bool:
    """Return whether a word differs by a part rather than by slips: medicine names opposites so.

    Two edits side by side are such (``hyperkalemia`` and ``hypokalemia``, ``arthritis`` and ``arthrosis``), and an
    ``a`` before a word.
    """
    stays = alike(word, meant.text)
    ends = alike(word[stays:][::-1], meant.text[stays:][::-1])
    typed, other = word[stays : len(word) - ends], meant.text[stays : len(meant.text) - ends]
    is_prefix = stays == 0 and {typed, other} == {"", "a"}
    return is_prefix or (meant.cost >= 2 * EDIT and max(len(typed), len(other)) <= 2)


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


def _is_one_word(word: str) -> bool:
    return word.isdecimal() or (word.isalpha() and not _holds_cjk(word))  # or it may stand apart in the articles


def _holds_cjk(word: str) -> bool:
    return not word.isascii() and _cjk().search(word) is not None


@cache
def _cjk() -> re.Pattern[str]:
    return re.compile(f"[{CJK}]")  # takes 3 ms, so only for words that need it
