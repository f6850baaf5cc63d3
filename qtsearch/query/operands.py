"""A word, phrase or filter token -> a piece of the query tree, within the bounds that keep every query quick."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Final, cast

from qtsearch.analysis.analyzer import APOSTROPHES, CJK, JOINERS, find_words, raw_words
from qtsearch.patterns import pattern
from qtsearch.query.dates import date_range
from qtsearch.query.notices import Notices, quoted
from qtsearch.query.scanner import OPERATORS, Kind, QueryToken, has_word, trim
from qtsearch.query.tree import (
    Boost,
    DateRange,
    FieldName,
    Fuzzy,
    Match,
    Node,
    Phrase,
    Prefix,
    Wildcard,
    Words,
    all_of,
    any_of,
    scores,
)

MAX_WORDS: Final = 256
"""Words of a query that are searched for, those of phrases included; a filter counts as one."""

MAX_LEAF_WORDS: Final = 64
"""Words that can be asked to stand side by side; a longer phrase is read as plain words."""

MAX_PATTERNS: Final = 5
"""Words with ``*``, ``?`` or ``~`` in one query: each is compared with every word of the articles."""

MAX_SLOP: Final = 100
MAX_DISTANCE: Final = 2
MAX_BOOST: Final = 1000.0

_LETTERS = rf"[^\W\d_{CJK}](?:[^\W\d_{CJK}]|[{APOSTROPHES}](?=[^\W\d_])|[{JOINERS}])*"
_INNER_QUESTION_MARK = pattern(rf"(?:(?<=[^\W\d_])|(?<=[{JOINERS}]))\?+(?=[^\W\d_])")
_STARS = pattern(r"\*+")

Fields = tuple[FieldName, ...]


class Operands:
    """Makes the leaves of one query and counts what they cost."""

    def __init__(self, notices: Notices) -> None:
        self._notices = notices
        self._words_left = MAX_WORDS
        self._patterns_left = MAX_PATTERNS

    def node(self, token: QueryToken, fields: Fields) -> Node | None:
        """Return what a WORD, PHRASE or FILTER token means; None if it holds nothing to search for.

        Args:
            token: the token.
            fields: where to look if the token names no field itself.
        """
        if token.kind is Kind.FILTER:
            if token.tilde is not None:
                self._notices.add("~ has no effect on a filter; ignored")
            node = self._filter(token, fields)
        elif not has_word(token.text):
            return None
        else:
            own = (cast(FieldName, token.field),) if token.field else fields
            node = self._phrase(token, own) if token.kind is Kind.PHRASE else self._word(token, own)
        return node and self.boosted(node, token.boost)

    def boosted(self, node: Node, boost: str | None) -> Node:
        """Return the node with the boost that was typed after it, if there is one and it can have any effect."""
        if boost is None:
            return node
        if not scores(node):
            self._notices.add(f"^{boost[:20]} has no effect on a filter; ignored")
            return node
        factor = float(boost)
        if factor > MAX_BOOST:
            self._notices.add(f"a boost is at most {MAX_BOOST:g}; read as ^{MAX_BOOST:g}")
        return Boost(node, min(factor, MAX_BOOST))

    def loose_words(self, text: str, fields: Fields = ()) -> Node | None:
        """Return the words of a text, any of which may match."""
        made = (self.plain(trim(match.group()), fields) for match in find_words(text))
        found = [node for node in made if node is not None]
        return any_of(found) if found else None

    def _filter(self, token: QueryToken, fields: Fields) -> Node | None:
        if token.field == "date":
            return self._date(token.text, fields)
        if not self._afford(1):
            return None
        return Match(token.field, token.text)

    def _date(self, text: str, fields: Fields) -> Node | None:
        span = date_range(text)
        if span is None:
            self._notices.add(f"cannot read {quoted(text)} as a date; searched for it as text")
            return self.loose_words(f"date {text}", fields)
        if span.since and span.until and span.since > span.until:
            self._notices.add(f"the dates of {quoted(text)} run backwards; swapped them")
            span = _swapped(text)
        return span if self._afford(1) else None

    def _phrase(self, token: QueryToken, fields: Fields) -> Node | None:
        slop = _number(token.tilde, MAX_SLOP + 1) if token.tilde else 0
        if slop > MAX_SLOP:
            self._notices.add(f"at most {MAX_SLOP} other words may stand inside a phrase; read as ~{MAX_SLOP}")
        if _length(token.text) > MAX_LEAF_WORDS:
            return self._too_long(token.text, fields)
        if not self._afford(_length(token.text)):
            return None
        return Phrase(token.text, min(slop, MAX_SLOP), fields)

    def _word(self, token: QueryToken, fields: Fields) -> Node | None:
        if token.tilde is not None:
            return self._fuzzy(token, fields)
        if _is_pattern(token.text):
            return self._pattern(token.text, fields)
        return self.plain(token.text, fields)

    def plain(self, text: str, fields: Fields = ()) -> Node | None:
        """Return what a text without blanks, operators, wildcards or signs means."""
        # Most words are one word. Letters of other scripts may be words each.
        length = 1 if text.isascii() and text.isalpha() else _length(text)
        if length > MAX_LEAF_WORDS:
            return self._too_long(text, fields)
        return _words(text, fields) if self._afford(length) else None

    def _too_long(self, text: str, fields: Fields) -> Node | None:
        self._notices.add(f"more than {MAX_LEAF_WORDS} words in a row; read as plain words")
        return self.loose_words(text, fields)

    def _pattern(self, text: str, fields: Fields) -> Node | None:
        return self._all([self._pattern_piece(piece, fields) for piece in _pieces(text)])

    def _pattern_piece(self, piece: str, fields: Fields) -> Node | None:
        stem = piece.removesuffix("*")
        if "*" not in stem and "?" not in stem:
            if stem == piece:
                return self.plain(piece, fields)
            return self._expanding(Prefix(stem, fields), stem)
        return self._expanding(Wildcard(piece, fields), piece)

    def _fuzzy(self, token: QueryToken, fields: Fields) -> Node | None:
        if _is_pattern(token.text):
            self._notices.add("~ does not go with * or ?; ignored")
            return self._pattern(token.text, fields)
        distance = _number(token.tilde, MAX_DISTANCE + 1) if token.tilde else 1
        if not 1 <= distance <= MAX_DISTANCE:
            distance = max(1, min(distance, MAX_DISTANCE))
            self._notices.add(f"a word may be 1 to {MAX_DISTANCE} letters away; read as ~{distance}")
        pieces = _pieces(token.text)
        if len(pieces) > 1 and not any(map(_may_vary, pieces)):
            self._notices.add(f"{quoted(token.text)} is too short for ~; ignored")
            return self.plain(token.text, fields)
        return self._all([self._fuzzy_piece(piece, distance, fields, alone=len(pieces) == 1) for piece in pieces])

    def _fuzzy_piece(self, piece: str, distance: int, fields: Fields, *, alone: bool) -> Node | None:
        if not alone and not _may_vary(piece):
            return self.plain(piece, fields)
        return self._expanding(Fuzzy(piece, distance, fields), piece)

    def _expanding(self, node: Prefix | Wildcard | Fuzzy, piece: str) -> Node | None:
        """Return the node if one more is allowed, else the letters of its piece as plain words."""
        if not self._patterns_left:
            self._notices.add(f"more than {MAX_PATTERNS} words with *, ? or ~; read the others as plain words")
            return self.loose_words(piece, node.fields)
        if not self._afford(1):
            return None
        self._patterns_left -= 1
        return node

    def _all(self, nodes: list[Node | None]) -> Node | None:
        found = [node for node in nodes if node is not None]
        return all_of(found) if found else None

    def _afford(self, words: int) -> bool:
        """Take ``words`` off what is left, or note that they are too many."""
        if words > self._words_left:
            self._notices.add(f"more than {MAX_WORDS} words; searched for the first ones only")
            return False
        self._words_left -= words
        return True


@lru_cache(maxsize=1000)
def _words(text: str, fields: Fields) -> Words:
    """Return the leaf of a text; the same one each time, so that whatever remembers it finds it without comparing."""
    # In lower case the word cannot be mistaken for an operator when the tree is written out again.
    return Words(text.lower() if text in OPERATORS else text, fields)


def _may_vary(piece: str) -> bool:
    # "covid-19~": any digit is one edit away from any other, and so are most words of two letters.
    return len(piece) > MAX_DISTANCE and not piece.isdecimal()


def _number(digits: str | None, most: int) -> int:
    # A number of many digits is too large anyway, and int() refuses those of more than 4,300.
    return min(int(digits[:9] if digits else 0), most)


def _length(text: str) -> int:
    """Return how many words the analyzer will find; 1 at least, so that nothing is free."""
    return len(raw_words(text)) or 1


def _is_pattern(text: str) -> bool:
    if len(text) > 100 or "://" in text:
        return False
    return "*" in text or _INNER_QUESTION_MARK.search(text) is not None


@cache
def _piece_pattern() -> re.Pattern[str]:
    # Compiled when the first wildcard is typed: it takes 10 ms, and most queries have none.
    return re.compile(rf"[*?]*{_LETTERS}(?:[*?]+{_LETTERS})*[*?]*|\**\d+(?:\*+\d+)*\**|\**[{CJK}]\**")


def _pieces(text: str) -> list[str]:
    """Return the words of a text as the analyzer parts them, each with the wildcards that touch it."""
    found = (trim(_STARS.sub("*", match.group())) for match in _piece_pattern().finditer(text))
    return [piece for piece in found if has_word(piece)]


def _swapped(text: str) -> DateRange | None:
    since, _, until = text.partition("..")
    return date_range(f"{until}..{since}")
