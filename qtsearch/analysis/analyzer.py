r"""Text -> tokens -> terms: the one definition that indexing, searching and highlighting share.

A *word* is a run of letters (with an apostrophe inside), or a run of decimal digits, or one CJK character.
Letters and digits part company, so ``IL-6``, ``IL6`` and ``IL 6`` are the same two words side by side, and no
word is too short to count: in medicine ``hepatitis B`` is not ``hepatitis C``.

A word becomes a *term* in two steps: it is *folded* (case, accents, possessives, Greek letter names), then *stemmed*.
Stop words are indexed like any other, so that phrases are exact; leaving them out is the query's business.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import Final, NamedTuple

import Stemmer

from qtsearch.analysis.spelling_variants import american

ANALYZER_VERSION: Final = 3
"""Goes up whenever the same text would give other terms; an index with another number is rebuilt."""

CJK: Final = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
JOINERS: Final = "\u0300-\u036f\u00ad\u200c\u200d"
"""Combining marks and invisible joiners: they continue a word and are dropped when it is folded."""

APOSTROPHES: Final = "'’‘`´ʼ′＇"
"""Each of these inside a word is an apostrophe: keyboards and word processors have their own ideas of it."""

_LETTER = rf"[^\W\d_{CJK}]"
_LETTERS = rf"{_LETTER}(?:{_LETTER}|[{JOINERS}])*"

_ASCII_WORD = re.compile(r"[A-Za-z]+(?:'[A-Za-z]+)*|[0-9]+")
"""``word_pattern()`` for a text without other characters: three times as fast, and most texts are such."""

_PLAIN_PUNCTUATION = [
    *((character, "'") for character in APOSTROPHES[1:]),
    *((character, " ") for character in "‐‑‒–—―“”„…•·\u00a0"),
]
"""Makes most of the remaining texts plain ASCII, character by character, without moving any word."""

_CHUNK_ENDS = {code: " " for code in range(128) if not (chr(code).isalnum() or chr(code) == "'")}

MAX_WORD: Final = 64
"""Longer words are cut: nobody types them, and a hostile article could fill the dictionary with them."""

_GREEK: Final = dict(
    zip(
        "αβγδεζηθικλμνξοπρστυφχψω",
        (
            "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma tau "
            "upsilon phi chi psi omega"
        ).split(),
        strict=True,
    )
)

_local = threading.local()
_terms: dict[str, str] = {}
_MAX_REMEMBERED = 500_000


class Token(NamedTuple):
    """One word of a text: its term, its place among the words, and where it stands in characters."""

    term: str
    position: int
    start: int
    end: int


@cache
def word_pattern() -> re.Pattern[str]:
    """Return the pattern that a word of any script fits; compiling it takes 10 ms, so only when a text needs it."""
    return re.compile(rf"{_LETTERS}(?:'{_LETTERS})*|\d+|[{CJK}]")


def tokenize(text: str) -> Iterator[Token]:
    """Yield the tokens of a text in order, positions from 0."""
    for position, match in enumerate(find_words(text)):
        yield Token(term_of(match.group()), position, match.start(), match.end())


def terms(text: str) -> list[str]:
    """Return the terms of a text in order: ``[token.term for token in tokenize(text)]``, only faster."""
    known = _terms
    return [known.get(word) or term_of(word) for word in raw_words(text)]


def raw_words(text: str) -> list[str]:
    """Return the words of a text in order, as they stand there (but every apostrophe is a straight one)."""
    if text.isascii() and text.isalpha():  # one word of a query, as a rule
        return [text]
    text, pattern = _prepared(text)
    return pattern.findall(text)


def chunks(text: str) -> list[str]:
    """Return pieces of a text that no word crosses, in order: the words of all pieces are the words of the text."""
    text, pattern = _prepared(text)
    return text.translate(_CHUNK_ENDS).split() if pattern is _ASCII_WORD else pattern.findall(text)


def words(text: str) -> list[str]:
    """Return the folded, unstemmed words of a text in order."""
    return [fold(word) for word in raw_words(text)]


def find_words(text: str) -> Iterator[re.Match[str]]:
    """Yield a match for each word of a text, in order."""
    text, pattern = _prepared(text)
    return pattern.finditer(text)


def pattern_for(text: str) -> re.Pattern[str]:
    """Return the pattern that finds the words of a text, whose punctuation is plain, the fastest."""
    return _ASCII_WORD if text.isascii() else word_pattern()


def with_plain_punctuation(text: str) -> str:
    """Return a text with straight apostrophes, and blanks for frequent signs beyond ASCII; no word moves."""
    if text.isascii():
        return text.replace("`", "'")
    # Many times as fast as str.translate, because most of these characters are not there.
    for character, plain in _PLAIN_PUNCTUATION:
        text = text.replace(character, plain)
    return text


def _prepared(text: str) -> tuple[str, re.Pattern[str]]:
    text = with_plain_punctuation(text)
    return text, pattern_for(text)


def term_of(word: str) -> str:
    """Return the term of one word; remembered, because texts repeat their words."""
    return _terms.get(word) or _learned(word)


def _learned(word: str) -> str:
    global _terms
    term = stem(fold(word))
    if len(word) > MAX_WORD:
        return term  # whoever types it takes no memory
    if len(_terms) >= _MAX_REMEMBERED:
        # Others may be reading the old ones, so these are left to them.
        _terms = {}
    _terms[word] = term
    return term


def fold(word: str) -> str:
    """Return a word without case, accents, apostrophes and possessive ending; a Greek letter by its name."""
    word = with_plain_punctuation(word[:MAX_WORD])
    if not word.isascii():
        word = _fold_unicode(word)
    word = word.lower()
    if "'" in word:
        word = word.removesuffix("'s").replace("'", "")
    return word


def stem(word: str) -> str:
    """Return the Snowball English stem of a folded word in American spelling (Porter 2001).

    Other scripts pass unchanged.
    """
    try:
        stemmer = _local.stemmer
    except AttributeError:
        # One stemmer a thread: the C object keeps state between calls. Its own cache would only double ours.
        stemmer = _local.stemmer = Stemmer.Stemmer("english", 0)
    stemmed: str = stemmer.stemWord(american(word))
    return stemmed


def settings() -> dict[str, str | int]:
    """Return what decides the terms of a text; stored with an index and compared when it is opened."""
    return {"version": ANALYZER_VERSION, "stemmer": "snowball english", "stemmer_version": Stemmer.version()}


def _fold_unicode(word: str) -> str:
    decomposed = unicodedata.normalize("NFKD", word).casefold()
    # Decomposing may bring in spaces and marks (U+FDFA is a whole sentence): only what makes words is kept.
    kept = "".join(_ascii_digit(c) for c in decomposed if c.isalnum() or c == "'")
    return _GREEK.get(kept.replace("ς", "σ"), kept) or word


def _ascii_digit(character: str) -> str:
    return str(unicodedata.decimal(character)) if character.isdecimal() else character
