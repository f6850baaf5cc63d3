"""Query text -> query tree: the grammar of ``docs/query-language.md``. Whatever is typed means something.

The parser descends recursively, one method a line of the grammar::

    any      = all { "OR" all }
    all      = sequence { "AND" sequence }
    sequence = { { "+" | "-" | "NOT" } operand }
    operand  = word | phrase | filter | [ field ] "(" any ")" [ boost ]

Parentheses that do not pair, or lie too deep, are taken out beforehand, so the recursion is bounded.
"""

from __future__ import annotations

import re
from itertools import zip_longest
from typing import Final, NamedTuple, cast

from qtsearch.analysis.stop_words import is_stop_word
from qtsearch.patterns import pattern
from qtsearch.query.notices import Notices
from qtsearch.query.operands import Fields, Operands
from qtsearch.query.scanner import OPERATORS, SYNTAX, Kind, QueryToken, scan
from qtsearch.query.tree import (
    And,
    FieldName,
    MatchAll,
    MatchNone,
    Node,
    Not,
    ParsedQuery,
    Preferring,
    Words,
    all_of,
    any_of,
    scores,
)

MAX_TEXT: Final = 20_000
"""Characters of a query text that are read."""

MAX_DEPTH: Final = 50
"""Parentheses inside parentheses; those below are read as if they were not there."""

_CAPITALS = pattern(r"[^\W\d_]+")
LONGEST_ABBREVIATION: Final = 5
"""Letters of a word in capitals that may be an abbreviation."""

_ABBREVIATIONS_TOO = frozenset(("ALL", "WHO", "IT", "US", "AM", "AS", "HIS", "IS", "NO", "MS"))
_JOINING = (Words("and"), Words("or"))

_PLAIN = re.compile(r"\+?[^\W_]+(?: \+?[^\W_]+)*")
"""Letters, digits and single blanks, and plus signs before words: most of what people type."""


def unshouted(text: str) -> tuple[str, tuple[str, ...]]:
    """Return a sentence in capitals in small letters, so that no AND, OR or NOT in it is an operator, and a notice.

    A sentence holds a long word and a little one that is no abbreviation too, and no other sign of the query language.
    Any other text, such as ``HPV AND HIV`` or ``HEART ATTACK NOT CHILDREN``, is returned as it is.
    """
    if not text.isupper() or not (words := set(_CAPITALS.findall(text))).intersection(OPERATORS):
        return text, ()
    others = words - OPERATORS.keys() - _ABBREVIATIONS_TOO
    is_sentence = any(is_stop_word(word.lower()) for word in others) and max(map(len, others)) > LONGEST_ABBREVIATION
    if not is_sentence or SYNTAX.search(text):
        return text, ()
    return text.lower(), ("everything is in capitals; read AND, OR and NOT as words",)


def parse(text: str) -> ParsedQuery:
    """Return what a query text means. Never raises, whatever the text.

    The tree is in the normal form of ``tree``: at most 256 words, at most 50 parentheses deep. Whatever was not
    understood is read as plain words or left out, and a notice says so.
    """
    notices = Notices()
    if len(text) > MAX_TEXT:
        notices.add(f"the query is longer than {MAX_TEXT:,} characters; the rest was left out")
    operands = Operands(notices)
    if len(text) <= MAX_TEXT and _PLAIN.fullmatch(text) and (root := _plain_words(text, operands)) is not None:
        return ParsedQuery(text, root, notices.lines())
    tokens = _paired(scan(text[:MAX_TEXT], notices), notices)
    root = _operators_as_words(tokens, operands, notices)
    if root is None:
        root = _Parser(tokens, operands, notices, text.isupper()).parse()
    if root is None:
        notices.add("there is no word to search for" if text.strip() else "the query is empty; type a word")
        root = MatchNone()
    return ParsedQuery(text, _rooted(root), notices.lines())


def _plain_words(text: str, operands: Operands) -> Node | None:
    """Return what the parser makes of mere words, in a third of the time; None where one of them is an operator."""
    words = text.split(" ")
    if not OPERATORS.keys().isdisjoint(word.lstrip("+") for word in words):
        return None
    shouted = text.isupper()
    found = []
    for word in words:
        must = word.startswith("+")
        node = operands.plain(word.removeprefix("+"))
        if node is not None:
            found.append(_Operand(node, must, not must and _is_stop_word(node, shouted)))
    return _combined(found)


def _operators_as_words(tokens: list[QueryToken], operands: Operands, notices: Notices) -> Node | None:
    """Read ``OR`` as a word when there is nothing else: it may be the operating room."""
    if any(token.kind in (Kind.WORD, Kind.PHRASE, Kind.FILTER) for token in tokens):
        return None
    words = operands.loose_words(" ".join(token.text for token in tokens))
    if words is not None:
        notices.add("there is nothing but AND, OR and NOT; searched for them as words")
    return words


def _rooted(root: Node) -> Node:
    """Return the root such that a tree of mere filters lists all articles which pass them."""
    if scores(root) or isinstance(root, MatchNone):
        return root
    children = root.children if isinstance(root, And) else (root,)
    return root if isinstance(children[0], MatchAll) else And((MatchAll(), *children))


