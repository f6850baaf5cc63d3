"""Words with signs inside that no article has side by side -> their parts, in one piece or apart.

``C.O.P.D.`` and ``diabetes-diet`` are read as words side by side, as ``IL-6`` is. Where no article has them so, the
signs were no part of the name: what is left without them is looked for (``COPD``), else each word for itself. Letters
and small numbers say nothing by themselves: beside other words ``p53`` stays what it is, though no article has it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from qtsearch.analysis.analyzer import fold, raw_words
from qtsearch.analysis.stop_words import is_stop_word
from qtsearch.patterns import pattern
from qtsearch.query.notices import Notices, quoted
from qtsearch.query.scanner import OPERATORS
from qtsearch.query.tree import Node, Words, any_of, rewritten

_MAY_BE_SEVERAL = pattern(r"[^\W_][^\w\s]+[^\W_]|[^\W_]_+[^\W_]|[^\W\d_]\d|\d[^\W\d_]")
"""A sign between letters or digits, or a letter beside a digit."""

_SAYS_LITTLE = pattern(r"[a-z]|[0-9]{1,2}", re.IGNORECASE)
"""What is looked for by itself only if nothing else is."""


def loosened(text: str, root: Node, is_known: Callable[[Words], bool]) -> tuple[Node, tuple[str, ...]]:
    """Return the tree with such words taken apart, and a notice for each; the same tree where there are none.

    Args:
        text: the query text.
        root: its tree, without other names.
        is_known: says whether a leaf is a name, as it is where an article holds it.
    """
    if not _MAY_BE_SEVERAL.search(text):
        return root, ()
    notices = Notices()
    return rewritten(root, _Loosening(is_known, notices).row), notices.lines()


class _Loosening:
    def __init__(self, is_known: Callable[[Words], bool], notices: Notices) -> None:
        self._is_known = is_known
        self._notices = notices

    def row(self, nodes: Sequence[Node], _: object) -> Iterator[Node]:
        stands_alone = len(nodes) == 1
        for node in nodes:
            yield self._words(node, stands_alone) if isinstance(node, Words) else rewritten(node, self.row)

    def _words(self, leaf: Words, stands_alone: bool) -> Node:
        if not _MAY_BE_SEVERAL.search(leaf.text):
            return leaf
        # In small letters what would be read as an operator if it were typed, and without joiners and the like.
        parts = [part if part.isalnum() and part not in OPERATORS else fold(part) for part in raw_words(leaf.text)]
        if len(parts) < 2 or self._is_known(leaf):
            return leaf
        whole = Words("".join(parts), leaf.fields)
        if whole != leaf and self._is_known(whole):
            self._notices.add(f"no article has {quoted(leaf.text)}; searched for {quoted(whole.text)}")
            return whole
        telling = [part for part in parts if not (is_stop_word(part.casefold()) or _SAYS_LITTLE.fullmatch(part))]
        if not telling and not stands_alone:
            self._notices.add(f"no article has {quoted(leaf.text)}")
            return leaf
        self._notices.add(f"no article has {quoted(leaf.text)}; searched for its words apart")
        return any_of(Words(part, leaf.fields) for part in telling or parts)
