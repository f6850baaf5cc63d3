"""What holds for every query text and every query tree."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from qtsearch.analysis.analyzer import word_pattern
from qtsearch.query import language
from qtsearch.query.language import MAX_DEPTH, parse
from qtsearch.query.notices import MAX_NOTICES
from qtsearch.query.operands import MAX_BOOST, MAX_LEAF_WORDS, MAX_PATTERNS, MAX_SLOP, MAX_WORDS
from qtsearch.query.rendering import to_text
from qtsearch.query.tree import (
    And,
    Boost,
    DateRange,
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
    leaves,
    scores,
)
from tests.query.strategies import hostile_texts, trees


def check_normal_form(node: Node, *, root: bool) -> int:
    """Assert the normal form of ``tree`` and the bounds of ``parse``; return the number of words searched for."""
    match node:
        case Or(children):
            assert len(children) >= 2
            assert not any(isinstance(child, Or | Not | MatchAll | MatchNone) for child in children)
            return sum(check_normal_form(child, root=False) for child in children)
        case And(children):
            return check_and(children, listing=root and not scores(node))
        case Preferring(required, optional):
            assert scores(optional)
            return check_normal_form(required, root=False) + check_normal_form(optional, root=False)
        case Boost(child, factor):
            assert 0 <= factor <= MAX_BOOST
            assert scores(child)
            return check_normal_form(child, root=False)
        case MatchNone():
            assert root
            return 0
    assert not isinstance(node, Not | MatchAll)
    return check_leaf(node)


def check_and(children: tuple[Node, ...], *, listing: bool) -> int:
    assert len(children) >= 2
    first, *others = children
    assert not any(isinstance(child, And | MatchAll | MatchNone) for child in others)
    if isinstance(first, MatchAll):
        assert listing or all(isinstance(child, Not) for child in others)
        children = tuple(others)
    else:
        assert not listing
        assert not isinstance(first, And)
        assert not all(isinstance(child, Not) for child in children)
    inner = (child.child if isinstance(child, Not) else child for child in children)
    return sum(check_normal_form(child, root=False) for child in inner)


def check_leaf(node: Node) -> int:
    match node:
        case Words(text) | Prefix(text) | Fuzzy(text):
            assert any(character.isalnum() for character in text)
            assert not any(character.isspace() or character in "()" for character in text)
        case Wildcard(pattern):
            assert set(pattern) & set("*?")
            assert any(character.isalnum() for character in pattern)
            text = ""
        case Phrase(text, slop):
            assert any(character.isalnum() for character in text)
            assert 0 <= slop <= MAX_SLOP
        case Match(_, value):
            assert value
            text = ""
        case DateRange(since, until):
            assert since or until
            assert since is None or until is None or since <= until
            text = ""
        case _:
            pytest.fail(f"unexpected node {node!r}")
    if isinstance(node, Fuzzy):
        assert node.distance in (1, 2)
    text.encode()  # no lone surrogate ever reaches an engine
    words = len(word_pattern().findall(text)) or 1
    assert words <= MAX_LEAF_WORDS
    return words


def patterns(root: Node) -> int:
    """Count the words with ``*``, ``?`` or ``~``, excluded ones too."""
    return sum(map(repr(root).count, ("Prefix(text=", "Wildcard(pattern=", "Fuzzy(text=")))


def check(text: str) -> Node:
    query = parse(text)
    assert query.text == text
    assert len(query.notices) <= MAX_NOTICES
    assert all(notice.isprintable() for notice in query.notices)
    assert check_normal_form(query.root, root=True) <= MAX_WORDS
    assert patterns(query.root) <= MAX_PATTERNS
    if query.root == MatchNone():
        assert query.notices
    return query.root


@given(st.one_of(st.text(), hostile_texts))
@example("a~2-~2 abcd/efgh:ij x^2%^3 -:foo:bar what_:x *a\u200d b-?a*-é?n")
@settings(max_examples=600)
def test_any_text_is_a_tree_in_normal_form_that_can_be_written_out_and_read_again(text):
    root = check(text)
    assert parse(to_text(root)).root == root


@given(trees)
@settings(max_examples=400)
def test_a_tree_survives_being_written_out_and_read_again(tree):
    assume(patterns(tree) <= MAX_PATTERNS)
    assert parse(to_text(tree)).root == tree


@given(st.sampled_from(["heart", "12", "😀heart", "糖"]), st.text(alphabet="?!.,;:'’…»)]}", max_size=4))
def test_punctuation_after_a_word_changes_nothing(word, punctuation):
    assert parse(word + punctuation).root == parse(word).root


@given(hostile_texts)
@settings(max_examples=200)
def test_text_with_a_word_in_it_finds_something_unless_a_filter_or_an_exclusion_forbids(text):
    root = parse(f"heart {text.replace('NOT', '')}").root
    assert any(leaves(root))


HOSTILE = {
    "2,000 parentheses": "(" * 2000 + "a" + ")" * 2000,
    "open parentheses": "(" * 30_000,
    "nested groups with signs": "-(" * 5000 + "a",
    "10,000 words": " ".join(f"w{number}" for number in range(10_000)),
    "one word of many separators": "abc," * 6000,
    "many unknown fields": "ab:" * 7000,
    "many known fields": "title:" * 4000,
    "many open quotes": 'title:"' * 3000,
    "stars": "*" * 20_000,
    "pattern": "*a*b*c*d*",
    "long pattern": "*a" * 10_000,
    "questions": "a?" * 10_000,
    "suffixes": "a^2~9" * 4000,
    "boost of many digits": "a^" + "9" * 90,
    "group boost of many digits": "(a)^" + "9" * 9000,
    "slop of many digits": '"a b"~' + "9" * 9000,
    "one CJK run": "糖" * 20_000,
    "one word": "a" * 20_000,
    "long phrase": '"' + "a " * 9000 + '"',
    "NOT": "NOT " * 5000 + "a",
    "operators": "AND OR NOT " * 2000,
    "deep tree": "(a OR b AND " * 60 + "c" + ")" * 60,
    "surrogates": "\ud800\udfff " * 5000,
    "control characters": "".join(map(chr, range(0xA0))) * 100,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_text_keeps_within_the_bounds(text):
    check(text)


def test_nesting_within_the_bound_is_understood_and_beyond_it_is_noted():
    within = "(" * MAX_DEPTH + "a" + ")" * MAX_DEPTH
    assert parse(within).notices == ()
    beyond = parse(f"({within})")
    assert beyond.root == Words("a")
    assert beyond.notices == ("more than 50 parentheses inside each other; the inner ones were ignored",)


plain_words = st.from_regex(r"\+?[^\W_]{1,6}", fullmatch=True) | st.sampled_from(
    ["OR", "NOT", "and", "the", "ALL", "x" * 70]
)


@given(
    st.lists(plain_words, min_size=1, max_size=6).map(" ".join) | st.integers(250, 260).map(lambda n: "a1 " * n + "x")
)
def test_mere_words_mean_what_the_parser_makes_of_them(text):
    quick = parse(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(language, "_PLAIN", re.compile("(?!)"))
        assert quick == parse(text)