def _paired(tokens: list[QueryToken], notices: Notices) -> list[QueryToken]:
    """Return the tokens without parentheses that have no partner or lie more than ``MAX_DEPTH`` deep."""
    dropped: set[int] = set()
    opened: list[int] = []
    odd = too_deep = False
    for place, token in enumerate(tokens):
        if token.kind is Kind.OPEN:
            opened.append(place)
        elif token.kind is Kind.CLOSE:
            if not opened:
                odd = True
                dropped.add(place)
            elif len(opened) > MAX_DEPTH:
                too_deep = True
                dropped.update((opened.pop(), place))
            else:
                opened.pop()
    if too_deep:
        notices.add(f"more than {MAX_DEPTH} parentheses inside each other; the inner ones were ignored")
    if odd or opened:
        notices.add("the parentheses do not pair; the odd ones were ignored")
    dropped.update(opened)
    return [token for place, token in enumerate(tokens) if place not in dropped]


class _Operand(NamedTuple):
    """One operand of a sequence: what it means, whether ``+`` stood before it, whether it may be left out."""

    node: Node
    must: bool
    stop_word: bool


class _Parser:
    def __init__(self, tokens: list[QueryToken], operands: Operands, notices: Notices, shouted: bool) -> None:
        self._shouted = shouted
        self._tokens = tokens
        self._operands = operands
        self._notices = notices
        self._at = 0

    def parse(self) -> Node | None:
        return self._any(())

    def _kind(self) -> Kind | None:
        return self._tokens[self._at].kind if self._at < len(self._tokens) else None

    def _take(self, *kinds: Kind) -> QueryToken | None:
        """Return the next token and step over it, if it is of one of these kinds."""
        if self._kind() not in kinds:
            return None
        self._at += 1
        return self._tokens[self._at - 1]

    def _any(self, fields: Fields) -> Node | None:
        parts = [self._all(fields)]
        while self._take(Kind.OR):
            parts.append(self._all(fields))
        found = self._joined("OR", parts)
        return any_of(found) if found else None

    def _all(self, fields: Fields) -> Node | None:
        parts = [self._sequence(fields)]
        while self._take(Kind.AND):
            parts.append(self._sequence(fields))
        found = self._joined("AND", parts)
        return all_of(found) if found else None

    def _joined(self, operator: str, parts: list[Node | None]) -> list[Node]:
        found = [node for node in parts if node is not None]
        if len(parts) > 1 and len(found) < len(parts):
            self._notices.add(f"{operator} has nothing to join on one side; ignored")
        return found

    def _sequence(self, fields: Fields) -> Node | None:
        operands: list[_Operand] = []
        while self._kind() not in (None, Kind.OR, Kind.AND, Kind.CLOSE):
            operand = self._signed(fields)
            if operand is not None:
                operands.append(operand)
        return _combined(operands) if operands else None

    def _signed(self, fields: Fields) -> _Operand | None:
        must = negated = signed = False
        while sign := self._take(Kind.MUST, Kind.NOT):
            signed = True
            must = must or sign.kind is Kind.MUST
            negated = negated != (sign.kind is Kind.NOT)
        token = self._take(Kind.WORD, Kind.PHRASE, Kind.FILTER, Kind.OPEN)
        if token is None:
            self._notices.add("NOT has nothing to exclude; ignored")
            return None
        node = self._group(token, fields) if token.kind is Kind.OPEN else self._operands.node(token, fields)
        if node is None:
            return None
        stop_word = not signed and token.kind is Kind.WORD and not token.field and _is_stop_word(node, self._shouted)
        return _Operand(Not(node) if negated else node, must, stop_word)

    def _group(self, opening: QueryToken, fields: Fields) -> Node | None:
        node = self._any((cast(FieldName, opening.field),) if opening.field else fields)
        closing = self._take(Kind.CLOSE)
        assert closing is not None, "unpaired parentheses were taken out"
        return node and self._operands.boosted(node, closing.boost)


def _is_stop_word(node: Node, shouted: bool) -> bool:
    # Capitals among small letters are an abbreviation: ALL is a leukaemia, WHO an organization.
    is_abbreviation = isinstance(node, Words) and node.text.isupper() and not shouted
    return isinstance(node, Words) and not is_abbreviation and is_stop_word(node.text.casefold())


def _without_pronoun(operands: list[_Operand]) -> list[_Operand]:
    """Return the operands, ``I`` being a stop word at the beginning and behind one, unless it seems to be a number.

    It seems so in ``type I``, ``II and I`` and ``I 131``.
    """
    found: list[_Operand] = []
    for each, after in zip_longest(operands, operands[1:]):
        if isinstance(each.node, Words) and each.node.text in ("i", "I") and not each.must and not each.node.fields:
            before = found[-1] if found else None
            leads = before is None or (before.stop_word and before.node not in _JOINING)
            is_number = after is not None and isinstance(after.node, Words) and after.node.text[:1].isdecimal()
            each = each._replace(stop_word=leads and not is_number)
        found.append(each)
    return found


def _combined(operands: list[_Operand]) -> Node:
    """Return what a sequence means: required, preferred, filtered and excluded in one node."""
    operands = _without_pronoun(operands)
    excluded = [each.node for each in operands if isinstance(each.node, Not)]
    included = [each for each in operands if not isinstance(each.node, Not)]
    content = [each for each in included if not each.stop_word] or included
    required = [each.node for each in content if each.must]
    filters: list[Node] = []
    optional: list[Node] = []
    for each in content:
        if not each.must:
            (optional if scores(each.node) else filters).append(each.node)
    if required and optional:
        return all_of((Preferring(all_of(required), any_of(optional)), *filters, *excluded))
    wanted = [any_of(optional)] if optional else required
    return all_of((*wanted, *filters, *excluded))
