"""The query tree: what a query text means, before any engine looks at it.

Leaves hold words as typed; the engine's analyzer turns them into terms. ``fields`` names where a leaf looks;
the empty tuple means the three searched fields. Every node is frozen and hashable.

    Node = Words | Phrase | Prefix | Wildcard | Fuzzy            leaves that score
         | Match | DateRange | MatchAll | MatchNone              leaves that only select
         | And | Or | Not | Preferring | Boost                   nodes with children
         | Alternatives                                          what was typed, and other names of it

The parser builds trees in *normal form*, and ``all_of`` and ``any_of`` keep it:

- an And has two or more children, none of them an And; an Or likewise;
- a Not is always a child of an And that has another child which is no Not;
- MatchAll is only ever the first child of an And: of one with nothing but Not beside it, or of the root when
  nothing in the tree scores, so that every article which passes the filters is listed;
- a Boost has something below it that scores; MatchNone is only ever the root;
- there are no Alternatives: only ``expand`` makes them, from a tree that was parsed.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Literal, TypeVar

from qtsearch.values import dataclass

FieldName = Literal["title", "answer", "page_keywords"]
SEARCHED_FIELDS: tuple[FieldName, ...] = ("title", "page_keywords", "answer")


@dataclass(frozen=True, slots=True)
class Words:
    """One typed word. Where the analyzer makes several terms of it (``IL-6``), they must stand side by side."""

    text: str
    fields: tuple[FieldName, ...] = ()


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words in this order; ``slop`` is how many other words may stand between them in all."""

    text: str
    slop: int = 0
    fields: tuple[FieldName, ...] = ()


@dataclass(frozen=True, slots=True)
class Prefix:
    """Any word, unstemmed, that starts with ``text``."""

    text: str
    fields: tuple[FieldName, ...] = ()


@dataclass(frozen=True, slots=True)
class Wildcard:
    """Any word, unstemmed, that fits ``pattern``: ``*`` for any run of characters, ``?`` for one."""

    pattern: str
    fields: tuple[FieldName, ...] = ()


