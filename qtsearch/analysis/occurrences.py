"""Where given terms stand in some texts, found without a look at the other words.

Most words of an article have nothing to do with a query. So letters are searched for, not words: every plain word of a
term begins with one of its ``beginnings``, and only a word that does is looked at as ``analyzer.term_of`` would. *Odd*
words, those with letters beyond ASCII, are few; they are cut out first, and every one of them is looked at.

What is left of all texts is joined and searched as an array of bytes: 20,000 characters take about 0.1 ms, however
many texts they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import accumulate
from typing import Final

import numpy as np
from numpy.typing import NDArray

from qtsearch.analysis import analyzer
from qtsearch.patterns import pattern

Occurrence = tuple[int, int, str]
"""Number of a text, place in it (in characters), and the word that starts there, in lower case unless it is odd."""

Mask = NDArray[np.bool_]
Places = NDArray[np.intp]

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

_COMPARED: Final = 4
"""So many letters of a word are compared at once: four bytes are one number."""

_NOT_IN_WORDS = pattern(rf"[^\w{analyzer.JOINERS}'\x00-\x7f]")
_ODD_WORD_END = pattern(r"[^\x00-&(-/:-@\[-`{-\x7f]*")  # as a set of what is meant it takes 2 ms to compile
_SEPARATORS = frozenset(chr(code) for code in range(128) if not (chr(code).isalnum() or chr(code) == "'"))


@lru_cache(maxsize=10_000)
def beginnings(term: str) -> tuple[str, ...]:
    """Return letters, with one of which every plain word of a term begins.

    A plain word is one of a-z only, in lower case, or of 0-9 only; a term that is neither has no plain words. A word
    with apostrophes begins like the plain one that folding makes of it, as far as its first apostrophe.
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
    """Return few short beginnings such that each one of ``wanted`` begins with exactly one of them."""
    wanted = set(wanted)
    for length in range(_COMPARED, 0, -1):
        shared: list[str] = []
        for beginning in sorted({letters[:length] for letters in wanted}):
            if not (shared and beginning.startswith(shared[-1])):
                shared.append(beginning)
        if len(shared) <= _MAX_BEGINNINGS:
            break
    return shared


class Occurrences:
    """The words of some texts, by how they begin.

    Args:
        texts: the texts.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = [_without_signs(text) for text in texts]
        self._odd: list[Occurrence] = []
        plain = [
            text if text.isascii() else self._with_odd_words_cut_out(number, text)
            for number, text in enumerate(self._texts)
        ]
        # Blank lines around each, so that one may look some bytes back and ahead of every word, and into no other text.
        joined = ("\n" * _COMPARED).join(["", *plain, ""])
        self._bytes = np.frombuffer(joined.encode("ascii"), np.uint8)
        self._begins = np.array([*accumulate([len(text) + _COMPARED for text in plain], initial=_COMPARED)])

    def beginning_with(self, letters: Sequence[str]) -> tuple[Iterable[Occurrence], list[Occurrence]]:
        """Return plain words and odd words of the texts, both in the order of the texts.

        Among them are all words of a term with one of these beginnings, and few others.

        Args:
            letters: lower case a-z or digits each, up to four.
        """
        if not letters:
            return (), self._odd
        # Only capital letters become letters by this.
        low = self._bytes | np.uint8(32)
        begun = _beginning(low, letters)
        inside = (low - np.uint8(ord("a"))) < 26
        signs = self._bytes == ord("'")
        signs[1:-1] &= inside[:-2] & inside[2:]
        inside |= signs
        for distance in range(1, _COMPARED):
            # With an apostrophe among the letters that are compared, a word may begin otherwise than when folded.
            begun[:-distance] |= signs[distance:]
        starts, ends = inside[1:] > inside[:-1], inside[1:] < inside[:-1]
        if any(map(str.isdecimal, letters)):
            inside = (self._bytes - np.uint8(ord("0"))) < 10
            starts |= inside[1:] > inside[:-1]
            ends |= inside[1:] < inside[:-1]
        starts &= begun[1:]
        return self._placed(low, starts.nonzero()[0] + 1, ends), self._odd

    def next_word(self, number: int, place: int) -> re.Match[str] | None:
        """Return the first word behind a place of a text that is not inside a word, as ``find_words`` has it."""
        text = self._texts[number]
        return analyzer.pattern_for(text).search(text, place)

    def _placed(self, low: NDArray[np.uint8], starts: Places, ends: Mask) -> Iterable[Occurrence]:
        """Return the words at some places of the joined texts with their places in their own.

        Args:
            low: the joined texts in lower case.
            starts: where the words start.
            ends: at which places, from 1 on, any word ends.
        """
        joined = low.tobytes().decode("ascii")
        # Few words are looked at, so this is faster than to list the ends of all.
        end_from = ends.tobytes().find
        words = [joined[start : end_from(1, start) + 1] for start in starts.tolist()]
        texts = self._begins.searchsorted(starts, "right") - 1
        return zip(texts.tolist(), (starts - self._begins[texts]).tolist(), words, strict=True)

    def _with_odd_words_cut_out(self, number: int, text: str) -> str:
        """Return a text with blanks for odd words, remembering these."""
        plain: list[str] = []
        done = 0
        words = analyzer.word_pattern()
        for odd in _odd_places(text):
            if odd < done:
                continue
            start = odd
            while start > done and text[start - 1] not in _SEPARATORS:
                start -= 1
            whole = _ODD_WORD_END.match(text, odd + 1)
            end = whole.end() if whole else odd + 1
            self._odd += [(number, word.start(), word[0]) for word in words.finditer(text, start, end)]
            plain += text[done:start], " " * (end - start)
            done = end
        return "".join(plain) + text[done:]


def _beginning(low: NDArray[np.uint8], letters: Iterable[str]) -> Mask:
    """Return at which bytes one of these beginnings stands; not for the last four of the bytes."""
    # The four bytes from each place on as one number.
    windows = np.ndarray((len(low) - _COMPARED + 1,), "<u4", low, 0, (1,)).astype(np.uint32)
    of_length = {_COMPARED: windows}
    begun = np.zeros(len(low), np.bool_)
    for beginning in letters:
        length = len(beginning)
        if length not in of_length:
            of_length[length] = windows & np.uint32(256**length - 1)
        begun[: len(windows)] |= of_length[length] == np.uint32(int.from_bytes(beginning.encode(), "little"))
    return begun


def _without_signs(text: str) -> str:
    """Return the text as the analyzer reads it, with blanks for signs beyond ASCII; no word moves."""
    text = analyzer.with_plain_punctuation(text)
    if text.isascii() or not _NOT_IN_WORDS.search("".join([text[place] for place in _odd_places(text)])):
        return text
    return _NOT_IN_WORDS.sub(" ", text)


def _odd_places(text: str) -> list[int]:
    """Return where characters beyond ASCII stand; in a quarter of the time that a pattern takes."""
    if text.isascii():
        return []
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")
    return list((codes > 127).nonzero()[0].tolist())
