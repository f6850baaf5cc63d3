"""Words with signs inside that no article has side by side -> their parts, in one piece or apart.

``C.O.P.D.`` and ``diabetes-diet`` are read as words side by side, as ``IL-6`` is. Where no article has them so, the
signs were no part of the name: what is left without them is looked for (``COPD``), else each word for itself. Letters
and small numbers say nothing by themselves: beside other words ``p53`` stays as it is, though no article has it.

A sign between two digits is part of a number: ``2.5mg`` is ``2.5`` and ``mg`` and never ``25mg``, and ``120/80`` stays
as it is. Only the commas of thousands come and go: ``2300`` is ``2,300`` where no article has it otherwise.

``doctor?Thanks`` looks like a wildcard, and is two words if no word fits it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property

from qtsearch.analysis.analyzer import fold, raw_words
from qtsearch.analysis.stop_words import is_stop_word
from qtsearch.patterns import pattern
from qtsearch.query.notices import Notices, quoted
from qtsearch.query.rendering import to_text
from qtsearch.query.scanner import OPERATORS
from qtsearch.query.tree import Node, Or, Wildcard, Words, any_of, joined, leaves, rewritten

_MAY_BE_SEVERAL = pattern(r"[^\W_][^\w\s]+[^\W_]|[^\W_]_+[^\W_]|[^\W\d_]\d|\d[^\W\d_]")
"""A sign between letters or digits, or a letter beside a digit."""

_NUMBER = pattern(r"\d+(?:[.,:/]\d+)+")
"""Digits with such a sign between them."""

_THOUSANDS = pattern(r"(?<!\d)\d{1,3}(?:,\d{3})+(?!\d)")
_LONG_NUMBER = pattern(r"\d{4,9}")

_MUST_STAY = pattern(r"\d[^\w\s]+\d|/")
"""Signs without which a name would be another: ``0.5``, ``c/o``."""

_SAYS_LITTLE = pattern(r"[a-z]|[0-9]{1,2}", re.IGNORECASE)
"""What says nothing by itself."""

_LEAST_APART = 3
"""Letters on both sides of a question mark that parts two words."""


def loosened(text: str, root: Node, is_known: Callable[[Words | Wildcard], bool]) -> tuple[Node, tuple[str, ...]]:
    """Return the tree with such words taken apart, and a notice for each; the same tree where there are none.

    Args:
        text: the query text.
        root: its tree, without other names.
        is_known: says whether a leaf is a name, as it is where an article holds it.
    """
    if not _MAY_BE_SEVERAL.search(text) and not _LONG_NUMBER.search(text):
        return root, ()
    loosening = _Loosening(root, is_known)
    return joined(Or, loosening.row((root,), Or)), loosening.notices.lines()


class _Loosening:
    """Takes the names of one tree apart.

    Attributes:
        notices: what to tell about it.
    """

    def __init__(self, root: Node, is_known: Callable[[Words | Wildcard], bool]) -> None:
        self._root = root
        self._is_known = is_known
        self.notices = Notices()

    @cached_property
    def _says_more(self) -> bool:
        """Whether anything is searched for beside names that say nothing if taken apart."""
        return any(not isinstance(leaf, Words) or self._is_telling(leaf) for leaf in leaves(self._root))

    def _is_telling(self, leaf: Words) -> bool:
        """Return whether a leaf still says something once it is loosened."""
        parts = _parts(leaf)
        if len(parts) < 2 or not _says_little(leaf, parts):
            return True
        whole = _in_one_piece(leaf, parts)
        return self._is_known(leaf) or (whole is not None and self._is_known(whole))

    def row(self, nodes: Sequence[Node], _: object) -> Iterator[Node]:
        for node in nodes:
            match node:
                case Words():
                    yield self._words(node)
                case Wildcard():
                    yield self._wildcard(node)
                case _:
                    yield rewritten(node, self.row)

    def _wildcard(self, leaf: Wildcard) -> Node:
        """Return the words around question marks behind which a blank was forgotten, if they fit no word."""
        parts = [part for part in leaf.pattern.split("?") if part]
        if "*" in leaf.pattern or min(map(len, parts)) < _LEAST_APART or self._is_known(leaf):
            return leaf
        self.notices.add(f"no word fits {quoted(leaf.pattern)}; searched for its words apart")
        return any_of(Words(part, leaf.fields) for part in parts)

    def _words(self, leaf: Words) -> Node:
        parts = _parts(leaf)
        whole = _in_one_piece(leaf, parts)
        if (len(parts) < 2 and whole is None) or self._is_known(leaf):
            return leaf
        missing = f"no article has {quoted(to_text(leaf) if leaf.fields else leaf.text)}"
        if whole is not None and self._is_known(whole):
            self.notices.add(f"{missing}; searched for {quoted(whole.text)}")
            return whole
        if len(parts) < 2:
            return leaf
        if _says_little(leaf, parts) and self._says_more:
            self.notices.add(missing)
            return leaf
        self.notices.add(f"{missing}; searched for its words apart")
        pieces = _pieces(leaf.text)
        pieces = pieces if len(pieces) > 1 else parts
        telling = [piece for piece in pieces if not is_stop_word(piece.casefold())] or pieces
        return any_of(Words(piece, leaf.fields) for piece in telling)


def _says_little(leaf: Words, parts: Sequence[str]) -> bool:
    return _NUMBER.fullmatch(leaf.text) is not None or all(map(_SAYS_LITTLE.fullmatch, parts))


def _in_one_piece(leaf: Words, parts: Sequence[str]) -> Words | None:
    """Return a leaf without the signs inside, a long number with commas; None if that would be something else."""
    if len(parts) == 1:
        return Words(f"{int(parts[0]):,}", leaf.fields) if _LONG_NUMBER.fullmatch(parts[0]) else None
    text = _THOUSANDS.sub(lambda number: number[0].replace(",", ""), leaf.text)
    whole = Words("".join(parts), leaf.fields)
    return None if _MUST_STAY.search(text) or whole == leaf else whole


def _parts(leaf: Words) -> list[str]:
    """Return the words of a leaf, one if it has no signs inside."""
    return _words_in(leaf.text) if _MAY_BE_SEVERAL.search(leaf.text) else [leaf.text]


def _pieces(text: str) -> list[str]:
    """Return the words of a text, its numbers with the signs inside."""
    pieces, done = [], 0
    for number in _NUMBER.finditer(text):
        pieces += [*_words_in(text[done : number.start()]), number[0]]
        done = number.end()
    return pieces + _words_in(text[done:])


def _words_in(text: str) -> list[str]:
    """Return words in small letters if they would be read as operators, and without joiners and the like."""
    return [part if part.isalnum() and part not in OPERATORS else fold(part) for part in raw_words(text)]
