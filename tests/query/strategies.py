"""Hostile query texts, and query trees in normal form, for Hypothesis."""

from __future__ import annotations

import datetime

from hypothesis import strategies as st

from qtsearch.query.tree import (
    And,
    Boost,
    DateRange,
    Fuzzy,
    Match,
    MatchAll,
    Node,
    Not,
    Phrase,
    Preferring,
    Prefix,
    Wildcard,
    Words,
    all_of,
    any_of,
    scores,
)

_SYNTAX = [
    *"()+-*?~^:\"'“”.,;/|&=_#@!%$…—–<>[]{}\\",
    *("AND", "OR", "NOT", "and", "or", "not", "~2", "~9", "^2", "^0.5", "^", "..", "://", ">=", "<"),
    *("title:", "answer:", "keywords:", "subject:", "author:", "id:", "url:", "date:", "foo:", "Title:"),
    *("2024", "2024-01", "2024-13", "12:30", "IL-6", "covid-19", "what", "the", "WHO", "heart", "pain", "a", "b12"),
    *("é", "e\u0301", "ß", "İ", "糖", "尿病", "😀", "\u200d", "\u202e", "\ufe0f", "\u00ad", "\x00", "\ud800", "²", "½"),
    *(" ", " ", " ", "\t", "\n", "\u3000", "\x1f"),
]
hostile_texts = st.lists(st.one_of(st.sampled_from(_SYNTAX), st.text(max_size=3)), max_size=30).map("".join)

_words = st.sampled_from(
    "heart pain IL-6 covid-19 12:30 naïve 糖尿病 b12 don't x.y e.g who the mg/dL https://x.y/?a=b".split()
)
_plain = st.sampled_from("heart pain cough naïve b wom".split())
_fields = st.sampled_from([(), ("title",), ("answer",), ("page_keywords",)])
_days = st.dates(datetime.date(1, 1, 1), datetime.date(9999, 12, 31))

scoring_leaves: st.SearchStrategy[Node] = st.one_of(
    st.builds(Words, _words, _fields),
    st.builds(
        Phrase, st.sampled_from(["heart pain", "what is it?", "(a OR b) -c*", "IL-6"]), st.integers(0, 100), _fields
    ),
    st.builds(Prefix, _plain, _fields),
    st.builds(Wildcard, st.sampled_from(["wom?n", "*itis", "h*t", "*a*b*", "a?*", "1*3"]), _fields),
    st.builds(Fuzzy, _plain, st.integers(1, 2), _fields),
)
filters: st.SearchStrategy[Node] = st.one_of(
    st.builds(
        Match,
        st.sampled_from(["subject", "author", "id", "url"]),
        st.sampled_from(["Heart", "a b", "x(y)", 'a"b', "AND"]),
    ),
    st.builds(lambda days: DateRange(min(days), max(days)), st.tuples(_days, _days)),
    st.builds(DateRange, _days, st.none()),
    st.builds(DateRange, st.none(), _days),
)


def _compound(children: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    some = st.lists(children, min_size=2, max_size=4)
    scoring = children.filter(scores)
    return st.one_of(
        st.builds(any_of, some),
        st.builds(all_of, some),
        st.builds(lambda kept, excluded: all_of((*kept, Not(excluded))), st.lists(children, max_size=2), children),
        st.builds(Preferring, children, scoring),
        st.builds(Boost, scoring, st.floats(0, 1000)),
    )


def _as_root(node: Node) -> Node:
    if scores(node) or (isinstance(node, And) and isinstance(node.children[0], MatchAll)):
        return node
    return And((MatchAll(), *(node.children if isinstance(node, And) else (node,))))


subtrees: st.SearchStrategy[Node] = st.recursive(scoring_leaves | filters, _compound, max_leaves=12)
trees: st.SearchStrategy[Node] = subtrees.map(_as_root)
