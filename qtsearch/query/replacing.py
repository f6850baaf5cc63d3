"""Query tree -> the tree with mistyped words replaced by what was probably meant.

Only what is searched for as plain words is replaced. What stands in quotes is meant as it stands, and what is excluded
would exclude more than was said.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from qtsearch.analysis.analyzer import words as words_of
from qtsearch.query.tree import Node, Words, rewritten

Typed = tuple[str, ...]
"""One word, or two that stand side by side, folded."""


def replaced(root: Node, meant: Mapping[Typed, str]) -> tuple[Node, frozenset[Typed]]:
    """Return the tree with words replaced, and which of ``meant`` were there; the same tree if none was.

    Args:
        root: a tree without other names.
        meant: what to search for instead: one word, or several with blanks between them.
    """
    replacing = _Replacing(meant)
    return rewritten(root, replacing.row), frozenset(replacing.found)


class _Replacing:
    def __init__(self, meant: Mapping[Typed, str]) -> None:
        self._meant = meant
        self.found: set[Typed] = set()

    def row(self, nodes: Sequence[Node], _: object) -> Iterator[Node]:
        at = 0
        while at < len(nodes):
            node = nodes[at]
            if not isinstance(node, Words):
                yield rewritten(node, self.row)
                at += 1
                continue
            taken, instead = self._instead(node, nodes[at + 1] if at + 1 < len(nodes) else None)
            yield from [Words(word, node.fields) for word in instead] if instead else [node]
            at += taken

    def _instead(self, first: Words, second: Node | None) -> tuple[int, Sequence[str]]:
        """Return how many of two leaves are replaced, at least one, and by which words; none to leave it."""
        typed = tuple(words_of(first.text))
        if isinstance(second, Words) and second.fields == first.fields:
            both = (*typed, *words_of(second.text))
            if both in self._meant:
                self.found.add(both)
                return 2, self._meant[both].split()
        if typed in self._meant:
            self.found.add(typed)
            return 1, self._meant[typed].split()
        return 1, ()
