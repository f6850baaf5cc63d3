"""Query tree -> query text: the way back from ``language``, for screens, logs and stored queries."""

from __future__ import annotations

from decimal import Decimal

from qtsearch.analysis.stop_words import is_stop_word
from qtsearch.query.scanner import DECIMAL, QUOTES, TEXT_FIELDS
from qtsearch.query.tree import (
    Alternatives,
    And,
    Boost,
    DateRange,
    FieldName,
    Fuzzy,
    Match,
    MatchAll,
    MatchNone,
    Node,
    Not,
    Or,
    Phrase,
    Preferring,
    Prefix,
    Wildcard,
    Words,
)

_PREFIXES = {name: f"{typed}:" for typed, name in TEXT_FIELDS.items()}
_LONG = 80


def to_text(node: Node) -> str:
    """Return a query text that means this tree: ``parse(to_text(tree)).root == tree``.

    This holds for every root that ``parse`` returns, as long as the text keeps within the bounds of ``parse``:
    20,000 characters and 50 parentheses. MatchNone is the empty text. Of Alternatives only what was typed is
    written: nothing in the language stands for the rest.
    """
    match node:
        case Or(children):
            return " OR ".join(map(to_text, children))
        case And(children):
            return " AND ".join(_inside_and(child) for child in children if not isinstance(child, MatchAll))
        case Preferring(required, optional):
            return f"+{_required(required)} {_optional(optional)}"
        case Not(child):
            return f"NOT {_alone(child)}"
        case Boost(child, factor):
            return _boosted(child, f"^{Decimal(repr(factor)):f}")
        case Alternatives(exact):
            return to_text(exact)
        case MatchAll() | MatchNone():
            return ""
    return _leaf(node)


def _leaf(node: Words | Phrase | Prefix | Wildcard | Fuzzy | Match | DateRange) -> str:
    match node:
        case Words(text, fields) | Wildcard(text, fields):
            return _prefix(fields) + text
        case Phrase(text, slop, fields):
            return f'{_prefix(fields)}"{text}"' + (f"~{slop}" if slop else "")
        case Prefix(text, fields):
            return f"{_prefix(fields)}{text}*"
        case Fuzzy(text, distance, fields):
            return f"{_prefix(fields)}{text}~" + (f"{distance}" if distance > 1 else "")
        case Match(column, value):
            # No value holds both a quote and a blank: the one was typed bare, the other between quotes.
            return f"{column}:{value}" if any(quote in value for quote in QUOTES) else f'{column}:"{value}"'
        case DateRange(since, until):
            return f"date:{since or ''}..{until or ''}"


def _prefix(fields: tuple[FieldName, ...]) -> str:
    return _PREFIXES[fields[0]] if fields else ""


def _alone(node: Node) -> str:
    """Return the text of a node as one operand."""
    node = node.exact if isinstance(node, Alternatives) else node
    return f"({to_text(node)})" if isinstance(node, And | Or | Not | Preferring) else to_text(node)


def _required(node: Node) -> str:
    text = _alone(node)
    return f"({text})" if DECIMAL.match(text) else text


def _inside_and(node: Node) -> str:
    node = node.exact if isinstance(node, Alternatives) else node
    return f"({to_text(node)})" if isinstance(node, Or) else to_text(node)


def _optional(node: Node) -> str:
    node = node.exact if isinstance(node, Alternatives) else node
    # Beside other words a bare stop word would be left out.
    bare_stop_word = isinstance(node, Words) and not node.fields and is_stop_word(node.text.casefold())
    return f"({to_text(node)})" if bare_stop_word else _alone(node)


def _boosted(node: Node, suffix: str) -> str:
    node = node.exact if isinstance(node, Alternatives) else node
    text = to_text(node)
    # In an address and in a very long word nothing is syntax, so their boost must stand outside.
    is_plain = isinstance(node, Words) and "://" in text
    is_leaf = isinstance(node, Phrase | Words | Prefix | Wildcard | Fuzzy)
    is_operand = is_leaf and not is_plain and len(text + suffix) < _LONG
    return text + suffix if is_operand else f"({text}){suffix}"
