"""Where given terms stand in a text, found without a look at its other words.

Most words of an article have nothing to do with a query. So letters are searched for, not words: every plain word of a
term begins with one of its ``beginnings``, and only a word that does is looked at as ``analyzer.term_of`` would. Words
with an apostrophe or with letters beyond ASCII are few; they are cut out first, and every one of them is looked at.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache, lru_cache

from qtsearch.analysis import analyzer

Occurrence = tuple[int, int, str]
"""Start, end (in characters) and the word as it stands there, in lower case unless it is an odd one."""

_GIVEN = re.compile("(?:ie|ble|i|e|(?<=b)l)$")
"""Letters that the stemmer may have given to a term: dying is die, therapy therapi, hoping hope, and bility becomes
ble or bl. A term with another ending is one with which its words begin, but for their spelling."""

_VARIED = re.compile(
    # ae and oe may have become e only next to these letters; at the end the next one is not known.
    r"e(?=mi|m$|sth|str|st$|so|s$|de|d$|e|$)|(?<=h)e(?=m)|(?<=[nfcr])e(?=c)|(?<=c)e(?=[lrs])|(?<=[nlimr])e(?=v)"
    r"|(?<=[lhm])e(?=o)|(?<=[hf])e(?=t)|^e(?=t)|(?<=t)e(?=n)|(?<=m)e(?=b)|(?<=[nh])e(?=[ai])"
    r"|(?<=p)e(?=[id])|(?<=n)e(?=u)|o(?=r|$)"
)
"""Where an American word may have had other letters: British ae and oe instead of e, our instead of or."""

_BRITISH = {"e": ("ae", "oe", "aa", "ao", "oa", "oo"), "o": ("ou",)}
"""What may have stood there; two of a-o before the e only if rules apply one after the other, to no real word."""

_RESPELLED = re.compile(
    r"(?<=leu)k|(?<=^s)k|(?<=sul)f|(?<=fib)e|(?<=meag)e|(?<=ly)z|(?<=i)z|(?<=practi)c|(?<=en)s|(?<=fulfil)l"
    r"|(?<=[a-z]{2}[aei]l)[eio]|(?<=[kw]il)l|(?<=mo)l|(?<=^gr)a|(?<=^art)i|(?<=dg)m|(?<=^alumin)u|(?<=^a)i|(?<=^jewel)r"
    r"|(?<=[tbv])e(?=r?$)"
)
"""Further letters that ``spelling_variants`` may have put in; a beginning ends in front of them."""

_MAX_BEGINNINGS = 16
"""With more of them it is faster to look for shorter ones that they share."""

_SHORT = 2
"""Beginnings up to this length stand in so many words that only a compiled pattern is fast enough."""

_WORD_END = re.compile("[a-z]+|[0-9]+")
_NOT_IN_WORDS = re.compile(rf"[^\w{analyzer.JOINERS}'’\x00-\x7f]")
_APOSTROPHE = re.compile(r"'(?<=[A-Za-z]')(?=[A-Za-z])")
_ODD = re.compile(r"'(?<=[A-Za-z]')(?=[A-Za-z])|[^\x00-\x7f]")
_ODD_WORD_END = re.compile(r"[^\x00-&(-/:-@\[-`{-\x7f]*")  # as a set of what is meant it takes 2 ms to compile
_SEPARATORS = frozenset(chr(code) for code in range(128) if not (chr(code).isalnum() or chr(code) == "'"))


@lru_cache(maxsize=10_000)
def beginnings(term: str) -> tuple[str, ...]:
    """Return letters, with one of which every plain word of a term begins.

    A plain word is one of a-z only, in lower case, or of 0-9 only; a term that is neither has no plain words.
    """
    if not term.isascii() or not term.isalpha():
        return (term,) if term.isascii() and term.isdecimal() else ()
    certain = _GIVEN.sub("", term) or term[0]
    if respelled := _RESPELLED.search(certain):
        certain = certain[: respelled.start()]
    first, *more = [match.start() for match in _VARIED.finditer(certain)] or [-1]
    if first < 0:
        return (certain,)
    british = [certain[:first] + letters for letters in _BRITISH[certain[first]]]
    return certain[: more[0]] if more else certain, *british


def shared_beginnings(wanted: Iterable[str]) -> list[str]:
    """Return few beginnings such that each one of ``wanted`` begins with exactly one of them."""
    wanted = set(wanted)
    for length in (analyzer.MAX_WORD, 4, 3, 2, 1):
        shared: list[str] = []
        for beginning in sorted({letters[:length] for letters in wanted}):
            if not (shared and beginning.startswith(shared[-1])):
                shared.append(beginning)
        if len(shared) <= _MAX_BEGINNINGS:
            break
    return shared


class Occurrences:
    """The words of one text, by how they begin.

    Args:
        text: the text.
    """

    def __init__(self, text: str) -> None:
        self._text = _without_signs(text)
        self._odd: list[Occurrence] = []
        self._plain = self._with_odd_words_cut_out().lower()

    def beginning_with(self, letters: Iterable[str]) -> list[Occurrence]:
        """Return all odd words and, from among the plain ones, those with one of these beginnings.

        Args:
            letters: lower case a-z or digits each; none the beginning of another.
        """
        found = self._odd.copy()
        for beginning in letters:
            if len(beginning) <= _SHORT and beginning.isalpha():
                found += [(*match.span(), match[0]) for match in _short(beginning)(self._plain)]
            else:
                found += self._beginning(beginning)
        return found

    def next_word(self, place: int) -> re.Match[str] | None:
        """Return the first word behind a place that is not inside a word, as ``find_words`` has it."""
        return analyzer.pattern_for(self._text).search(self._text, place)

    def _beginning(self, letters: str) -> list[Occurrence]:
        text, found = self._plain, []
        find, word_at = text.find, _WORD_END.match
        inside: Callable[[str], bool] = str.isalpha if letters.isalpha() else str.isdigit
        start = find(letters)
        while start >= 0:
            end = start + 1
            if not (start and inside(text[start - 1])) and (whole := word_at(text, start)):
                end = whole.end()
                found.append((start, end, whole[0]))
            start = find(letters, end)
        return found

    def _with_odd_words_cut_out(self) -> str:
        """Return the text with blanks for odd words, remembering these."""
        text = self._text
        plain: list[str] = []
        done = 0
        odd, pattern = (_APOSTROPHE if text.isascii() else _ODD), analyzer.pattern_for(text)
        for sign in odd.finditer(text):
            start = sign.start()
            if start < done:
                continue
            while start > done and text[start - 1] not in _SEPARATORS:
                start -= 1
            whole = _ODD_WORD_END.match(text, sign.end())
            end = whole.end() if whole else sign.end()
            self._odd += [(word.start(), word.end(), word[0]) for word in pattern.finditer(text, start, end)]
            plain += text[done:start], " " * (end - start)
            done = end
        return "".join(plain) + text[done:]


def _without_signs(text: str) -> str:
    """Return the text as the analyzer reads it, with blanks for signs beyond ASCII; no word moves."""
    if text.isascii():
        return text
    text = analyzer.with_plain_punctuation(text)
    return text if text.isascii() else _NOT_IN_WORDS.sub(" ", text)


@cache
def _short(beginning: str) -> Callable[[str], Iterable[re.Match[str]]]:
    """Return the search for words that begin with one or two letters; there are 702 such beginnings at most."""
    return re.compile(rf"{beginning}(?<![a-z]{beginning})[a-z]*").finditer
