"""Query tree -> the tree with mistyped words replaced by what was probably meant.

Only what is searched for as plain words is replaced. What stands in quotes is meant as it stands, and what is excluded
would exclude more than was said.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from qtsearch.analysis.analyzer import words as words_of
from qtsearch.query.tree import And, Boost, Node, Or, Preferring, Words

Typed = tuple[str, ...]
"""One word, or two that stand side by side, folded."""


def replaced(root: Node, meant: Mapping[Typed, str]) -> tuple[Node, frozenset[Typed]]:
    """Return the tree with words replaced, and which of ``meant`` were there; the same tree if none was.

    Args:
        root: a tree without other names.
        meant: what to search for instead: one word, or several with blanks between them.
    """
    replacing = _Replacing(meant)
    return replacing.node(root), frozenset(replacing.found)


class _Replacing:
    def __init__(self, meant: Mapping[Typed, str]) -> None:
        self._meant = meant
        self.found: set[Typed] = set()

    def node(self, node: Node) -> Node:
        match node:
            case Words():
                return _joined(Or, self._children([node]))
            case Or(children) | And(children):
                return _joined(type(node), self._children(children))
            case Preferring(required, optional):
                return Preferring(self.node(required), self.node(optional))
            case Boost(child, by):
                return Boost(self.node(child), by)
        return node

    def _children(self, children: Sequence[Node]) -> Iterator[Node]:
        at = 0
        while at < len(children):
            child = children[at]
            if not isinstance(child, Words):
                yield self.node(child)
                at += 1
                continue
            taken, instead = self._instead(child, children[at + 1] if at + 1 < len(children) else None)
            yield from [Words(word, child.fields) for word in instead] if instead else [child]
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


def _joined(kind: type[And | Or], nodes: Iterable[Node]) -> Node:
    """Return the nodes as one, in normal form."""
    flat = [child for node in nodes for child in (node.children if isinstance(node, kind) else (node,))]
    return flat[0] if len(flat) == 1 else kind(tuple(flat))