@dataclass(frozen=True, slots=True)
class Fuzzy:
    """Any word, unstemmed, at most ``distance`` edits away from ``text`` (1 or 2)."""

    text: str
    distance: int = 1
    fields: tuple[FieldName, ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """A column that equals ``value`` without regard to case. Does not score.

    The parser makes these of ``subject``, ``author``, ``id`` and ``url``; filters of a request name further columns.
    """

    column: str
    value: str


@dataclass(frozen=True, slots=True)
class DateRange:
    """Articles dated ``since`` to ``until``, both included; None leaves that side open. Does not score."""

    since: datetime.date | None
    until: datetime.date | None


@dataclass(frozen=True, slots=True)
class And:
    """All of these."""

    children: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Any of these; the more, the better the score."""

    children: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """None of this. Does not score."""

    child: Node


@dataclass(frozen=True, slots=True)
class Preferring:
    """``required`` decides which articles match; ``optional`` only adds to their score."""

    required: Node
    optional: Node


@dataclass(frozen=True, slots=True)
class Boost:
    """The child with its score multiplied by ``factor`` (0 or more)."""

    child: Node
    factor: float


@dataclass(frozen=True, slots=True)
class Alternatives:
    """What was typed, or another name of it: an abbreviation, its long form, a synonym.

    An article matches if ``exact`` or any of ``others`` matches; its score is the larger one of the score of
    ``exact`` and ``factor`` times the largest score of ``others``, where what does not match scores 0. So another
    name never adds to the words themselves, and counts for less than they do.

    Attributes:
        exact: what was typed.
        others: one leaf for each other name, in the order of preference; at least one.
        factor: more than 0, less than 1.
    """

    exact: Node
    others: tuple[Words | Phrase, ...]
    factor: float


@dataclass(frozen=True, slots=True)
class MatchAll:
    """Every article, with score 0."""


@dataclass(frozen=True, slots=True)
class MatchNone:
    """No article."""


Node = (
    Words
    | Phrase
    | Prefix
    | Wildcard
    | Fuzzy
    | Match
    | DateRange
    | And
    | Or
    | Not
    | Preferring
    | Boost
    | Alternatives
    | MatchAll
    | MatchNone
)


Leaf = Words | Phrase | Prefix | Wildcard | Fuzzy
"""A leaf that scores."""


def leaves(node: Node) -> Iterator[Leaf]:
    """Yield the leaves that score, from left to right: not filters, and nothing that stands below a Not.

    The other names of Alternatives are among them, behind what was typed.
    """
    if isinstance(node, Leaf):
        yield node
    elif not isinstance(node, Not):
        for part in _parts(node):
            yield from leaves(part)


def excluded(node: Node) -> Iterator[Leaf]:
    """Yield the leaves that stand below a Not, from left to right."""
    return (leaf for one in _outermost(node, Not) for leaf in leaves(one.child))


def named(node: Node) -> Iterator[Leaf]:
    """Yield the leaves that were typed of whatever has other names, from left to right."""
    return (leaf for one in _outermost(node, Alternatives) for leaf in leaves(one.exact))


def value_filters(node: Node) -> Iterator[Match]:
    """Yield what must equal, or must not equal, a value."""
    return _outermost(node, Match)


_Kind = TypeVar("_Kind", bound="Node")


def _outermost(node: Node, kind: type[_Kind]) -> Iterator[_Kind]:
    """Yield the nodes of a kind that stand in no other of it, from left to right."""
    if isinstance(node, kind):
        yield node
        return
    for part in _parts(node):
        yield from _outermost(part, kind)


def _parts(node: Node) -> tuple[Node, ...]:
    """Return the nodes that a node is made of, from left to right."""
    match node:
        case And(children) | Or(children):
            return children
        case Preferring(required, optional):
            return required, optional
        case Not(child) | Boost(child):
            return (child,)
        case Alternatives(exact, others):
            return exact, *others
    return ()


def scores(node: Node) -> bool:
    """Say whether anything in this tree scores; a tree in which nothing does is a filter."""
    return isinstance(node, Leaf) or next(leaves(node), None) is not None


def all_of(nodes: Iterable[Node]) -> Node:
    """Return the node that matches what all of ``nodes`` match, in normal form; MatchAll for none."""
    kept: list[Node] = [child for child in _flat(And, nodes) if not isinstance(child, MatchAll)]
    if all(isinstance(child, Not) for child in kept):
        kept.insert(0, MatchAll())
    return kept[0] if len(kept) == 1 else And(tuple(kept))


def any_of(nodes: Iterable[Node]) -> Node:
    """Return the node that matches what any of ``nodes`` matches, in normal form; MatchNone for none."""
    several = list(nodes)
    return joined(Or, several) if several else MatchNone()


def joined(kind: type[And | Or], nodes: Iterable[Node]) -> Node:
    """Return one or more nodes that may stand beside each other in a node of a kind as one, in normal form."""
    flat = _flat(kind, nodes)
    return flat[0] if len(flat) == 1 else kind(tuple(flat))


def _flat(kind: type[And | Or], nodes: Iterable[Node]) -> list[Node]:
    return [child for node in nodes for child in (node.children if isinstance(node, kind) else (node,))]


Row = Callable[[Sequence[Node], type[And | Or]], Iterable[Node]]
"""Returns what stands for some nodes side by side; one or more."""


def rewritten(node: Node, row: Row) -> Node:
    """Return a tree in which each row of nodes, and each word that stands alone, is what ``row`` returns for it.

    ``row`` is given the children of an Or or And, of which it must rewrite those that are not words. What stands below
    a Not, in quotes, and under other names stays as it is.
    """
    match node:
        case Words():
            return joined(Or, row((node,), Or))
        case Or(children) | And(children):
            return joined(type(node), row(children, type(node)))
        case Preferring(required, optional):
            return Preferring(rewritten(required, row), rewritten(optional, row))
        case Boost(child, by):
            return Boost(rewritten(child, row), by)
    return node


@dataclass(frozen=True, slots=True)
class ParsedQuery:
    """A query text and what was made of it.

    Attributes:
        text: as typed.
        root: the tree.
        notices: one line each for whatever was not understood and therefore read as plain words.
    """

    text: str
    root: Node
    notices: tuple[str, ...] = ()
